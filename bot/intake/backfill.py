"""What was missed: read back from the platform's history, into the same inbox.

A question that was asked and answered while nobody was here raises nothing, because nothing leaves about a channel of which an
answer may be missing. Other channels go on: each is read by itself, and only what may be missing of it. Late replies in older
threads don't show in a channel's latest messages: those of customers who wait are looked for at once, all others by a slow sweep.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

import structlog

from bot.domain.durations import Instant, Seconds
from bot.domain.events import Event, Posted
from bot.domain.gaps import GapReason
from bot.engine.activation import Activation
from bot.engine.engine import Engine, Processed
from bot.errors import AccessLost, DeliveryError, RetryLater, StorageError
from bot.intake.gaps import Gaps
from bot.intake.gates import Gates
from bot.intake.inbox import Inbox
from bot.outbox.loop import OutboxLoop
from bot.ports import Clock, History, IntakeTransaction, Sleep, Store, Transaction

OVERLAP: Seconds = 7 * 60
"""Read again before the instant until which a channel is known to be complete: what was on its way then may have been lost with
us, and Slack gives an event up after about six minutes (retries at once, after one and after five: docs.slack.dev, "Events API").
What is known already is recognised."""

TOGETHER = 200
"""Events handed to the inbox at once."""

KEEP_EVERY: Seconds = 10
"""A first read notes how far it has come at least this often: a thread takes a second and a half."""

RECENT: Seconds = 24 * 3600
"""A channel's messages are read from the earliest wait on that is open and no older, for they tell whether there are replies
below them. Where fewer than a hundred messages come in a day that costs no call; the others' threads are asked for one by one."""

MOST_OPEN = 10_000
"""Open waits, the latest, whose channels are read first."""

MOMENT: Seconds = 1
"""What is read begins after an instant, and that message is to be among it."""

MOST_MESSAGES = 5
"""Messages of one wait that are looked at for replies below them, the latest."""

MOST_THREADS = 50
"""Threads of a channel in which somebody waits that are looked at at once, the latest; the others are swept."""

RELEASED_EVERY: Seconds = 30
"""How often reminders of channels that are read by now are let go. Together, so that what fell due meanwhile is one message."""

STANDING_STILL: Seconds = 5 * 60
"""When the log says that reminders wait for a read-back."""

FIRST_PAUSE: Seconds = 30
LONGEST_PAUSE: Seconds = 10 * 60
"""After these, longer each time, what couldn't be read is tried again."""

log = structlog.get_logger()

Rehearse = Callable[[Sequence[Event], Seconds], Awaitable[None]]
"""Deal with past events on their own time, noting the reminders that would have left, and let so many seconds pass after the
last of them."""


class Backfill:
    """Reads back what was missed on one platform. One task runs it; asked for again meanwhile, it goes round once more. `refresh`
    asks the platform for everybody and every channel anew."""

    def __init__(
        self,
        platform: str,
        history: History,
        engine: Engine,
        store: Store,
        inbox: Inbox,
        outbox: OutboxLoop,
        gates: Gates,
        gaps: Gaps,
        activation: Activation,
        *,
        attended: Callable[[], Iterable[str]],
        rehearse: Rehearse,
        refresh: Callable[[], Awaitable[None]],
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        self._platform = platform
        self._history = history
        self._engine = engine
        self._store = store
        self._inbox = inbox
        self._outbox = outbox
        self._gates = gates
        self._gaps = gaps
        self._activation = activation
        self._attended = attended
        self._rehearse = rehearse
        self._refresh = refresh
        self._clock = clock
        self._sleep = sleep
        self._one_at_a_time = asyncio.Lock()
        self._again = asyncio.Event()
        self._sweep = asyncio.Event()
        self._sweep_soon = False
        self._ask_anew = False
        self._held: set[str] = set()
        self._unreadable: set[str] = set()
        self._new = 0
        self._through = False
        self.took: Seconds = 0
        """How long the last look took."""
        self._around: Instant | None = None
        self.read_until: Instant | None = None
        """When a look at all channels began that was finished."""

    # -- asked for

    async def missed(self, reason: GapReason, since: Instant, *, whole: bool, channel: str | None = None) -> None:
        """Events since then may have been missed, in one channel or in all: they are read back. Returns when that is remembered.
        `whole`: an answer may be among them, so what is to be said of these channels waits until they are read."""
        channels = None if channel is None else (channel,)
        if whole:
            wanted = set(self._attended() if channels is None else channels)
            self._gates.close(wanted)
            self._hold(wanted)
            self._ask_anew |= channel is None
            self._sweep_soon |= channel is None
        await self._gaps.note(reason, since, channels=channels)
        log.info(
            "gap_noted",
            say="Events may have been missed; they are read back.",
            repeats=True,
            platform=self._platform,
            reason=reason.value,
            since=since,
            channel=channel,
        )
        self._again.set()

    async def refused(self, event: Event, error: Exception) -> None:
        """An event couldn't be stored. If it is the database's fault it is read back; if it is the event's own it is noted, and
        read again at the next start. Never raises on the database's account."""
        if not isinstance(error, StorageError):
            try:
                await self._gaps.note_failed(event, error)
                return
            except StorageError as worse:
                log.warning("failed_event_unnoted", say="It couldn't be noted either, so it is read back.", reason=str(worse))
        self._gaps.keep_in_mind(event.channel, event.at)
        self._hold((event.channel,))
        self._again.set()

    async def look_around(self, since: Instant) -> None:
        """Nothing came in since then, and nobody can tell whether anything would: look at all channels."""
        await self._gaps.note(GapReason.SILENT, since, told=False)
        self._around = since
        self._again.set()

    async def came_in(self, channel: str) -> None:
        """The bot came into a channel: read its past, or what was missed of it."""
        await self._gaps.came_back(channel)
        self._hold((channel,))
        self._again.set()

    def look_again(self) -> None:
        """Look whether there are channels to be read."""
        self._again.set()

    def sweep(self) -> None:
        """Look for late replies in older threads, where some may be missing. To be called every few hours."""
        self._sweep.set()

    # -- done

    async def begin(self) -> None:
        """At a start: whatever happened since the last life is to be read. Its channels are held, all others are let go."""
        await self._gaps.begin()
        self._sweep_soon = True
        behind = await self._gaps.incomplete()
        self._gates.close_only(behind)
        self._hold(behind)
        self._release()

    async def run(self) -> None:
        """Read back whatever is missed, for ever. Raises AccessLost and StorageError."""
        tasks = [asyncio.ensure_future(self._go_on_reading()), asyncio.ensure_future(self._go_on_sweeping())]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _go_on_reading(self) -> None:
        # The first look was taken before: what it couldn't read is tried again after a pause.
        pause = None if self._through else FIRST_PAUSE
        while True:
            await self._asked_again(pause)
            try:
                through = await self.catch_up()
            except StorageError as error:
                # Whoever sends or takes events in says whether that is the end; nothing is lost by waiting here.
                say = "What was missed can't be read back just now."
                log.warning("not_read_back", say=say, repeats=True, reason=str(error))
                through = False
            pause = None if through else min(LONGEST_PAUSE, FIRST_PAUSE if pause is None else 2 * pause)

    async def _asked_again(self, pause: Seconds | None) -> None:
        """Wait until somebody asks for another look, or for so long."""
        asked = asyncio.ensure_future(self._again.wait())
        waits = [asked] if pause is None else [asked, asyncio.ensure_future(self._sleep(pause))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def catch_up(self) -> bool:
        """Read back all channels of which something may be missing, one after the other. True when nothing is left. Raises
        AccessLost and StorageError; a channel that can't be read is logged, stays noted, and the others go on."""
        async with self._one_at_a_time:
            self._again.clear()
            begun, self._new = self._clock.now(), 0
            if self._ask_anew:
                await self._ask_everything_anew()
            behind = await self._gaps.incomplete()
            # A channel that nobody knew of when the gap was noted has old questions that are none any more.
            self._hold(channel for channel, covered in behind.items() if covered.first_read_at is None)
            whole, failed = len(behind) == len(set(self._attended())), False
            waited_in = await self._store.read(lambda tx: {wait.channel for wait in tx.open_waits(MOST_OPEN)})
            # First where somebody may be reminded of: nothing is said about a channel before it is read.
            left = sorted(behind, key=lambda channel: channel not in waited_in)
            async with self._telling(begun):
                while left:
                    channel = self._gates.next_of(left)
                    left.remove(channel)
                    if await self._read(channel):
                        self._held.discard(channel)
                    else:
                        failed = True
                    self._gates.open(channel)
            through = self._through = not failed and not await self._gaps.incomplete()
            self.took = self._clock.now() - begun
            if self._around is not None and self._new:
                log.warning(
                    "silence_hid_events",
                    say="The platform delivered nothing for a while, though something happened: that was read now. See that it "
                    "can reach this bot.",
                    platform=self._platform,
                    since=self._around,
                    new=self._new,
                )
                await self._gaps.note(GapReason.SILENT, self._around, channels=())
            self._around = None
            if through and not self._again.is_set():
                self._held.clear()
                await self._close_gaps()
            if whole and through:
                self.read_until = begun
            self._release()
            if behind:
                log.info(
                    "read_back",
                    say="What was missed has been read back." if through else "Some of what was missed has been read back.",
                    platform=self._platform,
                    channels=len(behind),
                    new=self._new,
                    seconds=round(self._clock.now() - begun, 1),
                )
                if through and self._sweep_soon:
                    self._sweep_soon = False
                    self._sweep.set()
            return through

    async def _close_gaps(self) -> None:
        for gap in await self._gaps.close():
            log.info(
                "gap_closed",
                say="What may have been missed was read back.",
                platform=gap.platform,
                channel=gap.channel,
                reason=gap.reason.value,
                since=gap.since,
                noted=gap.noted_at,
            )

    async def _ask_everything_anew(self) -> None:
        """Who is who and what is there may have changed while nothing came in."""
        try:
            await self._refresh()
            self._ask_anew = False
        except AccessLost:
            raise
        except DeliveryError as error:
            log.warning(
                "workspace_unasked",
                say="People and channels couldn't be asked for anew after a gap; it is tried again with the next look.",
                platform=self._platform,
                reason=str(error),
            )

    # -- what is held

    def _hold(self, channels: Iterable[str]) -> None:
        self._held.update(channels)
        self._outbox.hold(self._platform, frozenset(self._held))

    def _release(self) -> None:
        self._outbox.overdue(self._clock.now())
        self._outbox.hold(self._platform, frozenset(self._held))

    @asynccontextmanager
    async def _telling(self, begun: Instant) -> AsyncIterator[None]:
        """While channels are read, let go what is read every now and then, and say so if it takes long."""

        async def tell() -> None:
            told = False
            while True:
                await self._sleep(RELEASED_EVERY)
                self._release()
                if not told and self._held and self._clock.now() - begun >= STANDING_STILL:
                    told = True
                    log.warning(
                        "reminders_wait",
                        say="Reminders about these channels wait since five minutes, until they are read back.",
                        platform=self._platform,
                        channels=sorted(self._held)[:20],
                        count=len(self._held),
                    )

        task = asyncio.create_task(tell(), name="read-back")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    # -- reading

    async def _read(self, channel: str) -> bool:
        """Read one channel's past. False when that failed for now; where we may not read, what comes in from now on is all there
        is, and the gap stays noted."""
        now = self._clock.now()
        covered, noted = await self._gaps.look(channel)
        try:
            if covered.first_read_at is None:
                await self._read_first(channel, covered.first_read_to, now)
                covered, noted = await self._gaps.look(channel)
            if covered.missing_since is not None:
                since = max(covered.missing_since - OVERLAP, now - self._history.first_read)
                threads, below, parents = await self._threads(channel, now - RECENT)
                events = self._history.since(channel, since, parents=parents, threads=threads, below=below)
                await self._hand_in_all(events)
                return await self._gaps.was_read(channel, noted)
        except AccessLost:
            raise
        except DeliveryError as error:
            again = isinstance(error, RetryLater)
            if channel not in self._unreadable:
                log.warning(
                    "channel_unread",
                    say="A channel's past couldn't be read; what happens in it from now on is watched all the same.",
                    repeats=True,
                    channel=channel,
                    reason=str(error),
                )
            if again:
                return False
            self._unreadable.add(channel)
            if covered.first_read_at is None and self._activation.active:
                # Half of its past may be stored: what is old in it is nobody's business any more.
                await self._engine.transact(self._store, lambda tx: self._settle(tx, channel, now))
            return True
        self._unreadable.discard(channel)
        return True

    async def _threads(self, channel: str, recent: Instant) -> tuple[tuple[str, ...], tuple[str, ...], Instant | None]:
        """The threads in which somebody waits, by their first messages; the messages of other waits, below which there may be
        replies; and when the earliest of these that is no older than `recent` began (None: there is none)."""

        def look(tx: IntakeTransaction) -> tuple[tuple[str, ...], tuple[str, ...], Instant | None]:
            waits = [wait for wait in tx.channel(channel, 0).waits if wait.open][::-1]
            threads = dict.fromkeys(wait.thread for wait in waits if wait.thread is not None)
            below = dict.fromkeys(one for wait in waits if wait.thread is None for one in wait.messages[-MOST_MESSAGES:])
            begun = min((wait.opened_at for wait in waits if wait.opened_at >= recent), default=None)
            return (
                tuple(threads)[:MOST_THREADS],
                tuple(below)[:MOST_THREADS],
                None if begun is None else begun - MOMENT,
            )

        return await self._store.transact(look)

    async def _read_first(self, channel: str, come_to: Instant | None, now: Instant) -> None:
        """A channel that is new here: its last weeks are read silently, from where that was cut short. Only when all of it is
        read and settled it counts as read: half of it must not put old waits on the ladder."""
        begins = now - self._history.first_read
        latest: Posted | None = None
        count = 0
        async for batch in self._batches(self._history.since(channel, come_to or begins, parents=begins)):
            if self._activation.active:
                await self._hand_in(batch)
            else:
                await self._rehearse(batch, 0.0)
            count += len(batch)
            latest = max((event for event in batch if isinstance(event, Posted)), key=lambda one: one.at, default=latest)
            if latest is not None:
                await self._gaps.put(channel, partial(replace, first_read_to=latest.at))
        if self._activation.active:
            await self._engine.transact(self._store, lambda tx: self._settle(tx, channel, now))
        elif latest is not None:
            await self._rehearse((latest,), max(0.0, now - latest.at))  # known already: only the time since goes by
        await self._gaps.put(channel, lambda known: replace(known, first_read_at=known.first_read_at or now, first_read_to=None))
        log.info("channel_read", say="A channel was read for the first time, silently.", channel=channel, events=count)

    def _settle(self, tx: Transaction, channel: str, now: Instant) -> None:
        """Old waits off the ladder, unless it turned out meanwhile that this is a channel that was known under another key."""
        if tx.coverage(channel).first_read_at is None:
            self._activation.settle(tx, now, channel=channel)

    async def _batches(self, events: AsyncIterator[Event]) -> AsyncIterator[list[Event]]:
        """Events as they are to be handed in together, none of them empty."""
        batch: list[Event] = []
        begun = self._clock.now()
        async for event in events:
            # A message's reactions stay with it: whoever goes on later begins after it.
            if isinstance(event, Posted) and (len(batch) >= TOGETHER or (batch and self._clock.now() - begun >= KEEP_EVERY)):
                yield batch
                batch, begun = [], self._clock.now()
            batch.append(event)
        if batch:
            yield batch

    async def _hand_in_all(self, events: AsyncIterator[Event]) -> None:
        async for batch in self._batches(events):
            await self._hand_in(batch)

    async def _hand_in(self, events: Sequence[Event]) -> None:
        """In order, together. An event that can't be dealt with is noted, and the others go on; a database that fails is
        raised."""
        outcomes = await asyncio.gather(*(self._inbox.submit(event) for event in events), return_exceptions=True)
        for event, outcome in zip(events, outcomes, strict=True):
            if isinstance(outcome, Processed):
                self._new += outcome.new
            elif isinstance(outcome, StorageError) or not isinstance(outcome, Exception):
                raise outcome
            else:
                await self._gaps.note_failed(event, outcome)

    # -- older threads

    async def _go_on_sweeping(self) -> None:
        while True:
            await self._sweep.wait()
            self._sweep.clear()
            try:
                await self.sweep_threads()
            except StorageError as error:
                log.warning("not_swept", say="Older threads can't be looked at just now.", reason=str(error))

    async def sweep_threads(self) -> None:
        """Look for late replies in older threads of every channel where some may be missing. What can't be read stays noted.
        Raises AccessLost and StorageError."""
        for channel in await self._gaps.unswept():
            async with self._one_at_a_time:
                pass  # what is missing at once goes first: both share the platform's rate
            parents = self._clock.now() - self._history.threads
            since, noted = await self._gaps.look_at_threads(channel)
            if since is None:
                continue
            if not self._history.threads:
                await self._gaps.was_swept(channel, noted)  # they were found with all others
                continue
            try:
                await self._hand_in_all(self._history.since(channel, since - OVERLAP, parents=parents))
            except AccessLost:
                raise
            except DeliveryError as error:
                say = "Older threads of a channel couldn't be looked at; it is tried again later."
                log.info("threads_unread", say=say, channel=channel, reason=str(error))
            else:
                await self._gaps.was_swept(channel, noted)
