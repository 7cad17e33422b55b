"""A customer thanked a member for a personal reply: ids and a time, never what was said."""

from __future__ import annotations

from typing import Final

from bot.domain.durations import DAY, WEEK, Instant, Seconds
from bot.domain.value import value

SHOWN: Final[Seconds] = WEEK
"""How long thanks stand in a member's own list."""

THANKS_KEPT: Final[Seconds] = 14 * DAY
"""How long they are kept: a weekly digest that leaves late still has them."""


@value
class Thanks:
    """A `customer` thanked a `member` (by key) in a message, by its channel and id, that was posted `at` an instant."""

    channel: str
    message: str
    at: Instant
    customer: str
    member: str
    thread: str | None = None
