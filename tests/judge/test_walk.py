"""Going over a window: what is kept is gone on with, and worked out anew when the window says something else."""

from __future__ import annotations

import pytest

from bot.domain.messages import MessageRecord
from bot.domain.people import Role
from bot.domain.reading import Reading
from bot.domain.window import Window
from bot.judge.conversation import Conversation
from bot.judge.peers.conversation import Addressee, PeerConversation
from bot.judge.walk import WindowWalk


def seen(id: str, at: float, author: str = "dana") -> MessageRecord:
    reading = Reading(fingerprints=(hash(id) & 0xFFFF,))
    return MessageRecord(id=id, at=at, author=author, role=Role.CUSTOMER, thread=None, reply_to=None, reading=reading)


def members_before(window: Window, place: MessageRecord) -> WindowWalk:
    return Conversation.before(window, place)


def peers_before(window: Window, place: MessageRecord) -> WindowWalk:
    return PeerConversation.before(window, place, lambda rewrites: PeerConversation(rewrites, lambda *_: Addressee()))


@pytest.fixture(params=[members_before, peers_before])
def before(request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
    return request.param


@pytest.fixture
def window() -> Window:
    return Window([seen("a", 1.0), seen("b", 2.0, "omar"), seen("c", 3.0)])


def test_what_stands_before_a_message_is_gone_over_once(before, window) -> None:  # type: ignore[no-untyped-def]
    first = before(window, seen("d", 4.0))
    assert first.n == 3
    assert before(window, seen("d", 4.0)) is first
    assert first.n == 3
    window.put(seen("d", 4.0))
    assert before(window, seen("e", 5.0)) is first
    assert (first.n, first.last.id) == (4, "d")


def test_a_message_that_came_late_has_it_all_gone_over_again(before, window) -> None:  # type: ignore[no-untyped-def]
    first = before(window, seen("d", 4.0))
    window.put(seen("late", 1.5))
    again = before(window, seen("d", 4.0))
    assert again is not first
    assert again.n == 4


def test_so_has_a_message_that_was_replaced_or_dropped_at_the_end(before, window) -> None:  # type: ignore[no-untyped-def]
    first = before(window, seen("d", 4.0))
    window.put(seen("c", 3.0, "lena"))
    replaced = before(window, seen("d", 4.0))
    assert replaced is not first
    assert set(replaced.people) == {"dana", "omar", "lena"}
    window.drop("c")
    dropped = before(window, seen("d", 4.0))
    assert dropped is not replaced
    assert dropped.n == 2


def test_a_place_behind_is_looked_at_without_forgetting_what_was_reached(before, window) -> None:  # type: ignore[no-untyped-def]
    first = before(window, seen("d", 4.0))
    behind = before(window, seen("between", 2.5))
    assert (behind.n, behind.last.id) == (2, "b")
    assert before(window, seen("d", 4.0)) is first


def test_members_and_peers_are_gone_over_apart(window: Window) -> None:
    members = members_before(window, seen("d", 4.0))
    window.put(seen("d", 4.0))
    peers = peers_before(window, seen("e", 5.0))
    assert (members.n, peers.n) == (3, 4)
    assert members_before(window, seen("e", 5.0)) is members
    assert members.n == 4
