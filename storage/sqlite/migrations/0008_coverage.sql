-- How much of each channel's past is stored. `first_read_at`: when its first read was through (NULL: it isn't yet), `first_read_to`:
-- how far that has come. `missing_since`: what was posted from then on may be missing (NULL: nothing is). `threads_since`: the
-- same of replies in threads whose first message is older.
CREATE TABLE coverage (
    channel INTEGER PRIMARY KEY REFERENCES channels (no),
    first_read_at REAL,
    first_read_to REAL,
    missing_since REAL,
    threads_since REAL
) STRICT;

-- The spans in which events may have been missed, for people to look at. What is read is in `coverage`. No channel: all of the
-- platform's.
CREATE TABLE gaps (
    id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    channel INTEGER REFERENCES channels (no),
    reason TEXT NOT NULL,
    since REAL NOT NULL,
    noted_at REAL NOT NULL,
    closed_at REAL
) STRICT;

CREATE INDEX gaps_open ON gaps (platform) WHERE closed_at IS NULL;

-- Events that couldn't be stored: which, when they happened, and the kind of error. Never their text.
CREATE TABLE failed_events (
    channel INTEGER NOT NULL REFERENCES channels (no),
    message TEXT NOT NULL,
    kind TEXT NOT NULL,
    edit TEXT NOT NULL,
    at REAL NOT NULL,
    error TEXT NOT NULL,
    noted_at REAL NOT NULL,
    PRIMARY KEY (channel, message, kind, edit)
) STRICT, WITHOUT ROWID;

-- Until now a channel counted as read when something was stored of it and no mark said otherwise. What came after its latest message
-- (or after a gap that was noted) is read at the next start.
INSERT INTO coverage (channel, first_read_at, missing_since)
SELECT
    channels.no,
    latest.at,
    min(latest.at, coalesce(
        (
            SELECT min(marks.at) FROM marks
            WHERE marks.name IN ('gap', 'gap ' || substr(channels.key, 1, instr(channels.key, ':') - 1))
        ),
        latest.at
    ))
FROM channels JOIN (SELECT channel, max(at) AS at FROM messages GROUP BY channel) AS latest ON latest.channel = channels.no
WHERE NOT EXISTS (SELECT 1 FROM marks WHERE marks.name = 'unread ' || channels.key);

DELETE FROM marks WHERE name = 'gap' OR name LIKE 'gap %' OR name LIKE 'unread %';
