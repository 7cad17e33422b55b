from __future__ import annotations

import discord

from tests.discord_sandbox import FakeDiscord
from tests.discord_sandbox.tests.conftest import Watcher

NOBODY = discord.AllowedMentions.none()


def channel_of(client: Watcher, name: str) -> discord.TextChannel:
    found = discord.utils.get(client.guilds[0].text_channels, name=name)
    assert found is not None
    return found


async def test_a_message_is_sent_edited_read_back_and_deleted(harbor: FakeDiscord, client: Watcher) -> None:
    team = channel_of(client, "support-team")
    sent = await team.send("Dana waits", nonce="k1", embed=discord.Embed(title="Since 12:00"))
    await harbor.settle()
    assert [m.text for m in harbor.world.channel("support-team").posts] == ["Dana waits\nSince 12:00"]
    assert [m.content for m in client.events("message")] == ["Dana waits"] and client.events("message")[0].nonce == "k1"
    await team.get_partial_message(sent.id).edit(content="Answered", embed=None, allowed_mentions=NOBODY)
    assert [m.content async for m in team.history()] == ["Answered"]
    await team.get_partial_message(sent.id).delete()
    assert [m async for m in team.history()] == []
    assert [record.what for record in harbor.outgoing] == ["message", "edit", "delete"]


async def test_a_repeated_nonce_gives_the_first_message(harbor: FakeDiscord, client: Watcher) -> None:
    team = channel_of(client, "support-team")
    first = await team.send("Dana waits", nonce="k1")
    assert (await team.send("Dana waits", nonce="k1")).id == first.id
    assert len(harbor.world.channel("support-team").posts) == 1
    await harbor.advance(600)
    assert (await team.send("Dana waits", nonce="k1")).id != first.id


async def test_history_comes_in_pages_after_a_mark(harbor: FakeDiscord, client: Watcher) -> None:
    dana, place = harbor.world.user("Dana"), harbor.world.channel("help")
    said = [harbor.put(place, dana, f"line {number}", quiet=True) for number in range(250)]
    found = [m.id async for m in channel_of(client, "help").history(limit=None, after=discord.Object(said[9].id))]
    assert found == [int(m.id) for m in said[10:]]
    assert [call.what for call in harbor.calls].count("GET /channels/*/messages") == 3


async def test_who_is_mentioned_is_who_may_be(harbor: FakeDiscord, client: Watcher) -> None:
    ana, team = harbor.world.user("Ana"), channel_of(client, "support-team")
    role = harbor.world.role(harbor.world.guild(), "team")
    words = f"<@{ana.id}> <@&{role.id}> @everyone"
    await team.send(words)
    await team.send(words, allowed_mentions=discord.AllowedMentions(users=[discord.Object(ana.id)]))
    await team.send(words, allowed_mentions=discord.AllowedMentions(roles=True))
    assert [record.notified for record in harbor.outgoing] == [(), (ana.id,), (ana.id, harbor.world.user("Ben").id)]
