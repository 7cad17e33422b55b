"""The stage on Discord: the real discord.py and the house of `realreply run` against the strict fake, by the fake's clock.

Everything settles without a real pause. What the bot can be busy with (requests to Discord, transactions) is counted; events have
been taken when a ping behind them came back. The world stands still once nothing is counted, and nothing new was told, for as
many rounds of the event loop as the longest chain of tasks between two of these takes, and some.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from discord.http import HTTPClient
from discord.webhook.async_ import AsyncWebhookAdapter

from adapters.discord.connection import DiscordConnection
from adapters.local.platform import LocalPlatform
from bot.domain.waits import Wait
from bot.outbox import loop as due
from bot.ports import Connection as PlatformConnection
from bot.ports import Intake, InteractionHandler
from bot.runtime.service import Service
from bot.settings.model import Settings
from bot.wiring import discord, live
from bot.wiring.build import Bot, Timing
from storage.sqlite.connection import SqliteConnection
from storage.sqlite.database import Database
from tests.discord_sandbox import FakeDiscord, Message, Person
from tests.discord_sandbox.fixtures import pointed_at
from tests.discord_sandbox.model import REPLY
from tests.sandbox.clock import MachineClock
from tests.scenario.discord_looks import look
from tests.scenario.discord_people import DiscordActor, Outbox
from tests.scenario.other_town import other_town
from tests.scenario.slack_stage import quick_database
from tests.scenario.slack_standstill import PATIENCE, ROUNDS, Busy, busy_method
from tests.scenario.stage import CUSTOMERS, DAY, DUTY, HOUR, LEAD, MEMBERS, MINUTE, NOON, Actor, Setup, Shown
from tests.scenario.words import noted
from tests.storage.sqlite.rows import rows_of

READY = 0.02
"""Real seconds after which the client believes that no more servers come."""


class WatchedConnection(DiscordConnection):
    """The bot's own connection, and whether it is listened to."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.listening = asyncio.Event()

    async def listen(self, intake: Intake, interactions: InteractionHandler) -> None:
        await super().listen(intake, interactions)
        self.listening.set()


class DiscordTeam:
    def __init__(self, stage: DiscordStage) -> None:
        self.stage = stage

    def sees(self) -> list[Shown]:
        return self.stage.posts_in("team")


class DiscordStage:
    """See `stage.Stage`. `fake` is there for what only Discord has."""

    platform = "discord"

    def __init__(self, setup: Setup, path: Path, fake: FakeDiscord, busy: Busy) -> None:
        self.setup, self.path, self.fake, self.busy = setup, path, fake, busy
        self.machine = MachineClock(fake.clock)
        self.said: list[str] = []
        self.people: dict[str, Actor] = {}
        self.persons: dict[str, Person] = {}
        self.team = DiscordTeam(self)
        self.running: asyncio.Task[None] | None = None
        self.other: LocalPlatform | None = None
        self.bot: Bot | None = None
        self.service: Service | None = None
        self.stop = asyncio.Event()
        self.speaks = setup.started
        self.outbox = Outbox(fake, self.on_team)
        fake.outgoing = self.outbox
        guild = fake.guild("Harbor")
        fake.role("team", mentionable=True)
        for name in (*MEMBERS, *CUSTOMERS):
            self.arrives(name, roles=["team"] if name in MEMBERS else ())
        # Whoever owns a server reads everything in it.
        del guild.members[guild.owner_id]
        guild.owner_id = self.persons[LEAD].id
        fake.channel("help")
        fake.channel("team", only=["team"])

    def on_team(self) -> frozenset[str]:
        """Who is on the team, as Discord and the settings have it at this moment."""
        guild = self.fake.world.guild()
        role = self.fake.world.role(guild, "team").id
        by_role = {id for id, member in guild.members.items() if role in member.roles}
        return frozenset(by_role | {self.persons[name].id for name in MEMBERS if name not in self.setup.unlisted})

    def arrives(self, name: str, **more: Any) -> Person:
        """Somebody new in the server."""
        person = self.fake.person(name.title(), **more)
        self.persons[name] = person
        self.people[name] = DiscordActor(self, person, name)
        return person

    def settings(self) -> Settings:
        return Settings.model_validate(self.written())

    def written(self) -> dict[str, Any]:
        """What stands in the settings file."""
        setup = self.setup
        days = {"hours": "00:00-24:00", "days": "mon-sun"} if setup.hours is None else {"hours": setup.hours}
        return {
            "team": days,
            "members": [
                {"name": name.title(), "discord": self.persons[name].id, "lead": name == LEAD, "duty": name == DUTY}
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
            "discord": {
                "token": "env:FAKE_DISCORD_TOKEN",
                "guilds": [{"id": self.fake.world.guild().id, "team_roles": ["team"], "solved_tags": ["solved"]}],
                "api": self.fake.api_url,
                "gateway": self.fake.gateway_url,
            },
        }

    # -- the bot

    async def put_up(self) -> None:
        """Start the bot, and wait until it is ready."""
        self.stop = asyncio.Event()
        self._open = AsyncExitStack()
        time, settings = Timing(clock=self.machine, sleep=self.sleep), self.settings()
        section = settings.discord
        assert section is not None
        options = replace(discord.options(settings, section), ready_timeout=READY)
        connection = WatchedConnection(discord.token(section), options, clock=time.clock, sleep=time.sleep)
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
        """Clear away a bot that ended by itself; what it ended with was seen."""
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
            still, told = 0, -1
            while still < ROUNDS:
                await asyncio.sleep(0)
                still += 1
                if told != self.fake.gateway.told:
                    told = self.fake.gateway.told
                    await self.fake.settle()
                    still = 0
                if self.busy.count:
                    await self.busy.over()
                    still = 0
        if self.running is not None and self.running.done() and not self.stop.is_set():
            self.running.result()

    @asynccontextmanager
    async def broken(self) -> AsyncIterator[None]:
        """The block breaks the connection somehow; afterwards there is another one, and all it brings has been dealt with."""
        gateway = self.fake.gateway
        before = gateway.identifies + gateway.resumes
        yield
        async with asyncio.timeout(PATIENCE):
            while gateway.identifies + gateway.resumes == before or not gateway.is_up:
                await asyncio.sleep(0.005)
                await self.fake.clock.advance(0.1)  # a session isn't begun at once after another
        await asyncio.sleep(2 * READY)  # the client believes only then that it was told everything
        await self.settle()

    # -- what else happens

    async def app_says(self, text: str, *, channel: str = "help", thread: Any = None, as_person: str | None = None) -> Message:
        because_of = self.persons[as_person] if as_person is not None else None
        where = channel if thread is None else self.fake.world.channels[thread.channel_id]
        reply_to = None if thread is None else thread
        said = await self.fake.app_posts(where, text, because_of=because_of, reply_to=reply_to)
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

    @property
    def command(self) -> Mapping[str, Any]:
        """The bot's command as it is registered."""
        (found,) = (command for command in self.fake.commands.get("", {}).values() if command["name"] == "realreply")
        return found

    # -- looking

    def name_of(self, id: str) -> str:
        return next((name for name, person in self.persons.items() if person.id == id), id)

    def posts_in(self, channel: str) -> list[Shown]:
        posts = self.fake.world.channel(channel).posts
        return [self.show(post) for post in posts if post.author.id == self.fake.world.bot.id]

    def show(self, message: Message) -> Shown:
        return look(
            message.content,
            message.components,
            self.name_of,
            native=message,
            at=message.posted_at,
            below=message.kind == REPLY,
            updates=sum(sent.what == "edit" and sent.id == message.id and sent.accepted for sent in self.outbox),
        )

    def notified(self) -> list[tuple[str, ...]]:
        sent = [record for record in self.outbox if record.what == "message" and record.accepted]
        return [tuple(map(self.name_of, record.notified)) for record in sent]

    def seen_outside(self) -> list[str]:
        return [
            look(str(data.get("content") or ""), data.get("components") or [], self.name_of).words
            for record, _ in self.outbox.outside
            if record.accepted and record.what not in ("modal", "delete")
            for data in [record.body.get("data") or record.body]
        ]


@asynccontextmanager
async def playing(setup: Setup, patch: pytest.MonkeyPatch) -> AsyncIterator[tuple[FakeDiscord, Busy]]:
    """A Discord that discord.py speaks to, and the count of what the bot is busy with."""
    busy = Busy()
    patch.setattr(SqliteConnection, "run", busy_method(busy, SqliteConnection.run))
    patch.setattr(Database, "backup", busy_method(busy, Database.backup))
    patch.setattr(HTTPClient, "request", busy_method(busy, HTTPClient.request))
    patch.setattr(AsyncWebhookAdapter, "request", busy_method(busy, AsyncWebhookAdapter.request))
    patch.setattr(live, "database", quick_database)
    # Nothing may rest on the due loop looking at the database by itself: it is woken, or knows when.
    patch.setattr(due, "LONGEST_SLEEP", DAY)
    async with FakeDiscord(ack_seconds=setup.ack_seconds) as fake:
        await fake.clock.advance_to(NOON)
        patch.setenv("FAKE_DISCORD_TOKEN", fake.token)
        with pointed_at(fake):
            yield fake, busy


def noting(stage: DiscordStage, patch: pytest.MonkeyPatch) -> None:
    """What anybody writes or edits into something is put down."""
    patch.setattr(Person, "says", noted(stage.said, Person.says, 1))
    patch.setattr(Person, "edits", noted(stage.said, Person.edits, 1))


@asynccontextmanager
async def discord_stage(
    setup: Setup, path: Path, patch: pytest.MonkeyPatch, *, beside: bool = False
) -> AsyncIterator[DiscordStage]:
    """A server with the bot in it. At the end Discord must have nothing to complain about."""
    async with playing(setup, patch) as (fake, busy):
        stage = DiscordStage(setup, path / "discord.db", fake, busy)
        noting(stage, patch)
        stage.other = other_town(fake.clock) if beside else None
        try:
            await stage.put_up()
            yield stage
        finally:
            await stage.take_down()
        fake.check()
