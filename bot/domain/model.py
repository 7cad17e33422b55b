"""The values everything is made of: people, messages, waits, replies, reminders.

All are frozen and keyword-only. Instants are seconds since 1970-01-01 UTC as `float` (a Slack `ts` is one already, and a
float keeps its microseconds); spans are seconds. Ids are the platform's own, as text.
"""

from __future__ import annotations

from dataclasses import field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from bot.domain.value import value

if TYPE_CHECKING:
    from bot.domain.reading import Reading

Instant = float
"""Seconds since 1970-01-01 UTC."""

Seconds = float


class Role(StrEnum):
    """What somebody is in a workspace. An unknown author is a customer: better watched than overlooked."""

    CUSTOMER = "customer"
    MEMBER = "member"
    APP = "app"


class Watch(StrEnum):
    """What counts as a mention in a channel."""

    MENTIONS = "mentions"
    QUESTIONS = "questions"
    EVERYTHING = "everything"


class Sensitivity(StrEnum):
    """How sure the judge must be before it opens a wait in a channel."""

    CAREFUL = "careful"
    BALANCED = "balanced"
    EAGER = "eager"


class ReplyKind(StrEnum):
    """What a member's message is to the wait it belongs to."""

    PERSONAL = "personal"
    CLARIFYING = "clarifying"
    HOLDING = "holding"
    PROMISE = "promise"
    REDIRECT = "redirect"
    AUTOMATIC = "automatic"


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
    TYPING = "typing"


OwnerReason = Literal["claimed", "promised", "named", "thread", "acquaintance", "duty", "team"]
Audience = Literal["owner", "duty", "lead", "team"]
OpenedBy = Literal["judge", "rules", "member"]
"""Whose word a wait was opened on: the judge's, that of the channel's `watch` alone, or a member's who said it was overlooked."""


@value
class Person:
    """Somebody in a workspace. `names` are all names people may call them by, the one shown first."""

    id: str
    names: tuple[str, ...]
    role: Role
    lead: bool = False
    duty: bool = False


@value
class Message:
    """One post in a watched channel.

    `text` is plain: the platform's markup is undone, a mention of a person reads `@Name`. `thread` is the id of the
    thread's first message, None outside threads and for that first message itself. `mentions` are ids of people named by
    the platform's own markup; `calls_team` says it names the bot, a team group or role, or a watched word. `marks` is the
    platform's hard evidence that an app made the post ("bot_id", "workflow"), empty for a person's own words.
    """

    channel: str
    id: str
    at: Instant
    author: str
    role: Role
    text: str = ""
    thread: str | None = None
    reply_to: str | None = None
    mentions: tuple[str, ...] = ()
    calls_team: bool = False
    files: int = 0
    marks: tuple[str, ...] = ()


@value
class MessageRecord:
    """What is kept of a message in the channel's window: its place, its author and the judge's reading, never its text.

    `calls` is the probability that it calls for a reply (0 for members); `wait` the wait it opened or extended;
    `answers` the waits it replied to.
    """

    id: str
    at: Instant
    author: str
    role: Role
    thread: str | None
    reply_to: str | None
    reading: Reading
    calls: float = 0.0
    wait: str | None = None
    answers: tuple[str, ...] = ()

    def marked(self, *, calls: float, wait: str | None = None, answers: tuple[str, ...] = ()) -> MessageRecord:
        """The same message with what was decided about it. (`dataclasses.replace` costs three times as much, and this runs for
        every message.)"""
        return MessageRecord(
            id=self.id,
            at=self.at,
            author=self.author,
            role=self.role,
            thread=self.thread,
            reply_to=self.reply_to,
            reading=self.reading,
            calls=calls,
            wait=wait,
            answers=answers,
        )


@value
class Evidence:
    """One reason for a judgement: `name` of the feature, its `value`, and its `weight` for (+) or against (-), in log odds."""

    name: str
    value: float
    weight: float


@value
class Hold:
    """A span in which the ladder stands still, from `since` until `until`; `by` is the member who caused it."""

    kind: HoldKind
    since: Instant
    until: Instant
    by: str


@value
class Reply:
    """A member's (or helping customer's) message that belongs to a wait. `canned` marks a near-copy of what another customer was
    told before: it changes nothing about the wait."""

    message: str
    by: str
    at: Instant
    kind: ReplyKind
    probability: float = 1.0
    canned: bool = False


@value
class Wait:
    """The span from a customer's unanswered mention to its end.

    `id` is "channel/first message". `replies` holds every human reply in order; the first of them is the first reply of
    any kind, even if the wait stayed open after it. `sure` is the highest probability that one of its messages calls for
    a reply. `came_back_from` names the wait this customer had before, when they came back. The ladder's rungs are counted
    from `ladder_from`: the opening, or later after a hold or a restart. `named` are the members the customer named or
    mentioned, `automatic` counts automatic posts that looked like an answer and weren't one. `checked_by` is the member
    whose reaction ended the wait, if one did. `opened_by` says whose word opened it. `maybe` is a
    member's message that may have answered it: nobody is sure, so its next reminder asks.
    """

    id: str
    channel: str
    customer: str
    thread: str | None
    messages: tuple[str, ...]
    opened_at: Instant
    last_at: Instant
    state: WaitState = WaitState.WAITING
    ended_at: Instant | None = None
    replies: tuple[Reply, ...] = ()
    hold: Hold | None = None
    owner: str | None = None
    owner_reason: OwnerReason = "team"
    not_me: tuple[str, ...] = ()
    sure: float = 1.0
    evidence: tuple[str, ...] = ()
    came_back_from: str | None = None
    named: tuple[str, ...] = ()
    automatic: int = 0
    checked_by: str | None = None
    ladder_from: Instant = 0.0
    opened_by: OpenedBy = "judge"
    maybe: Reply | None = None

    @property
    def opening(self) -> str:
        """The id of the message that opened it, which stays its name even when that message is deleted."""
        return self.id.rpartition("/")[2]

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
            if reply.kind in (ReplyKind.PERSONAL, ReplyKind.CLARIFYING):
                return reply
        return None


@value
class Team:
    """The members the bot knows of, by id, with who leads and who is on duty (ids, in the order to be asked)."""

    members: frozenset[str] = frozenset()
    leads: tuple[str, ...] = ()
    duty: tuple[str, ...] = ()


@value
class Step:
    """One rung of the ladder: `after` seconds of waiting, to whom."""

    after: Seconds
    to: Audience


@value
class Holds:
    """How long each hold lasts, in seconds. A promise without a time lasts until the next working day."""

    claim: Seconds = 2 * 3600
    holding: Seconds = 15 * 60
    redirect: Seconds = 24 * 3600


@value
class ChannelRules:
    """The settings that decide about one channel."""

    watch: Watch = Watch.QUESTIONS
    sensitivity: Sensitivity = Sensitivity.BALANCED
    peers_may_answer: bool = False
    watched_words: frozenset[str] = frozenset()
    steps: tuple[Step, ...] = ()
    holds: Holds = field(default_factory=Holds)
    on_it_reactions: frozenset[str] = frozenset({"eyes"})
    answered_reactions: frozenset[str] = frozenset({"white_check_mark", "heavy_check_mark"})
    keep_text: bool = True
