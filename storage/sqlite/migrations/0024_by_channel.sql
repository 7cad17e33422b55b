-- Whether a wait ended with its channel, which is gone or can't be seen any more. It comes back with it.
ALTER TABLE waits ADD COLUMN by_channel INTEGER NOT NULL DEFAULT 0 CHECK (by_channel IN (0, 1));
CREATE INDEX waits_lost ON waits (ended_at) WHERE by_channel = 1;
