"""discord.py's client, as it is used here: what it is told of goes, in order and at once, to whoever listens.

`Client.dispatch` starts a task for every listener, so that order is lost at the first `await` and nothing slows a busy socket
down. Its parsers call it synchronously, in the order of the gateway; so everything that is watched is taken there (discord.py
2.7.1, client.py `dispatch`, state.py). There is no cache of messages, so only raw events are of use.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.domain.durations import Seconds
from bot.domain.value import value
from bot.ports import Sleep

API: Final = "https://discord.com/api/v10"

LONGEST_SLEEP: Final[Seconds] = 60.0
"""The longest pause discord.py takes by itself where Discord asks to slow down; for a longer one it raises `RateLimited`."""

BETWEEN_SESSIONS: Final[Seconds] = 5.0
"""Discord lets one session begin in so long (https://docs.discord.com/developers/events/gateway, "Session Start Limit
Object")."""

Hear = Callable[[str, tuple[Any, ...]], None]
"""Takes an event by discord.py's name for it, and what comes with it. Called in the gateway's order; must neither wait nor
raise."""


@value
class Sight:
    """What the app may see, by the switches in Discord's developer portal: whose words (`message_content`; else only those of
    messages that name the bot, or are handed to it), and who is in a server (`members`)."""

    message_content: bool = True
    members: bool = True


def intents_for(sight: Sight) -> discord.Intents:
    """The least that is needed (https://docs.discord.com/developers/events/gateway, "List of Intents"): servers, channels and
    roles; messages, reactions and typing there; direct messages, in which members give commands."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.guild_reactions = True
    wanted.guild_typing = True
    wanted.dm_messages = True
    wanted.members = sight.members
    wanted.message_content = sight.message_content
    return wanted


class DiscordClient(discord.Client):
    """One session with Discord, from login until it ends; after that another one is made. `ready_timeout`: how long after the
    last server that was told of it is believed that there are no more, in real seconds."""

    def __init__(
        self,
        sight: Sight,
        hear: Hear,
        *,
        sleep: Sleep = asyncio.sleep,
        activity: discord.BaseActivity | None = None,
        ready_timeout: Seconds = 2.0,
        heartbeat_timeout: Seconds = 60.0,
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nothing is spoken here
        super().__init__(
            intents=intents_for(sight),
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=LONGEST_SLEEP,
            chunk_guilds_at_startup=sight.members,
            guild_ready_timeout=ready_timeout,
            heartbeat_timeout=heartbeat_timeout,
            activity=activity,
        )
        self.sight = sight
        self._hear = hear
        self._sleep = sleep

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Sessions are begun no faster than Discord lets them."""
        if not initial:
            await self._sleep(BETWEEN_SESSIONS)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Hand an event on at once; nobody else listens but whoever waits for one."""
        self._hear(event, args)
        super().dispatch(event, *args, **kwargs)


def use_address(api: str, gateway: str | None) -> None:
    """Speak to another address than Discord's, all clients of this process. Changes discord.py's own constants: it has no other
    way (2.7.1, http.py `Route.BASE`, gateway.py `DEFAULT_GATEWAY`)."""
    Route.BASE = api.rstrip("/")
    if gateway is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway)
