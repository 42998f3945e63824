CREATE TABLE events (
	id INTEGER NOT NULL,
	account_id CHAR(32) NOT NULL,
	created_at DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL,
	updated_at DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT fk_events_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);
