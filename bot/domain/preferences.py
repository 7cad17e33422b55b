"""What members chose in chat: away, DMs, their own hours, how a channel is watched. The settings file is the default, a choice
wins over it, and reverting a choice gives the file its say again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.domain.durations import Instant
from bot.domain.hours import Hours, Interval, Own, Week, WorkingSpan, combine
from bot.domain.rules import Watch

Watched = Watch | Literal["nothing"]
"""How a channel is watched; "nothing" = not at all, its messages aren't even stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHours:
    """The hours a member gave themselves. `zone` is an IANA name; None in either = as the file says."""

    zone: str | None = None
    week: Week | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """All choices, by member or channel. Away spans are in order of their start; those that are over may still be among them."""

    away: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    dm: Mapping[str, bool] = field(default_factory=dict)
    hours: Mapping[str, OwnHours] = field(default_factory=dict)
    watch: Mapping[str, Watched] = field(default_factory=dict)

    def away_now(self, member: str, now: Instant) -> Interval | None:
        """The span a member is away in at `now`, the one that lasts longest; None when they are here."""
        running = [span for span in self.away.get(member, ()) if span[0] <= now < span[1]]
        return max(running, key=lambda span: span[1], default=None)


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


ChoiceWrite = SetAway | EndAway | SetDm | SetHours | SetWatch


def week_of(spans_by_day: tuple[tuple[tuple[int, int], ...], ...]) -> Week:
    """A week from minutes after midnight: (opens, closes) of each span, Monday first. Raises ValueError on impossible ones."""
    return tuple(tuple(WorkingSpan(opens=opens, closes=closes) for opens, closes in day) for day in spans_by_day)


def hours_with(file: Hours, own: Own, away: tuple[Interval, ...]) -> Hours:
    """The hours the file gives somebody, with what they chose instead and the time they are away taken out."""
    return combine(file, Own(zone=own.zone, week=own.week, holidays=own.holidays, away=(*own.away, *away)))
