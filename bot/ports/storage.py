"""What the bot needs of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from bot.domain.durations import Instant, Seconds
from bot.domain.events import Deleted, Edited, Reacted
from bot.domain.messages import MessageRecord
from bot.domain.outgoing import Address, Attempt, DeadLetter, Due, DueReminder, Post, SentReminder
from bot.domain.preferences import Choices, ChoiceWrite
from bot.domain.waits import Wait
from bot.domain.writes import SaveCorrection, Write

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRecord:
    """What storage knows of a channel: enough to rebuild its state.

    `waits` are the open waits and those that ended lately (replies may still be deleted); `early` are edits, deletions
    and reactions that came before their message; `corrections` are what members said was judged wrongly.
    """

    messages: tuple[MessageRecord, ...]
    waits: tuple[Wait, ...]
    early: tuple[Edited | Deleted | Reacted, ...]
    corrections: tuple[SaveCorrection, ...] = ()


class Transaction(Protocol):
    """One open write transaction. All methods run on the storage thread and are not to be kept after it."""

    def savepoint(self) -> AbstractContextManager[None]:
        """A savepoint around one event: an exception inside undoes the event's writes only, and is raised on."""
        ...

    def first_time(self, key: tuple[str, str, str, str], platform_event: str | None) -> bool:
        """Record an event's keys. False when either was there before: the event is a duplicate."""
        ...

    def channel(self, channel: str, messages: int) -> ChannelRecord:
        """A channel's last `messages` messages, its open and lately ended waits and its early events."""
        ...

    def save(self, writes: Iterable[Write]) -> bool:
        """Perform a decision's writes.

        A wait that ends, comes back, is held or changes hands has its posts updated: those updates are put down in the same
        transaction. True when there are any, so that whoever performs them may be woken.
        """
        ...

    def wait(self, wait: str) -> Wait | None:
        """One wait by id."""
        ...

    def waits(self, waits_wanted: Sequence[str]) -> tuple[Wait, ...]:
        """Several waits by their ids, in no particular order. Unknown ones are left out."""
        ...

    def waits_of(self, channel: str, message: str) -> tuple[Wait, ...]:
        """The waits a message belongs to, as the customer's message or as a reply, latest first."""
        ...

    def texts(self, wait: str) -> tuple[tuple[str, str], ...]:
        """(message id, text) of a waiting customer's messages, in order; empty once the wait has ended."""
        ...

    def claim_due(self, now: Instant, *, limit: int, lease: Seconds) -> Sequence[Due]:
        """Lease up to `limit` rows that are due to the caller, expired leases among them, earliest first."""
        ...

    def renew(self, due: Due, *, until: Instant) -> bool:
        """Keep a lease until then."""
        ...

    def mark_leaving(self, leaving: Iterable[tuple[Due, Attempt]]) -> None:
        """These go on their way now. Until one is settled nobody knows whether it arrived."""
        ...

    def mark_sent(
        self, due: Due, *, at: Instant, to: tuple[str, ...], ref: str | None = None, address: Address | None = None
    ) -> bool:
        """It left; with `ref` and `address` (both or neither) its post is remembered. False, as for all `mark_`s and `renew`,
        when the lease was lost meanwhile: nothing was changed then."""
        ...

    def mark_again(self, due: Due, *, due_at: Instant, failed: bool = False, uncertain: bool = False) -> bool:
        """Back to pending, to be tried at `due_at` (held, off hours, or the platform asked for a pause). `failed` counts as a
        failed delivery; `uncertain`: it may have arrived, and stays leased until then, out of everybody's reach."""
        ...

    def mark_moot(self, due: Due, *, reason: str) -> bool:
        """It isn't needed any more."""
        ...

    def mark_dead(self, due: Due, *, reason: str, refused: bool = False) -> bool:
        """It can't be delivered; `doctor` lists it with the reason. `refused`: it surely didn't arrive anywhere."""
        ...

    def dead(self, limit: int) -> tuple[DeadLetter, ...]:
        """What could not be delivered, the latest `limit`, latest first."""
        ...

    def post(self, post: int) -> Post | None:
        """A post by its number."""
        ...

    def update_post(self, address: Address, ref: str, *, due_at: Instant) -> None:
        """Have a remembered post brought up to date. One that waits for it already isn't put down twice."""
        ...

    def sent_since(self, person: str, since: Instant) -> int:
        """How many reminders addressed to a person left at `since` or later."""
        ...

    def left_out(self, wait: str, since: Instant) -> bool:
        """Whether a reminder about a wait was left out at `since` or later because somebody's day was full."""
        ...

    def drop_missed_digests(self, now: Instant) -> int:
        """Withdraw the digests whose slot passed unseen, all but the latest of each subject. Gives how many went."""
        ...

    def next_due(self) -> Instant | None:
        """When the next reminder falls due or the next lease ends; None when nothing is pending."""
        ...

    def exchanges(self, customer: str) -> tuple[tuple[str, str, float, Instant], ...]:
        """(channel, member, strength, at) of everybody on the team who has dealt with this customer."""
        ...

    def replies(self, limit: int) -> tuple[tuple[str, str, MessageRecord], ...]:
        """(channel, customer, message) of what members answered to the latest `limit` waits, oldest first."""
        ...

    def pending(self, wait: str) -> DueReminder | None:
        """The wait's pending reminder, not leased to anybody."""
        ...

    def sent_reminders(self, wait: str) -> tuple[SentReminder, ...]:
        """The reminders about a wait that left, in order."""
        ...

    def all_waits(self) -> Iterator[Wait]:
        """All waits in the order they opened, one at a time. To be used up within the transaction."""
        ...

    def open_waits(self, limit: int) -> tuple[Wait, ...]:
        """The open waits of all channels, the latest `limit` of them, oldest first."""
        ...

    def opened_since(self, since: Instant) -> Iterator[Wait]:
        """The waits that opened at an instant or later, in order. To be used up within the transaction."""
        ...

    def handle(self, wait: str) -> str:
        """A wait's short name for people ("w17"), the same for good. Raises StorageError when it was never saved."""
        ...

    def wait_by_handle(self, handle: str) -> Wait | None:
        """The wait with this short name, whether it's over or not."""
        ...

    def choices(self) -> Choices:
        """What members chose in chat."""
        ...

    def choose(self, writes: Iterable[ChoiceWrite]) -> None:
        """Store what members chose in chat, in order."""
        ...

    def corrections(self, channel: str) -> tuple[SaveCorrection, ...]:
        """What members said was judged wrongly in a channel, in order of time."""
        ...

    def corrections_since(self, since: Instant) -> tuple[int, int]:
        """How many messages members said were overlooked, and how many that they need no reply, at an instant or later."""
        ...

    def prune(self, now: Instant, *, keep: Seconds, window: int) -> int:
        """Forget what is older than `keep` seconds and of no more use: messages outside their channel's last `window`, and
        early events whose message never came. Gives how many rows went."""
        ...

    def prune_waits(self, now: Instant, *, keep: Seconds) -> int:
        """Forget the waits that ended more than `keep` seconds ago, with their reminders and posts. Gives how many went."""
        ...

    def read_to(self, channel: str) -> Instant | None:
        """When the latest message that is stored of a channel was posted; None when there is none."""
        ...

    def mark(self, name: str) -> tuple[Instant, str | None] | None:
        """(at, by) of an instant that outlives restarts ("started", "gap"); None when it isn't set."""
        ...

    def put_mark(self, name: str, at: Instant | None, *, by: str | None = None) -> None:
        """Set such an instant; None takes it off."""
        ...

    def end_leases(self, shown_from: Instant) -> int:
        """Give back what a process that is gone had leased: at once, or at `shown_from` what may have left. Gives how many rows
        that were."""
        ...

    def noted_since(self, since: Instant) -> tuple[SentReminder, ...]:
        """The reminders that were noted at `since` or later as if they had left, while nothing was sent."""
        ...

    def update_notices(self, subject: str, *, due_at: Instant) -> bool:
        """Have the posts of a notice brought up to date. True when there are any."""
        ...

    def forget_noted(self) -> int:
        """Forget all reminders that were only noted. Gives how many there were."""
        ...


class Store(Protocol):
    """The database. A transaction is one function, run whole on the storage thread: begun, committed or rolled back
    there, so that cancelling the caller never leaves it open."""

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a write transaction and commit. Any exception rolls back and is raised on."""
        ...

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a reading connection, which sees the last commit. Writing raises StorageError."""
        ...

    async def checkpoint(self) -> None:
        """Bring the write-ahead log into the file and empty it. Raises StorageError when somebody else is reading."""
        ...

    async def backup(self, path: Path) -> None:
        """Copy the database, as last committed, into a new file. Raises StorageError."""
        ...
