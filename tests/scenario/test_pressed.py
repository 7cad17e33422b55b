"""A customer asks again while an answer is promised: whoever is to keep that hears of it once, and the promise stands."""

from __future__ import annotations

import pytest

from bot.domain.waits import HoldKind
from tests.scenario.stage import Stage
from tests.scenario.test_reminding import QUESTION

URGENT = "This is urgent, production is down and our customers are waiting!!"


def called(stage: Stage) -> int:
    """How often anybody was called about Dana's wait."""
    return len(stage.notified())


@pytest.mark.setup(promise_notice=3600.0)
async def test_who_promised_is_told_once_that_their_customer_presses(stage: Stage) -> None:
    question = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says("I'll get back to you tomorrow at 10.", thread=question)
    await stage.advance(minutes=30)
    await stage.people["dana"].says(URGENT, thread=question)
    await stage.advance(minutes=1)

    (post,) = stage.team.sees()
    assert "Dana has asked again in #help; you promised an answer by 3 Mar" in post.words
    (wait,) = await stage.all_waits()
    assert wait.hold is not None
    assert wait.hold.kind is HoldKind.PROMISE
    why = await stage.people["cleo"].commands("why w1")
    assert "Told Ana that the customer asked again" in why.words

    await stage.people["dana"].says("Hello? Is anybody looking at this?", thread=question)
    await stage.advance(hours=4)
    assert [post.words for post in stage.team.sees() if "asked again" in post.words]
    assert called(stage) == 1

    await stage.advance(hours=17)  # the notice, an hour before
    assert called(stage) == 2


@pytest.mark.setup(promise_notice=3600.0)
async def test_where_who_promised_is_away_a_colleague_hears_of_it(stage: Stage) -> None:
    question = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says("I'll get back to you tomorrow at 10.", thread=question)
    await stage.people["ana"].commands("away until tomorrow")
    await stage.advance(minutes=30)
    await stage.people["dana"].says(URGENT, thread=question)
    await stage.advance(minutes=1)

    (post,) = stage.team.sees()
    assert "Dana has asked again in #help; Ana promised an answer by 3 Mar" in post.words
    assert "I'm on it" in post.buttons
    assert called(stage) == 1


@pytest.mark.setup(promise_notice=3600.0)
async def test_a_post_of_what_is_promised_shows_what_they_press_with(stage: Stage) -> None:
    question = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    await stage.people["ana"].says("I'll get back to you tomorrow at 10.", thread=question)
    await stage.advance(minutes=30)
    await stage.people["dana"].says(URGENT, thread=question)
    await stage.advance(minutes=11)

    post, line = stage.team.sees()
    assert "Dana asked again" in post.words
    assert "you promised an answer by" in line.words
    home = await stage.people["ana"].home()
    if "my export fails" in home.words:  # where what people write is kept
        assert "production is down" in post.words
        assert "production is down" in home.words
    await stage.people["ana"].says("It works again: please clear the cache and run the export once more.", thread=question)
    await stage.advance(minutes=1)
    assert all("production is down" not in post.words for post in stage.team.sees())


async def test_a_soft_word_right_after_the_promise_presses_for_nothing(stage: Stage) -> None:
    question = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says("I'll get back to you tomorrow at 10.", thread=question)
    await stage.advance(minutes=1)
    await stage.people["dana"].says("Any news on the export?", thread=question)
    await stage.advance(minutes=40)
    assert called(stage) == 0
