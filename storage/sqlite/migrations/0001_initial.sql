-- Ids, times and fingerprints; the only text is in `texts` (while a customer waits) and `early` (an edit that came first).
-- Instants are seconds since 1970-01-01 UTC.

-- Channel keys are long and everywhere, so they are stored once.
CREATE TABLE channels (
    no INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
) STRICT;

-- What happened already, kept for good: a platform may deliver the same event again, days later.
-- Clustered by channel and message, so that a replay in order appends.
CREATE TABLE event_keys (
    channel INTEGER NOT NULL,
    message TEXT NOT NULL,
    kind TEXT NOT NULL,
    edit TEXT NOT NULL,
    PRIMARY KEY (channel, message, kind, edit)
) STRICT, WITHOUT ROWID;

-- The platform's own ids of deliveries, kept for good.
CREATE TABLE platform_events (
    id TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- The windows of the channels, by position. `reading` is the judge's, packed; `answers` a JSON list of wait ids.
CREATE TABLE messages (
    channel INTEGER NOT NULL,
    at REAL NOT NULL,
    id TEXT NOT NULL,
    author TEXT NOT NULL,
    role TEXT NOT NULL,
    thread TEXT,
    reply_to TEXT,
    reading BLOB NOT NULL,
    calls REAL NOT NULL,
    wait TEXT,
    answers TEXT,
    PRIMARY KEY (channel, at, id)
) STRICT, WITHOUT ROWID;

-- `messages`, `replies`, `not_me`, `evidence` and `named` are JSON lists.
CREATE TABLE waits (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    channel INTEGER NOT NULL,
    customer TEXT NOT NULL,
    thread TEXT,
    opened_at REAL NOT NULL,
    last_at REAL NOT NULL,
    state TEXT NOT NULL,
    ended_at REAL,
    hold_kind TEXT,
    hold_since REAL,
    hold_until REAL,
    hold_by TEXT,
    owner TEXT,
    owner_reason TEXT NOT NULL,
    sure REAL NOT NULL,
    automatic INTEGER NOT NULL,
    came_back_from TEXT,
    checked_by TEXT,
    ladder_from REAL NOT NULL,
    messages TEXT NOT NULL,
    replies TEXT NOT NULL,
    not_me TEXT NOT NULL,
    evidence TEXT NOT NULL,
    named TEXT NOT NULL,
    CHECK (state = 'waiting' OR ended_at IS NOT NULL)
) STRICT;

-- Who still waits in a channel?
CREATE INDEX waits_open ON waits (channel) WHERE state = 'waiting';

-- Whose wait in a channel ended lately?
CREATE INDEX waits_ended ON waits (channel, ended_at) WHERE state <> 'waiting';

-- All waits in order.
CREATE INDEX waits_opened ON waits (opened_at);

-- Which messages belong to a wait: the customer's own and the replies.
CREATE TABLE wait_messages (
    wait INTEGER NOT NULL REFERENCES waits (no) ON DELETE CASCADE,
    message TEXT NOT NULL,
    link TEXT NOT NULL CHECK (link IN ('customer', 'reply')),
    PRIMARY KEY (wait, message)
) STRICT, WITHOUT ROWID;

-- Which waits does a message belong to?
CREATE INDEX wait_messages_by_message ON wait_messages (message);

-- What the customers who still wait wrote. A table of its own, because it stays as small as the number of open waits and can be
-- written anew from time to time (see storage/texts.py for why).
CREATE TABLE texts (
    wait INTEGER NOT NULL REFERENCES waits (no) ON DELETE CASCADE,
    message TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (wait, message)
) STRICT, WITHOUT ROWID;

-- Messages of ours that members can see, with where they are: `ref` is the platform's. They are updated when what they say is over.
CREATE TABLE posts (
    no INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('channel', 'person')),
    place TEXT NOT NULL,
    ref TEXT NOT NULL,
    at REAL NOT NULL,
    UNIQUE (kind, place, ref)
) STRICT;

-- What leaves, one row each: a reminder of a wait (`n` counts the rows of a wait, so that `key` is unique for good), the update
-- of a post, a digest, a tip. `subject` and `person` are a digest's or tip's. The `left_` columns say where and under which key
-- a row went on its way, until it is known whether it arrived. `post` is where a reminder is read, or what is to be updated.
CREATE TABLE outgoing (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL DEFAULT 'reminder' CHECK (kind IN ('reminder', 'update', 'digest', 'tip')),
    wait INTEGER REFERENCES waits (no) ON DELETE CASCADE,
    n INTEGER,
    key TEXT NOT NULL,
    step INTEGER,
    audience TEXT,
    person TEXT,
    subject TEXT,
    due_at REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'sent', 'moot', 'dead', 'withdrawn')),
    lease_until REAL,
    attempt INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    left_kind TEXT,
    left_place TEXT,
    left_key TEXT,
    left_at REAL,
    reason TEXT,
    sent_at REAL,
    sent_to TEXT,
    post INTEGER REFERENCES posts (no) ON DELETE CASCADE,
    UNIQUE (wait, n),
    CHECK ((kind = 'reminder') = (wait IS NOT NULL)),
    CHECK (kind <> 'update' OR post IS NOT NULL),
    CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) STRICT;

-- What falls due next?
CREATE INDEX outgoing_due ON outgoing (due_at) WHERE state = 'pending';

-- Whose lease ends next?
CREATE INDEX outgoing_leased ON outgoing (lease_until) WHERE state = 'sending';

-- What could not be delivered?
CREATE INDEX outgoing_dead ON outgoing (due_at) WHERE state = 'dead';

-- Which waits does a post tell of, and which rows go with it?
CREATE INDEX outgoing_by_post ON outgoing (post) WHERE post IS NOT NULL;

-- A post waits for one update at most.
CREATE UNIQUE INDEX outgoing_updates ON outgoing (post) WHERE kind = 'update' AND state = 'pending';

-- A digest exists once per slot, a tip once.
CREATE UNIQUE INDEX outgoing_notices ON outgoing (key) WHERE kind IN ('digest', 'tip');

-- To whom a reminder went: how many did a person get today?
CREATE TABLE recipients (
    person TEXT NOT NULL,
    sent_at REAL NOT NULL,
    reminder INTEGER NOT NULL REFERENCES outgoing (id) ON DELETE CASCADE,
    PRIMARY KEY (person, sent_at, reminder)
) STRICT, WITHOUT ROWID;

-- Needed to delete a reminder.
CREATE INDEX recipients_by_reminder ON recipients (reminder);

-- Edits, deletions and reactions that came before their message. `event` is JSON.
CREATE TABLE early (
    channel INTEGER NOT NULL,
    message TEXT NOT NULL,
    kind TEXT NOT NULL,
    edit TEXT NOT NULL,
    at REAL NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (channel, message, kind, edit)
) STRICT, WITHOUT ROWID;

-- Which early events are too old to be waited for?
CREATE INDEX early_by_age ON early (at);

-- Who on the team knows a customer, by channel: `strength` is the decayed count of exchanges as of `at`.
CREATE TABLE exchanges (
    customer TEXT NOT NULL,
    channel INTEGER NOT NULL REFERENCES channels (no),
    member TEXT NOT NULL,
    strength REAL NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (customer, channel, member)
) STRICT, WITHOUT ROWID;
