"""Who can read what is posted on Discord, told by roles, so that nobody need be listed.

A channel is read by whoever holds one role that reads it: other roles' denials only take away from those who hold them, and
nobody reads by two roles what neither reads (https://docs.discord.com/developers/topics/permissions, "Permission Hierarchy"). So
it is for the team when no role but the team's reads it, @everyone among them, and no person outside the team is let in by name.
Whoever owns the server or administers it reads everything, whatever anybody sets; they aren't counted. Apps don't read: neither
do the roles that belong to one app.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Protocol

import discord

from adapters.discord.failures import UNKNOWN_PAUSE, Waiting
from bot.domain.outgoing import Address, Readers
from bot.errors import Rejected, RetryLater

UNKNOWN = Readers(shared=False, outsiders=None)


class TeamByRoles(Protocol):
    """What is known of the team."""

    def team_roles(self, guild: discord.Guild) -> frozenset[int]:
        """The roles of a server whose people are the team."""
        ...

    def is_team(self, roles: Iterable[int], user: int) -> bool:
        """Whether somebody with these roles is on the team."""
        ...


Holders = Callable[[discord.Role], Iterable[discord.Member]]
"""Who has a role."""


def open_roles(
    channel: discord.abc.GuildChannel, team: TeamByRoles, holders: Holders, *, managing: bool = False
) -> list[discord.Role]:
    """The roles that let somebody off the team read a channel; `managing`: and its threads, whoever is in them. One of the
    team's does, where somebody has it who isn't on the team."""
    return [role for role in channel.guild.roles if _is_open_to(channel, role, team, holders, managing=managing)]


def let_in_by_name(channel: discord.abc.GuildChannel) -> list[int]:
    """The people and apps that an overwrite of a channel lets in, whatever roles they have."""
    return [
        somebody.id
        for somebody, overwrite in channel.overwrites.items()
        if not isinstance(somebody, discord.Role)
        and getattr(somebody, "type", None) is not discord.Role
        and overwrite.view_channel
    ]


def off_the_team(members: Iterable[discord.Member], team: TeamByRoles) -> list[discord.Member]:
    """Those of a server who aren't on its team. Apps are nobody."""
    return [one for one in members if not one.bot and not team.is_team((held.id for held in one.roles), one.id)]


def _is_open_to(
    channel: discord.abc.GuildChannel, role: discord.Role, team: TeamByRoles, holders: Holders, *, managing: bool
) -> bool:
    if role.is_bot_managed() or (role.permissions.administrator and not role.is_default()):
        return False
    may = channel.permissions_for(role)
    if not may.view_channel or (managing and not may.manage_threads):
        return False
    return role.id not in team.team_roles(channel.guild) or bool(off_the_team(holders(role), team))


def _refuse_away(channel: object) -> None:
    """Raise RetryLater for a channel of a server that has an outage: nothing about it can be told until it is back."""
    if isinstance(channel, discord.Thread | discord.abc.GuildChannel) and channel.guild.unavailable:
        why = f"Discord has an outage of the server of {channel.id}: who reads there can't be told until it is over"
        raise RetryLater(why, after=UNKNOWN_PAUSE, uncertain=False)


def _in_mind(role: discord.Role) -> Sequence[discord.Member]:
    return role.members


class DiscordReaders:
    """Looks at channels. `is_member_now` asks Discord whether somebody is on the team, of a server by its id (None: of any)."""

    def __init__(
        self,
        client: Callable[[], discord.Client],
        waiting: Waiting,
        team: TeamByRoles,
        *,
        is_member_now: Callable[[int, int | None], Awaitable[bool]],
    ) -> None:
        self._client = client
        self._waiting = waiting
        self._team = team
        self._is_member_now = is_member_now

    async def readers_of(self, address: Address) -> Readers:
        """Who can read what is posted at an address. Raises DeliveryError and its kinds; RetryLater while its server is away."""
        if not (address.id.isascii() and address.id.isdecimal()):
            raise Rejected(f"{address.id} is no id of Discord's")
        if address.kind == "person":
            return Readers(shared=False, outsiders=not await self._is_member_now(int(address.id), None))
        channel = await self._channel(int(address.id))
        _refuse_away(channel)
        if isinstance(channel, discord.Thread):
            parent = channel.parent
            if parent is None:
                return UNKNOWN
            if channel.is_private():
                return Readers(shared=False, outsiders=await self._reads_private(channel, parent))
            channel = parent
        if not isinstance(channel, discord.abc.GuildChannel):
            return UNKNOWN
        return Readers(shared=False, outsiders=await self._reads(channel))

    async def reads_past(self, channel: int) -> bool:
        """Whether the bot may read a channel's past. Raises DeliveryError and its kinds."""
        found = await self._channel(channel)
        _refuse_away(found)
        if isinstance(found, discord.Thread):
            found = found.parent
        if not isinstance(found, discord.abc.GuildChannel):
            return False
        may = found.permissions_for(found.guild.me)
        voice = isinstance(found, discord.VoiceChannel | discord.StageChannel)
        return may.view_channel and may.read_message_history and (may.connect or not voice)

    async def _channel(self, id: int) -> object:
        client = self._client()
        known = client.get_channel(id)
        if known is not None:
            return known
        return await self._waiting.answer(client.fetch_channel(id), "asking what a channel is", where=str(id))

    async def _reads(self, channel: discord.abc.GuildChannel) -> bool:
        """Whether somebody off the team reads a channel."""
        if open_roles(channel, self._team, _in_mind):
            return True
        for user in let_in_by_name(channel):
            if await self._is_outsider(channel.guild, user):
                return True
        return False

    async def _reads_private(self, thread: discord.Thread, parent: discord.abc.GuildChannel) -> bool:
        """Whether somebody off the team reads a private thread: who is in it, and who may manage threads, of those who see the
        channel. Who is in it takes the members intent; without it Discord refuses."""
        if open_roles(parent, self._team, _in_mind, managing=True):
            return True
        inside = await self._waiting.answer(thread.fetch_members(), "asking who is in a thread", where=str(thread.id))
        for member in inside:
            if await self._is_outsider(thread.guild, member.id):
                return True
        return False

    async def _is_outsider(self, guild: discord.Guild, user: int) -> bool:
        """Whether somebody isn't on the team; who isn't known here is asked for. Apps are nobody."""
        known = guild.get_member(user)
        if user in (guild.owner_id, guild.me.id):
            return False
        if known is not None:
            return bool(off_the_team((known,), self._team))
        return not await self._is_member_now(user, guild.id)
