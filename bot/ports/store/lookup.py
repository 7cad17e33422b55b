"""What decisions look up, coming in and going out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.arrivals import Arrival
from bot.domain.auto_dms import AutoDm
from bot.domain.durations import Instant
from bot.domain.messages import MessageRecord
from bot.domain.outgoing import SentReminder
from bot.domain.tips import KeptTip
from bot.domain.waits import Wait
from bot.ports.store.records import Exchange, Mark, PastReply


class Lookup(Protocol):
    """Single things by what names them."""

    def wait(self, wait: str) -> Wait | None:
        """One wait by id."""
        ...

    def waits(self, waits_wanted: Sequence[str]) -> tuple[Wait, ...]:
        """Several waits by their ids, in no particular order. Unknown ones are left out."""
        ...

    def waits_of(self, channel: str, message: str) -> tuple[Wait, ...]:
        """The waits a message belongs to, as the customer's message or as a reply, latest first."""
        ...

    def sent_reminders(self, wait: str) -> tuple[SentReminder, ...]:
        """The reminders about a wait that left, in order."""
        ...

    def replies(self, limit: int) -> tuple[PastReply, ...]:
        """What members answered to the latest `limit` waits, oldest first. Messages that are forgotten are left out."""
        ...

    def written_in(self, wait: Wait) -> tuple[MessageRecord, ...]:
        """What a customer wrote in a wait, in order: what is kept of it. Messages that are forgotten are left out."""
        ...

    def lost_waits(self) -> tuple[Wait, ...]:
        """The waits that ended with their channel, in all channels, by when they ended."""
        ...

    def first_waits(self, customer: str) -> tuple[str, ...]:
        """The ids of this customer's first two waits, in all channels, over or not."""
        ...

    def exchanges(self, customer: str) -> tuple[Exchange, ...]:
        """Everybody on the team who has dealt with this customer, once for each channel, in no particular order."""
        ...

    def tips(self, member: str, since: Instant) -> tuple[KeptTip, ...]:
        """A member's tips that were made at an instant or later, in order."""
        ...

    def open_arrivals(self, since: Instant) -> tuple[Arrival, ...]:
        """Those who came into a channel at an instant or later and are still to be greeted, in order."""
        ...

    def arrivals_of(self, person: str) -> tuple[Arrival, ...]:
        """Where somebody came or went lately, in order."""
        ...

    def auto_dm(self, message: str, reporter: str) -> AutoDm | None:
        """Somebody's report of a direct message, by their fingerprints, also while its form is open."""
        ...

    def auto_dms(self, since: Instant, *, sender: str | None = None) -> tuple[AutoDm, ...]:
        """The direct messages that were reported at an instant or later, in order; with `sender` those in that member's name."""
        ...

    def count_auto_dms(self, since: Instant, *, reporter: str | None = None) -> int:
        """How many were reported at an instant or later; with `reporter` by that person, by fingerprint."""
        ...

    def marks(self, beginning: str) -> tuple[str, ...]:
        """The names of the marks that begin so."""
        ...

    def mark(self, name: str) -> Mark | None:
        """An instant that outlives restarts ("started", "gap"); None when it isn't set."""
        ...
