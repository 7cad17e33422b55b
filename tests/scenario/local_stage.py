"""The stage on the embedded platform."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from adapters.local.people import BotPost, LocalPerson
from adapters.local.platform import LocalPlatform
from adapters.local.received import received
from bot.domain.auto_dms import DirectMessage
from bot.domain.events import Says
from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.messages import Message
from bot.domain.people import Team
from bot.domain.rules import ChannelRules, CustomerRule, Step, Watch
from bot.domain.views import (
    Buttons,
    Fields,
    Form,
    Heading,
    Input,
    Link,
    Menu,
    PersonName,
    Plain,
    Quote,
    SmallPrint,
    Spans,
    Text,
    Timestamp,
    View,
)
from bot.domain.waits import Wait
from bot.outbox.digests import DigestSlot
from bot.ports import Clock, Connection
from bot.runtime.simulation import SimulatedPlatform
from bot.wiring import local as wiring_local
from bot.wiring.local import Plan
from tests.scenario.other_town import other_town
from tests.scenario.stage import CUSTOMERS, DAY, DUTY, HOUR, LEAD, MEMBERS, MINUTE, NOON, Actor, Filled, Setup, Shown
from tests.scenario.words import is_about, noted

LADDER = (Step(after=30 * MINUTE, to="owner"), Step(after=2 * HOUR, to="duty"), Step(after=DAY, to="lead"))
UTC_ZONE = ZoneInfo("UTC")


def plan(setup: Setup) -> Plan:
    if setup.hours is None:
        hours = Hours(zone=UTC_ZONE, week=weekly(range(7), [WorkingSpan(opens=0, closes=24 * 60)]))
    else:
        opens, closes = (int(at[:2]) * 60 + int(at[3:]) for at in setup.hours.split("-"))
        hours = Hours(zone=UTC_ZONE, week=weekly(range(5), [WorkingSpan(opens=opens, closes=closes)]))
    slots = (DigestSlot(days=frozenset(range(7)), minute=int(at[:2]) * 60 + int(at[3:])) for at in setup.digests)
    return Plan(
        start=NOON,
        team=Team(members=frozenset(MEMBERS), leads=(LEAD,), duty=(DUTY,)),
        team_hours=hours,
        rules=ChannelRules(
            steps=tuple(Step(after=after, to=to) for after, to in setup.steps) or LADDER,
            watch=Watch(setup.watch),
            peers_may_answer=setup.peers_may_answer,
            keep_text=setup.text != "never",
            newcomer_first=setup.newcomer_first,
            promise_notice=setup.promise_notice,
            close_loop=setup.close_loop,
            greeted_after=30 * MINUTE if setup.greets else None,
        ),
        customers={id: CustomerRule(company=company, first=first) for id, company, first in setup.customers},
        reminders_channel="team",
        budget=setup.budget,
        digests=tuple(slots),
    )


@dataclass
class LocalActor:
    stage: LocalStage
    name: str

    @property
    def person(self) -> LocalPerson:
        return self.stage.town.person(self.name)

    def told(self) -> list[Shown]:
        return [self.stage.show(view) for who, view in self.stage.town.answers if who == self.name]

    async def says(
        self, text: str, *, channel: str = "help", thread: Any = None, files: Sequence[str] = (), broadcast: bool = False
    ) -> Message:
        if files or broadcast:
            raise NotImplementedError("the embedded platform has no files and no broadcasts")
        named = tuple(person for person in self.stage.town.people.values() if f"@{person.name}" in text)
        return await self.person.says(channel, text, thread=thread, mentions=named)

    async def joins(self, *, channel: str = "help") -> None:
        await self.person.joins(channel)

    async def leaves(self, *, channel: str = "help") -> None:
        await self.person.joins(channel, left=True)

    async def types(self, *, channel: str = "help", thread: Any = None) -> None:
        await self.person.types(channel, thread=thread)

    async def edits(self, said: Any, text: str) -> None:
        await self.person.edits(said, text)

    async def deletes(self, said: Any) -> None:
        await self.person.deletes(said)

    async def reacts(self, said: Any, emoji: str) -> None:
        await self.person.reacts(said, emoji)

    async def unreacts(self, said: Any, emoji: str) -> None:
        await self.person.reacts(said, emoji, added=False)

    async def clicks(self, shown: Shown, label: str, *, of: str = "") -> Shown:
        if not of:
            return await self._press(shown, controls(shown)[label])
        (code,) = {code for named, code in pressable(shown) if named == label and is_about(code, of)}
        return await self._press(shown, code)

    async def chooses(self, shown: Shown, menu: str, option: str) -> Shown:
        return await self._press(shown, controls(shown)[f"{menu}/{option}"])

    async def _press(self, shown: Shown, code: str) -> Shown:
        if isinstance(shown.native, BotPost):
            await self.person.clicks(shown.native, code)
            return self.stage.show(self.stage.town.answers[-1][1])
        return self.stage.show(await self.stage.bot.click(self.name, self.person.role, code))

    async def fills(self, form: Shown, filled: Mapping[str, Filled]) -> Shown:
        (asked,) = (node for node in form.native.nodes if isinstance(node, Form))
        assert filled.keys() <= {each.label for each in asked.inputs}
        values = {each.name: _typed(filled[each.label], each) if each.label in filled else each.value for each in asked.inputs}
        return self.stage.show(await self.stage.bot.submit(self.name, self.person.role, f"{asked.verb}:{asked.argument}", values))

    async def commands(self, text: str) -> Shown:
        return self._told(await self.stage.bot.command(self.name, self.person.role, text))

    async def corrects(self, said: Any, says: Says) -> Shown:
        message = self.stage.town.of(said).messages[said.id]
        return self._told(await self.stage.bot.correct(self.name, self.person.role, message, says))

    async def checks(self, said: Any) -> Shown:
        message = self.stage.town.of(said).messages[said.id]
        return self._told(await self.stage.bot.check(self.name, self.person.role, message))

    async def gets(self, sender: str, text: str, *, through: str = "") -> DirectMessage:
        self.stage.direct_messages += 1
        now, number = self.stage.now, self.stage.direct_messages
        return received(self.stage.town, sender, text, through=through, number=number, at=now)

    async def reports(self, message: Any) -> Shown:
        direct = message if isinstance(message, DirectMessage) else None
        shown = await self.stage.bot.report_auto_dm(self.name, direct)
        return self._told(View(nodes=(shown,), fallback=shown.title) if isinstance(shown, Form) else shown)

    async def home(self) -> Shown:
        return self._told(await self.stage.bot.home(self.name, self.person.role))

    def _told(self, view: View) -> Shown:
        shown = self.stage.show(view)
        if self.name not in MEMBERS:
            self.stage.told_outside.append(shown.words)
        return shown

    def direct(self) -> list[Shown]:
        return [self.stage.show(post.view, post) for post in self.person.posts if post.view is not None]


@dataclass
class LocalTeam:
    stage: LocalStage

    def sees(self) -> list[Shown]:
        posts = self.stage.town.channel("team").posts
        return [self.stage.show(post.view, post) for post in posts if post.view is not None]


@dataclass
class LocalStage:
    setup: Setup
    path: Path
    platform: str = "local"
    people: dict[str, Actor] = field(default_factory=dict)
    told_outside: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    direct_messages: int = 0
    calls: list[tuple[str, ...]] = field(default_factory=list)

    beside: bool = False

    def others(self, clock: Clock) -> Sequence[Connection]:
        """The platforms the bot is on besides."""
        return (other_town(clock),) if self.beside else ()

    def __post_init__(self) -> None:
        self.people = {name: LocalActor(self, name) for name in (*MEMBERS, *CUSTOMERS)}
        self.team = LocalTeam(self)
        self.missed: list[Any] = []
        self._open = AsyncExitStack()

    async def put_up(self) -> None:
        plan_ = plan(self.setup)
        if hasattr(self, "on"):
            plan_ = Plan(**{name: getattr(plan_, name) for name in Plan.__slots__} | {"start": self.now})
        on = await self._open.enter_async_context(wiring_local.stage(plan_, self.path, beside=self.others))
        town = on.town
        if hasattr(self, "on"):
            # The bot is what starts anew, not the town it is in.
            old = self.on.town
            town.channels, town.people, town.direct = old.channels, old.people, old.direct
            town.posted = old.posted
            for channel in town.channels.values():
                channel.town = town
            town.people = {id: LocalPerson(town, id, person.name, person.role) for id, person in old.people.items()}
        else:
            town.channel("help")
            town.channel("team", internal=True)
            for name in MEMBERS:
                town.member(name)
            for name in CUSTOMERS:
                town.customer(name)
        town.on_post = self._posted
        self.on = on

    def arrives(self, name: str) -> LocalPerson:
        self.people[name] = LocalActor(self, name)
        return self.town.customer(name)

    def _posted(self, post: BotPost) -> None:
        if post.view is not None and not post.updates:
            self.calls.append(post.view.addressed)

    async def take_down(self) -> None:
        await self._open.aclose()
        self._open = AsyncExitStack()

    @property
    def bot(self) -> SimulatedPlatform:
        """The bot as this platform talks to it."""
        return self.on.simulation.platforms[self.town.name]

    @property
    def town(self) -> LocalPlatform:
        return self.on.town

    @property
    def now(self) -> float:
        return self.town.clock.now()

    async def advance(self, *, minutes: float = 0.0, hours: float = 0.0, days: float = 0.0) -> None:
        await self.on.simulation.advance(self.now + minutes * MINUTE + hours * HOUR + days * DAY)

    async def restart(self) -> None:
        await self.take_down()
        await self.put_up()

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        raise NotImplementedError("the embedded platform has no history to read back")
        yield

    async def app_says(self, text: str, *, channel: str = "help", thread: Any = None, as_person: str | None = None) -> Message:
        if as_person is not None:
            raise NotImplementedError("an app speaks for itself here")
        return await self.town.app("zap", "Zap").says(channel, text, thread=thread)

    async def waits(self) -> tuple[Wait, ...]:
        return await self.on.simulation.store.read(lambda tx: tx.open_waits(1000))

    async def all_waits(self) -> tuple[Wait, ...]:
        return tuple(await self.on.simulation.store.read(lambda tx: list(tx.all_waits())))

    def notified(self) -> list[tuple[str, ...]]:
        return list(self.calls)

    def seen_outside(self) -> list[str]:
        town = self.town
        posts = [post.gist for channel in town.channels.values() if not channel.internal for post in channel.posts]
        posts += [post.gist for name in CUSTOMERS for post in town.direct.get(name, ())]
        return posts + self.told_outside

    # -- looking

    def show(self, view: View, post: BotPost | None = None) -> Shown:
        words: list[str] = []
        quotes: list[str] = []
        links: list[str] = []
        buttons: list[str] = []
        menus: dict[str, tuple[str, ...]] = {}
        inputs: list[str] = []
        for node in view.nodes:
            for spans in _spans(node):
                words.append("".join(self._say(span) for span in spans))
                links += [span.url for span in spans if isinstance(span, Link)]
            if isinstance(node, Quote):
                quotes.append(node.text)
            elif isinstance(node, Buttons):
                buttons += [button.label for button in (*node.buttons, *node.more)]
            elif isinstance(node, Menu):
                menus[node.label] = tuple(label for label, _ in node.options)
            elif isinstance(node, Form):
                inputs += [asked.label for asked in node.inputs]
        return Shown(
            words="\n".join([*words, *quotes]),
            quotes=tuple(quotes),
            calls=view.addressed,
            links=tuple(links),
            buttons=tuple(buttons),
            menus=menus,
            inputs=tuple(inputs),
            at=post.at if post is not None else self.now,
            updates=post.updates if post is not None else 0,
            below=post is not None and post.under is not None,
            native=post if post is not None else view,
        )

    def _say(self, span: Any) -> str:
        if isinstance(span, PersonName):
            return (self.town.workspace.names(span.person) or (span.person,))[0]
        if isinstance(span, Timestamp):
            return f"{datetime.fromtimestamp(span.at, UTC):%-d %b %H:%M}"
        return span.label if isinstance(span, Link) else str(span.text)


def _spans(node: Any) -> list[Spans]:
    if isinstance(node, Text | SmallPrint):
        return [node.spans]
    if isinstance(node, Heading):
        return [(Plain(node.text),)]
    if isinstance(node, Fields):
        return [(Plain(f"{label}: "), *spans) for label, spans in node.fields]
    if isinstance(node, Form):
        return [(Plain(node.title),)]
    return []


def controls(shown: Shown) -> dict[str, str]:
    """What each control carries: buttons by label, options by "menu/option"."""
    view: View = shown.native.view if isinstance(shown.native, BotPost) else shown.native
    found = {}
    for node in view.nodes:
        if isinstance(node, Buttons):
            found |= {button.label: button.code for button in (*node.buttons, *node.more)}
        elif isinstance(node, Menu):
            found |= {f"{node.label}/{label}": f"{node.verb}:{argument}" for label, argument in node.options}
    return found


def pressable(shown: Shown) -> list[tuple[str, str]]:
    """All buttons, (label, code) each."""
    view: View = shown.native.view if isinstance(shown.native, BotPost) else shown.native
    rows = [(*node.buttons, *node.more) for node in view.nodes if isinstance(node, Buttons)]
    return [(button.label, button.code) for row in rows for button in row]


def _typed(filled: Filled, asked: Input) -> str:
    options = dict(asked.options)
    if isinstance(filled, str):
        return options.get(filled, filled)
    if isinstance(filled, int | float):
        return str(int(filled))
    return ",".join(options[label] for label in filled or ())


@asynccontextmanager
async def local_beside_town(setup: Setup, path: Path, patch: Any) -> AsyncIterator[LocalStage]:
    """The same with the bot in another town besides."""
    async with local_stage(setup, path, patch, beside=True) as stage:
        yield stage


@asynccontextmanager
async def local_stage(setup: Setup, path: Path, patch: Any, *, beside: bool = False) -> AsyncIterator[LocalStage]:
    stage = LocalStage(setup, path / "local.db", beside=beside)
    patch.setattr(LocalPerson, "says", noted(stage.said, LocalPerson.says, 1))
    patch.setattr(LocalPerson, "edits", noted(stage.said, LocalPerson.edits, 1))
    await stage.put_up()
    try:
        yield stage
    finally:
        await stage.take_down()
