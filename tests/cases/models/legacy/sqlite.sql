CREATE TABLE legacy (
	id INTEGER NOT NULL,
	name VARCHAR(20) NOT NULL,
	created_at DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL,
	updated_at DATETIME DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) NOT NULL,
	PRIMARY KEY (id)
);
