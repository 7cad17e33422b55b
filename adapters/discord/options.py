"""What the settings say about Discord, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from fnmatch import fnmatchcase
from typing import Final

from adapters.discord.client import API
from bot.domain.durations import DAY, Seconds
from bot.domain.people import Team
from bot.domain.value import value

FIRST_READ: Final[Seconds] = 30 * DAY
"""How far a channel's past is read when the bot comes in: enough to learn who knows whom."""


@value
class GuildOptions:
    """One server (Discord's API says guild) that is looked at, by its id. `team_roles` are ids or names of roles whose people are
    the team there, `channels` patterns of names (or ids) of what is looked at, `destination` the id or name of its channel for
    reminders, `solved_tags` ids or names of forum tags that say that a post is solved, `greeted` patterns of
    names (or ids) of channels in which who joins the server is greeted. `apart`: its reminders go to no other
    server's channel, whatever becomes of its own."""

    id: int
    team_roles: tuple[str, ...] = ()
    channels: tuple[str, ...] = ("*",)
    destination: str | None = None
    solved_tags: tuple[str, ...] = ()
    greeted: tuple[str, ...] = ()
    apart: bool = False

    def fits(self, id: int, name: str) -> bool:
        """Whether a channel is looked at; case doesn't count."""
        return _fits(self.channels, id, name)

    def greets(self, id: int, name: str) -> bool:
        """Whether who joins the server is greeted in a channel; case doesn't count."""
        return _fits(self.greeted, id, name)


def _fits(patterns: tuple[str, ...], id: int, name: str) -> bool:
    lower = name.casefold()
    return any(str(id) == wanted or fnmatchcase(lower, wanted.casefold()) for wanted in patterns)


@value
class DiscordOptions:
    """What the settings say. `listed` are the members, leads and duty that they name, `customers` who is a customer whatever
    else says; `relays` are webhooks, or the apps that own them, through which people speak, and
    `relayed` members by the names under which they do; `marks` the emoji that mean something
    when a member puts them; `auto_dms`: people may report
    auto-DMs. `api` and `gateway` are where Discord is; spans in seconds, the last two in real ones."""

    guilds: tuple[GuildOptions, ...] = ()
    listed: Team = field(default_factory=Team)
    customers: frozenset[str] = frozenset()
    relays: frozenset[str] = frozenset()
    relayed: Mapping[str, str] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()
    auto_dms: bool = True
    first_read: Seconds = FIRST_READ
    api: str = API
    gateway: str | None = None
    ready_timeout: Seconds = 2.0
    heartbeat_timeout: Seconds = 60.0

    def guild(self, id: int) -> GuildOptions | None:
        """What they say about a server; None where it isn't looked at."""
        return next((one for one in self.guilds if one.id == id), None)
