-- What members said was judged wrongly: one row a message, the last word on it. `judged`: it contradicts the judge, so that the
-- channel's threshold follows it. What was taken back has no row.
CREATE TABLE corrections (
    channel INTEGER NOT NULL REFERENCES channels (no),
    message TEXT NOT NULL,
    says TEXT NOT NULL CHECK (says IN ('waits', 'needs_none')),
    by TEXT NOT NULL,
    at REAL NOT NULL,
    judged INTEGER NOT NULL CHECK (judged IN (0, 1)),
    PRIMARY KEY (channel, message)
) STRICT, WITHOUT ROWID;

-- How many were there lately?
CREATE INDEX corrections_by_time ON corrections (at);

-- Whose word opened a wait. Of earlier ones it isn't known; most were the judge's.
ALTER TABLE waits ADD COLUMN opened_by TEXT NOT NULL DEFAULT 'judge' CHECK (opened_by IN ('judge', 'rules', 'member'));
