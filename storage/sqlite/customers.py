"""Customers as leads see them beside who waits: who stopped asking, whom only one of us knows (`bot.ports.QueryTransaction`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from bot.domain.durations import Instant
from bot.domain.thanks import Thanks
from bot.domain.waits import Wait
from bot.ports import SoleAcquaintance
from storage.sqlite import thanks
from storage.sqlite import waits as stored
from storage.sqlite.json_texts import packed
from storage.sqlite.write_buffer import WriteBuffer

FELL_SILENT = """
SELECT customer FROM waits INDEXED BY waits_opened WHERE opened_at >= :since
GROUP BY customer HAVING count(*) >= :waits AND max(last_at) < :until
ORDER BY max(last_at) DESC, customer LIMIT :limit
"""

WROTE = """
SELECT DISTINCT messages.author
FROM channels CROSS JOIN messages ON messages.channel = channels.no AND messages.at >= ?
WHERE messages.author IN (SELECT value FROM json_each(?) AS wanted)
"""

KNOWN_BY_ONE = """
SELECT exchanges.customer, exchanges.member, channels.key, max(exchanges.at)
FROM exchanges CROSS JOIN channels ON channels.no = exchanges.channel
WHERE exchanges.strength > 0 AND exchanges.member IN (SELECT value FROM json_each(:members) AS wanted)
GROUP BY exchanges.customer
HAVING count(DISTINCT exchanges.member) = 1 AND max(exchanges.at) >= :since AND sum(exchanges.strength) >= :least
ORDER BY max(exchanges.at) DESC, exchanges.customer LIMIT :limit
"""


class CustomerQueries:
    """What is asked about customers, over the transaction's own connection and buffer."""

    __slots__ = ()

    _buffer: WriteBuffer
    _connection: sqlite3.Connection

    def fell_silent(self, since: Instant, until: Instant, *, waits: int, limit: int) -> tuple[str, ...]:
        given = {"since": since, "until": until, "waits": waits, "limit": limit}
        return tuple(customer for (customer,) in self._buffer.flushed().execute(FELL_SILENT, given).fetchall())

    def wrote(self, people: Collection[str], since: Instant) -> frozenset[str]:
        rows = self._buffer.flushed().execute(WROTE, (since, packed(sorted(people)))).fetchall()
        return frozenset(author for (author,) in rows)

    def known_by_one(self, members: Collection[str], *, since: Instant, least: float, limit: int) -> tuple[SoleAcquaintance, ...]:
        given = {"members": packed(sorted(members)), "since": since, "least": least, "limit": limit}
        rows: list[tuple[str, str, str, float]] = self._buffer.flushed().execute(KNOWN_BY_ONE, given).fetchall()
        return tuple(SoleAcquaintance(customer=customer, member=member, channel=key, at=at) for customer, member, key, at in rows)

    def latest_waits(self, customer: str, limit: int) -> tuple[Wait, ...]:
        return stored.latest_of(self._buffer.flushed(), customer, limit)

    def first_waits(self, customer: str) -> tuple[str, ...]:
        return stored.of_customer(self._buffer.flushed(), customer)

    def thanks_to(self, member: str, since: Instant, limit: int) -> tuple[Thanks, ...]:
        return thanks.to_member(self._connection, member, since, limit)  # nothing of them is buffered
