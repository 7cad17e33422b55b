"""The last messages of a channel: what lies between two places."""

from __future__ import annotations

from bot.domain.messages import MessageRecord
from bot.domain.people import Role
from bot.domain.reading import Reading
from bot.domain.window import Window


def seen(id: str, at: float) -> MessageRecord:
    return MessageRecord(id=id, at=at, author="dana", role=Role.CUSTOMER, thread=None, reply_to=None, reading=Reading())


def test_between_gives_what_follows_a_message_up_to_a_place_oldest_first() -> None:
    entries = [seen("a", 1.0), seen("b", 2.0), seen("c", 2.0), seen("d", 4.0)]
    window = Window(entries)
    assert [entry.id for entry in window.between(entries[0], 4.0, "d")] == ["b", "c"]
    assert [entry.id for entry in window.between(entries[0], 9.0, "x")] == ["b", "c", "d"]
    assert [entry.id for entry in window.between(None, 2.0, "c")] == ["a", "b"]


def test_between_is_empty_when_nothing_new_came() -> None:
    entries = [seen("a", 1.0), seen("b", 2.0)]
    window = Window(entries)
    assert window.between(entries[1], 3.0, "c") == []
    assert window.between(None, 1.0, "a") == []
    assert Window().between(None, 1.0, "a") == []
