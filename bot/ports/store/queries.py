"""What storage is asked by whoever shows or words something. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from bot.domain.arrivals import Arrival
from bot.domain.choice_changes import ChoiceChange
from bot.domain.delay_trial import TrialEntry
from bot.domain.durations import Instant
from bot.domain.duty import CalendarSpans
from bot.domain.gaps import FailedEvent, Gap
from bot.domain.moves import ChannelMove
from bot.domain.notifications import Appeal
from bot.domain.outgoing import NOTHING_PAUSED, DeadLetter, DueReminder, HandoverListing, Paused, SentReminder, SkippedReminder
from bot.domain.preferences import Choices
from bot.domain.thanks import Thanks
from bot.domain.waits import Handover, Wait
from bot.domain.writes import SaveCorrection
from bot.ports.store.lookup import Lookup
from bot.ports.store.records import CorrectionCounts, KeptText, PostsOfSource, SoleAcquaintance


class QueryTransaction(Lookup, Protocol):
    """One consistent state of everything, to be read."""

    def handle(self, wait: str) -> str:
        """A wait's short name for people ("w17"), the same for good. Raises StorageError when it was never saved."""
        ...

    def arrivals_in(self, notice: str) -> tuple[Arrival, ...]:
        """Those of whom a notice (by its key) told last that they came into a channel, in order."""
        ...

    def arrival(self, number: int) -> Arrival | None:
        """The arrival with this number."""
        ...

    def arrivals_told(self, channel: str, *, but: str) -> Instant | None:
        """When it was told last who came into a channel; `but` in this notice (by its key)."""
        ...

    def greeters(self) -> Mapping[str, Instant]:
        """When members were asked to greet somebody last, or did so by themselves; of those who were lately."""
        ...

    def wait_by_handle(self, handle: str) -> Wait | None:
        """The wait with this short name, whether it's over or not."""
        ...

    def all_waits(self) -> Iterator[Wait]:
        """All waits in the order they opened, one at a time. To be used up within the transaction."""
        ...

    def open_waits(self, limit: int) -> tuple[Wait, ...]:
        """The open waits of all channels, the latest `limit` of them, oldest first."""
        ...

    def last_digest(self, key: str) -> Instant | None:
        """When the digest of a day was sent last that told of the same place as the one with this key; None: none was."""
        ...

    def opened_since(self, since: Instant) -> Iterator[Wait]:
        """The waits that opened at an instant or later, in order. To be used up within the transaction."""
        ...

    def posts_of_sources(self, since: Instant) -> tuple[PostsOfSource, ...]:
        """How often apps and relays posted since the day of an instant, one for each channel, app and way in which it posts."""
        ...

    def latest_waits(self, customer: str, limit: int) -> tuple[Wait, ...]:
        """A customer's latest waits, in all channels, over or not, the latest first."""
        ...

    def fell_silent(self, since: Instant, until: Instant, *, waits: int, limit: int) -> tuple[str, ...]:
        """Customers who waited so often since an instant, and wrote nothing in a wait at `until` or later; the latest first."""
        ...

    def wrote(self, people: Collection[str], since: Instant) -> frozenset[str]:
        """Who of these people wrote anything at an instant or later, as far as messages are kept."""
        ...

    def known_by_one(self, members: Collection[str], *, since: Instant, least: float, limit: int) -> tuple[SoleAcquaintance, ...]:
        """The customers whom one of these members alone has dealt with: at an instant or later, and with at least this strength
        (see waits.acquaintance); the latest first."""
        ...

    def texts(self, wait: str) -> tuple[KeptText, ...]:
        """What a waiting customer wrote, in the order of the messages; empty once the wait has ended."""
        ...

    def handover(self, wait: str) -> Handover | None:
        """How a wait was handed over last; None where it wasn't."""
        ...

    def handover_listings(self, wait: str, *, but: int) -> tuple[HandoverListing, ...]:
        """The hand-over lists that left, or may have, and told of a wait, in order; `but` the one in this row."""
        ...

    def note(self, wait: str, since: Instant) -> str:
        """What a member said of why a wait is on hold since an instant; "" without such words, and once the wait has ended."""
        ...

    def pending(self, wait: str) -> DueReminder | None:
        """The wait's pending reminder, not leased to anybody."""
        ...

    def sent_since(self, person: str, since: Instant) -> int:
        """How many reminders to a person left at `since` or later; several waits in one message are one."""
        ...

    def notified(self, person: str, since: Instant, *, but: Sequence[int] = ()) -> tuple[Instant, ...]:
        """When messages for a person left, or went on their way, at `since` or later, in order; the rows in `but` don't count."""
        ...

    def skipped_reminders(self, wait: str) -> tuple[SkippedReminder, ...]:
        """The rungs of a wait that were left out because of people's days, in order."""
        ...

    def appeals(self, wait: str) -> tuple[Appeal, ...]:
        """Whom digests mentioned about a wait, in order."""
        ...

    def appeals_in(self, digest: str) -> tuple[Appeal, ...]:
        """Whom a digest, by its key, mentions about which waits."""
        ...

    def reminder_ahead(self, wait: str) -> bool:
        """Whether a reminder of a wait is still to come, or on its way."""
        ...

    def appealed_to(self, person: str, since: Instant) -> Instant | None:
        """When a digest mentioned somebody last, at an instant or later; None where none did."""
        ...

    def left_out(self, wait: str) -> bool:
        """Whether a reminder about a wait was left out because a day's budget had no room for it, and none has left since."""
        ...

    def latest(self) -> Instant:
        """The latest instant of which anything is known: what was written, left, was posted or chosen. 0 where nothing is."""
        ...

    def noted_since(self, since: Instant) -> tuple[SentReminder, ...]:
        """The reminders that were noted at `since` or later as if they had left, while nothing was sent; in order."""
        ...

    def left_since(self, since: Instant) -> tuple[SentReminder, ...]:
        """The reminders that really left at `since` or later, in order; those that were only noted aren't among them."""
        ...

    def trial_entry(self, wait: str) -> TrialEntry | None:
        """How a wait is part of a trial of first reminders; None where it is of none."""
        ...

    def trial_entries(self, since: Instant) -> tuple[TrialEntry, ...]:
        """The waits that became part of a trial at `since` or later, in order."""
        ...

    def next_due(self, paused: Paused = NOTHING_PAUSED) -> Instant | None:
        """When the next row falls due, the next lease ends or a post is to be removed, but for what is paused; None when nothing
        is pending."""
        ...

    def dead(self, limit: int) -> tuple[DeadLetter, ...]:
        """What could not be delivered, the latest `limit`, latest first."""
        ...

    def calendar(self) -> CalendarSpans:
        """What the team's calendar said when it could be read last."""
        ...

    def choices(self) -> Choices:
        """What members chose in chat."""
        ...

    def choice_change(self, by: str, number: int | None = None) -> ChoiceChange | None:
        """What a choice of somebody's changed, by its number, else their last one that wasn't undone; None where that is
        forgotten."""
        ...

    def corrections(self, channel: str) -> tuple[SaveCorrection, ...]:
        """What members said was judged wrongly in a channel, in order of time: the last word on each message."""
        ...

    def corrections_since(self, since: Instant) -> CorrectionCounts:
        """How much members said was judged wrongly, at an instant or later."""
        ...

    def behind(self) -> Mapping[str, Instant]:
        """Since when something may be missing, by the keys of the channels of which it may; earliest first."""
        ...

    def gaps(self, limit: int) -> tuple[Gap, ...]:
        """The gaps that are known, open ones first, then the latest."""
        ...

    def failed_events(self, limit: int) -> tuple[FailedEvent, ...]:
        """The events that couldn't be stored, latest first."""
        ...

    def thanks_to(self, member: str, since: Instant, limit: int) -> tuple[Thanks, ...]:
        """The latest `limit` thanks to a member that were said at an instant or later, latest first."""
        ...

    def moves(self) -> tuple[ChannelMove, ...]:
        """The channels that go by another key than they did, each with the one that counts now."""
        ...

    def channels(self) -> tuple[str, ...]:
        """The keys of all channels that something is stored of."""
        ...
