"""Instants and spans of time, as people write them in settings and as the bot says them back. English only, no locale."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta, tzinfo

Instant = float
"""Seconds since 1970-01-01 UTC, as `float` (a Slack `ts` is one already, and a float keeps its microseconds)."""

Seconds = float

MINUTE: Seconds = 60
HOUR: Seconds = 3600
DAY: Seconds = 86_400
WEEK: Seconds = 7 * DAY

LONGEST: Seconds = 3660 * DAY
"""Ten years. Whatever is longer is a slip of the keyboard, and would overflow calendars further on."""

_UNITS: dict[str, Seconds] = {"w": WEEK, "d": DAY, "h": HOUR, "m": MINUTE, "s": 1}
_PART = re.compile(r"([0-9]+)([wdhms])")
_WHOLE = re.compile(r"(?:[0-9]{1,9}w ?)?(?:[0-9]{1,9}d ?)?(?:[0-9]{1,9}h ?)?(?:[0-9]{1,9}m ?)?(?:[0-9]{1,9}s)?")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHOWN = 40
"""Characters of a wrong value that are quoted back."""


def parse(text: str) -> Seconds:
    """Read a span such as "10m", "2h", "1d", "1h30m", "90s" or "1w": whole numbers with units, largest unit first.

    Returns seconds, from 1 s to ten years. Raises ValueError with a sentence that says what to write instead.
    """
    shown = repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")
    found = text.strip(" ")
    if not found:
        raise ValueError('a span of time is missing: write for example "10m", "2h" or "1h30m"')
    if re.fullmatch(r"[0-9]+", found):
        sample = found if len(found) <= 4 else "10"
        raise ValueError(f'{shown} has no unit: write for example "{sample}m" for minutes or "{sample}h" for hours')
    if found.startswith("-"):
        raise ValueError(f'{shown} is negative: a span of time is at least "1s"')
    if not _WHOLE.fullmatch(found):
        raise ValueError(
            f"{shown} is not a span of time: write whole numbers with w, d, h, m or s, largest first, "
            'for example "10m", "2h" or "1h30m"'
        )
    seconds = sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(found))
    if seconds == 0:
        raise ValueError(f'{shown} is no time at all: a span of time is at least "1s"')
    if seconds > LONGEST:
        raise ValueError(f'{shown} is longer than ten years: the longest span is "3660d"')
    return float(seconds)


def say(seconds: Seconds) -> str:
    """Say a span as people do: "just now", "42 min", "3 h 10 min", "1 day 4 h", "9 days".

    Rounded to the nearest minute below a day, the nearest hour below a week, the nearest day from there on, so that it is
    never off by more than half a minute or a twelfth. Under half a minute is "just now"; so is a span up to a minute
    below zero, because two clocks may differ. Raises ValueError for anything further below zero and for what isn't finite.
    """
    if not math.isfinite(seconds) or seconds < -MINUTE:
        raise ValueError(f"{seconds} seconds can't be said: a span of time is finite and not negative")
    minutes = math.floor(max(seconds, 0) / MINUTE + 0.5)
    hours = math.floor(max(seconds, 0) / HOUR + 0.5)
    if minutes == 0:
        return "just now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return _two(minutes // 60, "h", minutes % 60, "min")
    if hours < 7 * 24:
        days = hours // 24
        return _two(days, "day" if days == 1 else "days", hours % 24, "h")
    return f"{math.floor(seconds / DAY + 0.5)} days"


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small} {small_unit}" if small else f"{large} {large_unit}"


def say_clock(instant: Instant, zone: tzinfo, now: Instant) -> str:
    """Say an instant by the clock of `zone`, as short as is clear at `now`.

    "14:05" on the same day, "yesterday 14:05", "tomorrow 14:05", "3 May 14:05", and with the year when it is another one.
    """
    then = datetime.fromtimestamp(instant, zone)
    today = datetime.fromtimestamp(now, zone).date()
    clock = f"{then.hour:02}:{then.minute:02}"
    if then.date() == today:
        return clock
    if then.date() == today - timedelta(days=1):
        return f"yesterday {clock}"
    if then.date() == today + timedelta(days=1):
        return f"tomorrow {clock}"
    return say_day_clock(instant, zone, year=then.year != today.year)


def say_day_clock(instant: Instant, zone: tzinfo, *, year: bool = True) -> str:
    """Say an instant by the clock of `zone`, whenever it is read: "3 May 2026 14:05"."""
    then = datetime.fromtimestamp(instant, zone)
    day = f"{then.day} {_MONTHS[then.month - 1]}"
    return f"{day}{f' {then.year}' if year else ''} {then.hour:02}:{then.minute:02}"
