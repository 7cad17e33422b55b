"""Undo gives back what was there: who was on a wait, until when it was put off and why."""

from __future__ import annotations

from bot.domain.waits import HoldKind
from tests.scenario.stage import Stage
from tests.scenario.test_reminding import QUESTION

WHY = "waiting for the release"


async def test_a_slip_leaves_the_claim(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    ana = stage.people["ana"]
    await ana.commands("claim w1")
    (before,) = await stage.waits()
    await stage.advance(minutes=1)
    await ana.commands("answered w1")
    await stage.advance(minutes=1)
    said = await ana.commands("undo")
    assert "back on the list" in said.words
    assert "You're on it" in said.words or "you are on it" in said.words.lower()
    (wait,) = await stage.waits()
    assert wait.hold == before.hold
    assert (wait.owner, wait.owner_reason) == (before.owner, "claimed")

    await ana.commands("undo")
    (wait,) = await stage.waits()
    assert wait.hold is None
    assert wait.owner_reason != "claimed"


async def test_a_snooze_over_a_snooze(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].commands(f"snooze w1 tomorrow 10:00 {WHY}")
    (before,) = await stage.waits()
    await stage.advance(minutes=1)
    await stage.people["ben"].commands("snooze w1 2h")
    await stage.advance(minutes=1)
    said = await stage.people["ben"].commands("undo")
    assert "Ana put it off until" in said.words
    (wait,) = await stage.waits()
    assert wait.hold == before.hold
    listed = await stage.people["cleo"].commands("waiting")
    if "my export fails" in listed.words:  # where what people write is kept
        assert WHY in listed.words


async def test_a_dismissal_of_what_was_put_off(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].commands(f"snooze w1 tomorrow 10:00 {WHY}")
    (before,) = await stage.waits()
    await stage.people["ben"].commands("dismiss w1")
    await stage.advance(minutes=1)
    said = await stage.people["ben"].commands("undo")
    assert "Ana put it off until" in said.words
    (wait,) = await stage.waits()
    assert wait.hold == before.hold
    await stage.advance(hours=3)
    assert not stage.notified()


async def test_a_claim_that_was_taken_over(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    ana, ben = stage.people["ana"], stage.people["ben"]
    await ana.commands("claim w1")
    (before,) = await stage.waits()
    await stage.advance(minutes=1)
    asked = await ben.commands("claim w1")
    await ben.clicks(asked, "Take it over")
    await stage.advance(minutes=1)
    said = await ben.commands("undo")
    assert "Ana is on it" in said.words
    (wait,) = await stage.waits()
    assert (wait.hold, wait.owner) == (before.hold, before.owner)

    await ben.commands("dismiss w1")
    await ben.commands("undo")
    (wait,) = await stage.waits()
    assert (wait.hold, wait.owner) == (before.hold, before.owner)

    await ana.commands("undo")
    (wait,) = await stage.waits()
    assert wait.hold is None


async def test_what_is_over_by_then_isnt_given_back(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].commands("snooze w1 30m")
    await stage.advance(minutes=1)
    await stage.people["ben"].commands("claim w1")
    await stage.advance(hours=1)
    await stage.people["ben"].commands("undo")
    (wait,) = await stage.waits()
    assert wait.hold is None


async def test_nobody_is_on_it_again_who_has_passed_it_on_since(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    ana, ben = stage.people["ana"], stage.people["ben"]
    await ana.commands("claim w1")
    await stage.advance(minutes=1)
    await ben.clicks(await ben.commands("claim w1"), "Take it over")
    await ana.commands("not-me w1")
    await ben.commands("undo")
    (wait,) = await stage.waits()
    assert wait.hold is None or wait.hold.kind is not HoldKind.CLAIM
    assert wait.owner_reason != "claimed"


async def test_a_claim_that_was_taken_back_by_a_word_is_there_again_after_undo(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    ana = stage.people["ana"]
    await ana.commands("claim w1")
    (before,) = await stage.waits()
    await stage.advance(minutes=10)
    await ana.commands("unclaim w1")
    await stage.advance(minutes=1)
    said = await ana.commands("undo")
    assert "is as it was" in said.words and "on it" in said.words
    (wait,) = await stage.waits()
    assert (wait.hold, wait.owner, wait.owner_reason) == (before.hold, before.owner, "claimed")
    await ana.commands("undo")  # what came before that: the claim
    (wait,) = await stage.waits()
    assert wait.hold is None and "nothing of yours" in (await ana.commands("undo")).words


async def test_not_me_is_undone_and_so_is_a_snooze_that_was_ended_with_its_reason(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    ana, ben = stage.people["ana"], stage.people["ben"]
    await ana.commands(f"snooze w1 tomorrow 10:00 {WHY}")
    (before,) = await stage.waits()
    await stage.advance(minutes=1)
    await ben.commands("not-me w1")
    await stage.advance(minutes=1)
    await ben.commands("unsnooze w1")
    await stage.restart()
    await ben.commands("undo")
    (wait,) = await stage.waits()
    assert wait.hold == before.hold and len(wait.not_me) == 1
    listed = await stage.people["cleo"].commands("waiting")
    assert WHY in listed.words or "my export fails" not in listed.words
    said = await ben.commands("undo")
    assert "is as it was" in said.words
    (wait,) = await stage.waits()
    assert wait.hold == before.hold and wait.not_me == ()


async def test_what_is_newer_than_a_button_isnt_undone_by_it(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    first = await stage.people["ana"].commands("snooze w1 2h")
    await stage.advance(minutes=1)
    await stage.people["ben"].commands(f"snooze w1 tomorrow 10:00 {WHY}")
    (before,) = await stage.waits()
    said = await stage.people["ana"].clicks(first, "Undo")
    assert "put off anew" in said.words and "Nothing is changed" in said.words
    assert await stage.waits() == (before,)


async def test_why_it_was_put_off_is_gone_once_it_ended_and_undo_says_so(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].commands(f"snooze w1 tomorrow 10:00 {WHY}")
    await stage.people["ben"].commands("dismiss w1")
    said = await stage.people["ben"].commands("undo")
    assert WHY not in said.words and ("Why isn't kept past the end" in said.words) == (stage.setup.text != "never")
