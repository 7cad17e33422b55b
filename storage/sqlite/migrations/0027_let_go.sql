-- Who let a wait go by their word, and what it was before; whether it was said why one is put off.
ALTER TABLE waits ADD COLUMN hold_noted INTEGER NOT NULL DEFAULT 0 CHECK (hold_noted IN (0, 1));
ALTER TABLE waits ADD COLUMN let_go TEXT;
