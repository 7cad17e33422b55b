"""Somebody who isn't on the team came into a community channel, where the team greets by hand: who, where, when, and whether they
were spoken to. Ids and times only."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.keys import decoded, joined
from bot.domain.value import value

REMEMBERED: Final[Seconds] = 30 * DAY
"""How long it is known that somebody came or went: who comes again within this time is no arrival."""

CAUGHT_UP: Final[Seconds] = DAY
"""What is heard of so much later, after a gap, is no arrival any more: a welcome comes soon, or not at all."""

GREETED_WITHIN: Final[Seconds] = 7 * DAY
"""Where nobody could be asked for so long, nobody is: they have found their way."""


class ArrivalEnd(StrEnum):
    """Why nobody is asked to greet somebody any more. Stored: a code that is out of use needs a migration."""

    GREETED = "greeted"
    """Somebody on the team spoke to them, or says that they did."""
    ASKED = "asked"
    """They asked something: their wait has a ladder of its own."""
    LEFT = "left"
    """They left."""
    NEEDLESS = "needless"
    """A member said that there is no need."""


SAID_BY_HAND: Final = frozenset({ArrivalEnd.GREETED, ArrivalEnd.NEEDLESS})
"""What rests on a member's word, or on how a message of theirs was read: it may be taken back."""


@value
class Arrival:
    """A `person` came into a `channel` (by key) `at` an instant.

    `first_message` is the first that they wrote there, `thread` the thread it stands in. `told` is the notice (by its key) in
    which `greeter` was asked to say hello, at `told_at`; `passed` are those who passed that on. `end`, `ended_at`, `by`: why
    nobody is asked any more, since when, and which member did that. `number` is what storage calls it by; 0: it isn't stored yet.
    """

    person: str
    channel: str
    at: Instant
    first_message: str | None = None
    thread: str | None = None
    told: str | None = None
    greeter: str | None = None
    told_at: Instant | None = None
    passed: tuple[str, ...] = ()
    end: ArrivalEnd | None = None
    ended_at: Instant | None = None
    by: str | None = None
    number: int = 0

    @property
    def open(self) -> bool:
        """Whether they are still to be greeted."""
        return self.end is None


def channel_told_of(notice: str) -> str:
    """The channel in the key of a notice that tells who came into it."""
    return decoded(notice.split(":")[1])


def arrivals_key(channel: str, at: Instant, person: str, *, again: int = 0) -> str:
    """The key of the notice that tells who came into a channel; `again`: how often it was passed on."""
    return joined("arrivals", channel, repr(at), person, str(again))
