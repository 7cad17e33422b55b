"""The bot says how it did, and a lead may try whether its reminders help. On every platform."""

from __future__ import annotations

import pytest

from bot.outbox import trial_draws
from tests.scenario.stage import Stage
from tests.scenario.test_reminding import ANSWER, QUESTION

OTHER = "Hello again, where can I change the address on my invoices?"


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
    assert "for leads" in (await stage.people["ben"].commands("learn-anew #help")).words.casefold()
    anew = (await stage.people["cleo"].commands("learn-anew #help")).words
    assert "The threshold of #help is as the settings say" in anew
    assert "I ask a little" not in (await stage.people["ben"].commands("stats #help month")).words
    assert "moves its threshold again" in (await stage.people["cleo"].commands("undo")).words
    assert "I ask a little less here" in (await stage.people["ben"].commands("stats #help month")).words


async def test_a_lead_tries_whether_reminders_help_and_the_team_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial_draws, "is_drawn", lambda key, wait: True)
    people = stage.people
    assert "for leads" in (await people["ben"].commands("trial on")).words.casefold()
    begun = (await people["cleo"].commands("trial on")).words
    assert "A trial runs until" in begun and "one in 10 first reminders, chosen by lot, leaves 15 minutes later" in begun

    asked = await people["dana"].says(QUESTION)
    await stage.advance(minutes=32)
    assert len(stage.notified()) == 1, "a newcomer's is never put off"
    await people["ana"].says(ANSWER, thread=asked)
    await stage.advance(days=1)

    await people["dana"].says(OTHER)
    await stage.advance(minutes=42)
    assert len(stage.notified()) == 1
    assert "A trial put its first reminder off by lot" in (await people["ana"].commands("why w2")).words
    assert "A trial runs until" in (await people["ben"].commands("digest now")).words
    assert "A trial runs until" in (await people["ben"].home()).words
    await stage.advance(minutes=5)
    assert len(stage.notified()) == 2
    await stage.advance(minutes=74)
    assert len(stage.notified()) == 3, "the next rung comes at its time"

    told = (await people["ben"].commands("stats")).words
    assert "The trial of first reminders, so far" in told
    assert "1 customers: too few to say more" in told and "Too few to say whether reminders help" in told
    assert "The trial is over" in (await people["cleo"].commands("trial off")).words
    await people["omar"].says("How do I add a colleague to our account?")
    assert "A trial runs" not in (await people["ben"].home()).words
    assert "A trial runs until" in (await people["cleo"].commands("undo")).words
