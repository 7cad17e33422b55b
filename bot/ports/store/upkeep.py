"""What storage does for its own good: what is old goes, and what a dead process held is given back."""

from __future__ import annotations

from typing import Protocol

from bot.domain.durations import Instant, Seconds
from bot.domain.duty import CalendarSpans
from bot.ports.store.records import UnwordedMessage


class UpkeepTransaction(Protocol):
    """An open transaction in which nothing is decided."""

    def prune(self, now: Instant, *, keep: Seconds, window: int) -> int:
        """Forget what is older than `keep` seconds and of no more use: messages outside their channel's last `window`, early
        events whose message never came, when members were away, and what was
        reported of auto-DMs three months ago. Gives how many rows went."""
        ...

    def put_calendar(self, spans: CalendarSpans) -> None:
        """What the team's calendar says now, instead of what it said before."""
        ...

    def prune_early_edits(self, before: Instant) -> int:
        """Forget the edits from before an instant whose message never came. Gives how many rows went."""
        ...

    def prune_keys(self, *, events_before: Instant, deliveries_before: Instant) -> int:
        """Forget by which keys events and deliveries of days before these are known, a day's at a time: to be asked again until
        it gives 0 rows."""
        ...

    def prune_traces(self, before: Instant) -> int:
        """Forget which messages belonged to the waits that ended before an instant, and their reminders that never left. A wait
        is still found by the message that opened it. Gives how many rows went."""
        ...

    def prune_waits(self, now: Instant, *, keep: Seconds) -> int:
        """Forget the waits that ended more than `keep` seconds ago, with their reminders and posts, digests of that age, and who
        hasn't dealt with whom since. Gives how many waits went."""
        ...

    def unworded(self, limit: int) -> tuple[UnwordedMessage, ...]:
        """Messages of open waits whose words are to be read again from the platform, those of the latest waits first."""
        ...

    def leave_unworded(self, message: UnwordedMessage) -> None:
        """Its words can't be had any more: don't ask again."""
        ...

    def end_leases(self, shown_from: Instant) -> int:
        """Give back what a process that is gone had leased: at once, or at `shown_from` what may have left, unless its lease ends
        before. Gives how many rows that were."""
        ...
