-- Instants that must outlive a restart, and who set them: "started" (a lead said that reminders may begin), "gap" (since when
-- events may have been missed that haven't been read back yet).
CREATE TABLE marks (
    name TEXT NOT NULL PRIMARY KEY,
    at REAL NOT NULL,
    by TEXT
) STRICT, WITHOUT ROWID;

-- Random keys of this database: with "fingerprints" words are hashed, so that the hashes mean nothing outside it.
CREATE TABLE keys (
    name TEXT NOT NULL PRIMARY KEY,
    key BLOB NOT NULL
) STRICT, WITHOUT ROWID;
