"""What the bot's own record is counted from: the reminders that left."""

from __future__ import annotations

import json

from bot.domain.durations import Instant
from bot.domain.outgoing import SentReminder
from storage.sqlite import notifications
from storage.sqlite.flushed import Flushed

LEFT_SINCE = """
SELECT (SELECT waits.id FROM waits WHERE waits.no = outgoing.wait), step, sent_at, sent_to, asking
FROM outgoing WHERE kind = 'reminder' AND state = 'sent' AND post IS NOT NULL AND sent_at >= ? ORDER BY sent_at, id
"""
"""Whatever really left is read in a post."""


def left_since(connection: Flushed, since: Instant) -> tuple[SentReminder, ...]:
    """The reminders that left at `since` or later, in order."""
    rows = connection.execute(LEFT_SINCE, (since,)).fetchall()
    return tuple(
        SentReminder(wait=wait, step=step, at=at, to=tuple(json.loads(to)), asking=notifications.unpacked(asking))
        for wait, step, at, to, asking in rows
    )
