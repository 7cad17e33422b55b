"""Notifications of people: how they count in a day, and who was passed over when somebody was chosen to be asked."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, Literal

from bot.domain.durations import MINUTE, Instant, Seconds
from bot.domain.value import value

APART: Seconds = 10 * MINUTE
"""What is for one person within this time is one notification: it waits, and leaves as one message."""


def counted(instants: Iterable[Instant]) -> int:
    """How many notifications these are, given when each message for a person left: those within `APART` of the first of them are
    one with it."""
    number, first = 0, float("-inf")
    for instant in sorted(instants):
        if instant - first >= APART:
            number, first = number + 1, instant
    return number


class Unavailable(StrEnum):
    """Why somebody can't be asked just now. Stored: a code that is out of use needs a migration."""

    AWAY = "away"
    """They are away."""
    OFF_HOURS = "off_hours"
    """It isn't their working time."""
    MUTED = "muted"
    """They muted the bot."""
    FULL = "full"
    """Their day is full: they had as many notifications as their budget allows."""
    LIST_ONLY = "list_only"
    """They want nothing but the list: their own budget is 0."""
    UNWANTED = "unwanted"
    """They don't want this kind of notification."""
    ONLY_MINE = "only_mine"
    """They want to be asked of what is theirs alone."""
    UNREACHED = "unreached"
    """They have no account on any platform on which there is a place for reminders."""
    OUTSIDE = "outside"
    """They aren't on the team of the server where the customer waits: they can neither read nor reply there."""


BY_CHOICE: Final[frozenset[Unavailable]] = frozenset(
    {Unavailable.MUTED, Unavailable.LIST_ONLY, Unavailable.UNWANTED, Unavailable.ONLY_MINE}
)
"""What a member chose for themselves."""


@value
class PassedOver:
    """A member who would have been asked and couldn't be. `until`: when that ends, where it is known; `budget`: what was used
    up."""

    member: str
    why: Unavailable
    until: Instant | None = None
    budget: int | None = None


NothingLeaves = Literal["", "observing", "not_begun"]
"""Why nothing leaves at all: this run only observes, or no lead has let reminders begin; "": it does."""


@value
class Telling:
    """When a member is told of what is theirs: at once, or not before `at`. They may be `passed` over; `paused`: reminders stand
    still where its customer waits; `silence`: nothing leaves at all."""

    at: Instant | None = None
    passed: PassedOver | None = None
    paused: bool = False
    silence: NothingLeaves = ""


AT_ONCE: Final = Telling()
"""Nothing keeps them from being told."""


@value
class Asking:
    """How those were chosen whom a reminder goes to: who was `passed` over for it. Where nobody could be asked it goes to the
    team as a whole and names a `lead`, who isn't notified; `back` is when that one is at work again, where they aren't.
    `days_full`: because the days of all who are at work are full, so that the same rung comes again. `promised`: it is no rung
    but a word to who promised an answer, before it is due at this instant; or, `handed`, to whom that promise was handed over.
    `returns`: whom the wait was handed to can be told then, and not now: the first rung comes to them. `anybody`: the rung is for
    the whole team, and who is named is asked first. `since`: it waits since then for whom it is for, while a colleague could be
    asked; what they say meanwhile doesn't make that anew. `assigned`: it goes to them because the wait was handed to them.
    `pressed`: what was `promised` stands, and whoever is asked reads that its customer asked again meanwhile. `loop`: it is no
    rung but the question to who pointed the customer elsewhere whether they close the loop; what holds the wait by that ends at
    the instant `promised`."""

    passed: tuple[PassedOver, ...] = ()
    lead: str | None = None
    back: Instant | None = None
    days_full: bool = False
    promised: Instant | None = None
    handed: bool = False
    returns: Instant | None = None
    anybody: bool = False
    since: Instant | None = None
    assigned: bool = False
    pressed: bool = False
    loop: bool = False


STRAIGHT: Final = Asking()
"""Nobody was passed over."""


@value
class Appeal:
    """A digest mentions a person about a wait, by id, that nobody is reminded of any more; `decides`: they are a lead, and asked
    to decide what becomes of it."""

    wait: str
    person: str
    at: Instant
    decides: bool = False
