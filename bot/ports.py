"""The small protocols the bot owns: what it needs of storage, of a clock and of a platform. Adapters and storage fit these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.core.choices import Choices, ChoiceWrite
from bot.core.events import Deleted, Edited, Event, Reacted
from bot.core.model import Audience, Instant, Message, Role, Seconds, Seen, Wait
from bot.core.writes import Write

T = TypeVar("T")


class Clock(Protocol):
    """Where the time comes from. Tests and replay inject their own."""

    def now(self) -> Instant:
        """Seconds since 1970-01-01 UTC."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRecord:
    """What storage knows of a channel: enough to rebuild its state.

    `waits` are the open waits and those that ended lately (replies may still be deleted); `early` are edits, deletions
    and reactions that came before their message. `exchanges` maps (member, customer) to (strength, at).
    """

    messages: tuple[Seen, ...]
    waits: tuple[Wait, ...]
    early: tuple[Edited | Deleted | Reacted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReminder:
    """A reminder whose time has come, leased to us until it is settled.

    `id` is the row's number, `key` the idempotency key for the platform (the same at every attempt).
    """

    id: int
    key: str
    wait: str
    step: int
    to: Audience
    due_at: Instant
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentReminder:
    """A reminder that left: when, for which rung, to whom, and the platform's reference of the post."""

    wait: str
    step: int
    at: Instant
    to: tuple[str, ...]
    ref: str | None = None


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

    def save(self, writes: Iterable[Write]) -> None:
        """Perform a decision's writes."""
        ...

    def wait(self, wait: str) -> Wait | None:
        """One wait by id."""
        ...

    def waits_of(self, channel: str, message: str) -> tuple[Wait, ...]:
        """The waits a message belongs to, as the customer's message or as a reply, latest first."""
        ...

    def texts(self, wait: str) -> tuple[tuple[str, str], ...]:
        """(message id, text) of a waiting customer's messages, in order; empty once the wait has ended."""
        ...

    def claim_due(self, now: Instant, *, limit: int, lease: Seconds) -> Sequence[DueReminder]:
        """Give expired leases back, then lease up to `limit` due reminders to the caller, earliest first."""
        ...

    def mark_sent(self, due: DueReminder, *, at: Instant, to: tuple[str, ...], ref: str | None) -> bool:
        """The reminder left. False, as for all `mark_`s, when the lease was lost meanwhile: nothing was changed then."""
        ...

    def mark_again(self, due: DueReminder, *, due_at: Instant) -> bool:
        """Back to pending, to be tried at `due_at` (held, off hours, or the platform asked for a pause)."""
        ...

    def mark_moot(self, due: DueReminder, *, reason: str) -> bool:
        """The reminder isn't needed any more."""
        ...

    def mark_dead(self, due: DueReminder, *, reason: str) -> bool:
        """The reminder can't be delivered; `doctor` lists it with the reason."""
        ...

    def sent_since(self, person: str, since: Instant) -> int:
        """How many reminders addressed to a person left at `since` or later."""
        ...

    def next_due(self) -> Instant | None:
        """When the next reminder falls due or the next lease ends; None when nothing is pending."""
        ...

    def exchanges(self, customer: str) -> tuple[tuple[str, str, float, Instant], ...]:
        """(channel, member, strength, at) of everybody on the team who has dealt with this customer."""
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

    def prune(self, now: Instant, *, keep: Seconds, window: int) -> int:
        """Forget what is older than `keep` seconds and of no more use: messages outside their channel's last `window`, and
        early events whose message never came. Gives how many rows went."""
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


class Courier(Protocol):
    """Takes reminders to members. Replay's only notes that one would have left."""

    async def remind(self, wait: Wait, *, to: tuple[str, ...], step: int, key: str) -> str | None:
        """Remind the members `to` (empty: the team as a whole) of a wait. Returns the platform's reference of the post.

        The same `key` may come again after a crash: what was posted under it must not be posted twice. Raises only
        DeliveryError and its kinds.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in an archive that couldn't be read as it stands: where (file and place), what, and what was done."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePerson:
    """Somebody an archive knows. `home` is their workspace id when the archive says it; `guest` = restricted account,
    `stranger` = from another organisation (Slack Connect). `names`: the one shown first, then other names."""

    id: str
    names: tuple[str, ...]
    home: str | None = None
    app: bool = False
    guest: bool = False
    stranger: bool = False
    deleted: bool = False
    timezone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveChannel:
    """A channel of an archive. `key` is its key in events, `name` what people call it. `shared`: externally shared."""

    key: str
    id: str
    name: str
    shared: bool = False


class Archive(Protocol):
    """An exported conversation, read as a stream."""

    @property
    def people(self) -> Mapping[str, ArchivePerson]:
        """Everybody the archive lists, by id. Authors that it doesn't list are found only by reading."""
        ...

    @property
    def channels(self) -> Sequence[ArchiveChannel]:
        """The channels, by name."""
        ...

    @property
    def home(self) -> str | None:
        """The workspace id the export was made in, when it can be told."""
        ...

    def events(
        self,
        *,
        role: Callable[[str, Message], Role],
        channels: Sequence[str] = ("*",),
        problem: Callable[[Problem], None],
    ) -> Iterator[Event]:
        """All events of the channels whose name matches one of the globs, merged over channels in order of time.

        `role` says what the author of a message is (called with the person's id and the message as read so far, whose
        own role is CUSTOMER); posts with `marks` are APP without asking. Whatever can't be read is passed to `problem`
        and reading goes on.
        """
        ...
