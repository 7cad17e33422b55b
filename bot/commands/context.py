"""Who asks, and all that the answer may depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from bot.domain.absences import KnownAbsence
from bot.domain.durations import Instant
from bot.domain.duty import DutyPlan, OnDuty
from bot.domain.hours import Hours
from bot.domain.people import Team
from bot.domain.preferences import Choices, OwnSwitch, Watched
from bot.domain.refusal import Moment, Permission, Refusal
from bot.language.times.input import read_when
from bot.queries.snapshot import ListedWait, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandContext:
    """One person asks something at one instant. What is asked here is the snapshot's, said as commands say it."""

    who: str
    """Who asks: a member's key, or a stranger's account."""
    is_a: Permission
    """What they may do here."""
    platform: str = ""
    """Where it is asked, by the platform's name: accounts in what was typed are meant there."""
    snapshot: Snapshot
    """Storage at that instant, with what is known beside it: what can be gathered for them."""

    @property
    def now(self) -> Instant:
        """The instant at which it was asked."""
        return self.snapshot.now

    @property
    def team(self) -> Team:
        """The team as it is now."""
        return self.snapshot.lookups.team()

    @property
    def waits(self) -> tuple[ListedWait, ...]:
        """The open waits, oldest first, the latest of them if there are very many."""
        return self.snapshot.open_waits()

    def by_handle(self, handle: str) -> ListedWait | None:
        """The wait with this handle, over or not."""
        return self.snapshot.by_handle(handle)

    @property
    def choices(self) -> Choices:
        """What members chose in chat."""
        return self.snapshot.lookups.preferences.choices

    def member_of(self, account: str) -> str:
        """A member's key, by an account on the platform where it is asked; a stranger's account as it is."""
        return self.team.accounts.member(self.platform, account)

    def on_duty(self, at: Instant, plan: DutyPlan | None = None) -> OnDuty:
        """Who is on duty at an instant, as things are planned; with another `plan`, as it would be then."""
        return self.snapshot.lookups.on_duty(at, plan)

    def absences_of(self, member: str, choices: Choices | None = None) -> tuple[KnownAbsence, ...]:
        """When a member is away, whatever says so; with other `choices`, as it would be by those."""
        return self.snapshot.lookups.preferences.absences_of(member, choices)

    def hours_of(self, person: str) -> Hours:
        """When somebody works; "" is the team."""
        return self.snapshot.lookups.preferences.hours_of(person)

    @property
    def zone(self) -> tzinfo:
        """The asker's time zone."""
        return self.hours_of(self.who).zone

    def read_when(self, text: str, at: Instant | None = None) -> Moment | Refusal:
        """A time that was said, in the asker's own zone and hours; as if it were said at another instant, if one is given."""
        return read_when(text, self.now if at is None else at, self.hours_of(self.who))

    @property
    def wants_dm(self) -> bool:
        """Whether the asker wants direct messages."""
        return self.snapshot.lookups.preferences.wants_dm(self.who)

    def switch_of(self, member: str) -> OwnSwitch:
        """What a member wants to be told."""
        return self.snapshot.lookups.preferences.switch_of(member)

    def written_switch(self, member: str) -> OwnSwitch:
        """The same as the settings file says it."""
        return self.snapshot.lookups.preferences.written_switch(member)

    @property
    def team_budget(self) -> int | None:
        """The most notifications in a day of who chose no number; None: no limit."""
        return self.snapshot.lookups.budget

    def watched(self, channel: str) -> Watched:
        """How a channel is watched."""
        return self.snapshot.lookups.preferences.watched(channel)

    @property
    def channels(self) -> Mapping[str, str]:
        """The watched channels, by key with their names."""
        return self.snapshot.channels()

    def channel_name(self, key: str) -> str:
        """What a channel is called, without "#"."""
        return self.snapshot.lookups.channel_name(key)

    def names_of(self, person: str) -> tuple[str, ...]:
        """All that a person is called."""
        return self.snapshot.lookups.names_of(person)

    def name(self, person: str) -> str:
        """What a person is called; their id when nobody knows."""
        return self.snapshot.name(person)
