"""Waits and the messages that belong to them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.waits import (
    FollowUp,
    Hold,
    HoldKind,
    Insistence,
    Reply,
    ReplyKind,
    Target,
    Wait,
    WaitState,
)
from storage.sqlite import held_rows, marks
from storage.sqlite.flushed import Flushed
from storage.sqlite.json_texts import packed

COLUMNS = """
    waits.id, channels.key, waits.customer, waits.thread, waits.opened_at, waits.last_at, waits.state, waits.ended_at,
    waits.hold_kind, waits.hold_since, waits.hold_until, waits.hold_by, waits.owner, waits.owner_reason, waits.sure,
    waits.automatic, waits.came_back_from, waits.checked_by, waits.ladder_from, waits.opened_by, waits.maybe, waits.insisted,
    waits.newcomer, waits.target_first, waits.target_whose, waits.went_on, waits.messages, waits.replies, waits.not_me,
    waits.evidence, waits.named, waits.handed, waits.displaced, waits.by_thread, waits.in_private,
    waits.by_channel, waits.automatic_by, waits.hold_noted, waits.let_go
"""
"""In the order `_wait` takes them."""

WAITS = "waits CROSS JOIN channels ON channels.no = waits.channel"
"""CROSS JOIN keeps SQLite from starting at `channels`."""

UPDATE = """
UPDATE waits SET customer = ?, thread = ?, opened_at = ?, last_at = ?, state = ?, ended_at = ?, hold_kind = ?, hold_since = ?,
    hold_until = ?, hold_by = ?, owner = ?, owner_reason = ?, sure = ?, automatic = ?, came_back_from = ?, checked_by = ?,
    ladder_from = ?, opened_by = ?, maybe = ?, insisted = ?, newcomer = ?, target_first = ?,
    target_whose = ?, went_on = ?, messages = ?, replies = ?, not_me = ?, evidence = ?, named = ?, handed = ?, displaced = ?,
    by_thread = ?, in_private = ?, by_channel = ?, automatic_by = ?, hold_noted = ?, let_go = ?
WHERE no = ?
"""

INSERT = """
INSERT INTO waits (customer, thread, opened_at, last_at, state, ended_at, hold_kind, hold_since, hold_until, hold_by, owner,
    owner_reason, sure, automatic, came_back_from, checked_by, ladder_from, opened_by, maybe, insisted, newcomer,
    target_first, target_whose, went_on, messages, replies, not_me, evidence, named, handed, displaced, by_thread,
    in_private, by_channel, automatic_by, hold_noted, let_go, id, channel)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING
"""

STORED = """
SELECT waits.no, wait_messages.message, wait_messages.link
FROM waits LEFT JOIN wait_messages ON wait_messages.wait = waits.no
WHERE waits.id = ?
"""

NUMBER = "SELECT no FROM waits WHERE id = ?"

LINK = "INSERT INTO wait_messages (wait, message, link) VALUES (?, ?, ?)"

UNLINK = "DELETE FROM wait_messages WHERE wait = ? AND message = ?"

ONE = f"SELECT {COLUMNS} FROM {WAITS} WHERE waits.id = ?"

LOST = f"SELECT {COLUMNS} FROM {WAITS} WHERE waits.by_channel = 1 AND waits.ended_at IS NOT NULL ORDER BY waits.ended_at"

LONGEST_NUMBER = 18
"""Digits of a handle: more don't fit into a row number."""

NUMBERED = f"SELECT {COLUMNS} FROM {WAITS} WHERE waits.no = ?"

SEVERAL = f"""
SELECT {COLUMNS} FROM json_each(?) AS wanted
CROSS JOIN waits ON waits.id = wanted.value CROSS JOIN channels ON channels.no = waits.channel
"""

OPEN_IN = f"""
SELECT {COLUMNS} FROM {WAITS}
WHERE waits.channel = ? AND waits.state = 'waiting' ORDER BY waits.opened_at DESC, waits.no DESC LIMIT ?
"""

ENDED_IN = f"""
SELECT {COLUMNS} FROM {WAITS}
WHERE waits.channel = ? AND waits.state <> 'waiting' AND waits.ended_at >= ?
ORDER BY waits.ended_at DESC, waits.no DESC LIMIT ?
"""

OF_CUSTOMER = "SELECT id FROM waits WHERE customer = ? ORDER BY no LIMIT 2"

LATEST_OF_CUSTOMER = f"""
SELECT {COLUMNS} FROM {WAITS} WHERE waits.customer = ? ORDER BY waits.opened_at DESC, waits.no DESC LIMIT ?
"""

OF_MESSAGE = f"""
SELECT {COLUMNS} FROM (
    SELECT wait AS no FROM wait_messages WHERE message = :message
    UNION SELECT no FROM waits WHERE id = :opening AND instr(messages, json_quote(:message))
) AS found
CROSS JOIN waits ON waits.no = found.no CROSS JOIN channels ON channels.no = waits.channel
WHERE waits.channel = :channel ORDER BY waits.opened_at DESC, waits.no DESC
"""
"""The wait that a message opened has its id, and is found by that, too: an old wait has no links any more (`prune_traces`)."""

EVERY = f"SELECT {COLUMNS} FROM {WAITS} ORDER BY waits.opened_at, waits.no"

# Without the hint SQLite walks all waits there ever were, because that index has the order already.
OPEN_EVERYWHERE = f"""
SELECT {COLUMNS} FROM waits INDEXED BY waits_open CROSS JOIN channels ON channels.no = waits.channel
WHERE waits.state = 'waiting' ORDER BY waits.opened_at DESC, waits.no DESC LIMIT ?
"""

OPENED_SINCE = f"SELECT {COLUMNS} FROM {WAITS} WHERE waits.opened_at >= ? ORDER BY waits.opened_at, waits.no"

TOLD_BY_POSTS = f"""
SELECT outgoing.post, CASE WHEN outgoing.stands IS NULL OR outgoing.stands = outgoing.post THEN 'full' ELSE 'line' END, {COLUMNS}
FROM waits CROSS JOIN outgoing ON outgoing.wait = waits.no CROSS JOIN channels ON channels.no = waits.channel
WHERE waits.id = ?1 AND outgoing.post IS NOT NULL
UNION ALL
SELECT outgoing.post, 'list', {COLUMNS}
FROM waits CROSS JOIN handover_lists ON handover_lists.wait = waits.no CROSS JOIN outgoing ON outgoing.id = handover_lists.notice
CROSS JOIN channels ON channels.no = waits.channel
WHERE waits.id = ?1 AND outgoing.post IS NOT NULL
"""

DROP = "DELETE FROM waits WHERE id = ?"

CHANNELS = "SELECT no FROM channels"

PRUNE = "DELETE FROM waits WHERE channel = ? AND state <> 'waiting' AND ended_at < ?"

TRACES_PRUNED = "traces of waits forgotten before"
"""The mark: of waits that ended earlier only the row is left."""

SLACK: Seconds = 7 * DAY
"""A wait may end in the past, when an answer is read back: so much of what was looked through is looked through again."""

ENDED_BETWEEN = "SELECT no FROM waits WHERE channel = ? AND state <> 'waiting' AND ended_at >= ? AND ended_at < ?"

PRUNE_LINKS = f"DELETE FROM wait_messages WHERE wait IN ({ENDED_BETWEEN})"

PRUNE_REMINDERS = f"DELETE FROM outgoing WHERE wait IN ({ENDED_BETWEEN}) AND state IN ('withdrawn', 'moot')"

CUSTOMER, REPLY = "customer", "reply"
"""How a message belongs to a wait."""


def number(connection: sqlite3.Connection, wait: str) -> int | None:
    """A wait's row number, or None when there is no such wait."""
    row = connection.execute(NUMBER, (wait,)).fetchone()
    return None if row is None else row[0]


def values(wait: Wait) -> tuple[Any, ...]:
    """A wait as UPDATE takes it, and INSERT before id and channel."""
    hold = wait.hold
    return (
        wait.customer,
        wait.thread,
        wait.opened_at,
        wait.last_message_at,
        wait.state.value,
        wait.ended_at,
        hold.kind.value if hold else None,
        hold.since if hold else None,
        hold.until if hold else None,
        hold.by if hold else None,
        wait.owner,
        wait.owner_reason,
        wait.probability,
        wait.automatic_replies,
        wait.came_back_from,
        wait.marked_by,
        wait.ladder_start,
        wait.opened_by,
        None if wait.possible_answer is None else json.dumps(_row(wait.possible_answer)),
        None if wait.insisted is None else json.dumps((wait.insisted.kind.value, wait.insisted.by, wait.insisted.at)),
        wait.newcomer,
        None if wait.target is None else wait.target.first,
        None if wait.target is None else wait.target.whose,
        json.dumps([(further.message, further.at) for further in wait.went_on]) if wait.went_on else None,
        packed(wait.messages),
        json.dumps([_row(reply) for reply in wait.replies]) if wait.replies else "[]",
        packed(wait.not_me) if wait.not_me else "[]",
        packed(wait.evidence) if wait.evidence else "[]",
        packed(wait.named_members) if wait.named_members else "[]",
        None if wait.handed is None else json.dumps(held_rows.handing_row(wait.handed)),
        None if wait.displaced is None else json.dumps(held_rows.displaced_row(wait.displaced)),
        wait.by_thread,
        wait.in_private,
        wait.by_channel,
        packed(wait.automatic_by) if wait.automatic_by else None,
        hold is not None and hold.noted,
        json.dumps([held_rows.let_go_row(one) for one in wait.let_go]) if wait.let_go else None,
    )


def _row(reply: Reply) -> tuple[str | float | tuple[str, ...] | None, ...]:
    row = (reply.message, reply.by, reply.at, reply.kind.value, reply.probability)
    if reply.unread:
        return (*row, reply.canned, reply.asked, reply.until, True)
    if reply.until is not None:
        return (*row, reply.canned, reply.asked, reply.until)
    if reply.asked:
        return (*row, reply.canned, reply.asked)
    return (*row, True) if reply.canned else row  # marks that are rare, and that earlier versions didn't write


def _reply(row: Sequence[Any]) -> Reply:
    message, by, at, kind, probability, *marks = row
    return Reply(
        message=message,
        by=by,
        at=at,
        kind=ReplyKind(kind),
        probability=probability,
        canned=bool(marks and marks[0]),
        asked=tuple(marks[1]) if len(marks) > 1 else (),
        until=marks[2] if len(marks) > 2 else None,
        unread=bool(len(marks) > 3 and marks[3]),
    )


def insert(connection: sqlite3.Connection, channel: int, wait: Wait) -> int | None:
    """Store a new wait without its links and give its row number; None when it is stored already (nothing happens then)."""
    inserted = connection.execute(INSERT, (*values(wait), wait.id, channel))
    return inserted.lastrowid if inserted.rowcount else None


def update(connection: sqlite3.Connection, no: int, wait: Wait) -> None:
    """Make the wait in row `no` what it is now, without its links."""
    connection.execute(UPDATE, (*values(wait), no))


def drop(connection: sqlite3.Connection, wait: str) -> None:
    """Forget a wait; its links, reminders and texts go with it."""
    connection.execute(DROP, (wait,))


def links(wait: Wait) -> dict[str, str]:
    """The messages that belong to a wait, and how."""
    found = dict.fromkeys(wait.messages, CUSTOMER)
    for reply in wait.replies:
        found.setdefault(reply.message, REPLY)
    return found


def linked(connection: sqlite3.Connection, wait: str) -> tuple[int, dict[str, str]] | None:
    """A stored wait's row number and links, or None when there is no such wait."""
    stored = connection.execute(STORED, (wait,)).fetchall()
    if not stored:
        return None
    # A wait whose messages were all deleted has one row here, without a message.
    return stored[0][0], {message: link for _, message, link in stored if message is not None}


def link(connection: sqlite3.Connection, rows: Iterable[tuple[int, str, str]]) -> None:
    """Store links: (row of the wait, message, how)."""
    connection.executemany(LINK, rows)


def unlink(connection: sqlite3.Connection, no: int, message: str) -> None:
    """Take a link out: the message was deleted, or is stored again as something else."""
    connection.execute(UNLINK, (no, message))


def one(connection: Flushed, wait: str) -> Wait | None:
    """One wait by id."""
    return _found(connection.execute(ONE, (wait,)).fetchone())


def several(connection: Flushed, wanted: Sequence[str]) -> tuple[Wait, ...]:
    """Waits by their ids; unknown ones are left out."""
    return tuple(map(_wait, connection.execute(SEVERAL, (json.dumps(wanted),)).fetchall()))


def open_in(connection: Flushed, channel: int, limit: int) -> tuple[Wait, ...]:
    """The open waits of a channel, the latest `limit` of them, oldest first."""
    return tuple(map(_wait, reversed(connection.execute(OPEN_IN, (channel, limit)).fetchall())))


def ended_in(connection: Flushed, channel: int, since: Instant, limit: int) -> tuple[Wait, ...]:
    """The waits of a channel that ended at or after an instant, the latest `limit` of them, in order of their end."""
    return tuple(map(_wait, reversed(connection.execute(ENDED_IN, (channel, since, limit)).fetchall())))


def of_customer(connection: Flushed, customer: str) -> tuple[str, ...]:
    """The ids of a customer's first waits, in all channels: two of them tell whether there was one before another."""
    return tuple(id for (id,) in connection.execute(OF_CUSTOMER, (customer,)))


def latest_of(connection: Flushed, customer: str, limit: int) -> tuple[Wait, ...]:
    """A customer's latest waits, in all channels, the latest first."""
    return tuple(map(_wait, connection.execute(LATEST_OF_CUSTOMER, (customer, limit)).fetchall()))


def of_message(connection: Flushed, channel: int, message: str, opening: str) -> tuple[Wait, ...]:
    """The waits a message belongs to, as the customer's or as a reply, latest first. `opening` is the id of the wait that it
    would have opened."""
    found = connection.execute(OF_MESSAGE, {"message": message, "opening": opening, "channel": channel})
    return tuple(map(_wait, found.fetchall()))


def every(connection: Flushed) -> Iterator[Wait]:
    """All waits in the order they opened, one at a time."""
    return map(_wait, connection.execute(EVERY))


def open_everywhere(connection: Flushed, limit: int) -> tuple[Wait, ...]:
    """The open waits of all channels, the latest `limit` of them, oldest first."""
    return tuple(map(_wait, reversed(connection.execute(OPEN_EVERYWHERE, (limit,)).fetchall())))


def opened_since(connection: Flushed, since: Instant) -> Iterator[Wait]:
    """The waits that opened at an instant or later, in order, one at a time."""
    return map(_wait, connection.execute(OPENED_SINCE, (since,)))


def by_handle(connection: Flushed, handle: str) -> Wait | None:
    """The wait with a short name: a "w", which may be left out, and its row's number."""
    number = handle.removeprefix("w")
    if not (number.isascii() and number.isdigit()) or len(number) > LONGEST_NUMBER:
        return None
    return numbered(connection, int(number))


def numbered(connection: Flushed, no: int) -> Wait | None:
    """The wait in a row."""
    return _found(connection.execute(NUMBERED, (no,)).fetchone())


ToldHow = Literal["full", "line", "list"]
"""How a post tells of a wait: in full, in a line, or as a line of a hand-over list."""


def told_by_posts(connection: sqlite3.Connection, wait: str) -> tuple[Wait | None, Mapping[int, ToldHow]]:
    """A wait as it is stored, and the posts that tell of it, with how. None and no posts when there are none, which is nearly
    always."""
    rows = connection.execute(TOLD_BY_POSTS, (wait,)).fetchall()
    if not rows:
        return None, {}
    # Not SELECT DISTINCT: most waits have no post, and for those SQLite's own table of what it has seen costs more than the rest.
    found: dict[int, ToldHow] = {}
    for post, how, *_ in rows:
        if found.get(post) != "full":
            found[post] = how
    return _wait(rows[0][2:]), found


def prune(connection: Flushed, before: Instant) -> int:
    """Forget waits that ended before an instant; their messages, reminders and texts go with them. Gives how many."""
    # By channel, because that is what the index of ended waits is made for.
    return sum(connection.execute(PRUNE, (channel, before)).rowcount for (channel,) in connection.execute(CHANNELS).fetchall())


def prune_traces(connection: Flushed, before: Instant) -> int:
    """Forget which messages belonged to waits that ended before an instant, and their reminders that never left: the wait itself
    stays, and is found by the message that opened it. Gives how many rows went."""
    mark = marks.one(connection, TRACES_PRUNED)
    since = mark.at - SLACK if mark is not None else 0.0
    gone = 0
    for (channel,) in connection.execute(CHANNELS).fetchall():
        for statement in (PRUNE_LINKS, PRUNE_REMINDERS):
            gone += connection.execute(statement, (channel, since, before)).rowcount
    marks.put(connection, TRACES_PRUNED, before, None)
    return gone


def lost(connection: Flushed) -> tuple[Wait, ...]:
    """The waits that ended with their channel, by when they ended."""
    return tuple(_wait(row) for row in connection.execute(LOST))


def _found(row: tuple[Any, ...] | None) -> Wait | None:
    return None if row is None else _wait(row)


def _wait(row: tuple[Any, ...]) -> Wait:
    id, channel, customer, thread, opened_at, last_at, state, ended_at, hold_kind, hold_since, *rest = row
    (
        hold_until,
        hold_by,
        owner,
        owner_reason,
        sure,
        automatic,
        came_back_from,
        checked_by,
        ladder_from,
        opened_by,
        maybe,
        insisted,
        newcomer,
        target_first,
        target_whose,
        went_on,
        *lists,
        handed,
        displaced,
        by_thread,
        in_private,
        by_channel,
        automatic_by,
        hold_noted,
        let_go,
    ) = rest
    # Most lists are empty, and json takes its time even for those.
    messages, replies, not_me, evidence, named = (() if text == "[]" else json.loads(text) for text in lists)
    return Wait(
        id=id,
        channel=channel,
        customer=customer,
        thread=thread,
        messages=tuple(messages),
        opened_at=opened_at,
        last_message_at=last_at,
        state=WaitState(state),
        ended_at=ended_at,
        replies=tuple(_reply(reply) for reply in replies),
        hold=None
        if hold_kind is None
        else Hold(kind=HoldKind(hold_kind), since=hold_since, until=hold_until, by=hold_by, noted=bool(hold_noted)),
        owner=owner,
        owner_reason=owner_reason,
        not_me=tuple(not_me),
        probability=sure,
        evidence=tuple(evidence),
        came_back_from=came_back_from,
        named_members=tuple(named),
        automatic_replies=automatic,
        marked_by=checked_by,
        ladder_start=ladder_from,
        opened_by=opened_by,
        possible_answer=None if maybe is None else _reply(json.loads(maybe)),
        insisted=None if insisted is None else _insistence(*json.loads(insisted)),
        newcomer=bool(newcomer),
        target=None if target_first is None else Target(first=target_first, whose=target_whose),
        went_on=() if went_on is None else tuple(FollowUp(message=id, at=at) for id, at in json.loads(went_on)),
        handed=None if handed is None else held_rows.handing(json.loads(handed)),
        displaced=None if displaced is None else held_rows.displaced(json.loads(displaced)),
        by_thread=bool(by_thread),
        in_private=bool(in_private),
        by_channel=bool(by_channel),
        automatic_by=() if automatic_by is None else tuple(json.loads(automatic_by)),
        let_go=() if let_go is None else tuple(held_rows.let_go(row) for row in json.loads(let_go)),
    )


def _insistence(kind: str, by: str, at: Instant) -> Insistence:
    return Insistence(kind=HoldKind(kind), by=by, at=at)
