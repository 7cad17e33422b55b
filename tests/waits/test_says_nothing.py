"""A member's message that is for a wait and says nothing yet, and one of which nobody is sure whether it answers."""

from __future__ import annotations

import pytest

from bot.domain.waits import ReplyKind, WaitState
from tests.waits.world import HOUR, MINUTE, World


@pytest.fixture
def world() -> World:
    made = World()
    made.dana.says("where is it?")
    made.later(MINUTE)
    return made


def test_what_says_nothing_ends_and_holds_nothing_and_is_no_reply(world: World) -> None:
    before, due = world.wait, world.due(world.wait)
    said = world.ana.says("nothing much")
    assert world.wait == before and world.due(world.wait) == due
    assert world.state.window.get(said).answers == ()  # type: ignore[union-attr]
    assert any("says nothing yet" in line for line in world.trace)


def test_in_the_thread_its_writer_is_left_a_moment_to_go_on(world: World) -> None:
    world.later(9 * MINUTE - 1)
    world.ana.says("nothing much", thread=world.wait.messages[0])
    assert world.wait.open and world.wait.replies == () and world.due(world.wait) > MINUTE


def test_the_answer_that_comes_after_it_is_the_first_reply(world: World) -> None:
    world.ana.says("nothing much")
    world.later(MINUTE)
    answer = world.ana.says("in Rotterdam")
    assert world.wait.state is WaitState.ANSWERED and [reply.message for reply in world.wait.replies] == [answer]


def test_what_is_in_doubt_ends_nothing_and_is_asked_about(world: World) -> None:
    due = world.due(world.wait)
    said = world.ben.says("vague words")
    maybe = world.wait.possible_answer
    assert world.wait.open and world.wait.replies == () and world.due(world.wait) == due
    assert maybe is not None and (maybe.message, maybe.by, maybe.kind) == (said, "ben", ReplyKind.PERSONAL)
    assert maybe.probability == pytest.approx(0.45), "that it is for Dana, and that it answers"
    world.later(HOUR)
    world.ana.acts("confirm", world.wait, message=said)
    assert world.wait.state is WaitState.ANSWERED


def test_what_says_nothing_takes_no_doubt_away(world: World) -> None:
    said = world.ben.says("vague words")
    world.ana.says("nothing much")
    assert world.wait.possible_answer is not None and world.wait.possible_answer.message == said


def test_words_that_say_nothing_may_say_when_more_comes(world: World) -> None:
    world.ana.says("nothing yet, more on this in 2 hours")
    assert [reply.kind for reply in world.wait.replies] == [ReplyKind.PROMISE]
    assert world.wait.hold is not None and world.wait.hold.until == world.now + 2 * HOUR


def test_to_a_question_that_came_late_what_says_nothing_is_no_answer_and_a_doubt_is_remembered(world: World) -> None:
    world.ana.says("aside nothing")
    for text, expected in (("nothing much", False), ("vague words", True)):
        late = World()
        late.later(2 * MINUTE)
        said = late.ana.says(text)
        late.dana.says("where is it?", at=late.now - MINUTE)
        assert late.wait.open and late.wait.replies == ()
        maybe = late.wait.possible_answer
        assert (maybe is not None and maybe.message == said) is expected


def test_a_hold_that_is_edited_into_doubtful_words_goes_on(world: World) -> None:
    said = world.ana.says("holding on")
    world.ana.edits(said, "vague words")
    assert world.wait.open and world.wait.hold is not None
    world.ana.edits(said, "in Rotterdam")
    assert world.wait.state is WaitState.ANSWERED


def test_what_says_nothing_and_is_edited_into_the_answer_ends_the_wait(world: World) -> None:
    said = world.ana.says("nothing much")
    world.later(MINUTE)
    world.ana.edits(said, "nothing more to tell")
    assert world.wait.open and world.wait.replies == ()
    world.ana.edits(said, "in Rotterdam")
    assert world.wait.state is WaitState.ANSWERED and [reply.message for reply in world.wait.replies] == [said]


def test_what_is_in_doubt_and_is_edited_is_judged_again(world: World) -> None:
    said = world.ben.says("vague words")
    world.ben.edits(said, "nothing at all")
    assert world.wait.open and world.wait.possible_answer is None, "nobody asks about what says nothing now"
    world.ben.edits(said, "in Rotterdam")
    assert world.wait.state is WaitState.ANSWERED


def test_what_was_a_reply_to_one_customer_answers_no_other_by_an_edit(world: World) -> None:
    said = world.ana.says("in Rotterdam")
    world.omar.says("and mine?")
    world.ana.edits(said, "in Rotterdam, of course")
    assert [wait.state for wait in world.waits] == [WaitState.ANSWERED, WaitState.WAITING]
