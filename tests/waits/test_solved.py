"""A thread that was marked as solved by its platform's own means ends what its customer waits for there, and nothing else."""

from __future__ import annotations

from bot.domain.events import Solved
from bot.domain.waits import WaitState
from tests.waits.world import World

HELP = "local:harbor:help"


def test_the_waits_of_the_thread_are_over_and_others_go_on() -> None:
    world = World()
    first = world.dana.says("Where is my crate?")
    world.later(60)
    world.dana.says("And the second one?", thread=first)
    world.omar.says("When does the ferry leave?")
    world.later(600)
    world.happens(Solved(channel=HELP, thread=first, at=world.now))
    states = {wait.customer: wait.state for wait in world.waits}
    assert states == {"dana": WaitState.RESOLVED, "omar": WaitState.WAITING}


def test_what_its_customer_asked_since_is_another_matter() -> None:
    world = World()
    first = world.dana.says("Where is my crate?")
    marked = world.now + 1
    world.later(600)
    world.dana.says("It came, but what is this invoice?", thread=first)
    world.happens(Solved(channel=HELP, thread=first, at=marked))
    assert world.wait.state is WaitState.WAITING


def test_what_stood_in_the_channel_outlives_a_thread_that_was_made_from_it() -> None:
    world = World()
    first = world.dana.says("Where is my crate?")
    world.later(600)
    world.omar.says("When does the ferry leave?", thread=first)
    world.happens(Solved(channel=HELP, thread=first, at=world.now, gone=True, starter=False))
    states = {wait.customer: wait.state for wait in world.waits}
    assert states == {"dana": WaitState.WAITING, "omar": WaitState.WITHDRAWN}


def test_what_was_asked_in_a_deleted_thread_goes_and_the_rest_of_its_wait_stays() -> None:
    world = World()
    first = world.dana.says("Where is my crate?")
    world.later(60)
    world.dana.says("And the second one?", thread=first)
    world.happens(Solved(channel=HELP, thread=first, at=world.now, gone=True, starter=False))
    assert world.wait.state is WaitState.WAITING and world.wait.messages == (first,)


def test_a_deleted_post_takes_its_first_message_along() -> None:
    world = World()
    first = world.dana.says("Where is my crate?")
    world.later(60)
    world.dana.says("And the second one?", thread=first)
    world.happens(Solved(channel=HELP, thread=first, at=world.now, gone=True))
    assert world.wait.state is WaitState.WITHDRAWN and world.wait.by_thread


def test_a_mark_that_is_taken_back_wakes_what_it_ended() -> None:
    world = World()
    first = world.dana.says("Where is my crate?")
    for taken_back in (False, True):
        world.later(600)
        world.happens(Solved(channel=HELP, thread=first, at=world.now, taken_back=taken_back))
    assert world.wait.state is WaitState.WAITING and not world.wait.by_thread


def test_a_mark_that_is_taken_back_wakes_nothing_that_was_answered_or_asked_since() -> None:
    world = World()
    first = world.dana.says("Where is my crate?")
    other = world.omar.says("When does the ferry leave?")
    world.later(600)
    for thread in (first, other):
        world.happens(Solved(channel=HELP, thread=thread, at=world.now))
    world.ana.says("In Rotterdam.", thread=first)
    world.later(600)
    world.omar.says("But where does it leave?", thread=other)
    for thread in (first, other):
        world.happens(Solved(channel=HELP, thread=thread, at=world.now, taken_back=True))
    open_now = [wait.customer for wait in world.waits if wait.open]
    assert open_now == ["omar"]
