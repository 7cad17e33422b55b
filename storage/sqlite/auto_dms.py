"""Reported direct messages: once for each message and who reported it, without any text."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from bot.domain.auto_dms import AutoDm, AutoDmSort
from bot.domain.durations import Instant

COLUMNS = "platform, message, reporter, sender, app, app_name, sort, sent_at, opened_at, reported_at, words"

SAVE = f"INSERT OR REPLACE INTO auto_dms ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

DROP_OTHER_FORMS = "DELETE FROM auto_dms WHERE reporter = ? AND reported_at IS NULL AND message <> ?"

ONE = f"SELECT {COLUMNS} FROM auto_dms WHERE message = ? AND reporter = ?"

SINCE = f"SELECT {COLUMNS} FROM auto_dms WHERE reported_at >= ? ORDER BY reported_at, message, reporter"

OF_SENDER = f"SELECT {COLUMNS} FROM auto_dms WHERE sender = ? AND reported_at >= ? ORDER BY reported_at, message, reporter"

HOW_MANY = "SELECT count(*) FROM auto_dms WHERE reported_at >= ?"

HOW_MANY_BY = "SELECT count(*) FROM auto_dms WHERE reporter = ? AND reported_at >= ?"

PRUNE = "DELETE FROM auto_dms WHERE reported_at < ?"

PRUNE_FORMS = "DELETE FROM auto_dms WHERE reported_at IS NULL AND opened_at < ?"


def keep(connection: sqlite3.Connection, report: AutoDm) -> None:
    """Keep a report in place of the same one as it was. Who opens the form of another one leaves the earlier."""
    if report.reported_at is None:
        connection.execute(DROP_OTHER_FORMS, (report.reporter, report.message))
    row = (
        report.platform,
        report.message,
        report.reporter,
        report.sender,
        report.app,
        report.app_name,
        report.sort.value,
        report.sent_at,
        report.opened_at,
        report.reported_at,
        json.dumps(report.words),
    )
    connection.execute(SAVE, row)


def one(connection: sqlite3.Connection, message: str, reporter: str) -> AutoDm | None:
    """A report of somebody's, its form still open or not."""
    row = connection.execute(ONE, (message, reporter)).fetchone()
    return None if row is None else _report(row)


def since(connection: sqlite3.Connection, at: Instant, sender: str | None) -> tuple[AutoDm, ...]:
    """What was reported at an instant or later, in order; with `sender` what came in that member's name."""
    rows = connection.execute(SINCE, (at,)) if sender is None else connection.execute(OF_SENDER, (sender, at))
    return tuple(_report(row) for row in rows.fetchall())


def how_many(connection: sqlite3.Connection, at: Instant, reporter: str | None) -> int:
    """How many reports there were at an instant or later; with `reporter` those of one person."""
    asked = (HOW_MANY, (at,)) if reporter is None else (HOW_MANY_BY, (reporter, at))
    (found,) = connection.execute(*asked).fetchone()
    return int(found)


def prune(connection: sqlite3.Connection, before: Instant, forms_before: Instant) -> int:
    """Forget the reports from before an instant, and the forms that were opened before one and never sent. Gives how many."""
    gone = connection.execute(PRUNE, (before,)).rowcount
    return gone + connection.execute(PRUNE_FORMS, (forms_before,)).rowcount


def _report(row: tuple[Any, ...]) -> AutoDm:
    platform, message, reporter, sender, app, app_name, sort, sent_at, opened_at, reported_at, words = row
    return AutoDm(
        platform=platform,
        message=message,
        reporter=reporter,
        sender=sender,
        app=app,
        app_name=app_name,
        sort=AutoDmSort(sort),
        sent_at=sent_at,
        opened_at=opened_at,
        reported_at=reported_at,
        words=tuple(json.loads(words)),
    )
