-- What members chose, change by change, so that one can be undone: who (`by`), when, and of each choice that changed what was there
-- before and what came (JSON, see storage/sqlite/choice_changes.py). Kept for days, not for good.
CREATE TABLE choice_changes (
    change INTEGER PRIMARY KEY AUTOINCREMENT,
    by TEXT NOT NULL,
    at REAL NOT NULL,
    changed TEXT NOT NULL
) STRICT;

CREATE INDEX choice_changes_by ON choice_changes (by, change);
