"""What a decision wants stored. Storage performs each of these in the transaction of the event that caused it; the
channel's state in memory applies the same values. There is no other way to change a wait."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from bot.domain.arrivals import Arrival
from bot.domain.auto_dms import AutoDm
from bot.domain.durations import Instant
from bot.domain.events import Deleted, EarlyEdit, Reacted, Says
from bot.domain.messages import MessageRecord
from bot.domain.rules import Audience
from bot.domain.sources import Source
from bot.domain.thanks import Thanks
from bot.domain.tips import Tip
from bot.domain.value import value
from bot.domain.waits import Handover, Wait


@value
class SaveMessage:
    """Put a message into the channel's window, or replace it."""

    channel: str
    seen: MessageRecord


@value
class DropMessage:
    """Take a deleted message out of the window. `at` is its own time, its place there; None when it isn't known any more."""

    channel: str
    id: str
    at: Instant | None = None


@value
class SaveWait:
    """Store a wait as it is now (new or changed). Links its messages and its replies' messages to it."""

    wait: Wait


@value
class DropWait:
    """Forget a wait of which nobody has heard, with all that belongs to it: what it rested on was decided differently."""

    wait: str


@value
class KeepText:
    """Keep the text of a waiting customer's message while the wait lasts (replaces an earlier text). An empty one says that what
    it says now isn't known here: it is read again from the platform."""

    wait: str
    message: str
    text: str


@value
class KeepNote:
    """Keep what a member says of why a wait is quiet, while the customer waits: a note on the hold that began at `since`, which
    others on the team read. An empty one takes it back. Those on holds before it stay: a hold may come back."""

    wait: str
    since: Instant
    note: str


@value
class KeepHandover:
    """Keep how a wait was handed over, while the customer waits; None: the last time is taken back."""

    wait: str
    handover: Handover | None


@value
class BlankText:
    """Blank all kept text of a wait, and the note on it: it has ended."""

    wait: str


@value
class SetReminder:
    """The wait's one pending reminder: rung `step` of the ladder (0 = first) falls due at `due_at`.

    Replaces the wait's earlier pending reminder. Reminders that left already are not touched. `since`: it is the same rung, which
    has waited since then for whom it is for (see `Asking.since`).
    """

    wait: str
    step: int
    to: Audience
    due_at: Instant
    since: Instant | None = None


@value
class DropReminder:
    """Withdraw the wait's pending reminder, if there is one."""

    wait: str


NoticeKind = Literal["digest", "tip"]


class NoticeSubject(StrEnum):
    """What a notice tells."""

    DAY = "day"
    """Who is waiting."""
    WEEK = "week"
    """The week in sums."""
    PREVIEW = "preview"
    """What would have been sent, and the question whether reminders may begin."""
    HANDOVER = "handover"
    """What somebody who leaves, or whose shift ended, has open, with whom it may go to."""
    ARRIVALS = "arrivals"
    """Who came into a community channel, for one member to greet."""
    TIP = "tip"
    """A tip (see domain.tips): the notice has the tip's key."""


@value
class AddNotice:
    """A message that is about no single wait: a digest for the team, or a tip for `person`. It leaves at `due_at`.

    `key` makes it unique for good (a digest's slot): one that was there before is left as it is. `subject` is what it tells.
    """

    kind: NoticeKind
    key: str
    due_at: Instant
    subject: NoticeSubject | None = None
    person: str | None = None


@value
class KeepTip:
    """Keep a tip for its member. One with its key that was there before is left as it is."""

    tip: Tip


@value
class SeeTip:
    """A member is shown a tip, by its key, now: it is never shown again."""

    key: str
    at: Instant


@value
class SaveThanks:
    """Whom a customer thanks in a message, by its channel and id, in place of whom they thanked in it before; nobody: they took
    it back."""

    channel: str
    message: str
    thanks: tuple[Thanks, ...] = ()


@value
class KeepAutoDm:
    """Keep a report of an auto-DM, in place of the same message's by the same person: its form is open, or was sent. Of who opens
    another form the one before is forgotten."""

    report: AutoDm


@value
class KeepEarly:
    """An edit, deletion or reaction came before its message: keep it until the message comes."""

    event: EarlyEdit | Deleted | Reacted


@value
class DropEarly:
    """The message came; its early events were applied."""

    channel: str
    id: str


@value
class SaveExchange:
    """A member and a customer spoke with each other in a channel: their acquaintance as it is now.

    `strength` is the decayed count of exchanges as of `at` (see waits.acquaintance).
    """

    channel: str
    member: str
    customer: str
    strength: float
    at: Instant


@value
class SaveCorrection:
    """A member corrected what was made of a message (of a wait's messages: the opening one). The last word on a message counts;
    the same word again changes nothing. `judged`: it contradicts the judge, so the channel's threshold follows it."""

    channel: str
    message: str
    says: Says
    by: str
    at: Instant
    judged: bool


@value
class SaveArrival:
    """Store an arrival as it is now. There is one for each person and channel: a later one takes its place. A post that tells of
    it follows `at` an instant."""

    arrival: Arrival
    at: Instant


@value
class DropCorrection:
    """The correction of a message, if there was one, was taken back."""

    channel: str
    message: str


@value
class CountPost:
    """An app, or a relay, posted in a channel: counted by day, never what it said. `name` is what the app is called, "" where
    that isn't known, and for a relay: it goes by people's names."""

    channel: str
    source: Source
    at: Instant
    name: str = ""


Write = (
    SaveMessage
    | DropMessage
    | SaveWait
    | DropWait
    | KeepText
    | KeepNote
    | KeepHandover
    | BlankText
    | SetReminder
    | DropReminder
    | AddNotice
    | KeepTip
    | SeeTip
    | SaveThanks
    | KeepAutoDm
    | KeepEarly
    | DropEarly
    | SaveExchange
    | SaveCorrection
    | DropCorrection
    | CountPost
    | SaveArrival
)
