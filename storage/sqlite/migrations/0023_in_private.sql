-- Whether who marked a wait answered says that it is dealt with in private.
ALTER TABLE waits ADD COLUMN in_private INTEGER NOT NULL DEFAULT 0 CHECK (in_private IN (0, 1));
