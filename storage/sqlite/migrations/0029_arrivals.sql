-- Who came into a channel in which the team greets by hand, and what became of it. Ids and times only.
CREATE TABLE arrivals (
    no INTEGER PRIMARY KEY,
    channel INTEGER NOT NULL REFERENCES channels (no),
    person TEXT NOT NULL,
    at REAL NOT NULL,
    first_message TEXT,
    thread TEXT,
    told TEXT,
    greeter TEXT,
    told_at REAL,
    passed TEXT NOT NULL DEFAULT '[]',
    ended_as TEXT,
    ended_at REAL,
    by TEXT,
    UNIQUE (channel, person)
) STRICT;

CREATE INDEX arrivals_by_person ON arrivals (person);

CREATE INDEX arrivals_by_told ON arrivals (told) WHERE told IS NOT NULL;

CREATE INDEX arrivals_open ON arrivals (at) WHERE ended_as IS NULL;
