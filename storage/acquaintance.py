"""Who on the team knows which customer: counts and times only."""

from __future__ import annotations

import sqlite3

from bot.core.model import Instant


def save(connection: sqlite3.Connection, channel: int, member: str, customer: str, strength: float, at: Instant) -> None:
    """Store an acquaintance as it is now."""
    connection.execute(
        "INSERT INTO exchanges (customer, channel, member, strength, at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (customer, channel, member) DO UPDATE SET strength = excluded.strength, at = excluded.at",
        (customer, channel, member, strength, at),
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
