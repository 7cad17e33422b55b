-- Channels that were given another id by their platform: which key leads to which, since when.
CREATE TABLE moves (
    old TEXT NOT NULL PRIMARY KEY,
    new TEXT NOT NULL,
    at REAL NOT NULL
) STRICT, WITHOUT ROWID;
