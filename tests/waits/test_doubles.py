"""One wait, one acquaintance, of what was stored twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.waits import Hold, HoldKind, Reply, ReplyKind, Wait, WaitState
from bot.domain.writes import BlankText, DropReminder, SaveExchange, SaveWait
from bot.waits.acquaintance import HALF_LIFE
from bot.waits.doubles import one_exchange, one_wait, writes_for
from tests.storage.samples import wait

SNOOZE = Hold(kind=HoldKind.SNOOZE, since=5.0, until=99.0, by="ana")
KNOWN = replace(wait(1), owner="ben", owner_reason="claimed", hold=SNOOZE, messages=("1.0", "2.0"), not_me=("mia",))
ANSWER = Reply(message="9.0", by="ana", at=9.0, kind=ReplyKind.PERSONAL)
SOON = Reply(message="3.0", by="ben", at=3.0, kind=ReplyKind.HOLDING)


def over(one: Wait, how: WaitState = WaitState.ANSWERED, at: float = 9.0) -> Wait:
    return replace(one, state=how, ended_at=at, hold=None)


def test_what_members_did_by_hand_stays() -> None:
    double = replace(wait(1), messages=("1.0", "2.0", "4.0"), last_message_at=4.0, replies=(SOON,), owner="mia", probability=0.5)
    made = one_wait(replace(KNOWN, probability=0.25), double)
    expected = replace(KNOWN, messages=("1.0", "2.0", "4.0"), last_message_at=4.0, replies=(SOON,), probability=0.5)
    assert made == expected
    assert writes_for(KNOWN, wait(1)) == (SaveWait(wait=KNOWN),)


@pytest.mark.parametrize(
    ("known", "double", "how", "at"),
    [
        (KNOWN, over(wait(1)), WaitState.ANSWERED, 9.0),
        (over(KNOWN, WaitState.DISMISSED, 7.0), wait(1), WaitState.DISMISSED, 7.0),
        (over(KNOWN, WaitState.DISMISSED, 7.0), over(wait(1)), WaitState.DISMISSED, 7.0),
    ],
)
def test_it_is_over_when_either_is(known: Wait, double: Wait, how: WaitState, at: float) -> None:
    made = one_wait(known, double)
    assert (made.state, made.ended_at, made.hold, made.owner) == (how, at, None, "ben")
    assert writes_for(known, double) == (SaveWait(wait=made), BlankText(wait=made.id), DropReminder(wait=made.id))


def test_each_reply_counts_once_in_the_order_of_time() -> None:
    made = one_wait(replace(KNOWN, replies=(ANSWER,)), replace(wait(1), replies=(SOON, replace(ANSWER, probability=0.5))))
    assert made.replies == (SOON, ANSWER)


@pytest.mark.parametrize(("strength", "expected"), [(8.0, 4.0), (3.0, 2.0)])
def test_the_stronger_acquaintance_counts_and_neither_twice(strength: float, expected: float) -> None:
    known = SaveExchange(channel="old", member="ana", customer="dana", strength=strength, at=0.0)
    double = SaveExchange(channel="new", member="ana", customer="dana", strength=2.0, at=HALF_LIFE)
    assert one_exchange(known, double) == replace(double, strength=expected)
