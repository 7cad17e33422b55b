"""Who is on duty at an instant: from the settings, a calendar, a rotation, or what was said in chat. Pure.

Each of these, as far as it says something then, wins over those before it: what people said last, and most deliberately, holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.domain.durations import Instant
from bot.domain.hours import wall
from bot.domain.people import Team
from bot.domain.value import value

DutySource = Literal["settings", "calendar", "rotation", "chat"]
"""What says who is on duty, the weakest first."""

_MOST_CHANGES = 64
"""Changes looked at for the next one that puts others on duty: a year of weeks, two months of days."""


@value
class MemberSpan:
    """A span of a member's, as a calendar says."""

    member: str
    since: Instant
    until: Instant


@value
class CalendarEntry:
    """An entry of a calendar, of a recurring one a single time: what is written over it, and who takes part, by the names and
    the e-mail addresses that stand there."""

    summary: str
    since: Instant
    until: Instant
    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@value
class CalendarSpans:
    """What the team's calendar says: who is on duty when, and who is away."""

    duty: tuple[MemberSpan, ...] = ()
    away: tuple[MemberSpan, ...] = ()


@value
class Rotation:
    """Members take turns: the first one's begins at `since`. Turns change on `weekdays` (0 = Monday; in order) at `minute` past
    midnight in `zone`, an IANA name. Where the clock skips that time, the turn changes when it has; the next one is as said."""

    members: tuple[str, ...]
    weekdays: tuple[int, ...]
    minute: int
    zone: str
    since: Instant

    def turn_at(self, now: Instant) -> tuple[int, Instant, Instant]:
        """Which turn it is (0 = the first one's first), with when it began and ends."""
        zone = ZoneInfo(self.zone)
        begins, first = self._change_before(now, zone), self._change_before(self.since, zone)
        ahead = (begins + timedelta(days=days) for days in range(1, 8))
        ends = next(day for day in ahead if day.weekday() in self.weekdays)
        return self._place(begins) - self._place(first), wall(zone, begins, self.minute), wall(zone, ends, self.minute)

    def on_duty(self, now: Instant) -> str | None:
        """Whose turn it is; nobody's before the first."""
        if now < self.since or not self.members:
            return None
        return self.members[self.turn_at(now)[0] % len(self.members)]

    def _change_before(self, at: Instant, zone: ZoneInfo) -> date:
        """The day of the last change of turns until an instant, by the clock on the wall."""
        today = datetime.fromtimestamp(at, zone).date()
        before = (today - timedelta(days=days) for days in range(9))
        return next(day for day in before if day.weekday() in self.weekdays and wall(zone, day, self.minute) <= at)

    def _place(self, day: date) -> int:
        """The number of a change of turns, counted through."""
        return (day.toordinal() - 1) // 7 * len(self.weekdays) + self.weekdays.index(day.weekday())


@value
class SaidOnDuty:
    """Members were put on duty in chat, from `since` until `until` (None: until further notice)."""

    members: tuple[str, ...]
    since: Instant
    until: Instant | None = None

    def holds(self, now: Instant) -> bool:
        """Whether it holds at an instant."""
        return self.since <= now and (self.until is None or now < self.until)


@value
class DutyPlan:
    """What was chosen in chat of who is on duty."""

    said: SaidOnDuty | None = None
    rotation: Rotation | None = None


NO_PLAN: Final = DutyPlan()
"""Nothing was chosen: the calendar and the settings say who is on duty."""


@value
class OnDuty:
    """Who is on duty at an instant, what says so, and from when on others are (None: that isn't known)."""

    members: tuple[str, ...]
    source: DutySource
    until: Instant | None = None


def on_duty(team: Team, plan: DutyPlan, calendar: CalendarSpans, now: Instant) -> OnDuty:
    """Who is on duty at `now`, `team.duty` being what the settings say. Whoever isn't on the team is passed over."""
    members, source = _at(team, plan, calendar, now)
    until = next((at for at in _changes(plan, calendar, now) if _at(team, plan, calendar, at)[0] != members), None)
    return OnDuty(members=members, source=source, until=until)


def looked_at_again(plan: DutyPlan, calendar: CalendarSpans, now: Instant) -> Instant | None:
    """When somebody else may be on duty, at the earliest; None where nothing is planned."""
    return next(iter(_changes(plan, calendar, now)), None)


def _at(team: Team, plan: DutyPlan, calendar: CalendarSpans, now: Instant) -> tuple[tuple[str, ...], DutySource]:
    said, rotation = plan.said, plan.rotation
    if said is not None and said.holds(now) and (members := _here(team, said.members)):
        return members, "chat"
    if rotation is not None and (turn := rotation.on_duty(now)) is not None and (members := _here(team, (turn,))):
        return members, "rotation"
    if members := _here(team, (shift.member for shift in calendar.duty if shift.since <= now < shift.until)):
        return members, "calendar"
    return team.duty, "settings"


def _here(team: Team, members: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(member for member in members if member in team.members))


def _changes(plan: DutyPlan, calendar: CalendarSpans, now: Instant) -> list[Instant]:
    """The instants after `now` at which others may be on duty, in order."""
    said, rotation = plan.said, plan.rotation
    found = {at for shift in calendar.duty for at in (shift.since, shift.until)}
    if said is not None:
        found |= {said.since} if said.until is None else {said.since, said.until}
    if rotation is not None:
        found |= {rotation.since, *islice(_turns(rotation, max(now, rotation.since)), _MOST_CHANGES)}
    return sorted(at for at in found if at > now)


def _turns(rotation: Rotation, now: Instant) -> Iterable[Instant]:
    while True:
        _, _, now = rotation.turn_at(now)
        yield now
