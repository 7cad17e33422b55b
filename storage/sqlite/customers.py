"""Customers as the team should see them beside who waits: who stopped asking, whom only one of the team knows."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.durations import Instant
from bot.ports import SoleAcquaintance
from storage.sqlite.flushed import Flushed
from storage.sqlite.json_texts import packed

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


def fell_silent(connection: Flushed, since: Instant, until: Instant, waits: int, limit: int) -> tuple[str, ...]:
    """Customers with so many waits since an instant, who wrote nothing in one at another or later; the latest first."""
    given = {"since": since, "until": until, "waits": waits, "limit": limit}
    return tuple(customer for (customer,) in connection.execute(FELL_SILENT, given).fetchall())


def wrote(connection: Flushed, people: Collection[str], since: Instant) -> frozenset[str]:
    """Who of these wrote something at an instant or later, as far as messages are kept."""
    return frozenset(author for (author,) in connection.execute(WROTE, (since, packed(sorted(people)))).fetchall())


def known_by_one(
    connection: Flushed, members: Collection[str], since: Instant, least: float, limit: int
) -> tuple[SoleAcquaintance, ...]:
    """Whom one of these members alone knows, so well at least, and dealt with at an instant or later; the latest first."""
    given = {"members": packed(sorted(members)), "since": since, "least": least, "limit": limit}
    rows: list[tuple[str, str, str, float]] = connection.execute(KNOWN_BY_ONE, given).fetchall()
    return tuple(SoleAcquaintance(customer=customer, member=member, channel=key, at=at) for customer, member, key, at in rows)
