"""Holds: the spans in which a wait's ladder stands still. One row a kind: how long it lasts, what ends it, what comes after it.

Every hold expires into the ladder. What a hold is called where people read of it is in bot/wording/holds.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.domain import hours as working
from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.hours import ALWAYS, Hours
from bot.domain.waits import Hold, HoldKind, Holds, ReplyKind

BUMP: Seconds = 5 * 60
"""A customer who writes again this long after a claim or a "one sec" is asking where the answer is."""

MOMENT: Seconds = 3 * 60
"""How long a member who types, or just wrote in the thread without answering yet, is left to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a hold begins with: when, the time that was said for its end (None: none was), and the hours of who causes it."""

    at: Instant
    said: Instant | None = None
    hours: Hours = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRule:
    """What a kind of hold is.

    `ends` gives when it runs out by itself. `reply` is the kind of reply that brings it about; None: something else than a
    reply does. `by_hand`: a member put it there, and not a message, so deleting messages leaves it. `bump_ends`: a customer
    who asks again ends it (see `ends_by_bump`). `owns`: who causes it becomes the wait's owner. `promises`: an answer is
    promised for its end, so a reply that holds in another way takes nothing from it, and lists show it apart. `puts_off`: a
    member chose that this matter can wait, which says nothing of another one. `on_it`: who causes it sees to the matter, and says
    so by it. `passing`: nobody said a word, so that it ran out is no news. `leaves_open`: who causes it
    left the matter open where it was asked, and is asked whether they close it there.
    """

    ends: Callable[[Start, Holds], Instant]
    reply: ReplyKind | None = None
    by_hand: bool = False
    bump_ends: bool = False
    owns: bool = False
    promises: bool = False
    puts_off: bool = False
    on_it: bool = False
    passing: bool = False
    leaves_open: bool = False


def _as_said(start: Start, _: Holds) -> Instant:
    if start.said is None or start.said <= start.at:
        raise ValueError("a snooze needs an instant in the future")
    return start.said


def _as_promised(start: Start, _: Holds) -> Instant:
    """A promise without a time lasts until the member's next working day opens."""
    return start.said if start.said is not None else working.next_day_open(start.hours, start.at) or start.at + DAY


def _as_outcome(start: Start, holds: Holds) -> Instant:
    """Who doesn't say when does it by their next working day, unless the settings say how long it may take."""
    if start.said is None and holds.outcome:
        return start.at + holds.outcome
    return _as_promised(start, holds)


RULES: Final[dict[HoldKind, HoldRule]] = {
    HoldKind.CLAIM: HoldRule(
        ends=lambda start, holds: start.at + holds.claim, by_hand=True, bump_ends=True, owns=True, on_it=True
    ),
    HoldKind.HOLDING: HoldRule(
        ends=lambda start, holds: start.at + holds.holding, reply=ReplyKind.HOLDING, bump_ends=True, on_it=True
    ),
    HoldKind.PROMISE: HoldRule(ends=_as_promised, reply=ReplyKind.PROMISE, promises=True, on_it=True),
    HoldKind.REDIRECT: HoldRule(
        ends=lambda start, holds: start.at + holds.redirect, reply=ReplyKind.REDIRECT, bump_ends=True, leaves_open=True
    ),
    HoldKind.SNOOZE: HoldRule(ends=_as_said, by_hand=True, bump_ends=True, puts_off=True),
    HoldKind.OUTCOME: HoldRule(ends=_as_outcome, by_hand=True, owns=True, promises=True, on_it=True),
    HoldKind.TYPING: HoldRule(ends=lambda start, _: start.at + MOMENT, passing=True),
}

BY_REPLY: Final[dict[ReplyKind, HoldKind]] = {rule.reply: kind for kind, rule in RULES.items() if rule.reply is not None}
"""The hold that a kind of reply brings about. Kinds that aren't here hold nothing."""


def until(kind: HoldKind, holds: Holds, at: Instant, *, said: Instant | None = None, hours: Hours = ALWAYS) -> Instant:
    """When a hold that begins at `at` runs out by itself, where the channel's holds last as `holds` says. `said` is the time
    somebody gave for it, `hours` when who causes it works.

    Raises ValueError for a snooze without a time, or until a time that is over.
    """
    return RULES[kind].ends(Start(at=at, said=said, hours=hours), holds)


def ends_by_bump(hold: Hold | None, at: Instant, *, urgent: bool = False) -> bool:
    """Whether a customer who asks again at `at` ends this hold. Right after it began they may not have seen what began it, unless
    they say that it is `urgent`."""
    if hold is None or not RULES[hold.kind].bump_ends or not hold.since <= at < hold.until:
        return False
    return urgent or at - hold.since >= BUMP


def stands_pressed(hold: Hold | None, at: Instant, *, urgent: bool = False) -> bool:
    """Whether a customer who asks again at `at` presses for what was promised: the promise stands, and who is to keep it hears
    of that. Right after it was made they may not have seen it, unless they say that it is `urgent`."""
    if hold is None or not RULES[hold.kind].promises or not hold.since <= at < hold.until:
        return False
    return urgent or at - hold.since >= BUMP


def puts_off(hold: Hold | None, at: Instant) -> bool:
    """Whether a member put the matter off, and it still is at `at`."""
    return hold is not None and RULES[hold.kind].puts_off and at < hold.until


def is_on_it(hold: Hold) -> bool:
    """Whether who brought the hold about sees to the matter: they claimed it, promised an answer, are looking."""
    return RULES[hold.kind].on_it


def is_passing(hold: Hold) -> bool:
    """Whether a hold is a moment's, about which nobody said a word."""
    return RULES[hold.kind].passing


def leaves_open(hold: Hold) -> bool:
    """Whether who brought the hold about left the matter open where it was asked."""
    return RULES[hold.kind].leaves_open


def ran_out(hold: Hold | None, now: Instant) -> bool:
    """Whether a hold that somebody meant has run out by itself."""
    return hold is not None and not RULES[hold.kind].passing and hold.until <= now


def gives_way(hold: Hold | None, reply: ReplyKind, at: Instant) -> bool:
    """Whether the hold that a reply of this kind brings about at `at` takes the place of the one that stands. Somebody pointing
    elsewhere, or looking for a moment, takes nothing from what was promised."""
    if hold is None or not RULES[hold.kind].promises or at >= hold.until:
        return True
    return RULES[BY_REPLY[reply]].promises


def claimant(hold: Hold | None) -> str | None:
    """Who owns a wait because of this hold: whoever said they are on it."""
    return hold.by if hold is not None and RULES[hold.kind].owns else None


def promised_for(hold: Hold | None) -> Instant | None:
    """When an answer was promised for, if that is what holds the wait."""
    return hold.until if hold is not None and RULES[hold.kind].promises else None


def by_message(hold: Hold) -> bool:
    """Whether a message brought the hold about: without the message there is no reason for it."""
    return not RULES[hold.kind].by_hand
