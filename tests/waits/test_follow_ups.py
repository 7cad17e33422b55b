"""What a waiting customer goes on writing that asks nothing anew: of their wait for its posts, no part of it for the judge."""

from __future__ import annotations

from dataclasses import replace

from bot.waits.customer_messages import MOST_FOLLOW_UPS
from tests.waits.world import MINUTE, World


def waiting() -> World:
    world = World()
    world.dana.says("why does my export come out empty?")
    world.later(30 * MINUTE)
    return world


def test_a_follow_up_is_of_the_wait_and_changes_nothing_else_about_it_until_it_is_deleted() -> None:
    world = waiting()
    before = world.wait
    first = world.dana.says("I have tried it with Firefox as well")
    world.later(10 * MINUTE)
    second = world.dana.says("and also number 3 does not work")
    after = world.wait
    assert [further.message for further in after.went_on] == [first, second] and after.written == 3
    assert replace(after, went_on=()) == before
    world.dana.deletes(first)
    assert world.wait.written == 2


def test_chatter_is_none_and_nor_is_what_they_say_to_another_customer() -> None:
    world = waiting()
    world.dana.says("thanks for looking")
    theirs = world.omar.says("The sync stops after a minute")
    world.dana.says("mine does so as well", reply_to=theirs)
    assert world.wait.written == 1


def test_no_more_follow_ups_are_counted_than_anybody_needs_to_know_of() -> None:
    world = waiting()
    for number in range(MOST_FOLLOW_UPS + 2):
        world.dana.says(f"and also number {number} does not work")
        world.later(6 * MINUTE)
    assert len(world.wait.went_on) == MOST_FOLLOW_UPS
