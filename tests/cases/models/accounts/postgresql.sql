CREATE TABLE accounts (
	id UUID NOT NULL,
	email VARCHAR(255) NOT NULL,
	balance NUMERIC(12, 2) NOT NULL,
	settings JSONB,
	biography VARCHAR,
	portrait BYTEA,
	ratio DOUBLE PRECISION NOT NULL,
	active BOOLEAN NOT NULL,
	born DATE,
	wakes TIME WITHOUT TIME ZONE,
	seen_at TIMESTAMP WITH TIME ZONE,
	owner_id UUID,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_accounts_balance_positive CHECK (balance >= 0),
	CONSTRAINT ck_accounts_98598655 CHECK (ratio > 0),
	CONSTRAINT uq_accounts_owner_id_born UNIQUE (owner_id, born),
	CONSTRAINT uq_accounts_email UNIQUE (email),
	CONSTRAINT fk_accounts_owner_id FOREIGN KEY(owner_id) REFERENCES accounts (id) ON DELETE SET NULL
);
CREATE INDEX ix_accounts_active_created_at ON accounts (active, created_at);
CREATE INDEX ix_accounts_owner_id ON accounts (owner_id);
CREATE INDEX ix_accounts_seen_at ON accounts (seen_at);
