"""A house on the embedded platform: what the demo and `realreply local` run. Composition only, like `wiring`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.local.people import Click
from adapters.local.platform import LocalPlatform
from bot.domain.context import Context
from bot.domain.durations import Instant, Seconds
from bot.domain.hours import Hours
from bot.domain.keys import channel_id
from bot.domain.outgoing import Address
from bot.domain.people import Team
from bot.domain.rules import ChannelRules
from bot.domain.views import View
from bot.domain.waits import Wait
from bot.engine.clock import VirtualClock
from bot.engine.engine import Engine
from bot.engine.preferences import Preferences
from bot.intake.inbox import Inbox
from bot.judge.standard import StandardJudge
from bot.outbox.address_queues import Destination, Sender
from bot.outbox.contents import StoredContents
from bot.outbox.digests import Digests, DigestSlot
from bot.outbox.guard import Guard
from bot.outbox.loop import OutboxLoop
from bot.outbox.rate_limits import RateLimits
from bot.ports import Store
from bot.queries.snapshot import Lookups
from bot.runtime.interactions import Interactions
from bot.runtime.simulation import Simulation
from bot.waits.ladder import QuietRules
from bot.wiring import replay as wiring


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a local house is to be like. `hours` holds members' own working hours; everybody else works `team_hours`."""

    start: Instant
    team: Team
    team_hours: Hours
    rules: ChannelRules
    reminders_channel: str
    hours: dict[str, Hours] = field(default_factory=dict)
    budget: int | None = 3
    digests: tuple[DigestSlot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalBot:
    """A running house with its town. `answers` are the private answers to clicks, newest last."""

    house: Simulation
    town: LocalPlatform
    answers: list[tuple[str, View]] = field(default_factory=list)


@asynccontextmanager
async def stage(plan: Plan, path: Path, *, journal: Path | None = None) -> AsyncIterator[LocalBot]:
    """A town and its house, running until the block ends. The database is at `path`. Raises StorageError and its kinds."""
    clock = VirtualClock(plan.start)
    town = LocalPlatform(clock=clock, path=journal)
    try:
        async with wiring.database(path) as store:
            house = _house(plan, town, clock, store)
            put_up = LocalBot(house=house, town=town)
            town.sink = house.receive

            async def clicked(click: Click) -> None:
                put_up.answers.append((click.by, await house.click(click.by, town.person(click.by).role, click.code)))

            town.on_click = clicked
            async with house.running():
                yield put_up
    finally:
        town.close()


def _house(plan: Plan, town: LocalPlatform, clock: VirtualClock, store: Store) -> Simulation:
    def hours_of(person: str) -> Hours:
        return plan.hours.get(person, plan.team_hours)

    def link_of(wait: Wait) -> str | None:
        return town.permalink(wait.channel, wait.messages[0]) if wait.messages else None

    async def sleep(seconds: Seconds) -> None:
        clock.advance_to(clock.now() + seconds)

    preferences = Preferences(hours_of=hours_of, rules_of=lambda _: plan.rules)
    engine = Engine(
        context=Context(judge=StandardJudge(), hours_of=preferences.hours_of),
        team=plan.team,
        rules_of=preferences.rules_of,
        names_of=town.names_of,
    )
    guard = Guard({town.name: town}, team=lambda: engine.team, wants_dm=preferences.wants_dm, clock=clock)
    town.on_readers = guard.forget
    lookups = Lookups(
        preferences=preferences,
        team=lambda: engine.team,
        names_of=town.names_of,
        channel_name=channel_id,
        judge=engine.context.judge,
        channels=lambda: {channel.key: channel.id for channel in town.channels.values() if not channel.internal},
        link_of=link_of,
    )
    views = StoredContents(lookups)
    team_channel = Address(town.name, "channel", plan.reminders_channel)
    destination = Destination(channels={town.name: lambda: team_channel}, wants_dm=preferences.wants_dm, team=lambda: engine.team)
    outlet = Sender(guard=guard, views=views, destination=destination, limits=RateLimits(clock, sleep), clock=clock, sleep=sleep)
    due = OutboxLoop(engine, store, outlet, quiet=QuietRules(hours_of=preferences.hours_of, budget=plan.budget))
    inbox = Inbox(engine, store)
    desk = Interactions(engine, store, inbox, preferences, lookups)
    digests = Digests(plan.digests, plan.team_hours.zone)
    return Simulation(
        store=store, engine=engine, inbox=inbox, due=due, desk=desk, preferences=preferences, digests=digests, clock=clock
    )
