-- Direct messages that people reported as automatic. `message` and `reporter` are keyed fingerprints, `words` those of its words: neither
-- its text nor who reported it can be made of them. `sender` is a member by key. `reported_at` is null while the form is open.
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

CREATE INDEX auto_dms_by_time ON auto_dms (reported_at) WHERE reported_at IS NOT NULL;
CREATE INDEX auto_dms_open ON auto_dms (opened_at) WHERE reported_at IS NULL;
CREATE INDEX auto_dms_by_sender ON auto_dms (sender, reported_at) WHERE sender IS NOT NULL;
CREATE INDEX auto_dms_by_reporter ON auto_dms (reporter, reported_at);
