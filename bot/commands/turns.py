"""Turns on duty, as they are said: "duty rotate @ana @ben, mondays and thursdays 9:00"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands.context import CommandContext
from bot.domain.durations import DAY, Instant
from bot.domain.duty import Rotation
from bot.domain.refusal import Refusal, quoted
from bot.domain.written_hours import DAYS, read_days

TURNS_EXAMPLE: Final = "duty rotate @ana @ben, mondays 9:00"

_AROUND = frozenset({"every", "each", "weekly", "on", "at", "from", "starting", "and", "the", "of", "week", "always"})
"""Words that say nothing beside a day and a time."""

_OTHERWISE = frozenset(
    {"second", "2nd", "third", "3rd", "other", "first", "1st", "last", "two", "three", "biweekly", "bi-weekly", "fortnight"}
    | {"fortnightly", "monthly", "month", "months", "weeks", "hourly", "hour", "hours", "yearly", "quarterly"}
)
"""What says that turns change by more or less than days of the week."""

_EVERY_SO_MANY = re.compile(r"\b\d+\s*-?\s*(?:d|days?|w|wks?)\b", re.IGNORECASE)

_CLOCK_ALONE = re.compile(r"\d{1,2}(?:[:.h]\d{2})?\s*(?:h|[ap]\.?m\.?|o'?clock)?", re.IGNORECASE)

_NAMES = tuple(f"{name.capitalize()}s" for name in DAYS)


def is_day(word: str) -> bool:
    """Whether a word names days of the week, and so no member."""
    return bool(read_days(word)[0])


def read_turns(members: tuple[str, ...], words: Sequence[str], ctx: CommandContext) -> Rotation | Refusal:
    """Turns of these members that change when `words` say so; Mondays, when work begins, where they say nothing."""
    named = " ".join(f"@{ctx.name(member)}" for member in members)
    tries = tuple(f"duty rotate {named}, {days} 9:00" for days in ("mondays", "mon and thu", "weekdays", "daily"))
    text = " ".join(words).strip(" ,;")
    days, others = read_days(text)
    rest = [word for word in others if word.casefold() not in _AROUND]
    if any(word.casefold().strip(".,") in _OTHERWISE for word in rest) or _EVERY_SO_MANY.search(" ".join(rest)):
        says = f"Turns change on days of the week, each week the same; {quoted(text)} I can't keep."
        return Refusal(says=says, tries=tries)
    if not days and rest and _CLOCK_ALONE.fullmatch(" ".join(rest)):
        return Refusal(says=f"On which days do turns change, at {' '.join(rest)}?", tries=tries)
    first = DAYS[min(days)] if days else "" if rest else DAYS[0]
    change = _clock(" ".join((first, *rest)).strip(), ctx)
    if isinstance(change, Refusal):
        says = f"When do turns change? I don't understand {quoted(text)} as days of the week and a time."
        return Refusal(says=says, tries=tries)
    zone = ctx.hours_of("").zone
    weekday, minute = change
    return Rotation(
        members=members,
        weekdays=tuple(sorted(days)) or (weekday,),
        minute=minute,
        zone=zone.key if isinstance(zone, ZoneInfo) else "UTC",
        since=ctx.now,
    )


def _clock(text: str, ctx: CommandContext) -> tuple[int, int] | Refusal:
    """The weekday and the minute past midnight of a time, by the team's clock. In one week the clock may skip that time, which
    makes it later, and not in the next one, too."""
    zone, found = ctx.hours_of("").zone, []
    for moment in (ctx.read_when(text), ctx.read_when(text, ctx.now + 7 * DAY)):
        if isinstance(moment, Refusal):
            return moment
        found.append(datetime.fromtimestamp(moment.at, zone))
    return found[0].weekday(), min(at.hour * 60 + at.minute for at in found)


def changing(turns: Rotation) -> str:
    """When turns change: "Mondays and Thursdays 09:00"."""
    return f"{_days(turns.weekdays)} {turns.minute // 60:02}:{turns.minute % 60:02}"


def _days(weekdays: tuple[int, ...]) -> str:
    if len(weekdays) == 7:
        return "every day"
    if len(weekdays) > 2 and weekdays == tuple(range(weekdays[0], weekdays[-1] + 1)):
        return f"{_NAMES[weekdays[0]][:-1]} to {_NAMES[weekdays[-1]][:-1]}"
    *others, last = (_NAMES[day] for day in weekdays)
    return f"{', '.join(others)} and {last}" if others else last


def first_turns(turns: Rotation) -> Iterable[tuple[str, Instant, Instant]]:
    """Each member's first turn, with when it begins and ends."""
    begins = turns.since
    for member in turns.members:
        _, _, ends = turns.turn_at(begins)
        yield member, begins, ends
        begins = ends
