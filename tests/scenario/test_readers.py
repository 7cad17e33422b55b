"""Who reads the team's channel changes while the bot runs, or while it isn't told: nothing is shown to a customer."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from tests.scenario.slack_stage import SlackStage
from tests.scenario.test_reminding import ANSWER, QUESTION

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


@pytest.fixture(params=["live", "missed"])
def told(request: pytest.FixtureRequest) -> str:
    """Whether the bot is told of a change, or its event never comes."""
    return str(request.param)


async def demote(stage: SlackStage, name: str, told: str) -> None:
    async with AsyncExitStack() as stack:
        if told == "missed":
            await stack.enter_async_context(stage.fake.away())
        await stage.persons[name].changes(guest="multi")


@pytest.mark.setup(unlisted=("ana",))
async def test_a_member_who_became_a_guest_gets_no_direct_message(stage: SlackStage, told: str) -> None:
    await stage.people["ana"].commands("dm on")
    await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.advance(minutes=31)
    assert len(stage.people["ana"].direct()) == 1
    await stage.persons["ana"].leaves("team")
    await demote(stage, "ana", told)
    await stage.people["omar"].says("@Ana where is my crate, please?")
    await stage.advance(hours=3)
    assert stage.seen_outside() == []
    assert stage.bot is not None and stage.persons["ana"].id not in stage.bot.engine.team.members
    assert all("ana" not in to for to in stage.notified()[1:]) and len(stage.notified()) > 1, "somebody else is asked"


@pytest.mark.setup(unlisted=("ana",))
async def test_a_member_who_became_a_guest_can_do_nothing_more(stage: SlackStage, told: str) -> None:
    await stage.people["ana"].commands("dm on")
    asked = await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.advance(minutes=31)
    (direct,) = stage.people["ana"].direct()
    await stage.advance(minutes=5)
    await demote(stage, "ana", told)
    ana = stage.people["ana"]
    answers = [
        await ana.clicks(direct, "I'm on it") if ana.direct() else None,
        await ana.commands("waiting"),
        await ana.home(),
        await ana.corrects(asked, "needs_none"),
    ]
    assert all("Dana" not in answer.words and QUESTION not in answer.words for answer in answers if answer is not None)
    (wait,) = await stage.waits()
    assert wait.hold is None
    assert stage.bot is not None and stage.persons["ana"].id not in stage.bot.engine.team.members


@pytest.mark.setup(unlisted=("ana",))
async def test_somebody_seen_to_be_a_guest_when_their_times_are_asked_is_on_the_team_no_more(stage: SlackStage) -> None:
    """And the event, which comes late, isn't needed."""
    await stage.advance(minutes=11)
    await demote(stage, "ana", "missed")
    assert stage.bot is not None
    await stage.bot.membership.ask_everybody()
    await stage.settle()
    assert stage.persons["ana"].id not in stage.bot.engine.team.members


@pytest.mark.setup(user_groups=("support",))
async def test_who_left_the_teams_group_unheard_reads_nothing_more(stage: SlackStage) -> None:
    omar = stage.persons["omar"]
    team = [stage.persons[name] for name in ("ana", "ben", "cleo")]
    await stage.fake.regroup(stage.groups["support"], [*team, omar])
    await omar.joins("team")
    await stage.settle()
    async with stage.fake.away():
        await stage.fake.regroup(stage.groups["support"], team)
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert [record.method for record in stage.fake.outgoing if record.method == "chat.postMessage"] == []
    await stage.people["omar"].says(ANSWER, thread=asked)
    assert (await stage.waits())[0].customer == stage.persons["dana"].id, "a customer's word ends nothing"
