"""Posts that tell of holds which began under a version that didn't follow them to their end: once for each database."""

from __future__ import annotations

from bot.domain.durations import Instant
from bot.domain.marks import HOLDS_FOLLOWED
from bot.domain.posted_wait import so_until
from bot.ports import OutboxTransaction

MOST_FOLLOWED = 5_000
"""Open waits that are looked at, the latest."""


def follow_holds(tx: OutboxTransaction, now: Instant) -> None:
    """Have the posts that tell of a hold brought up to date when it ends, or now where it has; what is posted from now on sees to
    that itself."""
    if tx.mark(HOLDS_FOLLOWED) is not None:
        return
    for wait in tx.open_waits(MOST_FOLLOWED):
        if wait.hold is not None:
            tx.update_posts_of(wait.id, due_at=so_until(wait, now) or now)
    tx.put_mark(HOLDS_FOLLOWED, now)
