"""Who waits is brought to the right member, once, with what they need to know; who was answered is not."""

from __future__ import annotations

import pytest

from bot.domain.waits import WaitState
from tests.scenario.slack_stage import SlackStage
from tests.scenario.stage import MINUTE, Stage

QUESTION = "Hi, my export fails with error 500 since this morning, how can I fix that?"
ANSWER = "Your disk was full, I have given you more room. The export runs again, please try it."


@pytest.mark.setup(text="while_waiting")
async def test_a_question_nobody_answers_reaches_who_is_on_duty(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=29)
    assert stage.team.sees() == []
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert post.calls == ("ben",)
    assert post.quotes == (QUESTION,)
    assert "Dana has been waiting 30 min in #help" in post.words
    assert "You're on duty." in post.words
    assert len(post.links) == 1
    tucked = ("Answered elsewhere", "Snooze 2 hours", "Snooze…", "Hand over…", "Why?")
    assert post.buttons == ("I'm on it", "Not me", "No reply needed", *tucked)


async def test_a_question_that_is_answered_in_time_raises_nothing(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=20)
    await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(days=3)
    assert stage.team.sees() == []
    assert await stage.waits() == ()


async def test_an_answer_after_the_reminder_updates_it_without_the_quote_and_calls_nobody(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=40)
    assert stage.notified() == [("ben",)]
    await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert "Answered by Ana after 40 min" in post.words
    assert post.quotes == () and QUESTION not in post.words
    assert post.calls == ()
    assert post.updates == 1
    assert stage.notified() == [("ben",)]
    await stage.advance(days=3)
    assert len(stage.team.sees()) == 1


async def test_who_goes_on_waiting_is_brought_to_the_next(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(days=2)
    assert stage.notified() == [("ben",), ("ben",), ("cleo",)]


async def test_who_helped_this_customer_before_is_asked_and_told_why(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(days=1)
    await stage.people["dana"].says("Now the import hangs at 40 percent, can somebody have a look?")
    await stage.advance(minutes=30)
    (post,) = stage.team.sees()
    assert post.calls == ("ana",)
    assert "You know Dana: you helped" in post.words


@pytest.mark.setup(text="while_waiting")
async def test_a_burst_is_one_wait(stage: Stage) -> None:
    dana = stage.people["dana"]
    await dana.says("hi there")
    await stage.advance(minutes=1)
    await dana.says("my export fails with error 500")
    await stage.advance(minutes=1)
    await dana.says("how can I fix that?")
    await stage.advance(minutes=45)
    assert len(await stage.waits()) == 1
    (post,) = stage.team.sees()
    assert any("error 500" in quote for quote in post.quotes)


async def test_an_answer_in_the_thread_belongs_to_its_question(stage: Stage) -> None:
    danas = await stage.people["dana"].says(QUESTION)
    await stage.people["omar"].says("Where can I change the address on my invoices?")
    await stage.people["ana"].says(ANSWER, thread=danas)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "Omar has been waiting" in post.words
    assert [wait.customer for wait in await stage.all_waits() if wait.state is WaitState.ANSWERED] != []


@pytest.mark.only("slack")
async def test_an_answer_that_is_also_sent_to_the_channel_counts_once(stage: SlackStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says(ANSWER, thread=asked, broadcast=True)
    await stage.advance(hours=2)
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.ANSWERED and len(wait.replies) == 1
    assert stage.team.sees() == []


async def test_asking_again_extends_the_wait_and_restarts_nothing(stage: Stage) -> None:
    dana = stage.people["dana"]
    await dana.says(QUESTION)
    await stage.advance(minutes=20)
    await dana.says("Any news on my export?")
    await stage.advance(minutes=10)
    assert len(await stage.waits()) == 1
    (post,) = stage.team.sees()
    assert "waiting 30 min" in post.words


async def test_two_customers_at_once_are_told_apart(stage: Stage) -> None:
    danas = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=1)
    omars = await stage.people["omar"].says("How do I add a colleague to our account?")
    await stage.advance(minutes=1)
    await stage.people["ana"].says("Under Settings, People, there is a button to invite them.", thread=omars)
    await stage.advance(minutes=28)
    (post,) = stage.team.sees()
    assert "Dana has been waiting" in post.words and "Omar" not in post.words
    await stage.people["ben"].says(ANSWER, thread=danas)
    await stage.advance(minutes=1)
    assert await stage.waits() == ()


async def test_who_comes_back_later_opens_a_new_wait_that_knows_the_old_one(stage: Stage) -> None:
    dana = stage.people["dana"]
    asked = await dana.says(QUESTION)
    await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(hours=3)
    await dana.says("It fails again with the same error, what can I do?", thread=asked)
    await stage.advance(minutes=30)
    (wait,) = await stage.waits()
    (first, _) = await stage.all_waits()
    assert wait.came_back_from == first.id
    (post,) = stage.team.sees()
    assert "was here before and has come back" in post.words


async def test_a_member_named_in_the_question_is_the_one_asked(stage: Stage) -> None:
    await stage.people["dana"].says("@Ana could you tell me when my container arrives?")
    await stage.advance(minutes=30)
    (post,) = stage.team.sees()
    assert post.calls == ("ana",)
    assert "asked for you" in post.words


@pytest.mark.setup(text="while_waiting")
async def test_who_is_only_quoted_is_not_notified(stage: Stage) -> None:
    await stage.people["dana"].says("@Ana and @Ben, could one of you tell me when my container arrives?")
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert post.calls == ("ana",)
    assert "Ben" in post.quotes[0]


@pytest.mark.setup(watch="mentions")
async def test_where_only_mentions_count_other_questions_are_left_alone(stage: Stage) -> None:
    await stage.people["omar"].says(QUESTION)
    await stage.people["dana"].says("@Cleo how can I change our address?")
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "Dana" in post.words and post.calls == ("cleo",)


@pytest.mark.only("slack")
@pytest.mark.setup(watch="mentions", user_groups=("support",))
async def test_a_user_group_of_the_team_calls_on_it(stage: SlackStage) -> None:
    await stage.people["dana"].says("@support our export stopped, who can help?")
    await stage.advance(minutes=30)
    (post,) = stage.team.sees()
    assert "Dana has been waiting" in post.words


@pytest.mark.only("slack")
@pytest.mark.setup(watch="mentions")
async def test_naming_the_bot_calls_on_the_team(stage: SlackStage) -> None:
    await stage.people["dana"].says(f"<@{stage.fake.workspace.bot.id}> our export stopped, who can help?")
    await stage.advance(minutes=30)
    (post,) = stage.team.sees()
    assert "Dana has been waiting" in post.words


@pytest.mark.only("slack")
@pytest.mark.setup(watch="everything")
async def test_a_file_without_words_counts_where_everything_does(stage: SlackStage) -> None:
    await stage.people["dana"].says("", files=("screenshot.png",))
    await stage.advance(minutes=30)
    (post,) = stage.team.sees()
    assert "Dana" in post.words
    assert post.quotes == () and len(post.links) == 1


async def test_small_talk_is_nobodys_wait(stage: Stage) -> None:
    await stage.people["dana"].says("thanks a lot, have a nice day!")
    await stage.advance(days=1)
    assert stage.team.sees() == []
    assert await stage.all_waits() == ()


async def test_what_members_ask_each_other_is_nobodys_wait(stage: Stage) -> None:
    await stage.people["ana"].says("Ben, could you take the late shift tomorrow?")
    await stage.advance(minutes=60)
    assert await stage.all_waits() == ()


async def test_the_reminder_comes_at_its_minute(stage: Stage) -> None:
    asked_at = stage.now
    await stage.people["dana"].says(QUESTION)
    await stage.advance(hours=3)
    assert [post.at - asked_at for post in stage.team.sees()] == pytest.approx([30 * MINUTE, 120 * MINUTE], abs=1)
