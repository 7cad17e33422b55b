"""Spans from now on: in an hour, 20 minutes, an hour and a half, a quarter of an hour, in two weeks, in a fortnight."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.durations import DAY, HOUR, MINUTE, Seconds
from bot.language.times.clocks import counts_hours
from bot.language.times.markers import Items, is_marker, is_of, kind_of, kinds_before
from bot.language.times.words import TimeWords

_ALONE = frozenset({"quarter_hour", "half_hour", "three_quarter_hour", "fortnight", "week_alone"})
"""Units that need no number: "in half-hour"."""

_FEW = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A span that was said: how long, in what unit, and the index of its last item.

    `ahead`: it is one from now on ("in 5 minutes"), not how long something takes; `ahead_said`: by a word for it. `few`: not
    meant exactly. `until`: at the latest then. `months`: whole months, as calendars have them.
    """

    seconds: Seconds
    unit: str
    last: int
    ahead: bool
    few: bool = False
    until: bool = False
    ahead_said: bool = False
    months: int = 0


def read(items: Items, index: int, words: TimeWords, *, bare: bool) -> Duration | None:
    """The span that starts here: a number with a unit, "half an hour", "the next hour". `bare`: at the very start it is one
    from now on by itself."""
    first, amount, place, few = items[index], 0.0, index, False
    kinds = kinds_before(items, index)
    if first.kind == "number":
        amount, place, few = first.value, index + 1, first.name == "few"
        if kind_of(items, place) in ("-", "or") and kind_of(items, place + 1) == "number":
            amount, place = max(amount, items[place + 1].value), place + 2
        while kind_of(items, place) == "fill" or (is_of(items, place, "fill") and kind_of(items, place + 1) == "unit"):
            place += 1
        if kind_of(items, place) == "number" and items[place].value == 1 and is_of(items, place + 1, "unit"):
            place += 1  # "half a day", "three quarters of an hour"
    elif bare and index == 0 and first.kind == "unit" and first.name in _ALONE:
        amount = 1.0
    elif first.kind == "unit" and kinds & {"in", "within"}:
        if (first.name == "hour" and index and items[index - 1].text in words.whole_hour) or first.name in _ALONE:
            amount = 1.0
        elif first.value == HOUR and is_of(items, index + 1, "and_half"):
            amount = 1.0  # "en hora y media"
        elif first.name in ("day", "hour", "hour_or_oclock") and "in" in kinds and " " in items[index - 1].text:
            amount, few = _FEW, True  # "in den nächsten Tagen"
    if not amount or kind_of(items, place) != "unit" or kind_of(items, index - 1) in ("number", "-", "month"):
        return None
    unit, last = items[place], place
    if unit.name == "hour_sign" and place == index + 1 and not counts_hours(items, index):
        return None
    if unit.name == "hour_or_oclock" and place == index + 1 and kinds & {"at"} and not kinds & {"in", "within"}:
        return None
    seconds = amount * unit.value
    if kind_of(items, last + 1) == "and_half":
        seconds, last = seconds + unit.value / 2, last + 1
    elif is_of(items, last + 1, "and_quarter") and unit.value == HOUR:
        seconds, last = seconds + 15 * MINUTE, last + 1
    elif kind_of(items, last + 1) == "or" and kind_of(items, last + 2) == "number":
        seconds, last = max(seconds, items[last + 2].value * unit.value), last + 2
    elif unit.value == HOUR and kind_of(items, last + 1) == "number" and 1 <= items[last + 1].value < 60:
        seconds, last = seconds + items[last + 1].value * MINUTE, last + 1
        last += kind_of(items, last + 1) == "unit"
    elif unit.value == HOUR and [item.kind for item in items[last + 1 : last + 4]] == ["and", "number", "unit"]:
        seconds, last = seconds + items[last + 2].value * items[last + 3].value, last + 3
    from_now = is_of(items, last + 1, "from_now")
    last += from_now
    if kind_of(items, last + 1) == "past" or "past" in kinds:
        return None
    opening = all(is_marker(items, place) for place in range(index))
    ahead = from_now or bool(kinds & {"in", "by", "within"}) or (bare and opening and not kinds & {"at", "before"})
    return Duration(
        seconds=15 * MINUTE if few and unit.value == MINUTE else seconds,
        unit=unit.name,
        last=last,
        ahead=ahead,
        few=few,
        until=bool(kinds & {"by", "within"}),
        ahead_said=from_now or bool(kinds & {"in", "by", "within"}),
        months=round(amount) if unit.name == "month" and amount >= 1 and amount == round(amount) else 0,
    )


def days_of(span: Duration) -> int:
    """Whole days of a span that is counted in them."""
    return round(span.seconds / DAY)
