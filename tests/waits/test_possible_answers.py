"""A message that may have answered: it ends nothing, the next reminder asks, and a member's word settles it."""

from __future__ import annotations

import pytest

from bot.domain.waits import ReplyKind, WaitState
from tests.waits.world import HOUR, MINUTE, NINE, Kind, World


@pytest.fixture
def world() -> World:
    made = World()
    made.dana.says("where is it?")
    made.later(MINUTE)
    return made


def test_it_ends_nothing_and_is_remembered(world: World) -> None:
    due = world.due(world.wait)
    said = world.ben.says("perhaps in Rotterdam")
    wait = world.wait
    assert wait.open and wait.replies == () and world.due(wait) == due
    assert wait.possible_answer is not None
    assert (wait.possible_answer.message, wait.possible_answer.by, wait.possible_answer.at, wait.possible_answer.probability) == (
        said,
        "ben",
        NINE + MINUTE,
        0.25,
    )


def test_the_likeliest_is_asked_about_and_of_equals_the_latest(world: World) -> None:
    for text, expected in (
        ("perhaps first", True),
        ("perhaps, likelier", True),
        ("perhaps less", False),
        ("perhaps, as likely", True),
    ):
        world.later(MINUTE)
        said = world.ben.says(text)
        assert world.wait.possible_answer is not None and (world.wait.possible_answer.message == said) is expected


def test_yes_ends_the_wait_by_that_message_at_its_time(world: World) -> None:
    said = world.ben.says("perhaps in Rotterdam")
    world.later(HOUR)
    world.ana.acts("confirm", world.wait, message=said)
    wait = world.wait
    assert (wait.state, wait.ended_at, wait.possible_answer, wait.marked_by) == (WaitState.ANSWERED, NINE + MINUTE, None, None)
    (reply,) = wait.replies
    assert (reply.message, reply.by, reply.kind, reply.probability) == (said, "ben", ReplyKind.PERSONAL, 1.0)
    assert world.state.window.get(said).answers == (wait.id,)  # type: ignore[union-attr]
    assert world.reminders == {} and ("local:harbor:help", "ben") in world.state.acquainted["dana"]


def test_not_yet_forgets_it_and_the_ladder_goes_on(world: World) -> None:
    said = world.ben.says("perhaps in Rotterdam")
    due = world.due(world.wait)
    world.ana.acts("not_yet", world.wait, message=said)
    assert world.wait.open and world.wait.possible_answer is None and world.due(world.wait) == due
    world.ana.acts("confirm", world.wait, message=said)
    assert world.wait.open, "what isn't in question can't be confirmed"


def test_a_word_on_another_message_says_nothing(world: World) -> None:
    first = world.ben.says("perhaps in Rotterdam")
    world.later(MINUTE)
    second = world.mia.says("perhaps, in Husum")
    for verb in ("confirm", "not_yet"):
        world.ana.acts(verb, world.wait, message=first)  # type: ignore[arg-type]
        assert world.wait.open and world.wait.possible_answer is not None and world.wait.possible_answer.message == second


@pytest.mark.parametrize("what", ["answer", "one sec", "asks again", "deletes", "dismiss"])
def test_it_is_forgotten_once_more_is_known(world: World, what: str) -> None:
    said = world.ben.says("perhaps in Rotterdam")
    world.later(MINUTE)
    if what == "answer":
        world.ana.says("Dana, in Husum")
    elif what == "one sec":
        world.ana.says("holding on, Dana")
    elif what == "asks again":
        world.dana.says("so where is it?")
    elif what == "deletes":
        world.ben.deletes(said)
    else:
        world.ana.acts("dismiss", world.wait)
    assert world.wait.possible_answer is None


def test_what_may_hold_only_asks_nothing(world: World) -> None:
    world.dana.says("thanks")  # goes on with the burst, asks nothing
    before = world.wait
    world.context.judge.reply_kind = lambda *_: Kind(ReplyKind.HOLDING)  # type: ignore[method-assign]
    world.ben.says("perhaps one moment")
    assert world.wait == before


def test_a_customers_guess_asks_nothing(world: World) -> None:
    world.omar.says("perhaps in Rotterdam")
    assert world.wait.possible_answer is None
