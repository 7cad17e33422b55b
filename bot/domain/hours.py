"""Working hours: when a team or a person is at work, and how much working time lies between two instants.

Spans are said in wall-clock time and belong to the local day they start on, so a night shift "Fri 22:00-06:00" is
Friday's: it is worked on into a Saturday that is off or a holiday, and it isn't worked at all when Friday is a holiday.

When the clocks change, a span runs from the first instant at which the clock shows its opening time or later, up to the
last instant at which the clock shows less than its closing time. Hence:
- an edge that falls into the gap of a spring night moves to the first instant after the gap;
- in an autumn night the span covers both passes of the repeated hour (01:00-03:00 lasts three hours, 01:30-... starts at
  the first 01:30, ...-01:30 ends at the second), but a span that closes exactly where the repeated hour begins has ended;
- a day that a zone skips (Apia, 30 December 2011) has no working time.
What is counted is real time: 00:00-04:00 lasts three hours in spring and five in autumn.

Everything here is pure. Instants must lie between 1970 and 2200; others raise ValueError.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from math import inf

from bot.domain.durations import DAY, Instant, Seconds

Holidays = Callable[[date], str | None]
"""The name of the holiday on a date, or None. Must be pure and hashable: the same date always has the same answer."""

LOOKAHEAD: Seconds = 400 * DAY
"""How far `next_open` and `closes` look: over a year, so that a span worked once a year is still found."""

LATEST: Instant = 7_258_118_400.0
"""2200-01-01. A later instant is milliseconds taken for seconds, and would cost a walk through all the weeks up to it."""

_MIDNIGHT = 24 * 60
_EPOCH = date(1970, 1, 1).toordinal()

Interval = tuple[Instant, Instant]
"""From the first instant up to, and without, the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingSpan:
    """Working time in a day: minutes after local midnight. `closes` is over 1440 when the span runs over midnight."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < _MIDNIGHT or not self.opens < self.closes <= self.opens + _MIDNIGHT:
            raise ValueError(
                f"a span from minute {self.opens} to {self.closes} is impossible: it opens within the day and lasts up to 24 h"
            )


Week = tuple[tuple[WorkingSpan, ...], ...]
"""The spans of each weekday, Monday first. Several a day are a day with a break; none is a day off."""


def weekly(days: Iterable[int], spans: Iterable[WorkingSpan]) -> Week:
    """The same spans on each of `days` (0 is Monday), the other days off."""
    working, kept = frozenset(days), tuple(spans)
    return tuple(kept if day in working else () for day in range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When somebody works: the week's spans by the clock of `zone`, without holidays and without what they are away.

    `away` are intervals of instants. Equal values compare and hash equal; the week's instants are remembered by it.
    """

    zone: tzinfo
    week: Week
    holidays: tuple[Holidays, ...] = ()
    away: tuple[Interval, ...] = ()
    round_the_clock: bool = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError(f"a week of hours has 7 days, Monday first, not {len(self.week)}")
        for start, end in self.away:
            if not start < end:
                raise ValueError(f"away from {start} to {end}: the end must come after the start")
        whole = all(WorkingSpan(opens=0, closes=_MIDNIGHT) in spans for spans in self.week)
        object.__setattr__(self, "round_the_clock", whole and not self.holidays and not self.away)
        # Hashed once: the value is a cache key on every call, and hashing 7 tuples of spans would be most of the cost.
        object.__setattr__(self, "_hash", hash((self.zone, self.week, self.holidays, self.away)))

    def __hash__(self) -> int:
        return self._hash


ALWAYS = Hours(zone=UTC, week=weekly(range(7), [WorkingSpan(opens=0, closes=_MIDNIGHT)]))
"""Open round the clock, every day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What a person says of their own hours; None = as the team. `holidays` are those of their country."""

    zone: tzinfo | None = None
    week: Week | None = None
    holidays: tuple[Holidays, ...] = ()
    away: tuple[Interval, ...] = ()


def combine(team: Hours, person: Own) -> Hours:
    """The hours of a person on a team.

    Their own week and zone replace the team's (a zone alone means the team's spans by their own clock); their holidays
    and the time they are away are added to the team's.
    """
    return Hours(
        zone=person.zone or team.zone,
        week=team.week if person.week is None else person.week,
        holidays=(*team.holidays, *(each for each in person.holidays if each not in team.holidays)),
        away=team.away + person.away,
    )


def holiday(hours: Hours, on: date) -> str | None:
    """The name of the holiday on that date, or None."""
    for named in hours.holidays:
        name = named(on)
        if name is not None:
            return name
    return None


def wall(zone: tzinfo, on: date, minute: int) -> Instant:
    """The first instant of `on` at which the clock of `zone` shows `minute` minutes after midnight, or later."""
    return _edge(zone, on.toordinal(), minute, closing=False)


def _edge(zone: tzinfo, ordinal: int, minute: int, *, closing: bool) -> Instant:
    """An edge of a span as an instant.

    By PEP 495 the offsets under fold 0 and 1 differ only in a gap (0 < 1) or a fold (0 > 1).
    """
    ordinal, minute = ordinal + minute // _MIDNIGHT, minute % _MIDNIGHT
    day = date.fromordinal(ordinal)
    local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    shown = (ordinal - _EPOCH) * 86_400 + minute * 60
    first, second = _offset(local), _offset(local.replace(fold=1))
    if first == second:
        return float(shown - first)
    if first < second:
        before, after = shown - second, shown - first
        while after - before > 1:
            middle = (before + after) // 2
            if _offset(datetime.fromtimestamp(middle, zone)) == first:
                before = middle
            else:
                after = middle
        return float(after)
    again = shown - second
    repeats_here = _offset(datetime.fromtimestamp(again - 1, zone)) == first
    return float(again if closing and not repeats_here else shown - first)


def _offset(local: datetime) -> int:
    offset = local.utcoffset()
    if offset is None:
        raise ValueError(f"the zone {local.tzinfo} doesn't say how far it is from UTC")
    return offset.days * 86_400 + offset.seconds


def day(hours: Hours, on: date) -> tuple[Interval, ...]:
    """The working time that belongs to a local date, in order and without overlap; empty on a day off."""
    return _without(_merged(_spans(hours, on.toordinal())), hours.away)


def next_day_open(hours: Hours, at: Instant) -> Instant | None:
    """When the next working day opens: the first opening on a later local date than `at`'s, or None within 400 days."""
    today = _local(hours, at).toordinal()
    for ordinal in range(today + 1, today + 1 + int(LOOKAHEAD // DAY)):
        intervals = day(hours, date.fromordinal(ordinal))
        if intervals:
            return intervals[0][0]
    return None


def _spans(hours: Hours, ordinal: int) -> list[Interval]:
    spans = hours.week[(ordinal - 1) % 7]  # ordinal 1, the first of January of year 1, is a Monday
    if not spans or (hours.holidays and holiday(hours, date.fromordinal(ordinal)) is not None):
        return []
    zone = hours.zone
    found = [(_edge(zone, ordinal, s.opens, closing=False), _edge(zone, ordinal, s.closes, closing=True)) for s in spans]
    return [(start, end) for start, end in found if start < end]


def _merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _without(intervals: tuple[Interval, ...], away: tuple[Interval, ...]) -> tuple[Interval, ...]:
    for gone, back in away:
        intervals = tuple(
            piece
            for start, end in intervals
            for piece in ((start, min(end, gone)), (max(start, back), end))
            if piece[0] < piece[1]
        )
    return intervals


@dataclass(frozen=True, slots=True, kw_only=True)
class _Week:
    """A local week in instants: weeks divide all time without gap or overlap, and their intervals divide the working time."""

    start: Instant
    end: Instant
    intervals: tuple[Interval, ...]
    total: Seconds


@lru_cache(maxsize=4096)  # some 80 years for one person, or two months for each of 500: about 3 MB when full
def _week(hours: Hours, monday: int) -> _Week:
    start = _edge(hours.zone, monday, 0, closing=False)
    end = _edge(hours.zone, monday + 7, 0, closing=False)
    # From the Sunday before, whose night shift may reach into this week.
    spans = [span for ordinal in range(monday - 1, monday + 7) for span in _spans(hours, ordinal)]
    clipped = [(max(start, opens), min(end, closes)) for opens, closes in spans if opens < end and closes > start]
    intervals = _without(_merged(clipped), hours.away)
    return _Week(start=start, end=end, intervals=intervals, total=sum(closes - opens for opens, closes in intervals))


def _local(hours: Hours, at: Instant) -> datetime:
    if not 0 <= at <= LATEST:
        raise ValueError(f"{at} is no instant between the years 1970 and 2200; are these milliseconds?")
    return datetime.fromtimestamp(at, hours.zone)


def _weeks(hours: Hours, at: Instant) -> Iterator[_Week]:
    """The weeks from the one that holds `at`, up to the year 2200."""
    ordinal = _local(hours, at).toordinal()
    monday = ordinal - (ordinal - 1) % 7
    week = _week(hours, monday)
    # A clock that goes back over Monday's midnight shows Sunday again within Monday's week.
    if at >= week.end:
        monday += 7
        week = _week(hours, monday)
    while week.start <= LATEST:
        yield week
        monday += 7
        week = _week(hours, monday)


def is_open(hours: Hours, at: Instant) -> bool:
    """Whether `at` is working time. A span includes its opening instant and not its closing one."""
    if hours.round_the_clock:
        return True
    intervals = next(_weeks(hours, at)).intervals
    index = bisect_right(intervals, (at, inf)) - 1
    return index >= 0 and at < intervals[index][1]


def is_away(hours: Hours, at: Instant) -> bool:
    """Whether they are away then, whatever their week says."""
    return bool(hours.away) and any(gone <= at < back for gone, back in hours.away)


def next_open(hours: Hours, at: Instant) -> Instant | None:
    """The first instant of working time that isn't before `at` (`at` itself when open), or None within 400 days."""
    if hours.round_the_clock:
        return at
    for start, end in _upcoming(hours, at):
        if start > at + LOOKAHEAD:
            return None
        if end > at:
            return max(start, at)
    return None


def closes(hours: Hours, at: Instant) -> Instant | None:
    """The first instant not before `at` that isn't working time (`at` itself when closed); None when it stays open 400 days."""
    if hours.round_the_clock:
        return None
    reached = at
    for start, end in _upcoming(hours, at):
        if start > reached:
            break
        reached = max(reached, end)
    return reached if reached <= at + LOOKAHEAD else None


def _upcoming(hours: Hours, at: Instant) -> Iterator[Interval]:
    """Working time from the week of `at` on, up to the week in which the look-ahead ends."""
    for week in _weeks(hours, at):
        if week.start > at + LOOKAHEAD:
            return
        yield from week.intervals


def working_before(hours: Hours, at: Instant, seconds: Seconds) -> Instant | None:
    """The latest instant from which on so much working time lies before `at`; None where there isn't that much in the two weeks
    before."""
    far = at - 14 * DAY
    if working_between(hours, far, at) < seconds:
        return None
    early, late = far, at
    while late - early > 0.01:
        middle = (early + late) / 2
        if working_between(hours, middle, at) >= seconds:
            early = middle
        else:
            late = middle
    return float(round(early))


def working_between(hours: Hours, start: Instant, end: Instant) -> Seconds:
    """How much working time lies in [start, end), in seconds; none when `end` isn't after `start`."""
    if end <= start:
        return 0.0
    if hours.round_the_clock:
        return end - start
    passed = 0.0
    for week in _weeks(hours, start):
        if week.start >= end:
            break
        if start <= week.start and week.end <= end:
            passed += week.total
        else:
            passed += sum(max(0.0, min(ends, end) - max(opens, start)) for opens, ends in week.intervals)
    return passed
