-- An address names its platform. Rows made before belong to the platform their wait's channel is on ("slack:T1:C1/..."); those that are
-- about no single wait to that of any channel, since there was one platform only.

-- Posts are told apart by platform, too, so the table is made anew.
CREATE TABLE posts_by_platform (
    no INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('channel', 'person')),
    place TEXT NOT NULL,
    ref TEXT NOT NULL,
    at REAL NOT NULL,
    UNIQUE (platform, kind, place, ref)
) STRICT;

INSERT INTO posts_by_platform (no, platform, kind, place, ref, at)
SELECT
    no,
    coalesce(
        (
            SELECT nullif(substr(waits.id, 1, instr(waits.id, ':') - 1), '')
            FROM outgoing JOIN waits ON waits.no = outgoing.wait WHERE outgoing.post = posts.no LIMIT 1
        ),
        (SELECT substr(key, 1, instr(key, ':') - 1) FROM channels WHERE instr(key, ':') > 1 LIMIT 1),
        'slack'
    ),
    kind, place, ref, at
FROM posts;

DROP TABLE posts;

ALTER TABLE posts_by_platform RENAME TO posts;

ALTER TABLE outgoing ADD COLUMN left_platform TEXT;

UPDATE outgoing SET left_platform = coalesce(
    (SELECT nullif(substr(waits.id, 1, instr(waits.id, ':') - 1), '') FROM waits WHERE waits.no = outgoing.wait),
    (SELECT substr(key, 1, instr(key, ':') - 1) FROM channels WHERE instr(key, ':') > 1 LIMIT 1),
    'slack'
)
WHERE left_kind IS NOT NULL;
