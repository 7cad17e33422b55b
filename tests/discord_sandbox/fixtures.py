"""For pytest and for apps under test: discord.py pointed at the fake, and a fake that fails the test if the app offended Discord.

Use it with `from tests.discord_sandbox.fixtures import discord_fake  # noqa: F401` or write your own around `FakeDiscord.check`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import discord
import pytest_asyncio
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.discord_sandbox.fake import FakeDiscord

TRIED_WITH = "2.7."
"""Where its addresses are kept is internal to discord.py; another version is to be looked at first."""


@contextmanager
def pointed_at(fake: FakeDiscord) -> Iterator[None]:
    """discord.py talks to the fake instead of Discord while the block runs."""
    assert discord.__version__.startswith(TRIED_WITH), f"is Route.BASE still where discord.py {discord.__version__} asks?"
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = fake.api_url, yarl.URL(fake.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@pytest_asyncio.fixture
async def discord_fake() -> AsyncIterator[FakeDiscord]:
    """A running fake on a clock that is moved by hand, with discord.py pointed at it. The test fails if offences are left."""
    async with FakeDiscord() as fake:
        with pointed_at(fake):
            yield fake
    fake.check()
