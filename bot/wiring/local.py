"""The bot on the embedded platform: what the demo and `realreply local` run. Composition only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.local.platform import LocalPlatform
from bot.domain.durations import Instant, Seconds
from bot.domain.hours import Hours
from bot.domain.people import Team
from bot.domain.rules import NO_RULE, ChannelRules, CustomerRule
from bot.engine.clock import VirtualClock
from bot.judge.standard import StandardJudge
from bot.outbox.digests import DigestSlot
from bot.ports import Clock, Connection
from bot.runtime.simulation import Simulation
from bot.wiring.build import Policy, Timing, build, simulation
from bot.wiring.database import database


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a local bot is to be like. `hours` holds members' own working hours; everybody else works `team_hours`.
    `customers` says of customers, by id, what the settings would."""

    start: Instant
    team: Team
    team_hours: Hours
    rules: ChannelRules
    reminders_channel: str
    hours: dict[str, Hours] = field(default_factory=dict)
    budget: int | None = 3
    digests: tuple[DigestSlot, ...] = ()
    customers: Mapping[str, CustomerRule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalBot:
    """A running bot with its town."""

    simulation: Simulation
    town: LocalPlatform


@asynccontextmanager
async def stage(
    plan: Plan, path: Path, *, journal: Path | None = None, beside: Callable[[Clock], Sequence[Connection]] = lambda _: ()
) -> AsyncIterator[LocalBot]:
    """A town and its bot, running until the block ends. The database is at `path`; `beside` gives the platforms the bot is on
    besides, by the same clock. Raises StorageError and its kinds."""
    clock = VirtualClock(plan.start)
    town = LocalPlatform(clock=clock, team=plan.team, destination=plan.reminders_channel, path=journal)
    policy = Policy(
        hours_of=lambda person, _: plan.hours.get(person, plan.team_hours),
        rules_of=lambda _: plan.rules,
        customer_of=lambda person, _: plan.customers.get(person, NO_RULE),
        budget=plan.budget,
        digests=plan.digests,
    )

    async def sleep(seconds: Seconds) -> None:
        clock.advance_to(clock.now() + seconds)

    async with AsyncExitStack() as stack:
        stack.push_async_callback(town.close)
        store = await stack.enter_async_context(database(path))
        time = Timing(clock=clock, sleep=sleep)
        connections = [town, *beside(clock)]
        made = simulation(build(connections, store, policy, judge=StandardJudge(), time=time, activates=False), clock)
        await stack.enter_async_context(made.running())
        yield LocalBot(simulation=made, town=town)
