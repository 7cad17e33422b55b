"""Instants that must outlive a restart, by name, with who set them."""

from __future__ import annotations

import sqlite3

from bot.domain.durations import Instant


def one(connection: sqlite3.Connection, name: str) -> tuple[Instant, str | None] | None:
    """(at, by) of a mark, None when it isn't set."""
    row: tuple[Instant, str | None] | None = connection.execute("SELECT at, by FROM marks WHERE name = ?", (name,)).fetchone()
    return row


def put(connection: sqlite3.Connection, name: str, at: Instant, by: str | None) -> None:
    """Set a mark, or set it anew."""
    connection.execute(
        "INSERT INTO marks (name, at, by) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET at = excluded.at, by = excluded.by",
        (name, at, by),
    )


def take_off(connection: sqlite3.Connection, name: str) -> None:
    """Take a mark off. One that isn't there is no mistake."""
    connection.execute("DELETE FROM marks WHERE name = ?", (name,))
