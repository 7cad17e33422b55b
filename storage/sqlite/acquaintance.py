"""Who on the team knows which customer: counts and times only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from bot.domain.durations import Instant


def save(connection: sqlite3.Connection, rows: Iterable[tuple[str, int, str, float, Instant]]) -> None:
    """Store acquaintances as they are now: (customer, channel, member, strength, at)."""
    connection.executemany(
        "INSERT INTO exchanges (customer, channel, member, strength, at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (customer, channel, member) DO UPDATE SET strength = excluded.strength, at = excluded.at",
        rows,
    )


def of(connection: sqlite3.Connection, customer: str) -> tuple[tuple[str, str, float, Instant], ...]:
    """(channel, member, strength, at) of everybody who has dealt with this customer."""
    return tuple(
        connection.execute(
            "SELECT channels.key, exchanges.member, exchanges.strength, exchanges.at FROM exchanges "
            "CROSS JOIN channels ON channels.no = exchanges.channel WHERE exchanges.customer = ?",
            (customer,),
        ).fetchall()
    )
