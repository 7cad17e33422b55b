"""What storage does for its own good: what is old goes, and what a dead process held is given back."""

from __future__ import annotations

from typing import Protocol

from bot.domain.durations import Instant, Seconds


class UpkeepTransaction(Protocol):
    """An open transaction in which nothing is decided."""

    def prune(self, now: Instant, *, keep: Seconds, window: int) -> int:
        """Forget what is older than `keep` seconds and of no more use: messages outside their channel's last `window`, early
        events whose message never came, and when members were away. Gives how many rows went."""
        ...

    def prune_waits(self, now: Instant, *, keep: Seconds) -> int:
        """Forget the waits that ended more than `keep` seconds ago, with their reminders and posts. Gives how many went."""
        ...

    def end_leases(self, shown_from: Instant) -> int:
        """Give back what a process that is gone had leased: at once, or at `shown_from` what may have left, unless its lease ends
        before. Gives how many rows that were."""
        ...
