"""What the bot needs of a clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.domain.durations import Instant, Seconds

Sleep = Callable[[Seconds], Awaitable[None]]
"""How to wait: as the clock counts."""


class Clock(Protocol):
    """Where the time comes from. Tests and replay inject their own."""

    def now(self) -> Instant:
        """Seconds since 1970-01-01 UTC."""
        ...
