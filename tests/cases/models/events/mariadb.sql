CREATE TABLE events (
	id BIGINT NOT NULL AUTO_INCREMENT,
	account_id UUID NOT NULL,
	created_at DATETIME(6) NOT NULL DEFAULT (utc_timestamp(6)),
	updated_at DATETIME(6) NOT NULL DEFAULT (utc_timestamp(6)),
	PRIMARY KEY (id),
	CONSTRAINT fk_events_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)ENGINE=InnoDB CHARSET=utf8mb4 COLLATE utf8mb4_nopad_bin;
