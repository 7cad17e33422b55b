"""What leaves and where it went: due rows, addresses, posts. Ids and times only; what a message says is made when it leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.domain.durations import Instant
from bot.domain.keys import HandoverWhy
from bot.domain.notifications import STRAIGHT, Asking
from bot.domain.reasons import Reason
from bot.domain.rules import Audience
from bot.domain.waits import Wait
from bot.domain.writes import NoticeKind, NoticeSubject


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message to members goes: on a platform (by its name: "slack"), a channel or a person's direct messages, by the
    platform's own id."""

    platform: str
    kind: Literal["channel", "person"]
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A message went on its way and nobody knows yet whether it arrived: where to, under which key, when, and to whom.

    `under` is the post (by its number) that it is a line below, `stands` the post in which its wait is told of in full, where
    that isn't the message itself; `told` is how many of its customer's messages it tells of.
    """

    address: Address
    key: str
    at: Instant
    to: tuple[str, ...]
    under: int | None = None
    stands: int | None = None
    told: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReminder:
    """A reminder whose time has come, leased to us until it is settled.

    `id` is the row's number, `key` the idempotency key for the platform (the same at every attempt). `attempt` counts leases,
    `failures` deliveries that failed. `left`: an earlier attempt may have arrived. `handle` is the wait's short name.
    `asking`: how those were chosen for whom it was when it was looked at last.
    """

    id: int
    key: str
    wait: str
    step: int
    to: Audience
    due_at: Instant
    attempt: int
    failures: int = 0
    left: Attempt | None = None
    handle: str | None = field(default=None, compare=False)
    asking: Asking = STRAIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class DueUpdate:
    """A post that has to be brought up to date, leased like a reminder. Doing it twice does no harm."""

    id: int
    post: int
    due_at: Instant
    attempt: int
    failures: int = 0
    left: Attempt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueNotice:
    """A digest or a tip whose time has come, leased like a reminder (see domain.writes.AddNotice)."""

    id: int
    key: str
    kind: NoticeKind
    person: str | None
    subject: NoticeSubject | None
    due_at: Instant
    attempt: int
    failures: int = 0
    left: Attempt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRemoval:
    """A post of ours that is to be removed from where it is read, because somebody reads it who isn't on the team. `post` is its
    number."""

    post: int
    address: Address
    ref: str


Due = DueReminder | DueUpdate | DueNotice


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """What isn't to leave just now: reminders of the waits on these platforms and updates of the posts there; reminders of the
    waits in these channels, by their keys; with `notices` digests and tips, too, which tell of waits on all platforms."""

    platforms: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    notices: bool = False

    def __bool__(self) -> bool:
        return bool(self.platforms or self.channels) or self.notices


NOTHING_PAUSED = Paused()


@dataclass(frozen=True, slots=True, kw_only=True)
class SentReminder:
    """A reminder that left: when, for which rung, to whom, how those were chosen, and the platform's reference of the post.

    `address` is where its wait is told of in full, `told` how many of the customer's messages there were by then. `line`: the
    post has only a line about its wait, which stands in full in another.
    """

    wait: str
    step: int
    at: Instant
    to: tuple[str, ...]
    ref: str | None = None
    asking: Asking = STRAIGHT
    address: Address | None = None
    told: int = 0
    line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedReminder:
    """A rung that fell due and was left out: for what reason, and who had been passed over for it."""

    step: int
    at: Instant
    reason: Reason
    asking: Asking = STRAIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverListing:
    """A hand-over list of a `member`'s told of a wait, when it left; and why there was one."""

    member: str
    at: Instant
    why: HandoverWhy


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverList:
    """The hand-over list that a post is: by its notice's key, for whom (None: the team), when it left, and the waits it told of,
    oldest first."""

    key: str
    person: str | None
    at: Instant
    waits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message of ours that members can see, and the waits it tells of, in the order they were put on it; or the subjects of the
    notices (digests, tips) that it is. `removed`: it was, or is to be, removed from there. `under` is the post it is a line
    below. `handover`: the hand-over list that it is; `arrivals`: the key of the notice by which it tells who came into a
    channel."""

    address: Address
    ref: str
    at: Instant
    reminders: tuple[SentReminder, ...]
    notices: tuple[NoticeSubject, ...] = ()
    removed: bool = False
    under: int | None = None
    handover: HandoverList | None = None
    arrivals: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePost:
    """The one post at an address that tells of a wait in full and is kept up to date, by its number and reference."""

    post: int
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """Something that could not be delivered. `what` is its kind, `wait` the wait it was about, `address` where it may have
    arrived all the same, `subject` what a digest tells; `key` is a notice's."""

    id: int
    what: Literal["reminder", "update", "digest", "tip"]
    wait: str | None
    due_at: Instant
    reason: Reason
    address: Address | None
    subject: NoticeSubject | None = None
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Who can read a channel, as far as the platform knows: None = can't be told.

    `shared`: connected to another organisation. `outsiders`: somebody who isn't on the team is in it or may open it.
    """

    shared: bool | None
    outsiders: bool | None

    @property
    def internal(self) -> bool | None:
        """True when only members can read it, None when that can't be told."""
        if self.shared or self.outsiders:
            return False
        return None if self.shared is None or self.outsiders is None else True


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitInMessage:
    """One wait in a message: which rung it is on and whom it goes to (empty: the team as a whole). `handle` is the wait's short
    name, where it is at hand; `asking`: how those were chosen. `told` is how many of its customer's messages the message told of
    when it was posted. `line`: the message has only a line about it; in full it stands in another post. `moved`: it is asked
    about elsewhere by now, there. `apart`: whom it goes to was asked in a direct message, and the message is the team's.
    `left_at`: when that rung left, if it did."""

    wait: Wait
    step: int
    to: tuple[str, ...]
    handle: str | None = None
    asking: Asking = STRAIGHT
    told: int | None = None
    line: bool = False
    moved: SentReminder | None = None
    apart: bool = False
    left_at: Instant | None = None
