"""People and places change while the bot runs: who is on the team, what channels are called, who takes a mark back."""

from __future__ import annotations

import pytest

from tests.scenario.slack_stage import SlackStage
from tests.scenario.stage import Stage
from tests.scenario.test_reminding import ANSWER, QUESTION


async def test_eyes_that_are_taken_back_hold_nothing(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].reacts(asked, "eyes")
    await stage.advance(minutes=5)
    await stage.people["ana"].unreacts(asked, "eyes")
    (wait,) = await stage.waits()
    assert wait.hold is None
    await stage.advance(minutes=45)
    assert stage.notified() == [("ben",)]


async def test_a_check_mark_that_is_taken_back_leaves_the_customer_waiting(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].reacts(asked, "white_check_mark")
    assert await stage.waits() == ()
    await stage.people["ana"].unreacts(asked, "white_check_mark")
    assert len(await stage.waits()) == 1


@pytest.mark.only("slack")
async def test_who_left_the_company_is_asked_nothing_any_more(stage: SlackStage) -> None:
    await stage.persons["ben"].changes(deleted=True)
    await stage.people["dana"].says(QUESTION)
    await stage.advance(days=2)
    assert stage.notified()
    assert all("ben" not in to for to in stage.notified())


@pytest.mark.only("slack")
async def test_who_left_the_company_while_a_reminder_was_theirs_is_passed_over(stage: SlackStage) -> None:
    await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.persons["ana"].changes(deleted=True)
    await stage.advance(minutes=31)
    assert stage.notified() == [("cleo",), ("ben",)], "a lead hands over what Ana had open, and whoever is on duty is asked"


@pytest.mark.only("slack")
@pytest.mark.setup(user_groups=("support",))
async def test_who_joins_the_teams_group_is_on_the_team_from_then_on(stage: SlackStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    everybody = [stage.persons[name] for name in ("ana", "ben", "cleo", "omar")]
    await stage.fake.regroup(stage.groups["support"], everybody)
    await stage.people["omar"].says(ANSWER, thread=asked)
    assert await stage.waits() == ()


@pytest.mark.only("slack")
@pytest.mark.setup(user_groups=("support",))
async def test_the_reminders_channel_of_who_leaves_the_teams_group_gets_nothing_more(stage: SlackStage) -> None:
    """They still sit in it: what was the team's own channel isn't any more."""
    omar = stage.persons["omar"]
    team = [stage.persons[name] for name in ("ana", "ben", "cleo")]
    await stage.fake.regroup(stage.groups["support"], [*team, omar])
    await omar.joins("team")
    await stage.fake.regroup(stage.groups["support"], team)
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert [record.method for record in stage.fake.outgoing if record.accepted and record.method != "views.publish"] == []


@pytest.mark.only("slack")
async def test_a_channel_that_is_renamed_is_called_so(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.fake.rename("help", "support-desk")
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "in #support-desk" in post.words


@pytest.mark.only("slack")
async def test_a_link_that_unfolds_is_no_edit(stage: SlackStage) -> None:
    dana = stage.persons["dana"]
    asked = await dana.says("help", QUESTION)
    await stage.people["ana"].says("one sec, looking into it", thread=asked)
    before = await stage.waits()
    body = dict(asked.body)
    asked.body["attachments"] = [{"title": "A page", "from_url": "https://harbor.example/"}]
    stage.fake.announce_change(asked, body)
    await stage.settle()
    assert await stage.waits() == before


@pytest.mark.only("slack")
async def test_a_private_channel_is_watched_where_the_bot_is_in_it(stage: SlackStage) -> None:
    people = [stage.persons[name] for name in ("ana", "ben", "dana")]
    stage.fake.channel("project", members=people, private=True, bot=False)
    await stage.fake.bot_joins("project", inviter=stage.persons["ana"])
    await stage.people["dana"].says(QUESTION, channel="project")
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "in #project" in post.words


@pytest.mark.only("slack")
async def test_what_is_said_in_the_reminders_channel_is_no_wait(stage: SlackStage) -> None:
    await stage.people["ana"].says("Ben, can you take Dana?", channel="team")
    await stage.persons["pia"].joins("team")
    await stage.people["pia"].says(QUESTION, channel="team")
    await stage.advance(hours=1)
    assert await stage.all_waits() == () and stage.stored() == 0


@pytest.mark.only("slack")
@pytest.mark.setup(grid=True)
async def test_a_workspace_of_an_organisation_is_like_any_other(stage: SlackStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    await stage.people["ana"].clicks(post, "I'm on it")
    await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(minutes=1)
    assert "Answered by Ana" in stage.team.sees()[0].words
