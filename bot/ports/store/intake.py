"""What storage does for whoever takes events in: the engine, the inbox, replay, backfill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from bot.domain.durations import Instant
from bot.domain.events import EventKey
from bot.domain.gaps import Coverage, FailedEvent, Gap
from bot.domain.moves import ChannelMove
from bot.domain.preferences import ChoiceWrite
from bot.domain.tips import SaidBefore
from bot.ports.store.lookup import Lookup
from bot.ports.store.records import ChannelRecord, Doubles
from bot.ports.store.writer import Writer


class IntakeTransaction(Lookup, Writer, Protocol):
    """An open transaction in which events are decided."""

    def savepoint(self) -> AbstractContextManager[None]:
        """A savepoint around one event: an exception inside undoes the event's writes only, and is raised on. A failure of the
        machine isn't the event's: it spoils the whole transaction, even if it's caught outside. They nest."""
        ...

    def first_time(self, key: EventKey, platform_event: str | None, at: Instant) -> bool:
        """Record the keys of an event of this instant. False when either was there before: the event is a duplicate. Both are
        recorded even then: the same happening in a new envelope must be known by its envelope, too. One delivery that carries
        several events needs an id for each of them.

        Keys are kept until `prune_keys` forgets those of their day. A message that is as old as that is a duplicate when
        something is still kept of it: it is in the window, or belongs to a wait."""
        ...

    def reminded(self, waits: Sequence[str]) -> bool:
        """Whether a reminder of any of these waits has left, is on its way, or was given up."""
        ...

    def channel(self, channel: str, messages: int) -> ChannelRecord:
        """A channel's last `messages` messages by position, its open and lately ended waits, its early events in order of time.

        Of the open waits the latest come, oldest first; before them those that ended no earlier than the oldest of the messages,
        in order of their end: no reply to any other is in sight. There are as many of each as a state keeps in memory.
        """
        ...

    def said_by(self, member: str, since: Instant, limit: int) -> tuple[SaidBefore, ...]:
        """What a member wrote at an instant or later in whatever channel, as far as it is stored: the latest `limit`, oldest
        first."""
        ...

    def customer_wrote(self, channel: str) -> bool:
        """Whether a message of a customer's is stored of a channel."""
        ...

    def choose(self, writes: Iterable[ChoiceWrite], *, by: str = "", at: Instant = 0.0, undoes: int | None = None) -> int | None:
        """Store what members chose in chat, in order. Reverting what was never chosen changes nothing. Where somebody (`by`)
        chose it, what it changed is kept, so that it can be undone: gives the number of that; None where nothing changed. What
        `undoes` one of their changes, by its number, is none itself, and nothing is left of that one to be undone."""
        ...

    def coverage(self, channel: str) -> Coverage:
        """How much of a channel's past is stored; nothing where nothing is known of it."""
        ...

    def coverage_on(self, platform: str) -> Mapping[str, Coverage]:
        """The same of all channels of a platform, by their keys."""
        ...

    def latest_on(self, platform: str) -> Instant | None:
        """When the latest message that is stored of a platform was posted, by the platform's own clock; None when there is
        none."""
        ...

    def put_coverage(self, channel: str, covered: Coverage) -> None:
        """Store a channel's coverage in place of what it was."""
        ...

    def note_gap(self, gap: Gap) -> None:
        """Note a gap, for people to look at. One for the same reason that is still open is made longer instead."""
        ...

    def close_gaps(self, platform: str, at: Instant) -> tuple[Gap, ...]:
        """All open gaps of a platform are closed. Gives them."""
        ...

    def note_failed(self, failed: FailedEvent) -> None:
        """Note an event that couldn't be stored, in place of what was noted of it before."""
        ...

    def failed_on(self, platform: str) -> tuple[FailedEvent, ...]:
        """The events of a platform that couldn't be stored, in the order in which they happened."""
        ...

    def drop_stored_failures(self, channel: str) -> None:
        """Forget the failed events of a channel that were stored after all."""
        ...

    def move_channel(self, move: ChannelMove) -> Doubles | None:
        """Everything that is stored of a channel goes by its new key from now on: waits with their ids, what is due and where it
        left to, posts, marks, choices, corrections, acquaintances, event keys. Handles stay, and so do reminders' keys. The
        posts of open waits are brought up to date. What is stored under the new key already joins it.

        The move is remembered (see `moves`). None when it was before, or the channel has gone on since: then nothing is done.
        """
        ...
