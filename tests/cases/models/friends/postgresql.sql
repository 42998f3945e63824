CREATE TABLE friends (
	left_id UUID NOT NULL,
	right_id UUID NOT NULL,
	PRIMARY KEY (left_id, right_id),
	CONSTRAINT ck_friends_not_self CHECK (left_id <> right_id),
	CONSTRAINT fk_friends_left_id FOREIGN KEY(left_id) REFERENCES accounts (id),
	CONSTRAINT fk_friends_right_id FOREIGN KEY(right_id) REFERENCES accounts (id)
);
