"""Who asks by a command or a click, and which message they ask about: what the surfaces need of the rest of the adapter."""

from __future__ import annotations

import discord

from adapters.discord.inbound import DiscordInbound
from adapters.discord.people import DiscordPeople
from adapters.discord.places import DiscordPlaces
from adapters.discord.workspace import DiscordWorkspace
from bot.domain.auto_dms import DirectMessage
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.errors import DeliveryError


class DiscordAskers:
    """Fits `surfaces.WhoAsks`."""

    def __init__(
        self, people: DiscordPeople, places: DiscordPlaces, inbound: DiscordInbound, workspace: DiscordWorkspace
    ) -> None:
        self._people = people
        self._places = places
        self._inbound = inbound
        self._workspace = workspace

    async def role_of(self, interaction: discord.Interaction) -> Role:
        """What somebody is. In a server that is looked at Discord tells their roles with each interaction; elsewhere, as in
        direct messages, it is asked, and while it can't answer they are what they were."""
        user, guild = interaction.user, interaction.guild
        if user.bot:
            return Role.APP
        if isinstance(user, discord.Member) and guild is not None and self._places.options(guild.id) is not None:
            return self._people.learn(user, guild)
        try:
            return Role.MEMBER if await self._workspace.is_member_now(user.id) else Role.CUSTOMER
        except DeliveryError:
            return Role.MEMBER if str(user.id) in self._people.members() else Role.CUSTOMER

    async def message_of(self, message: discord.Message, guild: int) -> Message | None:
        """A message of a channel that is looked at; None for any other."""
        place = self._places.of(message.channel.id, guild)
        return None if place is None else self._inbound.message(message, place)

    async def is_here(self, interaction: discord.Interaction) -> bool:
        """Whether who asks is in a server that is looked at: anybody may install an app for themselves."""
        return await self._workspace.is_here(interaction.user.id)

    def direct_message(self, message: discord.Message) -> DirectMessage | None:
        """A direct message that somebody hands in; None where nobody said anything."""
        return self._inbound.direct(message)
