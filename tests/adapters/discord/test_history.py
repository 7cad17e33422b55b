"""What was missed is read back: messages, threads however old, posts of forums, and what became of messages of who waits."""

from __future__ import annotations

import pytest

from adapters.discord.connection import DiscordConnection
from bot.domain.events import Deleted, Edited, Posted, Reacted, Solved
from bot.errors import Forbidden
from tests.adapters.discord.conftest import Harbor, no_pause
from tests.discord_sandbox.model import FORUM

DAY = 86_400.0


def words(events: list[object]) -> list[str]:
    return [event.message.text for event in events if isinstance(event, Posted)]


async def test_only_what_is_later_than_the_mark_in_order_with_threads_in_between(harbor: Harbor) -> None:
    fake, dana, ana = harbor.fake, harbor.dana, harbor.ana
    old = await dana.says("help", "old question")
    thread = await dana.opens_thread("help", "old", on=old)
    await fake.advance(10 * DAY)
    mark = fake.clock.now()
    await fake.advance(60)
    await dana.says("help", "one")
    await fake.advance(60)
    await ana.says(thread, "two")
    await fake.advance(60)
    third = await dana.says("help", "three")
    inside = await dana.opens_thread("help", "new", on=third)
    await fake.advance(60)
    await ana.says(inside, "four")
    await fake.advance(60)
    await dana.says("help", "five")
    async with harbor.watched():
        read = await harbor.read(harbor.help, mark)
    assert words(read) == ["one", "two", "three", "four", "five"]
    assert [event.message.thread for event in read if isinstance(event, Posted)] == [None, old.id, None, third.id, None]


async def test_threads_that_were_archived_meanwhile_are_found_and_older_ones_not_asked(harbor: Harbor) -> None:
    fake = harbor.fake
    forum = fake.channel("questions", kind=FORUM)
    quiet = await harbor.dana.posts(forum, "Long ago", "never mind")
    await fake.archives(fake.world.channels[quiet.id])
    await fake.advance(3 * DAY)
    mark = fake.clock.now()
    await fake.advance(60)
    post = await harbor.dana.posts(forum, "Crate 7", "where is it?")
    await fake.advance(60)
    await harbor.ana.says(fake.world.channels[post.id], "In Rotterdam.")
    await fake.archives(fake.world.channels[post.id])
    async with harbor.watched():
        fake.calls.clear()
        assert words(await harbor.read(forum, mark)) == ["Crate 7\nwhere is it?", "In Rotterdam."]
    asked = [call.parts.get("channel") for call in fake.calls if call.what == "GET /channels/*/messages"]
    assert asked == [post.id], "a thread is asked for only if something was written in it since"


async def test_a_quiet_channel_costs_no_request_for_messages(harbor: Harbor) -> None:
    await harbor.dana.says("help", "hello")
    await harbor.fake.advance(3600)
    async with harbor.watched():
        harbor.fake.calls.clear()
        assert await harbor.read(harbor.help, harbor.fake.clock.now() - 60) == []
    assert not [call for call in harbor.fake.calls if call.what == "GET /channels/*/messages"]


async def test_many_pages(harbor: Harbor) -> None:
    mark = harbor.fake.clock.now() - 1
    for number in range(230):
        await harbor.dana.says("help", f"line {number}")
    async with harbor.watched():
        harbor.fake.calls.clear()
        assert words(await harbor.read(harbor.help, mark)) == [f"line {number}" for number in range(230)]
    assert sum(call.what == "GET /channels/*/messages" for call in harbor.fake.calls) == 3


async def test_without_the_permission_nothing_is_taken_for_nothing_new(harbor: Harbor) -> None:
    """Discord answers with an empty list where READ_MESSAGE_HISTORY is missing, not with a refusal."""
    await harbor.dana.says("help", "hello")
    bot = harbor.fake.world.bot
    async with harbor.watched() as connection:
        await harbor.fake.allows("help", bot, deny=["READ_MESSAGE_HISTORY"])
        await harbor.until(lambda: harbor.key(harbor.help) not in connection.history.readable())
        with pytest.raises(Forbidden, match="Read Message History"):
            await harbor.read(harbor.help, 0.0)
        await harbor.fake.allows("help", bot, allow=["READ_MESSAGE_HISTORY"])
        await harbor.until(lambda: harbor.key(harbor.help) in connection.history.readable())
        assert words(await harbor.read(harbor.help, harbor.fake.clock.now() - 60)) == ["hello"]


async def test_a_channel_that_refuses_is_not_asked_again_until_permissions_change(harbor: Harbor) -> None:
    mark = harbor.fake.clock.now() - 60
    await harbor.dana.says("help", "hello")
    async with harbor.watched() as connection:
        harbor.fake.trouble.refuse("GET /channels/*/messages", 50001, "Missing Access", times=1)
        for _ in range(3):
            with pytest.raises(Forbidden):
                await harbor.read(harbor.help, mark)
        assert harbor.key(harbor.help) not in connection.history.readable()
        assert sum(call.what == "GET /channels/*/messages" for call in harbor.fake.calls) == 1
        await harbor.fake.changes_role(harbor.team, name="Crew", position=9)
        await harbor.until(lambda: harbor.key(harbor.help) in connection.history.readable())
        assert words(await harbor.read(harbor.help, mark)) == ["hello"]


async def test_what_became_of_the_messages_of_who_waits(harbor: Harbor) -> None:
    fake, dana = harbor.fake, harbor.dana
    edited, gone, marked, same = [await dana.says("help", text) for text in ("wher", "gone", "done?", "same")]
    await fake.advance(3600)
    mark = fake.clock.now()
    await fake.advance(60)
    await dana.edits(edited, "where?")
    await dana.deletes(gone)
    await harbor.ana.reacts(marked, "✅")
    await harbor.omar.reacts(marked, "✅")
    await harbor.ana.reacts(same, "🎉")
    async with harbor.watched(marks=frozenset({"white_check_mark"})):
        read = await harbor.read(harbor.help, mark, below=[one.id for one in (edited, gone, marked, same)])
    edit, deletion, reaction = read
    assert isinstance(edit, Edited) and (edit.message.id, edit.message.text) == (edited.id, "where?")
    assert isinstance(deletion, Deleted) and deletion.id == gone.id
    assert isinstance(reaction, Reacted) and (reaction.id, reaction.by, reaction.timed) == (marked.id, harbor.ana.id, False)


async def test_a_post_that_is_tagged_as_solved_was_settled_by_what_was_read_of_it(harbor: Harbor) -> None:
    harbor.guild_options(solved_tags=("solved",))
    forum = harbor.fake.channel("questions", kind=FORUM, tags=["solved", "bug"])
    mark = harbor.fake.clock.now() - 1
    solved = await harbor.dana.posts(forum, "Crate 7", "where is it?", tags=["solved"])
    other = await harbor.dana.posts(forum, "Crate 8", "where is it?", tags=["bug"])
    async with harbor.watched():
        read = await harbor.read(forum, mark)
    marks = [(each.thread, each.taken_back) for each in read if isinstance(each, Solved)]
    assert marks == [(solved.id, False), (other.id, True)] and len(words(read)) == 2


async def test_one_message_as_it_reads_now(harbor: Harbor) -> None:
    fake = harbor.fake
    forum = fake.channel("questions", kind=FORUM)
    asked = await harbor.dana.says("help", "wher")
    thread = await harbor.dana.opens_thread("help", "crate", on=asked)
    reply = await harbor.ana.says(thread, "In Rotterdam.")
    post = await harbor.dana.posts(forum, "Crate 7", "where is it?")
    await harbor.dana.edits(asked, "where?")
    async with harbor.watched() as connection:
        history, help, questions = connection.history, harbor.key(harbor.help), harbor.key(forum)
        now = await history.message(help, asked.id, None)
        below = await history.message(help, reply.id, asked.id)
        starter = await history.message(questions, post.id, None)
        await harbor.dana.deletes(asked)
        assert await history.message(help, asked.id, None) is None
        assert (
            connection.workspace.link(help, reply.id, asked.id)
            == f"https://discord.com/channels/{harbor.guild.id}/{asked.id}/{reply.id}"
        )
        assert (
            connection.workspace.link(questions, post.id, None)
            == f"https://discord.com/channels/{harbor.guild.id}/{post.id}/{post.id}"
        )
    assert now is not None and now.text == "where?"
    assert below is not None and (below.text, below.thread) == ("In Rotterdam.", asked.id)
    assert starter is not None and (starter.text, starter.thread) == ("Crate 7\nwhere is it?", None)


async def test_roles_of_the_past_are_asked_for_where_not_everybody_is_known(harbor: Harbor) -> None:
    harbor.fake.privileged = {"message_content"}
    mark = harbor.fake.clock.now() - 1
    await harbor.dana.says("help", "where?")
    await harbor.ana.says("help", "there.")
    async with harbor.watched():
        read = await harbor.read(harbor.help, mark)
    assert [event.message.role.value for event in read if isinstance(event, Posted)] == ["customer", "member"]


async def test_who_only_lists_asks_without_a_session(harbor: Harbor) -> None:
    """`realreply waiting` names people and channels while the bot runs: a session more would be counted."""
    forum = harbor.fake.channel("questions", kind=FORUM)
    connection = DiscordConnection(harbor.fake.token, harbor.options, clock=harbor.fake.clock, sleep=no_pause)
    try:
        await connection.workspace.refresh()
        await connection.workspace.ask_names([harbor.dana.id, "1"])
        workspace = connection.workspace
        assert workspace.channel_name(harbor.key(harbor.help)) == "help" and workspace.names(harbor.dana.id)[0] == "Dana"
        assert workspace.link(harbor.key(forum), "7", None) == f"https://discord.com/channels/{harbor.guild.id}/7/7"
        assert workspace.link(f"discord:{harbor.guild.id}:1", "7", None) is None
    finally:
        await connection.close()
    assert not harbor.fake.gateway.sessions


async def test_what_a_customer_went_on_writing_in_the_thread_of_their_question_is_not_taken_for_deleted(harbor: Harbor) -> None:
    fake, dana = harbor.fake, harbor.dana
    forum = fake.channel("questions", kind=FORUM)
    asked = await dana.says("help", "Where is it?")
    thread = await dana.opens_thread("help", "crate", on=asked)
    more, gone = [await dana.says(thread, text) for text in ("It is red.", "oops")]
    post = await dana.posts(forum, "Crate 8", "where?")
    further = await dana.says(fake.world.channels[post.id], "It is blue.")
    await fake.archives(thread)
    await fake.advance(3600)
    await dana.deletes(gone)
    async with harbor.watched():
        read = await harbor.read(harbor.help, fake.clock.now(), below=[asked.id, more.id, gone.id])
        assert [event.id for event in read if isinstance(event, Deleted)] == [gone.id] and len(read) == 1
        assert await harbor.read(forum, fake.clock.now(), below=[post.id, further.id]) == []
        await fake.erases(fake.world.channels[post.id])
        read = await harbor.read(forum, fake.clock.now(), below=[post.id, further.id])
        assert {event.id for event in read if isinstance(event, Deleted)} == {post.id, further.id}
