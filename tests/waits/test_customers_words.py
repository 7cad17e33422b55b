"""What customers' words do to waits, with the judge that ships: how many open, where they begin, how they end."""

from __future__ import annotations

import pytest

from bot.domain.context import Context
from bot.domain.hours import ALWAYS
from bot.domain.waits import WaitState
from bot.judge.standard import StandardJudge
from tests.waits.world import DAY, HOUR, MINUTE, World

JUDGE = StandardJudge()


def channel() -> World:
    world = World()
    world.context = Context(judge=JUDGE, hours_of=lambda _: ALWAYS)
    return world


def answered(*, thread: bool = False) -> tuple[World, str | None]:
    world = channel()
    asked = world.dana.says("Hello, why does my export come out empty?")
    place = asked if thread else None
    world.later(5 * MINUTE)
    world.ana.says("Dana: that happens when the date filter is set. Clear it under Filters.", thread=place)
    assert world.wait.state is WaitState.ANSWERED
    return world, place


@pytest.mark.parametrize("after", [5 * MINUTE, 3 * HOUR, DAY, 3 * DAY], ids=["minutes", "hours", "a day", "a weekend"])
@pytest.mark.parametrize("thread", [False, True], ids=["channel", "thread"])
def test_thanks_for_an_answer_open_nothing_whenever_and_wherever_they_come(after: float, thread: bool) -> None:
    world, place = answered(thread=thread)
    world.later(after)
    world.dana.says("thanks a lot, that was it", thread=place)
    assert world.wait.state is WaitState.ANSWERED


@pytest.mark.parametrize("after", [5 * MINUTE, 3 * HOUR, DAY], ids=["minutes", "hours", "a day"])
@pytest.mark.parametrize("thread", [False, True], ids=["channel", "thread"])
@pytest.mark.parametrize(
    "text", ["Thanks, but it is still empty", "still empty", "Great, thanks. Now the import fails with error 9"]
)
def test_who_is_not_helped_waits_again(text: str, after: float, thread: bool) -> None:
    world, place = answered(thread=thread)
    world.later(after)
    world.dana.says(text, thread=place)
    first, second = world.waits
    assert second.state is WaitState.WAITING
    assert second.came_back_from == first.id


@pytest.mark.parametrize("greeting", ["hi", "Good morning!", ":)", "🙂", "Hello everybody"])
def test_a_wait_begins_with_the_question_and_not_with_the_greeting_before_it(greeting: str) -> None:
    world = channel()
    world.dana.says(greeting)
    world.later(20)
    question = world.dana.says("Where do I see the invoices of last month?")
    assert world.wait.messages[0] == question


@pytest.mark.parametrize(
    "text", ["Sorry, it is version 3.2", "Thanks, it's 3.2 on the small plan", "Will paste it: access denied"]
)
@pytest.mark.parametrize("after", [2 * MINUTE, 20 * HOUR], ids=["minutes", "next day"])
def test_the_answer_to_the_teams_question_opens_their_turn(text: str, after: float) -> None:
    world = channel()
    world.dana.says("My upload fails, what can I do?")
    world.later(MINUTE)
    world.ana.says("Dana: which version do you use, and what does it say?")
    assert world.wait.state is WaitState.ANSWERED
    world.later(after)
    world.dana.says(text)
    assert world.waits[-1].state is WaitState.WAITING and len(world.waits) == 2


def test_advice_to_another_customer_opens_nothing_and_answers_nobody() -> None:
    world = channel()
    world.dana.says("My upload fails with code 413, what can I do?")
    world.later(2 * MINUTE)
    world.omar.says("did you try to clear the cache?")
    assert world.wait.customer == "dana"
    assert world.wait.state is WaitState.WAITING


def test_what_is_added_hours_later_belongs_to_the_open_wait_and_another_question_does_not() -> None:
    world = channel()
    world.dana.says("Why does my export come out empty?", is_request=True)
    world.later(2 * HOUR)
    world.dana.says("by the way, that is on the small plan of our second team")
    assert len(world.waits) == 1
    world.later(2 * HOUR)
    world.dana.says("How do I change the billing address?")
    assert len(world.waits) == 2
