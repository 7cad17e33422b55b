-- The waits whose first reminder was to leave while a trial ran, when that was, and whether the lot fell on it.
CREATE TABLE trial_entries (
    wait INTEGER PRIMARY KEY REFERENCES waits (no) ON DELETE CASCADE,
    at REAL NOT NULL,
    delayed INTEGER NOT NULL CHECK (delayed IN (0, 1))
) STRICT;

CREATE INDEX trial_entries_by_time ON trial_entries (at);
