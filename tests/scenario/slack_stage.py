"""The stage on Slack: the real SDKs and the house of `realreply run` against the strict fake, by the fake's clock.

Everything settles without a real pause. What the bot can be busy with (calls to Slack, transactions, deliveries that it hasn't
acknowledged) is counted; the world stands still once nothing is counted for as many rounds of the event loop as the longest chain
of tasks between two of these takes, and some.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.local.platform import LocalPlatform
from adapters.slack.manifest import Wanted, events, scopes
from bot.domain.reading import unpack
from bot.domain.waits import Wait
from bot.outbox import loop as due
from bot.ports import Connection as PlatformConnection
from bot.runtime.service import Service
from bot.settings.model import Settings
from bot.wiring import live, slack
from bot.wiring.build import Bot, Timing
from bot.wiring.slack_tokens import tokens
from storage.sqlite.connection import SqliteConnection
from storage.sqlite.database import Database
from tests.sandbox.clock import MachineClock
from tests.scenario.other_town import other_town
from tests.scenario.slack_looks import look
from tests.scenario.slack_people import Outbox, SlackActor
from tests.scenario.slack_standstill import PATIENCE, ROUNDS, Busy, WatchedConnection, busy_method
from tests.scenario.stage import CUSTOMERS, DAY, DUTY, HOUR, LEAD, MEMBERS, MINUTE, NOON, Actor, Setup, Shown
from tests.scenario.words import noted
from tests.slack_sandbox import FakeSlack
from tests.slack_sandbox.acting import Person, texts
from tests.slack_sandbox.announcing import EVENTS
from tests.slack_sandbox.model import Message, UserGroup
from tests.storage.sqlite.rows import rows_of


class SlackTeam:
    def __init__(self, stage: SlackStage) -> None:
        self.stage = stage

    def sees(self) -> list[Shown]:
        return self.stage.posts_in("team")


class SlackStage:
    """See `stage.Stage`. `fake` is there for what only Slack has."""

    platform = "slack"

    def __init__(self, setup: Setup, path: Path, fake: FakeSlack, busy: Busy) -> None:
        self.setup, self.path, self.fake, self.busy = setup, path, fake, busy
        self.machine = MachineClock(fake.clock)
        self.said: list[str] = []
        self.people: dict[str, Actor] = {}
        self.persons: dict[str, Person] = {}
        self.team = SlackTeam(self)
        self.running: asyncio.Task[None] | None = None
        self.other: LocalPlatform | None = None
        """A town the bot is on besides, see `slack_beside_town`."""
        self.bot: Bot | None = None
        self.service: Service | None = None
        self.stop = asyncio.Event()
        self.speaks = setup.started
        self.port = free_port() if setup.mode == "http" else 0
        if self.port:
            fake.http_target = f"http://127.0.0.1:{self.port}/slack/events"
        self.outbox = Outbox(fake, self.on_team)
        fake.outgoing = self.outbox
        for name in (*MEMBERS, *CUSTOMERS):
            self.arrives(name, guest="multi" if setup.unlisted and name in CUSTOMERS else "")
        everybody = list(self.persons.values())
        self.groups: dict[str, UserGroup] = {}
        fake.channel("help", members=everybody)
        fake.channel("team", members=[self.persons[name] for name in MEMBERS], private=True)

    def on_team(self) -> frozenset[str]:
        """Who is on the team, as Slack and the settings have it at this moment. Who was deactivated reads nothing any more."""
        everybody = [self.persons[name] for name in MEMBERS]
        return frozenset(one.id for one in everybody if not (self.setup.unlisted and one.guest))

    def arrives(self, name: str, **more: Any) -> Person:
        """Somebody new in the workspace."""
        person = self.fake.person(name.title(), tz="UTC", **more)
        self.persons[name] = person
        self.people[name] = SlackActor(self, person, name)
        return person

    def settings(self) -> Settings:
        setup = self.setup
        days = {"hours": "00:00-24:00", "days": "mon-sun"} if setup.hours is None else {"hours": setup.hours}
        mode: dict[str, Any] = {"mode": setup.mode}
        if setup.mode == "http":
            mode["listen"] = f"127.0.0.1:{self.port}"
        return Settings.model_validate(
            {
                "team": {
                    **days,
                    **({"home_workspace": self.fake.workspace.team.id} if setup.unlisted else {}),
                    "slack_user_groups": [self.groups[name].id for name in setup.user_groups],
                },
                "members": [
                    {"name": name.title(), "slack": self.persons[name].id, "lead": name == LEAD, "duty": name == DUTY}
                    for name in MEMBERS
                    if name not in setup.unlisted
                ],
                "channels": [
                    *({"match": match, "watch": watch} for match, watch in setup.rules),
                    {"match": "*", "watch": setup.watch, "peers_may_answer": setup.peers_may_answer},
                ],
                "reminders": {
                    "destination": "team",
                    "budget": setup.budget,
                    **({"steps": [{"after": f"{after:.0f}s", "to": to} for after, to in setup.steps]} if setup.steps else {}),
                    "newcomer_first": f"{setup.newcomer_first:.0f}s" if setup.newcomer_first else "0",
                    "promise_notice": f"{setup.promise_notice:.0f}s" if setup.promise_notice else "0",
                    "close_loop": setup.close_loop,
                    "digest": [{"days": "mon-sun", "at": at} for at in setup.digests],
                },
                "customers": [
                    {"ids": [self.persons[name].id], "name": company} | ({"first": f"{first:.0f}s"} if first else {})
                    for name, company, first in setup.customers
                ],
                "greetings": {"channels": ["help"] if setup.greets else []},
                "privacy": {"text": setup.text},
                "storage": {"path": str(self.path), "backups": {"folder": str(self.path.parent / "backups")}},
                "slack": mode
                | {
                    "bot_token": "env:FAKE_BOT_TOKEN",
                    "app_token": "env:FAKE_APP_TOKEN",
                    "signing_secret": "env:FAKE_SIGNING_SECRET",
                    "api": self.fake.base_url,
                    "trusted_apps": list(setup.trusted_apps),
                },
            }
        )

    # -- the bot

    async def put_up(self) -> None:
        """Start the bot, and wait until it is ready."""
        self.stop = asyncio.Event()
        self._open = AsyncExitStack()
        time, settings = Timing(clock=self.machine, sleep=self.sleep), self.settings()
        section = settings.slack
        assert section is not None
        options = slack.options(settings, section, ping=self.setup.ping)
        connection = WatchedConnection(tokens(section), options, clock=time.clock, sleep=time.sleep)
        connected = [connection, *self.beside()]
        running = live.running(settings, connected, time=time, observe=self.setup.observe)
        bot, service = self.bot, self.service = await self._open.enter_async_context(running)
        if self.speaks:
            self.speaks = False
            lead, started, activation = self.persons[LEAD].id, self.now - DAY, bot.activation
            assert activation is not None
            await bot.engine.transact(bot.store, lambda tx: activation.start(tx, lead, started))
        self.running = asyncio.create_task(service.run(self.stop), name="the bot")
        await self._or_its_end(connection.listening.wait())
        await self.settle()

    def beside(self) -> Sequence[PlatformConnection]:
        """The platforms the bot is on besides."""
        return () if self.other is None else (self.other,)

    async def _or_its_end(self, waiting: Awaitable[Any]) -> None:
        """Wait for something that comes while the bot runs."""
        assert self.running is not None
        task = asyncio.ensure_future(waiting)
        await asyncio.wait([task, self.running], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
            self.running.result()
            raise AssertionError("the bot ended before it was there")
        task.result()

    async def take_down(self) -> None:
        """End the bot, and raise what it ended with."""
        if self.running is None:
            return
        running, self.running = self.running, None
        self.stop.set()
        try:
            while not (await asyncio.wait([running], timeout=0.2))[0]:
                await self.fake.clock.advance(1)  # something waits for its channel's turn
            await running
        finally:
            await self._open.aclose()
            self.bot = self.service = None

    async def give_up(self) -> None:
        """Clear away a bot whose start failed; what it ended with was seen."""
        await self._open.aclose()
        self.running = None

    async def restart(self) -> None:
        await self.take_down()
        await self.put_up()

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        await self.take_down()
        async with self.fake.away():
            yield
        await self.put_up()

    # -- time

    @property
    def now(self) -> float:
        return float(self.fake.clock.now())

    async def sleep(self, seconds: float) -> None:
        """What the bot sleeps with: until the fake's clock is moved far enough."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.Event()

        async def wake() -> None:
            woken.set()
            await self.settle()

        call_off = self.fake.clock.at(self.now + seconds, wake)
        try:
            await woken.wait()
        except asyncio.CancelledError:
            call_off()
            raise

    async def advance(self, *, minutes: float = 0.0, hours: float = 0.0, days: float = 0.0) -> None:
        await self.settle()
        await self.fake.clock.advance(minutes * MINUTE + hours * HOUR + days * DAY)
        await self.settle()

    async def settle(self) -> None:
        """Let everything happen that can happen now."""
        async with asyncio.timeout(PATIENCE):
            still = 0
            while still < ROUNDS:
                await asyncio.sleep(0)
                still += 1
                if self.fake.courier.busy:
                    await self.fake.settle()
                    still = 0
                if self.busy.count:
                    await self.busy.over()
                    still = 0
        if self.running is not None and self.running.done() and not self.stop.is_set():
            self.running.result()

    # -- what else happens

    async def app_says(self, text: str, *, channel: str = "help", thread: Any = None, as_person: str | None = None) -> Message:
        user = self.persons[as_person] if as_person is not None else None
        said = await self.fake.app_posts(channel, text, user=user, thread=None if thread is None else thread.ts)
        await self.settle()
        return said

    async def waits(self) -> tuple[Wait, ...]:
        return await self.store.read(lambda tx: tx.open_waits(1000))

    def stored(self, table: str = "messages") -> int:
        """How many rows a table has."""
        return int(rows_of(self.path, f"SELECT count(*) FROM {table}")[0][0])

    async def all_waits(self) -> tuple[Wait, ...]:
        return tuple(await self.store.read(lambda tx: list(tx.all_waits())))

    @property
    def store(self) -> Any:
        assert self.bot is not None
        return self.bot.store

    # -- looking

    def name_of(self, id: str) -> str:
        return next((name for name, person in self.persons.items() if person.id == id), id)

    def posts_in(self, channel: str) -> list[Shown]:
        posts = self.fake.workspace.conversation(channel).posts
        return [self.show(post) for post in posts if post.user == self.fake.workspace.bot.id and "subtype" not in post.body]

    def show(self, thing: Any) -> Shown:
        updates = sum(sent.method == "chat.update" and sent.ts == thing.ts and sent.accepted for sent in self.fake.outgoing)
        at = thing.posted_at if isinstance(thing, Message) else thing.at
        below = isinstance(thing, Message) and thing.thread_ts is not None
        return look(thing.blocks, self.name_of, native=thing, at=at, updates=updates, below=below)

    def notified(self) -> list[tuple[str, ...]]:
        sent = [record for record in self.fake.outgoing if record.method == "chat.postMessage" and record.accepted]
        return [tuple(dict.fromkeys(look(record.arguments["blocks"], self.name_of).calls)) for record in sent]

    def seen_outside(self) -> list[str]:
        return ["\n".join(texts(record.arguments)) for record, _ in self.outbox.outside if record.accepted]


@asynccontextmanager
async def slack_beside_town(setup: Setup, path: Path, patch: pytest.MonkeyPatch) -> AsyncIterator[SlackStage]:
    """The same with the bot in a town besides, which has a member and a customer of its own."""
    async with slack_stage(setup, path, patch, beside=True) as stage:
        yield stage


@asynccontextmanager
async def slack_stage(setup: Setup, path: Path, patch: pytest.MonkeyPatch, *, beside: bool = False) -> AsyncIterator[SlackStage]:
    """A workspace with the bot in it. At the end Slack must have nothing to complain about."""
    busy = Busy()
    patch.setattr(SqliteConnection, "run", busy_method(busy, SqliteConnection.run))
    patch.setattr(Database, "backup", busy_method(busy, Database.backup))
    patch.setattr(AsyncWebClient, "api_call", busy_method(busy, AsyncWebClient.api_call))
    patch.setattr(live, "database", quick_database)
    # Nothing may rest on the due loop looking at the database by itself: it is woken, or knows when.
    patch.setattr(due, "LONGEST_SLEEP", DAY)
    organisation = "E0HARBORS1" if setup.grid else None
    asked = Wanted(groups=bool(setup.user_groups), http=setup.mode == "http")
    granted, sent = scopes(asked), events(asked) & EVENTS.keys()
    async with FakeSlack(scopes=granted, events=sent, ack_seconds=setup.ack_seconds, enterprise_id=organisation) as fake:
        await fake.clock.advance_to(NOON)
        patch.setenv("FAKE_BOT_TOKEN", fake.bot_token)
        patch.setenv("FAKE_APP_TOKEN", fake.app_token)
        patch.setenv("FAKE_SIGNING_SECRET", fake.signing_secret)
        stage = SlackStage(setup, path / "slack.db", fake, busy)
        patch.setattr(Person, "says", noted(stage.said, Person.says, 1))
        patch.setattr(Person, "edits", noted(stage.said, Person.edits, 1))
        stage.other = other_town(fake.clock) if beside else None
        try:
            async with fake.away():
                team = [stage.persons[name] for name in MEMBERS]
                stage.groups = {name: await fake.group(name, team) for name in setup.user_groups}
            await stage.put_up()
            yield stage
        finally:
            await stage.take_down()
        fake.check()


def free_port() -> int:
    """A port of this machine that nobody uses just now."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


@asynccontextmanager
async def quick_database(path: Path) -> AsyncIterator[Database]:
    """The database without waiting for the disk: a test's power is never cut."""
    async with await Database.open(path, unpack=unpack, synchronous="OFF") as store:
        yield store
