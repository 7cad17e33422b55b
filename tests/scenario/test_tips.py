"""Tips: what a member may be told of how they write, once, to them alone."""

from __future__ import annotations

import pytest

from tests.coaching.town import QUESTIONS
from tests.scenario.stage import Stage
from tests.scenario.test_reminding import QUESTION

LINE = "You can restart the export under Settings, Exports, where the button Retry sends the whole file again."
TIP = "A tip, for you alone"


async def to_three(stage: Stage, line: str = LINE) -> None:
    """Ana writes the same to three customers."""
    for name, question in zip(("dana", "omar", "pia"), QUESTIONS, strict=False):
        asked = await stage.people[name].says(question)
        await stage.advance(minutes=5)
        await stage.people["ana"].says(line, thread=asked)


def public(stage: Stage) -> list[str]:
    """What the team reads of tips."""
    return [shown.words for shown in stage.team.sees() if TIP in shown.words]


async def test_the_same_words_to_the_third_customer_are_one_tip_that_is_shown_once(stage: Stage) -> None:
    ana = stage.people["ana"]
    await to_three(stage)
    await stage.restart()
    assert TIP not in (await stage.people["ben"].commands("waiting")).words
    assert TIP not in (await stage.people["cleo"].home()).words
    shown = await ana.commands("waiting mine")
    assert TIP in shown.words and "nearly the same to 3 customers" in shown.words
    assert shown.words.count("#help") == 3
    assert LINE not in shown.words, "a tip has no text to paste"
    assert TIP not in (await ana.commands("waiting mine")).words
    assert TIP not in (await ana.home()).words
    assert public(stage) == [] and ana.direct() == []


async def test_who_asked_for_direct_messages_gets_it_as_one(stage: Stage) -> None:
    ana = stage.people["ana"]
    await ana.commands("dm on")
    await to_three(stage)
    (tip,) = [shown for shown in ana.direct() if TIP in shown.words]
    assert "3 customers" in tip.words
    assert TIP not in (await ana.commands("waiting mine")).words and TIP not in (await ana.home()).words
    answered = await ana.clicks(tip, "Don't tell me this again")
    assert "no tips about lines that repeat" in answered.words
    assert "no tips about lines that repeat" in (await ana.home()).words
    assert public(stage) == []


async def test_on_the_own_page_it_stands_once_and_can_be_switched_off_in_words(stage: Stage) -> None:
    ana = stage.people["ana"]
    await to_three(stage)
    home = await ana.home()
    assert TIP in home.words and "Don't tell me this again" in home.buttons
    again = await ana.home()
    assert TIP not in again.words
    form = await ana.clicks(again, "What I'm told…")
    answered = await ana.fills(form, {"Such as: tips off canned, only reminders, all": "tips off pitch"})
    assert "no tips about first words to newcomers" in answered.words
    assert "no tips about lines that repeat or first words" in (await ana.commands("tips off canned")).words
    await ana.commands("tips on canned")
    assert "reminders, digests and tips;" in (await ana.commands("tips on pitch") and await ana.commands("want")).words


@pytest.mark.setup(observe=True)
@pytest.mark.only("slack", "discord")
async def test_nothing_is_noticed_while_nothing_is_sent(stage: Stage) -> None:
    await to_three(stage)
    assert TIP not in (await stage.people["ana"].commands("waiting mine")).words


async def test_an_offer_to_a_newcomer_who_asked_something_else(stage: Stage) -> None:
    ana = stage.people["ana"]
    asked = await stage.people["dana"].says(QUESTION)
    await ana.says("Welcome! Book a demo with us and get 20 % off: https://harbor.example/pro", thread=asked)
    shown = await ana.commands("waiting")
    assert TIP in shown.words and "Dana, who is new here," in shown.words
    assert TIP not in (await ana.commands("waiting")).words


@pytest.mark.alone
async def test_a_restart_right_after_it_was_noticed_or_sent_doubles_no_tip(stage: Stage) -> None:
    ana = stage.people["ana"]
    await ana.commands("dm on")
    await to_three(stage)
    await stage.restart()
    await stage.advance(hours=1)
    await stage.restart()
    await stage.advance(days=2)
    assert len([shown for shown in ana.direct() if TIP in shown.words]) == 1
    assert TIP not in (await ana.commands("waiting mine")).words and public(stage) == [] == stage.seen_outside()


@pytest.mark.alone
@pytest.mark.parametrize("off", ["tips off canned", "tips off"])
async def test_who_switched_tips_off_after_it_was_noticed_gets_none(stage: Stage, off: str) -> None:
    ana = stage.people["ana"]
    await to_three(stage)
    assert TIP not in (await ana.commands(off)).words
    await stage.restart()
    assert TIP not in (await ana.commands("waiting mine")).words and TIP not in (await ana.home()).words


@pytest.mark.alone
async def test_a_message_that_was_deleted_or_edited_meanwhile_gives_no_second_tip(stage: Stage) -> None:
    ana = stage.people["ana"]
    said = []
    for name, question in zip(("dana", "omar", "pia"), QUESTIONS, strict=False):
        asked = await stage.people[name].says(question)
        await stage.advance(minutes=5)
        said.append(await ana.says(LINE, thread=asked))
    await ana.edits(said[2], f"{LINE} It takes a minute.")
    await ana.deletes(said[0])
    await stage.restart()
    shown = [await ana.commands("waiting mine"), await ana.home(), await ana.commands("waiting mine")]
    assert sum(TIP in one.words for one in shown) <= 1
    assert stage.seen_outside() == [] == public(stage)
