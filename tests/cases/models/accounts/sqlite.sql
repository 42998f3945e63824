CREATE TABLE accounts (
	id CHAR(32) NOT NULL,
	email VARCHAR(255) NOT NULL,
	balance INTEGER NOT NULL,
	settings JSON,
	biography VARCHAR,
	portrait BLOB,
	ratio DOUBLE NOT NULL,
	active BOOLEAN NOT NULL,
	born DATE,
	wakes TIME,
	seen_at DATETIME,
	owner_id CHAR(32),
	created_at DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL,
	updated_at DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_accounts_balance_positive CHECK (balance >= 0),
	CONSTRAINT ck_accounts_98598655 CHECK (ratio > 0),
	CONSTRAINT uq_accounts_owner_id_born UNIQUE (owner_id, born),
	CONSTRAINT uq_accounts_email UNIQUE (email),
	CONSTRAINT ck_accounts_balance_exact CHECK (balance IS NULL OR typeof(balance) = 'integer' AND balance BETWEEN -999999999999 AND 999999999999),
	CONSTRAINT fk_accounts_owner_id FOREIGN KEY(owner_id) REFERENCES accounts (id) ON DELETE SET NULL
);
CREATE INDEX ix_accounts_active_created_at ON accounts (active, created_at);
CREATE INDEX ix_accounts_owner_id ON accounts (owner_id);
CREATE INDEX ix_accounts_seen_at ON accounts (seen_at);
