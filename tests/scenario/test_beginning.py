"""How it begins on a live platform: silently, until a lead has seen what would have been sent; and where nothing is ever sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.scenario.discord_stage import DiscordStage
from tests.scenario.slack_stage import SlackStage
from tests.scenario.test_quiet import OTHER_QUESTIONS
from tests.scenario.test_reminding import QUESTION

pytestmark = pytest.mark.only("slack")


@pytest.mark.only("slack", "discord")
@pytest.mark.setup(started=False)
async def test_a_new_house_only_shows_what_it_would_send(stage: SlackStage | DiscordStage) -> None:
    (preview,) = stage.team.sees()
    assert "Nobody has been reminded yet" in preview.words
    assert preview.calls == ()
    assert preview.buttons == ("Start reminding", "Who is waiting")
    await stage.people["dana"].says(QUESTION)
    await stage.advance(hours=3)
    assert len(stage.team.sees()) == 1
    assert len(await stage.waits()) == 1
    shown = await stage.people["ana"].commands("preview")
    assert "Ben" in shown.words and "Dana" in shown.words


@pytest.mark.only("slack", "discord")
@pytest.mark.setup(started=False)
async def test_reminders_begin_when_a_lead_says_so(stage: SlackStage | DiscordStage) -> None:
    (preview,) = stage.team.sees()
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=40)
    refused = await stage.people["ana"].clicks(preview, "Start reminding")
    assert "lead" in refused.words
    await stage.advance(hours=1)
    assert len(stage.team.sees()) == 1
    begun = await stage.people["cleo"].clicks(preview, "Start reminding")
    assert "Reminders begin now" in begun.words
    await stage.advance(minutes=1)
    told = stage.team.sees()[0]
    assert "Reminders are on since" in told.words and "by Cleo" in told.words and told.buttons == ()
    await stage.advance(minutes=30)
    assert stage.notified()[-1] == ("ben",)
    await stage.restart()
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    await stage.advance(minutes=31)
    assert "Omar" in stage.team.sees()[-1].words


@pytest.mark.only("slack", "discord")
@pytest.mark.setup(started=False)
async def test_who_has_waited_longer_than_a_day_is_only_listed(stage: SlackStage | DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(hours=25)
    await stage.people["cleo"].commands("start")
    await stage.advance(days=2)
    assert [post for post in stage.team.sees() if "Dana" in post.words] == []
    assert "Dana" in (await stage.people["ana"].commands("waiting")).words


@pytest.mark.setup(observe=True)
async def test_observing_sends_nothing_but_answers(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(days=2)
    assert stage.fake.outgoing == []
    assert "Dana" in (await stage.people["ana"].commands("waiting")).words
    assert {record.method for record in stage.fake.outgoing} == {"response_url"}


@pytest.mark.only("slack", "discord")
@pytest.mark.setup(started=False, observe=True)
async def test_a_new_house_that_observes_doesnt_even_show_the_preview(stage: SlackStage | DiscordStage) -> None:
    await stage.advance(hours=1)
    assert stage.fake.outgoing == []
    shown = await stage.people["cleo"].commands("start")
    assert "only observes" in shown.words


async def test_a_past_that_is_there_at_the_first_start_raises_nothing(stage: SlackStage) -> None:
    await stage.take_down()
    stage.path.unlink()
    async with stage.fake.away():
        asked = await stage.persons["dana"].says("help", QUESTION)
        await stage.fake.clock.advance(600)
        await stage.persons["ana"].says("help", "Your disk was full; I gave you more room.", thread=asked)
        await stage.fake.clock.advance(600)
    await stage.put_up()
    await stage.advance(minutes=5)
    (preview,) = stage.team.sees()
    assert "Nobody has been reminded yet" in preview.words
    (wait,) = await stage.all_waits()
    assert not wait.open


@pytest.mark.only("slack", "discord")
async def test_a_database_that_was_lost_is_told_to_a_lead_at_once(stage: SlackStage | DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    before = len(stage.team.sees())
    assert before == 1
    await stage.take_down()
    stage.path.unlink()
    await stage.put_up()
    await stage.advance(minutes=1)
    (preview,) = stage.team.sees()[before:]
    assert "I have lost my memory" in preview.words and "nobody is reminded until you say so" in preview.words
    assert preview.calls == ("cleo",)  # the lead
    assert preview.buttons == ("Start reminding", "Who is waiting")
    await stage.restart()
    assert len(stage.team.sees()) == before + 1, "it says so once"
    await stage.people["cleo"].clicks(preview, "Start reminding")
    await stage.advance(minutes=31)
    assert "Dana" in stage.team.sees()[-1].words


@pytest.mark.parametrize("shared", ["meanwhile", "days later"])
async def test_posts_from_before_a_database_was_lost_go_when_somebody_else_can_read_them(stage: SlackStage, shared: str) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert "Dana" in stage.team.sees()[0].words
    await stage.take_down()
    stage.path.unlink()
    elsewhere = stage.fake.other_team("Elsewhere")
    if shared == "meanwhile":
        await stage.fake.share("team", elsewhere)
    await stage.put_up()
    if shared == "days later":
        await stage.advance(days=3)
        assert "Dana" in stage.team.sees()[0].words
        await stage.fake.share("team", elsewhere)
    await stage.advance(minutes=30)
    assert not [post for post in stage.team.sees() if "Dana" in post.words]


@pytest.mark.only("slack", "discord")
@pytest.mark.setup(started=False)
async def test_a_new_house_that_is_started_again_hasnt_lost_its_memory(stage: SlackStage | DiscordStage) -> None:
    await stage.restart()
    await stage.restart()
    (preview,) = stage.team.sees()
    assert "memory" not in preview.words and "memory" not in (await stage.people["cleo"].commands("preview")).words


async def test_where_it_cant_be_looked_whether_it_was_here_the_preview_is_posted_as_for_the_first_time(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    before = len(stage.team.sees())
    await stage.take_down()
    stage.path.unlink()
    team = stage.fake.workspace.conversation("team").id
    stage.fake.trouble.refuse("conversations.history", "missing_scope", channel=team, times=None)
    await stage.put_up()
    await stage.advance(minutes=1)
    (preview,) = stage.team.sees()[before:]
    assert "Nobody has been reminded yet" in preview.words


async def test_a_reminders_channel_that_becomes_shared_gets_nothing_more_and_is_named(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.fake.share("team", stage.fake.other_team("Elsewhere"))
    await stage.advance(hours=3)
    assert [record for record in stage.fake.outgoing if record.method == "chat.postMessage"] == []
    home = await stage.people["cleo"].home()
    assert "What couldn't be delivered" in home.words and "shared with another organisation" in home.words


async def test_a_reminders_channel_that_a_customer_joins_gets_nothing_more(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert len(stage.team.sees()) == 1
    await stage.persons["omar"].joins("team")
    before = len(stage.fake.outgoing)
    await stage.people["ana"].commands("claim w1")
    await stage.advance(hours=4)
    assert [record.method for record in stage.fake.outgoing[before:]] == ["response_url"]


async def test_a_reminders_channel_that_anybody_can_open_gets_nothing(stage: SlackStage) -> None:
    place = stage.fake.workspace.conversation("team")
    place.kind = "channel"
    await stage.people["dana"].says(QUESTION)
    await stage.advance(hours=3)
    assert stage.fake.outgoing == []


async def test_a_stranger_of_slack_connect_is_a_customer_like_any_other(stage: SlackStage) -> None:
    other = stage.fake.other_team("Elsewhere")
    kim = stage.arrives("kim", team=other)
    stage.fake.workspace.conversation("help").members.append(kim.id)
    await stage.fake.share("help", other)
    await stage.people["kim"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "Kim (Elsewhere) has been waiting" in post.words


async def test_a_channel_the_bot_is_invited_to_is_watched_from_then_on(stage: SlackStage) -> None:
    everybody = list(stage.persons.values())
    stage.fake.channel("help-two", members=everybody, bot=False)
    await stage.persons["dana"].says("help-two", "Is this the right place to ask about invoices?")
    await stage.fake.bot_joins("help-two", inviter=stage.persons["ana"])
    await stage.settle()
    await stage.people["omar"].says(QUESTION, channel="help-two")
    await stage.advance(minutes=31)
    assert "Dana has" in stage.team.sees()[-1].words
    await stage.advance(minutes=10)  # what is for Ben within ten minutes comes together
    assert "Omar has been waiting 40 min in #help-two" in stage.team.sees()[-1].words


async def test_a_bot_that_isnt_in_the_reminders_channel_yet_begins_when_it_is_invited(stage: SlackStage) -> None:
    await stage.take_down()
    stage.path.unlink()
    async with stage.fake.away():
        await stage.fake.kick("team")
    await stage.put_up()
    await stage.people["dana"].says(QUESTION)
    await stage.advance(hours=1)
    assert stage.fake.outgoing == []
    await stage.fake.bot_joins("team", inviter=stage.persons["cleo"])
    await stage.advance(minutes=1)
    (preview,) = stage.team.sees()
    assert "Nobody has been reminded yet" in preview.words
    await stage.people["cleo"].clicks(preview, "Start reminding")
    await stage.advance(minutes=31)
    assert "Dana" in stage.team.sees()[-1].words


@pytest.mark.only("slack", "discord")
@pytest.mark.setup(observe=True)
async def test_what_was_only_observed_is_made_up_for_once_reminders_leave(stage: SlackStage | DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(hours=3)
    stage.setup = replace(stage.setup, observe=False)
    await stage.restart()
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "Dana has been waiting 3" in post.words


@pytest.mark.only("slack", "discord")
async def test_a_digest_whose_time_passed_while_away_comes_once_and_late(stage: SlackStage | DiscordStage) -> None:
    stage.setup = replace(stage.setup, digests=("15:00",))
    await stage.restart()
    await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.people["ana"].commands("snooze w1 friday")
    async with stage.away():
        await stage.fake.clock.advance(2 * 86400)
    await stage.advance(minutes=30)
    digests = [post for post in stage.team.sees() if "Good " in post.words]
    assert len(digests) == 1


@pytest.mark.only("slack")
@pytest.mark.setup(watch="mentions", rules=(("acme*", "questions"),))
@pytest.mark.parametrize("unknown", [0.5, 10])
async def test_a_channel_is_judged_by_its_own_rules_once_its_name_is_known(stage: SlackStage, unknown: float) -> None:
    """The bot is invited while Slack can't say what the channel is called, for so many minutes."""
    stage.fake.channel("acme", members=list(stage.persons.values()), bot=False)
    await stage.people["omar"].says("Can somebody tell me where my crate is?", channel="acme")
    await stage.advance(minutes=1)
    stage.fake.trouble.fail("conversations.info", times=None)
    await stage.fake.bot_joins("acme", inviter=stage.persons["ana"])
    await stage.people["dana"].says(QUESTION, channel="acme")
    await stage.advance(minutes=unknown)
    assert await stage.waits() == (), "nobody can tell yet which rules hold"
    stage.fake.trouble.clear()
    await stage.advance(minutes=10)
    assert sorted(stage.name_of(wait.customer) for wait in await stage.waits()) == ["dana", "omar"]


@pytest.mark.setup(started=False)
async def test_before_reminders_begin_what_would_have_somebody_told_says_that_nothing_leaves(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    cleo = stage.people["cleo"]
    said = await cleo.commands("assign w1 @ana")
    assert "asked now" not in said.words and "Please tell them yourself" in said.words
    for line in ("assign w1 @ben", "snooze w1 2h", "duty @ana", "pause #help 2h"):
        assert "Reminders haven't begun: nothing leaves until a lead says" in (await cleo.commands(line)).words, line
    await cleo.commands("start")
    assert "haven't begun" not in (await cleo.commands("duty @ben")).words


@pytest.mark.setup(observe=True)
async def test_a_run_that_observes_says_so(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    assert "This run only observes: nothing leaves." in (await stage.people["cleo"].commands("assign w1 @ana")).words
