CREATE TABLE legacy (
	id BIGINT NOT NULL AUTO_INCREMENT,
	name VARCHAR(20) NOT NULL,
	created_at DATETIME(6) NOT NULL DEFAULT (utc_timestamp(6)),
	updated_at DATETIME(6) NOT NULL DEFAULT (utc_timestamp(6)),
	PRIMARY KEY (id)
)COLLATE utf8mb4_bin ENGINE=InnoDB;
