"""Acknowledged means stored: every kind of event, while every method that may be asked on its way fails in every way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from bot.errors import AccessLost, DeliveryError
from tests.scenario.slack_events import Events, Told
from tests.scenario.slack_stage import SlackStage
from tests.scenario.test_http import failing
from tests.scenario.test_reminding import QUESTION
from tests.scenario.test_trouble import posted
from tests.slack_sandbox.delivery import Delivery
from tests.slack_sandbox.trouble import Trouble
from tests.storage.sqlite.rows import rows_of

pytestmark = [pytest.mark.only("slack"), pytest.mark.alone]

ASKED_ON_THE_WAY = ("users.info", "conversations.info", "conversations.members", "views.publish", "dnd.info", "auth.test")
"""Methods that an event may have asked before it is kept: the last by bolt, if we let it."""

READ_BACK = ("conversations.history", "conversations.replies")

FAILURES = ("429", "500", "internal_error", "rubbish", "dropped", "invalid_auth")
"""How they fail. The last one ends the bot when it reads back, as it should."""


def fail(trouble: Trouble, how: str, method: str, *, times: int | None) -> None:
    """Make the next calls of a method fail."""
    match how:
        case "429":
            trouble.ratelimit(method, retry_after=30, times=times)
        case "500":
            trouble.fail(method, times=times)
        case "internal_error" | "invalid_auth":
            trouble.refuse(method, how, times=times)
        case "rubbish":
            trouble.garble(method, body='["half an', times=times)
        case "dropped":
            trouble.drop(method, accepted=False, times=times)
        case "no answer":
            trouble.delay(method, times=times)


async def hand_in(stage: SlackStage, events: Sequence[Told]) -> list[Delivery]:
    """Deliver events, all at once, and wait until each was acknowledged or wasn't in time."""
    started = [stage.fake.courier.start("events_api", told.payload) for told in events]
    await asyncio.gather(*(task for _, task in started))
    return [delivery for delivery, _ in started]


def stored_ids(stage: SlackStage) -> set[str]:
    return {id for (id,) in rows_of(stage.path, "SELECT id FROM platform_events")}


def lost(stage: SlackStage, events: Sequence[Told], deliveries: Sequence[Delivery]) -> list[str]:
    """What was acknowledged, ought to be in the database, and isn't."""
    stored = stored_ids(stage)
    return [
        told.name
        for told, delivery in zip(events, deliveries, strict=True)
        if delivery.acknowledged and told.kept and told.payload.get("event_id") not in stored
    ]


def unhandled(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What bolt, the SDK or asyncio logged as an error that nobody dealt with."""
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


async def all_kinds(stage: SlackStage, *, last: Sequence[Told] = ()) -> None:
    """Hand in one of each kind: all are acknowledged at once, and what is to be kept is in the database."""
    events = [*Events(stage).each(), *last]
    deliveries = await hand_in(stage, events)
    assert lost(stage, events, deliveries) == []
    assert [told.name for told, sent in zip(events, deliveries, strict=True) if not sent.acknowledged] == []


over_both = pytest.mark.parametrize(
    "over", ["sockets", pytest.param("http", marks=pytest.mark.setup(mode="http"))], ids=["sockets", "http"]
)


@over_both
@pytest.mark.parametrize("how", FAILURES)
async def test_whatever_fails_on_its_way_an_event_is_stored_or_not_acknowledged(
    stage: SlackStage, caplog: pytest.LogCaptureFixture, how: str, over: str
) -> None:
    """After a start, when bolt itself would ask who we are, and later; one failure, and failures without end."""
    trouble = stage.fake.trouble
    methods = [("*", 1), *((method, None) for method in ("*", *ASKED_ON_THE_WAY))]
    if how == "invalid_auth":  # a Home that is refused for the token's sake ends the bot, as it should (see test_gone)
        methods = [(method, None) for method in ASKED_ON_THE_WAY if method != "views.publish"]
    for method, times in methods:
        fail(trouble, how, method, times=times)
        await all_kinds(stage)
        trouble.clear()
    assert unhandled(caplog) == []


@over_both
@pytest.mark.parametrize("how", FAILURES[:-1])
async def test_what_can_not_be_read_back_at_once_is_no_reason_to_lose_an_event(
    stage: SlackStage, caplog: pytest.LogCaptureFixture, how: str, over: str
) -> None:
    events = Events(stage)
    for method in (*READ_BACK, "*"):
        fail(stage.fake.trouble, how, method, times=2)
        told = [events.rate_limited(), events.joined()]
        deliveries = await hand_in(stage, told)
        assert all(delivery.acknowledged for delivery in deliveries)
        await stage.advance(minutes=10)
        stage.fake.trouble.clear()
        await all_kinds(stage)
    assert unhandled(caplog) == []


@pytest.mark.slow
@over_both
async def test_a_slack_that_does_not_answer_is_not_waited_for_too_long(
    stage: SlackStage, caplog: pytest.LogCaptureFixture, over: str
) -> None:
    fail(stage.fake.trouble, "no answer", "*", times=None)
    events = [told for told in Events(stage).each() if told.kept]
    deliveries = await hand_in(stage, events)
    assert lost(stage, events, deliveries) == []
    assert [delivery.tries for delivery in deliveries if delivery.tries != [""]] == []
    stage.fake.trouble.clear()
    assert unhandled(caplog) == []


@over_both
async def test_a_database_that_refuses_writes_lets_nothing_be_acknowledged(stage: SlackStage, over: str) -> None:
    stage.fake.courier.seconds = 0.3
    # What is about people and channels wakes the due loop, whose failing ends the bot; that is another story (test_missing).
    events = [told for told in Events(stage).each() if told.kept]
    with failing(stage):
        deliveries = await hand_in(stage, events)
    assert [told.name for told, sent in zip(events, deliveries, strict=True) if sent.acknowledged] == []
    await stage.advance(minutes=2)
    assert [told.name for told, sent in zip(events, deliveries, strict=True) if not sent.acknowledged] == []
    assert lost(stage, events, deliveries) == []


@over_both
async def test_bolt_asks_nothing_of_its_own(stage: SlackStage, over: str) -> None:
    """For events, commands, clicks, forms, shortcuts: whom we are was learnt before anything was listened to."""
    before = sum(call.method == "auth.test" for call in stage.fake.calls)
    stage.fake.trouble.fail("auth.test", times=None)
    ana = stage.people["ana"]
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert "Dana" in (await ana.commands("waiting")).words
    assert "You're on it" in (await ana.clicks(post, "I'm on it")).words
    await ana.corrects(asked, "needs_none")
    home = await ana.home()
    form = await ana.clicks(home, next(label for label in home.buttons if "hours" in label.lower()))
    await ana.fills(form, {"From": "08:00"})
    assert sum(call.method == "auth.test" for call in stage.fake.calls) == before
    assert len(posted(stage)) == 1


@pytest.mark.parametrize("how", FAILURES)
async def test_a_start_that_slack_lets_fail_ends_with_a_sentence(stage: SlackStage, how: str) -> None:
    await stage.take_down()
    fail(stage.fake.trouble, how, "apps.connections.open", times=1)
    with pytest.raises(DeliveryError, match=r"app token|apps\.connections\.open"):
        await stage.put_up()
    await stage.give_up()
    await stage.put_up()
    await stage.people["dana"].says(QUESTION)
    assert stage.stored() == 1


# Another workspace's


OTHER_ONE = {"team_id": "T0OTHERONE", "context_team_id": "T0OTHERONE"}


def of_another(payload: dict[str, object], **more: object) -> dict[str, object]:
    installation = {"team_id": "T0OTHERONE", "enterprise_id": None, "is_bot": True, "is_enterprise_install": False}
    return {**payload, **OTHER_ONE, "authorizations": [installation], **more}


def elsewhere(payload: dict[str, object]) -> dict[str, object]:
    """The same in a channel that we aren't in."""
    event = payload["event"]
    assert isinstance(event, dict)
    moved = {key: {**value, "channel": "C0OTHERONE"} if key == "item" else value for key, value in event.items()}
    return {**payload, "event": moved | ({"channel": "C0OTHERONE"} if "channel" in event else {})}


@over_both
async def test_events_of_another_workspace_with_the_app_are_left_alone(stage: SlackStage, over: str) -> None:
    """Acknowledged, or Slack would end everybody's; nothing of them is kept, and we aren't thrown out where the others are."""
    events = Events(stage)
    people = len(rows_of(stage.path, "SELECT id FROM platform_events"))
    told = [
        Told(name=each.name, kept=False, payload=of_another(elsewhere(each.payload))) for each in (*events.each(), *events.ends())
    ]
    told.append(Told(name="app_rate_limited", kept=False, payload={**events.rate_limited().payload, "team_id": "T0OTHERONE"}))
    told.append(Told(name="uninstalled", kept=False, payload={**events.ends()[0].payload, **OTHER_ONE, "authorizations": []}))
    with capture_logs() as logged:
        deliveries = await hand_in(stage, told)
    assert all(delivery.acknowledged for delivery in deliveries)
    kept = {told.payload.get("event_id") for told in told} & stored_ids(stage)
    assert kept == set() and people == 0
    assert [line["workspace"] for line in logged if line["event"] == "slack_other_workspace"] == ["T0OTHERONE"]
    asked = await stage.people["dana"].says(QUESTION)
    assert asked.ts in {id for (id,) in rows_of(stage.path, "SELECT id FROM messages")}


async def test_in_a_shared_channel_another_installation_may_be_named_in_our_place(stage: SlackStage) -> None:
    """Slack names one of those that see the event, and the workspace of who wrote it."""
    events = Events(stage)
    told = [Told(name=each.name, kept=each.kept, payload=of_another(each.payload)) for each in events.each() if each.kept]
    told += [Told(name=each.name, kept=each.kept, payload={**each.payload, **OTHER_ONE}) for each in events.each() if each.kept]
    deliveries = await hand_in(stage, told)
    assert lost(stage, told, deliveries) == []
    assert all(delivery.acknowledged for delivery in deliveries)


@pytest.mark.setup(grid=True)
async def test_an_installation_to_the_whole_organisation_is_ours_too(stage: SlackStage) -> None:
    whole = {"team_id": None, "enterprise_id": "E0HARBORS1", "is_bot": True, "is_enterprise_install": True}
    told = [
        Told(name=each.name, kept=each.kept, payload={**each.payload, "authorizations": [whole]}) for each in Events(stage).each()
    ]
    deliveries = await hand_in(stage, told)
    assert lost(stage, told, deliveries) == []


@pytest.mark.parametrize("number", [0, 1])
async def test_being_thrown_out_is_believed_whatever_else_fails(stage: SlackStage, number: int) -> None:
    fail(stage.fake.trouble, "500", "*", times=None)
    told = Events(stage).ends()[number]
    await hand_in(stage, [told])
    assert stage.running is not None
    with pytest.raises(AccessLost):
        await asyncio.wait_for(asyncio.shield(stage.running), 5)
    with pytest.raises(AccessLost):
        await stage.take_down()
