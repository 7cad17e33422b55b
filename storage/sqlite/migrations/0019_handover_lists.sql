-- The waits that a hand-over list tells of (a row of outgoing, kind 'tip'): when one of them changes, the posted list follows, and what
-- was told of at the end of a shift isn't told again when the next one begins.
CREATE TABLE handover_lists (
    notice INTEGER NOT NULL REFERENCES outgoing (id) ON DELETE CASCADE,
    wait INTEGER NOT NULL REFERENCES waits (no) ON DELETE CASCADE,
    PRIMARY KEY (notice, wait)
) STRICT, WITHOUT ROWID;

CREATE INDEX handover_lists_by_wait ON handover_lists (wait);
