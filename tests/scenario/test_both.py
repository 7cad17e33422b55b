"""Slack and Discord in one bot with one database: one member's two accounts share hours, budget, duty and list, and each platform
goes on when the other fails."""

from __future__ import annotations

import pytest

from tests.scenario.both_stage import BothStage
from tests.scenario.test_quiet import OTHER_QUESTIONS
from tests.scenario.test_reminding import ANSWER, QUESTION

pytestmark = pytest.mark.together


async def test_reminders_go_where_the_customer_waits(stage: BothStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.gus_says(OTHER_QUESTIONS[0])
    await stage.advance(minutes=45)  # both are for Ben, who is told something every ten minutes at most, wherever it is
    (here,), (there,) = stage.team.sees(), stage.slack_sees()
    assert "Dana" in here.words and "Gus" not in here.words and here.calls == ("ben",)
    assert "Gus" in there.words and "Dana" not in there.words and there.calls == ("ben",)


async def test_a_members_two_accounts_have_one_list(stage: BothStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.gus_says(OTHER_QUESTIONS[0])
    told = await stage.people["ben"].commands("waiting")
    assert "2 customers are waiting" in told.words and "Gus" in told.words and "Dana" in told.words
    done = await stage.people["ben"].commands("claim w2")
    assert "Gus" in done.words
    await stage.slack_people["ben"].slash("/realreply", "waiting")
    await stage.settle()
    seen = stage.slack_people["ben"].sees()[-1].words
    assert "Gus" in seen and "Dana" in seen


@pytest.mark.setup(budget=1)
async def test_they_share_one_budget(stage: BothStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert stage.notified() == [("ben",)]
    await stage.gus_says(OTHER_QUESTIONS[0])
    await stage.advance(minutes=45)
    assert all(shown.calls != ("ben",) for shown in stage.slack_sees())


async def test_who_is_away_by_a_command_on_discord_is_away_on_slack(stage: BothStage) -> None:
    await stage.people["ben"].commands("away 5h")
    await stage.gus_says(OTHER_QUESTIONS[0])
    await stage.advance(minutes=45)
    assert [shown.calls for shown in stage.slack_sees()] not in ([], [("ben",)])


async def test_discord_that_throws_it_out_leaves_slack_working(stage: BothStage) -> None:
    stage.fake.revoke()
    await stage.settle()
    await stage.gus_says(OTHER_QUESTIONS[0])
    await stage.advance(minutes=31)
    assert stage.running is not None and not stage.running.done()
    assert len(stage.slack_sees()) == 1


async def test_slack_that_throws_it_out_leaves_discord_working(stage: BothStage) -> None:
    await stage.slack.revoke()
    await stage.settle()
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert stage.running is not None and not stage.running.done()
    assert len(stage.team.sees()) == 1
    await stage.people["ana"].says(ANSWER, thread=asked)
    assert await stage.waits() == ()


async def test_what_discord_holds_up_delays_nothing_on_slack(stage: BothStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.gus_says(OTHER_QUESTIONS[0])
    stage.fake.trouble.ratelimit("POST /channels/*/messages", retry_after=900, times=None)
    await stage.advance(minutes=45)
    assert len(stage.slack_sees()) == 1 and stage.team.sees() == []
    stage.fake.trouble.clear()
    await stage.advance(minutes=30)
    assert len(stage.team.sees()) == 1


async def test_both_are_read_back_after_a_start(stage: BothStage) -> None:
    async with stage.away():
        await stage.persons["dana"].says("help", QUESTION)
        async with stage.slack.away():
            await stage.gus.says("help", OTHER_QUESTIONS[0])
    assert len(await stage.waits()) == 2


async def test_an_outage_of_discord_delays_nothing_on_slack(stage: BothStage) -> None:
    stage.fake.trouble.fail("POST /channels/*/messages", status=503, times=None)
    await stage.people["dana"].says(QUESTION)
    await stage.gus_says(OTHER_QUESTIONS[0])
    await stage.advance(minutes=45)  # what is tried on Discord again and again was never told to Ben
    (seen,) = stage.slack_sees()
    assert seen.calls == ("ben",) and stage.team.sees() == []
    stage.fake.trouble.clear()
    await stage.advance(minutes=30)
    assert len(stage.team.sees()) == 1


@pytest.mark.setup(budget=1)
async def test_what_may_have_arrived_on_discord_counts_in_the_day(stage: BothStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.gus_says(OTHER_QUESTIONS[0])
    stage.fake.trouble.fail("POST /channels/*/messages", status=503, times=None)
    await stage.advance(minutes=45)
    assert [shown.calls for shown in stage.slack_sees()] not in ([], [("ben",)])
