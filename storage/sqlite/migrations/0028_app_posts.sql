-- How often apps, bots, webhooks and workflows post where customers write: counted by day (UTC), never what they said. `name` is what
-- one is called, '' where that isn't known, NULL where it posts under several names: those may be people's.
CREATE TABLE app_posts (
    day INTEGER NOT NULL,
    channel INTEGER NOT NULL REFERENCES channels (no),
    source TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('bot', 'webhook', 'workflow', 'command')),
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    name TEXT,
    posts INTEGER NOT NULL,
    last_at REAL NOT NULL,
    PRIMARY KEY (day, channel, source, kind, trusted)
) STRICT, WITHOUT ROWID;
