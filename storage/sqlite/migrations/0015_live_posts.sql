-- A wait is told of in full by one post where it is read; what is said of it later is a line below that post, or in another one.
ALTER TABLE posts ADD COLUMN under INTEGER REFERENCES posts (no) ON DELETE CASCADE;

CREATE INDEX posts_under ON posts (under) WHERE under IS NOT NULL;

ALTER TABLE outgoing ADD COLUMN left_under INTEGER;

ALTER TABLE outgoing ADD COLUMN stands INTEGER REFERENCES posts (no) ON DELETE SET NULL;

CREATE INDEX outgoing_by_stand ON outgoing (stands) WHERE stands IS NOT NULL;

ALTER TABLE outgoing ADD COLUMN told INTEGER;

-- The hold that a customer ended by asking again: its kind, whose it was, and when.
ALTER TABLE waits ADD COLUMN insisted TEXT;
