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


@pytest.mark.setup(digests=("15:00",), text="while_waiting", steps=((1800.0, "owner"),))
async def test_each_platform_has_a_digest_of_its_own_and_a_lead_is_called_where_they_are(stage: SlackStage) -> None:
    town = other(stage)
    await stage.people["dana"].says(QUESTION)
    await town.person("kim").says("ferry", "Hello, when does the ferry leave on Sunday?")
    await stage.advance(hours=1)
    for who in ("ana", "ben", "cleo"):
        await stage.people[who].commands("not-me w2")
    lea = next(post for post in town.channel("team").posts if "Kim" in str(post.view))
    await town.person("lea").clicks(lea, "not_me:w2")
    await stage.advance(hours=2, minutes=1)
    here = next(shown for shown in stage.team.sees() if shown.words.startswith("Good afternoon"))
    (there,) = [post for post in town.channel("team").posts if post.keys[0].startswith("digest")]
    assert "Dana" in here.words and QUESTION in here.quotes
    assert "ferry leave" in str(there.view) and "Dana" not in str(there.view)
    assert "To be decided" in here.words and "Kim in #ferry" in here.words and here.calls == ("ben", "cleo")
    assert "ferry leave" not in here.words


async def test_where_nobody_can_be_asked_it_is_said_where_the_lead_reads_it(stage: SlackStage) -> None:
    town = other(stage)
    for name in ("ana", "ben", "cleo"):
        await stage.people[name].commands("budget 0")
    await town.person("kim").says("ferry", QUESTION)
    await stage.advance(minutes=31)
    (there,) = town.channel("team").posts
    assert there.view is not None and there.view.addressed == ("lea",) and stage.team.sees() == []
    await town.person("lea").clicks(there, "not_me:w1")
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert post.calls == () and "Cleo may know who has a moment." in post.words
