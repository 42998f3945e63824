CREATE TABLE events (
	id BIGSERIAL NOT NULL,
	account_id UUID NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT fk_events_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);
