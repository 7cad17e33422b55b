"""Quiet by default: working hours, absences, the budget of a day, digests, direct messages only where they were asked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenario.slack_stage import SlackStage
from tests.scenario.stage import CUSTOMERS, DAY, HOUR, MINUTE, NOON, Stage
from tests.scenario.test_reminding import QUESTION

OTHER_QUESTIONS = (
    "Where can I change the address on my invoices?",
    "How do I add a colleague to our account?",
    "Is there a way to get last year's reports as a file?",
    "Can somebody tell me why the search finds nothing?",
)


@pytest.mark.setup(hours="09:00-17:00")
async def test_nobody_is_reminded_outside_their_hours(stage: Stage) -> None:
    await stage.advance(hours=4, minutes=45)
    await stage.people["dana"].says(QUESTION)  # at 16:45
    await stage.advance(hours=16)  # 8:45
    assert stage.team.sees() == []
    await stage.advance(minutes=16)
    (post,) = stage.team.sees()
    assert post.at == pytest.approx(NOON + DAY - 3 * HOUR, abs=1)
    assert "of it while the team was at work" in post.words or "working" in post.words or "16 h" in post.words


@pytest.mark.setup(hours="09:00-17:00")
async def test_the_weekend_is_quiet(stage: Stage) -> None:
    await stage.advance(days=4, hours=4, minutes=50)  # Friday 16:50
    await stage.people["dana"].says(QUESTION)
    await stage.advance(days=2, hours=16)  # Monday 8:50
    assert stage.team.sees() == []
    await stage.advance(minutes=11)
    assert len(stage.team.sees()) == 1


@pytest.mark.only("local")
@pytest.mark.setup(text="while_waiting")
async def test_a_reminder_waits_while_a_member_types_and_leaves_afterwards(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=29)
    await stage.people["ana"].types()
    await stage.advance(minutes=2)
    assert stage.team.sees() == []
    await stage.advance(minutes=2)
    (post,) = stage.team.sees()
    assert post.at == pytest.approx(NOON + 32 * MINUTE, abs=1)
    assert QUESTION in post.quotes


@pytest.mark.only("local")
async def test_a_customer_who_types_or_a_member_elsewhere_keeps_no_reminder_back(stage: Stage) -> None:
    news = await stage.people["omar"].says("Just so you know: our office has moved to the second floor.")
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=29)
    await stage.people["omar"].types()
    await stage.people["ana"].types(thread=news)
    await stage.people["ana"].types(channel="team")
    await stage.advance(minutes=2)
    assert len(stage.team.sees()) == 1


@pytest.mark.setup(budget=2)
async def test_nobody_gets_more_than_the_days_budget(stage: Stage) -> None:
    for place, text in enumerate(OTHER_QUESTIONS):
        await stage.people[CUSTOMERS[place % 3]].says(f"@Ana {text}")
        await stage.advance(minutes=10)
    await stage.advance(hours=1)
    assert [to for to in stage.notified() if "ana" in to] == [("ana",), ("ana",)]


async def test_what_falls_due_together_for_one_person_is_one_message(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    await stage.advance(minutes=29)
    await stage.people["ben"].commands("away 2m")  # both are put off to the same instant
    await stage.advance(minutes=5)
    assert [to for to in stage.notified() if to == ("ben",)] == [("ben",)]
    post = stage.team.sees()[-1]
    assert "2 customers are waiting" in post.words and "Dana" in post.words and "Omar" in post.words


async def test_who_is_away_is_not_asked(stage: Stage) -> None:
    said = await stage.people["ana"].commands("away until friday")
    assert "away" in said.words
    await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert post.calls == ("ben",)


async def test_who_is_back_is_asked_again(stage: Stage) -> None:
    await stage.people["ana"].commands("away until friday")
    await stage.people["ana"].commands("back")
    await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.advance(minutes=31)
    assert stage.notified() == [("ana",)]


async def test_away_is_undone_by_its_button(stage: Stage) -> None:
    said = await stage.people["ana"].commands("away until friday")
    assert "Undone. You are here" in (await stage.people["ana"].clicks(said, "Undo")).words
    await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.advance(minutes=31)
    assert stage.notified() == [("ana",)]


async def test_only_a_lead_sends_others_away(stage: Stage) -> None:
    refused = await stage.people["ana"].commands("away @ben until friday")
    assert "lead" in refused.words
    await stage.people["cleo"].commands("away @ben until friday")
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert all("ben" not in to for to in stage.notified())


@pytest.mark.parametrize(("hours", "to", "minutes"), [("12:40-18", "ben", 40), ("14-18", "ana", 30)])
async def test_hours_of_ones_own_hold_at_once_and_a_customer_isnt_kept_waiting_for_them(
    stage: Stage, hours: str, to: str, minutes: float
) -> None:
    await stage.people["ben"].commands(f"hours {hours} mon-fri UTC")
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=minutes - 1)
    assert stage.team.sees() == []
    await stage.advance(minutes=2)
    assert stage.notified() == [(to,)]
    assert stage.team.sees()[0].at - NOON == pytest.approx(minutes * MINUTE, abs=2 * MINUTE)
    if to != "ben":
        assert "Passed over: Ben: not at work until 14:00" in (await stage.people["ana"].commands("why w1")).words


async def test_reminders_go_to_a_dm_only_where_they_were_asked_for(stage: Stage) -> None:
    ben = stage.people["ben"]
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert ben.direct() == [] and len(stage.team.sees()) == 1
    await ben.commands("dm on")
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    await stage.advance(minutes=31)
    (post,) = ben.direct()
    assert "Omar has been waiting" in post.words and "I'm on it" in post.buttons
    assert len(stage.team.sees()) == 1
    await ben.commands("dm off")
    await stage.people["pia"].says(OTHER_QUESTIONS[1])
    await stage.advance(minutes=31)
    assert len(ben.direct()) == 1


@pytest.mark.only("discord")
@pytest.mark.alone
async def test_who_takes_no_direct_messages_is_reminded_in_the_channel_and_reads_why(stage: Stage) -> None:
    ben: Any = stage.people["ben"]
    await ben.commands("dm on")
    ben.person.dms_closed = True
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert ben.direct() == [] and [calls for calls in stage.notified()] == [("ben",)]
    assert "Dana has been waiting" in stage.team.sees()[0].words
    page = await ben.home()
    assert "your DMs are closed for me" in page.words
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    await stage.advance(minutes=31)
    assert len(stage.notified()) == 2, "and nothing is tried in vain"
    ben.person.dms_closed = False
    await ben.clicks(page, "Send me DMs")
    assert "your DMs are closed" not in (await ben.home()).words
    await stage.people["pia"].says(OTHER_QUESTIONS[1])
    await stage.advance(minutes=31)
    (post,) = ben.direct()
    assert "Pia has been waiting" in post.words


async def test_a_button_in_a_dm_works_and_the_dm_is_brought_up_to_date(stage: Stage) -> None:
    ben = stage.people["ben"]
    await ben.commands("dm on")
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = ben.direct()
    await ben.clicks(post, "Answered elsewhere")
    await stage.advance(minutes=1)
    (post,) = ben.direct()
    assert "has marked it answered" in post.words and post.quotes == ()


async def test_a_dm_is_brought_up_to_date_also_after_direct_messages_were_switched_off(stage: Stage) -> None:
    ben = stage.people["ben"]
    await ben.commands("dm on")
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    await ben.commands("dm off")
    await stage.people["ana"].says("Your disk was full, I have given you more room.", thread=asked)
    await stage.advance(minutes=1)
    (post,) = ben.direct()
    assert "Answered by Ana" in post.words and post.quotes == ()


@pytest.mark.setup(digests=("15:00",))
async def test_the_digest_comes_at_its_time_once_and_calls_nobody(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.people["ben"].commands("away until friday")
    await stage.people["cleo"].commands("away until friday")
    await stage.people["ana"].commands("snooze w1 friday")
    await stage.advance(hours=2, minutes=59)
    assert stage.team.sees() == []
    await stage.advance(minutes=2)
    (post,) = stage.team.sees()
    assert "Dana" in post.words and post.calls == ()
    await stage.restart()
    await stage.advance(minutes=10)
    assert len(stage.team.sees()) == 1


@pytest.mark.setup(digests=("15:00",))
async def test_the_digest_is_silent_when_nobody_waits(stage: Stage) -> None:
    await stage.advance(days=2)
    assert stage.team.sees() == []


@pytest.mark.only("slack")
async def test_a_vacation_status_counts_as_away(stage: SlackStage) -> None:
    await stage.persons["ben"].changes(status_emoji=":palm_tree:", status_text="On vacation", status_expiration=0)
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert all("ben" not in to for to in stage.notified())


@pytest.mark.only("slack")
async def test_whoever_says_that_they_are_back_is_whatever_their_status_says(stage: SlackStage) -> None:
    ben, cleo = stage.people["ben"], stage.people["cleo"]
    await stage.persons["ben"].changes(status_emoji=":palm_tree:", status_text="On vacation", status_expiration=0)
    assert "*Away*\nBen until" in (await cleo.home()).words
    assert "as your status or do-not-disturb says" in (await ben.home()).words
    back = await ben.commands("back")
    assert "Your status or do-not-disturb says otherwise" in back.words
    assert "*Away*\nno\n" in (await ben.home()).words and "*Away*\nnobody" in (await cleo.home()).words
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert stage.notified() == [("ben",)]
    await ben.clicks(back, "Undo")
    assert "as your status or do-not-disturb says" in (await ben.commands("away")).words
    assert "*Away*\nBen until" in (await cleo.home()).words


@pytest.mark.only("slack")
async def test_a_vacation_that_began_while_the_bot_was_away_counts_too(stage: SlackStage) -> None:
    async with stage.away():
        await stage.persons["ben"].changes(status_emoji=":palm_tree:", status_text="Vacationing", status_expiration=0)
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert all("ben" not in to for to in stage.notified())


@pytest.mark.only("slack")
async def test_do_not_disturb_is_not_disturbed(stage: SlackStage) -> None:
    until = int(stage.now) + 3600
    await stage.persons["ben"].changes(dnd_start=int(stage.now) - 60, dnd_end=until)
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=59)
    assert all("ben" not in to for to in stage.notified())
    await stage.advance(minutes=62)
    assert stage.notified() and all(post.at >= until or post.calls != ("ben",) for post in stage.team.sees())


async def test_a_channel_that_isnt_watched_any_more_is_quiet(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    refused = await stage.people["ana"].commands("unwatch #help")
    assert "lead" in refused.words
    asked = await stage.people["cleo"].commands("unwatch #help")
    assert "1 customer still waits" in asked.words and len(await stage.waits()) == 1
    done = await stage.people["cleo"].clicks(asked, "Stop watching it")
    assert "#help isn't watched any more" in done.words
    assert await stage.waits() == ()
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    await stage.advance(hours=3)
    assert await stage.waits() == ()
    assert stage.team.sees() == []


async def test_figures_are_ones_own(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says("Your disk was full, I have given you more room.", thread=asked)
    anas = await stage.people["ana"].commands("stats")
    assert "1 to 1 customer" in anas.words
    bens = await stage.people["ben"].commands("stats")
    assert "nothing to count yet" in bens.words and "Ana" not in bens.words
