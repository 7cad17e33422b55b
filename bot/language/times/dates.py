"""Days as people say them: tomorrow, Friday, Friday the 13th, Friday week, 12 March, the 20th, 13/03, 2026-03-12, the second
Friday of March, a week from Monday."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.durations import DAY
from bot.language.times.calendar import Workdays, months_after
from bot.language.times.markers import Items, digits, is_of, kind_of, kinds_before, passed, whole
from bot.language.times.words import DAY_FIRST, MARKERS, MONTH_FIRST, TimeWord

_FAR = 12
"""Whole weeks that somebody counts from a day on; more is past what a promise reaches."""

_GO_ON = ("stop", "at", "part", "or", "by_after", "week")
"""What may follow a short weekday that stands at the very start."""

_WEEKS_ON = {"this_week": 0, "next_week": 1, "week_after_next": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day that was said, and the index of its last item.

    `readings` are the dates it may mean: two where 03/04 can be April or March, and where "Friday 12 March" is no Friday.
    `counted`: "the first Friday of March", whose "first" says nothing else. `named`: by its
    weekday or date rather than from today on, so that it stays where it is when it is off.
    """

    readings: tuple[date, ...]
    last: int
    named: bool = True
    counted: bool = False

    def on(self, calendar: Workdays) -> date:
        """The date to reckon with: the latest of those that lie ahead and not too far, else the first."""
        furthest = calendar.today + timedelta(seconds=calendar.furthest)
        ahead = [each for each in self.readings if calendar.today <= each <= furthest]
        return max(ahead, default=self.readings[0])


def read(items: Items, index: int, calendar: Workdays) -> Day | None:
    """The day that starts here; of "Monday or Tuesday" the later one."""
    found = _one(items, index, calendar)
    if found is None:
        return None
    between = is_of(items, index - 1, "between") and kind_of(items, index - 1) in ("between", "fill")
    joined = kind_of(items, found.last + 1) in ("or", "-") or (between and is_of(items, found.last + 1, "and", "or", "by"))
    joined = joined or (found.last + 1 < len(items) and items[found.last + 1].text == "/")
    if joined and len(found.readings) == 1:
        other = _one(items, passed(items, found.last + 2, "fill", "on"), calendar, beside=True)
        if other is not None and len(other.readings) == 1:
            readings = tuple(dict.fromkeys((*found.readings, *other.readings)))
            if calendar.typed and kind_of(items, found.last + 1) == "or" and min(readings) >= calendar.today:  # it is asked which
                return Day(readings=readings, last=other.last, named=found.named or other.named)
            later = max(found.readings[0], other.readings[0])
            return Day(readings=(later,), last=other.last, named=found.named or other.named)
    return found


def _one(items: Items, index: int, calendar: Workdays, *, beside: bool = False) -> Day | None:
    if index >= len(items):
        return None
    item = items[index]
    if is_of(items, index, "nth") or (is_of(items, index + 1, "ordinal") and is_of(items, index + 2, "weekday", "short_weekday")):
        found = _nth(items, index, calendar)
        if found is not None:
            return found
    if item.kind == "day":
        return _moved(items, calendar.today + timedelta(days=item.value), index, named=False)
    if item.kind in ("weekday", "short_weekday"):
        return _weekday(items, index, calendar, beside=beside)
    if item.kind == "month" and index:
        nth = index - 1
        while nth > 0 and is_of(items, nth, "fill"):
            nth -= 1
        if is_of(items, nth, "nth"):
            return _nth(items, nth, calendar) or _date(items, index, calendar)
    return _date(items, index, calendar)


_STILL_TODAY = frozenset({"this", "after"})
"""What before the name of today's weekday leaves it today's: "this Monday", "after Monday"."""


def _weekday(items: Items, index: int, calendar: Workdays, *, beside: bool) -> Day | None:
    item, kinds = items[index], kinds_before(items, index)
    if index and is_of(items, index - 1, "nth"):
        found = _nth(items, index - 1, calendar)
        if found is not None:
            return found
    wanted = int(item.value)
    dated = _date_after(items, index, calendar, wanted)
    if item.kind == "short_weekday" and not (calendar.typed or beside or dated):
        marked = kinds & {"at", "on", "by", "before", "after", "next", "this"} or (
            calendar.bare and index == 0 and len(item.text) > 2 and (index + 1 == len(items) or is_of(items, index + 1, *_GO_ON))
        )
        if kind_of(items, index + 1) == "other" or not (marked or is_of(items, index + 1, "next_after")):
            return None
    if dated is not None:
        return dated
    monday = calendar.today - timedelta(days=calendar.today.weekday())
    ahead = (wanted - calendar.today.weekday()) % 7
    if ahead == 0 and not _timed(items, index, calendar) and (calendar.typed or (calendar.begun and not kinds & _STILL_TODAY)):
        ahead = 7
    if "next" in kinds:
        ahead = 7 - calendar.today.weekday() + wanted
    elif (
        ahead == 0
        and "after" not in kinds
        and (calendar.said_at >= calendar.bounds(calendar.today)[1] or is_of(items, index + 1, "next_after"))
    ):
        ahead = 7
    on, last = calendar.today + timedelta(days=ahead), index + is_of(items, index + 1, "next_after")
    # "Friday next week", "Freitag nächster Woche", "viernes de la semana que viene".
    place = passed(items, last + 1, "fill", "in", "on")
    if kind_of(items, place) == "week" and items[place].name in _WEEKS_ON:
        on = monday + timedelta(days=7 * _WEEKS_ON[items[place].name] + wanted)
        return Day(readings=(on,), last=place)
    # "next week Friday", "nächste Woche am Freitag".
    earlier = index - 1
    while earlier >= 0 and (items[earlier].kind in ("fill", "on") or items[earlier].text == ","):
        earlier -= 1
    if earlier >= 0 and items[earlier].kind == "week" and items[earlier].name in _WEEKS_ON:
        return Day(readings=(monday + timedelta(days=7 * _WEEKS_ON[items[earlier].name] + wanted),), last=last)
    return _moved(items, on, last, named=True)


def _timed(items: Items, index: int, calendar: Workdays) -> bool:
    """Whether a clock time, or where it is typed a part of the day, stands beside a weekday."""
    follows = kind_of(items, index + 1)
    if follows == "part" and not calendar.typed:
        follows = kind_of(items, index + 2)
    if follows in ("number", "time", "at", "part"):
        return True
    return not calendar.typed and any(kind_of(items, place) in ("number", "time") for place in range(index - 3, index))


def _moved(items: Items, on: date, last: int, *, named: bool) -> Day:
    """A day, or the one so many weeks after it: "Friday week", "tomorrow in two weeks"."""
    if is_of(items, last + 1, "after") and is_of(items, last + 2, "next") and kind_of(items, last + 3) != "week":
        return Day(readings=(on + timedelta(days=7),), last=last + 2)  # "the Friday after next"
    if is_of(items, last + 1, "week_later") and whole_unit(items, last + 2) is None:
        return Day(readings=(on + timedelta(days=7),), last=last + 1)
    if is_of(items, last + 1, "in"):
        counted = whole_unit(items, last + 2)
        if counted is not None and counted[0] % 7 == 0:
            return Day(readings=(on + timedelta(days=counted[0]),), last=counted[1])
    return Day(readings=(on,), last=last, named=named)


def whole_unit(items: Items, index: int) -> tuple[int, int] | None:
    """The days of "two weeks", "a fortnight", "3 days" here, and the index of its last item."""
    number = whole(items[index]) if index < len(items) else None
    if number is None or not 1 <= number <= 7 * _FAR or not is_of(items, index + 1, "unit"):
        return None
    unit = items[index + 1]
    if unit.value < DAY or unit.name in ("month", "working_day") or unit.kind != "unit":
        return None
    return number * round(unit.value / DAY), index + 1


def _date_after(items: Items, index: int, calendar: Workdays, weekday: int) -> Day | None:
    """The date that stands after a weekday: Friday 13 March, Friday the 13th, Freitag, den 13., vendredi 13, Fri 13/3."""
    place = passed(items, index + 1, "next_after")
    if place < len(items) and items[place].text in (",", "(", "."):
        place += 1
    place = passed(items, place, "fill", "on", "on_the")
    found = _date(items, place, calendar)
    if found is None:
        number = digits(items, place)
        on = None if number is None else _of_weekday(calendar, number, weekday)
        if on is None or (calendar.typed and number is not None and number <= 12 and on > _soon(calendar)):
            return None  # "fri 3" is an hour
        if is_of(items, place + 1, "am", "pm", "oclock", "oclock_by_day", "unit", "-", "or") or _at(items, place):
            return None
        return Day(readings=(on,), last=place + (place + 1 < len(items) and items[place + 1].text == "."))
    fitting = tuple(each for each in found.readings if each.weekday() == weekday)
    if fitting:
        return Day(readings=fitting[:1], last=found.last)
    if kind_of(items, place) == "number" and not is_of(items, found.last, "month") and len(found.readings) == 1:
        # "Friday the 13th": the next one that is both, where there is one soon; the day of the month else.
        number = digits(items, place)
        both = None if number is None else _of_weekday(calendar, number, weekday)
        if both is not None:
            return Day(readings=(both,), last=found.last)
    on = found.readings[0]
    near = on + timedelta(days=(weekday - on.weekday() + 3) % 7 - 3)
    return Day(readings=(on, near), last=found.last)


def _soon(calendar: Workdays) -> date:
    return calendar.today + timedelta(days=7)


def _at(items: Items, index: int) -> bool:
    return bool(kinds_before(items, index) & {"at"})


def _of_weekday(calendar: Workdays, number: int, weekday: int) -> date | None:
    """The next date within two months that has this day of the month and this weekday."""
    for months in range(3):
        first = months_after(calendar.today.replace(day=1), months)
        if 1 <= number <= monthrange(first.year, first.month)[1]:
            on = first.replace(day=number)
            if on.weekday() == weekday and on >= calendar.today:
                return on
    return None


def _nth(items: Items, index: int, calendar: Workdays) -> Day | None:
    """ "the second Friday of March", "the last Friday of the month", "the first of April"."""
    nth, place = items[index].value_as("nth"), index + 1
    if nth is None and is_of(items, place, "ordinal"):  # "2nd"
        nth, place = digits(items, index), place + 1
    if nth is None:
        return None
    wanted = items[place].value_as("weekday") if place < len(items) else None
    if wanted is None and place < len(items):
        wanted = items[place].value_as("short_weekday")
    if wanted is not None:
        place += 1
    place = passed(items, place, "fill", "in", "on")
    if is_of(items, place, "month"):
        month = items[place].value_as("month")
        first = None if month is None else calendar.dated(1, int(month))
        if month is not None and int(month) == calendar.today.month:
            first = calendar.today.replace(day=1)
    elif kind_of(items, place) == "week" and items[place].name in ("this_month", "next_month"):
        first = months_after(calendar.today.replace(day=1), items[place].name == "next_month")
    elif kind_of(items, place) == "unit" and items[place].name == "month" and place > index + 2:
        first = calendar.today.replace(day=1)
    else:
        return None
    if first is None or (wanted is None and nth != 1):
        return None
    if wanted is None:
        first = first if first >= calendar.today else months_after(first, 12)
        return Day(readings=(first,), last=place, counted=True)
    following = months_after(first, 1)
    days = [first + timedelta(days=n) for n in range((following - first).days)]
    days = [each for each in days if each.weekday() == wanted]
    number = int(nth) - 1 if nth > 0 else -1
    if number >= len(days):
        return None
    return Day(readings=(days[number],), last=place, counted=True)


def _date(items: Items, index: int, calendar: Workdays) -> Day | None:
    """A date: 12 March 2026, March 12th, the 13th, dia 13, 13/03, 2026-03-12."""
    if index >= len(items):
        return None
    item, kinds = items[index], kinds_before(items, index)
    if item.kind == "date":
        return _in_digits(items, index, calendar)
    if item.kind == "month":
        return _month_first(items, index, calendar)
    number = digits(items, index)
    if number is None:
        if (
            calendar.typed
            and item.kind == "number"
            and "." in item.text
            and not ("at" in kinds or is_of(items, index + 1, "unit"))
        ):
            return _in_digits(items, index, calendar)
        if item.kind != "number" or "." not in item.text:
            return None
        return _dotted(item, index, kinds, calendar, free=_free(items, index + 1))
    if not 1 <= number <= 31:
        return None
    place = index + 1
    if kind_of(items, place) == "-" and calendar.orders == (DAY_FIRST,) and kinds & {"on", "on_the", "by", "before"}:
        month_after = digits(items, place + 1)
        if month_after is not None and items[place + 1].text.startswith("0"):  # "op 13-03"
            on = calendar.dated(number, month_after)
            return None if on is None else Day(readings=(on,), last=place + 1)
    if kind_of(items, place) == "-" and kind_of(items, place + 1) == "month":  # "12-Mar"
        place += 1
    if kind_of(items, place) == "-" and (digits(items, place + 1) or 0) > number:  # "12-13 March"
        number, place = digits(items, place + 1) or number, place + 2
    marked = is_of(items, place, "ordinal", "day_sign")
    while place < len(items) and (is_of(items, place, "fill", "ordinal", "day_sign") or items[place].text == "."):
        place += 1
    if is_of(items, place, "month"):
        month = items[place].value_as("month")
        year, last = _year(items, place)
        on = calendar.dated(number, int(month or 0), year)
        return None if on is None else Day(readings=(on,), last=last)
    if kind_of(items, place) == "week" and items[place].name in ("this_month", "next_month") and (marked or place > index + 1):
        first = months_after(calendar.today.replace(day=1), items[place].name == "next_month")
        if number <= monthrange(first.year, first.month)[1]:
            return Day(readings=(first.replace(day=number),), last=place)
    follows = items[index + 1] if index + 1 < len(items) else None
    if follows is not None and is_of(items, index + 1, "day_sign"):
        return _of_month(calendar, number, index + 1)
    if follows is not None and is_of(items, index + 1, "ordinal") and _is_day(items, index, kinds, calendar):
        return _of_month(calendar, number, index + 1)
    dot = follows is not None and follows.text == "." and follows.start == item.end
    month = digits(items, index + 2) if dot else None
    if month is not None and kinds and DAY_FIRST in calendar.orders[:1] and kind_of(items, index + 3) == "stop":  # "am 12. 3."
        on = calendar.dated(number, month)
        return None if on is None else Day(readings=(on,), last=index + 3)
    if dot and (kinds & {"on", "on_the", "by", "before"} or _is_weekday(items, index - 2)):
        return _of_month(calendar, number, index + 1) if _free(items, index + 2) else None
    if is_of(items, index - 1, "on_the") and not is_of(items, index - 1, "at", "in") and _free(items, index + 1):
        return _of_month(calendar, number, index)
    return None


def _is_day(items: Items, index: int, kinds: Set[str], calendar: Workdays) -> bool:
    """Whether "3rd" is a day rather than one of several: "on the 3rd", "Friday 3rd", not "a 3rd party"."""
    if kinds & {"on", "by", "before", "after", "on_the"} or calendar.typed or _is_weekday(items, index - 1):
        return True
    return bool(kinds & {"fill", "at", "next", "this"}) and kind_of(items, index + 2) != "other"


def _is_weekday(items: Items, index: int) -> bool:
    return index >= 0 and is_of(items, index, "weekday", "short_weekday")


def _free(items: Items, index: int) -> bool:
    """Whether no word that is counted follows a number."""
    return index >= len(items) or is_of(items, index, "stop", "at", "fill", "in", "by", "part", "and", "or", "week_later", "on")


def _of_month(calendar: Workdays, number: int, last: int) -> Day | None:
    on = calendar.of_month(number)
    return None if on is None else Day(readings=(on,), last=last)


def _month_first(items: Items, index: int, calendar: Workdays) -> Day | None:
    place = index + 1
    if is_of(items, place, "fill") and digits(items, place + 1) is not None and is_of(items, place + 2, "ordinal"):
        place += 1  # "March the 5th"
    number, counted = (
        digits(items, place),
        is_of(items, place + 1, "am", "pm", "unit") and not is_of(items, place + 1, "day_sign"),
    )
    if number is None or not 1 <= number <= 31 or counted:
        return None
    if items[place].start == items[index].end and items[index].text.isascii():  # "avr4"
        return None
    month = items[index].value_as("month")
    last = place + is_of(items, place + 1, "ordinal", "day_sign")
    year, last = _year(items, last)
    on = calendar.dated(number, int(month or 0), year)
    return None if on is None else Day(readings=(on,), last=last)


def _year(items: Items, last: int) -> tuple[int | None, int]:
    """The year after a date, and the index of its last item."""
    place = last + 1
    while is_of(items, place, "fill") or (place == last + 1 and place < len(items) and items[place].text in ",.-"):
        place += 1
    year = digits(items, place)
    return (year, place) if year is not None and 2000 <= year < 2100 else (None, last)


def _dotted(item: TimeWord, index: int, kinds: Set[str], calendar: Workdays, *, free: bool) -> Day | None:
    """ "am 13.03", "do 12.03" without its last dot, which otherwise is a decimal or a clock time."""
    kinds = (kinds & MARKERS) - {"fill"}
    if "at" in kinds or MONTH_FIRST in calendar.orders:
        return None
    day, _, month = item.text.partition(".")
    on = bool(kinds & {"on", "on_the"})
    if not day.isdecimal() or not (len(month) == 2 or (on and len(month) == 1)):
        return None
    if not on and (calendar.orders != (DAY_FIRST,) or (kinds and not kinds & {"by", "before"}) or not free):
        return None
    dated = calendar.dated(int(day), int(month))
    return None if dated is None else Day(readings=(dated,), last=index)


def _dots_are_dates(items: Items, index: int, calendar: Workdays) -> bool:
    """Whether "12.04." can be a date: where months are written first as well, it is a version of something."""
    return calendar.typed or MONTH_FIRST not in calendar.orders or _is_weekday(items, index - 1) or _is_weekday(items, index - 2)


def _in_digits(items: Items, index: int, calendar: Workdays) -> Day | None:
    item, kinds = items[index], kinds_before(items, index)
    text = item.text.rstrip("t.")
    mark = "-" if "-" in text else "/" if "/" in text else "."
    parts = [int(part) for part in text.split(mark)]
    if len(parts) == 3 and parts[0] > 31:
        on = calendar.dated(parts[2], parts[1], parts[0])
        return None if on is None else Day(readings=(on,), last=index)
    year = None
    if len(parts) == 3:
        year = parts[2] if parts[2] > 99 else 2000 + parts[2]
        if mark == "." and parts[2] < 100 and not _dots_are_dates(items, index, calendar):
            return None
    elif mark == "." and not _dots_are_dates(items, index, calendar):
        return None
    elif mark == "/":
        # "1/2 of" is no date; in a script without spaces a particle stands right behind one.
        counted = kind_of(items, index + 1) == "fill" and items[index + 1].start > item.end
        alone = is_of(items, index + 1, "on_after") or (index == 0 and _free(items, index + 1) and not counted)
        alone = alone or calendar.typed or _is_weekday(items, index - 1) or _is_weekday(items, index - 2)
        if not (alone or kinds & {"on", "on_the", "by", "before", "after"}) or is_of(items, index + 1, "unit"):
            return None
    orders = (DAY_FIRST,) if mark == "." else calendar.orders or (DAY_FIRST, MONTH_FIRST)
    readings = []
    for order in (DAY_FIRST, MONTH_FIRST):  # where only the other one is a date, it is meant
        day, month = parts[:2] if order == DAY_FIRST else parts[1::-1]
        on = calendar.dated(day, month, year)
        if on is not None:
            readings.append((order in orders, on))
    kept = [on for wanted, on in readings if wanted] or ([] if mark == "." else [on for _, on in readings])
    return Day(readings=tuple(dict.fromkeys(kept)), last=index) if kept else None
