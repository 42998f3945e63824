CREATE TABLE a_table_whose_name_is_as_long_as_the_names_of_tables_may_be (
	id BIGINT NOT NULL AUTO_INCREMENT,
	first_column INTEGER NOT NULL,
	second_column INTEGER NOT NULL,
	account_id CHAR(32) NOT NULL,
	created_at DATETIME(6) NOT NULL DEFAULT (utc_timestamp(6)),
	updated_at DATETIME(6) NOT NULL DEFAULT (utc_timestamp(6)),
	PRIMARY KEY (id),
	CONSTRAINT ck_a_table_whose_name_is_as_long_as_the_names_of_table_3c240ac5 CHECK (first_column > 0),
	CONSTRAINT uq_a_table_whose_name_is_as_long_as_the_names_of_table_90a00534 UNIQUE (first_column),
	CONSTRAINT fk_a_table_whose_name_is_as_long_as_the_names_of_table_be58abd8 FOREIGN KEY(account_id) REFERENCES accounts (id)
)ENGINE=InnoDB CHARSET=utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
CREATE INDEX ix_a_table_whose_name_is_as_long_as_the_names_of_table_33636c70 ON a_table_whose_name_is_as_long_as_the_names_of_tables_may_be (second_column);
