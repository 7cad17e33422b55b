"""What happened already, and what happened too early.

What happened is known by its key for as long as it may come again: a key is filed under the day of its event, and whole days are
forgotten. The rule is in `first_time`.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from bot.domain.durations import DAY, Instant
from bot.domain.events import Deleted, EarlyEdit, EventKey, Reacted
from storage.sqlite import marks
from storage.sqlite.flushed import Flushed
from storage.sqlite.messages import Unpack

EarlyEvent = EarlyEdit | Deleted | Reacted

RECORD = "INSERT OR IGNORE INTO event_keys (day, channel, message, kind, edit) VALUES (?, ?, ?, ?, ?)"

RECORD_DELIVERY = "INSERT OR IGNORE INTO platform_events (day, id) VALUES (?, ?)"

OLDEST_DAY = "SELECT min(day) FROM event_keys WHERE day < ?"

FORGET_DAY = "DELETE FROM event_keys WHERE day <= ?"

FORGET_DELIVERIES = "DELETE FROM platform_events WHERE day < ?"

FORGOTTEN = "event keys forgotten before"
"""The mark: what happened earlier may have lost its key."""

STORED = """
SELECT EXISTS (SELECT 1 FROM messages WHERE channel = :channel AND at = :at AND id = :message) OR EXISTS (
    SELECT 1 FROM wait_messages CROSS JOIN waits ON waits.no = wait_messages.wait
    WHERE wait_messages.message = :message AND waits.channel = :channel
) OR EXISTS (SELECT 1 FROM waits WHERE id = :opening)
"""

KEEP = "INSERT OR REPLACE INTO early (channel, message, kind, edit, at, event) VALUES (?, ?, ?, ?, ?, ?)"

DROP = "DELETE FROM early WHERE channel = ? AND message = ?"

EARLY = "SELECT event FROM early WHERE channel = ? ORDER BY at, message, kind, edit"

PRUNE = "DELETE FROM early WHERE at < ?"

PRUNE_EDITS = "DELETE FROM early WHERE at < ? AND kind = 'edited'"


def day_of(at: Instant) -> int:
    """The day under which a key of this instant lies, counted from 1970 (UTC)."""
    return int(at // DAY)


def first_time(connection: sqlite3.Connection, channel: int, key: EventKey, at: Instant, platform_event: str | None) -> bool:
    """Record an event's keys. False when either was known. The same happening always has the same instant, and so the same day:
    new keys lie together at the end of their table, and what is old at its beginning."""
    day = day_of(at)
    new = connection.execute(RECORD, (day, channel, key.message, key.kind, key.edit)).rowcount == 1
    if platform_event is None:
        return new
    delivered = connection.execute(RECORD_DELIVERY, (day, platform_event)).rowcount == 1
    return new and delivered


def stored(connection: Flushed, channel: int, message: str, opening: str, at: Instant) -> bool:
    """Whether a message was dealt with before, as what is kept of it tells: it is in the window, or belongs to a wait.
    `opening` is the id of the wait that it would have opened."""
    asked = {"channel": channel, "message": message, "opening": opening, "at": at}
    return bool(connection.execute(STORED, asked).fetchone()[0])


class Forgotten:
    """The instant before which keys are forgotten, remembered per connection. `forget` after every rollback: it may not have
    moved."""

    __slots__ = ("_before",)

    def __init__(self) -> None:
        self._before: Instant | None = None

    def forget(self) -> None:
        """Look it up anew."""
        self._before = None

    def before(self, connection: sqlite3.Connection) -> Instant:
        """What happened earlier may have lost its key."""
        if self._before is None:
            mark = marks.one(connection, FORGOTTEN)
            self._before = mark.at if mark is not None else float("-inf")
        return self._before

    def move(self, connection: sqlite3.Connection, before: Instant) -> None:
        """Keys from before an instant are forgotten now."""
        if before > self.before(connection):
            marks.put(connection, FORGOTTEN, before, None)
            self._before = before


def forget_keys(connection: sqlite3.Connection, forgotten: Forgotten, events_before: Instant, deliveries_before: Instant) -> int:
    """Forget the deliveries of the days before an instant's, and the keys of one day, the oldest, before another's: one, so that
    nobody waits long. Gives how many rows went; 0 when there is nothing to forget."""
    gone = connection.execute(FORGET_DELIVERIES, (day_of(deliveries_before),)).rowcount
    oldest: int | None = connection.execute(OLDEST_DAY, (day_of(events_before),)).fetchone()[0]
    if oldest is not None:
        gone += connection.execute(FORGET_DAY, (oldest,)).rowcount
        forgotten.move(connection, (oldest + 1) * DAY)
    return gone


def keep(connection: sqlite3.Connection, channel: int, event: EarlyEvent) -> None:
    """Keep an edit, deletion or reaction until its message comes."""
    key = event.key
    connection.execute(KEEP, (channel, key.message, key.kind, key.edit, event.at, _packed(event)))


def drop(connection: sqlite3.Connection, channel: int, message: str) -> None:
    """Forget the early events of a message."""
    connection.execute(DROP, (channel, message))


def early(connection: sqlite3.Connection, channel: int, unpack: Unpack) -> tuple[EarlyEvent, ...]:
    """The early events of a channel, in order of time."""
    return tuple(_unpacked(text, unpack) for (text,) in connection.execute(EARLY, (channel,)).fetchall())


def prune(connection: sqlite3.Connection, before: Instant) -> int:
    """Forget early events from before an instant: their message won't come any more. Gives how many."""
    return connection.execute(PRUNE, (before,)).rowcount


def prune_edits(connection: sqlite3.Connection, before: Instant) -> int:
    """Forget early edits from before an instant. Gives how many."""
    return connection.execute(PRUNE_EDITS, (before,)).rowcount


def _packed(event: EarlyEvent) -> str:
    match event:
        case EarlyEdit():
            reading, facts = event.reading.pack().hex(), [event.mentions, event.calls_team, event.files, event.is_request]
            return json.dumps(["read", event.channel, event.id, event.at, reading, facts])
        case Deleted():
            return json.dumps(["deleted", event.channel, event.id, event.at, event.platform_event])
        case Reacted():
            what = [event.channel, event.id, event.by, event.by_member, event.emoji, event.at, event.added, event.timed]
            return json.dumps(["reacted", *what, event.platform_event])


def _unpacked(text: str, unpack: Unpack) -> EarlyEvent:
    fields: list[Any] = json.loads(text)
    match fields:
        case ["read", channel, id, at, reading, [mentions, calls_team, files, is_request]]:
            return EarlyEdit(
                channel=channel,
                id=id,
                at=at,
                reading=unpack(bytes.fromhex(reading)),
                mentions=tuple(mentions),
                calls_team=calls_team,
                files=files,
                is_request=is_request,
            )
        case ["deleted", channel, id, at, delivery]:
            return Deleted(channel=channel, id=id, at=at, platform_event=delivery)
        case ["reacted", channel, id, by, by_member, emoji, at, added, timed, delivery]:
            return Reacted(
                channel=channel,
                id=id,
                by=by,
                by_member=by_member,
                emoji=emoji,
                at=at,
                added=added,
                timed=timed,
                platform_event=delivery,
            )
        case _:
            raise ValueError(f"an early event that this version doesn't know: {fields[0]!r}")
