"""A second opinion: what the bot answers to commands, buttons, forms and menus holds with simcord, too, which was made by others
and knows Discord's rules for interactions in its own way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord
import simcord

from adapters.discord.client import DiscordClient, Sight
from adapters.discord.commands import sync_if_changed
from adapters.discord.delivery import DiscordDelivery
from adapters.discord.failures import Waiting
from adapters.discord.surfaces import DiscordSurfaces
from bot.domain.messages import Message
from bot.domain.outgoing import Address
from bot.domain.people import Role
from bot.domain.views import Button
from tests.adapters.discord.test_surfaces import Answering, said


class Everybody:
    """Fits `WhoAsks`: whoever asks is on the team, and no message is one of ours."""

    async def role_of(self, interaction: discord.Interaction) -> Role:
        return Role.MEMBER

    async def message_of(self, message: discord.Message, guild: int) -> Message | None:
        return None


@dataclass(frozen=True, kw_only=True)
class Room:
    """A channel with a member in it, as simcord has them, and the bot's answers."""

    channel: Any
    ana: Any
    answering: Answering
    delivery: DiscordDelivery


@asynccontextmanager
async def furnished() -> AsyncIterator[Room]:
    """A room; simcord's clock wants to be set and given back by the test itself."""
    answering, waiting = Answering(), Waiting()
    surfaces = DiscordSurfaces(waiting, Everybody(), answering, name_of=str)

    def hear(event: str, args: tuple[Any, ...]) -> None:
        if event == "interaction":
            surfaces.hear(args[0])

    client = DiscordClient(Sight(), hear)
    async with simcord.run(client) as env:
        await sync_if_changed(lambda: client, waiting)
        guild = env.create_guild()
        crew = guild.create_role("Crew", permissions=discord.Permissions(manage_messages=True))
        ana = guild.add_member(env.create_user("ana"), roles=[crew])
        readers: Any = None
        delivery = DiscordDelivery(lambda: client, waiting, readers, name_of=str)
        yield Room(channel=guild.create_text_channel("desk"), ana=ana, answering=answering, delivery=delivery)


async def test_a_command_is_completed_and_answered_to_its_asker_alone() -> None:
    async with furnished() as room:
        offered = await room.ana.autocomplete(room.channel, "realreply snooze", "wait", "w")
        assert offered[0] == {"name": "w1: Dana in #help", "value": "w1"}
        result = await room.ana.slash(room.channel, "realreply snooze", wait="w1", when="tomorrow 9am")
        assert result.acknowledged and result.ephemeral
        assert room.answering.asked[-1] == (
            "ask",
            str(room.ana.id),
            Role.MEMBER,
            "snooze",
            {"wait": "w1", "when": "tomorrow 9am"},
        )


async def test_a_button_a_form_and_a_menu() -> None:
    async with furnished() as room:
        view = said("Dana waits", Button("I'm on it", "claim", "w1"), Button("Snooze…", "form", "snooze/w1"))
        await room.delivery.deliver(Address("discord", "channel", str(room.channel.id)), view, ("k",))
        post = room.channel.last_message
        done = await room.ana.click(post, label="I'm on it")
        assert done.ephemeral and room.answering.asked[-1][3] == "claim:w1"
        shown = await room.ana.click(post, label="Snooze…")
        assert shown.modal is not None and shown.modal["title"] == "Snooze until"
        sent = await room.ana.submit_modal(shown, {"in:0:when": "2026-05-03 09:00"})
        assert sent.ephemeral and room.answering.asked[-1][0] == "submit"
        marked = await room.ana.context_menu(room.channel, "Mark as waiting", post)
        assert marked.ephemeral and room.answering.asked[-1][0] == "correct" and room.answering.asked[-1][-1] == "waits"
