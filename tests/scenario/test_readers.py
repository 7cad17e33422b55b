"""Who reads the team's channel changes while the bot runs, or while it isn't told: nothing is shown to a customer."""

from __future__ import annotations

import pytest

from tests.scenario.slack_stage import SlackStage
from tests.scenario.test_reminding import QUESTION

pytestmark = pytest.mark.only("slack")


async def two_questions_half_a_minute_apart(stage: SlackStage) -> None:
    """Their reminders leave half a minute apart, too; the first has left."""
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=0.5)
    await stage.people["omar"].says("Can somebody tell me where my crate is?")
    await stage.advance(minutes=29.6)
    assert len(stage.notified()) == 1 and stage.seen_outside() == []


async def test_a_channel_that_is_made_public_gets_nothing_from_that_moment_on(stage: SlackStage) -> None:
    await two_questions_half_a_minute_apart(stage)
    await stage.fake.convert("team", by=stage.persons["ana"])
    await stage.advance(minutes=5)
    assert len(stage.notified()) == 1 and stage.seen_outside() == []


@pytest.mark.parametrize("what", ["set back", "slept"])
async def test_a_machine_whose_clock_was_set_back_or_that_slept_asks_who_reads_the_channel(stage: SlackStage, what: str) -> None:
    await two_questions_half_a_minute_apart(stage)
    async with stage.fake.away():  # an event that never comes
        await stage.fake.share("team", stage.fake.other_team("Quay"))
    if what == "slept":
        stage.machine.sleep(3600)
    else:
        stage.machine.set_forward(-3600)
    await stage.advance(minutes=90)
    assert len(stage.notified()) == 1 and stage.seen_outside() == []
