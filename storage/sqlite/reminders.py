"""What leaves, a row each: reminders, updates of posts, digests, tips. A row is pending, leased while it's sent, then settled."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from bot.domain.durations import Instant, Seconds
from bot.domain.keys import reminder_keys
from bot.domain.outgoing import Address, Attempt, DeadLetter, Due, DueNotice, DueReminder, DueUpdate, SentReminder
from bot.domain.rules import Audience
from bot.domain.writes import AddNotice
from bot.waits.ladder import OVER_BUDGET
from storage.sqlite import posts

COLUMNS = (
    "id, kind, key, (SELECT waits.id FROM waits WHERE waits.no = outgoing.wait), step, audience, person, subject, due_at, "
    "attempt, failures, wait, post, left_platform, left_kind, left_place, left_key, left_at, sent_to"
)
"""In the order `_due` takes them."""

CLAIM = f"""
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
RETURNING {COLUMNS}
"""
"""A row whose lease has ended is leased again at once, without becoming pending in between: it may have been delivered, so
nothing but settling it (with its own key) may change it."""

FORGET = "left_platform = NULL, left_kind = NULL, left_place = NULL, left_key = NULL, left_at = NULL"
"""It is known what became of it."""

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
        (no, reminder_keys(wait, step), step, to, due_at, no),
    )


def schedule_first(connection: sqlite3.Connection, no: int, wait: str, step: int, to: Audience, due_at: Instant) -> None:
    """`schedule` for a wait that is known to have had no reminder yet."""
    connection.execute(
        "INSERT INTO outgoing (wait, n, key, step, audience, due_at) VALUES (?, 0, ?, ?, ?, ?)",
        (no, f"{reminder_keys(wait, step)}0", step, to, due_at),
    )


def announce(connection: sqlite3.Connection, notice: AddNotice) -> None:
    """Add a digest or a tip, unless there was one with its key before."""
    connection.execute(
        "INSERT INTO outgoing (kind, key, person, subject, due_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (key) WHERE kind IN ('digest', 'tip') DO NOTHING",
        (notice.kind, notice.key, notice.person, notice.subject, notice.due_at),
    )


MISSED = """
UPDATE outgoing SET state = 'withdrawn', reason = 'missed; a later one says it all'
WHERE state = 'pending' AND kind = 'digest' AND due_at < :now AND EXISTS (
    SELECT 1 FROM outgoing AS later
    WHERE later.state = 'pending' AND later.kind = 'digest' AND later.subject = outgoing.subject
        AND later.due_at > outgoing.due_at AND later.due_at < :now
)
"""


def drop_missed_digests(connection: sqlite3.Connection, now: Instant) -> int:
    """Withdraw the digests whose slot passed before `now`, all but the latest of each subject. Gives how many went."""
    return connection.execute(MISSED, {"now": now}).rowcount


def left_out(connection: sqlite3.Connection, wait: str, since: Instant) -> bool:
    """Whether a reminder about a wait was left out at `since` or later because somebody's day was full."""
    row = connection.execute(
        "SELECT 1 FROM waits CROSS JOIN outgoing ON outgoing.wait = waits.no "
        "WHERE waits.id = ? AND outgoing.state = 'moot' AND outgoing.due_at >= ? AND outgoing.reason LIKE ? LIMIT 1",
        (wait, since, f"{OVER_BUDGET}%"),
    ).fetchone()
    return row is not None


def withdraw(connection: sqlite3.Connection, no: int) -> None:
    """Withdraw the wait's pending reminder, if there is one."""
    connection.execute("UPDATE outgoing SET state = 'withdrawn' WHERE wait = ? AND state = 'pending'", (no,))


def pending(connection: sqlite3.Connection, wait: str) -> DueReminder | None:
    """The wait's pending reminder."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM outgoing WHERE wait = (SELECT no FROM waits WHERE waits.id = ?) AND state = 'pending'", (wait,)
    ).fetchone()
    if row is None:
        return None
    due = _due(row)
    assert isinstance(due, DueReminder)
    return due


def sent(connection: sqlite3.Connection, wait: str) -> tuple[SentReminder, ...]:
    """The reminders about a wait that left, in order."""
    rows = connection.execute(
        "SELECT outgoing.step, outgoing.sent_at, outgoing.sent_to, posts.ref "
        "FROM waits CROSS JOIN outgoing ON outgoing.wait = waits.no LEFT JOIN posts ON posts.no = outgoing.post "
        "WHERE waits.id = ? AND outgoing.state = 'sent' ORDER BY outgoing.sent_at, outgoing.id",
        (wait,),
    ).fetchall()
    return tuple(SentReminder(wait=wait, step=step, at=at, to=tuple(json.loads(to)), ref=ref) for step, at, to, ref in rows)


def claim(connection: sqlite3.Connection, now: Instant, limit: int, lease: Seconds) -> Sequence[Due]:
    """Lease up to `limit` rows that are due (or whose lease has ended) for `lease` seconds, earliest first."""
    rows = connection.execute(CLAIM, {"now": now, "until": now + lease, "count": limit}).fetchall()
    # SQLite promises no order for RETURNING: https://sqlite.org/lang_returning.html
    return sorted(map(_due, rows), key=attrgetter("due_at", "id"))


def _due(row: tuple[Any, ...]) -> Due:
    id, kind, key, wait, step, audience, person, subject, due_at, attempt, failures, no, post, *left = row
    platform, left_kind, place, left_key, left_at, to = left
    gone = None
    if left_kind is not None:
        gone = Attempt(address=Address(platform, left_kind, place), key=left_key, at=left_at, to=tuple(json.loads(to)))
    if kind == "reminder":
        return DueReminder(
            id=id,
            key=key,
            wait=wait,
            step=step,
            to=audience,
            due_at=due_at,
            attempt=attempt,
            failures=failures,
            left=gone,
            handle=f"w{no}",
        )
    if kind == "update":
        return DueUpdate(id=id, post=post, due_at=due_at, attempt=attempt, failures=failures)
    return DueNotice(
        id=id, key=key, kind=kind, person=person, subject=subject, due_at=due_at, attempt=attempt, failures=failures, left=gone
    )


def next_due(connection: sqlite3.Connection) -> Instant | None:
    """When the next row falls due or the next lease ends."""
    instant: Instant | None = connection.execute(NEXT).fetchone()[0]
    return instant


def renew(connection: sqlite3.Connection, due: Due, until: Instant) -> bool:
    """Keep a lease until then. False, as for all below, when the lease was somebody else's by now."""
    return _change(connection, due, "lease_until = ?", until)


def mark_leaving(connection: sqlite3.Connection, leaving: Iterable[tuple[Due, Attempt]]) -> None:
    """These go on their way: from now on they may have arrived."""
    connection.executemany(
        "UPDATE outgoing SET left_platform = ?, left_kind = ?, left_place = ?, left_key = ?, left_at = ?, sent_to = ? "
        "WHERE id = ? AND state = 'sending' AND attempt = ?",
        [
            (
                left.address.platform,
                left.address.kind,
                left.address.id,
                left.key,
                left.at,
                json.dumps(left.to),
                due.id,
                due.attempt,
            )
            for due, left in leaving
        ],
    )


def mark_sent(
    connection: sqlite3.Connection, due: Due, at: Instant, to: tuple[str, ...], ref: str | None, address: Address | None
) -> bool:
    """It left, and is read in the post `ref` at `address` if those are given."""
    post, new = None, True
    if ref is not None and address is not None and not isinstance(due, DueUpdate):
        post, new = posts.number(connection, address, ref, at)
    # An update's own post stays what it is.
    changes = f"state = 'sent', lease_until = NULL, sent_at = ?, sent_to = ?, post = coalesce(?, post), {FORGET}"
    if not _change(connection, due, changes, at, json.dumps(to), post):
        return False
    for person in to:
        if new or post is None or not _counted(connection, person, at, post):
            counted = "INSERT OR IGNORE INTO recipients (person, sent_at, reminder) VALUES (?, ?, ?)"
            connection.execute(counted, (person, at, due.id))
    return True


def _counted(connection: sqlite3.Connection, person: str, at: Instant, post: int) -> bool:
    """Several waits in one message are one reminder to whoever reads it: was this one counted with another wait?"""
    found = connection.execute(
        "SELECT 1 FROM recipients CROSS JOIN outgoing ON outgoing.id = recipients.reminder "
        "WHERE recipients.person = ? AND recipients.sent_at = ? AND outgoing.post = ?",
        (person, at, post),
    ).fetchone()
    return found is not None


def sent_since(connection: sqlite3.Connection, person: str, since: Instant) -> int:
    """How many reminders to a person left at `since` or later; a message with several waits is one."""
    row = connection.execute("SELECT count(*) FROM recipients WHERE person = ? AND sent_at >= ?", (person, since)).fetchone()
    count: int = row[0]
    return count


def mark_again(connection: sqlite3.Connection, due: Due, due_at: Instant, failed: bool, uncertain: bool) -> bool:
    """Back to pending. When another row of the same wait or post is pending meanwhile, that one stands and this one is
    withdrawn: there is one.

    What may have arrived stays leased until then, so that nobody withdraws or moves it before it is known what became of it.
    """
    if uncertain:
        return _change(connection, due, "lease_until = ?, failures = failures + ?", due_at, int(failed))
    if isinstance(due, DueReminder):
        other = "SELECT 1 FROM outgoing WHERE wait = (SELECT wait FROM outgoing WHERE id = ?) AND state = 'pending'"
        replaced = connection.execute(other, (due.id,)).fetchone()
    elif isinstance(due, DueUpdate):
        other = "SELECT 1 FROM outgoing WHERE post = ? AND kind = 'update' AND state = 'pending'"
        replaced = connection.execute(other, (due.post,)).fetchone()
    else:
        replaced = None
    if replaced:
        return _settle(connection, due, "withdrawn", "a later one took its place")
    changes = f"state = 'pending', lease_until = NULL, due_at = ?, failures = failures + ?, {FORGET}, sent_to = NULL"
    return _change(connection, due, changes, due_at, int(failed))


def mark_moot(connection: sqlite3.Connection, due: Due, reason: str) -> bool:
    """It isn't needed any more."""
    return _settle(connection, due, "moot", reason)


def mark_dead(connection: sqlite3.Connection, due: Due, reason: str, refused: bool) -> bool:
    """It can't be delivered. Where it was on its way to stays known, unless it was `refused` there."""
    forgotten = f", {FORGET}" if refused else ""
    return _change(connection, due, f"state = 'dead', lease_until = NULL, reason = ?{forgotten}", reason)


def dead(connection: sqlite3.Connection, limit: int) -> tuple[DeadLetter, ...]:
    """What could not be delivered, latest first."""
    rows = connection.execute(
        "SELECT id, kind, (SELECT waits.id FROM waits WHERE waits.no = outgoing.wait), due_at, reason, left_platform, left_kind, "
        "left_place, subject FROM outgoing WHERE state = 'dead' ORDER BY due_at DESC, id DESC LIMIT ?",
        (limit,),
    ).fetchall()
    return tuple(
        DeadLetter(
            id=id,
            what=kind,
            wait=wait,
            due_at=due_at,
            reason=reason,
            address=Address(platform, to, place) if to is not None else None,
            subject=subject or "",
        )
        for id, kind, wait, due_at, reason, platform, to, place, subject in rows
    )


def end_leases(connection: sqlite3.Connection, shown_from: Instant) -> int:
    """All leases end: whoever held them is gone. Those of what may have left end at `shown_from`, unless they end before. Gives
    how many."""
    until = "CASE WHEN left_at IS NULL THEN 0 ELSE min(lease_until, ?) END"
    return connection.execute(
        f"UPDATE outgoing SET lease_until = {until} WHERE state = 'sending' AND lease_until > 0", (shown_from,)
    ).rowcount


NOTED = "kind = 'reminder' AND state = 'sent' AND post IS NULL"
"""Whatever really left is read in a post."""


def noted_since(connection: sqlite3.Connection, since: Instant) -> tuple[SentReminder, ...]:
    """The reminders that were only noted, at `since` or later, in order."""
    rows = connection.execute(
        "SELECT (SELECT waits.id FROM waits WHERE waits.no = outgoing.wait), step, sent_at, sent_to FROM outgoing "
        f"WHERE {NOTED} AND sent_at >= ? ORDER BY sent_at, id",
        (since,),
    ).fetchall()
    return tuple(SentReminder(wait=wait, step=step, at=at, to=tuple(json.loads(to))) for wait, step, at, to in rows)


def forget_noted(connection: sqlite3.Connection) -> int:
    """Count the reminders that were only noted as never sent. Their rows stay, because reminders are numbered by them. Gives how
    many."""
    connection.execute(f"DELETE FROM recipients WHERE reminder IN (SELECT id FROM outgoing WHERE {NOTED})")
    never = "state = 'withdrawn', reason = 'only noted', sent_at = NULL, sent_to = NULL"
    return connection.execute(f"UPDATE outgoing SET {never} WHERE {NOTED}").rowcount


def _settle(connection: sqlite3.Connection, due: Due, state: str, reason: str) -> bool:
    return _change(connection, due, "state = ?, lease_until = NULL, reason = ?", state, reason)


def _change(connection: sqlite3.Connection, due: Due, changes: str, *values: Any) -> bool:
    """Change a row that is leased to us. The attempt is the lease: whoever leases it again counts one more."""
    changed = connection.execute(
        f"UPDATE outgoing SET {changes} WHERE id = ? AND state = 'sending' AND attempt = ?", (*values, due.id, due.attempt)
    )
    return changed.rowcount == 1
