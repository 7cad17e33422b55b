"""A private, rare note to one member about how they write to customers. It rests on ids, times and counts, on no kept words."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.keys import joined
from bot.domain.messages import MessageRecord
from bot.domain.value import value

APART: Final[Seconds] = 7 * DAY
"""A member gets no two tips, of whatever kind, within this time."""

STALE: Final[Seconds] = 30 * DAY
"""What nobody looked at for so long isn't shown any more."""


class TipKind(StrEnum):
    """What a tip is about. Stored: a kind that is out of use needs a migration."""

    CANNED = "canned"
    """They wrote nearly the same to several customers."""
    PITCH = "pitch"
    """The first that they wrote to a newcomer was mostly a link or an offer."""
    BROADCAST = "broadcast"
    """They put the same message into several channels of customers."""
    AUTO_DM = "auto_dm"
    """Automatic direct messages in their name were reported."""


ALL_TIPS: Final[frozenset[TipKind]] = frozenset(TipKind)


@value
class TipMessage:
    """A message that a tip rests on: where it stands, and when it was written."""

    channel: str
    id: str
    at: Instant
    thread: str | None = None


@value
class Tip:
    """A note to a `member` (by key), made `at` an instant. `trigger` is what made it, by its own key: the same never makes two.

    `count` is what was counted: customers, channels, reports. `messages` are those of the member's that were seen, oldest first;
    `about` is the customer whom it is about, where it is about one.
    """

    kind: TipKind
    member: str
    at: Instant
    trigger: str
    count: int
    messages: tuple[TipMessage, ...] = ()
    about: str | None = None

    @property
    def key(self) -> str:
        """What makes it unique for good."""
        return tip_key(self.kind, self.member, self.trigger)


def tip_key(kind: TipKind, member: str, trigger: str) -> str:
    """The key of a tip."""
    return joined("tip", kind, member, trigger)


@value
class SaidBefore:
    """What a member wrote earlier, in a channel by its key."""

    channel: str
    message: MessageRecord


@value
class KeptTip:
    """A tip as it is stored. `told_at`: since when they know of it, or may: it was shown, or its direct message has left.
    `ahead`: a direct message of it is still to come."""

    tip: Tip
    told_at: Instant | None = None
    ahead: bool = False
