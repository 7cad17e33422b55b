"""What a command may look at while it is answered: the team, who waits, what was chosen, and the words of a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from bot.domain.durations import Instant
from bot.domain.hours import ALWAYS, Hours
from bot.domain.keys import channel_id
from bot.domain.outgoing import SentReminder
from bot.domain.people import Team
from bot.domain.preferences import Choices, Watched
from bot.domain.refusal import Moment, Permission, Refusal
from bot.domain.rules import ChannelRules
from bot.domain.waits import Wait
from bot.ports import CorrectionCounts, Exchange
from bot.wording.home import Undelivered


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedWait:
    """A wait with the short name people call it by ("w17")."""

    handle: str
    wait: Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """How sure the judge must be in a channel, and how sure it would have to be without the corrections that were made."""

    now: float
    usual: float
    corrections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """A reminder that left: when, and to whom (empty: the team)."""

    at: Instant
    to: tuple[str, ...]


def _nobody(_: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Whether reminders have begun: when (None: a lead hasn't let them yet) and by whose word (None: they always did).

    `observing`: this process sends nothing whatever was said. `noted_since` gives the reminders that would have left, with
    their waits.
    """

    at: Instant | None
    by: str | None = None
    observing: bool = False
    noted_since: Callable[[Instant], tuple[tuple[Wait, SentReminder], ...]] = lambda _: ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandContext:
    """One person asks something at one instant: all that the answer may depend on.

    `waits` are the open ones, oldest first, the latest of them if there are very many. The callables are questions to the same
    snapshot: asked twice they answer the same. `member_of` gives a member's key by an account on the platform where it is
    asked, `read_when` understands a time in the asker's own zone, `zone_of` is the zone by an IANA
    name, `channels` maps keys to names, `link_of` leads to a wait's first message,
    `corrected_since` counts the messages members said were overlooked, and to need no reply, `undelivered` gives the latest
    messages that were given up, `begun` whether reminders leave at all, `threshold_of` a channel's threshold where corrections
    have moved it.
    """

    who: str
    is_a: Permission
    team: Team
    waits: tuple[ListedWait, ...] = ()
    by_handle: Callable[[str], ListedWait | None] = lambda _: None
    names_of: Callable[[str], tuple[str, ...]] = _nobody
    member_of: Callable[[str], str] = str
    channels: Mapping[str, str] = field(default_factory=dict)
    choices: Choices = field(default_factory=Choices)
    hours_of: Callable[[str], Hours] = lambda _: ALWAYS
    rules_of: Callable[[str], ChannelRules] = lambda _: ChannelRules()
    watched: Callable[[str], Watched] = lambda _: ChannelRules().watch
    wants_dm: bool = False
    read_when: Callable[[str], Moment | Refusal] = lambda _: Refusal(says="No times are understood here.")
    zone_of: Callable[[str], tzinfo | None] = lambda _: None
    texts_of: Callable[[str], tuple[str, ...]] = _nobody
    reminders_of: Callable[[str], tuple[Reminded, ...]] = lambda _: ()
    next_reminder_of: Callable[[str], Instant | None] = lambda _: None
    exchanges_of: Callable[[str], tuple[Exchange, ...]] = lambda _: ()
    opened_since: Callable[[Instant], Iterable[Wait]] = lambda _: ()
    reminded_since: Callable[[Instant], int] = lambda _: 0
    corrected_since: Callable[[Instant], CorrectionCounts] = lambda _: CorrectionCounts(overlooked=0, needs_none=0)
    threshold_of: Callable[[str], Threshold | None] = lambda _: None
    begun: Begun = field(default_factory=lambda: Begun(at=0.0))
    undelivered: Callable[[int], tuple[Undelivered, ...]] = lambda _: ()
    link_of: Callable[[Wait], str | None] = lambda _: None

    @property
    def zone(self) -> tzinfo:
        """The asker's time zone."""
        return self.hours_of(self.who).zone

    def name(self, person: str) -> str:
        """What a person is called."""
        names = self.names_of(person)
        return names[0] if names else person

    def channel_name(self, key: str) -> str:
        """What a channel is called, without "#"."""
        return self.channels.get(key, channel_id(key))
