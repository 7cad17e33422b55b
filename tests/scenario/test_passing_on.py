"""A budget passes on, and every ladder ends with a person: the same on every platform."""

from __future__ import annotations

import pytest

from tests.scenario.stage import HOUR, MINUTE, Stage
from tests.scenario.test_quiet import OTHER_QUESTIONS
from tests.scenario.test_reminding import QUESTION


@pytest.mark.setup(budget=1)
async def test_who_has_had_enough_for_the_day_is_passed_over_and_a_colleague_asked(stage: Stage) -> None:
    for customer, question in zip(("dana", "omar", "pia"), (QUESTION, *OTHER_QUESTIONS), strict=False):
        await stage.people[customer].says(question)
        await stage.advance(minutes=31)
    assert sorted(stage.notified()) == [("ana",), ("ben",), ("cleo",)], "ben is on duty, and has had his one"
    assert stage.notified()[0] == ("ben",)
    told = await stage.people["ana"].commands("why w2")
    assert "Reminded Ana" in told.words and "Passed over: Ben: over the budget of 1 a day" in told.words
    await stage.advance(hours=3)
    last = stage.team.sees()[-1]
    assert last.calls == () and "Nobody can be asked just now. Cleo may know who has a moment." in last.words


@pytest.mark.setup(digests=("15:00",))
async def test_after_the_last_step_the_digest_names_who_should_reply(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(days=1, hours=2, minutes=59)
    assert stage.team.sees()[-1].calls == ("cleo",), "the last step"
    await stage.advance(minutes=2)
    digest = stage.team.sees()[-1]
    assert "Still waiting, after the last reminder" in digest.words and digest.calls == ("ben",)


@pytest.mark.setup(steps=((30 * MINUTE, "owner"),), digests=("15:00",))
async def test_a_lead_who_is_to_decide_can_hand_it_over(stage: Stage) -> None:
    cleo = stage.people["cleo"]
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    for name in ("ben", "ana", "cleo"):
        await stage.people[name].commands("not-me w1")
        await stage.advance(minutes=11)
    await stage.advance(hours=2)
    digest = stage.team.sees()[-1]
    assert "To be decided" in digest.words and digest.calls == ("cleo",)
    form = await cleo.chooses(digest, "Hand over…", "w1")
    assert "is handed to Ana" in (await cleo.fills(form, {form.inputs[0]: "ana"})).words
    await stage.advance(minutes=1)
    assert stage.notified()[-1] == ("ana",)


async def test_a_redirected_wait_climbs_on_when_its_day_is_over(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=5)
    await stage.people["ana"].says("Please email support@harbor.example about this.", thread=asked)
    await stage.advance(days=1)
    assert len(stage.notified()) == 1
    await stage.advance(hours=2)
    assert len(stage.notified()) == 2
    await stage.advance(days=1)
    assert stage.notified()[-1] == ("cleo",)


@pytest.mark.alone
@pytest.mark.setup(steps=((30 * MINUTE, "owner"), (2 * HOUR, "team")), budget=1)
async def test_a_step_for_the_team_asks_somebody_by_name_where_all_read_it(stage: Stage) -> None:
    ana = stage.people["ana"]
    await ana.commands("dm on")
    await stage.people["dana"].says(QUESTION)
    await stage.advance(hours=2, minutes=1)
    assert stage.notified() == [("ben",), ("ana",)] and ana.direct() == []
    words = " ".join(shown.words for shown in stage.team.sees())
    assert "Anybody else who has a moment may take it, too." in words
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    await stage.advance(hours=2, minutes=1)
    assert stage.notified()[2:] == [("cleo",), ()], "Ben and Ana have had their one; a lead is somebody, too"
    last = stage.team.sees()[-1]
    assert last.calls == () and "Cleo may know who has a moment." in last.words


async def test_a_customer_isnt_kept_waiting_for_a_long_mute(stage: Stage) -> None:
    ben = stage.people["ben"]
    await ben.commands("mute 2h")
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert stage.notified() == [("ana",)]
    assert "Passed over: Ben: muted until 14:00" in (await ben.commands("why w1")).words
    await ben.commands("unmute")
    await ben.commands("mute 40m")
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    await stage.advance(minutes=31)
    assert len(stage.notified()) == 1
    await stage.advance(minutes=11)
    assert stage.notified()[1:] == [("ben",)], "nine minutes more"


async def test_a_mute_said_again_and_again_doesnt_keep_a_customer_waiting(stage: Stage) -> None:
    ben = stage.people["ben"]
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=25)
    for _ in range(4):
        await ben.commands("mute 15m")
        await stage.advance(minutes=8)
    assert stage.notified() == [("ana",)], "a quarter of an hour after it was due"


@pytest.mark.alone
@pytest.mark.parametrize("muted", [False, True])
async def test_who_was_asked_instead_of_whom_it_is_for_knows_whatever_others_do(stage: Stage, muted: bool) -> None:
    ana, ben, cleo = (stage.people[name] for name in ("ana", "ben", "cleo"))
    if muted:
        await ben.commands("mute 5h")
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    if not muted:
        await ben.commands("not-me w1")
        await stage.advance(minutes=1)
    before = len(stage.notified())
    assert stage.notified()[-1] == ("ana",)
    for line in ("claim w1", "unclaim w1", "snooze w1 1h", "unsnooze w1", "assign w1 @ben", "unassign w1"):
        await cleo.commands(line)
        await stage.advance(minutes=1)
    assert [to for to in stage.notified()[before:] if to != ("ben",)] == []
    await ana.commands("not-me w1")
    await stage.advance(minutes=1)
    assert stage.notified()[-1] == ("cleo",)


@pytest.mark.alone
async def test_that_nobody_can_be_asked_is_read_in_the_channel_as_one_message(stage: Stage) -> None:
    for customer, question in zip(("dana", "omar", "pia"), (QUESTION, *OTHER_QUESTIONS), strict=False):
        await stage.people[customer].says(question)
        await stage.advance(minutes=15)
    await stage.advance(minutes=20)
    before = len(stage.team.sees())
    for name in ("ana", "ben", "cleo"):
        await stage.people[name].commands("budget 0")
    await stage.advance(minutes=56)
    first = stage.team.sees()[before:]
    await stage.restart()
    await stage.advance(hours=2)
    told = stage.team.sees()[before:]
    assert len(first) == 1 and len(told) == 2, "the others two hours later, together"
    assert not told[0].below and not told[1].below, "seen by who reads the channel"
    assert "Dana" in told[0].words and "Omar" in told[1].words and "Pia" in told[1].words
    assert all("Nobody can be asked just now" in one.words and "Everybody who waits" in one.buttons for one in told)
    await stage.people["ana"].commands("claim w1")
    await stage.advance(minutes=1)
    assert "Ana is on it" in stage.team.sees()[0].words and "The team was asked about Dana" in stage.team.sees()[before].words


@pytest.mark.alone
@pytest.mark.setup(steps=((30 * MINUTE, "owner"), (60 * MINUTE, "duty"), (24 * 60 * MINUTE, "lead")))
async def test_who_was_never_asked_passes_it_on_and_the_steps_taken_stay_taken(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(hours=3)
    asked = stage.notified()
    name = "ana"
    assert all(name not in to for to in asked)
    for line in ("not-me w1", "undo") * 3 + ("not-me w1",):
        await stage.people[name].commands(line)
        await stage.advance(minutes=5)
    await stage.advance(hours=3)
    assert stage.notified() == asked, "somebody heard of it again"
    await stage.advance(hours=18)
    assert stage.notified()[len(asked) :] == [("cleo",)], "the last step comes when it is due"
