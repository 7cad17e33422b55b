"""The windows of the channels: places, authors and readings of recent messages, never their text."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from bot.domain.durations import Instant
from bot.domain.messages import MessageRecord
from bot.domain.people import Role
from bot.domain.waits import Wait
from bot.ports import PastReply
from storage.sqlite.flushed import Flushed
from storage.sqlite.json_texts import packed

if TYPE_CHECKING:
    from bot.domain.reading import Reading

Unpack = Callable[[bytes], "Reading"]
"""Makes a Reading of what its `pack` gave. Handed in, because storage knows nothing of judging."""


COLUMNS = "id, at, author, role, thread, reply_to, reading, calls, wait, answers"
"""In the order `seen` takes them."""

SAVE = """
INSERT OR REPLACE INTO messages (channel, at, id, author, role, thread, reply_to, reading, calls, wait, answers)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

DROP = "DELETE FROM messages WHERE channel = ? AND at = ? AND id = ?"

DROP_ANYWHERE = "DELETE FROM messages WHERE channel = ? AND id = ?"

ONE = f"SELECT {COLUMNS} FROM messages WHERE channel = ? AND at = ? AND id = ?"

LATEST = f"SELECT {COLUMNS} FROM messages WHERE channel = ? ORDER BY at DESC, id DESC LIMIT ?"

ANSWERED = """
SELECT channels.no, channels.key, waits.customer, waits.replies
FROM waits CROSS JOIN channels ON channels.no = waits.channel
WHERE waits.no > (SELECT max(no) FROM waits) - ? AND waits.replies <> '[]'
ORDER BY waits.no
"""

OF_WAIT = f"SELECT {COLUMNS} FROM messages WHERE channel = ? AND at BETWEEN ? AND ? AND wait = ? ORDER BY at, id"

CHANNELS = "SELECT no FROM channels"

OLDEST_IN_WINDOW = "SELECT at, id FROM messages WHERE channel = ? ORDER BY at DESC, id DESC LIMIT 1 OFFSET ?"

PRUNE = "DELETE FROM messages WHERE channel = ? AND (at, id) < (?, ?) AND at < ?"


def row(channel: int, seen: MessageRecord) -> tuple[Any, ...]:
    """A message as SAVE takes it. It replaces the one with its id: a message's time never changes."""
    return (
        channel,
        seen.at,
        seen.id,
        seen.author,
        seen.role.value,
        seen.thread,
        seen.reply_to,
        seen.reading.pack(),
        seen.reply_probability,
        seen.wait,
        packed(seen.answers) if seen.answers else None,
    )


def save(connection: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Put messages into their channels' windows, or replace them."""
    connection.executemany(SAVE, rows)


def drop(connection: sqlite3.Connection, channel: int, at: Instant | None, message: str) -> None:
    """Take a message out of its channel's window; nothing happens if it isn't there. Without its time all messages of the
    channel are looked through: that happens only for one that has left the window."""
    if at is not None:
        connection.execute(DROP, (channel, at, message))
    else:
        connection.execute(DROP_ANYWHERE, (channel, message))


def latest(connection: Flushed, channel: int, count: int, unpack: Unpack) -> tuple[MessageRecord, ...]:
    """The last `count` messages of a channel by position, oldest first."""
    rows = connection.execute(LATEST, (channel, count)).fetchall()
    return tuple(seen(row, unpack) for row in reversed(rows))


def replies(connection: Flushed, limit: int, unpack: Unpack) -> tuple[PastReply, ...]:
    """What members answered to the latest `limit` waits, oldest first."""
    found: list[PastReply] = []
    for no, channel, customer, listed in connection.execute(ANSWERED, (limit,)).fetchall():
        for message, _, at, *_ in json.loads(listed):
            row = connection.execute(ONE, (no, at, message)).fetchone()
            if row is not None and row[3] == Role.MEMBER.value:
                found.append(PastReply(channel=channel, customer=customer, message=seen(row, unpack)))
    return tuple(found)


def of_wait(connection: Flushed, channel: int, wait: Wait, unpack: Unpack) -> tuple[MessageRecord, ...]:
    """What a customer wrote in a wait, in order."""
    rows = connection.execute(OF_WAIT, (channel, wait.opened_at, wait.last_message_at, wait.id)).fetchall()
    return tuple(seen(row, unpack) for row in rows)


def seen(row: Sequence[Any], unpack: Unpack) -> MessageRecord:
    """A message from a row of `COLUMNS`."""
    id, at, author, role, thread, reply_to, reading, calls, wait, answers = row
    return MessageRecord(
        id=id,
        at=at,
        author=author,
        role=Role(role),
        thread=thread,
        reply_to=reply_to,
        reading=unpack(reading),
        reply_probability=calls,
        wait=wait,
        answers=tuple(json.loads(answers)) if answers else (),
    )


def prune(connection: Flushed, before: Instant, window: int) -> int:
    """Forget messages from before an instant that lie outside their channel's last `window` messages. Gives how many."""
    gone = 0
    for (channel,) in connection.execute(CHANNELS).fetchall():
        oldest = connection.execute(OLDEST_IN_WINDOW, (channel, max(window, 1) - 1)).fetchone()
        if oldest is not None:
            gone += connection.execute(PRUNE, (channel, *oldest, before)).rowcount
    return gone
