"""What goes away: channels, the bot's place in them, its token, and the bot itself for a while."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.errors import AccessLost
from tests.scenario.discord_stage import DiscordStage
from tests.scenario.slack_stage import SlackStage
from tests.scenario.test_quiet import OTHER_QUESTIONS
from tests.scenario.test_reminding import ANSWER, QUESTION
from tests.scenario.test_trouble import posted, tried, until

pytestmark = [pytest.mark.only("slack"), pytest.mark.alone]


# DiscordPlaces that go away


@pytest.mark.alone
async def test_a_reminders_channel_that_is_archived_is_used_again_once_it_is_back(stage: SlackStage) -> None:
    with capture_logs() as told:
        await stage.fake.archive("team")
    assert "reminders_nowhere" in [line["event"] for line in told]
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert tried(stage) == []
    await stage.fake.unarchive("team")
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "Dana has been waiting" in post.words and post.calls == ("ben",)


@pytest.mark.alone
async def test_the_bot_that_is_taken_out_of_the_reminders_channel_goes_on_when_it_is_asked_back(stage: SlackStage) -> None:
    await stage.fake.kick("team")
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert tried(stage) == []
    assert "Dana" in (await stage.people["ana"].commands("waiting")).words
    await stage.fake.bot_joins("team", inviter=stage.persons["cleo"])
    await stage.advance(minutes=31)
    assert [record.channel for record in posted(stage)] == [stage.fake.workspace.conversation("team").id]


@pytest.mark.parametrize("away", [0, 3])
async def test_a_channel_that_comes_back_while_slack_cant_say_what_it_is_loses_nothing(stage: SlackStage, away: int) -> None:
    await stage.people["omar"].says("good morning")
    await stage.advance(minutes=3)
    await stage.fake.kick("help")
    await stage.advance(minutes=away)
    stage.fake.trouble.fail("conversations.info", times=None)
    await stage.fake.bot_joins("help", inviter=stage.persons["ana"])
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=10)
    stage.fake.trouble.clear()
    await stage.advance(minutes=10)
    assert [stage.name_of(wait.customer) for wait in await stage.waits()] == ["dana"]


async def test_a_kick_that_nobody_told_of_is_learned_from_the_refusal(stage: SlackStage) -> None:
    async with stage.fake.away():
        await stage.fake.kick("team")
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert posted(stage) == []
    assert "What couldn't be delivered" in (await stage.people["cleo"].home()).words


async def test_a_watched_channel_that_is_left_keeps_its_waits(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.fake.kick("help")
    await stage.advance(minutes=31)
    assert len(posted(stage)) == 1
    assert len(await stage.waits()) == 1


async def test_what_was_said_while_the_bot_was_out_of_a_channel_is_read_when_it_is_back(stage: SlackStage) -> None:
    await stage.people["omar"].says("good morning everybody")
    await stage.fake.kick("help")
    await stage.persons["dana"].says("help", QUESTION)
    await stage.advance(minutes=10)
    await stage.fake.bot_joins("help", inviter=stage.persons["ana"])
    await stage.settle()
    (wait,) = await stage.waits()
    assert wait.customer == stage.persons["dana"].id
    await stage.advance(minutes=21)
    assert "Dana has been waiting 30 min" in stage.team.sees()[0].words


@pytest.mark.setup(ping=0.05, ack_seconds=0.3)
async def test_a_socket_mode_that_is_switched_off_and_on_again_loses_nothing(stage: SlackStage) -> None:
    await stage.people["omar"].says("good morning everybody")
    sockets = stage.fake.sockets
    for number in (1, 0):
        await sockets.disconnect("link_disabled", number=number, close=True)
    await sockets.disconnected()
    async with stage.fake.away():
        await stage.persons["dana"].says("help", QUESTION)
    sockets.enabled = True
    await until(stage, lambda: len(sockets.connections) == 2 and stage.stored() == 2)
    await stage.advance(minutes=31)
    assert len(posted(stage)) == 1


# Being thrown out


@pytest.mark.alone
@pytest.mark.parametrize("uninstalled", [False, True])
async def test_a_token_that_is_revoked_ends_the_house_and_loses_nothing(stage: SlackStage, uninstalled: bool) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.fake.revoke(uninstalled=uninstalled)
    assert stage.running is not None
    with pytest.raises(AccessLost, match=r"no longer lets realreply in.*the app was uninstalled|its token was revoked"):
        await asyncio.wait_for(asyncio.shield(stage.running), 5)
    with pytest.raises(AccessLost):
        await stage.take_down()
    stage.fake.revoked = ""
    await stage.fake.clock.advance(3600)
    await stage.put_up()
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert "Dana has been waiting 1 h" in post.words


@pytest.mark.alone
async def test_whatever_finds_the_token_refused_ends_the_house(stage: SlackStage) -> None:
    """Where a Home can't be shown the bot goes on otherwise."""
    stage.fake.revoked = "token_revoked"
    with pytest.raises(AccessLost, match="token was revoked"):
        await stage.people["ana"].home()
        await stage.settle()
    with pytest.raises(AccessLost):
        await stage.take_down()
    stage.fake.revoked = ""
    await stage.put_up()


@pytest.mark.alone
async def test_a_token_that_is_refused_ends_the_house_and_loses_nothing(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    stage.fake.revoked = "token_revoked"
    with pytest.raises(AccessLost):
        await stage.advance(minutes=31)
    with pytest.raises(AccessLost):
        await stage.take_down()
    stage.fake.revoked = ""
    await stage.put_up()
    await stage.advance(minutes=5)
    assert len(posted(stage)) == 1


# Downtime


async def test_what_was_asked_and_answered_while_away_raises_nothing(stage: SlackStage) -> None:
    await stage.people["omar"].says("good morning everybody")
    async with stage.away():
        asked = await stage.persons["dana"].says("help", QUESTION)
        await stage.fake.clock.advance(1800)
        await stage.persons["ana"].says("help", ANSWER, thread=asked)
        await stage.fake.clock.advance(3600)
    await stage.advance(days=2)
    assert posted(stage) == []
    assert stage.stored() == 3


@pytest.mark.only("slack", "discord")
async def test_who_asked_while_away_waits_since_they_asked(stage: SlackStage | DiscordStage) -> None:
    await stage.people["omar"].says("good morning everybody")
    async with stage.away():
        await stage.persons["dana"].says("help", QUESTION)
        await stage.fake.clock.advance(20 * 60)
    await stage.advance(minutes=9)
    assert posted(stage) == []
    await stage.advance(minutes=2)
    (post,) = stage.team.sees()
    assert "Dana has been waiting 30 min" in post.words


async def test_an_answer_given_while_away_updates_the_reminder(stage: SlackStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    async with stage.away():
        await stage.persons["ana"].says("help", ANSWER, thread=asked)
        await stage.fake.clock.advance(600)
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert "Answered by Ana" in post.words and post.quotes == ()


@pytest.mark.only("slack", "discord")
async def test_a_check_mark_put_while_away_is_seen(stage: SlackStage | DiscordStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    async with stage.away():
        await stage.persons["ana"].reacts(asked, "white_check_mark")
        await stage.fake.clock.advance(3600)
    await stage.advance(hours=3)
    assert posted(stage) == []


async def test_reminders_that_fell_due_while_away_are_one_message(stage: SlackStage) -> None:
    await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.people["omar"].says("@Ben " + OTHER_QUESTIONS[0])
    await stage.people["pia"].says("@Cleo " + OTHER_QUESTIONS[1])
    async with stage.away():
        await stage.fake.clock.advance(3600)
    await stage.advance(minutes=5)
    assert len(posted(stage)) == 1
    (post,) = stage.team.sees()
    assert all(name in post.words for name in ("Dana", "Omar", "Pia"))
    assert set(post.calls) == {"ana", "ben", "cleo"}


async def test_what_comes_while_the_past_is_being_read_waits_its_turn(stage: SlackStage) -> None:
    """An answer in the past, a further question live: the gate keeps the order, and neither is lost."""
    asked = await stage.people["dana"].says(QUESTION)
    await stage.take_down()
    async with stage.fake.away():
        await stage.fake.clock.advance(2400)
        await stage.persons["ana"].says("help", ANSWER, thread=asked)
    gate = stage.fake.trouble.delay("conversations.history", times=1)
    opening = asyncio.create_task(stage.put_up())
    await stage.fake.sockets.connected(2)
    says = asyncio.create_task(stage.persons["omar"].says("help", OTHER_QUESTIONS[0]))
    await asyncio.sleep(0.05)
    assert stage.stored() == 1
    gate.set()
    await opening
    await says
    await stage.settle()
    assert stage.stored() == 3
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "Omar" in post.words and "Dana" not in post.words
