"""What members say was judged wrongly, with the message shortcuts; and what is shown to who isn't on the team."""

from __future__ import annotations

import pytest

from bot.domain.waits import WaitState
from tests.scenario.slack_stage import SlackStage
from tests.scenario.stage import Stage
from tests.scenario.test_reminding import ANSWER, QUESTION

FIXED = "This is a tool of the team here, and it has nothing to show you. If you need something, please just ask in the channel."


async def test_a_message_that_was_overlooked_is_put_on_the_list(stage: Stage) -> None:
    said = await stage.people["dana"].says("ok thanks")
    assert await stage.waits() == ()
    shown = await stage.people["ana"].corrects(said, "waits")
    assert "Dana in #help, is on the list now" in shown.words
    await stage.advance(minutes=31)
    assert len(stage.team.sees()) == 1


async def test_a_message_that_needs_no_reply_is_taken_off(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    shown = await stage.people["ana"].corrects(asked, "needs_none")
    assert "needs no reply" in shown.words
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.DISMISSED
    await stage.advance(days=1)
    assert stage.team.sees() == []


async def test_an_answer_that_was_none_puts_the_question_back(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says(ANSWER, thread=asked)
    assert await stage.waits() == ()
    await stage.people["ben"].corrects(asked, "waits")
    assert len(await stage.waits()) == 1


async def test_only_customers_wait(stage: Stage) -> None:
    said = await stage.people["ana"].says("Who of you takes the late shift?")
    shown = await stage.people["ben"].corrects(said, "waits")
    assert "only customers wait" in shown.words
    assert await stage.waits() == ()


@pytest.mark.only("slack")
async def test_a_shortcut_where_the_bot_isnt_says_that_it_doesnt_watch_there(stage: SlackStage) -> None:
    people = [stage.persons["dana"], stage.persons["ana"]]
    stage.fake.channel("elsewhere", members=people, bot=False)
    said = await stage.persons["dana"].says("elsewhere", QUESTION)
    shown = await stage.people["ana"].corrects(said, "waits")
    assert "I don't watch this channel" in shown.words
    assert await stage.waits() == ()


@pytest.mark.only("slack")
async def test_a_shortcut_in_a_private_talk_reads_nothing(stage: SlackStage) -> None:
    talk = stage.fake.private_talk(stage.persons["dana"], stage.persons["ana"])
    said = await stage.persons["dana"].says(talk, QUESTION)
    shown = await stage.people["ana"].corrects(said, "waits")
    assert "I don't watch this channel" in shown.words
    assert await stage.all_waits() == ()


@pytest.mark.parametrize("text", ["", "waiting", "help", "why w1", "stats", "claim w1", "away until friday", "start", "nonsense"])
async def test_a_customer_who_types_a_command_gets_one_fixed_sentence(stage: Stage, text: str) -> None:
    await stage.people["dana"].says(QUESTION)
    shown = await stage.people["omar"].commands(text)
    assert shown.words == FIXED
    assert shown.buttons == () and shown.links == () and shown.quotes == ()
    (wait,) = await stage.waits()
    assert wait.hold is None


@pytest.mark.parametrize("says", ["waits", "needs_none"])
async def test_a_customer_who_uses_the_shortcut_gets_the_same_sentence(stage: Stage, says: str) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    shown = await stage.people["omar"].corrects(asked, says)  # type: ignore[arg-type]
    assert shown.words == FIXED
    assert len(await stage.waits()) == 1


async def test_a_customers_home_holds_nothing_of_anybody(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    shown = await stage.people["omar"].home()
    assert "I'm a tool of the team here" in shown.words
    assert "Dana" not in shown.words and shown.buttons == () and shown.quotes == ()


async def test_a_members_home_holds_their_own_waits(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.people["omar"].says("@Ana how do I add a colleague?")
    bens, anas = await stage.people["ben"].home(), await stage.people["ana"].home()
    assert "1 customer is waiting for you" in bens.words and "Dana" in bens.words and "Omar" not in bens.words
    assert "Omar" in anas.words and "Dana" not in anas.words
    assert "I'm on it" in bens.buttons and "Snooze…" in bens.buttons


@pytest.mark.only("slack")
async def test_a_button_of_the_home_brings_the_home_up_to_date(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    home = await stage.people["ben"].home()
    answer = await stage.people["ben"].clicks(home, "Answered elsewhere")
    assert "counts as answered by you" in answer.words
    view = stage.persons["ben"].home
    assert view is not None and "Nobody is waiting for you." in str(view)


@pytest.mark.only("slack")
async def test_a_leads_home_lists_what_couldnt_be_delivered(stage: SlackStage) -> None:
    stage.fake.trouble.refuse("chat.postMessage", "msg_too_long")
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert "What couldn't be delivered" in (await stage.people["cleo"].home()).words
    assert "What couldn't be delivered" not in (await stage.people["ana"].home()).words
