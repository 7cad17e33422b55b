"""What a route is, and what a request brings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.discord_sandbox.errors import Refused
from tests.discord_sandbox.model import Channel, Guild, Json, Message

if TYPE_CHECKING:
    from tests.discord_sandbox.fake import FakeDiscord


@dataclass(kw_only=True)
class Call:
    """One request to the API."""

    what: str
    """ "POST /channels/*/messages"."""
    parts: dict[str, str]
    query: dict[str, str]
    at: float
    raw: bytes = b""
    body: Any = None
    files: list[str] = field(default_factory=list)
    outcome: str = ""

    @property
    def json(self) -> Json:
        """The body, an object."""
        if not isinstance(self.body, dict):
            raise Refused(50109, offence="needs a JSON object as its body")
        return self.body


@dataclass(frozen=True, kw_only=True)
class Route:
    """A route of https://docs.discord.com/developers that an app like ours may ask."""

    method: str
    path: str
    handler: Callable[[FakeDiscord, Call], Any]
    query: frozenset[str] = frozenset()
    body: bool = False


def find_channel(fake: FakeDiscord, call: Call, *needs: str) -> Channel:
    """The channel of a request, if the bot may view it and has these permissions there."""
    channel = fake.world.channels.get(call.parts["channel"])
    if channel is None or channel.deleted:
        raise Refused(10003)
    guild = fake.world.guild_of(channel)
    if guild is not None and not guild.has_bot:
        raise Refused(50001)
    bot, now = fake.world.bot.id, fake.clock.now()
    if not fake.world.may(bot, channel, "VIEW_CHANNEL", now=now):
        raise Refused(50001)
    if needs and not fake.world.may(bot, channel, *needs, now=now):
        raise Refused(50013)
    return channel


def find_guild(fake: FakeDiscord, call: Call) -> Guild:
    """The guild of a request, if the bot is in it."""
    guild = fake.world.guilds.get(call.parts["guild"])
    if guild is None or not guild.has_bot:
        raise Refused(10004)
    return guild


def find_message(channel: Channel, id: str) -> Message:
    """A message that is there for everybody."""
    message = channel.messages.get(id)
    if message is None or message.deleted or message.only_for is not None:
        raise Refused(10008)
    return message


def limit_of(call: Call, default: int, most: int) -> int:
    """How many are asked for at most."""
    limit = int(call.query.get("limit", default))
    if not 1 <= limit <= most:
        raise Refused(50035, offence=f"limit={limit}; it is 1 to {most}")
    return limit
