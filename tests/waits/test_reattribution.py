"""A doubtful reply that names nobody, and the clearer one that comes after it."""

from __future__ import annotations

import pytest

from bot.domain.waits import WaitState
from tests.waits.world import MINUTE, World


@pytest.fixture
def world() -> World:
    """Dana and Omar wait, in this order, and Ana has said something that was taken to be for Dana."""
    world = World()
    world.dana.says("where is my container?")
    world.later(MINUTE)
    world.omar.says("how do I cancel?")
    world.later(MINUTE)
    world.ana.says("probably under Settings")
    world.later(MINUTE)
    assert [wait.open for wait in world.waits] == [False, True]
    return world


def test_a_reply_in_the_thread_takes_the_doubtful_one_back_and_gives_it_to_who_else_waited(world: World) -> None:
    asked = world.waits[0].messages[0]
    said = world.waits[0].replies[0].message
    clear = world.ben.says("it left Lisbon this morning", thread=asked)
    dana, omar = world.waits
    assert [reply.message for reply in dana.replies] == [clear]
    assert [reply.message for reply in omar.replies] == [said]
    assert (dana.state, omar.state) == (WaitState.ANSWERED, WaitState.ANSWERED)
    assert not world.reminders
    seen = world.state.window.get(said)
    assert seen is not None
    assert seen.answers == (omar.id,)


def test_a_reply_to_the_message_does_the_same(world: World) -> None:
    asked = world.waits[0].messages[0]
    clear = world.ben.says("it left Lisbon this morning", reply_to=asked)
    assert [reply.message for reply in world.waits[0].replies] == [clear]


def test_with_nobody_else_waiting_the_doubtful_reply_was_for_nobody(world: World) -> None:
    asked = world.waits[0].messages[0]
    said = world.waits[0].replies[0].message
    world.ana.says("omar: in your profile")
    clear = world.ben.says("it left Lisbon this morning", thread=asked)
    dana, omar = world.waits
    assert [reply.message for reply in dana.replies] == [clear]
    assert len(omar.replies) == 1
    seen = world.state.window.get(said)
    assert seen is not None
    assert seen.answers == ()


def test_a_holding_reply_in_the_thread_leaves_the_customer_waiting_again(world: World) -> None:
    asked = world.waits[0].messages[0]
    world.ben.says("holding I'll look", thread=asked)
    dana = world.waits[0]
    assert dana.open
    assert dana.hold is not None
    assert dana.id in world.reminders


def test_what_was_clear_stays(world: World) -> None:
    answer = world.ana.says("omar: in your profile")
    omar = world.waits[1]
    world.ben.says("and here is the page", thread=omar.messages[0])
    assert [reply.message for reply in world.waits[1].replies] == [answer]


def test_a_question_that_came_after_the_doubtful_reply_says_nothing_about_it(world: World) -> None:
    said = world.waits[0].replies[0].message
    later = world.dana.says("which Settings?")
    world.later(MINUTE)
    world.ben.says("those of the app", thread=later)
    assert [reply.message for reply in world.waits[0].replies] == [said]
