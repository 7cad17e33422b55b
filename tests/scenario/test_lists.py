"""Lists in hand: what is done right in them, forms of the platform's own elements, the own page, the bot asked by its name."""

from __future__ import annotations

import pytest

from bot.domain.waits import HoldKind, WaitState
from tests.scenario.slack_stage import SlackStage
from tests.scenario.stage import DAY, HOUR, NOON, Stage
from tests.scenario.test_reminding import QUESTION

OTHER = "Where can I change the address on my invoices?"


async def two_wait(stage: Stage) -> None:
    """Dana (w1) and Omar (w2) wait."""
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=1)
    await stage.people["omar"].says(OTHER)


@pytest.mark.setup(text="while_waiting")
async def test_what_is_done_in_the_list_is_said_above_it_and_the_list_is_as_it_is_then(stage: Stage) -> None:
    await two_wait(stage)
    cleo = stage.people["cleo"]
    shown = await cleo.commands("")
    assert "2 customers are waiting" in shown.words and len(shown.quotes) == 2
    shown = await cleo.clicks(shown, "No reply needed", of="w1")
    assert shown.words.index("w1, Dana in #help, needs no reply") < shown.words.index("1 customer is waiting")
    assert "Omar" in shown.words and len(shown.quotes) == 1
    shown = await cleo.clicks(shown, "I'm on it", of="w2")
    assert "You're on it: w2, Omar in #help" in shown.words and "you're on it until" in shown.words
    shown = await cleo.clicks(shown, "Give it back", of="w2")
    assert "you aren't asked again about w2" in shown.words and "1 customer is waiting" in shown.words
    shown = await cleo.clicks(shown, "Answered elsewhere", of="w2")
    assert "counts as answered by you" in shown.words and "Nobody is waiting." in shown.words
    shown = await cleo.clicks(shown, "Still waiting", of="w2")
    assert "is back on the list" in shown.words and "1 customer is waiting" in shown.words


async def test_a_snooze_from_the_list_brings_it_up_to_date_and_is_undone_there(stage: Stage) -> None:
    await two_wait(stage)
    ben = stage.people["ben"]
    shown = await ben.commands("waiting")
    form = await ben.clicks(shown, "Snooze…", of="w2")
    shown = await ben.fills(form, {"Until when?": NOON + DAY})
    assert "w2, Omar in #help, comes up again" in shown.words
    assert "1 customer is waiting" in shown.words and "you put it off until" in shown.words
    (dana, omar) = await stage.waits()
    assert dana.hold is None and omar.hold is not None and omar.hold.until == NOON + DAY
    shown = await ben.clicks(shown, "Undo", of="w2")
    assert "2 customers are waiting" in shown.words
    assert all(wait.hold is None for wait in await stage.waits())


async def test_the_own_page_holds_what_is_open_and_how_to_be_done_with_it(stage: Stage) -> None:
    await two_wait(stage)
    ana = stage.people["ana"]
    await ana.commands("claim w1")
    await ana.commands("snooze w2 3h")
    home = await ana.home()
    assert "Your open ends" in home.words and "you're on it until" in home.words and "you put it off until" in home.words
    assert {"Done", "Give it back", "Undo"} <= set(home.buttons) and "Everybody" not in home.words
    await ana.clicks(home, "Done", of="w1")
    await ana.clicks(home, "Undo", of="w2")
    dana, omar = await stage.all_waits()
    assert dana.state is WaitState.ANSWERED and omar.open and omar.hold is None
    home = await ana.home()
    assert "Your open ends" not in home.words and "lists what you can ask me" in home.words


async def test_what_was_promised_is_given_back_and_somebody_else_is_asked(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=1)
    await stage.people["ana"].says("I'll look into it and get back to you tomorrow at 10.", thread=asked)
    (wait,) = await stage.waits()
    assert wait.hold is not None and wait.hold.kind is HoldKind.PROMISE
    home = await stage.people["ana"].home()
    assert "you promised an answer by" in home.words
    await stage.people["ana"].clicks(home, "Give it back")
    (wait,) = await stage.waits()
    assert wait.hold is None and len(wait.not_me) == 1 and wait.owner not in wait.not_me
    await stage.advance(hours=2)
    assert stage.notified() and all("ana" not in to for to in stage.notified())


@pytest.mark.setup(text="while_waiting")
async def test_a_lead_sees_how_the_team_stands(stage: Stage) -> None:
    await two_wait(stage)
    await stage.people["ana"].commands("away until friday")
    home = await stage.people["cleo"].home()
    assert "Everybody: 2 customers are waiting" in home.words and len(home.quotes) == 2
    team = home.words.partition("The team now")[2]
    assert "Ben" in team and "Ana until" in team and "#help (questions)" in team
    form = await stage.people["cleo"].clicks(home, "Watch otherwise…")
    told = await stage.people["cleo"].fills(form, {"Channel": "#help", "What counts as waiting": "mentions"})
    assert "#help: only messages that name somebody" in told.words
    assert "#help (mentions)" in (await stage.people["cleo"].home()).words


async def test_being_away_and_hours_are_chosen_in_forms(stage: Stage) -> None:
    ana = stage.people["ana"]
    form = await ana.clicks(await ana.home(), "Away…")
    assert form.inputs == ("From", "Until")
    told = await ana.fills(form, {"From": NOON + HOUR, "Until": NOON + DAY})
    assert "You are away from" in told.words
    form = await ana.clicks(await ana.home(), "Set my hours…")
    told = await ana.fills(
        form, {"Days": ("Monday", "Tuesday"), "From": "09:00", "To": "16:30", "Break from": "12:00", "Break to": "13:00"}
    )
    assert "Mon-Tue 09:00-12:00 and 13:00-16:30" in told.words


@pytest.mark.only("slack")
async def test_what_is_wrong_in_a_form_stands_at_its_input(stage: SlackStage) -> None:
    ana = stage.people["ana"]
    form = await ana.clicks(await ana.home(), "Set my hours…")
    assert form.native["submit"]["text"] == "Save"
    await ana.fills(form, {"Break from": "19:00", "Break to": "18:00"})
    modal = stage.persons["ana"].modal
    (block,) = [block["block_id"] for block in modal["blocks"] if block["label"]["text"] == "Break to"]
    assert list(modal["errors"]) == [block] and "ends before it begins" in modal["errors"][block]
    await ana.fills(form, {"Break from": "12:00", "Break to": "13:00", "From": "09:00", "To": "17:00"})
    assert "09:00-12:00 and 13:00-17:00" in (await ana.home()).words


# Asked by its name


async def test_a_member_asks_it_by_its_name_where_only_members_read(stage: Stage) -> None:
    await two_wait(stage)
    posts = len(stage.team.sees())
    await stage.people["ben"].says("@realreply claim dana", channel="team")
    (told,) = stage.people["ben"].told()
    assert "You're on it: w1, Dana in #help" in told.words
    assert all(stage.people[name].told() == [] for name in ("ana", "cleo", "dana"))
    assert len(stage.team.sees()) == posts, "nothing is said in public"
    await stage.people["ben"].says("@realreply", channel="team")
    told = stage.people["ben"].told()[-1]
    assert "1 customer is waiting" in told.words and "Omar" in told.words
    done = await stage.people["ben"].clicks(told, "No reply needed", of="w2")
    assert "w2, Omar in #help, needs no reply" in done.words and "Nobody is waiting just now" in done.words


async def test_who_speaks_about_it_isnt_answered_and_who_greets_it_is(stage: Stage) -> None:
    await two_wait(stage)
    ben = stage.people["ben"]
    for line in ("I asked @realreply about this yesterday", "thanks @realreply", "why does @realreply waiting say so?"):
        await ben.says(line, channel="team")
    assert ben.told() == []
    for line in ("@realreply: waiting", "Good morning, @realreply, `waiting`", "@realreply Waiting."):
        await ben.says(line, channel="team")
        assert "2 customers are waiting" in ben.told()[-1].words, line
    assert len(ben.told()) == 3


async def test_where_customers_read_its_name_brings_nothing_at_all(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    for who in ("ben", "omar"):
        await stage.people[who].says("@realreply waiting")
        assert stage.people[who].told() == []
    assert stage.seen_outside() == []


@pytest.mark.only("slack")
async def test_where_it_cant_be_told_who_reads_its_name_brings_nothing(stage: SlackStage) -> None:
    await two_wait(stage)
    stage.fake.trouble.fail("conversations.members", times=None)
    stage.fake.trouble.fail("conversations.info", times=None)
    await stage.advance(minutes=3)
    before = len(stage.fake.outgoing)
    await stage.people["ben"].says("@realreply claim dana", channel="team")
    assert stage.people["ben"].told() == [] and len(stage.fake.outgoing) == before
    assert (await stage.waits())[0].hold is None, "nor is anything done"


@pytest.mark.only("slack")
async def test_a_call_that_slack_delivers_twice_is_answered_once(stage: SlackStage) -> None:
    await two_wait(stage)
    said = await stage.people["ben"].says("@realreply waiting", channel="team")
    body = {"type": "app_mention", "user": stage.persons["ben"].id, "text": said.body["text"], "ts": said.ts}
    place = stage.fake.workspace.conversation("team")
    envelope = stage.fake.announcer.envelope({**body, "channel": place.id, "event_ts": said.ts}, place)
    _, task = stage.fake.courier.start("events_api", envelope)
    await task
    assert len(stage.people["ben"].told()) == 1
