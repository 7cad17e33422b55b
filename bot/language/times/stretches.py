"""Weeks, months, quarters and feasts as people say them: next week, the end of the month, mid-March, before the weekend, after
Easter. Which day of them is meant is the table in `bot.language.times.expressions`."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.easter import easter

from bot.language.times.calendar import Mode, Workdays, months_after
from bot.language.times.markers import Items, digits, is_of, kind_of, kinds_before, mode_of, passed

_WEEKS = 53
_NUMBERED = frozenset({"in", "within", "by", "before", "after", "on", "end", "start", "mid", "at"})
"""Markers without one of which a word for a week before a number is no week of the year."""

_EARLY_IN_MONTH, _MID_OF_MONTH = 5, 15

_MARKED = frozenset({"start", "mid", "end", "by", "before", "after", "in", "within", "this", "next"})
"""Markers without one of which "March" or "the year" is no time."""


_FIRMLY = frozenset({"start", "mid", "end", "by", "before", "after"})
"""Those after which it is one, whatever follows."""

_ABOUT = frozenset({"on", "at", "this", "next", "by", "before", "after", "in", "within"})
"""Markers without one of which a feast, or a weekend in one word, is no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some days that were said as one: from the first up to, and without, `following`; the day to reckon with and how it is
    meant; the index of the last item."""

    first: date
    following: date
    on: date
    mode: Mode
    last: int
    part: str = ""
    """"end", where that was said."""


def _one_day(on: date, mode: Mode, last: int, part: str = "") -> Stretch:
    """A day that was said by the week, month or feast about it."""
    return Stretch(first=on, following=on + timedelta(days=1), on=on, mode=mode, last=last, part=part)


def read(items: Items, index: int, calendar: Workdays) -> Stretch | None:
    """The week, month or feast that starts here."""
    item, kinds = items[index], kinds_before(items, index)
    if is_of(items, index + 1, "by_after"):
        kinds = kinds | {"by"}
    if item.kind == "week":
        if item.name == "weekend" and " " not in item.text and not (kinds & _ABOUT or calendar.typed):
            return None
        if item.name == "end_of_month" and is_of(items, index + 1, "next_after"):
            return _named("end_of_next_month", kinds, index + 1, calendar)
        return _named(item.name, kinds, index, calendar)
    numbered = _week_number(items, index, kinds, calendar)
    if numbered is not None:
        return numbered
    if item.kind == "feast":
        if not (kinds & _ABOUT or calendar.typed):
            return None
        return _feast(item.name, kinds, index, calendar)
    if item.kind == "unit" and item.name == "week" and is_of(items, index - 1, "nth"):
        return _week_of_month(items, index, calendar)
    if item.kind == "unit" and item.name == "day" and "end" in kinds:
        return _one_day(calendar.today, "by", index, "end")
    if item.kind == "unit" and item.name in ("week", "month") and kinds & {"start", "mid", "end"}:
        return _named("this_week" if item.name == "week" else "this_month", kinds, index, calendar)
    if is_of(items, index, "month") and kinds & _MARKED and kind_of(items, index + 1) not in ("number", "ordinal"):
        if kind_of(items, index + 1) == "other" and not kinds & _FIRMLY:  # "this may help"
            return None
        month = item.value_as("month") or 1.0
        first = calendar.today.replace(day=1)
        while first.month != int(month):
            first = months_after(first, 1)
        return _month(first, kinds, index, calendar)
    return None


def _week_number(items: Items, index: int, kinds: Set[str], calendar: Workdays) -> Stretch | None:
    """ "KW 12", "in week 12": the week of the year with this number."""
    number = digits(items, index + 1) if is_of(items, index, "week_number") else None
    if number is None or not 1 <= number <= _WEEKS or is_of(items, index + 2, "unit"):
        return None
    if items[index].kind == "unit" and not (kinds & _NUMBERED or calendar.typed):
        return None
    year = calendar.today.isocalendar().year
    for each in (year, year + 1):
        try:
            monday = date.fromisocalendar(each, number, 1)
        except ValueError:  # not every year has 53
            continue
        if monday + timedelta(days=6) >= calendar.today:
            return _whole_week(monday, kinds, index + 1, calendar)
    return None


def _whole_week(week: date, kinds: Set[str], index: int, calendar: Workdays) -> Stretch:
    """A week that begins on this Monday, by how it is meant."""
    mode = mode_of(kinds)
    if mode == "before":
        return _one_day(calendar.last_day(week - timedelta(days=7)), "by", index)
    if mode == "after":
        return _one_day(calendar.working(week + timedelta(days=7)), "on", index)
    if kinds & {"start", "first"}:
        return _one_day(calendar.working(week + timedelta(days=1)), "on", index)
    if "end" in kinds:
        return _one_day(calendar.last_day(week), "by", index, "end")
    if mode == "by":
        return _of_week(week, calendar.last_day(week), "by", index)
    return _of_week(week, calendar.working(week + timedelta(days=2)), "on", index)


def _week_of_month(items: Items, index: int, calendar: Workdays) -> Stretch | None:
    """ "the second week of March": at the latest on its seven days' last working one."""
    nth, place = items[index - 1].value_as("nth"), passed(items, index + 1, "fill", "in")
    month = items[place].value_as("month") if place < len(items) else None
    if nth is None or nth < 1 or month is None:
        return None
    first = calendar.today.replace(day=1)
    while first.month != int(month):
        first = months_after(first, 1)
    first += timedelta(days=7 * (int(nth) - 1))
    last = calendar.working_until(first + timedelta(days=6))
    return Stretch(first=first, following=first + timedelta(days=7), on=last, mode="by", last=place)


def _named(name: str, kinds: Set[str], index: int, calendar: Workdays) -> Stretch | None:
    this_month = calendar.today.replace(day=1)
    if name in ("this_month", "next_month"):
        return _month(months_after(this_month, name == "next_month"), kinds, index, calendar)
    if name in ("end_of_month", "end_of_next_month"):
        return _month(months_after(this_month, name == "end_of_next_month"), {"end"}, index, calendar)
    if name in ("quarter", "this_year", "end_of_year"):
        if name != "end_of_year" and not kinds & {"end", "by", "before", "this", "within"}:
            return None
        length = 3 if name == "quarter" else 12
        first = this_month.replace(month=(this_month.month - 1) // length * length + 1)
        following = months_after(first, length)
        return _one_day(calendar.working_until(following - timedelta(days=1)), "by", index, "end")
    return _week(name, kinds, index, calendar)


def _week(name: str, kinds: Set[str], index: int, calendar: Workdays) -> Stretch:
    monday = calendar.today - timedelta(days=calendar.today.weekday())
    following, mode = monday + timedelta(days=7), mode_of(kinds)
    weekend = name in ("before_weekend", "weekend", "after_weekend")
    if weekend:
        if "next" in kinds:
            monday, following = following, following + timedelta(days=7)
        before = name == "before_weekend" or (name == "weekend" and mode in ("by", "before"))
        if before:
            return _one_day(calendar.last_day(monday), "by", index)
        if name == "after_weekend" or mode == "after":
            return _one_day(calendar.working(following), "on", index)
        saturday = monday + timedelta(days=5)
        return Stretch(first=saturday, following=following, on=following - timedelta(days=1), mode="by", last=index)
    if name in ("midweek", "this_week", "end_of_week"):
        if name == "midweek" or ("mid" in kinds):
            middle = monday + timedelta(days=2)
            if middle < calendar.today:
                middle += timedelta(days=7)
            return _one_day(calendar.working(middle), mode, index)
        if mode == "after":
            return _one_day(calendar.working(following), "on", index)
        if name == "end_of_week" or "end" in kinds:
            return _one_day(calendar.last_day(monday), "by", index, "end")
        return _of_week(monday, calendar.last_day(monday), "by", index)
    week = following + timedelta(days=7) if name == "week_after_next" else following
    if name == "early_next_week":
        kinds = kinds | {"start"}
    if name == "end_of_next_week":
        return _one_day(calendar.last_day(week), "by", index, "end")
    return _whole_week(week, kinds, index, calendar)


def _of_week(monday: date, on: date, mode: Mode, last: int) -> Stretch:
    return Stretch(first=monday, following=monday + timedelta(days=7), on=on, mode=mode, last=last)


def _month(first: date, kinds: Set[str], last: int, calendar: Workdays) -> Stretch:
    """A month, or its beginning, middle or end."""
    following, mode = months_after(first, 1), mode_of(kinds)
    ends = calendar.working_until(following - timedelta(days=1))
    if "mid" in kinds:
        return _one_day(calendar.working(first.replace(day=_MID_OF_MONTH)), mode, last)
    if "end" in kinds:
        return _one_day(ends, "before" if "before" in kinds else "by", last, "end")
    if kinds & {"start", "first"}:
        return _one_day(calendar.working(first.replace(day=_EARLY_IN_MONTH)), mode, last)
    if mode == "after":
        return _one_day(calendar.working(following), "on", last)
    if mode == "before":
        return _one_day(calendar.working_until(first - timedelta(days=1)), "by", last)
    now = first.month == calendar.today.month and first.year == calendar.today.year
    on, mode = (ends, "by") if now else (calendar.working(first), mode)
    return Stretch(first=first, following=following, on=on, mode=mode, last=last)


def _feast(name: str, kinds: Set[str], last: int, calendar: Workdays) -> Stretch:
    """The days of the next such feast on which hardly anybody works."""
    for year in (calendar.today.year - 1, calendar.today.year, calendar.today.year + 1):
        if name == "carnival":
            first, following = easter(year) - timedelta(days=50), easter(year) - timedelta(days=46)
        elif name == "easter":
            first, following = easter(year) - timedelta(days=2), easter(year) + timedelta(days=2)
        elif name == "pentecost":
            first, following = easter(year) + timedelta(days=49), easter(year) + timedelta(days=51)
        elif name == "christmas":
            first, following = date(year, 12, 24), date(year, 12, 27)
        else:
            first, following = date(year, 12, 31), date(year + 1, 1, 2)
        if following > calendar.today:
            break
    if mode_of(kinds) in ("by", "before"):
        on = calendar.working_until(first - timedelta(days=1))
        return _one_day(on, "by", last)
    if calendar.typed and mode_of(kinds) == "on":  # the days themselves
        return Stretch(first=first, following=following, on=first, mode="on", last=last)
    return _one_day(calendar.working(following), "on", last)
