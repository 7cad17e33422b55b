"""Who only points a customer elsewhere is asked, once and privately, whether they close the loop where it was asked."""

from __future__ import annotations

import pytest

from bot.domain.waits import HoldKind, WaitState
from tests.scenario.discord_stage import DiscordStage
from tests.scenario.stage import Shown, Stage
from tests.scenario.test_reminding import ANSWER, QUESTION

ELSEWHERE = "Please contact support@harbor.example"
URGENT = "This is urgent, production is down and our customers are waiting!!"
ASKS = "Will you close the loop there?"
ANSWERS = ("I'll post the outcome", "It's private data", "That was enough")


async def pointed_elsewhere(stage: Stage) -> None:
    """Dana asked, and Ana only said where else to ask."""
    question = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says(ELSEWHERE, thread=question)
    (wait,) = await stage.waits()
    assert wait.hold is not None and wait.hold.kind is HoldKind.REDIRECT


def question_in(posts: list[Shown]) -> Shown:
    (asked,) = [post for post in posts if ASKS in post.words]
    return asked


async def test_it_is_asked_in_the_own_list_and_nowhere_else(stage: Stage) -> None:
    await pointed_elsewhere(stage)
    people = stage.people
    mine = await people["ana"].commands("waiting mine")
    assert ASKS in mine.words and set(ANSWERS) <= set(mine.buttons)
    assert ASKS in (await people["ana"].home()).words
    others = await people["ben"].commands("waiting")
    assert ASKS not in others.words and not set(ANSWERS) & set(others.buttons)
    await stage.advance(hours=23)
    assert stage.team.sees() == [] and people["ana"].direct() == [], "nobody asked for messages"
    await stage.advance(hours=2)
    assert len(stage.team.sees()) == 1, "nobody answered, and it climbs on"
    assert ASKS not in (await people["ana"].commands("waiting mine")).words


async def test_an_outcome_is_promised_and_that_is_taken_back(stage: Stage) -> None:
    await pointed_elsewhere(stage)
    ana = stage.people["ana"]
    said = await ana.clicks(await ana.commands("waiting mine"), "I'll post the outcome")
    assert "you'll post the outcome there by" in said.words
    (wait,) = await stage.waits()
    assert wait.hold is not None and wait.hold.kind is HoldKind.OUTCOME and wait.owner == wait.hold.by
    assert "will post the outcome by" in (await stage.people["ben"].commands("waiting")).words
    assert "will post the outcome by" in (await stage.people["cleo"].commands("digest now")).words
    assert "Ana has been on w1 since" in (await stage.people["ben"].commands("claim w1")).words.replace("`", "")
    again = await ana.commands("undo")
    assert "you pointed them elsewhere" in again.words.casefold()
    (wait,) = await stage.waits()
    assert wait.hold is not None and wait.hold.kind is HoldKind.REDIRECT
    await ana.commands("close-loop w1 post 2h")
    await stage.advance(hours=2, minutes=1)
    assert len(stage.team.sees()) == 1, "what was promised didn't come"


async def test_private_data_and_what_was_enough_end_it_by_their_word(stage: Stage) -> None:
    await pointed_elsewhere(stage)
    ana = stage.people["ana"]
    said = await ana.clicks(await ana.commands("waiting mine"), "It's private data")
    assert "is dealt with in private, and off the list" in said.words
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.ANSWERED and wait.in_private
    assert "Dealt with in private, says Ana" in (await stage.people["cleo"].commands("why w1")).words
    assert "is back on the list" in (await ana.commands("undo")).words
    (wait,) = await stage.waits()
    assert not wait.in_private and wait.hold is not None
    assert "counts as answered by you" in (await ana.commands("close-loop w1 enough")).words
    assert await stage.waits() == ()


async def test_only_who_pointed_elsewhere_closes_it(stage: Stage) -> None:
    await pointed_elsewhere(stage)
    refused = await stage.people["ben"].commands("close-loop w1 private")
    assert "isn't yours to close" in refused.words and "Ana" not in refused.words
    assert len(await stage.waits()) == 1


async def test_who_asked_for_direct_messages_is_asked_once_by_one(stage: Stage) -> None:
    ana = stage.people["ana"]
    await ana.commands("dm on")
    await pointed_elsewhere(stage)
    await stage.advance(minutes=14)
    assert ana.direct() == [], "they may go on writing"
    await stage.advance(minutes=2)
    asked = question_in(ana.direct())
    assert set(ANSWERS) <= set(asked.buttons) and "you pointed Dana elsewhere in #help" in asked.words
    assert "Asked Ana whether they close the loop" in (await stage.people["cleo"].commands("why w1")).words
    said = await ana.clicks(asked, "I'll post the outcome")
    assert "you'll post the outcome there by" in said.words
    await stage.advance(minutes=1)
    assert not [post for post in ana.direct() if ASKS in post.words]
    await ana.commands("undo")
    await stage.advance(hours=20)
    assert len(ana.direct()) == 1, "never asked twice"
    assert stage.team.sees() == []


async def test_a_colleagues_answer_takes_the_question_back(stage: Stage) -> None:
    ana = stage.people["ana"]
    await ana.commands("dm on")
    question = await stage.people["dana"].says(QUESTION)
    await ana.says(ELSEWHERE, thread=question)
    await stage.advance(minutes=10)
    other = await stage.people["omar"].says("Hello, where do I find the invoice of March?")
    await ana.says(ELSEWHERE, thread=other)
    await stage.people["ben"].says(ANSWER, thread=question)
    await stage.advance(minutes=20)
    assert "Omar" in question_in(ana.direct()).words, "the first one was withdrawn"
    await stage.people["ben"].says("They are under Settings, Billing: the one of March is there.", thread=other)
    await stage.advance(minutes=1)
    (post,) = ana.direct()
    assert "Answered by Ben" in post.words and not set(ANSWERS) & set(post.buttons)


@pytest.mark.setup(budget=1)
async def test_a_question_counts_in_their_day(stage: Stage) -> None:
    ana = stage.people["ana"]
    await ana.commands("dm on")
    await pointed_elsewhere(stage)
    await stage.advance(minutes=16)
    assert question_in(ana.direct())
    other = await stage.people["omar"].says("Hello, where do I find the invoice of March?")
    await ana.says(ELSEWHERE, thread=other)
    await stage.advance(hours=6)
    assert len(ana.direct()) == 1
    assert (await ana.commands("waiting mine")).words.count(ASKS) == 2, "the list asks for nothing of their day"


@pytest.mark.setup(close_loop=False)
async def test_settings_may_leave_it(stage: Stage) -> None:
    ana = stage.people["ana"]
    await ana.commands("dm on")
    await pointed_elsewhere(stage)
    mine = await ana.commands("waiting mine")
    assert ASKS not in mine.words and not set(ANSWERS) & set(mine.buttons)
    await stage.advance(hours=5)
    assert ana.direct() == []


async def test_where_they_read_of_it_already_the_question_is_a_line_below(stage: Stage) -> None:
    ana = stage.people["ana"]
    await ana.commands("dm on")
    question = await stage.people["dana"].says("@Ana, why does the csv export of March come out empty?")
    await stage.advance(minutes=31)
    assert len(ana.direct()) == 1
    await ana.says(ELSEWHERE, thread=question)
    await stage.advance(minutes=16)
    asked = ana.direct()
    assert all(ASKS in seen.words and set(ANSWERS) <= set(seen.buttons) for seen in asked)
    assert stage.team.sees() == [] and stage.notified() == [("ana",), ("ana",)]
    await ana.clicks(asked[-1], "That was enough")
    await stage.advance(minutes=1)
    assert await stage.waits() == ()
    assert not any(ASKS in seen.words or set(ANSWERS) & set(seen.buttons) for seen in ana.direct())


async def test_the_teams_post_says_nothing_of_the_question(stage: Stage) -> None:
    ana = stage.people["ana"]
    question = await stage.people["dana"].says("@Ana, why does the csv export of March come out empty?")
    await stage.advance(minutes=31)
    await ana.commands("dm on")
    await ana.says(ELSEWHERE, thread=question)
    await stage.advance(minutes=20)
    assert question_in(ana.direct())
    (post,) = stage.team.sees()
    assert "Pointed elsewhere" in post.words and ASKS not in post.words and not set(ANSWERS) & set(post.buttons)
    await ana.clicks(question_in(ana.direct()), "I'll post the outcome")
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert "Ana will post the outcome by" in post.words
    await stage.restart()
    await stage.advance(days=1, hours=13)
    assert stage.notified()[2:3] == [("ana",)], "what was promised didn't come, and it climbs on"


@pytest.mark.only("discord")
async def test_where_direct_messages_are_closed_it_stays_in_the_list(stage: DiscordStage) -> None:
    await stage.people["ana"].commands("dm on")
    stage.persons["ana"].dms_closed = True
    await pointed_elsewhere(stage)
    await stage.advance(hours=2)
    assert stage.team.sees() == [], "never where others read it"
    assert ASKS in (await stage.people["ana"].commands("waiting mine")).words
    await stage.advance(hours=23)
    assert len(stage.team.sees()) == 1 and ASKS not in stage.team.sees()[0].words


@pytest.mark.alone
async def test_a_customer_who_asks_again_ends_the_quiet_of_a_redirect(stage: Stage) -> None:
    question = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says(ELSEWHERE, thread=question)
    await stage.advance(minutes=30)
    await stage.people["dana"].says(URGENT, thread=question)
    await stage.advance(minutes=2)
    (wait,) = await stage.waits()
    assert wait.hold is None
    (post,) = stage.team.sees()
    assert post.calls == ("ana",) and "asked again" in post.words


@pytest.mark.alone
async def test_who_is_to_post_the_outcome_is_told_that_the_customer_asks_again(stage: Stage) -> None:
    question = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says(ELSEWHERE, thread=question)
    await stage.people["ana"].commands("close-loop w1 post 5h")
    await stage.advance(minutes=30)
    await stage.people["dana"].says(URGENT, thread=question)
    await stage.advance(minutes=2)
    (wait,) = await stage.waits()
    assert wait.hold is not None and wait.hold.kind is HoldKind.OUTCOME
    (post,) = stage.team.sees()
    assert post.calls == ("ana",) and "asked again" in post.words


@pytest.mark.alone
async def test_pointing_elsewhere_again_and_again_keeps_nothing_quiet(stage: Stage) -> None:
    question = await stage.people["dana"].says(QUESTION)
    for _ in range(3):
        await stage.people["ana"].says(ELSEWHERE, thread=question)
        await stage.advance(hours=20)
    assert stage.notified(), "a day after the first of them"
