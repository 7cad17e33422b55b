"""Members who speak to the bot: in a direct message, or by naming it in a channel. What follows is a command.

Whether that is answered, and that nobody reads the answer who isn't on the team, is decided where all that leaves is
(`bot.runtime.interactions`, `bot.outbox.guard`). Without the message-content intent both come with their words all the same.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from typing import Any

import discord
import structlog

from adapters.discord.inbound import DiscordInbound
from adapters.discord.people import DiscordPeople
from adapters.discord.places import DiscordPlaces
from adapters.discord.tags import in_tags
from adapters.discord.typed import as_written
from adapters.discord.workspace import DiscordWorkspace
from bot.domain.outgoing import Address
from bot.domain.people import Role
from bot.errors import DeliveryError, described
from bot.ports import InteractionHandler

log = structlog.get_logger()


class CallsOfTheBot:
    """Takes messages that are for the bot."""

    def __init__(
        self,
        client: Callable[[], discord.Client],
        places: DiscordPlaces,
        people: DiscordPeople,
        inbound: DiscordInbound,
        workspace: DiscordWorkspace,
        interactions: InteractionHandler,
    ) -> None:
        self._client = client
        self._places = places
        self._people = people
        self._inbound = inbound
        self._workspace = workspace
        self._interactions = interactions
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self, message: discord.Message) -> None:
        """Answer a message, if it is for the bot. Doesn't wait."""
        me, author = self._client().user, message.author
        if me is None or self._inbound.is_own(message) or author.bot or message.webhook_id is not None or not message.content:
            return
        if message.guild is None:
            if isinstance(message.channel, discord.DMChannel):
                self._start(self._direct(str(author.id), as_written(in_tags(message.content.strip()))))
            return
        if me not in message.mentions or self._places.options(message.guild.id) is None:
            return
        named = re.search(rf"<@!?{me.id}>", message.content)
        if named is None:  # a reply that pings
            return
        before, after = message.content[: named.start()].strip(), as_written(in_tags(message.content[named.end() :].strip()))
        role = self._people.learn(author, message.guild)
        place = self._places.of(message.channel.id, message.guild.id)
        thread = None if place is None or place.thread is None else str(place.thread)
        where = Address("discord", "channel", str(message.channel.id if place is None else place.channel))
        self._start(self._interactions.called(str(author.id), role, where, after, before=before, thread=thread))

    async def _direct(self, who: str, text: str) -> None:
        """A direct message doesn't tell anybody's roles: Discord is asked. Who isn't on the team gets no answer."""
        with self._workspace.answering(int(who)):
            if not await self._workspace.is_member_now(int(who)):
                return
            await self._interactions.called(who, Role.MEMBER, Address("discord", "person", who), text)

    def _start(self, answering: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(answering, name="discord call")
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            say = "Somebody who called the bot couldn't be answered; they can call again."
            log.warning("call_not_answered", say=say, repeats=True, reason=_reason(error))


def _reason(error: BaseException) -> str:
    return str(error) if isinstance(error, DeliveryError) else described(error)
