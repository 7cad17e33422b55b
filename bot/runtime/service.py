"""The life of a bot on live platforms: start in order, run until told to stop, and leave nothing half done.

Order: what members chose and whether reminders have begun; leases of whoever ran before; then the platforms, side by side:
each is listened to, and what was missed is read back. With the first that is there the recurring jobs begin, and reminders leave
about channels that are read. A platform that can't be had, or throws us out, ends alone; the last one ends
the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import structlog

from bot.domain.durations import Seconds
from bot.domain.marks import NEW
from bot.engine.activation import Activation
from bot.engine.engine import Engine
from bot.engine.preferences import Preferences
from bot.errors import AccessLost, DeliveryError, RealReplyError, UsageError
from bot.intake.inbox import Inbox
from bot.outbox.followed_holds import follow_holds
from bot.outbox.loop import OutboxLoop
from bot.ports import HISTORY_LAG, Clock, Store
from bot.runtime.beginning import show_preview
from bot.runtime.jobs import Jobs
from bot.runtime.platform_service import PlatformService

DRAIN: Seconds = 2
"""How long what is under way may take when the process is told to stop, in real seconds. Only calls that a platform hasn't
answered take longer; what became of them the next start finds out. Supervisors give up after five or ten."""

LEAVING: Seconds = 1
"""How long of that a platform may take to hang up; one that doesn't answer never does."""

LOOK: Seconds = 20
"""Between two looks whether the database is still there, in real seconds: what is acknowledged meanwhile is lost with it."""

log = structlog.get_logger()


class Service:
    """A bot that runs by the clock on the wall."""

    def __init__(
        self,
        platforms: Sequence[PlatformService],
        *,
        store: Store,
        engine: Engine,
        inbox: Inbox,
        outbox: OutboxLoop,
        preferences: Preferences,
        activation: Activation,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self.platforms = {platform.name: platform for platform in platforms}
        self._store = store
        self._engine = engine
        self._inbox = inbox
        self._outbox = outbox
        self._preferences = preferences
        self._activation = activation
        self._jobs = jobs
        self._clock = clock
        self._tasks = Tasks()
        self._there = set(self.platforms)
        self._unread = set(self.platforms)
        self._begun = False

    def lost(self, platform: str, error: AccessLost) -> None:
        """A platform threw us out, as a message that was to leave there has found."""
        self.platforms[platform].lost(error)

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set. Raises what ended the last platform (AccessLost, another DeliveryError, UsageError),
        StorageError, and whatever else ends a bot that was not told to."""
        store, tasks = self._store, self._tasks
        if store.new:
            await store.transact(lambda tx: tx.put_mark(NEW, self._clock.now()))
        await self._preferences.load(store)
        await self._engine.transact(store, lambda tx: self._activation.load(tx, self._clock.now()))
        await store.transact(lambda tx: tx.end_leases(self._clock.now() + HISTORY_LAG))
        await store.transact(lambda tx: follow_holds(tx, self._clock.now()))
        tasks.start(self._inbox.run(), "inbox")
        tasks.start(self._watch_over(store), "storage")
        for platform in self.platforms.values():
            platform.shut()
        try:
            for platform in self.platforms.values():
                tasks.start(self._attend(platform), platform.name, ends=True)
            await tasks.until(stop)
        finally:
            await self._end()

    async def _watch_over(self, store: Store) -> None:
        """Raises StorageError when the database was deleted, exchanged or locked away under us."""
        while True:
            await asyncio.sleep(LOOK)
            await store.look()

    async def _attend(self, platform: PlatformService) -> None:
        """One platform, from the beginning to its end."""
        try:
            await platform.connect()
            await self._begin()
            await platform.read_back()
            await platform.beat()
            await self._read(platform)
            say = "Listening."
            log.info("ready", say=say, platform=platform.name, speaks=self._activation.active)
            await platform.go_on()
        except (DeliveryError, UsageError) as error:
            await self._leave(platform, error)

    async def _begin(self) -> None:
        """A platform is there: what may leave leaves."""
        if not self._begun:
            self._begun = True
            self._tasks.start(self._outbox.run(self._clock), "outbox")
            self._tasks.start(self._jobs.start(), "jobs", ends=True)

    async def _read(self, platform: PlatformService) -> None:
        """Nothing of a platform's past is left to be read. After the last one a bot that is new shows what it would have sent."""
        self._unread.discard(platform.name)
        if not self._unread:
            there = [self.platforms[name].connection for name in self.platforms if name in self._there]
            await show_preview(self._store, self._activation, there, self._clock.now())
            self._outbox.look()  # posts of an earlier run may have been found
            self._outbox.poke()

    async def _leave(self, platform: PlatformService, error: RealReplyError) -> None:
        """A platform ended. The others go on; the last one is the end of all, and its error is raised."""
        self._there.discard(platform.name)
        if not self._there:
            raise error
        log.error(
            "platform_lost",
            say="A platform can't be had any more, and the others go on without it. What is about it is kept: do what the reason "
            "says and start realreply again.",
            platform=platform.name,
            reason=str(error),
        )
        await platform.leave()
        await self._read(platform)

    async def _end(self) -> None:
        """Finish what is under way, within DRAIN seconds; what doesn't finish is found by the next start."""
        tasks = self._tasks
        self._jobs.stop()
        self._outbox.stop()  # at once: what hasn't left yet stays for the next start
        try:
            async with asyncio.timeout(DRAIN):
                await asyncio.gather(*(self._hang_up(platform) for platform in self.platforms.values()))
                self._inbox.close()
                await tasks.finished("outbox", "inbox")
        except TimeoutError:
            say = "Something was still under way after the time to stop; the next start takes it up."
            log.warning("stopped_midway", say=say, under_way=tasks.under_way("outbox", "inbox"))
        finally:
            await tasks.cancel()
            self._jobs.stop()  # in case they were just beginning

    async def _hang_up(self, platform: PlatformService) -> None:
        try:
            async with asyncio.timeout(LEAVING):
                await platform.stop()
        except TimeoutError:
            log.info("left_without_answer", say="A platform didn't answer when we hung up.", platform=platform.name)


class Tasks:
    """Named tasks, watched: one that ends on its own ends the bot."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._may_end: set[str] = set()
        self._ended = asyncio.Event()

    def start(self, work: Coroutine[Any, Any, Any], name: str, *, ends: bool = False) -> None:
        """Start a task. `ends`: it isn't meant to run for ever."""
        if ends:
            self._may_end.add(name)
        task = self._tasks[name] = asyncio.create_task(work, name=name)
        task.add_done_callback(lambda _: self._ended.set())

    async def until(self, stop: asyncio.Event) -> None:
        """Wait for `stop`. Raises what any task raises meanwhile."""
        stopping = asyncio.create_task(stop.wait(), name="stop")
        try:
            while not stop.is_set():
                self._ended.clear()
                self._look()
                ended = asyncio.create_task(self._ended.wait(), name="a task's end")
                await asyncio.wait((stopping, ended), return_when=asyncio.FIRST_COMPLETED)
                ended.cancel()
            self._look()
        finally:
            stopping.cancel()

    def _look(self) -> None:
        for name, task in self._tasks.items():
            if not task.done() or task.cancelled():
                continue
            error = task.exception()
            if error is not None:
                raise error
            if name not in self._may_end:
                raise RuntimeError(f"the task {name!r} ended, which it never should")

    async def finished(self, *names: str) -> None:
        """Wait for these tasks, as far as they were started. What one of them raised is left to who looks at it."""
        tasks = [self._tasks[name] for name in names if name in self._tasks]
        if tasks:
            await asyncio.wait(tasks)

    def under_way(self, *names: str) -> list[str]:
        """Which of these tasks go on."""
        return [name for name in names if name in self._tasks and not self._tasks[name].done()]

    async def cancel(self) -> None:
        """End all tasks."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
