"""What happened already, and what happened too early."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from bot.domain.durations import Instant
from bot.domain.events import Deleted, Edited, EventKey, Reacted
from bot.domain.messages import Message
from bot.domain.people import Role

EarlyEvent = Edited | Deleted | Reacted

RECORD = "INSERT OR IGNORE INTO event_keys (channel, message, kind, edit) VALUES (?, ?, ?, ?)"

RECORD_DELIVERY = "INSERT OR IGNORE INTO platform_events (id) VALUES (?)"

KEEP = "INSERT OR REPLACE INTO early (channel, message, kind, edit, at, event) VALUES (?, ?, ?, ?, ?, ?)"

DROP = "DELETE FROM early WHERE channel = ? AND message = ?"

EARLY = "SELECT event FROM early WHERE channel = ? ORDER BY at, message, kind, edit"

PRUNE = "DELETE FROM early WHERE at < ?"


def first_time(connection: sqlite3.Connection, channel: int, key: EventKey, platform_event: str | None) -> bool:
    """Record an event's keys. False when either was known."""
    new = connection.execute(RECORD, (channel, key.message, key.kind, key.edit)).rowcount == 1
    if platform_event is None:
        return new
    delivered = connection.execute(RECORD_DELIVERY, (platform_event,)).rowcount == 1
    return new and delivered


def keep(connection: sqlite3.Connection, channel: int, event: EarlyEvent) -> None:
    """Keep an edit, deletion or reaction until its message comes."""
    key = event.key
    connection.execute(KEEP, (channel, key.message, key.kind, key.edit, event.at, _packed(event)))


def drop(connection: sqlite3.Connection, channel: int, message: str) -> None:
    """Forget the early events of a message."""
    connection.execute(DROP, (channel, message))


def early(connection: sqlite3.Connection, channel: int) -> tuple[EarlyEvent, ...]:
    """The early events of a channel, in order of time."""
    return tuple(_unpacked(text) for (text,) in connection.execute(EARLY, (channel,)).fetchall())


def prune(connection: sqlite3.Connection, before: Instant) -> int:
    """Forget early events from before an instant: their message won't come any more. Gives how many."""
    return connection.execute(PRUNE, (before,)).rowcount


def _packed(event: EarlyEvent) -> str:
    match event:
        case Edited():
            m = event.message
            post = [m.channel, m.id, m.at, m.author, m.role.value, m.text, m.thread, m.reply_to]
            rest = [m.mentions, m.calls_team, m.files, m.marks, m.is_request]
            return json.dumps(["edited", post + rest, event.at, event.platform_event])
        case Deleted():
            return json.dumps(["deleted", event.channel, event.id, event.at, event.platform_event])
        case Reacted():
            what = [event.channel, event.id, event.by, event.by_member, event.emoji, event.at, event.added, event.timed]
            return json.dumps(["reacted", *what, event.platform_event])


def _unpacked(text: str) -> EarlyEvent:
    fields: list[Any] = json.loads(text)
    match fields:
        case ["edited", [channel, id, at, author, role, said, thread, reply_to, *rest], when, delivery]:
            mentions, calls_team, files, marks, *newer = rest
            message = Message(
                channel=channel,
                id=id,
                at=at,
                author=author,
                role=Role(role),
                text=said,
                thread=thread,
                reply_to=reply_to,
                mentions=tuple(mentions),
                calls_team=calls_team,
                files=files,
                marks=tuple(marks),
                is_request=bool(newer and newer[0]),
            )
            return Edited(message=message, at=when, platform_event=delivery)
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
