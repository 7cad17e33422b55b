"""A simulation on two embedded platforms at once: one database, one team, real words, a scripted judge, an injected clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.local.people import BotPost
from adapters.local.platform import LocalPlatform
from bot.domain import keys
from bot.domain.events import Event
from bot.domain.hours import ALWAYS
from bot.domain.people import Accounts, Role, Team
from bot.domain.rules import ChannelRules, Step
from bot.domain.views import Buttons, View
from bot.domain.waits import Wait
from bot.engine.clock import VirtualClock
from bot.engine.preferences import Preferences
from bot.outbox.digests import DigestSlot
from bot.runtime.simulation import Simulation
from bot.wiring.build import Policy, Timing, build, simulation
from storage.sqlite.database import Database
from tests.waits.world import LADDER, NINE, Said, ScriptedJudge


@dataclass
class SideBySide:
    """What runs."""

    simulation: Simulation
    store: Database
    preferences: Preferences
    clock: VirtualClock
    towns: Mapping[str, LocalPlatform]

    async def receive(self, event: Event) -> None:
        await self.simulation.platforms[keys.platform_of(event.channel)].receive(event)

    async def pass_time(self, seconds: float) -> None:
        """Let time pass; what falls due on the way is performed at its own instant."""
        await self.simulation.advance(self.clock.now() + seconds)

    async def asks(self, platform: str, who: str, text: str) -> View:
        """A command, by the account of who asks."""
        return await self.simulation.platforms[platform].command(who, Role.MEMBER, text)

    async def wait(self, handle: str = "w1") -> Wait:
        found = await self.store.read(lambda tx: tx.wait_by_handle(handle))
        assert found is not None
        return found


def code_of(post: BotPost, label: str) -> str:
    """What the button of a post carries."""
    assert post.view is not None
    buttons = [button for node in post.view.nodes if isinstance(node, Buttons) for button in node.buttons]
    (code,) = (button.code for button in buttons if button.label == label)
    return code


@asynccontextmanager
async def side_by_side(
    path: Path,
    members: Mapping[str, Mapping[str, str]],
    *,
    lead: str,
    duty: str,
    team_channel: str = "team",
    budget: int | None = None,
    digests: tuple[DigestSlot, ...] = (),
    steps: tuple[Step, ...] = LADDER,
    channels: Mapping[str, str | None] = {},
) -> AsyncIterator[SideBySide]:
    """A bot on the towns "local" and "bay". `members` gives everybody's accounts by town, by member; `channels` the team's
    channel in a town where that isn't `team_channel`."""
    clock = VirtualClock(NINE)
    towns = {
        name: a_town(name, members, clock, lead=lead, duty=duty, team_channel=channels.get(name, team_channel))
        for name in ("local", "bay")
    }

    async def sleep(seconds: float) -> None:
        clock.advance_to(clock.now() + seconds)

    policy = Policy(
        hours_of=lambda _, __: ALWAYS,
        rules_of=lambda _: ChannelRules(steps=steps),
        accounts=Accounts(members),
        budget=budget,
        digests=digests,
    )
    async with await Database.open(path, unpack=Said.unpack, synchronous="OFF") as store:  # type: ignore[arg-type]
        time = Timing(clock=clock, sleep=sleep)
        judge = ScriptedJudge()
        bot = build(list(towns.values()), store, policy, judge=judge, time=time, activates=False)  # type: ignore[arg-type]
        made = simulation(bot, clock)
        async with made.running():
            yield SideBySide(made, store, bot.preferences, clock, towns)


def a_town(
    name: str, members: Mapping[str, Mapping[str, str]], clock: VirtualClock, *, lead: str, duty: str, team_channel: str | None
) -> LocalPlatform:
    """A town with those of the team who have an account there."""
    here = {member: accounts[name] for member, accounts in members.items() if name in accounts}
    team = Team(
        members=frozenset(here.values()),
        leads=tuple(account for member, account in here.items() if member == lead),
        duty=tuple(account for member, account in here.items() if member == duty),
    )
    town = LocalPlatform(clock=clock, name=name, team=team, destination=team_channel)
    if team_channel is not None:
        town.channel(team_channel, internal=True)
    for member, account in here.items():
        town.member(account, member.title())
    return town
