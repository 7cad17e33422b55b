"""A wait has one post where the team reads: later rungs are lines below it, it follows the conversation, and nobody is notified
of one wait twice in a rung's span."""

from __future__ import annotations

import pytest

from tests.scenario.local_stage import LocalStage
from tests.scenario.slack_stage import SlackStage
from tests.scenario.stage import Stage

QUESTION = "Hi, my export fails with error 500 since this morning, how can I fix that?"
ANSWER = "Your disk was full, I have given you more room. The export runs again, please try it."

pytestmark = pytest.mark.setup(text="while_waiting")


async def test_later_rungs_are_lines_below_the_one_post_which_tells_of_all(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(days=1, minutes=10)
    post, *lines = stage.team.sees()
    assert [shown.below for shown in (post, *lines)] == [False, *(True for _ in lines)]
    assert stage.notified() == [("ben",), ("ben",), ("cleo",)]
    assert [line.calls for line in lines] == [("ben",), ("cleo",)]
    assert "Dana still waits in #help, 2 h; you were asked" in lines[0].words and lines[0].quotes == ()
    assert "; Ben was asked first" in lines[1].words
    assert "Cleo, Dana has been waiting" in post.words.replace("cleo", "Cleo").replace("@", "")
    assert "Ben was asked" in post.words and " and again " in post.words and post.quotes == (QUESTION,)
    await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(minutes=1)
    post, *lines = stage.team.sees()
    assert "answered by ana" in post.words.casefold()
    assert ["was asked about Dana in #help" in line.words for line in lines] == [True, True], "how things are says the post"


async def test_whoever_was_asked_isnt_asked_again_because_others_pass_it_on(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=30)
    await stage.people["ben"].clicks(stage.team.sees()[0], "Not me")
    await stage.advance(minutes=0.2)
    await stage.people["ana"].commands("claim w1")
    await stage.advance(minutes=0.2)
    await stage.people["ana"].commands("not-me w1")
    await stage.people["ben"].commands("claim w1")
    await stage.people["ben"].commands("not-me w1")
    await stage.people["ben"].commands("away 2h")
    await stage.people["ana"].commands("snooze w1 1h")
    await stage.people["ana"].commands("unsnooze w1")
    await stage.advance(minutes=50)
    called = [member for calls in stage.notified() for member in calls]
    assert called.count("ben") == 1 and len(called) == len(set(called))
    assert [shown.below for shown in stage.team.sees()] == [False] + [True] * (len(stage.notified()) - 1)
    assert len(await stage.waits()) == 1


async def test_nor_because_others_take_it_and_let_it_go_or_go_away(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=30)
    for name in ("ana", "cleo"):
        await stage.people[name].commands("claim w1")
        await stage.advance(minutes=0.3)
        await stage.people[name].commands("not-me w1")
        await stage.people[name].commands("away 1h")
    await stage.people["ana"].commands("snooze w1 1h")
    await stage.people["cleo"].commands("unsnooze w1")
    await stage.restart()
    await stage.advance(minutes=50)
    assert stage.notified() == [("ben",)], "he knows"
    await stage.advance(minutes=45)
    assert stage.notified() == [("ben",), ("ben",)], "the next step comes at its own time"


async def test_a_customer_who_asks_again_ends_a_snooze_and_who_put_it_off_is_told(stage: Stage) -> None:
    dana = stage.people["dana"]
    await dana.says(QUESTION)
    await stage.advance(minutes=31)
    await stage.people["ana"].commands("snooze w1 5h")
    await stage.advance(minutes=1)
    assert "put it off until" in stage.team.sees()[0].words
    await stage.advance(minutes=20)
    await dana.says("This is urgent now, production is down! Can somebody please look at my export?")
    await stage.advance(minutes=1)
    post, line = stage.team.sees()
    assert stage.notified() == [("ben",), ("ana",)]
    assert "Dana has asked again; you had put it off" in line.words and line.below
    assert "Dana asked again" in post.words and "; you had put it off" in post.words and "1 more message since" in post.words
    assert any("production is down" in quote for quote in post.quotes)


async def test_a_post_counts_what_its_customer_goes_on_writing_though_it_asks_nothing(stage: Stage) -> None:
    dana = stage.people["dana"]
    await dana.says(QUESTION)
    await stage.advance(minutes=31)
    last = ""
    for number in (3, 5, 8):
        await stage.advance(minutes=6)
        last = await dana.says(f"here is number {number}")
    await stage.advance(minutes=1)
    await stage.restart()
    (post,) = stage.team.sees()
    assert "3 more messages since" in post.words and post.quotes[0] == QUESTION and stage.notified() == [("ben",)]
    await dana.deletes(last)
    await stage.advance(minutes=1)
    assert "2 more messages since" in stage.team.sees()[0].words


@pytest.mark.setup(text="while_waiting", hours="09:00-17:00")
async def test_what_is_said_of_a_hold_goes_when_it_runs_out_though_nobody_can_be_reminded_yet(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(hours=4)
    await stage.people["ana"].commands("claim w1")
    await stage.advance(minutes=1)
    post, line = stage.team.sees()
    assert "Ana is on it" in post.words and line.words.startswith("Ben was asked about Dana in #help")
    await stage.restart()
    await stage.advance(hours=5)
    post, line = stage.team.sees()
    assert "Dana has been waiting" in post.words and post.quotes == (QUESTION,) and "I'm on it" in post.buttons
    assert line.words.startswith("Ben was asked about Dana in #help")
    assert stage.notified() == [("ben",), ("ben",)], "it is evening"


async def test_another_reason_for_a_snooze_is_read_on_the_post(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    for why in ("waiting for the release", "the release is late"):
        await stage.people["ana"].commands(f"snooze w1 tomorrow 9am {why}")
        await stage.advance(minutes=1)
        (post,) = stage.team.sees()
        assert why in post.words


async def test_a_snooze_is_undone_by_the_button_on_the_post_and_nobody_is_asked_twice(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    answer = await stage.people["ben"].clicks(post, "Snooze 2 hours")
    assert answer.buttons == ("Undo",)
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert "Undo" in post.buttons
    told = await stage.people["ben"].clicks(post, "Undo")
    assert "isn't put off any more" in told.words
    assert "isn't put off." in (await stage.people["ben"].commands("unsnooze w1")).words
    await stage.advance(minutes=5)
    (post,) = stage.team.sees()
    assert "I'm on it" in post.buttons and stage.notified() == [("ben",)]
    await stage.advance(hours=2)
    assert stage.notified() == [("ben",), ("ben",)]


async def test_what_was_first_asked_in_a_direct_message_goes_on_in_the_channel_and_that_one_is_closed(stage: Stage) -> None:
    ben = stage.people["ben"]
    await ben.commands("dm on")
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (direct,) = ben.direct()
    assert stage.team.sees() == []
    await ben.clicks(direct, "Not me")
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    (direct,) = ben.direct()
    assert "ben" not in post.calls and post.quotes == (QUESTION,)
    assert "Now with" in direct.words and "in #team." in direct.words and direct.quotes == () and direct.buttons == ("Why?",)
    await stage.people["cleo"].says(ANSWER, thread=asked)
    await stage.advance(minutes=1)
    assert "Answered by Cleo" in ben.direct()[0].words and "Answered by Cleo" in stage.team.sees()[0].words


async def test_who_is_asked_in_a_direct_message_later_is_named_on_the_post_and_not_called_on_there(stage: Stage) -> None:
    cleo = stage.people["cleo"]
    await cleo.commands("dm on")
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(days=1, minutes=10)
    (direct,), post = cleo.direct(), stage.team.sees()[0]
    assert direct.calls == ("cleo",) and "Cleo was asked" in post.words and "in a direct message" in post.words
    assert "could you" not in post.words.casefold() and post.quotes == (QUESTION,) and "I'm on it" in post.buttons
    await cleo.clicks(direct, "Not me")
    await stage.advance(minutes=1)
    assert "in a direct message" not in stage.team.sees()[0].words
    await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(minutes=1)
    assert "Answered by Ana" in cleo.direct()[0].words and "Answered by Ana" in stage.team.sees()[0].words


@pytest.mark.only("local")
async def test_a_question_that_is_deleted_leaves_no_reminder_that_asks(stage: LocalStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(hours=2, minutes=1)
    await stage.people["dana"].deletes(asked)
    await stage.advance(minutes=1)
    post, line = stage.team.sees()
    assert "Dana took the question back" in post.words and post.quotes == () and "Still waiting" not in post.buttons
    assert line.words.startswith("Ben was asked about Dana in #help")
    await stage.advance(days=2)
    assert len(stage.team.sees()) == 2


@pytest.mark.only("local")
async def test_where_the_post_was_deleted_by_hand_the_next_rung_is_posted_anew(stage: LocalStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.town.channel("team").posts
    post.view, post.deleted = None, True
    await stage.advance(hours=2)
    (anew,) = stage.team.sees()
    assert not anew.below and anew.quotes == (QUESTION,) and "I'm on it" in anew.buttons
    assert (await stage.people["cleo"].commands("waiting")).words.count("Dana") == 1


@pytest.mark.only("slack")
async def test_on_slack_too_which_would_put_the_line_into_the_channel(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    stage.fake.remove(stage.team.sees()[0].native)
    await stage.advance(hours=2)
    anew = stage.team.sees()[-1]
    assert not anew.below and anew.quotes == (QUESTION,)


@pytest.mark.only("slack")
async def test_a_line_in_doubt_is_looked_for_in_its_thread_and_isnt_doubled(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    stage.fake.trouble.drop("chat.postMessage", accepted=True)
    await stage.advance(hours=3)
    assert [shown.below for shown in stage.team.sees()] == [False, True]
    assert stage.notified() == [("ben",), ("ben",)]
