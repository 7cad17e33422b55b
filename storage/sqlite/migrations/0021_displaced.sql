-- What a wait was before a member claimed it, put it off or ended it, for taking that back: JSON.
ALTER TABLE waits ADD COLUMN displaced TEXT;

-- Why a wait was put off is kept for each time that somebody said so, not for the last alone: what took the place of a snooze may be
-- taken back. The columns stand in the order of the key: where they don't, SQLite's quick_check calls a sound table of this kind damaged.
CREATE TABLE notes_by_hold (
    wait INTEGER NOT NULL REFERENCES waits (no) ON DELETE CASCADE,
    since REAL NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (wait, since)
) STRICT, WITHOUT ROWID;

INSERT INTO notes_by_hold SELECT wait, since, note FROM notes;

DROP TABLE notes;

ALTER TABLE notes_by_hold RENAME TO notes;
