-- How those were chosen whom a reminder goes to (domain/notifications.py, Asking), in JSON: who was passed over and why, the lead that
-- a reminder for the team as a whole names, and whether it went there because everybody's day was full. NULL: nobody was passed over.
ALTER TABLE outgoing ADD COLUMN asking TEXT;
CREATE INDEX outgoing_to_the_team ON outgoing (sent_at) WHERE state = 'sent' AND asking IS NOT NULL AND sent_to = '[]';
-- Whom a digest (by its row's key) appeals about a wait after the last rung; `decides`: a lead, who is asked to decide.
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
