"""What everything that is shown is gathered from: storage in one transaction, as of one instant, with what is known beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.absences import KnownAbsence
from bot.domain.care import Care
from bot.domain.durations import WEEK, Instant, Seconds
from bot.domain.duty import DutyPlan, OnDuty
from bot.domain.hours import Hours
from bot.domain.judge import Judge
from bot.domain.keys import server_of
from bot.domain.people import Team
from bot.domain.preferences import Choices, NotificationKind, OwnSwitch, Watched
from bot.domain.rules import ChannelRules
from bot.domain.waits import Wait
from bot.ports import Exchange, PresentApps, QueryTransaction

MOST_OPEN = 5000
"""Open waits that are looked through for a name or a list, the latest. Any other is still found by its handle."""


class PreferencesNow(Protocol):
    """The settings with what members chose in chat over them (engine.preferences)."""

    @property
    def choices(self) -> Choices:
        """What members chose in chat."""
        ...

    def hours_of(self, person: str) -> Hours:
        """When a member works; "" is the team."""
        ...

    def absences_of(self, person: str, choices: Choices | None = None) -> tuple[KnownAbsence, ...]:
        """When a member is away, whatever says so, in order; with other `choices`, as it would be by those."""
        ...

    def away_now(self, person: str, now: Instant) -> KnownAbsence | None:
        """The absence that a member is in, whatever says so; None when they are here."""
        ...

    def rules_of(self, channel: str) -> ChannelRules:
        """The rules of a channel."""
        ...

    def watched(self, channel: str) -> Watched:
        """How a channel is watched."""
        ...

    def wants_dm(self, person: str) -> bool:
        """Whether a member wants reminders and tips as direct messages."""
        ...

    def switch_of(self, person: str) -> OwnSwitch:
        """What a member wants to be told."""
        ...

    def wants(self, person: str, kind: NotificationKind, now: Instant) -> bool:
        """Whether a member is to be notified of something of this kind now."""
        ...

    def written_switch(self, person: str) -> OwnSwitch:
        """The same as the settings file says it, without what they chose."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookups:
    """What is known beside storage: made once, asked at any time."""

    preferences: PreferencesNow
    team: Callable[[], Team]
    """The team as it is now: people come and go while we run."""
    names_of: Callable[[str], tuple[str, ...]]
    """What a person is called, by their id or key; the first name is the one to show, none when they aren't known."""
    channel_name: Callable[[str], str]
    """What a channel is called, by its key, also of one that isn't watched any more."""
    judge: Judge
    """Asked for its thresholds, and to read what a member has checked."""
    channels: Callable[[], Mapping[str, str]] = field(default=dict)
    """The watched channels, by key with their names."""
    budget: int | None = None
    """The most notifications that a member gets in a day who chose no number themselves; None: no limit."""
    reaches: Callable[[str], bool] = lambda _: True
    """Whether anything can be sent to a member at all."""
    outside: Callable[[str, str], bool] = lambda _member, _channel: False
    """Whether a member can't be asked about what happens in a channel (by key): they are on another server's team only."""
    link_of: Callable[[Wait], str | None] = lambda _: None
    """The address of a wait's first message."""
    link_to: Callable[[str, str, str | None], str | None] = lambda _channel, _message, _thread: None
    """The address of a message, by its channel, its id and its thread."""
    company_of: Callable[[str], str | None] = lambda _: None
    """What is shown beside a customer's name, by their id: mostly their company. As the settings say, else their platform."""
    begins_by_lead: bool = False
    """Reminders leave only once a lead has let them; else they always did."""
    held_since: Callable[[Instant], Mapping[str, Instant]] = lambda _: {}
    """The channels about which nothing leaves since an instant or longer, because they couldn't be read back; with since when."""
    on_duty: Callable[[Instant, DutyPlan | None], OnDuty] = lambda _at, _plan: OnDuty(members=(), source="settings")
    """Who is on duty at an instant, as things are planned, or by another plan."""
    digest_tells: Callable[[str | None, str], bool] = lambda _digest, _channel: True
    """Whether the digest of a platform, or of a server with a team of its own, tells of what happens in a channel (by key); None
    is the only digest there is."""
    troubles: Callable[[], Sequence[tuple[str | None, str]]] = tuple
    """What is wrong on the platforms, for a lead to mend: a sentence each, with the server it is about."""
    apps: Callable[[], Sequence[PresentApps]] = tuple
    """The apps that each platform lists, and what it doesn't tell of them."""
    filters: bool = False
    """A platform is there that has filters of its own which the bot may set up."""
    care: Care = field(default_factory=Care)
    """What of customers' ways is shown."""
    trial_lasts: Seconds = 8 * WEEK
    """How long a trial of first reminders lasts that a lead begins; 0: there is to be none."""
    observing: bool = False
    """This process was told to send nothing, whatever a lead said."""

    def at(self, tx: QueryTransaction, now: Instant, reader: str | None = None) -> Snapshot:
        """Everything as of an instant, in a transaction; with a `reader`, as far as that member may read it."""
        return Snapshot(self, tx, now, reader)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedWait:
    """A wait with the short name people call it by ("w17")."""

    handle: str
    wait: Wait


class Snapshot:
    """One transaction at one instant. Waits are as of then: a hold that has run out is off them. Where servers have a team each
    and there is a `reader`, only what they may read is there."""

    __slots__ = ("_left", "_open", "_team", "lookups", "now", "reader", "tx")

    def __init__(self, lookups: Lookups, tx: QueryTransaction, now: Instant, reader: str | None = None) -> None:
        team = lookups.team()
        self._team = team if reader is not None and (team.servers or team.left) else None
        self._left = team.left
        self.reader = reader
        self.lookups = lookups
        self.tx = tx
        self.now = now
        self._open: dict[int, tuple[ListedWait, ...]] = {}

    def shows(self, channel: str) -> bool:
        """Whether what customers write in a channel, by its key, may be shown here."""
        if self._team is not None and self.reader is not None:
            return self._team.may_read(self.reader, channel)
        return not self._left or server_of(channel) not in self._left

    @property
    def shows_all(self) -> bool:
        """Whether everything may be."""
        return self._team is None

    def channels(self) -> Mapping[str, str]:
        """The watched channels that may be shown, by key with their names."""
        found = self.lookups.channels()
        return found if self._team is None else {key: name for key, name in found.items() if self.shows(key)}

    def members(self) -> frozenset[str]:
        """Those on the team who may be shown."""
        return self.lookups.team().members if self._team is None or self.reader is None else self._team.known_to(self.reader)

    def opened_since(self, since: Instant) -> Iterator[Wait]:
        """The waits that opened since then, over or not, as they are stored."""
        return (wait for wait in self.tx.opened_since(since) if self.shows(wait.channel))

    def exchanges(self, customer: str) -> Sequence[Exchange]:
        """Who talked with a customer, where."""
        return [known for known in self.tx.exchanges(customer) if self.shows(known.channel)]

    def open_waits(self, most: int = MOST_OPEN) -> tuple[ListedWait, ...]:
        """The open waits, oldest first; of more than `most` the latest."""
        found = self._open.get(most)
        if found is None:
            found = self._open[most] = tuple(self.listed(wait) for wait in self.tx.open_waits(most) if self.shows(wait.channel))
        return found

    def listed(self, wait: Wait) -> ListedWait:
        """A stored wait with its handle."""
        return ListedWait(handle=self.tx.handle(wait.id), wait=wait.as_of(self.now))

    def by_handle(self, handle: str) -> ListedWait | None:
        """The wait with this handle, over or not."""
        wait = self.tx.wait_by_handle(handle)
        return None if wait is None or not self.shows(wait.channel) else ListedWait(handle=handle, wait=wait.as_of(self.now))

    def name(self, person: str) -> str:
        """What a person is called; their id when nobody knows."""
        names = self.lookups.names_of(person)
        return names[0] if names else person
