-- All migrations together. Made by `python -m storage.sqlite.migrate > storage/sqlite/schema.sql`; don't edit.

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

CREATE TABLE appeals (
    wait INTEGER NOT NULL REFERENCES waits (no) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    person TEXT NOT NULL,
    at REAL NOT NULL,
    decides INTEGER NOT NULL CHECK (decides IN (0, 1)),
    PRIMARY KEY (wait, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX appeals_by_digest ON appeals (digest);

CREATE INDEX appeals_by_person ON appeals (person, at);

CREATE TABLE arrivals (
    no INTEGER PRIMARY KEY,
    channel INTEGER NOT NULL REFERENCES channels (no),
    person TEXT NOT NULL,
    at REAL NOT NULL,
    first_message TEXT,
    thread TEXT,
    told TEXT,
    greeter TEXT,
    told_at REAL,
    passed TEXT NOT NULL DEFAULT '[]',
    ended_as TEXT,
    ended_at REAL,
    by TEXT,
    UNIQUE (channel, person)
) STRICT;

CREATE INDEX arrivals_by_person ON arrivals (person);

CREATE INDEX arrivals_by_told ON arrivals (told) WHERE told IS NOT NULL;

CREATE INDEX arrivals_open ON arrivals (at) WHERE ended_as IS NULL;

CREATE TABLE auto_dms (
    message TEXT NOT NULL,
    reporter TEXT NOT NULL,
    platform TEXT NOT NULL,
    sender TEXT,
    app TEXT NOT NULL,
    app_name TEXT NOT NULL,
    sort TEXT NOT NULL CHECK (sort IN ('', 'welcome', 'pitch', 'support', 'other')),
    sent_at REAL NOT NULL,
    opened_at REAL NOT NULL,
    reported_at REAL,
    words TEXT NOT NULL,
    PRIMARY KEY (message, reporter)
) STRICT, WITHOUT ROWID;

CREATE INDEX auto_dms_by_reporter ON auto_dms (reporter, reported_at);

CREATE INDEX auto_dms_by_sender ON auto_dms (sender, reported_at) WHERE sender IS NOT NULL;

CREATE INDEX auto_dms_by_time ON auto_dms (reported_at) WHERE reported_at IS NOT NULL;

CREATE INDEX auto_dms_open ON auto_dms (opened_at) WHERE reported_at IS NULL;

CREATE TABLE away (
    member TEXT NOT NULL,
    since REAL NOT NULL,
    until REAL NOT NULL,
    by TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (member, since),
    CHECK (since < until)
) STRICT, WITHOUT ROWID;

CREATE TABLE calendar_spans (
    kind TEXT NOT NULL CHECK (kind IN ('duty', 'away')),
    since REAL NOT NULL,
    until REAL NOT NULL,
    member TEXT NOT NULL,
    PRIMARY KEY (kind, since, until, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE channels (
    no INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE choice_changes (
    change INTEGER PRIMARY KEY AUTOINCREMENT,
    by TEXT NOT NULL,
    at REAL NOT NULL,
    changed TEXT NOT NULL
) STRICT;

CREATE INDEX choice_changes_by ON choice_changes (by, change);

CREATE TABLE "choices" (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    value TEXT NOT NULL,
    by TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE corrections (
    channel INTEGER NOT NULL REFERENCES channels (no),
    message TEXT NOT NULL,
    says TEXT NOT NULL CHECK (says IN ('waits', 'needs_none')),
    by TEXT NOT NULL,
    at REAL NOT NULL,
    judged INTEGER NOT NULL CHECK (judged IN (0, 1)),
    PRIMARY KEY (channel, message)
) STRICT, WITHOUT ROWID;

CREATE INDEX corrections_by_time ON corrections (at);

CREATE TABLE coverage (
    channel INTEGER PRIMARY KEY REFERENCES channels (no),
    first_read_at REAL,
    first_read_to REAL,
    missing_since REAL,
    threads_since REAL
) STRICT;

CREATE TABLE early (
    channel INTEGER NOT NULL,
    message TEXT NOT NULL,
    kind TEXT NOT NULL,
    edit TEXT NOT NULL,
    at REAL NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (channel, message, kind, edit)
) STRICT, WITHOUT ROWID;

CREATE INDEX early_by_age ON early (at);

CREATE TABLE "event_keys" (
    day INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    message TEXT NOT NULL,
    kind TEXT NOT NULL,
    edit TEXT NOT NULL,
    PRIMARY KEY (day, channel, message, kind, edit)
) STRICT, WITHOUT ROWID;

CREATE TABLE exchanges (
    customer TEXT NOT NULL,
    channel INTEGER NOT NULL REFERENCES channels (no),
    member TEXT NOT NULL,
    strength REAL NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (customer, channel, member)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE handover_lists (
    notice INTEGER NOT NULL REFERENCES outgoing (id) ON DELETE CASCADE,
    wait INTEGER NOT NULL REFERENCES waits (no) ON DELETE CASCADE,
    PRIMARY KEY (notice, wait)
) STRICT, WITHOUT ROWID;

CREATE INDEX handover_lists_by_wait ON handover_lists (wait);

CREATE TABLE handovers (
    wait INTEGER NOT NULL REFERENCES waits (no) ON DELETE CASCADE,
    at REAL NOT NULL,
    by TEXT NOT NULL,
    member TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (wait, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
    name TEXT NOT NULL PRIMARY KEY,
    key BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE marks (
    name TEXT NOT NULL PRIMARY KEY,
    at REAL NOT NULL,
    by TEXT
) STRICT, WITHOUT ROWID;

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

CREATE INDEX messages_of_members ON messages (author, at) WHERE role = 'member';

CREATE TABLE moves (
    old TEXT NOT NULL PRIMARY KEY,
    new TEXT NOT NULL,
    at REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE "notes" (
    wait INTEGER NOT NULL REFERENCES waits (no) ON DELETE CASCADE,
    since REAL NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (wait, since)
) STRICT, WITHOUT ROWID;

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
    detail TEXT,
    sent_at REAL,
    sent_to TEXT,
    post INTEGER REFERENCES posts (no) ON DELETE CASCADE, left_platform TEXT, reason TEXT, asking TEXT, left_under INTEGER, stands INTEGER REFERENCES posts (no) ON DELETE SET NULL, told INTEGER,
    UNIQUE (wait, n),
    CHECK ((kind = 'reminder') = (wait IS NOT NULL)),
    CHECK (kind <> 'update' OR post IS NOT NULL),
    CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) STRICT;

CREATE INDEX outgoing_by_post ON outgoing (post) WHERE post IS NOT NULL;

CREATE INDEX outgoing_by_stand ON outgoing (stands) WHERE stands IS NOT NULL;

CREATE INDEX outgoing_dead ON outgoing (due_at) WHERE state = 'dead';

CREATE INDEX outgoing_due ON outgoing (due_at) WHERE state = 'pending';

CREATE INDEX outgoing_leased ON outgoing (lease_until) WHERE state = 'sending';

CREATE UNIQUE INDEX outgoing_notices ON outgoing (key) WHERE kind IN ('digest', 'tip');

CREATE INDEX outgoing_reminders_by_time ON outgoing (sent_at) WHERE state = 'sent' AND kind = 'reminder';

CREATE INDEX outgoing_to_the_team ON outgoing (sent_at) WHERE state = 'sent' AND asking IS NOT NULL AND sent_to = '[]';

CREATE UNIQUE INDEX outgoing_updates ON outgoing (post) WHERE kind = 'update' AND state = 'pending';

CREATE TABLE "platform_events" (
    day INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (day, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE "posts" (
    no INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('channel', 'person')),
    place TEXT NOT NULL,
    ref TEXT NOT NULL,
    at REAL NOT NULL, remove_at REAL, removed_at REAL, under INTEGER REFERENCES posts (no) ON DELETE CASCADE,
    UNIQUE (platform, kind, place, ref)
) STRICT;

CREATE INDEX posts_to_remove ON posts (remove_at) WHERE remove_at IS NOT NULL;

CREATE INDEX posts_under ON posts (under) WHERE under IS NOT NULL;

CREATE TABLE recipients (
    person TEXT NOT NULL,
    sent_at REAL NOT NULL,
    reminder INTEGER NOT NULL REFERENCES outgoing (id) ON DELETE CASCADE,
    PRIMARY KEY (person, sent_at, reminder)
) STRICT, WITHOUT ROWID;

CREATE INDEX recipients_by_reminder ON recipients (reminder);

CREATE TABLE texts (
    wait INTEGER NOT NULL REFERENCES waits (no) ON DELETE CASCADE,
    message TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (wait, message)
) STRICT, WITHOUT ROWID;

CREATE INDEX texts_unworded ON texts (wait) WHERE text = '';

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

CREATE TABLE trial_entries (
    wait INTEGER PRIMARY KEY REFERENCES waits (no) ON DELETE CASCADE,
    at REAL NOT NULL,
    delayed INTEGER NOT NULL CHECK (delayed IN (0, 1))
) STRICT;

CREATE INDEX trial_entries_by_time ON trial_entries (at);

CREATE TABLE wait_messages (
    wait INTEGER NOT NULL REFERENCES waits (no) ON DELETE CASCADE,
    message TEXT NOT NULL,
    link TEXT NOT NULL CHECK (link IN ('customer', 'reply')),
    PRIMARY KEY (wait, message)
) STRICT, WITHOUT ROWID;

CREATE INDEX wait_messages_by_message ON wait_messages (message);

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
    named TEXT NOT NULL, opened_by TEXT NOT NULL DEFAULT 'judge' CHECK (opened_by IN ('judge', 'rules', 'member')), maybe TEXT, insisted TEXT, handed TEXT, newcomer INTEGER NOT NULL DEFAULT 0 CHECK (newcomer IN (0, 1)), target_first REAL, target_whose TEXT CHECK (target_whose IN ('customer', 'newcomer')), went_on TEXT, displaced TEXT, by_thread INTEGER NOT NULL DEFAULT 0 CHECK (by_thread IN (0, 1)), in_private INTEGER NOT NULL DEFAULT 0 CHECK (in_private IN (0, 1)), by_channel INTEGER NOT NULL DEFAULT 0 CHECK (by_channel IN (0, 1)), automatic_by TEXT, hold_noted INTEGER NOT NULL DEFAULT 0 CHECK (hold_noted IN (0, 1)), let_go TEXT,
    CHECK (state = 'waiting' OR ended_at IS NOT NULL)
) STRICT;

CREATE INDEX waits_by_customer ON waits (customer);

CREATE INDEX waits_ended ON waits (channel, ended_at) WHERE state <> 'waiting';

CREATE INDEX waits_lost ON waits (ended_at) WHERE by_channel = 1;

CREATE INDEX waits_open ON waits (channel) WHERE state = 'waiting';

CREATE INDEX waits_opened ON waits (opened_at);
