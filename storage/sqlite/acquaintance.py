"""Who on the team knows which customer: counts and times only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from bot.domain.durations import Instant
from bot.ports import Exchange
from storage.sqlite.flushed import Flushed

SAVE = """
INSERT INTO exchanges (customer, channel, member, strength, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (customer, channel, member) DO UPDATE SET strength = excluded.strength, at = excluded.at
"""

OF_CUSTOMER = """
SELECT channels.key, exchanges.member, exchanges.strength, exchanges.at
FROM exchanges CROSS JOIN channels ON channels.no = exchanges.channel
WHERE exchanges.customer = ?
"""

PRUNE = "DELETE FROM exchanges WHERE at < ?"


def save(connection: sqlite3.Connection, rows: Iterable[tuple[str, int, str, float, Instant]]) -> None:
    """Store acquaintances as they are now: (customer, channel, member, strength, at)."""
    connection.executemany(SAVE, rows)


def of(connection: Flushed, customer: str) -> tuple[Exchange, ...]:
    """Everybody who has dealt with this customer."""
    rows = connection.execute(OF_CUSTOMER, (customer,)).fetchall()
    return tuple(Exchange(channel=channel, member=member, strength=strength, at=at) for channel, member, strength, at in rows)


def prune(connection: Flushed, before: Instant) -> int:
    """Forget who has not dealt with whom since an instant. Gives how many."""
    return connection.execute(PRUNE, (before,)).rowcount
