"""What happens on two platforms at once: Slack, and a town beside it, in one bot with one database."""

from __future__ import annotations

import pytest

from adapters.local.platform import LocalPlatform
from tests.scenario.slack_stage import SlackStage

pytestmark = [pytest.mark.only("slack"), pytest.mark.beside]

QUESTION = "Hello, can you tell me where my container is?"


def other(stage: SlackStage) -> LocalPlatform:
    assert stage.other is not None
    return stage.other


async def test_reminders_go_to_the_team_where_the_customer_waits(stage: SlackStage) -> None:
    town = other(stage)
    await stage.people["dana"].says(QUESTION)
    await town.person("kim").says("ferry", QUESTION)
    await stage.advance(minutes=42)  # both are for Ben, who is told something every ten minutes at most, wherever it is
    (post,) = stage.team.sees()
    assert "Dana" in post.words and "Kim" not in post.words
    (there,) = town.channel("team").posts
    assert "Kim" in str(there.view) and "Dana" not in str(there.view)


async def test_a_town_that_throws_us_out_leaves_slack_working(stage: SlackStage) -> None:
    town = other(stage)
    await town.person("kim").says("ferry", QUESTION)
    town.throw_out("no bots any more")
    await stage.settle()
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert len(stage.team.sees()) == 1 and town.channel("team").posts == []
    assert "Dana" in (await stage.people["ana"].commands("waiting")).words


@pytest.mark.parametrize("uninstalled", [False, True])
async def test_slack_that_throws_us_out_leaves_the_town_working(stage: SlackStage, uninstalled: bool) -> None:
    town = other(stage)
    await stage.people["dana"].says(QUESTION)
    await stage.fake.revoke(uninstalled=uninstalled)
    await stage.settle()
    assert stage.running is not None and not stage.running.done()
    await town.person("kim").says("ferry", QUESTION)
    await stage.advance(minutes=31)
    (there,) = town.channel("team").posts
    assert "Kim" in str(there.view) and stage.team.sees() == []
    stage.fake.revoked = ""
    await stage.restart()
    await stage.advance(minutes=11)  # Ben was told of Kim just now
    assert "Dana" in stage.team.sees()[0].words
