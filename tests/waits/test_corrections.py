"""Members' corrections: an overlooked message waits, a needless wait ends, and the opposite word takes either back."""

from __future__ import annotations

import pytest

from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.rules import ChannelRules, Watch
from bot.domain.waits import ReplyKind, WaitState
from tests.waits.world import HOUR, LADDER, MINUTE, NINE, World


@pytest.fixture
def world() -> World:
    return World()


def outside(world: World, author: str = "dana", at: float = NINE - 90 * HOUR, role: Role = Role.CUSTOMER) -> Message:
    """A message that the bot never saw: a shortcut brings it along."""
    return Message(
        channel=world.state.key, id=f"{at:.6f}", at=at, author=author, role=role, text="the crane is stuck"
    )  # fmt: skip


def test_an_overlooked_message_waits_since_it_was_written_and_its_ladder_begins_now(world: World) -> None:
    said = world.dana.says("the crane is stuck")
    assert world.waits == []
    world.later(3 * HOUR)
    assert world.ana.corrects(said, "waits").how == "opened"
    wait = world.wait
    assert wait.open and (wait.opened_at, wait.messages, wait.opened_by) == (NINE, (said,), "member")
    assert (wait.probability, wait.evidence[0]) == (1.0, "a member said so")
    assert world.due(wait) == 10 * MINUTE
    assert (world.corrections[said].says, world.corrections[said].judged) == ("waits", True)


def test_what_the_customer_wrote_right_after_belongs_to_it(world: World) -> None:
    first = world.dana.says("the crane is stuck")
    world.later(MINUTE)
    second = world.dana.says("since this morning")
    world.later(HOUR)
    world.dana.says("it is a big one")
    world.ana.corrects(first, "waits")
    assert world.wait.messages == (first, second)


def test_a_message_from_before_the_bot_opens_a_wait_and_its_text_is_kept(world: World) -> None:
    unseen = outside(world)
    came = world.ana.corrects(unseen.id, "waits", unseen)
    assert came.how == "opened"
    assert world.wait.opened_at == unseen.at and world.due(world.wait) == 10 * MINUTE
    assert world.texts == {(world.wait.id, unseen.id): "the crane is stuck"}
    assert world.ana.corrects("1.0", "waits").how == "unknown", "without the message there is nothing to go by"


def test_a_message_that_comes_after_the_word_on_it_is_the_same_message(world: World) -> None:
    asked = Message(
        channel=world.state.key, id=f"{NINE:.6f}", at=NINE, author="dana", role=Role.CUSTOMER, text="where is it?"
    )  # fmt: skip
    world.ana.corrects(asked.id, "waits", asked)
    world.dana.says("where is it?", at=NINE)
    assert world.wait.messages == (asked.id,)


@pytest.mark.parametrize("who", ["ben", "robot"])
def test_members_and_apps_dont_wait(world: World, who: str) -> None:
    said = getattr(world, who).says("what a day?")
    came = world.ana.corrects(said, "waits")
    assert (came.how, came.author) == ("not_a_customer", who)
    brought = outside(world, who, role=Role.APP if who == "robot" else Role.MEMBER)
    assert world.ana.corrects(brought.id, "waits", brought).how == "not_a_customer"
    assert world.waits == [] and world.corrections == {}


def test_only_members_correct(world: World) -> None:
    said = world.dana.says("the crane is stuck")
    asked = world.omar.says("where is it?")
    world.omar.corrects(said, "waits")
    world.omar.corrects(asked, "needs_none")
    assert [wait.messages for wait in world.waits if wait.open] == [(asked,)] and world.corrections == {}


def test_who_waits_already_goes_on_waiting(world: World) -> None:
    asked = world.dana.says("where is it?")
    world.later(MINUTE)
    assert world.ana.corrects(asked, "waits").how == "waits_already"
    assert world.due(world.wait) == 9 * MINUTE and world.corrections == {}


@pytest.mark.parametrize(("gap", "text"), [(4 * MINUTE, "another matter"), (HOUR, "the crane is stuck")])
def test_a_message_of_the_same_burst_or_matter_joins_the_open_wait(world: World, gap: float, text: str) -> None:
    asked = world.dana.says("where is it?")
    world.later(MINUTE)
    world.ana.says("holding on, Dana")
    world.later(gap)
    more = world.dana.says(text)
    assert world.wait.messages == (asked,)
    assert world.ana.corrects(more, "waits").how == "joined"
    assert world.wait.messages == (asked, more)


def test_another_matter_waits_by_itself(world: World) -> None:
    world.dana.says("where is it?")
    world.later(HOUR)
    more = world.dana.says("another matter")
    assert world.ana.corrects(more, "waits").how == "opened"
    assert [wait.opened_at for wait in world.waits] == [NINE, NINE + HOUR]


def test_a_wrong_answer_is_no_answer(world: World) -> None:
    asked = world.dana.says("where is it?")
    world.ana.says("holding on, Dana")
    world.later(20 * MINUTE)
    wrong = world.ben.says("Dana, nice weather")
    assert world.wait.state is WaitState.ANSWERED
    world.later(HOUR)
    came = world.mia.corrects(asked, "waits")
    assert came.how == "reopened" and came.reply is not None and came.reply.by == "ben"
    wait = world.wait
    assert wait.open and wait.ended_at is None and wait.opened_at == NINE
    assert [reply.kind for reply in wait.replies] == [ReplyKind.HOLDING]
    assert world.state.window.get(wrong).answers == ()  # type: ignore[union-attr]
    assert world.due(wait) == 10 * MINUTE, "the ladder begins now"
    assert not world.corrections[asked].judged, "that it called for a reply the judge knew"


def test_the_word_wins_over_what_looks_like_an_answer(world: World) -> None:
    said = world.dana.says("the crane is stuck")
    world.later(5 * MINUTE)
    world.ben.says("Dana, nice weather")
    came = world.ana.corrects(said, "waits")
    assert world.wait.open
    assert came.reply is not None and (came.reply.by, came.reply.at) == ("ben", NINE + 5 * MINUTE)


def test_a_needless_wait_ends_and_the_opposite_takes_it_back(world: World) -> None:
    asked = world.dana.says("where is it?")
    assert world.ana.corrects(asked, "needs_none").how == "dismissed"
    assert world.wait.state is WaitState.DISMISSED and world.texts == {} and world.reminders == {}
    assert (world.corrections[asked].says, world.corrections[asked].judged) == ("needs_none", True)
    assert world.ana.corrects(asked, "needs_none").how == "off_already"
    assert world.ben.corrects(asked, "waits").how == "reopened"
    assert world.wait.open and world.corrections == {}


def test_an_overlooked_message_can_be_taken_off_again(world: World) -> None:
    said = world.dana.says("the crane is stuck")
    for _ in range(2):
        world.ana.corrects(said, "waits")
        assert world.wait.open and list(world.corrections) == [said]
        world.ana.corrects(said, "needs_none")
        assert world.wait.state is WaitState.DISMISSED and world.corrections == {}


def test_any_message_of_a_wait_stands_for_it(world: World) -> None:
    asked = world.dana.says("where is it?")
    world.later(MINUTE)
    more = world.dana.says("it was due at noon")
    world.ana.corrects(more, "needs_none")
    assert world.wait.state is WaitState.DISMISSED and list(world.corrections) == [asked]


def test_what_was_answered_can_still_be_said_to_need_none(world: World) -> None:
    asked = world.dana.says("where is it?")
    world.ana.says("Dana, in Rotterdam")
    ended = world.wait
    assert world.ben.corrects(asked, "needs_none").how == "noted"
    assert world.wait == ended and world.corrections[asked].says == "needs_none"


def test_nothing_comes_of_a_message_nobody_waits_because_of(world: World) -> None:
    said = world.dana.says("thanks")
    reply = world.ana.says("Dana, you are welcome")
    for message in (said, reply, "1.0"):
        assert world.ben.corrects(message, "needs_none").how == "not_listed"
    assert world.corrections == {}


def test_a_wait_of_the_rules_alone_doesnt_tell_against_the_judge() -> None:
    world = World(rules=ChannelRules(watch=Watch.EVERYTHING, steps=LADDER))
    said = world.dana.says("the crane is stuck")
    asked = world.omar.says("where is it?")
    assert [wait.opened_by for wait in world.waits] == ["rules", "judge"]
    for message in (said, asked):
        world.ana.corrects(message, "needs_none")
    assert [world.corrections[message].judged for message in (said, asked)] == [False, True]


def test_the_button_says_the_same_and_reopening_takes_it_back(world: World) -> None:
    asked = world.dana.says("where is it?")
    world.ana.acts("dismiss", world.wait)
    assert world.corrections[asked].says == "needs_none"
    world.later(HOUR)
    world.ben.acts("reopen", world.wait)
    assert world.wait.open and world.corrections == {} and world.due(world.wait) == 10 * MINUTE


def test_unwatching_says_nothing_of_the_message(world: World) -> None:
    world.dana.says("where is it?")
    world.mia.acts("unwatch", world.wait)
    assert world.wait.state is WaitState.DISMISSED and world.corrections == {}


def test_a_mark_set_by_mistake_is_taken_back_without_a_word_on_the_judge(world: World) -> None:
    world.dana.says("where is it?")
    world.ana.acts("answered", world.wait)
    world.ana.acts("reopen", world.wait)
    assert world.wait.open and world.wait.marked_by is None and world.corrections == {}


def test_a_question_that_was_taken_back_stays_so(world: World) -> None:
    asked = world.dana.says("where is it?")
    world.dana.deletes(asked)
    world.ana.acts("reopen", world.wait)
    assert world.wait.state is WaitState.WITHDRAWN
    world.omar.acts("reopen", world.wait)
    assert world.wait.state is WaitState.WITHDRAWN
