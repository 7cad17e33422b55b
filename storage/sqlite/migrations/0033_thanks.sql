-- Whom customers thanked for a personal reply: by ids, never what they said.
CREATE TABLE thanks (
    channel INTEGER NOT NULL REFERENCES channels (no),
    message TEXT NOT NULL,
    member TEXT NOT NULL,
    customer TEXT NOT NULL,
    at REAL NOT NULL,
    thread TEXT,
    PRIMARY KEY (channel, message, member)
) STRICT, WITHOUT ROWID;

CREATE INDEX thanks_by_member ON thanks (member, at);
