"""What the bot's own record is counted from: the reminders that left, and which of them a trial was about."""

from __future__ import annotations

import json

from bot.domain.delay_trial import TrialEntry
from bot.domain.durations import Instant
from bot.domain.outgoing import SentReminder
from storage.sqlite import notifications
from storage.sqlite.flushed import Flushed

LEFT_SINCE = """
SELECT (SELECT waits.id FROM waits WHERE waits.no = outgoing.wait), step, sent_at, sent_to, asking
FROM outgoing WHERE kind = 'reminder' AND state = 'sent' AND post IS NOT NULL AND sent_at >= ? ORDER BY sent_at, id
"""
"""Whatever really left is read in a post."""

ENTER = "INSERT INTO trial_entries (wait, at, delayed) SELECT no, ?, ? FROM waits WHERE id = ? ON CONFLICT DO NOTHING"

ENTRY = "SELECT at, delayed FROM waits CROSS JOIN trial_entries ON trial_entries.wait = waits.no WHERE waits.id = ?"

ENTRIES = """
SELECT (SELECT waits.id FROM waits WHERE waits.no = trial_entries.wait), at, delayed
FROM trial_entries WHERE at >= ? ORDER BY at, wait
"""


def left_since(connection: Flushed, since: Instant) -> tuple[SentReminder, ...]:
    """The reminders that left at `since` or later, in order."""
    rows = connection.execute(LEFT_SINCE, (since,)).fetchall()
    return tuple(
        SentReminder(wait=wait, step=step, at=at, to=tuple(json.loads(to)), asking=notifications.unpacked(asking))
        for wait, step, at, to, asking in rows
    )


def enter(connection: Flushed, entry: TrialEntry) -> None:
    """A wait is part of a trial from now on, whatever the lot says; what it said before stands."""
    connection.execute(ENTER, (entry.at, int(entry.delayed), entry.wait))


def entry_of(connection: Flushed, wait: str) -> TrialEntry | None:
    """How a wait is part of a trial; None where it is of none."""
    row = connection.execute(ENTRY, (wait,)).fetchone()
    return None if row is None else TrialEntry(wait=wait, at=row[0], delayed=bool(row[1]))


def entries(connection: Flushed, since: Instant) -> tuple[TrialEntry, ...]:
    """The waits that became part of a trial at `since` or later, in order."""
    rows = connection.execute(ENTRIES, (since,)).fetchall()
    return tuple(TrialEntry(wait=wait, at=at, delayed=bool(delayed)) for wait, at, delayed in rows)
