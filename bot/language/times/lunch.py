"""Lunch: a break of somebody's own hours, or the hour from noon on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from bot.domain.durations import HOUR, Seconds
from bot.domain.hours import Hours, Interval, day, wall
from bot.domain.refusal import Refusal
from bot.language.times.away_clock import AwayClock, AwaySpan
from bot.language.times.bounds import Bounds

_NOON: Final = 12 * 60
_USUAL: Final = 60
"""Minutes."""

_ABOUT_NOON: Final = 10 * 60 + 30, 15 * 60
"""A break that begins between these minutes of a day is for lunch."""

_LONGEST: Final[Seconds] = 3 * HOUR


def lunch(hours: Hours, on: date) -> Interval:
    """Lunch on a day."""
    earliest, latest = (wall(hours.zone, on, minute) for minute in _ABOUT_NOON)
    for (_, since), (until, _) in pairwise(day(hours, on)):
        if earliest <= since < latest and until - since <= _LONGEST:
            return since, until
    return wall(hours.zone, on, _NOON), wall(hours.zone, on, _NOON + _USUAL)


def read_lunch(text: str, clock: AwayClock, words: Bounds, day_of: Callable[[str], date | None]) -> AwaySpan | Refusal | None:
    """Lunch, today's or that of a day which stands beside it (`day_of` reads it): "at lunch", "tomorrow over lunch". None where
    that isn't what is said."""
    beside = words.without_lunch(text)
    if beside is None:
        return None
    today = clock.local(clock.now).date()
    on = day_of(beside) if beside else today
    if on is None:
        return None
    since, until = lunch(clock.hours, on)
    working = day(clock.hours, today)
    if until <= clock.now and not beside and not (working and clock.now < working[-1][1]):  # nobody means one that is long over
        since, until = lunch(clock.hours, today + timedelta(days=1))
    if until <= clock.now:
        return Refusal(
            says=f"Lunch was until {clock.said(until)}. Until when?",
            tries=("30m", "1h", f"{today + timedelta(days=1):%A} over lunch"),
        )
    return clock.span(since, until)
