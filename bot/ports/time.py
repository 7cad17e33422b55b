"""What the bot needs of a clock, and how old something is by it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.domain.durations import Instant, Seconds
from bot.domain.value import value

Sleep = Callable[[Seconds], Awaitable[None]]
"""How to wait: as the clock counts."""


class Clock(Protocol):
    """Where the time comes from. Tests and replay inject their own."""

    def now(self) -> Instant:
        """Seconds since 1970-01-01 UTC. People set clocks: it may jump, and go back."""
        ...

    def elapsed(self) -> Seconds:
        """Seconds since some instant or other that stays the same: never goes back, whatever the clock is set to, and counts
        while the machine sleeps. Spans are measured by it."""
        ...


@value
class KnownSince:
    """When something was learnt, by both readings of a clock."""

    now: Instant
    elapsed: Seconds

    @classmethod
    def of(cls, clock: Clock) -> KnownSince:
        """Learnt just now."""
        return cls(now=clock.now(), elapsed=clock.elapsed())

    def is_within(self, span: Seconds, clock: Clock) -> bool:
        """Whether less than `span` has passed, by whichever reading says more: a clock that was set forward, or a machine that
        slept, makes it older. Where the clock was set back since then nobody knows, so it isn't."""
        by_clock = clock.now() - self.now
        return by_clock >= 0.0 and max(by_clock, clock.elapsed() - self.elapsed) < span
