"""A running house for tests: real SQLite, the scripted judge, an injected clock, and a platform that can be made to fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.durations import Instant
from bot.domain.events import Event, Posted
from bot.domain.hours import Own
from bot.domain.keys import channel_id, message_key, wait_of
from bot.domain.messages import Message
from bot.domain.moves import Moves
from bot.domain.outgoing import Address, DueNotice, Post, Readers, WaitInMessage
from bot.domain.people import Role, Team
from bot.domain.rules import ChannelRules
from bot.domain.views import Plain, Quote, Text, View
from bot.domain.waits import Wait
from bot.domain.writes import NoticeSubject
from bot.engine.engine import Engine
from bot.errors import Gone
from bot.intake.inbox import Inbox
from bot.outbox.address_queues import Sender
from bot.outbox.guard import Guard
from bot.outbox.loop import OutboxLoop, StepResult
from bot.ports import Connection, Intake, InteractionHandler, PresentApps, QueryTransaction, Sought, TeamCalendar
from bot.runtime.jobs import Retention
from bot.waits.availability import ROUND_THE_CLOCK, QuietRules
from bot.wiring.build import Bot, Policy, Timing, build
from storage.sqlite.database import Database
from tests.waits.world import DAY, LADDER, NINE, Said, ScriptedJudge

CHANNEL = "local:harbor:help"
TEAM_CHANNEL = Address("local", "channel", "team")
KNOWN = ("ana", "ben", "mia", "dana", "omar")
TEAM = Team(members=frozenset({"ana", "ben", "mia"}), leads=("mia",), duty=("ben",))


@dataclass
class HandClock:
    """Stands still until somebody moves it; sleeping moves it."""

    time: float = NINE
    set_by: float = 0.0
    """How far it was set forward."""
    slept: float = 0.0
    """How long the machine slept while this stood still."""

    def now(self) -> float:
        return self.time

    def elapsed(self) -> float:
        return self.time - self.set_by + self.slept

    def set_back(self, seconds: float) -> None:
        """Somebody sets it back (a negative number: forward)."""
        self.time -= seconds
        self.set_by -= seconds

    async def sleep(self, seconds: float) -> None:
        self.time += seconds
        await asyncio.sleep(0)


@dataclass
class Delivered:
    """One message, as the platform took it."""

    address: Address
    view: View
    keys: tuple[str, ...]
    at: float
    under: str | None = None


@dataclass
class Past:
    """What the platform remembers, by channel. `asked` notes (channel, mark); `trouble` is raised for a channel."""

    events: dict[str, list[Posted]] = field(default_factory=dict)
    asked: list[tuple[str, float]] = field(default_factory=list)
    trouble: dict[str, Exception] = field(default_factory=dict)
    hold: asyncio.Event | None = None
    channels: list[str] = field(default_factory=lambda: [CHANNEL])
    swept: list[tuple[str, float]] = field(default_factory=list)
    first_read: float = 30 * DAY
    threads: float = 14 * DAY

    def readable(self) -> Sequence[str]:
        return self.channels

    async def since(
        self,
        channel: str,
        mark: float,
        *,
        parents: float | None = None,
        threads: Sequence[str] = (),
        below: Sequence[str] = (),
    ) -> AsyncIterator[Event]:
        if parents is not None and parents < mark and not threads and not below:
            self.swept.append((channel, mark))
        else:
            self.asked.append((channel, mark))
        if self.hold is not None:
            await self.hold.wait()
        if channel in self.trouble:
            raise self.trouble[channel]
        for event in self.events.get(channel, ()):
            if event.at > mark:
                yield event

    async def message(self, channel: str, message: str, thread: str | None) -> Message | None:
        return next((event.message for event in self.events.get(channel, ()) if event.message.id == message), None)


@dataclass
class Surroundings:
    """Who and what is there."""

    to: Address | None
    help: str = CHANNEL

    def team(self) -> Team:
        return TEAM

    def company(self, person: str) -> None:
        return None

    def names(self, person: str) -> tuple[str, ...]:
        return (person.title(),) if person in KNOWN else ()

    def channels(self) -> dict[str, str]:
        return {self.help: "help"}

    def watches(self, channel: str) -> bool:
        return self.to is None or channel_id(channel) != self.to.id

    def apps(self) -> PresentApps:
        return PresentApps()

    async def ask_apps(self) -> None:
        """There is nothing to ask."""

    def channel_name(self, channel: str) -> str:
        return channel_id(channel)

    def destination(self, about: str | None = None) -> Address | None:
        return self.to

    def destinations(self) -> Sequence[Address]:
        return () if self.to is None else (self.to,)

    def troubles(self) -> Sequence[tuple[str | None, str]]:
        return ()

    def link(self, channel: str, message: str, thread: str | None) -> str | None:
        return None

    def times(self, person: str) -> Own:
        return Own()

    async def ask_names(self, people: Collection[str]) -> None:
        pass

    async def ask_times(self, person: str) -> None:
        pass

    def recall(self, moves: Moves, learnt: Collection[str]) -> None:
        pass

    def learnt(self) -> frozenset[str]:
        return frozenset()

    def servers(self) -> Sequence[str]:
        return ()

    def server_of(self, address: Address) -> str | None:
        return None

    async def seek(self, channels: Sequence[str], waiting: Collection[str]) -> Sought:
        return Sought()

    async def refresh(self) -> None:
        pass


@dataclass
class Courier:
    """A platform that notes what it took. `trouble` is raised instead, as often as there is some; `swallowed` before it, after
    the message was taken all the same. `unreadable` channels can't be read back."""

    clock: HandClock
    taken: int = 0
    posts: dict[str, Delivered] = field(default_factory=dict)
    updates: list[tuple[str, View]] = field(default_factory=list)
    whispers: list[tuple[Address, str, View, str | None]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    searched: list[str] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    swallowed: list[Exception] = field(default_factory=list)
    readers: dict[str, Readers] = field(default_factory=dict)
    meanwhile: Callable[[], Awaitable[object]] | None = None
    name: str = "local"
    history: Past = field(default_factory=Past)
    refusal: Exception | None = None
    """Raised when the bot comes in."""
    intake: Intake | None = None
    interactions: InteractionHandler | None = None
    heard: float | None = None
    """Until when everything was handed in, where that isn't now."""

    def __post_init__(self) -> None:
        self.workspace = Surroundings(Address(self.name, "channel", "team"), f"{self.name}:harbor:help")

    async def open(self) -> None:
        if self.refusal is not None:
            raise self.refusal

    async def listen(self, intake: Intake, interactions: InteractionHandler) -> None:
        self.intake, self.interactions = intake, interactions

    async def listened_until(self) -> float | None:
        return self.heard if self.heard is not None else self.clock.now()

    async def stop(self) -> None:
        self.intake = self.interactions = None

    async def close(self) -> None:
        pass

    @property
    def delivered(self) -> list[tuple[str, tuple[str, ...], int, str]]:
        """(wait, to whom the message was, step, key) of every reminder."""
        found = []
        for post in self.posts.values():
            for key in post.keys:
                step = key.removeprefix(f"{wait_of(key)}#").partition(".")[0]
                found.append((wait_of(key), post.view.addressed, int(step), key))
        return found

    async def open_direct(self, person: Address) -> None:
        """There is nothing to open."""

    async def deliver(self, address: Address, view: View, keys: tuple[str, ...], *, under: str | None = None) -> str:
        if self.meanwhile is not None:
            await self.meanwhile()
        if self.trouble:
            raise self.trouble.pop(0)
        self.taken += 1
        ref = f"post-{self.taken}"
        if under is not None and under not in self.posts:
            raise Gone("the post was deleted")
        self.posts[ref] = Delivered(address, view, keys, self.clock.now(), under)
        if self.swallowed:
            raise self.swallowed.pop(0)
        return ref

    async def whisper(self, address: Address, person: str, view: View, *, thread: str | None = None) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.whispers.append((address, person, view, thread))

    async def update(self, address: Address, ref: str, view: View) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.updates.append((ref, view))

    async def remove(self, address: Address, ref: str) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.removed.append(ref)
        self.posts.pop(ref, None)

    def can_find(self, address: Address) -> bool:
        return address.kind == "channel"

    async def find_delivered(self, address: Address, key: str, since: float, *, under: str | None = None) -> str | None:
        self.searched.append(key)
        if self.trouble:
            raise self.trouble.pop(0)
        found = [ref for ref, post in self.posts.items() if post.address == address and post.keys[0] == key and post.at >= since]
        return found[0] if found else None

    @property
    def moderation(self) -> None:
        return None

    async def posted_in(self, channel: Address, since: Instant) -> list[tuple[str, Instant]]:
        return [(ref, post.at) for ref, post in self.posts.items() if post.address == channel and post.at >= since]

    async def readers_of(self, address: Address) -> Readers:
        return self.readers.get(address.id, Readers(shared=False, outsiders=False))


class PlainViews:
    """Says which waits, to whom; poisoned waits can't be said, and of the week there is nothing to say."""

    def __init__(self) -> None:
        self.poisoned: set[str] = set()

    def reminder(self, tx: QueryTransaction, waits: Sequence[WaitInMessage], now: float) -> View:
        if any(told.wait.id in self.poisoned for told in waits):
            raise RuntimeError("no words for it")
        to = tuple(dict.fromkeys(member for told in waits for member in told.to))
        said = tuple(Text((Plain(f"{told.wait.customer} waits"),)) for told in waits)
        quotes = tuple(Quote(kept.text) for told in waits for kept in tx.texts(told.wait.id))
        return View(nodes=(*said, *quotes), fallback=" and ".join(told.wait.customer for told in waits), addressed=to)

    def updated(self, tx: QueryTransaction, waits: Sequence[WaitInMessage], now: float) -> View:
        lines = [f"{told.wait.customer}: {'on hold' if told.wait.hold else told.wait.state.value}" for told in waits]
        return View(nodes=(Text((Plain("; ".join(lines)),)),), fallback="; ".join(lines))

    def notice_now(self, tx: QueryTransaction, post: Post, now: float) -> View | None:
        return None

    def listed(self, tx: QueryTransaction, notice: DueNotice, now: float) -> Sequence[Wait]:
        return ()

    def notice(self, tx: QueryTransaction, notice: DueNotice, now: float) -> View | None:
        if notice.subject is NoticeSubject.WEEK:
            return None
        return View(nodes=(Text((Plain(notice.kind),)),), fallback=notice.kind)


@dataclass
class House:
    store: Database
    engine: Engine
    inbox: Inbox
    due: OutboxLoop
    courier: Courier
    clock: HandClock
    guard: Guard
    views: PlainViews
    wants_dm: set[str]
    sender: Sender
    quiet: QuietRules

    def replace_loop(self, sender: Sender | None) -> None:
        """A due loop that hasn't run yet takes the place of the one that is there."""
        self.due = OutboxLoop(self.engine, self.store, sender, quiet=self.quiet)

    async def step(self, now: float) -> StepResult:
        """A step of the due loop, with the clock at that instant (or later: sending takes its time)."""
        self.clock.time = max(self.clock.time, now)
        return await self.due.step(now)

    async def happen(self, *events: Event) -> None:
        """Events come in, in one group; whatever fails among them fails the test."""
        await self.engine.transact(self.store, lambda tx: [self.engine.process(tx, event) for event in events])

    @asynccontextmanager
    async def taking_in(self) -> AsyncIterator[None]:
        """The inbox runs meanwhile."""
        running = asyncio.create_task(self.inbox.run(), name="inbox")
        try:
            yield
        finally:
            self.inbox.close()
            await running

    async def next_due(self) -> float | None:
        return await self.store.read(lambda tx: tx.next_due())

    async def drain(self, until: float) -> None:
        """Step at every instant at which something is due."""
        while (due := await self.next_due()) is not None and due <= until:
            await self.step(due)

    async def wait(self, id: str) -> Wait | None:
        return await self.store.read(lambda tx: tx.wait(id))


@asynccontextmanager
async def a_house(
    path: Path, *, quiet: QuietRules = ROUND_THE_CLOCK, rules: ChannelRules | None = None, courier: Courier | None = None
) -> AsyncIterator[House]:
    async with await Database.open(path, unpack=Said.unpack, synchronous="OFF") as store:  # type: ignore[arg-type]
        courier = courier or Courier(HandClock())
        views, wants_dm = PlainViews(), set[str]()
        bot = assembled(courier, store, views, quiet=quiet, rules=rules, wants_dm=wants_dm, activates=False)
        yield a_view_of(bot, store, courier, views, wants_dm)


def a_view_of(bot: Bot, store: Database, courier: Courier, views: PlainViews, wants_dm: set[str]) -> House:
    """The parts of a bot that tests act on."""
    return House(
        store=store,
        engine=bot.engine,
        inbox=bot.inbox,
        due=bot.outbox,
        courier=courier,
        clock=courier.clock,
        guard=bot.guard,
        views=views,
        wants_dm=wants_dm,
        sender=bot.sender,
        quiet=bot.quiet,
    )


def assembled(
    courier: Courier,
    store: Database,
    views: PlainViews | None,
    *,
    quiet: QuietRules = ROUND_THE_CLOCK,
    rules: ChannelRules | None = None,
    wants_dm: set[str] | None = None,
    activates: bool = True,
    observe: bool = False,
    calendar: TeamCalendar | None = None,
    beside: Sequence[Connection] = (),
) -> Bot:
    """The bot on a courier's platform, and on those beside it. Without `views` it says what it really says."""
    clock = courier.clock
    policy = Policy(
        hours_of=lambda person, _: quiet.hours_of(person),
        rules_of=lambda _: rules or ChannelRules(steps=LADDER),
        dm_of=(set[str]() if wants_dm is None else wants_dm).__contains__,
        switch_of=quiet.switch_of,
        budget=quiet.budget,
        retention=Retention(messages=1e9, waits=1e9),
        calendar=calendar,
    )
    return build(
        [courier, *beside],
        store,
        policy,
        judge=ScriptedJudge(),  # type: ignore[arg-type]
        time=Timing(clock=clock, sleep=lambda seconds: clock.sleep(seconds)),  # noqa: PLW0108 (tests put another in its place)
        activates=activates,
        observe=observe,
        contents=views,
    )


def posted(
    author: str, text: str, at: float = NINE, *, channel: str = CHANNEL, event: str | None = None, **more: object
) -> Posted:
    role = Role.MEMBER if author in TEAM.members else Role.CUSTOMER
    message = Message(channel=channel, id=f"{at:.6f}", at=at, author=author, role=role, text=text, **more)  # type: ignore[arg-type]
    return Posted(message=message, platform_event=event)


def wait_id(at: float = NINE, channel: str = CHANNEL) -> str:
    return message_key(channel, f"{at:.6f}")
