CREATE TABLE a_table_whose_name_is_as_long_as_the_names_of_tables_may_be (
	id BIGSERIAL NOT NULL,
	first_column INTEGER NOT NULL,
	second_column INTEGER NOT NULL,
	account_id UUID NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_a_table_whose_name_is_as_long_as_the_names_of_table_3c240ac5 CHECK (first_column > 0),
	CONSTRAINT uq_a_table_whose_name_is_as_long_as_the_names_of_table_90a00534 UNIQUE (first_column),
	CONSTRAINT fk_a_table_whose_name_is_as_long_as_the_names_of_table_be58abd8 FOREIGN KEY(account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_a_table_whose_name_is_as_long_as_the_names_of_table_33636c70 ON a_table_whose_name_is_as_long_as_the_names_of_tables_may_be (second_column);
