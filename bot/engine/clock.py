"""Clocks: the one on the wall, and one that shows the time it is told: that of an archive, of the demo, of a test."""

from __future__ import annotations

import time

from bot.domain.durations import Instant, Seconds

_COUNTS_SLEEP = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Linux's monotonic clock stands still while the machine sleeps, this one doesn't. macOS has no such name, and its monotonic
clock counts sleep."""


class VirtualClock:
    """Stands where it was last set; never goes back."""

    def __init__(self, start: Instant = 0.0) -> None:
        self._now = start

    def now(self) -> Instant:
        """Seconds since 1970-01-01 UTC."""
        return self._now

    def elapsed(self) -> Seconds:
        """The same: nobody sets this clock."""
        return self._now

    def advance_to(self, instant: Instant) -> None:
        """Move on to `instant`; an earlier one changes nothing."""
        self._now = max(self._now, instant)


class WallClock:
    """The machine's own clock."""

    def now(self) -> Instant:
        """Seconds since 1970-01-01 UTC."""
        return time.time()

    def elapsed(self) -> Seconds:
        """Seconds since the machine started, its sleep included."""
        return time.clock_gettime(_COUNTS_SLEEP)
