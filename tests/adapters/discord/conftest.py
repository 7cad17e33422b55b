"""The real discord.py against the fake Discord, through the connection, and what it handed in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

import pytest_asyncio

from adapters.discord.connection import DiscordConnection
from adapters.discord.options import DiscordOptions, GuildOptions
from bot.domain.durations import Instant
from bot.domain.events import Event, Posted, Says
from bot.domain.gaps import FailedEvent, GapReason
from bot.domain.messages import Message
from bot.domain.moves import Moves
from bot.domain.outgoing import Address
from bot.domain.people import Role
from bot.domain.views import Form, View
from bot.errors import AccessLost
from bot.ports import WorkspaceChange
from tests.discord_sandbox import FakeDiscord
from tests.discord_sandbox.fixtures import discord_fake

__all__ = ["discord_fake"]

Kind = TypeVar("Kind", bound=Event)


async def no_pause(seconds: float) -> None:
    await asyncio.sleep(0)


class Taken:
    """Fits `bot.ports.Intake`: keeps everything."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.gaps: list[tuple[GapReason, Instant, bool, str | None]] = []
        self.changes: list[WorkspaceChange] = []
        self.failed: list[FailedEvent] = []
        self.thrown_out: list[AccessLost] = []
        self.refuses: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()

    async def receive(self, event: Event) -> object:
        await self.open.wait()
        if self.refuses is not None:
            raise self.refuses
        self.events.append(event)
        return None

    async def missed(self, reason: GapReason, since: Instant, *, whole: bool, channel: str | None = None) -> None:
        self.gaps.append((reason, since, whole, channel))

    async def unreadable(self, failed: FailedEvent) -> None:
        self.failed.append(failed)

    async def changed(self, change: WorkspaceChange) -> None:
        self.changes.append(change)

    def lost(self, error: AccessLost) -> None:
        self.thrown_out.append(error)

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def messages(self) -> list[Message]:
        return [event.message for event in self.of(Posted)]


class Asked:
    """Fits `bot.ports.InteractionHandler`: keeps who called the bot, and answers nothing."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Role, Address, str, str, str | None]] = []

    async def called(
        self, who: str, role: Role, where: Address, text: str, *, before: str = "", thread: str | None = None
    ) -> None:
        self.calls.append((who, role, where, text, before, thread))

    async def command(self, who: str, role: Role, text: str) -> View:
        raise AssertionError("nobody gave a command")

    async def click(self, who: str, role: Role, code: str) -> View:
        raise AssertionError("nobody clicked")

    async def form(self, who: str, role: Role, code: str) -> Form | None:
        raise AssertionError("nobody opened a form")

    async def submit(self, who: str, role: Role, code: str, values: Mapping[str, str]) -> View:
        raise AssertionError("nobody sent a form")

    async def home(self, who: str, role: Role) -> View:
        raise AssertionError("nobody opened their page")

    async def homes_left(self) -> Sequence[str]:
        return ()

    async def home_emptied(self, who: str) -> None:
        raise AssertionError("there are no pages")

    async def correct(self, who: str, role: Role, message: Message | None, says: Says) -> View:
        raise AssertionError("nobody corrected anything")


class Harbor:
    """A server with a team, customers and channels for each, and what came in from there."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.guild = fake.guild("Harbor")
        self.team = fake.role("Crew", mentionable=True)
        self.ana, self.ben = (fake.person(name, roles=["Crew"]) for name in ("Ana", "Ben"))
        self.dana, self.omar = (fake.person(name) for name in ("Dana", "Omar"))
        self.help = fake.channel("help")
        self.desk = fake.channel("support-team", only=["Crew"])
        self.taken = Taken()
        self.asked = Asked()
        self.options = DiscordOptions(
            guilds=(GuildOptions(id=int(self.guild.id), team_roles=("Crew",), destination="support-team"),), ready_timeout=0.05
        )
        self.connection: DiscordConnection | None = None

    def key(self, channel: Any) -> str:
        return f"discord:{channel.guild_id}:{channel.id}"

    def guild_options(self, **more: Any) -> None:
        """Say something else of the server than usual."""
        self.options = replace(self.options, guilds=(replace(self.options.guilds[0], **more),))

    @asynccontextmanager
    async def watched(self, *, learnt: Collection[str] = (), **more: Any) -> AsyncIterator[DiscordConnection]:
        """Come in and listen; `learnt` by an earlier run."""
        connection = DiscordConnection(self.fake.token, replace(self.options, **more), clock=self.fake.clock, sleep=no_pause)
        self.connection = connection
        connection.workspace.recall(Moves(), learnt)
        try:
            await connection.open()
            await connection.listen(self.taken, self.asked)
            yield connection
        finally:
            await connection.stop()
            await connection.close()

    async def until(self, true: Callable[[], object]) -> None:
        await self.fake.until(lambda: bool(true()))

    async def read(self, channel: Any, since: float, **more: Any) -> list[Event]:
        """What a channel's history tells."""
        assert self.connection is not None
        return [event async for event in self.connection.history.since(self.key(channel), since, **more)]


@pytest_asyncio.fixture
async def harbor(discord_fake: FakeDiscord) -> Harbor:
    return Harbor(discord_fake)
