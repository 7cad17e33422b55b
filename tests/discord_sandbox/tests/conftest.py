"""The fake under test, and clients to drive it with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest_asyncio

from tests.discord_sandbox import FakeDiscord
from tests.discord_sandbox.fixtures import discord_fake

__all__ = ["discord_fake"]


class Watcher(discord.Client):
    """discord.py's own client, which writes down what it is told."""

    def __init__(self, **options: Any) -> None:
        intents = options.pop("intents", None) or discord.Intents(
            guilds=True, members=True, messages=True, message_content=True, reactions=True, typing=True
        )
        super().__init__(
            intents=intents,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.05,
            **options,
        )
        self.told: list[tuple[str, tuple[Any, ...]]] = []

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """discord.py would sleep five seconds before a second IDENTIFY."""

    def dispatch(self, event: str, /, *arguments: Any, **named: Any) -> None:
        self.told.append((event, arguments))
        super().dispatch(event, *arguments, **named)

    def events(self, *names: str) -> list[Any]:
        return [arguments[0] if arguments else None for event, arguments in self.told if event in names]


@asynccontextmanager
async def running(client: Watcher, fake: FakeDiscord) -> AsyncIterator[Watcher]:
    """A client that is logged in and ready."""
    task = asyncio.create_task(client.start(fake.token))
    ready = asyncio.create_task(client.wait_until_ready())
    try:
        while not client.is_ready():
            await asyncio.sleep(0.002)
            if task.done():
                task.result()
        await fake.settle()
        yield client
    finally:
        ready.cancel()
        await client.close()
        await asyncio.gather(task, return_exceptions=True)


@pytest_asyncio.fixture
async def harbor(discord_fake: FakeDiscord) -> FakeDiscord:
    """A guild with a team, customers, and channels for each."""
    fake = discord_fake
    fake.guild("Harbor")
    fake.role("team", mentionable=True)
    for name in ("Ana", "Ben"):
        fake.person(name, roles=["team"])
    for name in ("Dana", "Omar"):
        fake.person(name)
    fake.channel("help")
    fake.channel("support-team", only=["team"])
    return fake


@pytest_asyncio.fixture
async def client(harbor: FakeDiscord) -> AsyncIterator[Watcher]:
    """A client in Harbor."""
    async with running(Watcher(), harbor) as watcher:
        yield watcher
