"""A running house on two embedded platforms at once: one database, one team, real words, a scripted judge, an injected clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.local.people import BotPost, Click
from adapters.local.platform import LocalPlatform
from bot.domain.context import Context
from bot.domain.events import Event
from bot.domain.hours import ALWAYS
from bot.domain.keys import channel_id
from bot.domain.people import Accounts, Role, Team
from bot.domain.rules import ChannelRules
from bot.domain.views import Buttons, View
from bot.domain.waits import Wait
from bot.engine.clock import VirtualClock
from bot.engine.engine import Engine
from bot.engine.preferences import Preferences
from bot.intake.inbox import Inbox
from bot.outbox.address_queues import Destination, Sender
from bot.outbox.contents import StoredContents
from bot.outbox.guard import Guard
from bot.outbox.loop import OutboxLoop
from bot.outbox.rate_limits import RateLimits
from bot.queries.snapshot import Lookups
from bot.runtime.interactions import Interactions
from bot.waits.ladder import QuietRules
from storage.sqlite.database import Database
from tests.waits.world import LADDER, NINE, Said, ScriptedJudge


@dataclass
class SideBySide:
    """What runs. `answers` are the private answers to clicks, newest last."""

    store: Database
    engine: Engine
    inbox: Inbox
    due: OutboxLoop
    preferences: Preferences
    clock: VirtualClock
    towns: Mapping[str, LocalPlatform]
    desks: dict[str, Interactions]
    answers: list[View]

    async def receive(self, event: Event) -> None:
        await self.inbox.submit(event)

    async def pass_time(self, seconds: float) -> None:
        """Let time pass; what falls due on the way is performed at its own instant."""
        until = self.clock.now() + seconds
        while (due := await self.store.read(lambda tx: tx.next_due())) is not None and due <= until:
            self.clock.advance_to(due)
            await self.due.step(self.clock.now())
        self.clock.advance_to(until)

    async def asks(self, platform: str, who: str, text: str) -> View:
        """A command, by the account of who asks."""
        return await self.desks[platform].run(who, Role.MEMBER, text, self.clock.now())

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
) -> AsyncIterator[SideBySide]:
    """A house on the towns "local" and "bay". `members` gives everybody's accounts by town, by member."""
    clock = VirtualClock(NINE)
    towns = {name: LocalPlatform(clock=clock, name=name) for name in ("local", "bay")}
    for town in towns.values():
        town.channel(team_channel, internal=True)
    for member, accounts in members.items():
        for name, account in accounts.items():
            towns[name].member(account, member.title())
    team = Team(members=frozenset(members), leads=(lead,), duty=(duty,), accounts=Accounts(members))

    def names_of(person: str) -> tuple[str, ...]:
        if person in members:
            return (person.title(),)
        return next((names for town in towns.values() if (names := town.names_of(person))), ())

    async def sleep(seconds: float) -> None:
        clock.advance_to(clock.now() + seconds)

    async with await Database.open(path, unpack=Said.unpack, synchronous="OFF") as store:  # type: ignore[arg-type]
        preferences = Preferences(hours_of=lambda _: ALWAYS, rules_of=lambda _: ChannelRules(steps=LADDER))
        await preferences.load(store)
        engine = Engine(
            context=Context(judge=ScriptedJudge(), hours_of=preferences.hours_of),  # type: ignore[arg-type]
            team=team,
            rules_of=preferences.rules_of,
            names_of=names_of,
        )
        lookups = Lookups(
            preferences=preferences,
            team=lambda: engine.team,
            names_of=names_of,
            channel_name=channel_id,
            judge=engine.context.judge,
        )
        channels = {name: lambda town=town: town.channel(team_channel).address for name, town in towns.items()}  # type: ignore[misc]
        sender = Sender(
            guard=Guard(towns, team=lambda: engine.team, wants_dm=preferences.wants_dm, clock=clock),
            views=StoredContents(lookups),
            destination=Destination(channels=channels, wants_dm=preferences.wants_dm, team=lambda: engine.team),
            limits=RateLimits(clock, sleep),
            clock=clock,
            sleep=sleep,
        )
        due = OutboxLoop(engine, store, sender, quiet=QuietRules(hours_of=preferences.hours_of, budget=budget))
        inbox = Inbox(engine, store)
        desks = {name: Interactions(engine, store, inbox, preferences, lookups, platform=name) for name in towns}
        house = SideBySide(store, engine, inbox, due, preferences, clock, towns, desks, [])
        for name, town in towns.items():
            town.sink = house.receive

            async def clicked(click: Click, desk: Interactions = desks[name]) -> None:
                house.answers.append(await desk.click(click.by, Role.MEMBER, click.code, clock.now()))

            town.on_click = clicked
        running = asyncio.create_task(inbox.run(), name="inbox")
        try:
            yield house
        finally:
            inbox.close()
            await running
