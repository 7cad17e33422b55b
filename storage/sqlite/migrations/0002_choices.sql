-- What members chose in chat. It wins over the settings file; without a row the file counts.

-- `subject` is a member or a channel's key, `value` JSON (see storage/choices.py), `by` who chose it, `at` when.
CREATE TABLE choices (
    kind TEXT NOT NULL CHECK (kind IN ('dm', 'hours', 'watch')),
    subject TEXT NOT NULL,
    value TEXT NOT NULL,
    by TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

-- When members are away. Spans of one member never overlap: whoever writes one ends the others first.
CREATE TABLE away (
    member TEXT NOT NULL,
    since REAL NOT NULL,
    until REAL NOT NULL,
    by TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (member, since),
    CHECK (since < until)
) STRICT, WITHOUT ROWID;
