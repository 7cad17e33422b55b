"""What storage gives back that no decision made: facts that travel together."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.durations import Instant
from bot.domain.events import Deleted, EarlyEdit, Reacted
from bot.domain.messages import MessageRecord
from bot.domain.sources import Source
from bot.domain.value import value
from bot.domain.waits import Wait
from bot.domain.writes import SaveCorrection, SaveExchange


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRecord:
    """What storage knows of a channel: enough to rebuild its state.

    `waits` are the open waits and those that ended lately (replies may still be deleted); `early` are edits, deletions
    and reactions that came before their message; `corrections` are what members said was judged wrongly.
    """

    messages: tuple[MessageRecord, ...]
    waits: tuple[Wait, ...]
    early: tuple[EarlyEdit | Deleted | Reacted, ...]
    corrections: tuple[SaveCorrection, ...] = ()


@value
class Exchange:
    """What a member's exchanges with a customer in a channel come to: their decayed count as of `at`, the last of them."""

    channel: str
    member: str
    strength: float
    at: Instant


@value
class SoleAcquaintance:
    """A customer whom one member alone knows, and where and when they last dealt with each other."""

    customer: str
    member: str
    channel: str
    at: Instant


@value
class PastReply:
    """A member's message that belongs to a customer's wait."""

    channel: str
    customer: str
    message: MessageRecord


@value
class PostsOfSource:
    """How often an app or a relay posted in a channel (by key), and when last. `name` is what it is called, "" where that isn't
    known, None where it posts under several names."""

    channel: str
    source: Source
    name: str | None
    posts: int
    last_at: Instant


@value
class KeptText:
    """What a customer who still waits wrote in a message (by its id)."""

    message: str
    text: str


@value
class UnwordedMessage:
    """A message of an open wait whose words aren't here, though they are to be kept: it is read again from the platform."""

    wait: str
    message: str


@value
class Mark:
    """An instant that outlives restarts, and who set it, where somebody did."""

    at: Instant
    by: str | None


@value
class CorrectionCounts:
    """How many messages members said were overlooked, and how many that they need no reply."""

    overlooked: int
    needs_none: int


@value
class Doubles:
    """What was stored twice, because a channel was seen under its new key before it was known to be the same one.

    `waits`: for each as it is stored now the other one, which is gone; `exchanges` as known, and as counted under the new key.
    Somebody has to make one of both. `read_from`: what was said under the new key since then is forgotten, as far as it meant
    nothing there: it is to be read again, among what was known.
    """

    waits: tuple[tuple[Wait, Wait], ...] = ()
    exchanges: tuple[tuple[SaveExchange, SaveExchange], ...] = ()
    read_from: Instant | None = None


@value
class Health:
    """A database that was looked over and found in order. `product` is what keeps it, with its version ("SQLite 3.45.1")."""

    product: str
