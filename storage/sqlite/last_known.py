"""The latest instant of which a database knows anything: where a town whose clock is moved by hand goes on."""

from __future__ import annotations

from bot.domain.durations import Instant
from storage.sqlite.flushed import Flushed

LATEST = """
SELECT max(at) FROM (
    SELECT max(last_at) AS at FROM waits UNION ALL SELECT max(ended_at) FROM waits UNION ALL SELECT max(hold_since) FROM waits
    UNION ALL SELECT max(sent_at) FROM outgoing UNION ALL SELECT max(left_at) FROM outgoing UNION ALL SELECT max(at) FROM posts
    UNION ALL SELECT max(at) FROM choice_changes UNION ALL SELECT max(at) FROM messages
)
"""


def last_known(connection: Flushed) -> Instant:
    """When the last thing was written, left, was posted or chosen; 0 where nothing was."""
    (at,) = connection.execute(LATEST).fetchone()
    return at or 0.0
