"""What happens in a channel comes in as it happened, once, by whom it was and in which thread."""

from __future__ import annotations

from bot.domain.events import Deleted, Edited, Posted, Reacted, Typing
from bot.domain.people import Role
from tests.adapters.discord.conftest import Harbor


async def test_words_their_author_and_whom_they_name(harbor: Harbor) -> None:
    async with harbor.watched():
        asked = await harbor.dana.says("help", "@Ana where is my crate? @Crew")
        await harbor.ana.says("help", "It left **yesterday**", reply_to=asked)
        await harbor.until(lambda: len(harbor.taken.messages) == 2)
    question, answer = harbor.taken.messages
    assert (question.channel, question.id, question.role) == (harbor.key(harbor.help), asked.id, Role.CUSTOMER)
    assert (question.author, question.mentions, question.calls_team) == (harbor.dana.id, (harbor.ana.id,), True)
    assert question.text == "@Ana where is my crate? @Crew"
    assert (answer.role, answer.reply_to, answer.thread, answer.marks) == (Role.MEMBER, asked.id, None, ())
    assert abs(question.at - harbor.fake.clock.now()) < 1


async def test_what_begins_with_the_bots_name_is_for_the_bot(harbor: Harbor) -> None:
    async with harbor.watched():
        for text in ("@realreply claim w1", "I asked @realreply, it left"):
            await harbor.ana.says("help", text)
        await harbor.until(lambda: len(harbor.taken.messages) == 2)
    assert [message.to_bot for message in harbor.taken.messages] == [True, False]


async def test_edits_deletions_reactions_and_typing(harbor: Harbor) -> None:
    async with harbor.watched():
        said = await harbor.dana.says("help", "wher is it")
        other = await harbor.omar.says("help", "hm")
        await harbor.fake.resolves(said)
        await harbor.dana.edits(said, "where is it?")
        await harbor.ana.reacts(said, "👀")
        await harbor.ana.types("help")
        await harbor.ana.unreacts(said, "👀")
        await harbor.dana.deletes(said, other)
        await harbor.until(lambda: len(harbor.taken.of(Deleted)) == 2)
    (edit,) = harbor.taken.of(Edited)
    assert edit.message.text == "where is it?", "a link that comes up is no edit"
    put, taken_back = harbor.taken.of(Reacted)
    assert (put.emoji, put.by, put.by_member, put.added) == ("eyes", harbor.ana.id, True, True)
    assert (taken_back.by_member, taken_back.added) == (True, False)
    assert [typing.by for typing in harbor.taken.of(Typing)] == [harbor.ana.id]
    assert {gone.id for gone in harbor.taken.of(Deleted)} == {said.id, other.id}


async def test_a_thread_and_its_messages(harbor: Harbor) -> None:
    async with harbor.watched():
        asked = await harbor.dana.says("help", "Where is my crate?")
        thread = await harbor.dana.opens_thread("help", "Crate", on=asked)
        await harbor.ana.says(thread, "In Rotterdam, it leaves tonight.")
        await harbor.until(lambda: len(harbor.taken.messages) == 2)
    answer = harbor.taken.messages[1]
    assert (answer.channel, answer.thread) == (harbor.key(harbor.help), asked.id)
    assert len(harbor.taken.of(Posted)) == 2, "that a thread was opened is nobody's words"


async def test_what_happens_in_a_thread_that_nobody_told_of_is_put_where_it_belongs(harbor: Harbor) -> None:
    """Archived threads aren't told of at the start; a reaction there names the thread's id alone."""
    fake = harbor.fake
    asked = await harbor.dana.says("help", "Where is my crate?")
    thread = await harbor.dana.opens_thread("help", "Crate", on=asked)
    said = await harbor.dana.says(thread, "It is red.")
    await fake.archives(thread)
    async with harbor.watched():
        await harbor.ana.reacts(said, "✅")
        await harbor.until(lambda: harbor.taken.of(Reacted))
    (reaction,) = harbor.taken.of(Reacted)
    assert (reaction.channel, reaction.id) == (harbor.key(harbor.help), said.id)


async def test_a_robot_with_the_teams_role_is_none_of_the_team(harbor: Harbor) -> None:
    robot = harbor.fake.person("Robot", roles=["Crew"])
    robot.bot = True
    async with harbor.watched() as connection:
        said = await harbor.dana.says("help", "Where is my crate?")
        await robot.reacts(said, "✅")
        await harbor.until(lambda: harbor.taken.of(Reacted))
        assert robot.id not in connection.workspace.team().members
    assert not harbor.taken.of(Reacted)[0].by_member
