"""What was missed: read back from the platform's history, into the same inbox, before anything is said about it.

A question that was asked and answered while nobody was here raises nothing, because the outbox claims nothing of a platform
until all of it is read. One that is still open counts from its own time. What happens meanwhile waits at its channel's gate.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.domain.durations import Instant, Seconds
from bot.domain.events import Event
from bot.engine.activation import Activation
from bot.engine.engine import Engine
from bot.errors import AccessLost, DeliveryError, RetryLater, StorageError
from bot.intake.gates import Gates
from bot.intake.inbox import Inbox
from bot.outbox.loop import OutboxLoop
from bot.ports import Clock, History, IntakeTransaction, Store

OVERLAP: Seconds = 5 * 60
"""Read again before the last message known: two connections may have delivered out of order, and a crash may have fallen in
between. What is known already is recognised."""

TOGETHER = 200
"""Events handed to the inbox at once."""

GAP = "gap"
"""The mark, followed by a blank and a platform's name: since when events may have been missed there that haven't been read back.
Without a name it is an earlier version's, and counts for every platform."""

UNREAD = "unread "
"""The mark, followed by a channel's key: its first read isn't through, or failed. What is stored of it by then mustn't make it
look as if it had been read."""

log = structlog.get_logger()

Rehearse = Callable[[Sequence[Event], Seconds], Awaitable[None]]
"""Deal with past events on their own time, noting the reminders that would have left, and let so many seconds pass after the
last of them."""


def adopt_gap(tx: IntakeTransaction, platforms: Sequence[str]) -> None:
    """An earlier version noted one gap for all platforms: note it for each."""
    before = tx.mark(GAP)
    if before is not None:
        for platform in platforms:
            put_earlier(tx, gap_of(platform), before.at)
        tx.put_mark(GAP, None)


def gap_of(platform: str) -> str:
    """The mark of a platform's gap."""
    return f"{GAP} {platform}"


def put_earlier(tx: IntakeTransaction, mark: str, at: Instant) -> None:
    """Put a mark, or put it back to an earlier instant."""
    known = tx.mark(mark)
    tx.put_mark(mark, at if known is None else min(at, known.at))


class Backfill:
    """Reads back what was missed on one platform. One at a time; asked for again meanwhile, it goes round once more."""

    def __init__(
        self,
        platform: str,
        history: History,
        engine: Engine,
        store: Store,
        inbox: Inbox,
        outbox: OutboxLoop,
        gates: Gates,
        activation: Activation,
        *,
        listens: Callable[[str], bool],
        rehearse: Rehearse,
        clock: Clock,
    ) -> None:
        self._platform = platform
        self._history = history
        self._engine = engine
        self._store = store
        self._inbox = inbox
        self._outbox = outbox
        self._gates = gates
        self._activation = activation
        self._listens = listens
        self._rehearse = rehearse
        self._clock = clock
        self._mark = gap_of(platform)
        self._gaps_noted = 0
        self._refused_since: Instant | None = None
        self._one_at_a_time = asyncio.Lock()
        self._again = asyncio.Event()

    async def note_gap(self, since: Instant, *, whole: bool = True) -> None:
        """Events since then may have been missed: remember it for good, and have `run` read them back. `whole`: nothing at all
        came in since, so what comes in now waits until that is read."""
        if whole:
            self._gates.close()
        await self._store.transact(lambda tx: self._remember(tx, since))
        self._again.set()

    async def note_refused(self, at: Instant) -> None:
        """An event of this instant is about to be refused, for too many wait: remember it for good first. What is remembered
        already costs nothing more: thousands may come."""
        if self._refused_since is None or at < self._refused_since:
            await self.note_gap(at, whole=False)
            self._refused_since = at

    def _remember(self, tx: IntakeTransaction, since: Instant) -> None:
        # Counted in here, one transaction after the other, so that who takes the mark off knows whether it says more by then.
        self._gaps_noted += 1
        put_earlier(tx, self._mark, since)

    async def run(self) -> None:
        """Read back whenever a gap was noted or a channel came in, for ever. One task runs this; raises AccessLost."""
        while True:
            await self._again.wait()
            self._again.clear()
            await self.catch_up()

    async def try_again(self) -> None:
        """Read back what couldn't be read before, if there is any. To be called every now and then."""
        if await self._store.read(lambda tx: tx.mark(self._mark)) is not None:
            self._again.set()

    def look_again(self) -> None:
        """The bot came into a channel: read its past."""
        self._again.set()

    async def catch_up(self) -> None:
        """Read back all channels, one after the other, each from where it was left. Raises AccessLost and StorageError; a
        channel that can't be read is logged and the others go on."""
        async with self._one_at_a_time:
            with self._outbox.paused(self._platform):
                begun = self._clock.now()
                # What is refused from here on is a gap of its own: its channel may be read already.
                self._refused_since = None
                gap, noted = await self._store.transact(lambda tx: (tx.mark(self._mark), self._gaps_noted))
                whole = True
                left = list(self._history.readable())
                while left:
                    channel = self._gates.next_of(left)
                    left.remove(channel)
                    if self._listens(channel):
                        whole &= await self._read(channel, None if gap is None else gap.at)
                    self._gates.open(channel)
                if whole and gap is not None:
                    await self._store.transact(lambda tx: self._forget(tx, noted))
                self._outbox.overdue(self._clock.now())
                log.info("read_back", say="What was missed has been read back.", seconds=round(self._clock.now() - begun, 1))
            self._gates.open_all()

    def _forget(self, tx: IntakeTransaction, noted: int) -> None:
        """Unless another gap was noted meanwhile."""
        if noted == self._gaps_noted:
            tx.put_mark(self._mark, None)

    async def _read(self, channel: str, gap: Instant | None) -> bool:
        """Read one channel's past. False when that failed, so that the gap stays noted.

        One that comes of a passing failure is noted here, before the channel's gate opens: the next event would move the mark up
        to which the channel was read.
        """
        now = self._clock.now()
        known = await self._store.read(lambda tx: None if tx.mark(UNREAD + channel) is not None else tx.read_to(channel))
        since = known if known is None or gap is None else min(known, gap)
        try:
            if since is None:
                await self._read_first(channel, now)
            else:
                await self._read_on(channel, since - OVERLAP)
        except AccessLost:
            raise
        except DeliveryError as error:
            log.warning(
                "channel_unread",
                say="A channel's past couldn't be read; what happens in it from now on is watched all the same.",
                channel=channel,
                reason=str(error),
            )
            if isinstance(error, RetryLater):
                await self._store.transact(lambda tx: self._remember_failure(tx, channel, since, now))
            return False
        return True

    def _remember_failure(self, tx: IntakeTransaction, channel: str, since: Instant | None, now: Instant) -> None:
        if since is None:
            tx.put_mark(UNREAD + channel, now)
        self._remember(tx, now if since is None else since)

    async def _read_first(self, channel: str, now: Instant) -> None:
        """A channel that is new here: its last weeks are read silently. Marked until all of it is read and settled: a crash in
        between must not leave half of it behind, looking as if it had been read, with old waits on the ladder."""
        since = now - self._history.first_read
        await self._store.transact(lambda tx: tx.put_mark(UNREAD + channel, now))
        events = [event async for event in self._history.since(channel, since)]
        if self._activation.active:
            await self._hand_in(events)
            await self._engine.transact(self._store, lambda tx: self._activation.settle(tx, now, channel=channel))
        elif events:
            await self._rehearse(events, max(0.0, now - events[-1].at))
        await self._store.transact(lambda tx: tx.put_mark(UNREAD + channel, None))
        log.info("channel_read", say="A channel was read for the first time, silently.", channel=channel, events=len(events))

    async def _read_on(self, channel: str, mark: Instant) -> None:
        batch: list[Event] = []
        async for event in self._history.since(channel, mark):
            batch.append(event)
            if len(batch) >= TOGETHER:
                await self._hand_in(batch)
                batch = []
        await self._hand_in(batch)

    async def _hand_in(self, events: Sequence[Event]) -> None:
        """In order, a batch at a time. An event that can't be dealt with was logged by the inbox, and the others go on; a
        database that fails is raised."""
        for start in range(0, len(events), TOGETHER):
            batch = events[start : start + TOGETHER]
            outcomes = await asyncio.gather(*(self._inbox.submit(event) for event in batch), return_exceptions=True)
            for outcome in outcomes:
                if isinstance(outcome, StorageError) or (
                    isinstance(outcome, BaseException) and not isinstance(outcome, Exception)
                ):
                    raise outcome
