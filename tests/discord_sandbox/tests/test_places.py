"""Permissions, threads, forums, archived lists: https://docs.discord.com/developers/topics/permissions and /topics/threads"""

from __future__ import annotations

from typing import Any

import discord
import pytest

from tests.discord_sandbox import FakeDiscord
from tests.discord_sandbox.model import ANNOUNCEMENT, FORUM, VOICE
from tests.discord_sandbox.permissions import bits
from tests.discord_sandbox.tests.conftest import Watcher


def channel_of(client: Watcher, name: str) -> Any:
    found = discord.utils.get(client.guilds[0].channels, name=name)
    assert found is not None
    return found


async def test_what_the_bot_may_not_do_it_cannot(harbor: FakeDiscord, client: Watcher) -> None:
    help_, bot = channel_of(client, "help"), harbor.world.bot
    await harbor.allows("help", bot, deny=["SEND_MESSAGES"])
    with pytest.raises(discord.Forbidden, match="50013"):
        await help_.send("hello")
    await harbor.allows("help", bot, deny=["EMBED_LINKS"])
    with pytest.raises(discord.Forbidden, match="50013"):
        await help_.send(embed=discord.Embed(title="x"))
    await harbor.allows("help", bot, deny=["VIEW_CHANNEL"])
    with pytest.raises(discord.Forbidden, match="50001"):
        [m async for m in help_.history()]
    assert harbor.limits.invalid == 3


async def test_history_without_its_permission_is_empty_and_one_message_is_refused(harbor: FakeDiscord, client: Watcher) -> None:
    said = await harbor.world.user("Dana").says("help", "hello")
    await harbor.allows("help", harbor.world.bot, deny=["READ_MESSAGE_HISTORY"])
    assert [m async for m in channel_of(client, "help").history()] == []
    with pytest.raises(discord.Forbidden):
        await channel_of(client, "help").fetch_message(int(said.id))


async def test_a_voice_chat_is_read_by_who_may_connect(harbor: FakeDiscord, client: Watcher) -> None:
    await harbor.creates("lounge", kind=VOICE)
    await harbor.world.user("Dana").says("lounge", "anybody here?")
    assert [m.content async for m in channel_of(client, "lounge").history()] == ["anybody here?"]
    await harbor.allows("lounge", harbor.world.bot, deny=["CONNECT"])
    with pytest.raises(discord.Forbidden):
        [m async for m in channel_of(client, "lounge").history()]


async def test_permissions_are_those_of_discord_py(harbor: FakeDiscord, client: Watcher) -> None:
    """The library computes them by the same documentation: both agree on every member, role and overwrite."""
    vip = await harbor.creates_role("vip", bits("MENTION_EVERYONE"))
    boss = await harbor.creates_role("boss", bits("ADMINISTRATOR"))
    place = await harbor.creates("mixed")
    await harbor.world.user("Dana").changes(roles=[vip])
    await harbor.world.user("Ben").changes(roles=["team", boss])
    await harbor.allows(place, "@everyone", deny=["VIEW_CHANNEL", "SEND_MESSAGES"])
    await harbor.allows(place, vip, allow=["VIEW_CHANNEL"])
    await harbor.allows(place, harbor.world.user("Omar"), allow=["VIEW_CHANNEL", "SEND_MESSAGES"], deny=["EMBED_LINKS"])
    guild = client.guilds[0]
    for channel in guild.channels:
        for member in guild.members:
            allowed = channel.permissions_for(member)
            ours = harbor.world.channel(str(channel.id))
            for name in ("VIEW_CHANNEL", "SEND_MESSAGES", "EMBED_LINKS", "MENTION_EVERYONE", "READ_MESSAGE_HISTORY"):
                theirs = bool(allowed.value & bits(name))
                assert harbor.world.may(str(member.id), ours, name, now=0) == theirs, (member.name, channel.name, name)


async def test_a_thread_has_its_messages_id_and_is_told_of(harbor: FakeDiscord, client: Watcher) -> None:
    dana = harbor.world.user("Dana")
    said = await dana.says("help", "the export fails")
    thread = await dana.opens_thread("help", "Export", on=said)
    await dana.says(thread, "since this morning")
    assert thread.id == said.id
    (made,) = client.events("thread_create")
    assert made.parent.name == "help" and made.owner_id == int(dana.id)
    words = client.events("message")
    assert [m.type for m in words] == [
        discord.MessageType.default,
        discord.MessageType.thread_starter_message,
        discord.MessageType.default,
    ]
    assert words[1].reference.resolved.content == "the export fails"
    (update,) = client.events("raw_message_edit")
    assert update.message.flags.has_thread and update.message.edited_at is None


async def test_a_thread_by_itself_is_told_in_its_channel(harbor: FakeDiscord, client: Watcher) -> None:
    await harbor.world.user("Dana").opens_thread("help", "Export")
    (line,) = client.events("message")
    assert line.type is discord.MessageType.thread_created and line.content == "Export"


async def test_private_threads_are_told_to_those_in_them(harbor: FakeDiscord, client: Watcher) -> None:
    await harbor.allows("support-team", "team", allow=["VIEW_CHANNEL", "CREATE_PRIVATE_THREADS"])
    ana = harbor.world.user("Ana")
    thread = await ana.opens_thread("support-team", "Ours", private=True)
    await ana.says(thread, "between us")
    assert client.events("thread_create", "message") == []
    assert harbor.world.readers(thread, now=0) == {ana.id, harbor.world.guild().owner_id}


async def test_a_forum_post_may_be_told_of_before_its_starter_is_there(harbor: FakeDiscord, client: Watcher) -> None:
    await harbor.creates("questions", kind=FORUM, tags=["solved"])
    dana = harbor.world.user("Dana")

    async def between() -> None:
        (thread,) = client.events("thread_create")
        with pytest.raises(discord.NotFound, match="10008"):
            await thread.fetch_message(thread.id)

    starter = await dana.posts("questions", "Export fails", "How can I fix it?", between=between)
    (thread,) = client.events("thread_create")
    assert (await thread.fetch_message(thread.id)).content == "How can I fix it?"
    assert str(channel_of(client, "questions").last_message_id) == starter.id
    await harbor.tags(starter, "solved")
    assert client.events("raw_thread_update")[-1].data["applied_tags"] == [
        harbor.world.channel("questions").available_tags[0]["id"]
    ]
    with pytest.raises(discord.HTTPException, match="50008"):
        await client.http.request(discord.http.Route("GET", f"/channels/{channel_of(client, 'questions').id}/messages"))
    harbor.offences.clear()


async def test_archived_threads_are_listed_newest_first_and_in_pages(harbor: FakeDiscord, client: Watcher) -> None:
    dana, names = harbor.world.user("Dana"), []
    for number in range(5):
        thread = harbor.open_thread(harbor.world.channel("help"), f"t{number}", dana, quiet=True)
        await harbor.clock.advance(60)
        await harbor.archives(thread)
        names.insert(0, thread.name)
    await dana.opens_thread("help", "still open")
    help_ = channel_of(client, "help")
    assert [t.name async for t in help_.archived_threads(limit=None)] == names
    assert [t.name async for t in help_.archived_threads(limit=2)] == names[:2]
    assert [t.name for t in await client.guilds[0].active_threads()] == ["still open"]
    with pytest.raises(discord.Forbidden, match="50013"):
        [t async for t in help_.archived_threads(private=True)]
    assert [t async for t in help_.archived_threads(private=True, joined=True)] == []


async def test_writing_opens_an_archived_thread_and_editing_in_it_is_refused(harbor: FakeDiscord, client: Watcher) -> None:
    dana = harbor.world.user("Dana")
    thread = await dana.opens_thread("help", "Export")
    ours = client.guilds[0].get_thread(int(thread.id))
    assert ours is not None
    sent = await ours.send("noted")
    await harbor.archives(thread)
    partial = ours.get_partial_message(sent.id)
    with pytest.raises(discord.HTTPException, match="50083"):
        await partial.edit(content="x", allowed_mentions=discord.AllowedMentions.none())
    await ours.send("again")
    assert not thread.archived
    await harbor.archives(thread, locked=True)
    with pytest.raises(discord.Forbidden, match="160005"):
        await ours.send("and again")


async def test_a_channel_that_is_gone_is_unknown(harbor: FakeDiscord, client: Watcher) -> None:
    help_ = channel_of(client, "help")
    await harbor.erases("help")
    assert [c.name for c in client.events("guild_channel_delete")] == ["help"]
    with pytest.raises(discord.NotFound, match="10003"):
        await help_.send("x")


async def test_closed_dms_are_refused(harbor: FakeDiscord, client: Watcher) -> None:
    ana = harbor.world.user("Ana")
    user = await client.fetch_user(int(ana.id))
    await user.send("for you")
    assert [m.text for m in ana.direct()] == ["for you"]
    ana.dms_closed = True
    with pytest.raises(discord.Forbidden, match="50007"):
        await user.send("once more")


async def test_a_category_that_changes_is_told_channel_by_channel(harbor: FakeDiscord, client: Watcher) -> None:
    area = await harbor.creates("area", kind=4)
    inside = await harbor.creates("inside", parent=area)
    await harbor.allows(area, "@everyone", deny=["VIEW_CHANNEL"])
    assert {c.id for c in client.events("guild_channel_update")} == {int(area.id), int(inside.id)}


async def test_a_reply_needs_the_history_and_the_message(harbor: FakeDiscord, client: Watcher) -> None:
    help_, dana = channel_of(client, "support-team"), harbor.world.user("Ana")
    said = await dana.says("support-team", "hello")
    reference = discord.MessageReference(message_id=int(said.id), channel_id=help_.id, fail_if_not_exists=True)
    sent = await help_.send("line", reference=reference)
    assert sent.type is discord.MessageType.reply and harbor.outgoing[-1].notified == ()
    await dana.deletes(said)
    with pytest.raises(discord.HTTPException, match="Unknown message"):
        await help_.send("line", reference=reference)
    await help_.send(
        "line", reference=discord.MessageReference(message_id=int(said.id), channel_id=help_.id, fail_if_not_exists=False)
    )
    await harbor.allows("support-team", harbor.world.bot, allow=["VIEW_CHANNEL"], deny=["READ_MESSAGE_HISTORY"])
    with pytest.raises(discord.HTTPException, match="160002"):
        await help_.send("line", reference=reference)


async def test_kinds_of_messages_and_of_authors(harbor: FakeDiscord, client: Watcher) -> None:
    await harbor.creates("news", kind=ANNOUNCEMENT)
    dana = harbor.world.user("Dana")
    first = await dana.says("help", "look at this")
    await dana.says("help", "", forwards=first)
    await dana.says("help", "", voice=True)
    await dana.says("help", "", sticker="wave")
    await dana.says("help", "", poll="Lunch?")
    await harbor.webhook_posts("news", "Copied words", name="Dana (bridge)")
    await harbor.app_posts("help", "Deployed", because_of=dana)
    await harbor.system_posts("help", 7, author=dana)
    _, forward, voice, sticker, poll, hook, app, joined = client.events("message")
    assert forward.message_snapshots[0].content == "look at this" and forward.reference.type.name == "forward"
    assert voice.flags.voice and voice.attachments[0].is_voice_message()
    assert sticker.stickers[0].name == "wave" and poll.poll.question == "Lunch?"
    assert hook.webhook_id and hook.author.name == "Dana (bridge)" and not hook.author.bot
    assert app.author.bot and app.interaction_metadata.user.id == int(dana.id)
    assert joined.type is discord.MessageType.new_member
