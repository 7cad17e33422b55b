-- Members choose what they want to be told, and leads pause channels (a channel's key, '' for all). What may be chosen is known where
-- choices are read and written (storage/sqlite/choices.py), so the table doesn't say it once more.
CREATE TABLE choices_of_any_kind (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    value TEXT NOT NULL,
    by TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

INSERT INTO choices_of_any_kind SELECT kind, subject, value, by, at FROM choices;

DROP TABLE choices;

ALTER TABLE choices_of_any_kind RENAME TO choices;

-- What a member says of why a wait is quiet, for the others on the team: kept while the customer waits, like what the customer wrote.
-- It is about the hold that began at `since`.
CREATE TABLE notes (
    wait INTEGER PRIMARY KEY REFERENCES waits (no) ON DELETE CASCADE,
    since REAL NOT NULL,
    note TEXT NOT NULL
) STRICT;
