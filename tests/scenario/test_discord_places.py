"""What only Discord has: forums and their tags, threads, replies, typing, roles, webhooks, what are nobody's words."""

from __future__ import annotations

import pytest

from adapters.discord.typed import as_typed
from bot.commands.table import COMMANDS
from bot.domain.waits import HoldKind, WaitState
from tests.discord_sandbox.model import ANNOUNCEMENT, FORUM, VOICE
from tests.scenario.discord_stage import DiscordStage
from tests.scenario.test_quiet import OTHER_QUESTIONS
from tests.scenario.test_reminding import ANSWER, QUESTION

pytestmark = [pytest.mark.only("discord"), pytest.mark.alone]


async def states(stage: DiscordStage) -> list[WaitState]:
    return [wait.state for wait in await stage.all_waits()]


# Forums and threads


async def test_a_forum_post_waits_and_is_answered_in_its_thread(stage: DiscordStage) -> None:
    await stage.fake.creates("questions", kind=FORUM, tags=["solved"])
    starter = await stage.persons["dana"].posts("questions", "Export fails", QUESTION)
    await stage.settle()
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert post.calls == ("ben",) and "#questions" in post.words and "Export fails" in post.quotes[0]
    await stage.persons["ben"].says(stage.fake.world.channel(starter.id), ANSWER)
    await stage.settle()
    assert await states(stage) == [WaitState.ANSWERED]


async def test_the_title_alone_may_be_the_question(stage: DiscordStage) -> None:
    await stage.fake.creates("questions", kind=FORUM)
    await stage.persons["dana"].posts("questions", "How can I fix error 500 in the export?", "", files=["screenshot.png"])
    await stage.settle()
    (wait,) = await stage.waits()
    assert wait.customer == stage.persons["dana"].id


async def test_a_tag_of_the_settings_ends_the_wait_and_archiving_does_not(stage: DiscordStage) -> None:
    await stage.fake.creates("questions", kind=FORUM, tags=["solved", "billing"])
    starter = await stage.persons["dana"].posts("questions", "Export fails", QUESTION)
    await stage.settle()
    await stage.fake.tags(starter, "billing")
    await stage.fake.archives(stage.fake.world.channel(starter.id))
    await stage.settle()
    assert await states(stage) == [WaitState.WAITING]
    await stage.advance(minutes=31)
    assert len(stage.team.sees()) == 1
    await stage.fake.tags(starter, "billing", "solved")
    await stage.settle()
    assert WaitState.WAITING not in await states(stage)


@pytest.mark.parametrize("how", ["live", "after a restart", "while a session was broken", "while it was away"])
async def test_a_tag_that_is_taken_back_goes_on_with_the_wait(stage: DiscordStage, how: str) -> None:
    await stage.fake.creates("questions", kind=FORUM, tags=["solved"])
    starter = await stage.persons["dana"].posts("questions", "Export fails", QUESTION)
    await stage.fake.tags(starter, "solved")
    await stage.settle()
    assert await states(stage) == [WaitState.RESOLVED]
    if how == "after a restart":
        await stage.restart()
    if how == "while it was away":
        async with stage.away():
            await stage.fake.tags(starter)
    elif how == "while a session was broken":
        async with stage.broken():
            stage.fake.gateway.invalidate(resumable=False)
            await stage.fake.tags(starter)
    else:
        await stage.fake.tags(starter)
    await stage.settle()
    assert await states(stage) == [WaitState.WAITING]
    await stage.advance(minutes=31)
    assert stage.notified() == [("ben",)]


async def test_a_post_that_is_tagged_or_deleted_says_that_and_names_nobody(stage: DiscordStage) -> None:
    await stage.fake.creates("questions", kind=FORUM, tags=["solved"])
    tagged = await stage.persons["dana"].posts("questions", "Export fails", QUESTION)
    gone = await stage.persons["omar"].posts("questions", "Import", OTHER_QUESTIONS[0])
    await stage.settle()
    await stage.advance(minutes=31)
    await stage.fake.tags(tagged, "solved")
    await stage.fake.erases(stage.fake.world.channel(gone.id))
    await stage.advance(minutes=1)
    words = "\n".join(post.words for post in stage.team.sees())
    assert "Dana's question was marked as solved" in words and "Omar's question was deleted" in words


async def test_a_deleted_thread_leaves_the_question_in_the_channel(stage: DiscordStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    thread = await stage.persons["pia"].opens_thread("help", "oops", on=asked)
    await stage.fake.erases(thread)
    await stage.settle()
    assert await states(stage) == [WaitState.WAITING]


@pytest.mark.parametrize("meanwhile", ["", "answered", "restarted"])
async def test_a_private_thread_that_the_bot_is_taken_out_of_reminds_nobody_and_comes_back(
    stage: DiscordStage, meanwhile: str
) -> None:
    fake, dana, ana = stage.fake, stage.persons["dana"], stage.persons["ana"]
    thread = await dana.opens_thread("help", "Export", private=True)
    await fake.takes_in(thread, fake.world.bot)
    await dana.says(thread, QUESTION)
    await stage.advance(minutes=31)
    assert len(stage.notified()) == 1 and await states(stage) == [WaitState.WAITING]
    await fake.takes_in(thread, ana)
    await fake.takes_out(thread, fake.world.bot)
    await fake.creates("news")  # channels are looked for, and the thread's is there
    await stage.advance(hours=1)
    (post,) = stage.team.sees()
    assert "The thread is gone, or I can't see it any more" in post.words and len(stage.notified()) == 1
    if meanwhile == "answered":
        await ana.says(thread, ANSWER)
    if meanwhile == "restarted":
        await stage.restart()
    await fake.takes_in(thread, fake.world.bot)
    await stage.advance(minutes=1)
    assert await states(stage) == [WaitState.ANSWERED if meanwhile == "answered" else WaitState.WAITING]


async def test_a_private_thread_is_seen_by_a_bot_that_manages_threads(stage: DiscordStage) -> None:
    fake, dana = stage.fake, stage.persons["dana"]
    thread = await dana.opens_thread("help", "Export", private=True)
    await fake.takes_in(thread, fake.world.bot)
    await fake.allows("help", fake.world.bot, allow=["MANAGE_THREADS"])
    await dana.says(thread, QUESTION)
    await fake.takes_out(thread, fake.world.bot)
    await stage.settle()
    assert await states(stage) == [WaitState.WAITING]


async def test_a_thread_of_ones_own_and_an_answer_in_it(stage: DiscordStage) -> None:
    dana = stage.persons["dana"]
    thread = await dana.opens_thread("help", "Export")
    await dana.says(thread, QUESTION)
    await stage.settle()
    assert await states(stage) == [WaitState.WAITING]
    await stage.persons["ana"].says(thread, ANSWER)
    await stage.settle()
    assert await states(stage) == [WaitState.ANSWERED]


async def test_what_was_asked_in_an_archived_thread_while_it_was_away_is_read(stage: DiscordStage) -> None:
    dana = stage.persons["dana"]
    thread = await dana.opens_thread("help", "Export")
    async with stage.away():
        await dana.says(thread, QUESTION)
        await stage.fake.archives(thread)
    assert await states(stage) == [WaitState.WAITING]


@pytest.mark.parametrize("kind", [VOICE, ANNOUNCEMENT], ids=["voice", "announcement"])
async def test_other_kinds_of_channels_are_watched(stage: DiscordStage, kind: int) -> None:
    await stage.fake.creates("elsewhere", kind=kind)
    await stage.people["dana"].says(QUESTION, channel="elsewhere")
    assert await states(stage) == [WaitState.WAITING]


# Who answers whom


@pytest.mark.parametrize("emoji", [None, "✅"], ids=["all", "all of one kind"])
async def test_a_mark_that_a_moderator_clears_is_taken_back_though_it_was_put_before_a_restart(
    stage: DiscordStage, emoji: str | None
) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.persons["ana"].reacts(asked, "✅")
    await stage.settle()
    assert await states(stage) == [WaitState.ANSWERED]
    await stage.restart()
    asked.reactions.clear()
    stage.fake.announcer.reactions_cleared(asked, "👀")
    await stage.settle()
    assert await states(stage) == [WaitState.ANSWERED], "another kind's went"
    stage.fake.announcer.reactions_cleared(asked, emoji)
    await stage.settle()
    assert await states(stage) == [WaitState.WAITING]


async def test_a_reply_answers_whom_it_refers_to_and_nobody_else(stage: DiscordStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    await stage.persons["ana"].says("help", ANSWER, reply_to=asked, ping=False)
    await stage.settle()
    (wait,) = await stage.waits()
    assert wait.customer == stage.persons["omar"].id


@pytest.mark.setup(watch="mentions")
@pytest.mark.parametrize("ping", [True, False], ids=["with mention on", "with mention off"])
async def test_where_mentions_count_a_reply_that_notifies_a_member_is_one(stage: DiscordStage, ping: bool) -> None:
    for replied, waits in (("omar", 0), ("ana", int(ping))):
        said = await stage.persons[replied].says("help", "The new version is out.")
        await stage.persons["dana"].says("help", QUESTION, reply_to=said, ping=ping)
        await stage.settle()
        assert len(await stage.waits()) == waits, f"whom it replies to: {replied}"


async def test_somebody_who_writes_holds_the_reminder_for_a_moment(stage: DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=29, hours=0)
    await stage.people["ana"].types()
    (wait,) = await stage.waits()
    assert wait.hold is not None and wait.hold.kind is HoldKind.TYPING
    await stage.advance(minutes=1)
    assert stage.team.sees() == []
    await stage.advance(minutes=15)
    assert len(stage.team.sees()) == 1


async def test_who_gets_the_teams_role_answers_from_then_on(stage: DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    pia = stage.persons["pia"]
    await pia.changes(roles=["team"])
    await stage.settle()
    await stage.people["pia"].says(ANSWER)
    assert await states(stage) == [WaitState.ANSWERED]


async def test_who_asked_and_then_joined_the_team_waits_all_the_same(stage: DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.persons["dana"].changes(roles=["team"])
    await stage.settle()
    assert await states(stage) == [WaitState.WAITING]


async def test_a_customer_who_left_goes_on_waiting_in_the_list(stage: DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.persons["dana"].leaves()
    await stage.settle()
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "Dana has been waiting" in post.words


# Nobody's words


async def test_what_is_nobodys_words_opens_nothing(stage: DiscordStage) -> None:
    fake, dana = stage.fake, stage.persons["dana"]
    quoted = await stage.persons["ana"].says("team", QUESTION)
    await dana.says("help", "", sticker="wave")
    await dana.says("help", "", poll="Does the export work for you?")
    await dana.says("help", "", forwards=quoted)
    await fake.app_posts("help", QUESTION)
    await fake.app_posts("help", QUESTION, because_of=dana)
    await fake.webhook_posts("help", QUESTION, name="Dana")
    for kind in (6, 7, 8, 18, 24, 46, 63):
        await fake.system_posts("help", kind, author=dana, text=QUESTION)
    await stage.settle()
    assert await stage.all_waits() == ()


async def test_an_embed_that_comes_up_and_a_pin_are_no_edits(stage: DiscordStage) -> None:
    asked = await stage.people["dana"].says(QUESTION + " https://example.com/log")
    await stage.people["ana"].says(ANSWER)
    await stage.fake.resolves(asked)
    await stage.fake.pins(asked)
    await stage.settle()
    assert await states(stage) == [WaitState.ANSWERED]


async def test_several_messages_deleted_at_once_take_their_waits_along(stage: DiscordStage) -> None:
    first = await stage.people["dana"].says(QUESTION)
    second = await stage.people["omar"].says(OTHER_QUESTIONS[0])
    await stage.persons["cleo"].deletes(first, second)
    await stage.settle()
    assert await states(stage) == [WaitState.WITHDRAWN, WaitState.WITHDRAWN]


# What people click


async def test_a_forged_button_does_nothing_and_is_answered(stage: DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    for custom_id in ("claim:w99", "drop:tables", "~n1~", "x" * 100, "claim:w1/../../w2"):
        pressed = await stage.persons["ana"].presses(post.native, custom_id)
        await stage.settle()
        assert pressed.answered, custom_id
    (wait,) = await stage.waits()
    assert wait.hold is None


async def test_a_customer_who_forges_a_click_gets_the_fixed_sentence(stage: DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    pressed = await stage.persons["omar"].presses(post.native, "dismiss:w1")
    await stage.settle()
    assert pressed.answered and len(await stage.waits()) == 1


@pytest.mark.setup(budget=5)
async def test_what_customers_write_calls_nobody(stage: DiscordStage) -> None:
    """Whatever stands in a question: a reminder of it notifies who is asked, and Discord has nothing to complain about."""
    stage.fake.role("everybody-here", mentionable=True)
    for text in (
        "@everyone @here how can I fix error 500?",
        f"<@&{stage.fake.world.role(stage.fake.world.guild(), 'team').id}> how can I fix error 500?",
        f"<@{stage.persons['cleo'].id}> \u202e\u200b how can I fix **error** 500? [x](https://evil.example) ||spoiler|| ```",
        "How can I fix this? " + "x" * 1900,
    ):
        await stage.people["dana"].says(text)
        await stage.advance(hours=26)
        await stage.people["ana"].says(ANSWER)
        await stage.advance(minutes=1)
    records = [record for record in stage.outbox if record.what == "message"]
    assert records and all(len(record.notified) <= 1 for record in records)
    assert not any(message.mention_everyone for message in stage.fake.world.channel("team").posts)


@pytest.mark.setup(text="never")
async def test_every_command_can_be_written_to_the_bot(stage: DiscordStage) -> None:
    """In a channel that only the team reads, by its name, and in a direct message: as it is typed elsewhere, group and all."""
    cleo = stage.persons["cleo"]
    direct = stage.fake.world.dm(cleo)
    for number, command in enumerate(COMMANDS.values()):
        for text in dict.fromkeys((command.name, *command.examples[:1])):
            before = len(stage.people["cleo"].told())
            typed = as_typed(text).removeprefix("/")
            await cleo.says(direct if number % 2 else "team", typed if number % 2 else f"@{typed}")
            await stage.settle()
            answers = stage.people["cleo"].told()[before:]
            assert len(answers) == 1 or command.name == "help", text  # all commands fill more than one of Discord's messages
            assert all("There is no command" not in answer.words and answer.words for answer in answers), text
    assert not stage.seen_outside()


async def test_what_could_not_be_read_is_read_once_the_bot_may(stage: DiscordStage) -> None:
    bot = stage.fake.world.role(stage.fake.world.guild(), "realreply")
    await stage.fake.allows("help", bot, deny=["READ_MESSAGE_HISTORY"])
    async with stage.away():
        await stage.persons["omar"].says("help", QUESTION)
    await stage.service.platforms["discord"].beat()
    await stage.settle()
    assert not await stage.waits(), "Discord answers with nothing at all, as if nothing were there"
    await stage.fake.allows("help", bot, allow=["READ_MESSAGE_HISTORY"])
    await stage.service.platforms["discord"].beat()  # as every half minute
    await stage.settle()
    await stage.advance(minutes=1)
    assert [wait.customer for wait in await stage.waits()] == [stage.persons["omar"].id]
