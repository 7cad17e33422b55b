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

-- Who handed a wait to whom, and when: the last time. What was said of it is kept while the customer waits, like what they wrote.
CREATE TABLE handovers (
    wait INTEGER PRIMARY KEY REFERENCES waits (no) ON DELETE CASCADE,
    by TEXT NOT NULL,
    member TEXT NOT NULL,
    at REAL NOT NULL,
    note TEXT NOT NULL
) STRICT;
