"""Tips: kept once each, shown once; and what members wrote, by which they are noticed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from bot.domain.durations import Instant
from bot.domain.tips import KeptTip, SaidBefore, Tip, TipKind, TipMessage
from storage.sqlite import messages
from storage.sqlite.flushed import Flushed
from storage.sqlite.messages import Unpack

KEEP = """
INSERT INTO tips (key, kind, member, at, trigger_key, number, about) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO NOTHING
"""

KEEP_MESSAGE = "INSERT INTO tip_messages (tip, place, channel, message, at, thread) VALUES (?, ?, ?, ?, ?, ?)"

SEE = "UPDATE tips SET told_at = ? WHERE key = ? AND told_at IS NULL"

_LEFT = "(outgoing.state = 'sent' OR (outgoing.state IN ('sending', 'dead') AND outgoing.left_at IS NOT NULL))"
"""It arrived, or may have: what surely didn't isn't on its way to anywhere any more."""

OF_MEMBER = f"""
SELECT tips.no, tips.kind, tips.member, tips.at, tips.trigger_key, tips.number, tips.about,
    coalesce(tips.told_at, CASE WHEN {_LEFT} THEN coalesce(outgoing.sent_at, outgoing.left_at) END),
    outgoing.state IN ('pending', 'sending')
FROM tips LEFT JOIN outgoing ON outgoing.key = tips.key AND outgoing.kind IN ('digest', 'tip')
WHERE tips.member = ? AND tips.at >= ? ORDER BY tips.at, tips.no
"""

MESSAGES = """
SELECT channels.key, tip_messages.message, tip_messages.at, tip_messages.thread
FROM tip_messages CROSS JOIN channels ON channels.no = tip_messages.channel
WHERE tip_messages.tip = ? ORDER BY tip_messages.place
"""

WITHDRAW = """
UPDATE tips SET told_at = at
WHERE told_at IS NULL AND no IN (SELECT tip FROM tip_messages WHERE channel = ? AND message = ?)
"""

SAID_BY = f"""
SELECT channels.key, {", ".join(f"messages.{column}" for column in messages.COLUMNS.split(", "))}
FROM messages CROSS JOIN channels ON channels.no = messages.channel
WHERE messages.role = 'member' AND messages.author = ? AND messages.at >= ?
ORDER BY messages.at DESC LIMIT ?
"""

CUSTOMER_WROTE = "SELECT 1 FROM messages WHERE channel = ? AND role = 'customer' LIMIT 1"

PRUNE = "DELETE FROM tips WHERE at < ?"


def keep(connection: sqlite3.Connection, tip: Tip, number: Callable[[str], int]) -> None:
    """Keep a tip, unless there was one with its key before."""
    row = (tip.key, tip.kind, tip.member, tip.at, tip.trigger, tip.count, tip.about)
    done = connection.execute(KEEP, row)
    if not done.rowcount:
        return
    rows = [(done.lastrowid, place, number(one.channel), one.id, one.at, one.thread) for place, one in enumerate(tip.messages)]
    connection.executemany(KEEP_MESSAGE, rows)


def see(connection: sqlite3.Connection, key: str, at: Instant) -> None:
    """A tip is shown. One that was before stays as it is."""
    connection.execute(SEE, (at, key))


def withdraw(connection: sqlite3.Connection, channel: int, message: str) -> None:
    """A message was deleted: whoever took it back needs no tip about it. What they know of already stays."""
    connection.execute(WITHDRAW, (channel, message))


def of_member(connection: sqlite3.Connection, member: str, since: Instant) -> tuple[KeptTip, ...]:
    """A member's tips that were made at an instant or later, in order."""
    found: list[KeptTip] = []
    for no, kind, of, at, trigger, count, about, told_at, ahead in connection.execute(OF_MEMBER, (member, since)).fetchall():
        rests_on = tuple(
            TipMessage(channel=channel, id=id, at=written_at, thread=thread)
            for channel, id, written_at, thread in connection.execute(MESSAGES, (no,)).fetchall()
        )
        tip = Tip(kind=TipKind(kind), member=of, at=at, trigger=trigger, count=count, messages=rests_on, about=about)
        found.append(KeptTip(tip=tip, told_at=told_at, ahead=bool(ahead)))
    return tuple(found)


def said_by(connection: Flushed, member: str, since: Instant, limit: int, unpack: Unpack) -> tuple[SaidBefore, ...]:
    """What a member wrote at an instant or later, the latest `limit`, oldest first."""
    rows = connection.execute(SAID_BY, (member, since, limit)).fetchall()
    return tuple(SaidBefore(channel=key, message=messages.seen(row, unpack)) for key, *row in reversed(rows))


def customer_wrote(connection: Flushed, channel: int) -> bool:
    """Whether a message of a customer's is stored of the channel with this number."""
    return connection.execute(CUSTOMER_WROTE, (channel,)).fetchone() is not None


def prune(connection: sqlite3.Connection, before: Instant) -> int:
    """Forget the tips from before an instant. Gives how many went."""
    return connection.execute(PRUNE, (before,)).rowcount
