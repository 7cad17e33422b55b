"""The span from a customer's unanswered mention to its end, with its replies and what holds its ladder."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Literal

from bot.domain.durations import Instant, Seconds
from bot.domain.keys import message_of
from bot.domain.value import value


class ReplyKind(StrEnum):
    """What a member's message is to the wait it belongs to. `nothing` ends it no more than it holds it, and is no reply of it."""

    PERSONAL = "personal"
    CLARIFYING = "clarifying"
    HOLDING = "holding"
    PROMISE = "promise"
    REDIRECT = "redirect"
    AUTOMATIC = "automatic"
    NOTHING = "nothing"


ANSWERING = frozenset({ReplyKind.PERSONAL, ReplyKind.CLARIFYING})
"""Replies that end a wait: an answer in somebody's own words, or a question back (the customer's answer opens the next)."""

OPEN_CAPACITY = 128
"""Open waits kept in memory per channel, the latest ones. Older ones are still open in storage, and looked up there when an
event names one of their messages; without this bound a channel where nobody answers would grow in memory for ever."""

ENDED_CAPACITY = 64
"""Ended waits kept in memory per channel; older ones are looked up in storage when an event names their message."""


class WaitState(StrEnum):
    """`waiting`, or how a wait ended."""

    WAITING = "waiting"
    ANSWERED = "answered"
    HELPED = "helped"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


_WAITING = WaitState.WAITING  # looking a member of an Enum up costs as much as a call, and every wait is asked about often


class HoldKind(StrEnum):
    """Why the ladder of a wait stands still."""

    CLAIM = "claim"
    HOLDING = "holding"
    PROMISE = "promise"
    REDIRECT = "redirect"
    SNOOZE = "snooze"
    OUTCOME = "outcome"
    TYPING = "typing"


@value
class Holds:
    """How long a channel's holds last that have no time of their own, in seconds. `outcome` 0: until their next working day."""

    claim: Seconds = 2 * 3600
    holding: Seconds = 15 * 60
    redirect: Seconds = 24 * 3600
    outcome: Seconds = 0.0


@value
class Target:
    """Within what time a wait comes to its first step, in seconds, and whose it is: the customer's own by the settings, or that
    of newcomers. The later steps keep their proportion to it."""

    first: Seconds
    whose: Literal["customer", "newcomer"]


OwnerReason = Literal["claimed", "assigned", "promised", "named", "thread", "acquaintance", "duty", "team"]


OpenedBy = Literal["judge", "rules", "member"]
"""Whose word a wait was opened on: the judge's, that of the channel's `watch` alone, or a member's who said it was overlooked."""


@value
class Hold:
    """A span in which the ladder stands still, from `since` until `until`; `by` is the member who caused it. `noted`: they said
    why, which is kept elsewhere (`KeepNote`) and no longer than their customer waits."""

    kind: HoldKind
    since: Instant
    until: Instant
    by: str
    noted: bool = False

    @property
    def number(self) -> str:
        """How a button names it that takes it back."""
        return f"{self.since:.3f}"


@value
class Insistence:
    """A customer who asked again ended a hold: of what kind, whose it was, and when."""

    kind: HoldKind
    by: str
    at: Instant


@value
class Handover:
    """A member (`by`) handed a wait to another at an instant; `note` is what they said of it, "" where nothing is kept."""

    by: str
    to: str
    at: Instant
    note: str = ""


@value
class BeforeHanding:
    """What a wait was before it was handed over: what taking that back gives back."""

    owner: str | None
    owner_reason: OwnerReason
    hold: Hold | None
    ladder_start: Instant
    not_me: tuple[str, ...] = ()
    handed: Handing | None = None


MOST_HANDINGS = 8
"""How many hand-overs of one wait can be taken back one after the other."""


@value
class Handing:
    """That a wait was handed over last `by` one member to another (`to`); `at` is its number, too: taking it back names it. What
    was `before` has the hand-over before that, the latest of them (`recent`)."""

    by: str
    to: str
    at: Instant
    before: BeforeHanding | None = None

    @property
    def number(self) -> str:
        """How a button names it."""
        return f"{self.at:.3f}"

    def recent(self, most: int = MOST_HANDINGS) -> Handing:
        """It with the latest of those before it, `most` in all: what lies further back can't be taken back any more."""
        before = self.before
        if before is None or most <= 1:
            return replace(self, before=None)
        earlier = None if before.handed is None else before.handed.recent(most - 1)
        return replace(self, before=replace(before, handed=earlier))


@value
class Displaced:
    """What a wait was before a member claimed it, put it off or ended it at `at`: what taking it back gives back. `hold` held it
    then; `passed`: who did it had passed the wait on before. `earlier` is what that hold had taken the place of itself."""

    at: Instant
    hold: Hold | None
    owner: str | None
    owner_reason: OwnerReason
    ladder_start: Instant
    passed: bool = False
    earlier: Displaced | None = None


MOST_LET_GO = 8
"""How often it is kept of one wait that somebody let it go, the latest times."""


@value
class LetGo:
    """A member (`by`) let a wait go by their word at `was.at`: they took back that they were on it, or that it was put off, or
    passed it on. `was` is what it was before."""

    by: str
    how: Literal["unclaim", "unsnooze", "not_me"]
    was: Displaced


@value
class Reply:
    """A member's (or helping customer's) message that belongs to a wait. `canned` marks a near-copy of what another customer was
    told before: it changes nothing about the wait. Of a wait's `possible_answer`, `asked` are the members who were asked whether
    what they wrote was the answer: each is asked once; `unread`: its platform keeps its words from the bot.
    `until`: of a promise, when what was promised is due."""

    message: str
    by: str
    at: Instant
    kind: ReplyKind
    probability: float = 1.0
    canned: bool = False
    asked: tuple[str, ...] = ()
    until: Instant | None = None
    unread: bool = False


@value
class FollowUp:
    """A message in which a waiting customer went on without asking anew: it changes nothing about their wait, but is of it."""

    message: str
    at: Instant


@value
class Wait:
    """The span from a customer's unanswered mention to its end.

    `id` is "channel/first message". `replies` holds every human reply in order; the first of them is the first reply of
    any kind, even if the wait stayed open after it. `probability` is the highest probability that one of its messages calls for
    a reply. `came_back_from` names the wait this customer had before, when they came back. The ladder's rungs are counted
    from `ladder_start`: the opening, or later after a hold or a restart. `named_members` are the members the customer named or
    mentioned, `automatic_replies` counts automatic posts that looked like an answer and weren't one; `automatic_by` are the apps
    that made them, by name, as far as these are known. `marked_by` is the member whose reaction ended the wait, if one did.
    `opened_by` says whose word opened it. `possible_answer` is a member's message that may have answered it: nobody is sure, so
    who wrote it is asked, once. `insisted`: its customer ended
    a hold by asking again, and nothing has held it since. `newcomer`: it is the customer's first question here, and nobody of
    the team had spoken with them anywhere. `target`: its ladder begins at another time than its channel's. `went_on` are
    the customer's further messages that asked nothing: the judge doesn't see them as part of the wait, but its posts count them.
    `handed`: how it was handed over last, for as long as that stands. `displaced`: what it was before a member's last act on it.
    `by_thread`: it ended with its thread, which was marked as solved or deleted; by whom nobody knows. `in_private`:
    who marked it answered says that it is dealt with in private, for a good reason. `by_channel`: it ended with its channel,
    which is gone or can't be seen any more; with `by_thread`, its thread can't. `let_go`: who let it go by their word, in order.
    """

    id: str
    channel: str
    customer: str
    thread: str | None
    messages: tuple[str, ...]
    opened_at: Instant
    last_message_at: Instant
    state: WaitState = WaitState.WAITING
    ended_at: Instant | None = None
    replies: tuple[Reply, ...] = ()
    hold: Hold | None = None
    owner: str | None = None
    owner_reason: OwnerReason = "team"
    not_me: tuple[str, ...] = ()
    probability: float = 1.0
    evidence: tuple[str, ...] = ()
    came_back_from: str | None = None
    named_members: tuple[str, ...] = ()
    automatic_replies: int = 0
    automatic_by: tuple[str, ...] = ()
    marked_by: str | None = None
    ladder_start: Instant = 0.0
    opened_by: OpenedBy = "judge"
    possible_answer: Reply | None = None
    insisted: Insistence | None = None
    newcomer: bool = False
    target: Target | None = None
    went_on: tuple[FollowUp, ...] = ()
    handed: Handing | None = None
    displaced: Displaced | None = None
    by_thread: bool = False
    in_private: bool = False
    by_channel: bool = False
    let_go: tuple[LetGo, ...] = ()

    @property
    def written(self) -> int:
        """How many messages its customer has written."""
        return len(self.messages) + sum(further.message not in self.messages for further in self.went_on)

    @property
    def handed_to(self) -> str | None:
        """Whose it is by a colleague's word; None where it isn't anybody's by that."""
        return self.owner if self.owner_reason == "assigned" else None

    @property
    def displaced_holder(self) -> str | None:
        """Whose claim was taken away when the wait was handed over, by another's word and to another; None: nobody's."""
        handed = self.handed
        held = None if handed is None or handed.before is None else handed.before.hold
        if handed is None or held is None or held.kind not in (HoldKind.CLAIM, HoldKind.HOLDING):
            return None
        return None if held.by in (handed.by, handed.to) else held.by

    @property
    def opening(self) -> str:
        """The id of the message that opened it, which stays its name even when that message is deleted."""
        return message_of(self.id)

    @property
    def open(self) -> bool:
        """Whether the customer is still waiting (perhaps on hold)."""
        return self.state is _WAITING

    def as_of(self, now: Instant) -> Wait:
        """The wait without a hold that has run out by `now`. What people are shown goes by this: a hold isn't taken off a wait
        when it runs out, because its reminder, which is then due, may itself have to wait for the morning."""
        return replace(self, hold=None) if self.hold is not None and self.hold.until <= now else self

    @property
    def first_reply(self) -> Reply | None:
        """The first human reply of any kind, or None."""
        return self.replies[0] if self.replies else None

    @property
    def first_personal(self) -> Reply | None:
        """The first reply in a member's own words that answers or asks back, or None."""
        for reply in self.replies:
            if reply.kind in ANSWERING:
                return reply
        return None
