"""The bot says how it did, and a lead may try whether its reminders help. On every platform."""

from __future__ import annotations

from tests.scenario.stage import Stage
from tests.scenario.test_reminding import ANSWER, QUESTION


async def test_stats_tell_how_often_a_reminder_was_followed_by_a_reply_and_how_often_it_was_needless(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["omar"].says("How do I add a colleague to our account?")
    await stage.advance(minutes=45)
    await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.people["ben"].commands("dismiss omar")
    await stage.advance(hours=2)
    told = (await stage.people["ben"].commands("stats #help month")).words
    assert "My own record in #help, in the last 30 days" in told
    assert "1 of 2 reminders: too few to say more" in told
    assert "1 of 2 customers I reminded of: too few to say more" in told
    assert "I ask a little less here: 1 marked needless by the team." in told
