"""A customer's own target and a newcomer's; what stands beside a name; a word before a promise is due. On every platform."""

from __future__ import annotations

import pytest

from tests.scenario.slack_stage import SlackStage
from tests.scenario.stage import Stage

QUESTION = "Hi, my export fails with error 500 since this morning, how can I fix that?"
ANSWER = "Your disk was full, I have given you more room. The export runs again, please try it."


@pytest.mark.setup(newcomer_first=600.0)
async def test_a_newcomers_first_question_comes_sooner_and_says_so_the_next_one_doesnt(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=11)
    (post,) = stage.team.sees()
    assert "Dana's first question here" in post.words
    why = await stage.people["ana"].commands("why w1")
    assert "first question here: the first reminder comes after 10 min" in why.words
    listed = await stage.people["ana"].commands("waiting")
    assert "their first question here" in listed.words
    await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(days=1)
    await stage.people["dana"].says("Hello, how can I change the address on my invoices?")
    await stage.advance(minutes=12)
    assert len(stage.notified()) == 1
    await stage.advance(minutes=20)
    assert len(stage.notified()) == 2 and "first question" not in stage.team.sees()[-1].words


@pytest.mark.setup(customers=(("dana", "Reef Hotels", 900.0), ("omar", "Tide", None)), newcomer_first=1200.0)
async def test_a_customers_own_target_counts_and_their_company_stands_beside_their_name(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    listed = await stage.people["ana"].commands("waiting")
    assert "Dana (Reef Hotels) in" in listed.words and "due soon" in listed.words
    await stage.advance(minutes=16)
    (post,) = stage.team.sees()
    assert "Dana (Reef Hotels) has been waiting 15 min" in post.words
    why = await stage.people["ana"].commands("why w1")
    assert "By the settings the first reminder comes after 15 min for this customer" in why.words
    assert "due soon" not in (await stage.people["ana"].commands("waiting")).words
    await stage.advance(minutes=46)
    assert len(stage.notified()) == 2, "the second step keeps its proportion: an hour instead of two"


@pytest.mark.only("slack")
@pytest.mark.setup(customers=(("omar", "Tide", None),))
async def test_slack_connect_tells_the_company_and_the_settings_win(stage: SlackStage) -> None:
    reef, fake = stage.fake.other_team("Reef Hotels"), stage.fake
    for name in ("dana", "omar"):
        await stage.persons[name].changes(team=reef, is_stranger=False)
    await fake.share("help", reef)
    await stage.people["dana"].says(QUESTION)
    await stage.people["omar"].says("Hello, how can I change the address on my invoices?")
    listed = (await stage.people["ana"].commands("waiting")).words
    assert "Dana (Reef Hotels) in" in listed and "Omar (Tide) in" in listed
    asked = [call.method for call in fake.calls].count("team.info")
    assert asked == 1, "once for the organisation"
    await stage.restart()
    await stage.advance(minutes=31)
    assert "Dana (Reef Hotels) has been waiting" in stage.team.sees()[0].words, "they have written nothing since the start"
    fake.scopes.discard("team:read")
    await stage.restart()
    listed = (await stage.people["ana"].commands("waiting")).words
    assert "Dana in" in listed and "Omar (Tide) in" in listed, "without the scope the rest is as it was"


@pytest.mark.setup(promise_notice=3600.0)
async def test_who_promised_is_told_once_before_it_is_due(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says("Dana, I'll get back to you in three hours", thread=asked)
    (wait,) = await stage.waits()
    assert wait.hold is not None
    await stage.advance(hours=1, minutes=58)
    assert stage.notified() == []
    await stage.advance(minutes=4)
    assert stage.notified() == [("ana",)]
    assert "you promised Dana an answer by" in stage.team.sees()[0].words
    await stage.restart()
    await stage.advance(minutes=50)
    assert stage.notified() == [("ana",)], "only once"
    why = await stage.people["ben"].commands("why w1")
    assert "that their promise is due" in why.words
    await stage.advance(minutes=15)
    assert len(stage.notified()) == 2, "a promise that is broken climbs on, however lately who made it was told"
    await stage.people["ana"].says(ANSWER, thread=asked)
    stats = await stage.people["ben"].commands("stats")
    assert "promises kept in time" not in stats.words or "0 of 1" in stats.words


@pytest.mark.setup(promise_notice=3600.0, hours="09:00-17:00")
async def test_the_word_before_a_promise_is_no_more_than_that_once_it_was_due(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says("Dana, I'll get back to you at 16:58", thread=asked)
    await stage.advance(hours=4)
    assert "you promised Dana an answer by" in stage.team.sees()[0].words and stage.notified() == [("ana",)]
    await stage.advance(hours=3)
    (post, *lines) = stage.team.sees()
    assert "Dana has been waiting" in post.words and "I'm on it" in post.buttons, "though it is evening"
    assert not any("you promised" in line.words for line in lines)


@pytest.mark.setup(promise_notice=3600.0)
async def test_a_promise_that_was_kept_needs_no_word(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says("Dana, I'll get back to you in three hours", thread=asked)
    await stage.advance(hours=1)
    await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(hours=4)
    assert stage.notified() == []
