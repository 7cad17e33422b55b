"""Trouble on Discord's side: sessions that break, events doubled or out of order, posts refused, slowed down, lost from sight."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.waits import WaitState
from bot.errors import AccessLost
from tests.discord_sandbox import FakeDiscord
from tests.scenario.discord_stage import DiscordStage
from tests.scenario.test_quiet import OTHER_QUESTIONS
from tests.scenario.test_reminding import ANSWER, QUESTION

pytestmark = [pytest.mark.only("discord"), pytest.mark.alone]

POST = "POST /channels/*/messages"


def posted(stage: DiscordStage) -> int:
    """How many messages of the bot's were taken."""
    return sum(record.what == "message" and record.accepted for record in stage.outbox)


# Sessions

BREAKS: dict[str, Callable[[FakeDiscord], None]] = {
    "op 7": lambda fake: fake.gateway.reconnect(),
    "op 9, resumable": lambda fake: fake.gateway.invalidate(resumable=True),
    "cut": lambda fake: fake.gateway.cut(),
    "closed with 4000": lambda fake: fake.gateway.close(4000),
    "closed with 1000": lambda fake: fake.gateway.close(1000),
    "op 9": lambda fake: fake.gateway.invalidate(resumable=False),
    "closed with 4009": lambda fake: fake.gateway.close(4009),
}


@pytest.mark.parametrize("how", BREAKS)
@pytest.mark.parametrize("resumed", [True, False], ids=["resumed", "resume refused"])
async def test_what_is_said_while_a_session_breaks_is_known_afterwards_once(stage: DiscordStage, how: str, resumed: bool) -> None:
    fake = stage.fake
    answered = await stage.people["omar"].says(OTHER_QUESTIONS[0])
    if not resumed:
        fake.gateway.refuse_resume()
    async with stage.broken():
        BREAKS[how](fake)
        help_ = fake.world.channel("help")
        fake.put(help_, stage.persons["dana"], QUESTION)
        fake.put(help_, stage.persons["ana"], ANSWER, reply_to=answered)
    await stage.advance(minutes=1)
    (wait,) = await stage.waits()
    assert wait.customer == stage.persons["dana"].id
    assert [one.state for one in await stage.all_waits()] == [WaitState.ANSWERED, WaitState.WAITING]
    await stage.advance(minutes=32)
    assert stage.notified() == [("ben",)]


async def test_a_connection_on_which_nothing_comes_any_more_is_noticed(stage: DiscordStage) -> None:
    async with stage.broken():
        stage.fake.gateway.zombies()
        stage.fake.put(stage.fake.world.channel("help"), stage.persons["dana"], QUESTION)
        stage.fake.gateway.cut()  # as a heartbeat without an answer does, after a minute of real time
    assert len(await stage.waits()) == 1


async def test_a_server_with_an_outage_is_read_when_it_is_over(stage: DiscordStage) -> None:
    await stage.fake.outage()
    await stage.persons["dana"].says("help", QUESTION)
    await stage.settle()
    assert await stage.waits() == ()
    await stage.fake.back()
    await stage.settle()
    await stage.advance(minutes=1)
    assert len(await stage.waits()) == 1


@pytest.mark.setup(digests=("09:00",))
async def test_a_digest_that_falls_due_while_a_server_is_away_leaves_when_it_is_back(stage: DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(hours=20.9)
    before = len(stage.posts_in("team"))
    await stage.fake.outage()
    await stage.advance(hours=1)
    await stage.fake.back()
    await stage.advance(minutes=2)
    (digest,) = stage.posts_in("team")[before:]
    assert "Waiting" in digest.words and "Dana" in digest.words


@pytest.mark.parametrize("direct", [False, True])
async def test_what_falls_due_while_a_server_is_away_leaves_as_one_message_when_it_is_back(
    stage: DiscordStage, direct: bool
) -> None:
    if direct:
        await stage.people["ben"].commands("dm on")
    for name, question in (("dana", QUESTION), ("omar", OTHER_QUESTIONS[0])):
        await stage.people[name].says(question)
    await stage.advance(minutes=10)
    await stage.fake.outage()
    await stage.advance(hours=2)
    assert stage.notified() == []
    await stage.fake.back()
    await stage.advance(minutes=2)
    assert stage.notified() == [("ben",)], "nothing was given up, and nothing waits for a pause any more"
    posts = stage.people["ben"].direct() if direct else stage.posts_in("team")
    assert "Dana" in posts[-1].words and "Omar" in posts[-1].words


async def test_a_token_that_is_reset_ends_the_bot_with_a_sentence(stage: DiscordStage) -> None:
    stage.fake.revoke()
    assert stage.running is not None
    running, stage.running = stage.running, None
    with pytest.raises(AccessLost, match="token"):
        await running
    stage.stop.set()
    await stage.give_up()


async def test_without_words_it_works_from_what_names_it(stage: DiscordStage) -> None:
    stage.fake.privileged.discard("message_content")
    await stage.restart()
    await stage.people["dana"].says(QUESTION)
    assert await stage.waits() == ()
    await stage.people["omar"].says("@realreply " + OTHER_QUESTIONS[0])
    (wait,) = await stage.waits()
    assert wait.customer == stage.persons["omar"].id
    await stage.advance(minutes=31)
    assert stage.notified() == [("ben",)]


async def test_a_members_answer_that_it_cant_read_is_asked_about_once(stage: DiscordStage) -> None:
    stage.fake.privileged.discard("message_content")
    await stage.restart()
    ana = stage.people["ana"]
    asked = await stage.people["omar"].says("@realreply " + OTHER_QUESTIONS[0])
    await stage.advance(minutes=29)
    await stage.persons["ana"].says("help", ANSWER)
    await stage.settle()
    await stage.advance(minutes=2)
    assert stage.notified() == [], "she may have answered just now: it is left alone for a moment"
    await stage.advance(minutes=5)
    assert stage.notified() == [("ana",)]
    (post,) = stage.team.sees()
    assert "did your message of" in post.words and "Yes, answered" in post.buttons
    await ana.clicks(post, "Not yet")
    await stage.persons["ana"].says("help", ANSWER, reply_to=await stage.people["pia"].says("Hello!"))
    await stage.settle()
    (wait,) = await stage.waits()
    assert wait.possible_answer is None or wait.possible_answer.at < stage.now - 60, "what replies to somebody else is no answer"
    await stage.advance(hours=2)
    assert [each for each in stage.notified() if each == ("ana",)] == [("ana",)]
    await stage.persons["ana"].says("help", ANSWER, reply_to=asked)
    await stage.settle()
    assert "Ana wrote what I can't read; it may answer it" in (await ana.commands("why omar")).words
    assert "I can't read whether that answers Omar" in (await ana.commands("waiting")).words


# Events


async def test_events_that_come_twice_count_once(stage: DiscordStage) -> None:
    stage.fake.trouble.duplicate(4)
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    await stage.fake.settle()
    await stage.persons["ana"].says("help", ANSWER, reply_to=asked)
    await stage.settle()
    assert len(await stage.all_waits()) == 2 and len(await stage.waits()) == 1
    await stage.advance(minutes=31)
    assert posted(stage) == 1


async def test_an_answer_that_comes_before_its_question(stage: DiscordStage) -> None:
    stage.fake.trouble.shuffle(2)
    asked = await stage.persons["dana"].says("help", QUESTION)
    await stage.persons["ana"].says("help", ANSWER, reply_to=asked)
    await stage.settle()
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.ANSWERED
    await stage.advance(hours=3)
    assert posted(stage) == 0


# Posts


@pytest.mark.parametrize("globally", [False, True], ids=["of its channel", "of all"])
async def test_a_rate_limit_is_waited_for_and_the_post_comes_once(stage: DiscordStage, globally: bool) -> None:
    await stage.people["dana"].says(QUESTION)
    stage.fake.trouble.ratelimit(POST, retry_after=0.02, globally=globally)
    await stage.advance(minutes=31)
    assert posted(stage) == 1 and stage.notified() == [("ben",)]


async def test_a_rate_limit_of_half_an_hour_delays_the_post(stage: DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    stage.fake.trouble.ratelimit(POST, retry_after=1800)
    await stage.advance(minutes=31)
    assert posted(stage) == 0
    await stage.advance(minutes=45)
    assert posted(stage) == 1


@pytest.mark.parametrize("accepted", [False, True], ids=["not taken", "taken"])
@pytest.mark.parametrize("status", [None, 503], ids=["dropped", "503"])
async def test_a_post_whose_answer_is_lost_is_sent_once(stage: DiscordStage, accepted: bool, status: int | None) -> None:
    await stage.people["dana"].says(QUESTION)
    if status is None:
        stage.fake.trouble.drop(POST, accepted=accepted)
    else:
        stage.fake.trouble.fail(POST, status=status, accepted=accepted)
    await stage.advance(hours=1)
    assert len(stage.team.sees()) == 1 and posted(stage) == 1


async def test_a_post_that_was_taken_is_found_after_a_restart_though_its_nonce_has_aged(stage: DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    stage.fake.trouble.drop(POST, accepted=True)
    await stage.advance(minutes=30)
    await stage.take_down()
    await stage.fake.clock.advance(stage.fake.nonce_seconds + 60)
    await stage.put_up()
    await stage.advance(minutes=10)
    assert len(stage.team.sees()) == 1 and posted(stage) == 1


async def test_where_it_may_not_write_it_waits_until_it_may(stage: DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.fake.allows("team", stage.fake.world.bot, allow=["VIEW_CHANNEL"], deny=["SEND_MESSAGES"])
    await stage.advance(hours=1)
    assert posted(stage) == 0 and stage.fake.limits.invalid < 10
    await stage.fake.allows("team", stage.fake.world.bot, allow=["VIEW_CHANNEL"])
    await stage.advance(hours=2)
    assert stage.team.sees() != []


async def test_a_channel_for_reminders_that_is_deleted_is_no_end(stage: DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.fake.erases("team")
    await stage.advance(hours=2)
    assert posted(stage) == 0 and len(await stage.waits()) == 1
    await stage.fake.creates("team", only=["team"])
    await stage.settle()
    await stage.advance(hours=1)
    assert stage.team.sees() != []


async def test_a_channel_it_may_not_read_isnt_asked_for_again_and_again(stage: DiscordStage) -> None:
    await stage.fake.allows("help", stage.fake.world.bot, deny=["VIEW_CHANNEL"])
    await stage.restart()
    await stage.advance(days=2)
    assert stage.fake.limits.invalid < 10


# Who reads what was posted


async def test_what_others_come_to_read_is_taken_away_at_once(stage: DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert len(stage.team.sees()) == 1
    await stage.fake.allows("team", "@everyone", allow=["VIEW_CHANNEL"])
    await stage.settle()
    assert stage.team.sees() == []
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    await stage.advance(hours=3)
    assert stage.team.sees() == []


async def test_a_customer_let_into_the_channel_stops_it(stage: DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.fake.allows("team", stage.persons["omar"], allow=["VIEW_CHANNEL"])
    await stage.advance(hours=1)
    assert stage.team.sees() == [] and posted(stage) == 0
