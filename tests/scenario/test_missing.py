"""What Slack gave up on, and what we couldn't store, is read back; and nothing else stands still meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest
from aiohttp import web

from bot.domain.gaps import Gap, GapReason
from tests.scenario.slack_stage import SlackStage
from tests.scenario.stage import MINUTE
from tests.scenario.test_gone import until
from tests.scenario.test_http import failing
from tests.scenario.test_quiet import OTHER_QUESTIONS
from tests.scenario.test_reminding import ANSWER, QUESTION
from tests.scenario.test_trouble import posted

pytestmark = [pytest.mark.only("slack"), pytest.mark.alone]

http = pytest.mark.setup(mode="http")

impatient = pytest.mark.setup(ack_seconds=0.3)
"""Slack takes less of our time to find that we don't answer."""


async def waiting(stage: SlackStage) -> set[str]:
    return {stage.name_of(wait.customer) for wait in await stage.waits()}


async def gaps(stage: SlackStage) -> tuple[Gap, ...]:
    found: tuple[Gap, ...] = await stage.store.read(lambda tx: tx.gaps(100))
    return tuple(gap for gap in found if gap.platform == "slack")


def calls(stage: SlackStage, since: float) -> list[str]:
    """The calls that read channels back."""
    return [
        call.method
        for call in stage.fake.calls
        if call.at >= since and call.method in ("conversations.history", "conversations.replies")
    ]


# Over HTTP nobody tells us that we can't be reached


@http
async def test_what_a_proxy_that_was_down_kept_from_us_is_read_with_the_next_request(stage: SlackStage) -> None:
    target, stage.fake.http_target = stage.fake.http_target, "http://127.0.0.1:9/slack/events"
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=20)
    stage.fake.http_target = target
    assert await waiting(stage) == set()
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    assert await waiting(stage) == {"dana", "omar"}
    (gap,) = await gaps(stage)
    assert gap.reason is GapReason.SILENT and gap.closed_at is not None


@http
async def test_what_a_proxy_keeps_from_us_is_found_without_any_request(stage: SlackStage) -> None:
    stage.fake.http_target = "http://127.0.0.1:9/slack/events"
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=11)
    assert stage.service is not None
    await stage.service.platforms["slack"].beat()
    await stage.settle()
    assert await waiting(stage) == {"dana"}
    before = len(calls(stage, 0))
    await stage.service.platforms["slack"].beat()
    await stage.settle()
    assert len(calls(stage, 0)) == before, "not again before the next silence"


@http
async def test_what_slack_gave_up_in_a_short_outage_is_read_with_the_next_event(stage: SlackStage) -> None:
    await stage.people["omar"].says("good morning everybody")
    target, stage.fake.http_target = stage.fake.http_target, "http://127.0.0.1:9/slack/events"
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=7)
    stage.fake.http_target = target
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    assert await waiting(stage) == {"dana", "omar"}


@http
async def test_commands_are_no_sign_that_events_come_in(stage: SlackStage) -> None:
    async with stage.fake.away():
        await stage.persons["dana"].says("help", QUESTION)
    for _ in range(4):
        await stage.advance(minutes=2)
        await stage.people["ana"].commands("help")
    assert stage.service is not None
    await stage.service.platforms["slack"].beat()
    await stage.settle()
    assert await waiting(stage) == {"dana"}


# What couldn't be stored


@pytest.mark.parametrize("mode", [pytest.param("http", marks=http), pytest.param("socket", marks=impatient)])
async def test_an_event_that_slack_gave_up_on_is_read_back_when_the_database_takes_it(stage: SlackStage, mode: str) -> None:
    with failing(stage):
        await stage.people["dana"].says(QUESTION)
        await stage.advance(minutes=8)
        (delivery,) = stage.fake.deliveries("message")
        assert delivery.given_up and stage.stored() == 0, mode
    await stage.advance(minutes=10)
    assert await waiting(stage) == {"dana"}
    assert {gap.reason for gap in await gaps(stage) if gap.closed_at is not None} == {GapReason.REFUSED}
    await stage.advance(minutes=21)
    assert len(posted(stage)) == 1


@impatient
async def test_an_event_that_slack_gave_up_on_is_read_back_after_a_restart_too(stage: SlackStage) -> None:
    await stage.people["omar"].says("good morning everybody")
    await stage.advance(minutes=30)
    with failing(stage):
        await stage.people["dana"].says(QUESTION)
        await stage.advance(minutes=8)
    await stage.take_down()
    await stage.put_up()
    assert await waiting(stage) == {"dana"}


@impatient
async def test_a_form_of_a_bot_that_slack_couldnt_be_asked_about_is_read_back(stage: SlackStage) -> None:
    stage.fake.trouble.fail("bots.info", times=None)
    text = f"New ticket by <@{stage.persons['dana'].id}>\n*What is it about?*\nThe printer on floor three"
    await stage.fake.app_posts("help", text, name="Help desk", workflow=True, marked=False)
    await stage.advance(minutes=8)
    (delivery,) = stage.fake.deliveries("message")
    assert delivery.given_up and stage.stored() == 0
    stage.fake.trouble.clear()
    await stage.advance(minutes=10)
    assert await waiting(stage) == {"dana"}


# What was delivered twice, so that others may never have come


async def test_with_a_retry_all_channels_are_looked_at(stage: SlackStage) -> None:
    stage.fake.channel("other", members=list(stage.persons.values()))
    await stage.restart()
    async with stage.fake.away():
        await stage.persons["dana"].says("other", QUESTION)
    await stage.advance(minutes=3)
    assert await waiting(stage) == set()
    send = stage.fake.sockets.send

    async def again(*given: Any, **named: Any) -> Any:
        return await send(*given, **(named | {"attempt": 1, "reason": "timeout"}))

    stage.fake.sockets.send = again  # type: ignore[method-assign]
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    assert await waiting(stage) == {"dana", "omar"}


@pytest.mark.parametrize("mode", [pytest.param("http", marks=http), "socket"])
async def test_while_all_is_well_nothing_is_read_back(stage: SlackStage, mode: str) -> None:
    before = len(calls(stage, 0))
    for number in range(5):
        await stage.people["dana"].says(f"{QUESTION} ({number})")
        await stage.advance(minutes=1)
    assert stage.stored() == 5 and len(calls(stage, 0)) == before, mode
    assert await gaps(stage) == ()


# Connections that are renewed


@pytest.mark.setup(ping=0.05, ack_seconds=0.3)
async def test_reminders_leave_while_a_connection_is_renewed_and_only_the_gap_is_read(stage: SlackStage) -> None:
    """24 channels of 840 messages in 14 days, and threads in each: once a minute for two hours one of the two is renewed."""
    people = list(stage.persons.values())
    names = ["help", *(f"help-{number}" for number in range(23))]
    async with stage.fake.away():
        for name in names[1:]:
            stage.fake.channel(name, members=people)
        for name in names:
            for number in range(30):
                await stage.persons["omar"].says(name, f"Fine here, number {number}, thank you all.")
                await stage.fake.clock.advance(10)
    await stage.restart()
    await stage.advance(minutes=5)  # what the start itself reads
    await stage.people["dana"].says(QUESTION)
    sockets = stage.fake.sockets
    began = stage.now
    renewals = 0
    while stage.now < began + 32 * MINUTE:
        count = len(calls(stage, 0))
        await sockets.disconnect("refresh_requested", number=renewals % 2, close=True)
        await until(stage, lambda: len(sockets.connections) == 2)
        await stage.settle()
        renewals += 1
        await stage.advance(minutes=2)
        read = calls(stage, 0)[count:]
        assert len(read) <= 2 * len(names) + 1, "two calls a channel, and one for the thread of who waits"
    (post,) = posted(stage)
    assert post.at - began <= 30 * MINUTE + 5


@pytest.mark.setup(ping=0.05, ack_seconds=0.3)
async def test_an_answer_in_an_old_thread_that_came_while_a_connection_was_renewed_is_found(stage: SlackStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=20)
    sockets = stage.fake.sockets
    async with stage.fake.away():
        await stage.persons["ana"].says("help", ANSWER, thread=asked)
    await sockets.disconnect("refresh_requested", number=0, close=True)
    await until(stage, lambda: len(sockets.connections) == 2)
    await stage.settle()
    assert await waiting(stage) == set()
    await stage.advance(minutes=30)
    assert posted(stage) == []


@pytest.mark.setup(ping=0.05, ack_seconds=0.3)
async def test_a_connection_that_says_hello_long_after_the_start_was_away_until_then(stage: SlackStage) -> None:
    await stage.people["omar"].says("good morning everybody")
    await stage.take_down()
    sockets, late = stage.fake.sockets, asyncio.Event()
    link = sockets.link

    async def gone_before_hello(request: web.Request) -> web.StreamResponse:
        if late.is_set():
            return await link(request)
        answer = web.WebSocketResponse()
        await answer.prepare(request)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(late.wait(), 0.1)
        await answer.close()
        return answer

    sockets.link = gone_before_hello  # type: ignore[method-assign]
    await stage.put_up()
    await stage.advance(minutes=2)
    async with stage.fake.away():
        await stage.persons["dana"].says("help", QUESTION)
    await stage.advance(minutes=20)
    late.set()
    await until(stage, lambda: len(sockets.connections) == 2)
    await stage.advance(minutes=2)
    assert await waiting(stage) == {"dana"}
