"""Outgoing messages: where they go, what goes together, and that one channel gets them one after the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Self

from bot.domain.durations import Instant, Seconds
from bot.domain.keys import platform_of, server_of
from bot.domain.outgoing import Address, Due, DueReminder, DueRemoval, DueUpdate, LivePost, WaitInMessage
from bot.domain.people import Team
from bot.domain.views import View
from bot.domain.waits import Wait
from bot.errors import RetryLater
from bot.outbox.contents import Contents
from bot.outbox.guard import Guard
from bot.outbox.rate_limits import RateLimits
from bot.ports import Clock, OutboxTransaction, Sleep

MOST_SINGLE = 5
"""Messages for one channel that leave singly when they fall due together; more of them become one message."""

UNREACHED = 2
"""Failures from which on a reminder was held up by more than a moment's trouble: what is due for its channel leaves as one."""

NEVER: Instant = float("-inf")
"""Before anything ever fell due."""

PATIENCE: Seconds = 30
"""How long a platform may take over one message, in real seconds. Shorter than a lease: nobody else may think it abandoned."""


Closed = Callable[[str, str], bool]
"""Whether somebody, by platform and account, takes no direct messages from us there."""


def _open(_platform: str, _account: str) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where reminders go: to the team's channel, or to the one member they are for who asked for direct messages; on the platform
    the customer waits on, where there is such a place and it reaches one of those whom they are for, else on another.

    What several members are asked goes to the channel, where each sees that the others were asked too. `channels` gives the
    team's channel by the platform's name, for what happens in a channel there (by its key), in the order of preference (asked for
    each time: it may be found or lost while we run). What a message is `about` is a platform, by its name, or a channel or a
    server, by its key. Where a platform has several servers with a team each, `all_channels` gives the channels of all of them by
    the platform's name, and `server_of` the server of one.
    """

    channels: Mapping[str, Callable[[str | None], Address | None]]
    wants_dm: Callable[[str], bool]
    team: Callable[[], Team]
    all_channels: Callable[[str], Sequence[Address]] = lambda _platform: ()
    server_of: Callable[[Address], str | None] = lambda _: None
    left: set[str] = field(default_factory=set)
    """The platforms we aren't on any more: nothing goes there while there is another."""

    def of(self, to: tuple[str, ...], about: str | None = None, *, closed: Closed = _open) -> Address | None:
        """The address for a message to these members (empty: the team) about something (None: on no single platform). None when
        no channel is set. `closed` tells whose direct messages can't be had where."""
        return (self.direct(to[0], about, closed=closed) if len(to) == 1 else None) or self.channel(about, to)

    def read_by_all(self, to: tuple[str, ...], about: str | None = None, *, closed: Closed = _open) -> Address | None:
        """The address for a message to these members that the team is to read, too: never a direct message where a channel
        reaches one of them."""
        place = self.channel(about, to)
        return place if place is not None and self._reaches(place, to) else self.of(to, about, closed=closed)

    def direct(self, member: str, about: str | None = None, *, closed: Closed = _open) -> Address | None:
        """The address for what concerns nobody but this member: never a channel. None when they haven't asked for it, or it can't
        be had."""
        if not self.wants_dm(member):
            return None
        accounts = self.team().accounts
        for name in self._preferred(about):
            account = accounts.account(name, member)
            if account is not None and not closed(name, account):
                return Address(name, "person", account)
        return None

    def channel(self, about: str | None = None, to: Iterable[str] = ()) -> Address | None:
        """The team's channel for what happens there; for what is to be read by members none of whom has an account on that
        platform, the first one in which they are reached."""
        there = None if about is None else platform_of(about)
        found = [
            place
            for name in self._preferred(about)
            if (place := self.channels[name](about if name == there else None)) is not None
        ]
        to = tuple(to)
        reaching = (place for place in found if self._reaches(place, to))
        others = (place for name in self._preferred(about) if about is None or name != there for place in self.all_channels(name))
        reached = next(reaching, None) or (next((place for place in others if self._reaches(place, to)), None) if to else None)
        return reached or (found[0] if found else None)

    def reaches(self, member: str) -> bool:
        """Whether anything can be sent to a member: by a direct message, or in a team's channel on a platform they are on. Where
        there is no channel at all, nothing is."""
        places = [place for find in self.channels.values() if (place := find(None)) is not None]
        places += [place for name in self.channels for place in self.all_channels(name)]
        return not places or any(self._reaches(place, (member,)) for place in places) or self.direct(member) is not None

    def outside(self, member: str, channel: str) -> bool:
        """Whether a member can't be asked about what happens in a channel, since they are on another server's team only: they
        can't read there, or not where it is told of."""
        team = self.team()
        if not team.may_read(member, channel):
            return True
        if server_of(channel) not in team.servers:
            return False
        place = self.channel(channel, (member,))
        reached = place is None or self._reaches(place, (member,))
        if team.there(channel, (member,)):
            return not reached and self.direct(member, channel) is None
        return not reached or (place is not None and place.platform == platform_of(channel))

    def mentions(self, member: str, channel: str) -> str | None:
        """Whose digest mentions a member about something in a channel (or on a platform, by its name): that of a platform, or of
        a server with a team of its own; None where none can."""
        place = self.channel(channel, (member,))
        return self._digest_at(place) if place is not None and self._reaches(place, (member,)) else None

    def tells(self, digest: str | None, channel: str) -> bool:
        """Whether the digest of a platform or a server (None: the only one) tells of what happens in a channel (or on a platform,
        by its name): of what has no channel of its own the digest tells to whose channel its reminders go."""
        if digest is None:
            return True
        place = self.channel(channel)
        return place is not None and self._digest_at(place) == digest

    @property
    def parted(self) -> bool:
        """Whether servers have a team each, so that nothing may tell of what happens in all of them."""
        return bool(self.team().servers)

    def has_digest(self, digest: str) -> bool:
        """Whether there is a channel for the digest of a platform or a server; else another's tells what it would. While there is
        none at all it waits for one."""
        place = self.channel(digest)
        return place is None or self._digest_at(place) == digest

    def _digest_at(self, place: Address) -> str:
        return self.server_of(place) or place.platform

    def _reaches(self, place: Address, to: Iterable[str]) -> bool:
        team, server = self.team(), self.server_of(place)
        there = team.servers.get(server) if server is not None else None
        return any(
            team.accounts.account(place.platform, member) is not None and (there is None or member in there) for member in to
        )

    def _preferred(self, about: str | None) -> Iterable[str]:
        platform = None if about is None else platform_of(about) or about
        first = (platform,) if platform in self.channels else ()
        names = (*first, *(name for name in self.channels if name != platform))
        return tuple(name for name in names if name not in self.left) or names


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Everything the due loop needs to speak: the guard, what messages say, where they go, how fast, and how to wait."""

    guard: Guard
    views: Contents
    destination: Destination
    limits: RateLimits
    clock: Clock
    sleep: Sleep

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Post a message, or bring its post up to date, and give the reference. Raises DeliveryError and its kinds: RetryLater
        too when the platform takes longer than PATIENCE."""
        under = None if outgoing.under is None else outgoing.under.ref
        try:
            async with asyncio.timeout(PATIENCE):
                if outgoing.ref is None:
                    return await self.guard.send(outgoing.address, outgoing.view, outgoing.keys, under=under)
                await self.guard.change(outgoing.address, outgoing.ref, outgoing.view)
                return outgoing.ref
        except TimeoutError as error:
            raise RetryLater(f"no answer within {PATIENCE:.0f} seconds", after=0) from error

    async def find(self, in_doubt: InDoubt) -> str | None:
        """The reference of a message that may have arrived. Raises as `send` does."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.guard.find(in_doubt.address, in_doubt.key, in_doubt.since, under=in_doubt.under)
        except TimeoutError as error:
            raise RetryLater(f"no answer within {PATIENCE:.0f} seconds", after=0) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A due row that may leave now: to whom, and for reminders (one) and updates (several) the waits as they are told of.
    `listed` are those of a hand-over list, as it tells of them."""

    due: Due
    to: tuple[str, ...]
    waits: tuple[WaitInMessage, ...] = ()
    listed: tuple[Wait, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """One message: everything that goes together, as it looks now. With `ref` it brings that post up to date; with `under` it
    is a line that goes with that post.

    `at` is when it was made, and until when its rows are ours is counted from there.
    """

    address: Address
    rows: tuple[Item, ...]
    view: View
    at: Instant
    ref: str | None = None
    under: LivePost | None = None

    @property
    def dues(self) -> tuple[Due, ...]:
        """The rows it settles."""
        return tuple(row.due for row in self.rows)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all that it says; the first is the message's own."""
        return tuple(row.due.key for row in self.rows if not isinstance(row.due, DueUpdate))

    @property
    def to(self) -> tuple[str, ...]:
        """Everybody it is for."""
        return tuple(dict.fromkeys(member for row in self.rows for member in row.to))


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """Rows that went on their way together, and nobody knows whether they arrived. `under` is the post they were to go with."""

    address: Address
    key: str
    since: Instant
    dues: tuple[Due, ...]
    at: Instant
    under: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderCheck:
    """A place in which there are posts of ours is asked about: who reads it now?"""

    address: Address


Delivery = OutgoingMessage | InDoubt
"""What a row becomes on its way."""

Job = Delivery | ReaderCheck | DueRemoval
"""What is done at an address, one after the other."""


def together(
    rows: Iterable[tuple[Address, Item]], *, overdue_until: Instant = NEVER, alone: Container[int] = ()
) -> list[tuple[Address, tuple[Item, ...]]]:
    """What leaves in one message: waits for the same members at the same address; and where more than MOST_SINGLE reminders are
    due for one channel, all of them. The order stays. Everything else leaves by itself, and so do the rows in `alone`.

    What fell due by `overdue_until`, while nobody was there to send it, becomes one message for its channel, however little it
    is; and so does what is due for a channel that couldn't be reached.
    """
    groups: dict[tuple[Address, object], list[Item]] = {}
    for address, row in rows:
        group: object = row.to if isinstance(row.due, DueReminder) and row.due.id not in alone else row.due.id
        groups.setdefault((address, group), []).append(row)
    due: dict[Address, int] = {}
    unreached: set[Address] = set()
    for (address, _), found in groups.items():
        due[address] = due.get(address, 0) + sum(isinstance(row.due, DueReminder) for row in found)
        if any(row.due.failures >= UNREACHED for row in found):
            unreached.add(address)
    merged: dict[tuple[Address, object], list[Item]] = {}
    for (address, group), found in groups.items():
        many = due[address] > MOST_SINGLE or address in unreached or all(row.due.due_at <= overdue_until for row in found)
        crowded = address.kind == "channel" and many and isinstance(found[0].due, DueReminder) and found[0].due.id not in alone
        merged.setdefault((address, "crowd" if crowded else group), []).extend(found)
    return [(address, tuple(found)) for (address, _), found in merged.items()]


class AddressQueues:
    """One queue per address: its deliveries are done one after the other, and all queues at the same time.

    `async with AddressQueues(work)`: leaving it waits for everything that was put in. If one job raises, the others are cancelled
    and the error is raised there.
    """

    def __init__(self, work: Callable[[AddressQueues, Job, bool], Awaitable[None]]) -> None:
        self._work = work
        self._group = asyncio.TaskGroup()
        self._queues: dict[Address, deque[Job]] = {}
        self._waiting = 0
        self._done = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            await self._group.__aexit__(kind, error, trace)
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from group

    def put(self, delivery: Job) -> None:
        """Have a job done after those that are there already for its address."""
        self._waiting += 1
        queue = self._queues.get(delivery.address)
        if queue is None:
            queue = self._queues[delivery.address] = deque()
            self._group.create_task(
                self._drive(delivery.address, queue), name=f"queue {delivery.address.kind} {delivery.address.id}"
            )
        queue.append(delivery)

    def take(self, address: Address) -> list[OutgoingMessage]:
        """Take out what else is to be posted at an address: it can go along with the message whose turn it is."""
        taken = [one for one in self._queues[address] if isinstance(one, OutgoingMessage) and one.ref is None]
        self._remove(address, taken)
        return taken

    def take_in_doubt(self, address: Address) -> list[InDoubt]:
        """Take out what else is in doubt at an address: what of it never arrived goes along, too."""
        taken = [one for one in self._queues[address] if isinstance(one, InDoubt)]
        self._remove(address, taken)
        return taken

    def _remove(self, address: Address, taken: Sequence[Delivery]) -> None:
        queue = self._queues[address]
        kept = [delivery for delivery in queue if delivery not in taken]
        queue.clear()
        queue.extend(kept)
        self._waiting -= len(taken)

    async def room(self, most: int) -> None:
        """Wait until fewer than `most` jobs are to be done."""
        while self._waiting >= most:
            self._done.clear()
            await self._done.wait()

    async def _drive(self, address: Address, queue: deque[Job]) -> None:
        first = True
        while queue:
            await self._work(self, queue.popleft(), first)
            first = False
            self._waiting -= 1
            self._done.set()
        del self._queues[address]


Work = Callable[[OutboxTransaction], None]


class ResultCommits:
    """Many small pieces of work for the database, committed together when they come at the same time.

    Each channel settles its message as soon as it left; when a hundred do so at once, that is one commit, not a hundred.
    """

    def __init__(self, transact: Callable[[Callable[[OutboxTransaction], Instant | None]], Awaitable[Instant | None]]) -> None:
        self._transact = transact
        self._works: list[tuple[Work, asyncio.Future[Instant | None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def settle(self, work: Work) -> Instant | None:
        """Have `work` done in a transaction. Returns after its commit, with when something is due next; raises what made the
        transaction fail."""
        done: asyncio.Future[Instant | None] = asyncio.get_running_loop().create_future()
        self._works.append((work, done))
        if self._task is None:
            self._task = asyncio.create_task(self._commit(), name="commits")
        return await done

    async def _commit(self) -> None:
        group: list[tuple[Work, asyncio.Future[Instant | None]]] = []
        try:
            while self._works:
                group, self._works = self._works, []
                next_due = await self._transact(partial(_all, [work for work, _ in group]))
                for _, done in group:
                    if not done.done():
                        done.set_result(next_due)
        except BaseException as error:
            for _, done in (*group, *self._works):
                if not done.done():
                    done.set_exception(error)
            self._works = []
            if not isinstance(error, Exception):
                raise
        finally:
            self._task = None


def _all(works: Sequence[Work], tx: OutboxTransaction) -> Instant | None:
    for work in works:
        work(tx)
    return tx.next_due()
