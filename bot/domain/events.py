"""What happens in a channel, as values. Adapters and archive readers make them; `waits.decide` takes them.

Every event names its channel (a key such as "slack:T1:C1") and the instant it happened. `key` identifies an event for good:
the same happening delivered twice has the same key, whatever envelope it came in.
"""

from __future__ import annotations

from typing import Final, Literal

from bot.domain.durations import Instant
from bot.domain.keys import joined
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.reading import Reading
from bot.domain.value import value


@value
class EventKey:
    """What identifies an event for good: its channel, its message (or wait), its kind, and which edit or deed of that kind."""

    channel: str
    message: str
    kind: str
    edit: str = ""


@value
class Posted:
    """A message appeared. `platform_event` is the platform's own id of the delivery, when it has one."""

    message: Message
    platform_event: str | None = None

    @property
    def channel(self) -> str:
        """The channel's key."""
        return self.message.channel

    @property
    def at(self) -> Instant:
        """When the message was posted."""
        return self.message.at

    @property
    def key(self) -> EventKey:
        """What identifies it."""
        return EventKey(channel=self.message.channel, message=self.message.id, kind="posted")


@value
class Edited:
    """A message's text changed. `message` is the whole message as it reads now; `at` is when it was edited."""

    message: Message
    at: Instant
    platform_event: str | None = None

    @property
    def channel(self) -> str:
        """The channel's key."""
        return self.message.channel

    @property
    def key(self) -> EventKey:
        """What identifies it."""
        return EventKey(channel=self.message.channel, message=self.message.id, kind="edited", edit=repr(self.at))


@value
class EarlyEdit:
    """What is kept of an edit that came before its message: what the judge read in it, never its words. Made when it comes,
    decided when the message does. `calls_team` says also that it holds a watched word, or notifies a member
    by its reply."""

    channel: str
    id: str
    at: Instant
    reading: Reading
    mentions: tuple[str, ...] = ()
    calls_team: bool = False
    files: int = 0
    is_request: bool = False

    @property
    def key(self) -> EventKey:
        """What identifies the edit."""
        return EventKey(channel=self.channel, message=self.id, kind="edited", edit=repr(self.at))


@value
class Deleted:
    """A message was deleted at `at`."""

    channel: str
    id: str
    at: Instant
    platform_event: str | None = None

    @property
    def key(self) -> EventKey:
        """What identifies it."""
        return EventKey(channel=self.channel, message=self.id, kind="deleted")


ANYBODY: Final = "*"
"""Stands for whoever it was, where a platform doesn't say."""


@value
class Reacted:
    """`by` put (`added`) or took back a reaction on a message; `ANYBODY`: those of all were cleared, whoever put them. `emoji` is
    in its neutral spelling (see `emoji.canonical`).

    `timed` is False when the source doesn't say when (Slack exports): `at` is then the message's own time.
    """

    channel: str
    id: str
    by: str
    by_member: bool
    emoji: str
    at: Instant
    added: bool = True
    timed: bool = True
    platform_event: str | None = None

    @property
    def key(self) -> EventKey:
        """What identifies it."""
        when = repr(self.at) if self.timed else ""
        kind = "reacted" if self.added else "unreacted"
        return EventKey(channel=self.channel, message=self.id, kind=kind, edit=joined(self.by, self.emoji, when))


@value
class Acted:
    """A member acted on a wait (a button or a command). `verb` names what they did (see waits.verbs); what it takes besides the
    wait is in `until` (a time), `member`, `choice` and `text`, as far as they were given."""

    channel: str
    wait: str
    verb: str
    by: str
    at: Instant
    until: Instant | None = None
    member: str | None = None
    choice: str | None = None
    text: str | None = None
    platform_event: str | None = None

    @property
    def key(self) -> EventKey:
        """What identifies it."""
        return EventKey(channel=self.channel, message=self.wait, kind=f"acted:{self.verb}", edit=joined(self.by, repr(self.at)))


@value
class Typing:
    """`by` is typing in a channel, in a thread or outside. Told by platforms that can (Discord); worth something for a moment."""

    channel: str
    by: str
    by_member: bool
    at: Instant
    thread: str | None = None
    platform_event: str | None = None

    @property
    def key(self) -> EventKey:
        """What identifies it."""
        return EventKey(channel=self.channel, message="", kind="typing", edit=joined(self.by, repr(self.at)))


@value
class Solved:
    """A thread was marked as solved by the platform's own means (a tag of a Discord forum), or is `gone` with all that was
    said in it, at `at`; by whom isn't told. `taken_back`: it isn't marked any more. `starter`: the message that has the thread's
    id stands in it, not in the channel. `unseen`: it is gone for us alone, who were taken out of it; `taken_back` then says that
    we are in it again."""

    channel: str
    thread: str
    at: Instant
    gone: bool = False
    taken_back: bool = False
    starter: bool = True
    unseen: bool = False
    platform_event: str | None = None

    @property
    def key(self) -> EventKey:
        """What identifies it."""
        return EventKey(
            channel=self.channel, message=self.thread, kind="unsolved" if self.taken_back else "solved", edit=repr(self.at)
        )


@value
class ChannelLost:
    """A channel is gone, or can't be seen any more: it was deleted or archived, or the bot was taken out of it, found out at
    `at`. `back`: one that was lost is there again."""

    channel: str
    at: Instant
    back: bool = False
    platform_event: str | None = None

    @property
    def key(self) -> EventKey:
        """What identifies it."""
        return EventKey(channel=self.channel, message="", kind="back" if self.back else "lost", edit=repr(self.at))


@value
class Joined:
    """Somebody came into a channel; `left`: went out of it. `role` is the platform's word on who they are."""

    channel: str
    person: str
    role: Role
    at: Instant
    left: bool = False
    platform_event: str | None = None

    @property
    def key(self) -> EventKey:
        """What identifies it."""
        kind = "left" if self.left else "joined"
        return EventKey(channel=self.channel, message="", kind=kind, edit=joined(self.person, repr(self.at)))


Says = Literal["waits", "needs_none"]
"""What a member says of a message: its customer is waiting (it was overlooked, or taken for answered), or it needs no reply."""


@value
class Corrected:
    """A member corrected what was made of a message. `posted` is the message itself where the platform gives it along (Slack's
    message shortcuts do): one that came before the bot, or long ago, can then open a wait, too."""

    channel: str
    message: str
    by: str
    at: Instant
    says: Says
    posted: Message | None = None
    platform_event: str | None = None

    @property
    def key(self) -> EventKey:
        """What identifies it."""
        return EventKey(
            channel=self.channel, message=self.message, kind=f"corrected:{self.says}", edit=joined(self.by, repr(self.at))
        )


Event = Posted | Edited | Deleted | Reacted | Acted | Typing | Solved | ChannelLost | Joined | Corrected
