"""What members chose in chat: away, DMs, their own hours, how a channel is watched. The settings file is the default, a choice
wins over it, and reverting a choice gives the file its say again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from bot.domain.absences import SaidHere
from bot.domain.delay_trial import DelayTrial
from bot.domain.durations import Instant
from bot.domain.duty import NO_PLAN, DutyPlan
from bot.domain.hours import Hours, Interval, Own, Week, WorkingSpan, combine
from bot.domain.rules import Watch
from bot.domain.tips import TipKind

Watched = Watch | Literal["nothing"]
"""How a channel is watched; "nothing" = not at all, its messages aren't even stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHours:
    """The hours a member gave themselves. `zone` is an IANA name; None in either = as the file says."""

    zone: str | None = None
    week: Week | None = None


NotificationKind = Literal["reminders", "digests", "tips"]
"""A kind of notification that a member can do without: reminders (rungs, questions, promises due), mentions in digests, tips."""

ALL_KINDS: Final[frozenset[NotificationKind]] = frozenset({"reminders", "digests", "tips"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSwitch:
    """What a member wants to be told. `budget`: the most notifications in one of their days (None: as the settings say; 0: only
    the list). `muted_until`: nothing before this instant. `only_mine`: never what is asked of the team or of who is on duty.
    `wanted`: the kinds they want; `tips_off`: of tips, those that they don't; `thanks_public`: the weekly digest may
    tell whom customers thanked, where it was them."""

    budget: int | None = None
    muted_until: Instant | None = None
    only_mine: bool = False
    wanted: frozenset[NotificationKind] = ALL_KINDS
    tips_off: frozenset[TipKind] = frozenset()
    thanks_public: bool = False

    def wants_tip(self, kind: TipKind) -> bool:
        """Whether they want tips of a kind."""
        return "tips" in self.wanted and kind not in self.tips_off

    def muted_at(self, now: Instant) -> bool:
        """Whether they are muted at an instant."""
        return self.muted_until is not None and now < self.muted_until


ORDINARY: Final = OwnSwitch()
"""Who chose nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A lead has reminders about a channel, or about everything, stand still from `since`, which may be ahead, until `until`.
    `by` is the lead."""

    since: Instant
    until: Instant
    by: str


EVERYWHERE: Final = ""
"""The key of a pause of everything."""


EVERYBODY: Final = ""
"""The key of what is chosen for the team as a whole: who is on duty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """All choices, by member or channel. Away spans are in order of their start; those that are over may still be among them, and
    so may what is in `here`: who was said to be here although calendar or platform say otherwise.
    `switched_by` is by member who said last what is in `switches`: they themselves, or a lead.
    `pauses` are by channel key, or `EVERYWHERE`; those that are over may still be among them, too."""

    away: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    dm: Mapping[str, bool] = field(default_factory=dict)
    hours: Mapping[str, OwnHours] = field(default_factory=dict)
    watch: Mapping[str, Watched] = field(default_factory=dict)
    switches: Mapping[str, OwnSwitch] = field(default_factory=dict)
    switched_by: Mapping[str, str] = field(default_factory=dict)
    pauses: Mapping[str, Pause] = field(default_factory=dict)
    duty: Mapping[str, DutyPlan] = field(default_factory=dict)
    here: Mapping[str, SaidHere] = field(default_factory=dict)
    trials: Mapping[str, DelayTrial] = field(default_factory=dict)
    anew: Mapping[str, Instant] = field(default_factory=dict)

    @property
    def trial(self) -> DelayTrial | None:
        """The trial of first reminders that a lead chose last, also when it is over; None where nobody ever did."""
        return self.trials.get(EVERYBODY)

    def running_trial(self, now: Instant) -> DelayTrial | None:
        """The trial that runs at `now`."""
        return self.trial if self.trial is not None and self.trial.runs_at(now) else None

    @property
    def duty_plan(self) -> DutyPlan:
        """Who is on duty when, of the whole team."""
        return self.duty.get(EVERYBODY, NO_PLAN)

    def paused(self, channel: str, now: Instant) -> Pause | None:
        """The pause that a channel (by key) is under at `now`, the one that lasts longest; None when it is under none."""
        if not self.pauses:
            return None
        running = self.running_pauses(now)
        return max((running[key] for key in (channel, EVERYWHERE) if key in running), key=lambda pause: pause.until, default=None)

    def running_pauses(self, now: Instant) -> dict[str, Pause]:
        """The pauses that run at `now`, by channel key or `EVERYWHERE`."""
        return {key: pause for key, pause in self.pauses.items() if pause.since <= now < pause.until}

    def pauses_ahead(self, now: Instant) -> dict[str, Pause]:
        """The pauses that run at `now` or will begin, likewise."""
        return {key: pause for key, pause in self.pauses.items() if now < pause.until}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAway:
    """A member is away from `since` until `until`. `by` is who said so: the member, or a lead."""

    member: str
    since: Instant
    until: Instant
    by: str
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAway:
    """The away span of a member that began (or begins) at `since` ends at `at`; one that hasn't begun is dropped."""

    member: str
    since: Instant
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHere:
    """A member is here, whatever calendar and platform say of the span that runs; None: what they say counts."""

    member: str
    here: SaidHere | None
    by: str
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDm:
    """Whether a member wants reminders as direct messages; None reverts to the file."""

    member: str
    on: bool | None
    by: str
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHours:
    """A member's own hours; None reverts to the file."""

    member: str
    hours: OwnHours | None
    by: str
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SetWatch:
    """How a channel (by key) is watched; None reverts to the file."""

    channel: str
    watch: Watched | None
    by: str
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSwitch:
    """What a member wants to be told; None reverts to the file."""

    member: str
    switch: OwnSwitch | None
    by: str
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPause:
    """Reminders about a channel (by key; `EVERYWHERE`) stand still until then; None: they go on. `since` is when that begins,
    where it isn't at once."""

    channel: str
    until: Instant | None
    since: Instant | None = None
    by: str
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDuty:
    """Who is on duty when; None reverts to the calendar and the file."""

    plan: DutyPlan | None
    by: str
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTrial:
    """Whether first reminders are tried, and until when; None: as if nobody ever had."""

    trial: DelayTrial | None
    by: str
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAnew:
    """From when on what members mark in a channel (by key) moves its threshold; None: all that they ever marked does."""

    channel: str
    since: Instant | None
    by: str
    at: Instant


ChoiceWrite = SetAway | EndAway | SetHere | SetDm | SetHours | SetWatch | SetSwitch | SetPause | SetDuty | SetTrial | SetAnew


def week_of(spans_by_day: tuple[tuple[tuple[int, int], ...], ...]) -> Week:
    """A week from minutes after midnight: (opens, closes) of each span, Monday first. Raises ValueError on impossible ones."""
    return tuple(tuple(WorkingSpan(opens=opens, closes=closes) for opens, closes in day) for day in spans_by_day)


def hours_with(file: Hours, own: Own, away: tuple[Interval, ...]) -> Hours:
    """The hours the file gives somebody, with what they chose instead and the time they are away taken out."""
    return combine(file, Own(zone=own.zone, week=own.week, holidays=own.holidays, away=(*own.away, *away)))
