-- What the team's calendar said when it could be read last: who is on duty (kind 'duty') or away ('away') when. Members and times, never
-- what is written in it. The columns stand in the order of the key: where they don't, SQLite's quick_check calls a sound table of this
-- kind damaged.
CREATE TABLE calendar_spans (
    kind TEXT NOT NULL CHECK (kind IN ('duty', 'away')),
    since REAL NOT NULL,
    until REAL NOT NULL,
    member TEXT NOT NULL,
    PRIMARY KEY (kind, since, until, member)
) STRICT, WITHOUT ROWID;

-- Who handed a wait to whom, and when. What was said of it is kept while the customer waits, like what they wrote.
CREATE TABLE handovers (
    wait INTEGER NOT NULL REFERENCES waits (no) ON DELETE CASCADE,
    at REAL NOT NULL,
    by TEXT NOT NULL,
    member TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (wait, at)
) STRICT, WITHOUT ROWID;

-- The handing over that stands, with what the wait was before it: JSON.
ALTER TABLE waits ADD COLUMN handed TEXT;
