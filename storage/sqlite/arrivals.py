"""Who came into channels in which the team greets by hand: one row for each person and channel, the latest time they came."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from bot.domain.arrivals import Arrival, ArrivalEnd
from bot.domain.durations import Instant
from storage.sqlite import posts

SAVE = """
INSERT INTO arrivals (channel, person, at, first_message, thread, told, greeter, told_at, passed, ended_as, ended_at, by)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (channel, person) DO UPDATE SET
    at = excluded.at, first_message = excluded.first_message, thread = excluded.thread, told = excluded.told,
    greeter = excluded.greeter, told_at = excluded.told_at, passed = excluded.passed, ended_as = excluded.ended_as,
    ended_at = excluded.ended_at, by = excluded.by
"""

TOLD = "SELECT told FROM arrivals WHERE channel = ? AND person = ?"

COLUMNS = """
SELECT arrivals.no, channels.key, arrivals.person, arrivals.at, arrivals.first_message, arrivals.thread, arrivals.told,
    arrivals.greeter, arrivals.told_at, arrivals.passed, arrivals.ended_as, arrivals.ended_at, arrivals.by
FROM arrivals CROSS JOIN channels ON channels.no = arrivals.channel
"""

OPEN = f"{COLUMNS} WHERE arrivals.ended_as IS NULL AND arrivals.at >= ? ORDER BY arrivals.at, arrivals.no"

OF_PERSON = f"{COLUMNS} WHERE arrivals.person = ? ORDER BY arrivals.at, arrivals.no"

TOLD_IN = f"{COLUMNS} WHERE arrivals.told = ? ORDER BY arrivals.at, arrivals.no"

NUMBERED = f"{COLUMNS} WHERE arrivals.no = ?"

GREETERS = """
SELECT member, max(at) FROM (
    SELECT greeter AS member, told_at AS at FROM arrivals WHERE greeter IS NOT NULL AND told_at IS NOT NULL
    UNION ALL SELECT by, ended_at FROM arrivals WHERE by IS NOT NULL AND ended_as = 'greeted'
) GROUP BY member
"""

TOLD_LAST = """
SELECT max(arrivals.told_at) FROM channels CROSS JOIN arrivals ON arrivals.channel = channels.no
WHERE channels.key = ? AND arrivals.told <> ?
"""

POSTS = "SELECT DISTINCT post FROM outgoing WHERE key = ? AND kind IN ('digest', 'tip') AND post IS NOT NULL"

PRUNE = "DELETE FROM arrivals WHERE at < ?"


def save(connection: sqlite3.Connection, channel: int, arrival: Arrival, at: Instant) -> bool:
    """Store an arrival in the channel with this number, and have the post that tells of it brought up to date `at` an instant.
    True when there is one."""
    one = arrival
    before = connection.execute(TOLD, (channel, one.person)).fetchone()
    row = (
        one.first_message,
        one.thread,
        one.told,
        one.greeter,
        one.told_at,
        json.dumps(one.passed),
        one.end,
        one.ended_at,
        one.by,
    )
    connection.execute(SAVE, (channel, one.person, one.at, *row))
    notices = {notice for notice in (one.told, *(before or ())) if notice is not None}  # what is passed on is told in another
    return any([follow(connection, notice, at) for notice in notices])


def follow(connection: sqlite3.Connection, notice: str, at: Instant) -> bool:
    """Have the post that a notice (by its key) is brought up to date. True when there is one."""
    found = connection.execute(POSTS, (notice,)).fetchall()
    for (post,) in found:
        connection.execute(posts.UPDATE, (post, at))
    return bool(found)


def follow_settled(connection: sqlite3.Connection, notice: str, at: Instant) -> None:
    """A notice (by its key) has left: its post follows what was settled while it was on its way."""
    if not all(one.open for one in told_in(connection, notice)):
        follow(connection, notice, at)


def open_since(connection: sqlite3.Connection, since: Instant) -> tuple[Arrival, ...]:
    """Those who came at an instant or later and are still to be greeted, in order."""
    return tuple(map(_arrival, connection.execute(OPEN, (since,)).fetchall()))


def of_person(connection: sqlite3.Connection, person: str) -> tuple[Arrival, ...]:
    """Where somebody came, in order."""
    return tuple(map(_arrival, connection.execute(OF_PERSON, (person,)).fetchall()))


def told_in(connection: sqlite3.Connection, notice: str) -> tuple[Arrival, ...]:
    """Those of whom a notice (by its key) told last, in order."""
    return tuple(map(_arrival, connection.execute(TOLD_IN, (notice,)).fetchall()))


def numbered(connection: sqlite3.Connection, number: int) -> Arrival | None:
    """The arrival with this number."""
    row = connection.execute(NUMBERED, (number,)).fetchone()
    return None if row is None else _arrival(row)


def greeters(connection: sqlite3.Connection) -> dict[str, Instant]:
    """When members were asked to greet somebody last, or did so by themselves."""
    return dict(connection.execute(GREETERS).fetchall())


def told_last(connection: sqlite3.Connection, channel: str, but: str) -> Instant | None:
    """When it was told last who came into a channel, by its key; `but` in this notice."""
    row = connection.execute(TOLD_LAST, (channel, but)).fetchone()
    return None if row is None else row[0]


def prune(connection: sqlite3.Connection, before: Instant) -> int:
    """Forget who came before an instant. Gives how many went."""
    return connection.execute(PRUNE, (before,)).rowcount


def _arrival(row: tuple[Any, ...]) -> Arrival:
    no, channel, person, at, message, thread, told, greeter, told_at, passed, end, ended_at, by = row
    return Arrival(
        number=no,
        channel=channel,
        person=person,
        at=at,
        first_message=message,
        thread=thread,
        told=told,
        greeter=greeter,
        told_at=told_at,
        passed=tuple(json.loads(passed)),
        end=None if end is None else ArrivalEnd(end),
        ended_at=ended_at,
        by=by,
    )
