"""The life of a house on a live platform: start in order, run until told to stop, and leave nothing half done.

Order: what members chose and whether reminders have begun; leases of whoever ran before; then the platform is listened to, with
every channel's gate shut; what was missed is read back; then reminders leave and the recurring jobs begin.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from bot.domain.durations import Seconds
from bot.domain.events import Event
from bot.engine.activation import Activation
from bot.engine.engine import Engine, Processed
from bot.engine.preferences import Preferences
from bot.intake.backfill import Backfill
from bot.intake.gates import Gates
from bot.intake.inbox import Inbox
from bot.outbox.loop import OutboxLoop
from bot.ports import HISTORY_LAG, Clock, Store
from bot.runtime.jobs import Jobs

DRAIN: Seconds = 4
"""How long what is under way may take when the process is told to stop; supervisors give up after five or ten."""

log = structlog.get_logger()


class Listener(Protocol):
    """The live side of a platform."""

    async def start(self) -> None:
        """Connect, and hand in every event from now on. Raises DeliveryError and its kinds."""
        ...

    async def stop(self) -> None:
        """Take no more events. What wasn't acknowledged will be delivered again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A house that runs by the clock on the wall. `listens` says whether a channel (by key) is watched at all."""

    store: Store
    engine: Engine
    inbox: Inbox
    due: OutboxLoop
    preferences: Preferences
    activation: Activation
    backfill: Backfill
    gates: Gates
    housekeeping: Jobs
    clock: Clock
    listens: Callable[[str], bool]

    async def receive(self, event: Event) -> Processed | None:
        """An event from the platform: returns when it is committed, so that it may be acknowledged. None: its channel isn't
        watched. Raises what made it fail; then nothing of it was kept."""
        await self.gates.passage(event.channel)
        if not self.listens(event.channel):
            return None
        return await self.inbox.submit(event)

    async def run(self, listener: Listener, stop: asyncio.Event) -> None:
        """Run until `stop` is set. Raises AccessLost, StorageError, and whatever else ends a house that was not told to."""
        await self.preferences.load(self.store)
        await self.engine.transact(self.store, lambda tx: self.activation.load(tx, self.clock.now()))
        await self.store.transact(lambda tx: tx.end_leases(self.clock.now() + HISTORY_LAG))
        tasks = Tasks()
        tasks.start(self.inbox.run(), "inbox")
        self.gates.close()
        listening = False
        try:
            tasks.start(listener.start(), "connecting", ends=True)
            await tasks.settled("connecting", stop)
            listening = True
            if not stop.is_set():
                tasks.start(self._open(), "reading back", ends=True)
                await tasks.settled("reading back", stop)
            if not stop.is_set():
                tasks.start(self.due.run(self.clock), "due")
                tasks.start(self.backfill.run(), "backfill")
                await self.housekeeping.start()
                log.info("ready", say="Listening.", speaks=self.activation.active)
                await tasks.until(stop)
        finally:
            await self._end(listener if listening else None, tasks)

    async def _open(self) -> None:
        """Read back what was missed; a house that is new shows what it would have sent."""
        await self.backfill.catch_up()
        await self.store.transact(lambda tx: self.activation.ask(tx, self.clock.now()))

    async def _end(self, listener: Listener | None, tasks: Tasks) -> None:
        """Finish what is under way, within DRAIN seconds; what doesn't finish is found by the next start."""
        self.housekeeping.stop()
        try:
            async with asyncio.timeout(DRAIN):
                if listener is not None:
                    await listener.stop()
                self.due.stop()
                self.inbox.close()
                await tasks.finished("due", "inbox")
        except TimeoutError:
            log.warning("stopped_midway", say="Something was still under way after the time to stop; the next start takes it up.")
        finally:
            await tasks.cancel()


class Tasks:
    """Named tasks, watched: one that ends on its own ends the house."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._may_end: set[str] = set()

    def start(self, work: Coroutine[Any, Any, Any], name: str, *, ends: bool = False) -> None:
        """Start a task. `ends`: it isn't meant to run for ever."""
        self._tasks[name] = asyncio.create_task(work, name=name)
        if ends:
            self._may_end.add(name)

    async def settled(self, name: str, stop: asyncio.Event) -> None:
        """Wait until a task has ended, or `stop` is set. Raises what any task raised."""
        await self._wait(stop, self._tasks[name].done)

    async def until(self, stop: asyncio.Event) -> None:
        """Wait for `stop`. Raises what any task raised meanwhile."""
        await self._wait(stop, lambda: False)

    async def _wait(self, stop: asyncio.Event, enough: Callable[[], bool]) -> None:
        told = asyncio.create_task(stop.wait(), name="stop")
        try:
            while not stop.is_set() and not enough():
                running = [task for task in self._tasks.values() if not task.done()]
                await asyncio.wait([told, *running], return_when=asyncio.FIRST_COMPLETED)
                self._look()
        finally:
            told.cancel()

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

    async def cancel(self) -> None:
        """End all tasks."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
