"""Reminders: one row for each that leaves. A row is pending, then leased while it's being sent, then settled."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from bot.core.model import Audience, Instant, Seconds
from bot.ports import DueReminder, SentReminder

CLAIM = """
UPDATE outgoing SET state = 'sending', lease_until = :until, attempt = attempt + 1
WHERE id IN (
    SELECT id FROM (
        SELECT id, due_at FROM outgoing WHERE state = 'sending' AND lease_until <= :now
        UNION ALL
        SELECT id, due_at FROM (
            SELECT id, due_at FROM outgoing WHERE state = 'pending' AND due_at <= :now ORDER BY due_at, id LIMIT :count
        )
    )
    ORDER BY due_at, id LIMIT :count
)
RETURNING id, key, (SELECT waits.id FROM waits WHERE waits.no = outgoing.wait), step, audience, due_at, attempt
"""
"""A row whose lease has ended is leased again at once, without becoming pending in between: it may have been delivered, so
nothing but settling it (with its own key) may change it."""

NEXT = """
SELECT min(at) FROM (
    SELECT min(due_at) AS at FROM outgoing WHERE state = 'pending'
    UNION ALL
    SELECT min(lease_until) FROM outgoing WHERE state = 'sending'
)
"""


def schedule(connection: sqlite3.Connection, no: int, wait: str, step: int, to: Audience, due_at: Instant) -> None:
    """Make this the wait's one pending reminder: its pending row is moved, or a new one made. Others aren't touched."""
    moved = connection.execute(
        "UPDATE outgoing SET step = ?, audience = ?, due_at = ? WHERE wait = ? AND state = 'pending'", (step, to, due_at, no)
    ).rowcount
    if moved:
        return
    connection.execute(
        "INSERT INTO outgoing (wait, n, key, step, audience, due_at) "
        "SELECT ?, count(*), ? || count(*), ?, ?, ? FROM outgoing WHERE wait = ?",
        (no, f"{wait}#{step}.", step, to, due_at, no),
    )


def schedule_first(connection: sqlite3.Connection, no: int, wait: str, step: int, to: Audience, due_at: Instant) -> None:
    """`schedule` for a wait that is known to have had no reminder yet."""
    connection.execute(
        "INSERT INTO outgoing (wait, n, key, step, audience, due_at) VALUES (?, 0, ?, ?, ?, ?)",
        (no, f"{wait}#{step}.0", step, to, due_at),
    )


def withdraw(connection: sqlite3.Connection, no: int) -> None:
    """Withdraw the wait's pending reminder, if there is one."""
    connection.execute("UPDATE outgoing SET state = 'withdrawn' WHERE wait = ? AND state = 'pending'", (no,))


def pending(connection: sqlite3.Connection, wait: str) -> DueReminder | None:
    """The wait's pending reminder."""
    row = connection.execute(
        "SELECT outgoing.id, outgoing.key, waits.id, outgoing.step, outgoing.audience, outgoing.due_at, outgoing.attempt "
        "FROM waits CROSS JOIN outgoing ON outgoing.wait = waits.no WHERE waits.id = ? AND outgoing.state = 'pending'",
        (wait,),
    ).fetchone()
    return None if row is None else _due(row)


def sent(connection: sqlite3.Connection, wait: str) -> tuple[SentReminder, ...]:
    """The reminders about a wait that left, in order."""
    rows = connection.execute(
        "SELECT outgoing.step, outgoing.sent_at, outgoing.sent_to, outgoing.ref "
        "FROM waits CROSS JOIN outgoing ON outgoing.wait = waits.no "
        "WHERE waits.id = ? AND outgoing.state = 'sent' ORDER BY outgoing.sent_at, outgoing.id",
        (wait,),
    ).fetchall()
    return tuple(SentReminder(wait=wait, step=step, at=at, to=tuple(json.loads(to)), ref=ref) for step, at, to, ref in rows)


def claim(connection: sqlite3.Connection, now: Instant, limit: int, lease: Seconds) -> Sequence[DueReminder]:
    """Lease up to `limit` due reminders (or ones whose lease has ended) for `lease` seconds, earliest first."""
    rows = connection.execute(CLAIM, {"now": now, "until": now + lease, "count": limit}).fetchall()
    # SQLite promises no order for RETURNING: https://sqlite.org/lang_returning.html
    return sorted(map(_due, rows), key=attrgetter("due_at", "id"))


def _due(row: tuple[Any, ...]) -> DueReminder:
    id, key, wait, step, to, due_at, attempt = row
    return DueReminder(id=id, key=key, wait=wait, step=step, to=to, due_at=due_at, attempt=attempt)


def next_due(connection: sqlite3.Connection) -> Instant | None:
    """When the next reminder falls due or the next lease ends."""
    instant: Instant | None = connection.execute(NEXT).fetchone()[0]
    return instant


def mark_sent(connection: sqlite3.Connection, due: DueReminder, at: Instant, to: tuple[str, ...], ref: str | None) -> bool:
    """The reminder left. False when the lease was somebody else's by now."""
    left = connection.execute(
        "UPDATE outgoing SET state = 'sent', lease_until = NULL, sent_at = ?, sent_to = ?, ref = ? "
        "WHERE id = ? AND state = 'sending' AND attempt = ?",
        (at, json.dumps(to), ref, due.id, due.attempt),
    ).rowcount
    if not left:
        return False
    for person in to:
        connection.execute("INSERT OR IGNORE INTO recipients (person, sent_at, reminder) VALUES (?, ?, ?)", (person, at, due.id))
    return True


def sent_since(connection: sqlite3.Connection, person: str, since: Instant) -> int:
    """How many reminders to a person left at `since` or later."""
    row = connection.execute("SELECT count(*) FROM recipients WHERE person = ? AND sent_at >= ?", (person, since)).fetchone()
    count: int = row[0]
    return count


def mark_again(connection: sqlite3.Connection, due: DueReminder, due_at: Instant) -> bool:
    """Back to pending. False when the lease was somebody else's by now.

    When the wait got another pending reminder meanwhile, that one stands and this one is withdrawn: a wait has one.
    """
    replaced = connection.execute(
        "SELECT 1 FROM outgoing WHERE wait = (SELECT wait FROM outgoing WHERE id = ?) AND state = 'pending'", (due.id,)
    ).fetchone()
    if replaced:
        return _settle(connection, due, "withdrawn", "a later reminder took its place")
    return (
        connection.execute(
            "UPDATE outgoing SET state = 'pending', lease_until = NULL, due_at = ? "
            "WHERE id = ? AND state = 'sending' AND attempt = ?",
            (due_at, due.id, due.attempt),
        ).rowcount
        == 1
    )


def mark_moot(connection: sqlite3.Connection, due: DueReminder, reason: str) -> bool:
    """The reminder isn't needed any more. False when the lease was somebody else's by now."""
    return _settle(connection, due, "moot", reason)


def mark_dead(connection: sqlite3.Connection, due: DueReminder, reason: str) -> bool:
    """The reminder can't be delivered. False when the lease was somebody else's by now."""
    return _settle(connection, due, "dead", reason)


def _settle(connection: sqlite3.Connection, due: DueReminder, state: str, reason: str) -> bool:
    return (
        connection.execute(
            "UPDATE outgoing SET state = ?, lease_until = NULL, reason = ? WHERE id = ? AND state = 'sending' AND attempt = ?",
            (state, reason, due.id, due.attempt),
        ).rowcount
        == 1
    )
