"""What members chose in chat: away spans, DMs, own hours, how channels are watched. A few rows per member."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from bot.domain.durations import Instant
from bot.domain.hours import Interval
from bot.domain.preferences import Choices, ChoiceWrite, EndAway, OwnHours, SetAway, SetDm, SetHours, SetWatch, Watched, week_of
from bot.domain.rules import Watch

NOTHING = "nothing"

EVERY = "SELECT kind, subject, value FROM choices ORDER BY kind, subject"

SET = """
INSERT INTO choices (kind, subject, value, by, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (kind, subject) DO UPDATE SET value = excluded.value, by = excluded.by, at = excluded.at
"""

REVERT = "DELETE FROM choices WHERE kind = ? AND subject = ?"

EVERY_ABSENCE = "SELECT member, since, until FROM away ORDER BY member, since"

SET_AWAY = """
INSERT INTO away (member, since, until, by, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (member, since) DO UPDATE SET until = excluded.until, by = excluded.by, at = excluded.at
"""

CUT_AWAY = "UPDATE away SET until = ? WHERE member = ? AND since = ? AND until > ?"

DROP_AWAY = "DELETE FROM away WHERE member = ? AND since = ?"

PRUNE_AWAY = "DELETE FROM away WHERE until < ?"


def every(connection: sqlite3.Connection) -> Choices:
    """All choices."""
    dm: dict[str, bool] = {}
    hours: dict[str, OwnHours] = {}
    watch: dict[str, Watched] = {}
    for kind, subject, value in connection.execute(EVERY):
        read: Any = json.loads(value)
        if kind == "dm":
            dm[subject] = bool(read)
        elif kind == "hours":
            hours[subject] = OwnHours(zone=read["zone"], week=None if read["week"] is None else week_of(read["week"]))
        else:
            watch[subject] = "nothing" if read == NOTHING else Watch(read)
    away: dict[str, tuple[Interval, ...]] = {}
    for member, since, until in connection.execute(EVERY_ABSENCE):
        away[member] = (*away.get(member, ()), (since, until))
    return Choices(away=away, dm=dm, hours=hours, watch=watch)


def save(connection: sqlite3.Connection, writes: Iterable[ChoiceWrite]) -> None:
    """Store choices, in their order. Reverting one that was never made changes nothing."""
    for write in writes:
        match write:
            case SetAway(member=member, since=since, until=until, by=by, at=at):
                connection.execute(SET_AWAY, (member, since, until, by, at))
            case EndAway(member=member, since=since, at=at):
                # What has passed of it stays: figures in working time go on leaving it out.
                if since < at:
                    connection.execute(CUT_AWAY, (at, member, since, at))
                else:
                    connection.execute(DROP_AWAY, (member, since))
            case SetDm(member=member, on=on, by=by, at=at):
                _set(connection, "dm", member, None if on is None else json.dumps(on), by, at)
            case SetHours(member=member, hours=hours, by=by, at=at):
                _set(connection, "hours", member, None if hours is None else _packed(hours), by, at)
            case SetWatch(channel=channel, watch=watch, by=by, at=at):
                _set(connection, "watch", channel, None if watch is None else json.dumps(str(watch)), by, at)
            case _:
                raise TypeError(f"storage doesn't know how to write a {type(write).__name__}")


def _packed(hours: OwnHours) -> str:
    week = None if hours.week is None else [[(span.opens, span.closes) for span in day] for day in hours.week]
    return json.dumps({"zone": hours.zone, "week": week})


def _set(connection: sqlite3.Connection, kind: str, subject: str, value: str | None, by: str, at: Instant) -> None:
    if value is None:
        connection.execute(REVERT, (kind, subject))
    else:
        connection.execute(SET, (kind, subject, value, by, at))


def prune(connection: sqlite3.Connection, before: Instant) -> int:
    """Forget away spans that ended before an instant. Gives how many rows went."""
    return connection.execute(PRUNE_AWAY, (before,)).rowcount
