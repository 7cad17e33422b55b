"""Whom customers thanked: a row for each member in each message."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from bot.domain.durations import Instant
from bot.domain.thanks import Thanks

DROP = "DELETE FROM thanks WHERE channel = ? AND message = ?"

ADD = "INSERT INTO thanks (channel, message, member, customer, at, thread) VALUES (?, ?, ?, ?, ?, ?)"

_COLUMNS = "channels.key, thanks.message, thanks.at, thanks.customer, thanks.member, thanks.thread"

TO_MEMBER = f"""
SELECT {_COLUMNS} FROM thanks CROSS JOIN channels ON channels.no = thanks.channel
WHERE thanks.member = ? AND thanks.at >= ? ORDER BY thanks.at DESC, thanks.message DESC LIMIT ?
"""

PRUNE = "DELETE FROM thanks WHERE at < ?"


def save(connection: sqlite3.Connection, channel: int, message: str, thanks: Iterable[Thanks]) -> None:
    """Store whom a message thanks, in place of what was stored of it."""
    connection.execute(DROP, (channel, message))
    rows = [(channel, message, one.member, one.customer, one.at, one.thread) for one in thanks]
    if rows:
        connection.executemany(ADD, rows)


def to_member(connection: sqlite3.Connection, member: str, since: Instant, limit: int) -> tuple[Thanks, ...]:
    """The latest `limit` thanks to a member that were said at an instant or later, latest first."""
    return tuple(
        Thanks(channel=channel, message=message, at=at, customer=customer, member=to, thread=thread)
        for channel, message, at, customer, to, thread in connection.execute(TO_MEMBER, (member, since, limit)).fetchall()
    )


def prune(connection: sqlite3.Connection, before: Instant) -> int:
    """Forget what was said before an instant. Gives how many rows went."""
    return connection.execute(PRUNE, (before,)).rowcount
