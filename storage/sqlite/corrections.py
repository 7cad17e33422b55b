"""What members said was judged wrongly: the last word on each message."""

from __future__ import annotations

import sqlite3

from bot.domain.durations import Instant
from bot.domain.writes import SaveCorrection


def save(connection: sqlite3.Connection, channel: int, write: SaveCorrection) -> None:
    """Store a correction in place of an earlier one of the message. The same word again leaves the first as it was."""
    connection.execute(
        "INSERT INTO corrections (channel, message, says, by, at, judged) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (channel, message) DO UPDATE SET says = excluded.says, by = excluded.by, at = excluded.at, "
        "judged = excluded.judged WHERE says <> excluded.says",
        (channel, write.message, write.says, write.by, write.at, int(write.judged)),
    )


def drop(connection: sqlite3.Connection, channel: int, message: str) -> None:
    """Forget the correction of a message; nothing happens if there is none."""
    connection.execute("DELETE FROM corrections WHERE channel = ? AND message = ?", (channel, message))


def of(connection: sqlite3.Connection, channel: int, key: str) -> tuple[SaveCorrection, ...]:
    """The corrections of the channel with this number and key, in order of time. There are as many as members made by hand."""
    rows = connection.execute(
        "SELECT message, says, by, at, judged FROM corrections WHERE channel = ? ORDER BY at, message", (channel,)
    ).fetchall()
    return tuple(
        SaveCorrection(channel=key, message=message, says=says, by=by, at=at, judged=bool(judged))
        for message, says, by, at, judged in rows
    )


def since(connection: sqlite3.Connection, since: Instant) -> tuple[int, int]:
    """How many messages were said to be overlooked, and how many to need no reply, at an instant or later."""
    rows = connection.execute("SELECT says, count(*) FROM corrections WHERE at >= ? GROUP BY says", (since,))
    found: dict[str, int] = dict(rows.fetchall())
    return found.get("waits", 0), found.get("needs_none", 0)
