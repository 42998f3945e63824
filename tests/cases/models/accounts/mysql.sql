CREATE TABLE accounts (
	id CHAR(32) NOT NULL,
	email VARCHAR(255) NOT NULL,
	balance NUMERIC(12, 2) NOT NULL,
	settings JSON,
	biography MEDIUMTEXT,
	portrait MEDIUMBLOB,
	ratio DOUBLE NOT NULL,
	active BOOL NOT NULL,
	born DATE,
	wakes TIME(6),
	seen_at DATETIME(6),
	owner_id CHAR(32),
	created_at DATETIME(6) NOT NULL DEFAULT (utc_timestamp(6)),
	updated_at DATETIME(6) NOT NULL DEFAULT (utc_timestamp(6)),
	PRIMARY KEY (id),
	CONSTRAINT ck_accounts_balance_positive CHECK (balance >= 0),
	CONSTRAINT ck_accounts_98598655 CHECK (ratio > 0),
	CONSTRAINT uq_accounts_owner_id_born UNIQUE (owner_id, born),
	CONSTRAINT uq_accounts_email UNIQUE (email),
	CONSTRAINT fk_accounts_owner_id FOREIGN KEY(owner_id) REFERENCES accounts (id) ON DELETE SET NULL
)ENGINE=InnoDB CHARSET=utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
CREATE INDEX ix_accounts_active_created_at ON accounts (active, created_at);
CREATE INDEX ix_accounts_owner_id ON accounts (owner_id);
CREATE INDEX ix_accounts_seen_at ON accounts (seen_at);
