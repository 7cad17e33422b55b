"""The days of whoever says a time: which are worked, and which instants a day and its parts stand for."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Literal

from bot.domain.durations import HOUR, Instant, Seconds
from bot.domain.hours import Hours, day, wall

_NOMINAL_OPENS, _NOMINAL_CLOSES = 9 * 60, 18 * 60
_LONGEST_DAY: Seconds = 18 * HOUR

Mode = Literal["on", "by", "before", "after"]
"""How a day is meant: "on Friday", "by Friday", "before Friday", "after Friday"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workdays:
    """The clock and the working days by which a time is meant."""

    said_at: Instant
    zone: tzinfo
    hours: Hours | None
    """None: every day is worked, 09:00 to 18:00."""
    today: date
    furthest: Seconds
    """How far ahead a time may be."""
    orders: tuple[str, ...]
    """How dates in digits may be meant."""
    bare: bool
    """Whether the text follows a promise: what stands at its very start is its time."""
    typed: bool
    """Whether it was typed as a time, and nothing else: "mon 9" is no sum of money then, and a weekday is never today."""

    @property
    def begun(self) -> bool:
        """Whether today's work has begun."""
        return self.said_at >= self.bounds(self.today)[0]

    def works(self, on: date) -> bool:
        """Whether somebody works on this day."""
        return self.hours is None or self.hours.round_the_clock or bool(day(self.hours, on))

    def working(self, on: date) -> date:
        """`on`, or the first working day after it (`on` itself if there is none for two weeks)."""
        return next((each for each in (on + timedelta(days=n) for n in range(15)) if self.works(each)), on)

    def working_until(self, on: date) -> date:
        """`on`, or the last working day before it (`on` itself if there is none for two weeks)."""
        return next((each for each in (on - timedelta(days=n) for n in range(15)) if self.works(each)), on)

    def bounds(self, on: date) -> tuple[Instant, Instant]:
        """Opening and closing. A day off that was named all the same, a day without end, and any day for what is typed, count
        from 09:00 to 18:00."""
        spans = day(self.hours, on) if self.hours is not None and not self.typed else ()
        if spans and spans[-1][1] - spans[0][0] <= _LONGEST_DAY:
            return spans[0][0], spans[-1][1]
        return wall(self.zone, on, _NOMINAL_OPENS), wall(self.zone, on, _NOMINAL_CLOSES)

    def last_hour(self, on: date) -> Instant:
        """When the last hour of a day's working time begins."""
        opens, closes = self.bounds(on)
        return max(opens, closes - HOUR)

    def at(self, on: date, minute: int) -> Instant:
        """So many minutes after midnight."""
        return wall(self.zone, on, minute)

    def last_day(self, monday: date) -> date:
        """The last working day of a week."""
        days = [monday + timedelta(days=n) for n in range(5)]
        return next((each for each in reversed(days) if self.works(each)), days[-1])

    def usable(self, candidates: Sequence[Instant]) -> Instant | None:
        """The first of these instants that lies ahead, and not too far."""
        return next((each for each in candidates if self.said_at < each <= self.said_at + self.furthest), None)

    def dated(self, number: int, month: int, year: int | None = None) -> date | None:
        """The date with this day and month: of the year that was said, else the next one, today's among them."""
        for each in (self.today.year, self.today.year + 1) if year is None else (year,):
            try:
                on = date(each, month, number)
            except ValueError:  # 31 June or 45 May is no date; 29 February may be one next year
                continue
            if on >= self.today or (self.typed and year is not None):  # a year that is over was promised by nobody
                return on
        return None

    def of_month(self, number: int) -> date | None:
        """The next date with this day of a month, today's among them."""
        first = self.today.replace(day=1)
        for _ in range(3):
            if number <= monthrange(first.year, first.month)[1] and first.replace(day=number) >= self.today:
                return first.replace(day=number)
            first = months_after(first, 1)
        return None

    def moments(self, on: date, mode: Mode, part: str) -> list[Instant]:
        """The instants that a day and its part stand for, best first; the first that lies ahead is taken."""
        opens, closes = self.bounds(on)
        noon, last = self.at(on, 720), self.last_hour(on)
        midday = noon if opens < noon < closes else (opens + closes) / 2
        late = [self.at(on, 23 * 60), self.at(on, 24 * 60)] if on == self.today else []
        if mode == "before" and not part:
            earlier = next((each for each in (on - timedelta(days=n) for n in range(1, 8)) if self.works(each)), on)
            return [self.last_hour(earlier), opens]
        if mode == "after" and not part:
            return self.moments(self.working(on + timedelta(days=1)), "on", part)
        if part == "first":
            return [opens + HOUR, noon]
        if part == "morning":
            return [self.at(on, 11 * 60), noon]
        if part == "afternoon":
            return [last if last > noon else self.at(on, 16 * 60), max(closes, self.at(on, 17 * 60)), *late]
        if part == "evening":
            return [self.at(on, 20 * 60), self.at(on, 23 * 60), self.at(on, 24 * 60)]
        if part == "end" or mode == "by" or on == self.today:
            return [last, closes, *late]
        return [midday, last, closes]


def months_after(on: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
