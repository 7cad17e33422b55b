"""Sessions, what they are told, and how they break and go on: https://docs.discord.com/developers/events/gateway"""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from tests.discord_sandbox import FakeDiscord
from tests.discord_sandbox.tests.conftest import Watcher, running


def lines(client: Watcher) -> list[str]:
    return [message.content for message in client.events("message")]


async def test_a_client_logs_in_and_knows_the_guild(harbor: FakeDiscord, client: Watcher) -> None:
    (guild,) = client.guilds
    assert guild.name == "Harbor" and {c.name for c in guild.channels} == {"help", "support-team"}
    assert {m.display_name for m in guild.members} == {"Ana", "Ben", "Dana", "Omar", "Harbor owner", "realreply"}
    assert [event for event, _ in client.told if event in ("connect", "guild_available", "ready")] == [
        "connect",
        "guild_available",
        "ready",
    ]


async def test_a_client_is_told_what_people_do(harbor: FakeDiscord, client: Watcher) -> None:
    dana, ana = harbor.world.user("Dana"), harbor.world.user("Ana")
    said = await dana.says("help", "Hi @Ana, the export fails")
    answer = await ana.says("help", "Which one?", reply_to=said)
    await dana.edits(said, "Hi @Ana, the CSV export fails")
    await ana.reacts(said, "👀")
    await ana.types("help")
    await ana.deletes(answer)
    first, second = client.events("message")
    assert first.author.display_name == "Dana" and [one.display_name for one in first.mentions] == ["Ana"]
    assert second.reference.message_id == int(said.id) and second.reference.resolved.id == int(said.id)
    assert [r.name for r in second.author.roles] == ["@everyone", "team"]
    (edited,) = client.events("raw_message_edit")
    assert edited.message.content.endswith("the CSV export fails") and edited.message.edited_at is not None
    assert [str(r.emoji) for r in client.events("raw_reaction_add")] == ["👀"]
    assert [int(t.user_id) for t in client.events("raw_typing")] == [int(ana.id)]
    assert [d.message_id for d in client.events("raw_message_delete")] == [int(answer.id)]


async def test_what_the_bot_cannot_view_it_is_not_told(harbor: FakeDiscord, client: Watcher) -> None:
    secret = harbor.channel("secret", only=["team"])
    secret.overwrites = [each for each in secret.overwrites if each.id != harbor.world.bot.id]
    await harbor.world.user("Ana").says("secret", "nobody else reads this")
    assert lines(client) == []


async def test_without_the_content_intent_only_mentions_and_own_words_come_with_their_text(harbor: FakeDiscord) -> None:
    intents = discord.Intents(guilds=True, messages=True, reactions=True)
    harbor.privileged.clear()
    dana = harbor.world.user("Dana")
    async with running(Watcher(intents=intents), harbor) as client:
        await dana.says("help", "the export fails", files=["log.txt"])
        await dana.says("help", "@realreply the export fails")
        await dana.says("help", "the export fails", poll="Does it?")
        assert lines(client) == ["", f"<@{harbor.world.bot.id}> the export fails", ""]
        assert client.events("message")[0].attachments == [] and client.events("message")[2].poll is None
        found = [m.content async for m in client.guilds[0].text_channels[0].history()]
        assert sorted(found) == ["", "", f"<@{harbor.world.bot.id}> the export fails"]


async def test_intents_that_are_switched_off_close_the_connection_with_4014(harbor: FakeDiscord) -> None:
    harbor.privileged.discard("message_content")
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(Watcher(), harbor):
            pass


async def test_a_wrong_token_is_refused_at_login_and_a_revoked_one_on_the_connection(harbor: FakeDiscord) -> None:
    client = Watcher()
    with pytest.raises(discord.LoginFailure):
        await client.login("wrong")
    await client.close()
    client = Watcher()
    task = asyncio.create_task(client.start(harbor.token))
    await harbor.gateway.connected()
    harbor.revoke()
    with pytest.raises(discord.ConnectionClosed, match="4004"):
        await task
    await client.close()


@pytest.mark.parametrize("how", ["reconnect", "invalidate", "cut", "close"])
async def test_a_session_goes_on_with_what_was_missed(harbor: FakeDiscord, client: Watcher, how: str) -> None:
    dana = harbor.world.user("Dana")
    await dana.says("help", "before")
    {
        "reconnect": harbor.gateway.reconnect,
        "invalidate": lambda: harbor.gateway.invalidate(resumable=True),
        "cut": harbor.gateway.cut,
        "close": lambda: harbor.gateway.close(4000),
    }[how]()
    harbor.put(harbor.world.channel("help"), dana, "while it was away")
    await harbor.until(lambda: "resumed" in [event for event, _ in client.told])
    await harbor.settle()
    assert lines(client) == ["before", "while it was away"]
    assert harbor.gateway.resumes == 1 and harbor.gateway.identifies == 1


@pytest.mark.parametrize("how", ["refused", "late", "not resumable"])
async def test_a_session_that_cannot_go_on_begins_anew_without_what_was_missed(
    harbor: FakeDiscord, client: Watcher, how: str
) -> None:
    dana = harbor.world.user("Dana")
    if how == "refused":
        harbor.gateway.refuse_resume()
        harbor.gateway.reconnect()
    elif how == "late":
        harbor.gateway.resume_seconds = -1
        harbor.gateway.reconnect()
    else:
        harbor.gateway.invalidate(resumable=False)
    await harbor.gateway.disconnected()
    harbor.put(harbor.world.channel("help"), dana, "while it was away")
    await harbor.until(lambda: len([e for e, _ in client.told if e == "ready"]) == 2)
    assert lines(client) == [] and harbor.gateway.identifies == 2


async def test_a_zombie_connection_is_left_and_resumed(harbor: FakeDiscord) -> None:
    harbor.gateway.interval = 0.05
    async with running(Watcher(heartbeat_timeout=0.15), harbor) as client:
        harbor.gateway.zombies()
        await harbor.world.user("Dana").says("help", "into the void")
        assert lines(client) == []
        await harbor.until(lambda: lines(client) == ["into the void"])
        assert harbor.gateway.resumes == 1


async def test_an_outage_of_a_guild_is_told_and_ends(harbor: FakeDiscord, client: Watcher) -> None:
    await harbor.outage()
    await harbor.world.user("Dana").says("help", "nobody is told")
    await harbor.back()
    assert [e for e, _ in client.told if e in ("guild_unavailable", "guild_available", "message")] == [
        "guild_available",
        "guild_unavailable",
        "guild_available",
    ]
    assert str(client.guilds[0].text_channels[0].last_message_id) == harbor.world.channel("help").last_message_id


async def test_events_come_twice_in_another_order_or_never(harbor: FakeDiscord, client: Watcher) -> None:
    dana = harbor.world.user("Dana")
    harbor.trouble.duplicate()
    await dana.says("help", "twice")
    harbor.trouble.shuffle(2)
    await dana.says("help", "first")
    await dana.says("help", "second")
    harbor.trouble.lose(1)
    await dana.says("help", "lost")
    assert lines(client) == ["twice", "twice", "second", "first"]


async def test_members_are_given_by_id_and_by_name(harbor: FakeDiscord, client: Watcher) -> None:
    guild, dana = client.guilds[0], harbor.world.user("Dana")
    found = await guild.query_members(user_ids=[int(dana.id), 5])
    assert [m.display_name for m in found] == ["Dana"]
    assert [m.display_name for m in await guild.query_members("om")] == ["Omar"]


async def test_roles_joins_and_departures_are_told(harbor: FakeDiscord, client: Watcher) -> None:
    dana = harbor.world.user("Dana")
    await dana.changes(roles=["team"], nick="Dana R")
    await dana.leaves()
    await dana.joins()
    (update,) = [arguments for event, arguments in client.told if event == "member_update"]
    assert [role.name for role in update[1].roles] == ["@everyone", "team"] and update[1].nick == "Dana R"
    assert [m.name for m in client.events("member_remove", "member_join")] == ["dana", "dana"]


async def test_zstd_is_understood_where_it_is_installed(harbor: FakeDiscord) -> None:
    zstandard = pytest.importorskip("zstandard")
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(harbor.gateway_url, params={"v": "10", "encoding": "json", "compress": "zstd-stream"}) as socket,
    ):
        context = zstandard.ZstdDecompressor().decompressobj()
        assert b'"op":10' in context.decompress(await socket.receive_bytes())
        await socket.send_json({"op": 1, "d": None})
        assert b'"op":11' in context.decompress(await socket.receive_bytes())


@pytest.mark.parametrize(
    ("sent", "code", "offence"),
    [
        ("rubbish", 4002, "isn't a message"),
        ('{"op": 3, "d": {}}', 4003, "before IDENTIFY"),
        ('{"op": 2, "d": {"token": "fake-discord-token", "intents": 1073741824, "properties": {}}}', 4013, "intents"),
        ('{"op": 2, "d": {"token": "no", "intents": 0, "properties": {"os": "", "browser": "", "device": ""}}}', 4004, ""),
    ],
)
async def test_what_no_client_should_send_closes_the_connection(sent: str, code: int, offence: str) -> None:
    async with FakeDiscord() as fake, aiohttp.ClientSession() as session:
        async with session.ws_connect(fake.gateway_url, params={"v": "10", "encoding": "json"}) as socket:
            assert (await socket.receive_json())["op"] == 10
            await socket.send_str(sent)
            await socket.receive()
            assert socket.close_code == code
        assert any(offence in one for one in fake.offences) if offence else fake.offences == []
