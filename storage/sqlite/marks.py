"""Instants that must outlive a restart, by name, with who set them."""

from __future__ import annotations

import sqlite3

from bot.domain.durations import Instant
from bot.ports import Mark

ONE = "SELECT at, by FROM marks WHERE name = ?"

NAMES = "SELECT name FROM marks WHERE name >= ? AND name < ? ORDER BY name"

PUT = """
INSERT INTO marks (name, at, by) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET at = excluded.at, by = excluded.by
"""

TAKE_OFF = "DELETE FROM marks WHERE name = ?"


def one(connection: sqlite3.Connection, name: str) -> Mark | None:
    """A mark, None when it isn't set."""
    row = connection.execute(ONE, (name,)).fetchone()
    return None if row is None else Mark(at=row[0], by=row[1])


def names(connection: sqlite3.Connection, beginning: str) -> tuple[str, ...]:
    """The names of the marks that begin so."""
    return tuple(name for (name,) in connection.execute(NAMES, (beginning, f"{beginning}\U0010ffff")))


def put(connection: sqlite3.Connection, name: str, at: Instant | None, by: str | None) -> None:
    """Set a mark, or set it anew; None takes it off."""
    if at is None:
        connection.execute(TAKE_OFF, (name,))
    else:
        connection.execute(PUT, (name, at, by))
