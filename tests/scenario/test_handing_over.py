"""Handing over: a wait is assigned with a note, who is on duty is said in chat, and whoever goes away or ends a shift gets what
they have open as one list, to be handed over in person."""

from __future__ import annotations

import pytest

from tests.scenario.stage import Stage
from tests.scenario.test_reminding import QUESTION

NOTE = "waits for the refund of May"


@pytest.mark.setup(text="while_waiting")
async def test_a_wait_is_handed_to_a_colleague_who_reads_why(stage: Stage) -> None:
    ana, ben, dana = (stage.people[name] for name in ("ana", "ben", "dana"))
    asked = await dana.says(QUESTION)
    before = len(stage.notified())
    answer = await ana.commands(f"assign w1 @ben {NOTE}")
    assert "is handed to Ben" in answer.words and NOTE in answer.words and "introduce them yourself" in answer.words
    post = stage.team.sees()[-1]
    assert "Ana handed this to you" in post.words and NOTE in post.words
    assert stage.notified()[before:] == [("ben",)]
    assert "already" in (await ana.commands("assign w1 ben")).words
    assert stage.notified()[before:] == [("ben",)]
    await stage.advance(minutes=1)
    assert "aren't asked again" in (await ben.clicks(post, "Not me")).words
    (wait,) = await stage.waits()
    assert wait.owner != "ben" and wait.owner_reason != "assigned"
    await ana.says("It is in the export menu, second from the top, under CSV.", thread=asked)
    await stage.advance(minutes=1)
    assert NOTE not in "".join(shown.words for shown in stage.team.sees())
    assert stage.seen_outside() == []


async def test_the_post_is_for_whom_it_was_handed_to_from_the_first_change_on(stage: Stage) -> None:
    cleo = stage.people["cleo"]
    await stage.people["dana"].says(QUESTION)
    await stage.people["omar"].says("@Cleo " + QUESTION)
    await stage.advance(minutes=31)
    assert sorted(stage.notified()) == [("ben",), ("cleo",)]
    await stage.people["ana"].commands("assign w1 @cleo")
    await stage.advance(minutes=1)
    (post,) = [shown for shown in stage.team.sees() if "Dana" in shown.words]
    assert post.words.startswith("Cleo, Dana has been waiting") and "This one was handed to you." in post.words
    assert "Ben was asked " in post.words and len(stage.notified()) == 2, "she was told of Omar a moment ago"
    await stage.advance(minutes=11)
    assert stage.notified()[2:] == [("cleo",)]
    await cleo.commands("assign w1 @ana")
    await stage.advance(minutes=1)
    post = next(shown for shown in stage.team.sees() if "Dana has been waiting" in shown.words)
    assert stage.notified()[3:] == [("ana",)] and post.words.startswith("Ana, Dana has been waiting")


async def test_the_post_is_for_a_colleague_who_is_asked_meanwhile(stage: Stage) -> None:
    cleo = stage.people["cleo"]
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    await cleo.commands("budget 0")
    await stage.people["ben"].commands("assign w1 @cleo")
    await stage.advance(minutes=1)
    assert stage.notified() == [("ben",), ("ana",)], "Cleo has it on her list"
    (post, *_) = stage.team.sees()
    assert (
        post.words.startswith("Ana, Dana has been waiting") and "Cleo was handed this one but wants only the list" in post.words
    )


async def test_handing_over_is_undone(stage: Stage) -> None:
    ana = stage.people["ana"]
    await stage.people["dana"].says(QUESTION)
    answer = await ana.commands("assign w1 @ben")
    (wait,) = await stage.waits()
    assert wait.owner_reason == "assigned"
    assert "isn't handed over after all" in (await ana.clicks(answer, "Undo")).words
    (wait,) = await stage.waits()
    assert wait.owner_reason != "assigned"


@pytest.mark.setup(text="while_waiting")
async def test_a_form_asks_to_whom_and_what_they_should_know(stage: Stage) -> None:
    ana = stage.people["ana"]
    await stage.people["dana"].says(QUESTION)
    form = await ana.clicks(await ana.commands("waiting"), "Hand over…")
    filled = await ana.fills(form, {form.inputs[0]: "cleo", form.inputs[1]: NOTE})
    assert "is handed to Cleo" in filled.words
    assert NOTE in stage.team.sees()[-1].words and stage.notified()[-1] == ("cleo",)


async def test_a_lead_who_says_that_somebody_is_away_reads_what_they_have_open(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].commands("claim w1")
    away = await stage.people["cleo"].commands("away @ana until friday")
    assert "Ana has 1 customer to hand over" in away.words and "Ana is on it" in away.words
    assert "Before you go" not in away.words and "you are on it" not in away.words


async def test_whoever_goes_away_hands_over_what_is_open(stage: Stage) -> None:
    ana = stage.people["ana"]
    await stage.people["dana"].says(QUESTION)
    await ana.commands("claim w1")
    assert "Before you go" not in (await ana.commands("away 1h")).words
    away = await ana.commands("away until friday")
    assert "Before you go: 1 customer to hand over" in away.words and "introduce them yourself" in away.words
    await stage.people["omar"].says(QUESTION)
    await ana.commands("claim w2")
    away = await ana.commands("away until friday")
    done = await ana.clicks(away, "Hand to Ben", of="w1")
    assert "is handed to Ben" in done.words and "Before you go: 1 customer to hand over" in done.words
    done = await ana.clicks(done, "Hand to Ben", of="w2")
    assert "Everything is handed over" in done.words and stage.notified()[-1] == ("ben",)
    assert "Before you go" not in (await ana.commands("away until friday")).words


async def test_who_is_on_duty_is_said_in_chat_and_holds(stage: Stage) -> None:
    ana, cleo = stage.people["ana"], stage.people["cleo"]
    assert "Ben is on duty, as the settings say." in (await ana.commands("duty")).words
    assert "Only leads" in (await ana.commands("duty @ana")).words
    said = await cleo.commands("duty @ana until friday 18:00")
    assert "Ana is on duty until" in said.words and "then Ben" in said.words
    await stage.restart()
    assert "Ana is on duty, as said in chat, until" in (await ana.commands("duty")).words
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert stage.notified()[-1] == ("ana",)
    assert "Ben is on duty" in (await cleo.commands("duty stop")).words


async def test_whose_turn_ends_gets_what_is_open_as_one_list(stage: Stage) -> None:
    ana, cleo = stage.people["ana"], stage.people["cleo"]
    turns = await cleo.commands("duty rotate @ana @ben, mondays 14:00")
    assert "take turns on duty, a week each, changing Mondays 14:00: Ana now, Ben from" in turns.words
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert stage.notified()[-1] == ("ana",)
    await ana.commands("claim w1")
    await stage.advance(hours=1, minutes=30)
    handed = stage.team.sees()[-1]
    assert "you aren't on duty any more and have 1 customer open" in handed.words and handed.calls == ("ana",)
    assert "Ben is on duty, by turns" in (await ana.commands("duty")).words
    assert "• •" not in handed.words
    await ana.clicks(handed, "Hand to Ben")
    await stage.advance(minutes=1)
    assert stage.notified()[-1] == ("ben",)
    (followed,) = (shown for shown in stage.team.sees() if "aren't on duty any more" in shown.words)
    assert "nothing is open any more" in followed.words and "handed to Ben by Ana" in followed.words
    assert followed.calls == () and "Hand to Ben" not in followed.buttons
    (wait,) = await stage.waits()
    assert wait.owner_reason == "assigned"
    before = len(stage.team.sees())
    await stage.restart()
    await stage.advance(minutes=5)
    assert len(stage.team.sees()) == before


@pytest.mark.only("local")
async def test_who_hands_over_hears_when_its_new_owner_is_asked(stage: Stage) -> None:
    ana, cleo = stage.people["ana"], stage.people["cleo"]
    await stage.people["dana"].says(QUESTION)
    assert "who is asked now" in (await ana.commands("assign w1 @ben")).words
    await stage.advance(minutes=1)
    await stage.people["omar"].says(QUESTION)
    assert "who was told something a moment ago" in (await ana.commands("assign w2 @ben")).words
    await cleo.commands("pause #help 3h")
    assert "reminders stand still, so they are asked 2 Mar 15:01" in (await ana.commands("assign w2 @cleo")).words


@pytest.mark.only("local")
@pytest.mark.setup(budget=0)
async def test_where_no_reminders_go_out_nobody_is_said_to_be_asked(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    assert "the settings let no reminders go out" in (await stage.people["ana"].commands("assign w1 @ben")).words


@pytest.mark.alone
async def test_whoever_was_handed_it_and_passes_it_on_leaves_it_to_the_next_colleague(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    await stage.people["ben"].commands("assign w1 @ana")
    await stage.advance(minutes=2)
    assert stage.notified() == [("ben",), ("ana",)]
    await stage.people["ana"].commands("not-me w1")
    await stage.advance(minutes=1)
    assert stage.notified() == [("ben",), ("ana",), ("cleo",)], "Ben, who is on duty, was asked just now"


async def test_after_a_hand_over_is_taken_back_the_post_is_for_whom_it_was_and_the_line_is_history(stage: Stage) -> None:
    ana, cleo = stage.people["ana"], stage.people["cleo"]
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    await cleo.commands("assign w1 @ana")
    await stage.advance(minutes=1)
    post, line = stage.team.sees()
    assert post.words.startswith("Ana, Dana") and "This one was handed to you." in line.words
    await cleo.commands("undo")
    await stage.advance(minutes=1)
    post, line = stage.team.sees()
    assert post.words.startswith("Ben, Dana") and "You're on duty." in post.words and "handed" not in post.words
    assert line.words.startswith("Ana was asked about Dana") and "handed" not in line.words
    assert stage.notified() == [("ben",), ("ana",)]
    await ana.commands("assign w1 @cleo")
    await stage.advance(minutes=1)
    await ana.commands("assign w1 @ben")
    await stage.advance(minutes=1)
    line = stage.team.sees()[-1]
    assert line.words.startswith("Cleo was asked about Dana") and "handed to you" not in line.words, "Ben has it by now"


@pytest.mark.only("local")
async def test_the_post_says_that_whoever_has_it_is_away_also_when_a_later_step_is_for_others(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].commands("assign w1 @cleo")
    await stage.advance(minutes=1)
    await stage.people["cleo"].commands("away until 9 march")
    await stage.advance(hours=2)
    assert "was handed this one but is away until" in stage.team.sees()[0].words
