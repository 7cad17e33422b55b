"""A whole house by an injected clock: a scripted past, a scripted platform that hands events in, real SQLite."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.domain.events import Event, Posted
from bot.domain.hours import ALWAYS
from bot.domain.rules import ChannelRules
from bot.domain.waits import Wait
from bot.domain.writes import NoticeSubject
from bot.engine.activation import Activation
from bot.engine.preferences import Preferences
from bot.intake.backfill import Backfill
from bot.intake.gates import Gates
from bot.intake.inbox import Inbox
from bot.intake.replay import Replay
from bot.outbox.digests import Digests
from bot.ports import Problem
from bot.runtime.jobs import Jobs, Retention
from bot.runtime.service import Service
from bot.waits.ladder import ROUND_THE_CLOCK
from storage.sqlite.database import Database
from tests.runtime.simulated import CHANNEL, Courier, HandClock, House, a_house
from tests.waits.world import LADDER


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
class Past:
    """What the platform remembers, by channel. `asked` notes (channel, mark); `trouble` is raised for a channel."""

    events: dict[str, list[Posted]] = field(default_factory=dict)
    asked: list[tuple[str, float]] = field(default_factory=list)
    trouble: dict[str, Exception] = field(default_factory=dict)
    hold: asyncio.Event | None = None

    async def since(self, channel: str, mark: float, *, parents_since: float) -> AsyncIterator[Event]:
        self.asked.append((channel, mark))
        if self.hold is not None:
            await self.hold.wait()
        if channel in self.trouble:
            raise self.trouble[channel]
        for event in self.events.get(channel, ()):
            if event.at > mark:
                yield event


@dataclass
class Wire:
    """The platform's live side."""

    started: bool = False
    stopped: bool = False

    async def start(self) -> None:
        self.started = True

    async def stop(self) -> None:
        self.stopped = True


@dataclass
class Live:
    house: House
    service: Service
    past: Past
    wire: Wire
    clock: SteadyClock
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The service runs while the block does, and is told to stop after it."""
        running = asyncio.create_task(self.service.run(self.wire, self.stop))
        await self.clock.settle()
        try:
            yield
        finally:
            self.stop.set()
            await running

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
    channels: Callable[[], Sequence[str]] = lambda: [CHANNEL],
    observe: bool = False,
    courier: Courier | None = None,
) -> AsyncIterator[Live]:
    async with a_house(path, courier=courier or Courier(clock)) as house:
        engine, store = house.engine, house.store
        clock.store = store
        preferences = Preferences(hours_of=lambda _: ALWAYS, rules_of=lambda _: ChannelRules(steps=LADDER))
        activation = Activation(engine, observe=observe)
        house.replace_loop(
            house.sender,
            speaks=lambda: activation.active,
            sent_before_activation=frozenset() if observe else frozenset({NoticeSubject.PREVIEW}),
        )
        due = house.due
        inbox = Inbox(engine, store, on_due=lambda _: due.poke())
        gates = Gates()
        problems: list[Problem] = []

        async def rehearse(events: Sequence[Event], afterwards: float) -> None:
            await Replay(engine, store, quiet=ROUND_THE_CLOCK, problem=problems.append).run(events, until=afterwards)

        backfill = Backfill(
            past,
            engine,
            store,
            inbox,
            due,
            gates,
            activation,
            channels=channels,
            listens=preferences.listens,
            rehearse=rehearse,
            clock=clock,
        )
        housekeeping = Jobs(engine, store, due, Digests((), ALWAYS.zone), Retention(messages=1e9, waits=1e9), clock=clock)
        service = Service(
            store=store,
            engine=engine,
            inbox=inbox,
            due=due,
            preferences=preferences,
            activation=activation,
            backfill=backfill,
            gates=gates,
            housekeeping=housekeeping,
            clock=clock,
            listens=preferences.listens,
        )
        yield Live(replace(house, inbox=inbox), service, past, Wire(), clock)
        assert problems == []
