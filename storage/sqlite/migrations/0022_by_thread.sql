-- Whether a wait ended with its thread, which was marked as solved or deleted; by whom nobody knows.
ALTER TABLE waits ADD COLUMN by_thread INTEGER NOT NULL DEFAULT 0 CHECK (by_thread IN (0, 1));
