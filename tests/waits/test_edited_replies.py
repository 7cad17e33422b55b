"""A reply that its writer edits is judged anew; what is said to the bot is no reply."""

from __future__ import annotations

import pytest

from bot.domain.waits import HoldKind, ReplyKind, WaitState
from tests.waits.test_members_words import asked
from tests.waits.world import HOUR, MINUTE

QUESTION = "Hello, why does my export come out empty?"


def test_a_promise_that_is_edited_holds_until_its_new_time() -> None:
    world = asked(QUESTION)
    said = world.ana.says("I'll get back to you in 2 hours", thread=world.wait.messages[0])
    first = world.wait.hold
    world.later(MINUTE)
    world.ana.edits(said, "I'll get back to you in 4 hours")
    hold = world.wait.hold
    assert first is not None and hold is not None and hold.kind is HoldKind.PROMISE
    assert hold.until == first.until + 2 * HOUR and world.wait.replies[-1].until == hold.until
    assert len(world.wait.replies) == 1


def test_an_answer_that_is_edited_into_a_promise_opens_the_wait_again() -> None:
    world = asked(QUESTION)
    said = world.ana.says("Turn the date filter off in the settings", thread=world.wait.messages[0])
    assert world.wait.state is WaitState.ANSWERED
    world.later(MINUTE)
    world.ana.edits(said, "I'll get back to you in 3 hours")
    wait = world.wait
    assert wait.open and wait.hold is not None and wait.hold.kind is HoldKind.PROMISE
    assert [reply.kind for reply in wait.replies] == [ReplyKind.PROMISE]


def test_an_answer_that_is_reworded_stays_one() -> None:
    world = asked(QUESTION)
    said = world.ana.says("Turn the date filter off in the settings", thread=world.wait.messages[0])
    world.ana.edits(said, "hm")
    assert world.wait.state is WaitState.ANSWERED


def test_an_edit_of_what_something_else_followed_changes_no_hold() -> None:
    world = asked(QUESTION)
    said = world.ana.says("I'll get back to you in 2 hours", thread=world.wait.messages[0])
    world.later(MINUTE)
    world.ana.says("I'll get back to you in 5 hours", thread=world.wait.messages[0])
    held = world.wait.hold
    world.ana.edits(said, "I'll get back to you in 1 hour")
    assert world.wait.hold == held


def test_what_is_said_to_the_bot_ends_nothing() -> None:
    world = asked(QUESTION)
    world.ana.says("@realreply claim w1", thread=world.wait.messages[0], calls_team=True, to_bot=True)
    assert world.wait.open and not world.wait.replies and world.wait.possible_answer is None and world.wait.hold is None


def test_an_answer_written_twice_is_one_while_one_of_it_is_there() -> None:
    for second in ("Turn the date filter off in the settings", "Turn off the date filter: Settings > Export, and run it again."):
        for place in ("thread", "channel"):
            world = asked(QUESTION)
            thread = world.wait.messages[0] if place == "thread" else None
            first = world.ana.says("Turn the date filter off in the settings", thread=thread)
            again = world.ana.says(second, thread=thread)
            world.ana.deletes(first)
            assert world.wait.state is WaitState.ANSWERED, (second, place)
            assert [reply.message for reply in world.wait.replies] == [again]
            world.ana.deletes(again)
            assert world.wait.open, (second, place)


def test_what_was_said_after_a_deleted_answer_and_answers_nothing_leaves_the_customer_waiting() -> None:
    world = asked(QUESTION)
    first = world.ana.says("Turn the date filter off in the settings", thread=world.wait.messages[0])
    world.ana.says("ok", thread=world.wait.messages[0])
    world.ana.deletes(first)
    assert world.wait.open


@pytest.mark.parametrize("again", [False, True])
def test_what_answers_somebody_else_is_no_second_answer(again: bool) -> None:
    world = asked(QUESTION)
    world.omar.says("Where can I find the invoice for my last order?")
    first = world.ana.says("Turn the date filter off in the settings, Dana")
    world.later(MINUTE)
    world.ben.says("It is under Billing, on the second page" if not again else "Omar, it is under Billing, on the second page")
    (dana,) = (wait for wait in world.waits if wait.customer == "dana")
    (omar,) = (wait for wait in world.waits if wait.customer == "omar")
    assert (dana.state, omar.state) == (WaitState.ANSWERED, WaitState.ANSWERED)
    world.ana.deletes(first)
    assert {wait.customer for wait in world.waits if wait.open} == {"dana"}


def test_one_message_that_names_two_is_the_second_answer_to_each() -> None:
    world = asked(QUESTION)
    world.omar.says("Where can I find the invoice for my last order?")
    first = world.ana.says("Turn the date filter off in the settings, Dana")
    world.later(MINUTE)
    world.ben.says(
        "@Omar it is under Billing. @Dana turn the date filter off, then the export has everything", mentions=("omar", "dana")
    )
    world.ana.deletes(first)
    assert not [wait for wait in world.waits if wait.open]
