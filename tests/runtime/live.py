"""A whole house by an injected clock: a scripted past, a scripted platform that hands events in, real SQLite."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.domain.events import Event
from bot.domain.people import Role
from bot.domain.waits import Wait
from bot.ports import Connection
from bot.runtime.platform_service import PlatformService
from bot.runtime.service import Service
from bot.wiring.build import Bot, service
from storage.sqlite.database import Database
from tests.runtime.simulated import Courier, HandClock, House, Past, PlainViews, a_view_of, assembled
from tests.waits.world import Said


@dataclass
class SteadyClock(HandClock):
    """Sleeping waits until somebody moves the clock far enough."""

    sleepers: list[tuple[float, int, asyncio.Event]] = field(default_factory=list)
    store: Database | None = None

    async def sleep(self, seconds: float) -> None:
        until, woken = self.time + seconds, asyncio.Event()
        heapq.heappush(self.sleepers, (until, id(woken), woken))
        await woken.wait()

    async def advance(self, to: float) -> None:
        """Move on, waking sleepers at their own times, and let everything that follows happen."""
        while self.sleepers and self.sleepers[0][0] <= to:
            at, _, woken = heapq.heappop(self.sleepers)
            self.time = max(self.time, at)
            woken.set()
            await self.settle()
        self.time = max(self.time, to)
        await self.settle()

    async def settle(self) -> None:
        """Let everything happen that can happen now."""
        if self.store is not None:
            await settle(self.store)


ROUNDS = 25
"""Hops between the event loop and the storage thread that the longest chain of events here takes, and some."""


async def settle(store: Database) -> None:
    """Let tasks and the storage threads do what they can do now: whatever was handed to a thread before is done after a round."""
    for _ in range(ROUNDS):
        for _ in range(20):
            await asyncio.sleep(0)
        await store.transact(lambda tx: None)
        await store.read(lambda tx: None)


@dataclass
class Live:
    bot: Bot
    house: House
    service: Service
    past: Past
    clock: SteadyClock
    logs: list[EventDict]
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The service runs while the block does, and is told to stop after it."""
        running = asyncio.create_task(self.service.run(self.stop))
        await self.clock.settle()
        try:
            yield
        finally:
            self.stop.set()
            await running

    @property
    def platform(self) -> PlatformService:
        """The courier's platform, as the service attends to it."""
        return self.service.platforms[self.house.courier.name]

    async def receive(self, event: Event) -> object:
        """Something happens on the courier's platform."""
        return await self.platform.receive(event)

    async def begin(self) -> None:
        """A lead lets reminders begin."""
        view = await self.bot.interactions[self.house.courier.name].command("mia", Role.MEMBER, "start")
        assert "Reminders have begun" in view.fallback or "egin" in view.fallback, view.fallback
        await self.clock.settle()

    async def waits(self) -> tuple[Wait, ...]:
        return await self.house.store.read(lambda tx: tx.open_waits(100))

    @property
    def said(self) -> list[str]:
        return [post.view.fallback for post in self.house.courier.posts.values()]


@asynccontextmanager
async def a_live_house(
    path: Path,
    *,
    clock: SteadyClock,
    past: Past,
    observe: bool = False,
    courier: Courier | None = None,
    beside: Sequence[Connection] = (),
) -> AsyncIterator[Live]:
    async with await Database.open(path, unpack=Said.unpack, synchronous="OFF") as store:  # type: ignore[arg-type]
        clock.store = store
        courier = courier or Courier(clock)
        courier.history = past
        views = PlainViews()
        bot = assembled(courier, store, views, observe=observe, beside=beside)
        house = a_view_of(bot, store, courier, views, set())
        with capture_logs() as logs:
            yield Live(bot, house, service(bot), past, clock, logs)
        assert [entry for entry in logs if entry["event"] == "past_unread"] == []
