"""Numbers that are typed alone beside a bound: "5 to 9 march", "9-5". They may be hours or days of the month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.refusal import Refusal
from bot.language.times.markers import Items, digits, is_of

_AWAKE = 7
"""Hours. Before it a number alone is one of the afternoon."""

_NOON, _MIDNIGHT = 12, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class BareNumber:
    """A number that stands alone on its side. `ordinal`: it can only be a day of the month."""

    value: int
    ordinal: bool


def bare_number(items: Items) -> BareNumber | None:
    """A number alone, perhaps with what makes it a day of the month: "5", "5th", "5."."""
    value = digits(items, 0)
    if value is None or value > 31 or len(items) > 2:  # no month has more days, no day more hours
        return None
    if len(items) == 1:
        return BareNumber(value=value, ordinal=False)
    ordinal = is_of(items, 1, "ordinal", "day_sign") or items[1].text == "."
    return BareNumber(value=value, ordinal=True) if ordinal and items[1].start == items[0].end else None


def hours_or_days(first: int, second: int, on: date, last: date) -> Refusal | None:
    """The question whether two numbers are hours, or days of the month, these two: "9-5" ends in the afternoon, "22-6" on the
    day after. None where one of them is no hour."""
    if max(first, second) > _MIDNIGHT or first in (second, _MIDNIGHT):
        return None
    since, until = f"{on.day} {on:%B}", f"{last.day} {last:%B}"
    if first > _NOON and second < first:
        return Refusal(
            says=f"Hours or days: from {first:02}:00 until tomorrow {second:02}:00, or {since} to {until}?",
            tries=(f"from {first:02}:00 until tomorrow {second:02}:00", f"{since} to {until}"),
        )
    if second < first:
        second += _NOON
    elif first < _AWAKE and second <= _NOON:
        first, second = first + _NOON, second + _NOON
    clocks = f"{first:02}:00-{second:02}:00"
    return Refusal(says=f"Hours or days: {clocks}, or {since} to {until}?", tries=(clocks, f"{since} to {until}"))


def with_day(on: date, number: int) -> date | None:
    """The day of a date's month with this number."""
    try:
        return on.replace(day=number)
    except ValueError:  # no month has 45 days, and not each has 31
        return None
