"""An honest trial of whether first reminders help: a tenth of them, chosen by lot, leaves a quarter of an hour later.

The lot is a keyed hash of the wait: the same in every process and after every restart, foreseen by nobody, with no state of its
own.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from bot.domain.durations import MINUTE, Instant, Seconds
from bot.domain.value import value

DELAY: Final[Seconds] = 15 * MINUTE
"""How much later those leave that the lot fell on: long enough to see a difference, half as long as a customer usually
waits before anybody is asked."""

ONE_IN: Final = 10
"""The lot falls on one in so many."""


@value
class DelayTrial:
    """A trial from `since` until `until`, by a lead's word (`by`). It ends by itself."""

    since: Instant
    until: Instant
    by: str

    def runs_at(self, now: Instant) -> bool:
        """Whether it runs at an instant."""
        return self.since <= now < self.until


@value
class TrialEntry:
    """A wait whose first reminder was to leave `at` an instant, while a trial ran; `delayed`: the lot fell on it."""

    wait: str
    at: Instant
    delayed: bool


def is_drawn(key: bytes, wait: str) -> bool:
    """Whether the lot falls on a wait, by its id."""
    drawn = int.from_bytes(blake2b(wait.encode(), key=key, digest_size=8).digest())
    return drawn % ONE_IN == 0
