"""Slack over HTTP: whose requests are believed, and that an event is acknowledged once it is kept, not sooner."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.errors import StorageError
from tests.scenario.slack_stage import SlackStage
from tests.scenario.test_quiet import OTHER_QUESTIONS
from tests.scenario.test_reminding import ANSWER, QUESTION

pytestmark = [pytest.mark.only("slack"), pytest.mark.setup(mode="http")]


async def test_the_whole_way_over_http(stage: SlackStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    answer = await stage.people["ana"].clicks(post, "I'm on it")
    assert "You're on it" in answer.words
    assert "Dana" in (await stage.people["ben"].commands("waiting")).words
    await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(minutes=1)
    assert "Answered by Ana" in stage.team.sees()[0].words
    assert await stage.fake.http.verify()


async def test_a_request_with_a_wrong_signature_is_refused(stage: SlackStage) -> None:
    stage.fake.http.wrong_signature = True
    await stage.people["dana"].says(QUESTION)
    assert stage.stored() == 0
    assert not stage.fake.courier.deliveries[-1].acknowledged
    stage.fake.http.wrong_signature = False


async def test_an_old_request_is_refused(stage: SlackStage) -> None:
    stage.fake.http.age = 400
    await stage.people["dana"].says(QUESTION)
    assert stage.stored() == 0
    assert not stage.fake.courier.deliveries[-1].acknowledged


async def test_a_replayed_request_changes_nothing(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    before = await stage.all_waits()
    failed, _ = await stage.fake.http.replay()
    await stage.settle()
    assert failed == ""
    assert stage.stored() == 1 and await stage.all_waits() == before


async def test_a_replayed_command_or_click_changes_nothing_that_was_done(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    await stage.people["ana"].clicks(post, "Answered elsewhere")
    before = await stage.all_waits()
    await stage.fake.http.replay()
    await stage.settle()
    assert await stage.all_waits() == before


async def test_an_event_is_acknowledged_only_once_it_is_kept(stage: SlackStage) -> None:
    with failing(stage):
        await stage.people["dana"].says(QUESTION)
        (delivery,) = stage.fake.deliveries("message")
        assert not delivery.acknowledged and len(delivery.tries) == 2  # at once, and again at once
        assert stage.stored() == 0
    await stage.advance(minutes=2)
    assert delivery.acknowledged
    assert stage.stored() == 1
    await stage.advance(minutes=30)
    (post,) = stage.team.sees()
    assert "Dana has been waiting" in post.words


async def test_at_the_moment_of_the_acknowledgement_the_event_is_in_the_file(stage: SlackStage) -> None:
    """Seen from outside, by another connection to the database, when Slack's request is answered."""
    seen: list[int] = []
    send = stage.fake.http.send

    async def watched(*given: Any, **named: Any) -> Any:
        answer = await send(*given, **named)
        seen.append(stage.stored())
        return answer

    stage.fake.http.send = watched  # type: ignore[method-assign]
    await stage.people["dana"].says(QUESTION)
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    assert seen == [1, 2]


async def test_events_that_come_at_the_same_time_are_all_kept(stage: SlackStage) -> None:
    await asyncio.gather(*(stage.persons["dana"].says("help", f"Part {number} of my list") for number in range(40)))
    await stage.settle()
    assert stage.stored() == 40


async def test_a_command_that_fails_is_answered_with_a_sentence(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    with failing(stage):
        shown = await stage.people["ana"].commands("claim w1")
    assert "Something went wrong on my side" in shown.words
    (wait,) = await stage.waits()
    assert wait.hold is None


@contextmanager
def failing(stage: SlackStage) -> Iterator[None]:
    """The disk is full, as far as writing goes."""

    async def fails(_work: object) -> None:
        raise StorageError("the disk is full")

    stage.store.transact = fails
    try:
        yield
    finally:
        del stage.store.transact
