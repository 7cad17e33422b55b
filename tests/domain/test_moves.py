"""Channels that go by another key: whatever names one by the old key means the channel of now."""

from __future__ import annotations

import pytest

from bot.domain.events import Acted, Corrected, Deleted, Edited, Event, Posted, Reacted, Typing
from bot.domain.keys import message_key, reminder_keys
from bot.domain.messages import Message
from bot.domain.moves import ChannelMove, Moves
from bot.domain.outgoing import Address
from bot.domain.people import Role

A, B, C = "slack:T1:GA", "slack:T1:CB", "slack:T1:CC"


def move(old: str, new: str, at: float) -> ChannelMove:
    return ChannelMove(old=old, new=new, at=at)


AB, BC = Moves().after(move(A, B, 10.0)), Moves().after(move(A, B, 10.0)).after(move(B, C, 20.0))


@pytest.mark.parametrize(
    ("key", "now"),
    [
        (A, B),
        (B, B),
        (message_key(A, "1.0"), message_key(B, "1.0")),
        (reminder_keys(message_key(A, "1.0"), 0), reminder_keys(message_key(B, "1.0"), 0)),
        (f"{A}X", f"{A}X"),
        (message_key(f"{A}X", "1.0"), message_key(f"{A}X", "1.0")),
        (message_key(A, "a/b:c"), message_key(B, "a/b:c")),
        ("help", "help"),
    ],
)
def test_keys_of_a_channel_and_of_what_is_in_it(key: str, now: str) -> None:
    assert AB.of(key) == now
    assert Moves().of(key) == key


def test_a_channel_that_goes_on_is_found_by_every_key_it_had() -> None:
    assert (BC.of(A), BC.of(B), BC.of(C)) == (C, C, C)


def test_a_channel_may_come_back() -> None:
    back = AB.after(move(B, A, 20.0))
    assert (back.of(A), back.of(B)) == (A, A)
    again = back.after(move(A, B, 30.0))
    assert (again.of(A), again.of(B)) == (B, B)


@pytest.mark.parametrize(
    ("known", "told"),
    [(AB, move(A, B, 10.0)), (AB, move(A, B, 99.0)), (BC, move(A, B, 10.0)), (AB.after(move(B, A, 20.0)), move(A, B, 10.0))],
)
def test_what_is_told_twice_or_late_changes_nothing(known: Moves, told: ChannelMove) -> None:
    assert known.after(told) is known
    assert known.after(move(C, C, 1.0)) is known


def message(channel: str) -> Message:
    return Message(channel=channel, id="1.0", at=1.0, author="dana", role=Role.CUSTOMER, text="How?")


def events(channel: str) -> list[Event]:
    """One of each kind."""
    wait = message_key(channel, "1.0")
    return [
        Posted(message=message(channel)),
        Edited(message=message(channel), at=2.0),
        Deleted(channel=channel, id="1.0", at=2.0),
        Reacted(channel=channel, id="1.0", by="ana", by_member=True, emoji="eyes", at=2.0),
        Acted(channel=channel, wait=wait, verb="claim", by="ana", at=2.0),
        Typing(channel=channel, by="ana", by_member=True, at=2.0),
        Corrected(channel=channel, message="1.0", by="ana", at=2.0, says="waits", posted=message(channel)),
        Corrected(channel=channel, message="1.0", by="ana", at=2.0, says="waits"),
    ]


@pytest.mark.parametrize(("old", "new", "other"), list(zip(events(A), events(B), events(C), strict=True)))
def test_events_of_every_kind(old: Event, new: Event, other: Event) -> None:
    assert AB.event(old) == new and AB.event(old).key == new.key
    assert AB.event(new) is new and AB.event(other) is other


def test_addresses_of_channels() -> None:
    assert AB.address(Address("slack", "channel", "GA")) == Address("slack", "channel", "CB")
    for other in (Address("slack", "channel", "CB"), Address("slack", "person", "GA"), Address("bay", "channel", "GA")):
        assert AB.address(other) is other
