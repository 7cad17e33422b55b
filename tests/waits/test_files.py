"""Files without words: what a customer shows may want a reply, what a member shows may be one. Nobody can tell, so it asks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.reading import Cue
from bot.domain.rules import ChannelRules, Watch
from bot.domain.waits import WaitState
from bot.waits import ladder
from tests.waits.world import LADDER, MINUTE, ScriptedJudge, World


@pytest.fixture
def world() -> World:
    return World()


def heard(monkeypatch: pytest.MonkeyPatch, cues: Cue) -> None:
    """What the judge reads shows these cues."""
    read = ScriptedJudge.read
    monkeypatch.setattr(ScriptedJudge, "read", lambda *what: replace(read(*what), cues=cues.value))


@pytest.mark.parametrize("words", ["", "see here"])
def test_a_customers_file_alone_is_a_wait_that_asks_once(world: World, words: str) -> None:
    world.dana.says(words, files=1)
    assert world.wait.open and world.wait.probability < ladder.SURE and world.wait.evidence == ("files",)


@pytest.mark.parametrize("cue", [Cue.THANKS, Cue.SOLVED, Cue.ACK_START, Cue.LAUGH])
def test_a_file_that_goes_with_thanks_opens_nothing(world: World, monkeypatch: pytest.MonkeyPatch, cue: Cue) -> None:
    heard(monkeypatch, cue)
    world.dana.says("so kind", files=1)
    assert world.waits == []


def test_a_file_for_another_customer_opens_nothing(world: World) -> None:
    asked = world.omar.says("where is it?")
    world.dana.says("", files=1, thread=asked)
    world.dana.says("", files=1, reply_to=asked)
    assert [wait.customer for wait in world.waits] == ["omar"]


def test_a_file_of_somebody_who_waits_is_no_second_wait_and_no_bump(world: World) -> None:
    world.dana.says("where is it?")
    world.ana.says("holding on, Dana")
    world.later(8 * MINUTE)
    world.dana.says("", files=1)
    assert world.wait.hold is not None


@pytest.mark.parametrize(("named", "waits"), [((), 0), (("ana",), 1)])
def test_where_mentions_count_a_file_must_name_somebody(named: tuple[str, ...], waits: int) -> None:
    world = World(rules=ChannelRules(steps=LADDER, watch=Watch.MENTIONS))
    world.dana.says("", files=1, mentions=named)
    assert len(world.waits) == waits


def test_what_was_said_in_it_counts_once_it_is_known(world: World) -> None:
    clip = world.dana.says("", files=1, recording=True)
    world.later(MINUTE)
    world.dana.edits(clip, "where is it?")
    assert world.wait.open and world.wait.probability == 0.9
    assert world.texts[world.wait.id, clip] == "where is it?"


def test_a_recording_that_says_thanks_waits_no_longer(world: World) -> None:
    clip = world.dana.says("", files=1, recording=True)
    world.dana.edits(clip, "thanks for the many things that you did")
    assert world.wait.state is WaitState.WITHDRAWN


def test_a_members_recording_is_no_answer_before_it_is_written_down(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = world.dana.says("where is it?")
    with monkeypatch.context() as unheard:
        heard(unheard, Cue.RECORDING)
        clip = world.ana.says("here", thread=asked, files=1, recording=True)
    assert world.wait.open and world.wait.possible_answer is not None and world.wait.possible_answer.message == clip
    world.later(MINUTE)
    world.ana.edits(clip, "here it is in the shed")
    assert world.wait.state is WaitState.ANSWERED and world.wait.possible_answer is None


def test_a_recording_beside_words_is_what_the_words_say(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = world.dana.says("where is it?")
    heard(monkeypatch, Cue.RECORDING)
    world.ana.says("it is in the shed", thread=asked, files=1, recording=True)
    assert world.wait.state is WaitState.ANSWERED


# What the platform keeps from the bot


def asked_about(world: World) -> list[str]:
    return [wait.possible_answer.message for wait in world.waits if wait.open and wait.possible_answer is not None]


def test_who_wrote_what_cant_be_read_is_asked_about_who_waits_there(world: World) -> None:
    world.dana.says("where is it?")
    said = world.ana.says("", unread=True)
    assert asked_about(world) == [said]
    assert world.wait.possible_answer is not None and world.wait.possible_answer.unread


def test_what_cant_be_read_and_came_before_its_question_is_asked_about_too(world: World) -> None:
    said = world.ana.says("", unread=True, at=world.now + 60)
    world.dana.says("where is it?", at=world.now)
    assert asked_about(world) == [said]


def test_what_cant_be_read_and_stands_elsewhere_is_asked_about_nobody(world: World) -> None:
    other = world.omar.says("hello")
    world.dana.says("where is it?")
    world.ana.says("", unread=True, reply_to=other)
    world.ana.says("", unread=True, thread=other)
    assert asked_about(world) == []
