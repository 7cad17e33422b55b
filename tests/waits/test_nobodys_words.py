"""Messages in which their author says nothing of their own: what was passed on, a link to another message, a picture. And what
the platform itself calls a request."""

from __future__ import annotations

import pytest

from bot.domain.rules import ChannelRules, Watch
from bot.domain.waits import WaitState
from tests.waits.world import LADDER, Judged, ScriptedJudge, World

BARE = ""


def test_a_members_message_without_own_words_ends_nothing() -> None:
    world = World()
    asked = world.dana.says("where is it?")
    world.later(60)
    world.ana.says(BARE, thread=asked)
    assert world.wait.open and world.wait.replies == () and world.wait.possible_answer is None


def test_a_members_picture_ends_nothing_but_the_reminder_may_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    asked = world.dana.says("where is it?")
    monkeypatch.setattr(ScriptedJudge, "attribute", lambda judge, seen, window, waits: [Judged(0.4, waits[0].id)])
    world.ana.says(BARE, thread=asked, files=1)
    assert world.wait.open and world.wait.replies == ()
    assert world.wait.possible_answer is not None and world.wait.possible_answer.by == "ana"


def test_a_message_without_own_words_doesnt_answer_a_question_that_comes_late_either() -> None:
    world = World()
    early = world.now
    world.later(600)
    world.ana.says(BARE)
    world.dana.says("where is it?", at=early)
    assert world.wait.open and world.wait.replies == ()


@pytest.mark.parametrize("watch", list(Watch))
def test_a_customers_message_without_own_words_opens_nothing_and_extends_nothing(watch: Watch) -> None:
    world = World(rules=ChannelRules(steps=LADDER, watch=watch))
    world.dana.says(BARE, calls_team=True, mentions=("ana",))
    assert world.waits == []
    asked = world.dana.says("where is it?", calls_team=True)
    world.later(60)
    world.dana.says(BARE)
    assert world.wait.messages == (asked,)


def test_a_customers_picture_belongs_to_their_burst() -> None:
    world = World()
    asked = world.dana.says("where is it?")
    world.later(60)
    picture = world.dana.says(BARE, files=1)
    assert world.wait.messages == (asked, picture)


def test_a_peers_message_without_own_words_helps_nobody() -> None:
    world = World(rules=ChannelRules(steps=LADDER, peers_may_answer=True))
    asked = world.dana.says("where is it?")
    world.omar.says(BARE, thread=asked)
    world.omar.says(BARE, thread=asked, files=1)
    assert world.wait.open and world.wait.replies == ()


def test_own_words_that_are_edited_in_count_from_then_on() -> None:
    world = World()
    question = world.dana.says(BARE)
    world.later(60)
    world.dana.edits(question, "where is it?")
    assert world.wait.open
    passed_on = world.ana.says(BARE, thread=question)
    world.later(60)
    world.ana.edits(passed_on, "it is in the shed")
    assert world.wait.state is WaitState.ANSWERED and world.wait.replies[0].by == "ana"


def test_a_question_edited_down_to_nothing_is_withdrawn() -> None:
    world = World()
    asked = world.dana.says("where is it?")
    world.dana.edits(asked, BARE)
    assert world.wait.state is WaitState.WITHDRAWN


@pytest.mark.parametrize("words", ["printer on the third floor", "thanks", "solved", "the gate is open, dana"])
@pytest.mark.parametrize("watch", list(Watch))
def test_a_request_waits_whatever_its_words(words: str, watch: Watch) -> None:
    world = World(rules=ChannelRules(steps=LADDER, watch=watch, peers_may_answer=True))
    world.omar.says(words, is_request=True)
    assert (world.wait.customer, world.wait.open, world.wait.probability) == ("omar", True, 1.0)
    assert (world.wait.opened_by, world.wait.evidence) == ("rules", ("is_request",))
    world.omar.edits(world.wait.messages[0], words + ".")
    assert world.wait.open


def test_a_request_doesnt_close_the_wait_its_customer_has() -> None:
    world = World()
    world.dana.says("where is it?")
    world.dana.says("solved", is_request=True)
    assert world.wait.open and len(world.wait.messages) == 2
