-- Keys are forgotten some time, so they lie by the day of their event: new ones at the end of the table, old ones at its beginning.
-- Which day that was wasn't written down. The ids of the messages there were so far begin with their time; an edit's own time is in
-- its key; what tells neither (what members did by hand) is of today.
CREATE TABLE event_keys_by_day (
    day INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    message TEXT NOT NULL,
    kind TEXT NOT NULL,
    edit TEXT NOT NULL,
    PRIMARY KEY (day, channel, message, kind, edit)
) STRICT, WITHOUT ROWID;

INSERT INTO event_keys_by_day (day, channel, message, kind, edit)
SELECT
    CASE WHEN at BETWEEN 1e9 AND 1e11 THEN CAST(at / 86400 AS INTEGER) ELSE CAST(strftime('%s', 'now') AS INTEGER) / 86400 END AS on_day,
    channel, message, kind, edit
FROM (SELECT *, CAST(CASE kind WHEN 'edited' THEN edit ELSE message END AS REAL) AS at FROM event_keys)
ORDER BY on_day, channel, message, kind, edit;

DROP TABLE event_keys;

ALTER TABLE event_keys_by_day RENAME TO event_keys;

-- A delivery is repeated within minutes, or a day at most.
CREATE TABLE platform_events_by_day (
    day INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (day, id)
) STRICT, WITHOUT ROWID;

INSERT INTO platform_events_by_day (day, id)
SELECT CAST(strftime('%s', 'now') AS INTEGER) / 86400, id FROM platform_events ORDER BY id;

DROP TABLE platform_events;

ALTER TABLE platform_events_by_day RENAME TO platform_events;

-- Edits that came before their message were kept with their words.
DELETE FROM early WHERE kind = 'edited';

-- Words that are to be read again from the platform.
CREATE INDEX texts_unworded ON texts (wait) WHERE text = '';
