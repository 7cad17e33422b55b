"""Trouble on Slack's side: events doubled, late, out of order; posts refused, delayed, lost from sight; connections that go."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.waits import WaitState
from tests.scenario.slack_stage import SlackStage
from tests.scenario.test_http import failing
from tests.scenario.test_quiet import OTHER_QUESTIONS
from tests.scenario.test_reminding import ANSWER, QUESTION
from tests.slack_sandbox.model import Outgoing

pytestmark = [pytest.mark.only("slack"), pytest.mark.alone]


def posted(stage: SlackStage) -> list[Outgoing]:
    """What was accepted of what the bot posted."""
    return [record for record in stage.fake.outgoing if record.method == "chat.postMessage" and record.accepted]


def tried(stage: SlackStage) -> list[float]:
    """When the bot tried to post."""
    return [call.at for call in stage.fake.calls if call.method == "chat.postMessage"]


# Events


async def test_events_that_come_twice_count_once(stage: SlackStage) -> None:
    stage.fake.trouble.duplicate(3)
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    await stage.people["ana"].says(ANSWER, thread=asked)
    assert stage.stored() == 3
    assert len(await stage.all_waits()) == 2
    await stage.advance(minutes=31)
    assert len(posted(stage)) == 1


async def test_replies_that_come_twice_are_counted_once(stage: SlackStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    stage.fake.trouble.duplicate(2)
    await stage.app_says("Thank you for your message. We have received it.", thread=asked)
    await stage.people["ana"].says("one sec, looking into it", thread=asked)
    (wait,) = await stage.waits()
    assert wait.automatic_replies == 1
    assert len(wait.replies) == 1


async def test_an_answer_that_comes_before_its_question(stage: SlackStage) -> None:
    stage.fake.trouble.shuffle(2)
    asked = await stage.persons["dana"].says("help", QUESTION)
    await stage.persons["ana"].says("help", ANSWER, thread=asked)
    await stage.settle()
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.ANSWERED
    await stage.advance(hours=3)
    assert posted(stage) == []


async def test_a_deletion_that_comes_before_its_question(stage: SlackStage) -> None:
    stage.fake.trouble.shuffle(2)
    asked = await stage.persons["dana"].says("help", QUESTION)
    await stage.persons["dana"].deletes(asked)
    await stage.settle()
    assert await stage.waits() == ()


async def test_a_check_mark_that_comes_before_its_question(stage: SlackStage) -> None:
    stage.fake.trouble.shuffle(2)
    asked = await stage.persons["dana"].says("help", QUESTION)
    await stage.persons["ana"].reacts(asked, "white_check_mark")
    await stage.settle()
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.ANSWERED


@pytest.mark.setup(text="while_waiting")
async def test_a_whole_conversation_in_reverse(stage: SlackStage) -> None:
    stage.fake.trouble.shuffle(5)
    danas = await stage.persons["dana"].says("help", QUESTION)
    omars = await stage.persons["omar"].says("help", OTHER_QUESTIONS[0])
    await stage.persons["ana"].says("help", ANSWER, thread=danas)
    await stage.persons["dana"].says("help", "It works, thank you!", thread=danas)
    await stage.persons["omar"].edits(omars, OTHER_QUESTIONS[0] + " It has moved.")
    await stage.settle()
    assert stage.stored() == 4
    (wait,) = await stage.waits()
    assert wait.customer == stage.persons["omar"].id
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert post.quotes == (OTHER_QUESTIONS[0] + " It has moved.",)


@pytest.mark.setup(ack_seconds=0.3)
async def test_over_a_socket_too_nothing_is_acknowledged_before_it_is_kept(stage: SlackStage) -> None:
    with failing(stage):
        await stage.people["dana"].says(QUESTION)
        (delivery,) = stage.fake.deliveries("message")
        assert delivery.tries == ["timeout", "timeout"] and stage.stored() == 0
    await stage.advance(minutes=2)
    assert delivery.acknowledged and stage.stored() == 1


# Posts


async def test_retry_after_is_obeyed_and_the_post_comes_once(stage: SlackStage) -> None:
    stage.fake.trouble.ratelimit("chat.postMessage", retry_after=40)
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=30, hours=0)
    assert posted(stage) == []
    await stage.advance(minutes=39 / 60)
    assert len(tried(stage)) == 1
    await stage.advance(minutes=3)
    first, second = tried(stage)
    assert second - first >= 40
    assert len(posted(stage)) == 1


async def test_a_servers_error_delays_the_post_and_doubles_nothing(stage: SlackStage) -> None:
    stage.fake.trouble.fail("chat.postMessage", times=2)
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=40)
    assert len(tried(stage)) == 3
    assert len(posted(stage)) == 1


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_post_whose_answer_is_lost_is_looked_for_before_it_is_sent_again(stage: SlackStage, accepted: bool) -> None:
    """Slack's history shows what was posted two seconds later: looked at sooner it would be missed, and doubled."""
    stage.fake.trouble.drop("chat.postMessage", accepted=accepted)
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=40)
    assert len(tried(stage)) == (1 if accepted else 2)
    assert len(posted(stage)) == 1
    (post,) = stage.team.sees()
    await stage.people["ana"].clicks(post, "I'm on it")
    await stage.advance(minutes=1)
    assert "Ana is on it" in stage.team.sees()[0].words


async def test_a_post_that_was_taken_is_found_after_a_restart(stage: SlackStage) -> None:
    stage.fake.trouble.drop("chat.postMessage", accepted=True)
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=30)
    await stage.restart()  # at once: Slack's history doesn't show it yet
    await stage.advance(minutes=10)
    assert len(tried(stage)) == 1 and len(posted(stage)) == 1


async def test_a_direct_message_whose_answer_is_lost_is_never_doubled_and_is_named(stage: SlackStage) -> None:
    ben = stage.people["ben"]
    await ben.commands("dm on")
    await stage.people["dana"].says(QUESTION)
    stage.fake.trouble.drop("chat.postMessage", accepted=True)
    await stage.advance(minutes=40)
    assert len(ben.direct()) == 1 and len(tried(stage)) == 1
    assert "It may have arrived all the same." in (await stage.people["cleo"].home()).words


async def test_an_update_that_fails_is_made_up_for(stage: SlackStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    stage.fake.trouble.fail("chat.update")
    stage.fake.trouble.ratelimit("chat.update", retry_after=5)
    stage.fake.trouble.drop("chat.update", accepted=False)
    await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(minutes=10)
    (post,) = stage.team.sees()
    assert "Answered by Ana" in post.words and post.quotes == ()


async def test_an_outage_of_an_hour_loses_nothing(stage: SlackStage) -> None:
    stage.fake.trouble.fail("chat.postMessage", times=None)
    stage.fake.trouble.fail("conversations.history", times=None)
    await stage.people["dana"].says(QUESTION)
    await stage.people["omar"].says("@Ana " + OTHER_QUESTIONS[0])
    await stage.advance(minutes=90)
    assert posted(stage) == []
    stage.fake.trouble.clear()
    await stage.advance(minutes=20)
    words = "\n".join(post.words for post in stage.team.sees())
    assert "Dana" in words and "Omar" in words


# Connections


@pytest.mark.setup(ping=0.05)
async def test_one_connection_is_renewed_while_the_other_listens(stage: SlackStage) -> None:
    sockets = stage.fake.sockets
    opened = sockets.opened
    await sockets.disconnect("refresh_requested")
    await stage.people["dana"].says(QUESTION)
    await renewed(stage, opened + 1)
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    assert stage.stored() == 2
    await stage.advance(minutes=42)
    words = "\n".join(post.words for post in stage.team.sees())
    assert "Dana" in words and "Omar" in words


@pytest.mark.setup(ping=0.05)
async def test_what_happens_while_no_connection_listens_is_read_back(stage: SlackStage) -> None:
    omars = await stage.people["omar"].says(OTHER_QUESTIONS[0])
    sockets = stage.fake.sockets
    opened = sockets.opened
    async with stage.fake.away():
        for number in (1, 0):
            await sockets.disconnect("refresh_requested", number=number, close=True)
        await stage.persons["dana"].says("help", QUESTION)
        await stage.persons["ana"].says("help", "Under Settings, Billing, you can change the address.", thread=omars)
        await renewed(stage, opened + 2)
    await until(stage, lambda: stage.stored() == 3)
    (wait,) = await stage.waits()
    assert wait.customer == stage.persons["dana"].id
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "Dana" in post.words


@pytest.mark.setup(ping=0.05)
async def test_a_network_that_breaks_without_a_word_is_noticed_and_read_back(stage: SlackStage) -> None:
    sockets = stage.fake.sockets
    opened = sockets.opened
    async with stage.fake.away():
        await sockets.cut()
        await stage.persons["dana"].says("help", QUESTION)
        await renewed(stage, opened + 2)
    await until(stage, lambda: stage.stored() == 1)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "Dana" in post.words


async def test_events_that_slack_dropped_are_read_back(stage: SlackStage) -> None:
    await stage.people["omar"].says("good morning everybody")
    await stage.advance(minutes=20)
    async with stage.fake.away():
        await stage.persons["dana"].says("help", QUESTION)
    await asyncio.gather(*stage.fake.announcer.rate_limited())
    await stage.settle()
    assert stage.stored() == 2
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "Dana" in post.words


async def renewed(stage: SlackStage, opened: int) -> None:
    """Wait, in real time, until so many connections were opened in all and two of them are there."""
    await until(stage, lambda: stage.fake.sockets.opened >= opened and len(stage.fake.sockets.connections) >= 2)


async def until(stage: SlackStage, condition: object) -> None:
    """Wait for what hangs on the SDK's own real-time looks at its connections."""
    async with asyncio.timeout(10):
        while not condition():  # type: ignore[operator]
            await asyncio.sleep(0.01)
    await stage.settle()
