"""What happened already, and what happened too early."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from bot.domain.durations import Instant
from bot.domain.events import Deleted, Edited, Reacted
from bot.domain.messages import Message
from bot.domain.people import Role

EarlyEvent = Edited | Deleted | Reacted


def first_time(connection: sqlite3.Connection, channel: int, key: tuple[str, str, str, str], platform_event: str | None) -> bool:
    """Record an event's keys for good. False when either was known: the event is a duplicate.

    Both are recorded even then: the same happening in a new envelope must be known by its envelope, too.
    """
    new = (
        connection.execute(
            "INSERT OR IGNORE INTO event_keys (channel, message, kind, edit) VALUES (?, ?, ?, ?)",
            (channel, key[1], key[2], key[3]),
        ).rowcount
        == 1
    )
    if platform_event is None:
        return new
    delivered = connection.execute("INSERT OR IGNORE INTO platform_events (id) VALUES (?)", (platform_event,)).rowcount == 1
    return new and delivered


def keep(connection: sqlite3.Connection, channel: int, event: EarlyEvent) -> None:
    """Keep an edit, deletion or reaction until its message comes."""
    _, message, kind, edit = event.key
    connection.execute(
        "INSERT OR REPLACE INTO early (channel, message, kind, edit, at, event) VALUES (?, ?, ?, ?, ?, ?)",
        (channel, message, kind, edit, event.at, _packed(event)),
    )


def drop(connection: sqlite3.Connection, channel: int, message: str) -> None:
    """Forget the early events of a message."""
    connection.execute("DELETE FROM early WHERE channel = ? AND message = ?", (channel, message))


def early(connection: sqlite3.Connection, channel: int) -> tuple[EarlyEvent, ...]:
    """The early events of a channel, in order of time."""
    rows = connection.execute("SELECT event FROM early WHERE channel = ? ORDER BY at, message, kind, edit", (channel,)).fetchall()
    return tuple(_unpacked(text) for (text,) in rows)


def prune(connection: sqlite3.Connection, before: Instant) -> int:
    """Forget early events from before an instant: their message won't come any more. Gives how many."""
    return connection.execute("DELETE FROM early WHERE at < ?", (before,)).rowcount


def _packed(event: EarlyEvent) -> str:
    match event:
        case Edited():
            m = event.message
            post = [m.channel, m.id, m.at, m.author, m.role.value, m.text, m.thread, m.reply_to]
            rest = [m.mentions, m.calls_team, m.files, m.marks]
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
            mentions, calls_team, files, marks = rest
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
