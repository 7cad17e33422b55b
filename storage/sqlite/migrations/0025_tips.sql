-- Tips: private, rare notes to one member about how they write. What each rests on stands beside it: messages by their ids, never words.
-- `told_at`: it was shown. Of one that leaves as a direct message its row in `outgoing`, which has the same key, says that.
CREATE TABLE tips (
    no INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('canned', 'pitch', 'broadcast', 'auto_dm')),
    member TEXT NOT NULL,
    at REAL NOT NULL,
    trigger_key TEXT NOT NULL,
    number INTEGER NOT NULL,
    about TEXT,
    told_at REAL
) STRICT;

CREATE INDEX tips_by_member ON tips (member, at);

CREATE TABLE tip_messages (
    tip INTEGER NOT NULL REFERENCES tips (no) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    channel INTEGER NOT NULL REFERENCES channels (no),
    message TEXT NOT NULL,
    at REAL NOT NULL,
    thread TEXT,
    PRIMARY KEY (tip, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX tip_messages_by_message ON tip_messages (channel, message);

-- What a member wrote, in whatever channel: what they told several customers is found by it.
CREATE INDEX messages_of_members ON messages (author, at) WHERE role = 'member';
