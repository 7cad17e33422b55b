"""What leaves, a row each: reminders, updates of posts, digests, tips. A row is pending, leased while it's sent, then settled."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from bot.domain.durations import Instant, Seconds
from bot.domain.keys import encoded, reminder_keys
from bot.domain.notifications import Asking
from bot.domain.outgoing import Address, Attempt, DeadLetter, Due, DueNotice, DueReminder, DueUpdate, Paused, SentReminder
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.rules import Audience
from storage.sqlite import notifications, posts
from storage.sqlite.flushed import Flushed

COLUMNS = """
    id, kind, key, (SELECT waits.id FROM waits WHERE waits.no = outgoing.wait), step, audience, person, subject, due_at,
    attempt, failures, wait, post, left_platform, left_kind, left_place, left_key, left_at, sent_to, asking, left_under, stands,
    told
"""
"""In the order `_due` takes them."""

# -- put down

MOVE = "UPDATE outgoing SET step = ?, audience = ?, due_at = ?, failures = 0, asking = ? WHERE wait = ? AND state = 'pending'"
"""A new plan: what held up the old one is no reason to hurry."""

ADD = """
INSERT INTO outgoing (wait, n, key, step, audience, due_at)
SELECT ?, coalesce(max(n) + 1, 0), ? || coalesce(max(n) + 1, 0), ?, ?, ? FROM outgoing WHERE wait = ?
"""
"""One more than the last: of an old wait the rows that never left are gone."""

ADD_FIRST = "INSERT INTO outgoing (wait, n, key, step, audience, due_at) VALUES (?, 0, ?, ?, ?, ?)"

WITHDRAW = "UPDATE outgoing SET state = 'withdrawn' WHERE wait = ? AND state = 'pending'"

REMINDED = """
SELECT 1 FROM json_each(?) AS wanted
CROSS JOIN waits ON waits.id = wanted.value CROSS JOIN outgoing ON outgoing.wait = waits.no
WHERE outgoing.state NOT IN ('pending', 'withdrawn') LIMIT 1
"""

# -- leased

CLAIM = f"""
UPDATE outgoing SET state = 'sending', lease_until = :until, attempt = attempt + 1
WHERE id IN (
    SELECT id FROM (
        SELECT id, due_at FROM outgoing WHERE state = 'sending' AND lease_until <= :now %(but)s
        UNION ALL
        SELECT id, due_at FROM (
            SELECT id, due_at FROM outgoing WHERE state = 'pending' AND due_at <= :now %(but)s ORDER BY due_at, id LIMIT :count
        )
    )
    ORDER BY due_at, id LIMIT :count
)
RETURNING {COLUMNS}
"""
"""`but` is what is paused, see `_but`; nothing most of the time. A row whose lease has ended is leased again at once, without
becoming pending in between: it may have been delivered, so nothing but settling it (with its own key) may change it."""

NEXT = """
SELECT min(at) FROM (
    SELECT min(due_at) AS at FROM outgoing WHERE state = 'pending' %(but)s
    UNION ALL
    SELECT min(lease_until) FROM outgoing WHERE state = 'sending' %(but)s
    UNION ALL
    SELECT min(remove_at) FROM posts WHERE remove_at IS NOT NULL
)
"""

CLAIM_ALL, NEXT_OF_ALL = CLAIM % {"but": ""}, NEXT % {"but": ""}

GIVEN_UP = """
    kind = 'reminder'
    AND (wait, step) IN (SELECT dead.wait, dead.step FROM outgoing AS dead WHERE dead.state = 'dead' AND dead.kind = 'reminder')
"""
"""A reminder whose rung is tried again, because it was given up."""

CLAIM_GIVEN_UP = f"""
UPDATE outgoing SET state = 'sending', lease_until = :until, attempt = attempt + 1
WHERE state = 'pending' AND due_at > :now AND {GIVEN_UP} %(but)s
RETURNING {COLUMNS}
"""

WAKE = "UPDATE outgoing SET due_at = :now WHERE state = 'pending' AND due_at > :now AND failures > 0"

WAKE_GIVEN_UP = f"UPDATE outgoing SET due_at = :now WHERE state = 'pending' AND due_at > :now AND {GIVEN_UP}"

DROP_GIVEN_UP = f"""
UPDATE outgoing SET state = 'withdrawn', reason = '{ReasonCode.REPLACED}', detail = NULL
WHERE wait = (SELECT wait FROM outgoing WHERE id = :id) AND state = 'dead' AND step = :step AND id < :id
"""

LEAVE = """
UPDATE outgoing SET left_platform = ?, left_kind = ?, left_place = ?, left_key = ?, left_at = ?, sent_to = ?, left_under = ?,
    stands = ?, told = ?
WHERE id = ? AND state = 'sending' AND attempt = ?
"""

END_LEASES = """
UPDATE outgoing SET lease_until = CASE WHEN left_at IS NULL THEN 0 ELSE min(lease_until, ?) END
WHERE state = 'sending' AND lease_until > 0
"""

# -- settled: the attempt is the lease, because whoever leases a row again counts one more

OURS = "id = ? AND state = 'sending' AND attempt = ?"

FORGET = "left_platform = NULL, left_kind = NULL, left_place = NULL, left_key = NULL, left_at = NULL, left_under = NULL"
"""It is known what became of it."""

RENEW = f"UPDATE outgoing SET lease_until = ? WHERE {OURS}"

SENT = f"""
UPDATE outgoing SET state = 'sent', lease_until = NULL, sent_at = ?, sent_to = ?, post = coalesce(?, post), {FORGET}
WHERE {OURS}
"""
"""An update's own post stays what it is."""

AGAIN = f"""
UPDATE outgoing
SET state = 'pending', lease_until = NULL, due_at = ?, failures = failures + ?, {FORGET}, sent_to = NULL, stands = NULL
WHERE {OURS}
"""

UNCERTAIN = f"UPDATE outgoing SET lease_until = ?, failures = failures + ? WHERE {OURS}"

REPLACED = f"UPDATE outgoing SET state = 'withdrawn', lease_until = NULL, reason = '{ReasonCode.REPLACED}' WHERE {OURS}"

MOOT = f"UPDATE outgoing SET state = 'moot', lease_until = NULL, reason = ?, detail = ? WHERE {OURS}"

DEAD = f"UPDATE outgoing SET state = 'dead', lease_until = NULL, reason = ?, detail = ? WHERE {OURS}"

REFUSED = f"UPDATE outgoing SET state = 'dead', lease_until = NULL, reason = ?, detail = ?, {FORGET} WHERE {OURS}"

OTHER_OF_WAIT = "SELECT 1 FROM outgoing WHERE wait = (SELECT wait FROM outgoing WHERE id = ?) AND state = 'pending'"

OTHER_OF_POST = "SELECT 1 FROM outgoing WHERE post = ? AND kind = 'update' AND state = 'pending'"

COUNT = "INSERT OR IGNORE INTO recipients (person, sent_at, reminder) VALUES (?, ?, ?)"

COUNTED = """
SELECT 1 FROM recipients CROSS JOIN outgoing ON outgoing.id = recipients.reminder
WHERE recipients.person = ? AND recipients.sent_at = ? AND outgoing.post = ?
"""

# -- asked for

PENDING = f"""
SELECT {COLUMNS} FROM outgoing
WHERE wait = (SELECT no FROM waits WHERE waits.id = ?) AND state = 'pending'
"""

SENT_OF_WAIT = """
SELECT outgoing.step, outgoing.sent_at, outgoing.sent_to, posts.ref, outgoing.asking, stands.platform, stands.kind, stands.place,
    outgoing.told, outgoing.stands IS NOT NULL AND outgoing.stands <> outgoing.post
FROM waits CROSS JOIN outgoing ON outgoing.wait = waits.no LEFT JOIN posts ON posts.no = outgoing.post
    LEFT JOIN posts AS stands ON stands.no = coalesce(outgoing.stands, outgoing.post)
WHERE waits.id = ? AND outgoing.state = 'sent' ORDER BY outgoing.sent_at, outgoing.id
"""

ASKED = """
SELECT outgoing.step, coalesce(outgoing.sent_at, outgoing.left_at), outgoing.sent_to, outgoing.asking
FROM waits CROSS JOIN outgoing ON outgoing.wait = waits.no LEFT JOIN posts ON posts.no = outgoing.post
WHERE waits.id = ? AND outgoing.id <> ?
    AND (outgoing.state = 'sent' OR (outgoing.state = 'sending' AND outgoing.left_at IS NOT NULL))
    AND posts.remove_at IS NULL AND posts.removed_at IS NULL
ORDER BY 2, outgoing.id
"""
"""Not those whose post was taken away: whoever was asked there is asked again."""

SENT_SINCE = "SELECT count(*) FROM recipients WHERE person = ? AND sent_at >= ?"

DEAD_LETTERS = """
SELECT id, kind, (SELECT waits.id FROM waits WHERE waits.no = outgoing.wait), due_at, reason, detail, left_platform,
    left_kind, left_place, subject, key
FROM outgoing WHERE state = 'dead' ORDER BY due_at DESC, id DESC LIMIT ?
"""

NOTED = "kind = 'reminder' AND state = 'sent' AND post IS NULL"
"""Whatever really left is read in a post."""

NOTED_SINCE = f"""
SELECT (SELECT waits.id FROM waits WHERE waits.no = outgoing.wait), step, sent_at, sent_to
FROM outgoing WHERE {NOTED} AND sent_at >= ? ORDER BY sent_at, id
"""

UNCOUNT_NOTED = f"DELETE FROM recipients WHERE reminder IN (SELECT id FROM outgoing WHERE {NOTED})"

FORGET_NOTED = (
    f"UPDATE outgoing SET state = 'withdrawn', reason = '{ReasonCode.ONLY_NOTED}', sent_at = NULL, sent_to = NULL WHERE {NOTED}"
)
"""The rows stay, because reminders are numbered by them."""


def schedule(
    connection: sqlite3.Connection, no: int, wait: str, step: int, to: Audience, due_at: Instant, since: Instant | None
) -> None:
    """Make this the wait's one pending reminder: its pending row is moved, or a new one made. Others aren't touched."""
    asking = None if since is None else notifications.packed(Asking(since=since))
    if not connection.execute(MOVE, (step, to, due_at, asking, no)).rowcount:
        connection.execute(ADD, (no, reminder_keys(wait, step), step, to, due_at, no))


def schedule_first(connection: sqlite3.Connection, no: int, wait: str, step: int, to: Audience, due_at: Instant) -> None:
    """`schedule` for a wait that is known to have had no reminder yet."""
    connection.execute(ADD_FIRST, (no, f"{reminder_keys(wait, step)}0", step, to, due_at))


def reminded(connection: Flushed, waits: Sequence[str]) -> bool:
    """Whether a reminder of any of these waits, by id, has left, is on its way or was given up."""
    return connection.execute(REMINDED, (json.dumps(waits),)).fetchone() is not None


def withdraw(connection: sqlite3.Connection, no: int) -> None:
    """Withdraw the wait's pending reminder, if there is one."""
    connection.execute(WITHDRAW, (no,))


def claim(connection: sqlite3.Connection, now: Instant, limit: int, lease: Seconds, paused: Paused) -> Sequence[Due]:
    """Lease up to `limit` rows that are due (or whose lease has ended) for `lease` seconds, earliest first."""
    statement, values = CLAIM_ALL, {"now": now, "until": now + lease, "count": limit}
    if paused:
        but, more = _but(paused)
        statement, values = CLAIM % {"but": but}, values | more
    rows = connection.execute(statement, values).fetchall()
    # SQLite promises no order for RETURNING: https://sqlite.org/lang_returning.html
    return sorted(map(_due, rows), key=attrgetter("due_at", "id"))


def claim_given_up(connection: sqlite3.Connection, now: Instant, lease: Seconds, paused: Paused) -> Sequence[Due]:
    """Lease what is to be tried again after it was given up, before its time."""
    but, values = _but(paused) if paused else ("", {})
    rows = connection.execute(CLAIM_GIVEN_UP % {"but": but}, {"now": now, "until": now + lease} | values).fetchall()
    return sorted(map(_due, rows), key=attrgetter("due_at", "id"))


def wake(connection: sqlite3.Connection, now: Instant, given_up: bool) -> int:
    """Have what failed before tried at `now`, and perhaps what was given up. Gives how many rows."""
    statements = (WAKE, WAKE_GIVEN_UP) if given_up else (WAKE,)
    return sum(connection.execute(statement, {"now": now}).rowcount for statement in statements)


def drop_given_up(connection: sqlite3.Connection, due: Due) -> None:
    """Earlier rows of the same rung that were given up are listed no more."""
    if isinstance(due, DueReminder):
        connection.execute(DROP_GIVEN_UP, {"id": due.id, "step": due.step})


def next_due(connection: sqlite3.Connection, paused: Paused) -> Instant | None:
    """When the next row falls due or the next lease ends."""
    statement, values = NEXT_OF_ALL, dict[str, Any]()
    if paused:
        but, values = _but(paused)
        statement = NEXT % {"but": but}
    instant: Instant | None = connection.execute(statement, values).fetchone()[0]
    return instant


def _but(paused: Paused) -> tuple[str, dict[str, Any]]:
    """A condition that leaves out what is paused, and its values. A wait's id begins with its platform's name."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    for number, platform in enumerate(paused.platforms):
        name, begins = f"platform{number}", f"begins{number}"
        values |= {name: platform, begins: f"{encoded(platform)}:"}
        ours = f"substr(waits.id, 1, length(:{begins})) = :{begins}"
        conditions.append(f"AND NOT EXISTS (SELECT 1 FROM waits WHERE waits.no = outgoing.wait AND {ours})")
        there = f"SELECT 1 FROM posts WHERE posts.no = outgoing.post AND posts.platform = :{name}"
        conditions.append(f"AND NOT (kind = 'update' AND EXISTS ({there}))")
    if paused.channels:
        values["channels"] = json.dumps(paused.channels)
        theirs = "channels.key IN (SELECT value FROM json_each(:channels))"
        found = f"SELECT 1 FROM waits JOIN channels ON channels.no = waits.channel WHERE waits.no = outgoing.wait AND {theirs}"
        conditions.append(f"AND NOT EXISTS ({found})")
    if paused.notices:
        conditions.append("AND kind NOT IN ('digest', 'tip')")
    return " ".join(conditions), values


def mark_leaving(connection: sqlite3.Connection, leaving: Iterable[tuple[Due, Attempt]]) -> None:
    """These go on their way: from now on they may have arrived."""
    connection.executemany(
        LEAVE,
        [
            (
                left.address.platform,
                left.address.kind,
                left.address.id,
                left.key,
                left.at,
                json.dumps(left.to),
                left.under,
                left.stands,
                left.told,
                due.id,
                due.attempt,
            )
            for due, left in leaving
        ],
    )


def end_leases(connection: sqlite3.Connection, shown_from: Instant) -> int:
    """All leases end: whoever held them is gone. Those of what may have left end at `shown_from`, unless they end before. Gives
    how many."""
    return connection.execute(END_LEASES, (shown_from,)).rowcount


def renew(connection: sqlite3.Connection, due: Due, until: Instant) -> bool:
    """Keep a lease until then. False, as for all below, when the lease was somebody else's by now."""
    return _settle(connection, due, RENEW, until)


def mark_sent(
    connection: sqlite3.Connection,
    due: Due,
    at: Instant,
    to: tuple[str, ...],
    ref: str | None,
    address: Address | None,
    under: int | None,
) -> bool:
    """It left, and is read in the post `ref` at `address` if those are given, below the post `under`."""
    post, new = None, True
    if ref is not None and address is not None and not isinstance(due, DueUpdate):
        post, new = posts.number(connection, address, ref, at, under=under)
    if not _settle(connection, due, SENT, at, json.dumps(to), post):
        return False
    for person in to:
        # Several waits in one message are one reminder to whoever reads it: was this one counted with another wait?
        if new or post is None or connection.execute(COUNTED, (person, at, post)).fetchone() is None:
            connection.execute(COUNT, (person, at, due.id))
    return True


def mark_again(connection: sqlite3.Connection, due: Due, due_at: Instant, failed: bool, uncertain: bool) -> bool:
    """Back to pending, or leased until `due_at` when it is `uncertain` whether it arrived: nobody may withdraw or move it before
    it is known what became of it."""
    if uncertain:
        return _settle(connection, due, UNCERTAIN, due_at, int(failed))
    if isinstance(due, DueReminder):
        replaced = connection.execute(OTHER_OF_WAIT, (due.id,)).fetchone()
    elif isinstance(due, DueUpdate):
        replaced = connection.execute(OTHER_OF_POST, (due.post,)).fetchone()
    else:
        replaced = None
    if replaced:
        return _settle(connection, due, REPLACED)
    return _settle(connection, due, AGAIN, due_at, int(failed))


def mark_moot(connection: sqlite3.Connection, due: Due, reason: Reason) -> bool:
    """It isn't needed any more."""
    return _settle(connection, due, MOOT, reason.code.value, _detail(reason))


def mark_dead(connection: sqlite3.Connection, due: Due, reason: Reason, refused: bool) -> bool:
    """It can't be delivered."""
    if isinstance(due, DueNotice):
        notifications.withdraw_appeals(connection, due.key)
    if not _settle(connection, due, REFUSED if refused else DEAD, reason.code.value, _detail(reason)):
        return False
    if not refused:
        notifications.count_doubtful(connection, due)
    return True


def _detail(reason: Reason) -> str | None:
    return json.dumps(reason.about) if reason.about else None


def _settle(connection: sqlite3.Connection, due: Due, statement: str, *values: Any) -> bool:
    """Change a row that is leased to us."""
    return connection.execute(statement, (*values, due.id, due.attempt)).rowcount == 1


def sent_since(connection: sqlite3.Connection, person: str, since: Instant) -> int:
    """How many reminders to a person left at `since` or later; a message with several waits is one."""
    count: int = connection.execute(SENT_SINCE, (person, since)).fetchone()[0]
    return count


def pending(connection: Flushed, wait: str) -> DueReminder | None:
    """The wait's pending reminder."""
    row = connection.execute(PENDING, (wait,)).fetchone()
    if row is None:
        return None
    due = _due(row)
    assert isinstance(due, DueReminder)
    return due


def sent(connection: Flushed, wait: str) -> tuple[SentReminder, ...]:
    """The reminders about a wait that left, in order."""
    rows = connection.execute(SENT_OF_WAIT, (wait,)).fetchall()
    return tuple(
        SentReminder(
            wait=wait,
            step=step,
            at=at,
            to=tuple(json.loads(to)),
            ref=ref,
            asking=notifications.unpacked(asking),
            address=None if platform is None else Address(platform, kind, place),
            told=told or 0,
            line=bool(line),
        )
        for step, at, to, ref, asking, platform, kind, place, told, line in rows
    )


def asked(connection: Flushed, wait: str, but: Due) -> tuple[SentReminder, ...]:
    """The reminders about a wait that left, or may have, all but one; in order."""
    rows = connection.execute(ASKED, (wait, but.id)).fetchall()
    return tuple(
        SentReminder(wait=wait, step=step, at=at, to=tuple(json.loads(to)), asking=notifications.unpacked(asking))
        for step, at, to, asking in rows
    )


def dead(connection: Flushed, limit: int) -> tuple[DeadLetter, ...]:
    """What could not be delivered, latest first."""
    rows = connection.execute(DEAD_LETTERS, (limit,)).fetchall()
    return tuple(
        DeadLetter(
            id=id,
            what=kind,
            wait=wait,
            due_at=due_at,
            reason=Reason(code=ReasonCode(reason), about=() if detail is None else tuple(json.loads(detail))),
            address=Address(platform, to, place) if to is not None else None,
            subject=posts.SUBJECTS.get(subject),
            key=key if kind in ("digest", "tip") else "",
        )
        for id, kind, wait, due_at, reason, detail, platform, to, place, subject, key in rows
    )


def noted_since(connection: Flushed, since: Instant) -> tuple[SentReminder, ...]:
    """The reminders that were only noted, at `since` or later, in order."""
    rows = connection.execute(NOTED_SINCE, (since,)).fetchall()
    return tuple(SentReminder(wait=wait, step=step, at=at, to=tuple(json.loads(to))) for wait, step, at, to in rows)


def forget_noted(connection: sqlite3.Connection) -> int:
    """Count the reminders that were only noted as never sent. Gives how many."""
    connection.execute(UNCOUNT_NOTED)
    return connection.execute(FORGET_NOTED).rowcount


def _due(row: tuple[Any, ...]) -> Due:
    id, kind, key, wait, step, audience, person, subject, due_at, attempt, failures, no, post, *left = row
    platform, left_kind, place, left_key, left_at, to, asking, under, stands, told = left
    gone = None
    if left_kind is not None:
        gone = Attempt(
            address=Address(platform, left_kind, place),
            key=left_key,
            at=left_at,
            to=tuple(json.loads(to)),
            under=under,
            stands=stands,
            told=told or 0,
        )
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
            asking=notifications.unpacked(asking),
        )
    if kind == "update":
        return DueUpdate(id=id, post=post, due_at=due_at, attempt=attempt, failures=failures)
    return DueNotice(
        id=id,
        key=key,
        kind=kind,
        person=person,
        subject=posts.SUBJECTS.get(subject),
        due_at=due_at,
        attempt=attempt,
        failures=failures,
        left=gone,
    )
