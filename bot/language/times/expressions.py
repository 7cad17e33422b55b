"""Times as people say them in a message ("tomorrow", "by Friday", "in 20 minutes"), turned into one instant.

The instant is when a considerate colleague would want to be reminded: a time that was said exactly is that very time; a
day or a part of a day is a moment at which there is still time to keep the word. With D a day, O and C the opening and
closing of its working time, and "last hour" = C - 1 h:

| said                                           | instant                                                          |
|------------------------------------------------|------------------------------------------------------------------|
| in / within an hour, 20 minutes, 1h30; 5 min   | exactly then; of a range ("10-15 min") its end                   |
| in a few minutes, a few hours                  | 15 minutes, 3 hours                                              |
| in a sec, moment, minute                       | 15 minutes                                                       |
| shortly, soon, in a bit, in a while            | 1 hour                                                           |
| at / by / before 3pm, 15:00, noon              | exactly then; passed already: tomorrow, if it is before noon     |
| half past three, a quarter to five, um halb 4  | the same                                                         |
| between 3 and 5, 3-5pm                         | exactly at the end                                               |
| at midnight                                    | the end of that day                                              |
| 3pm EST, 9am Pacific, 15:00 UTC+2              | exactly then, by the wall clock of that place                    |
| after 3pm                                      | an hour later                                                    |
| today, later, this afternoon, end of day       | today's last hour; in it C; after C 23:00                        |
| this morning, this evening                     | 11:00; 20:00                                                     |
| tomorrow, on Friday, on 3 May, on the 3rd,     | midday (12:00, or the middle of O to C when 12:00 is outside)    |
| Friday the 13th, Friday week, 13/03,           |                                                                  |
| 2026-03-13, the second Friday of March         |                                                                  |
| by tomorrow, by Friday, end of Friday          | last hour of that day                                            |
| before Friday                                  | last hour of the working day before; in it, Friday's O           |
| after Friday, after Easter                     | midday of the first working day after it                         |
| Friday morning, afternoon, evening             | 11:00, last hour, 20:00 of that day                              |
| first thing tomorrow                           | O + 1 h                                                          |
| in two days, in a week, a week from Monday     | midday of that day; within two days: its last hour               |
| this week, end of the week                     | last hour of the week's last working day                         |
| next week, early next week, end of next week   | midday of its Wednesday, of its Tuesday, last hour of its last day |
| before, over, after the weekend                | last hour of the last day before it; of Sunday; midday of Monday |
| next month, in April                           | midday of its first working day                                  |
| early April, mid-April                         | midday of the 5th, of the 15th, or the first working day after   |
| this month, the end of the month, by Christmas | last hour of its last working day, of the last one before        |

What can be read in two ways is read late but safe, as long as that is near: of 4 March and 3 April ("3/4" in English) the
later one, of "Friday 12 March", which is a Thursday, that Friday. Where a time is typed, it is asked (`readings`).
Where an instant of that row has passed already, the next later one of the same day counts (midday, last hour, C).
Days that are said relatively (tomorrow, in two days, next week) move to the next working day when they are off; a day
that is named stays. A weekday is the next such day after today. Today's own name is a week on, too, once today's work has begun:
of today one says "today", and whoever reads it waits till then. Before that ("on Monday", written on Sunday night after twelve),
with a clock time that is still to come, and as "this Monday" it is today. Typed, it is today with a clock time only.
"Next Friday" is the Friday of the next calendar week. Without hours, or with
hours round the clock, every day is worked from 09:00 to 18:00. Languages: those of `bot/language/data`, in the commonest forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from bot.domain.durations import DAY, HOUR, Instant, Seconds
from bot.domain.hours import Hours, wall
from bot.language.languages import Languages
from bot.language.times import clocks, dates, spans, stretches
from bot.language.times.calendar import Mode, Workdays, months_after
from bot.language.times.clocks import NOON, ClockTime
from bot.language.times.markers import Items, before, is_of, kind_of, kinds_before, mode_of
from bot.language.times.words import TimeWord, TimeWords, load_time_words

FURTHEST: Seconds = 60 * DAY
"""A time further ahead isn't a promise anybody waits for; more often it is a misread number."""

_REACH = 6
"""Words after a day in which its clock time or part of the day may follow ("Friday, let's say around 3pm")."""

_TIMES = frozenset(
    {"unit", "number", "time", "date", "day", "weekday", "short_weekday", "month", "part", "week", "feast", "soon", "half_past",
     "half_to", "quarter_past", "quarter_to", "week_number"}
)  # fmt: skip
"""Kinds without which no time can have been said."""

_WHOLE_DAYS = frozenset({"day", "working_day", "week", "week_alone", "fortnight", "month"})

_COUNTS = frozenset({"first", "past"})
"""What "first" and "last" are besides."""

Manner = Literal["clock", "part", "day", "span", "vague"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """A time found in a text: its instant (None when passed or over 60 days ahead), where it stands, whether it was exact.

    `manner` is how it was said: a clock time, a part of a day, a day or several (`days`: the first, and the one after the
    last), a span from now on (`length`, where it is told exactly), or no more than "soon". `readings` are the dates that it may
    mean, where there are two.
    """

    until: Instant | None
    span: tuple[int, int]
    exact: bool
    meant: Instant
    """What was said, also where it is passed or too far ahead."""
    moment: bool = False
    """Only "a sec", "a moment", "a minute" was said: a figure of speech rather than a time."""
    manner: Manner = "clock"
    part: str = ""
    days: tuple[date, date] | None = None
    length: Seconds | None = None
    readings: tuple[date, ...] = ()


def find(
    text: str,
    said_at: Instant,
    zone: tzinfo,
    hours: Hours | None,
    *,
    bare: bool = False,
    typed: bool = False,
    furthest: Seconds = FURTHEST,
    orders: tuple[str, ...] = (),
    languages: Languages | None = None,
) -> TimeExpression | None:
    """The first time said in `text`, which is folded (see `TimeWords.fold`) and short: a sentence, not a page.

    `bare`: the text follows "I'll get back to you", so that "5 min" at its very start needs no "in". `typed`: it was typed as a
    time and is nothing else. `orders`: how dates in digits are written where it was said (none: any way). `languages`: those that
    ship with the package unless given.
    """
    words = load_time_words(languages)
    items = words.items(text)
    if not any(item.kind in _TIMES for item in items):
        return None
    today = datetime.fromtimestamp(said_at, zone).date()
    calendar = Workdays(
        said_at=said_at,
        zone=zone,
        hours=hours,
        today=today,
        furthest=furthest,
        orders=orders or words.date_orders,
        bare=bare,
        typed=typed,
    )
    for index in range(len(items)):
        if items[index].kind not in _TIMES and not is_of(items, index, "half_to"):
            continue
        try:
            found = _span(items, index, calendar, words) or _moment(items, index, calendar)
        except OverflowError:  # the calendar ends there
            return None
        if found is not None:
            return found
    return None


def _expression(
    calendar: Workdays,
    said: Sequence[TimeWord],
    until: Sequence[Instant],
    manner: Manner,
    *,
    exact: bool = False,
    moment: bool = False,
    part: str = "",
    days: tuple[date, date] | None = None,
    length: Seconds | None = None,
    readings: tuple[date, ...] = (),
) -> TimeExpression:
    return TimeExpression(
        until=calendar.usable(until),
        span=(min(item.start for item in said), max(item.end for item in said)),
        exact=exact,
        meant=until[0],
        moment=moment,
        manner=manner,
        part=part,
        days=days,
        length=length,
        readings=readings if len(readings) > 1 else (),
    )


def _span(items: Items, index: int, calendar: Workdays, words: TimeWords) -> TimeExpression | None:
    """A span from now on, or from a day on ("a week from Friday")."""
    found = spans.read(items, index, words, bare=calendar.bare or calendar.typed)
    if found is None:
        return None
    from_day = _from_day(items, found, calendar)
    said = [*before(items, index), *items[index : found.last + 1]]
    if from_day is not None:
        on, last = from_day
        said += items[found.last + 1 : last + 1]
        return _expression(calendar, said, calendar.moments(on, "on", ""), "day", days=_one_day(on))
    if not found.ahead:
        return None
    if found.seconds < DAY and found.unit not in ("day", "working_day"):
        until = calendar.said_at + found.seconds
        manner: Manner = "vague" if found.few else "span"
        return _expression(calendar, said, [until], manner, exact=not found.few, length=found.seconds)
    on = _day_of(found, calendar)
    length: Seconds | None = found.seconds
    if found.unit == "working_day":
        length = None
    elif found.months:
        local = datetime.fromtimestamp(calendar.said_at, calendar.zone)
        length = wall(calendar.zone, on, local.hour * 60 + local.minute) - calendar.said_at
    clock = clocks.read(items, found.last + 1 + is_of(items, found.last + 1, "at"))
    if clock is not None:
        return _settle(calendar, [*said, *items[found.last + 1 : clock.last + 1]], _Said(on=on, clock=clock))
    working = calendar.working(on)
    mode: Mode = "by" if found.until else "on"
    return _expression(calendar, said, calendar.moments(working, mode, ""), "span", days=_one_day(working), length=length)


def _day_of(found: spans.Duration, calendar: Workdays) -> date:
    if found.months:
        return months_after(calendar.today, found.months)
    if found.unit != "working_day":
        return calendar.today + timedelta(days=spans.days_of(found))
    on = calendar.today
    for _ in range(min(spans.days_of(found), 400)):
        on = calendar.working(on + timedelta(days=1))
    return on


def _from_day(items: Items, found: spans.Duration, calendar: Workdays) -> tuple[date, int] | None:
    """The day so long after another one, and the index of its last item: "a week from Friday", "two weeks after Easter"."""
    if found.seconds < DAY:
        return None
    place = found.last + 1
    if is_of(items, place, "from_day"):
        place += 1
    elif found.ahead_said or kind_of(items, place) not in ("weekday", "day"):  # "a week tomorrow"
        return None
    while kind_of(items, place) == "fill":
        place += 1
    start = dates.read(items, place, calendar)
    if start is None and kind_of(items, place) == "feast":
        feast = stretches.read(items, place, calendar)
        start = None if feast is None else dates.Day(readings=(feast.on,), last=place)
    if start is None or found.unit not in _WHOLE_DAYS:
        return None
    begins = start.on(calendar)
    return (months_after(begins, found.months) if found.months else begins + timedelta(days=spans.days_of(found))), start.last


def _one_day(on: date) -> tuple[date, date]:
    return on, on + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What a moment is made of: a day (`named`: by its weekday or date), its part, a clock time."""

    on: date | None = None
    days: tuple[date, date] | None = None
    readings: tuple[date, ...] = ()
    named: bool = False
    weekday: bool = False
    mode: Mode = "on"
    part: str = ""
    clock: ClockTime | None = None


def _moment(items: Items, index: int, calendar: Workdays) -> TimeExpression | None:
    """A day, a part of a day, a week, a clock time, or a word such as "shortly", starting at items[index]."""
    item, kinds = items[index], kinds_before(items, index)
    markers = before(items, index)
    if item.kind == "soon":
        return _expression(
            calendar, [item], [calendar.said_at + item.value], "vague", moment=item.value < HOUR, length=item.value
        )
    clock, day = _clock_or_day(items, index, calendar)
    past = kind_of(items, index + 1) == "past" and not is_of(items, index + 1, "by_after")
    if clock is None and day is None and ("past" in kinds or past):
        return None
    if clock is not None and kind_of(items, clock.last + 1) == "past":  # "about 2 hrs ago"
        return None
    mode, part, said = mode_of(kinds), "", list(markers)
    on: date | None = None
    days: tuple[date, date] | None = None
    readings: tuple[date, ...] = ()
    named, weekday = True, item.kind in ("weekday", "short_weekday")
    if clock is not None:
        after = clock.last + 1
    elif day is not None:
        after, on, readings, named = day.last + 1, day.on(calendar), day.readings, day.named
        if day.counted:
            kinds = kinds - _COUNTS
            mode = mode_of(kinds)
        elif "past" in kinds:
            return None
    elif item.kind == "part":
        part, after, on = item.name, index + 1, _day_in(item, calendar)
        if on is None and calendar.typed and "this" in kinds:  # "this morning" isn't tomorrow's
            on = calendar.today
    else:
        stretch = stretches.read(items, index, calendar)
        if stretch is None:
            return None
        after, on, mode = stretch.last + 1, stretch.on, stretch.mode
        days = (stretch.first, stretch.following)
        within = _weekday_of_week(items, after, calendar) if item.kind == "week" else None
        if within is not None:
            after, on, mode, days = within.last + 1, within.on(calendar), mode_of(kinds), None
        elif not _clock_follows(items, after):
            said += items[index:after]
            whole: Manner = "part" if stretch.part else "day"
            return _expression(calendar, said, calendar.moments(on, mode, ""), whole, days=days, part=stretch.part)
    if is_of(items, after, "by_after") and clock is None:
        mode, after = "by", after + 1
    said += items[index:after]
    part = "first" if "first" in kinds else "end" if "end" in kinds and not part else part
    # What belongs to it may follow: "Friday at 3pm", "at 3pm on Friday", "tomorrow in the afternoon", "noon tomorrow".
    place = after
    while place < min(after + _REACH, len(items)):
        follows = items[place]
        later_clock, later_day = _clock_or_day(items, place, calendar)
        if follows.kind == "stop" and not (follows.text == "," and clock is None and clocks.read(items, place + 1) is not None):
            break
        if calendar.typed and clock is None and on is not None and place == after:
            later_clock = later_clock or clocks.bare_hour(items, place)  # "mon 9"
        if later_clock is not None and clock is None:
            clock, last = later_clock, later_clock.last
        elif later_day is not None and on is None:
            on, readings, last, named = later_day.on(calendar), later_day.readings, later_day.last, later_day.named
            if "by" in kinds_before(items, place):
                mode = "by"
        elif not part and follows.kind == "part" and (clock is None or not clock.sure):
            part, last, on = follows.name, place, on or _day_in(follows, calendar)
        elif not part and follows.kind == "first" and clock is None and on is not None and place == after:
            part, last = "first", place
        else:
            place += 1
            continue
        said += items[place : last + 1]
        place = after = last + 1
    return _settle(
        calendar,
        said,
        _Said(on=on, days=days, readings=readings, named=named, mode=mode, part=part, clock=clock, weekday=weekday),
    )


def _clock_or_day(items: Items, index: int, calendar: Workdays) -> tuple[ClockTime | None, dates.Day | None]:
    """What stands here of the two: "by 12" is a clock time, "by 12 March" a day."""
    if items[index].kind not in _TIMES and not items[index].also:
        return None, None
    clock, day = clocks.read(items, index), dates.read(items, index, calendar)
    if clock is not None and day is not None:
        return (None, day) if day.last > clock.last else (clock, None)
    return clock, day


def _day_in(part: TimeWord, calendar: Workdays) -> date | None:
    """The day that a word for a part of it says as well: "domattina", "明晚"."""
    days = part.value_as("day")
    return None if days is None else calendar.today + timedelta(days=days)


def _weekday_of_week(items: Items, index: int, calendar: Workdays) -> dates.Day | None:
    """The weekday after a week: "next week Friday", "nächste Woche am Freitag"."""
    while index < len(items) and (items[index].kind in ("fill", "on") or items[index].text == ","):
        index += 1
    return dates.read(items, index, calendar) if kind_of(items, index) in ("weekday", "short_weekday") else None


def _clock_follows(items: Items, index: int) -> bool:
    return clocks.read(items, index) is not None or (is_of(items, index, "at") and clocks.read(items, index + 1) is not None)


def _settle(calendar: Workdays, said: Sequence[TimeWord], found: _Said) -> TimeExpression:
    clock, on, part = found.clock, found.on, found.part
    if clock is not None:
        zone = clock.zone or calendar.zone
        # Typed, "2:30" is what it says; in a message it is the afternoon, as "half past two" is.
        minute = clock.minute if calendar.typed and clock.written and not part else clock.by_part(part)
        on_day = on or datetime.fromtimestamp(calendar.said_at, zone).date()
        at = [wall(zone, on_day, minute)]
        if found.weekday and on == calendar.today and at[0] <= calendar.said_at:
            at = [wall(zone, on_day + timedelta(days=7), minute)]
        if on is None and (minute < NOON or clock.zone is not None) and at[0] <= calendar.said_at:
            at = [wall(zone, on_day + timedelta(days=1), minute)]
        if clock.after:
            at = [each + HOUR for each in at]
        return _expression(calendar, said, at, "clock", exact=not clock.after, readings=found.readings)
    if on is not None and not found.named and on > calendar.today and not calendar.typed:
        on = calendar.working(on)
    day = on or calendar.today
    moments = calendar.moments(day, found.mode, part)
    early = part == "first" and moments[0] <= calendar.said_at
    if on is None and (early or (part == "morning" and calendar.usable(moments) is None)):  # it is tomorrow's, then
        day = calendar.working(calendar.today + timedelta(days=1))
        moments = calendar.moments(day, found.mode, part)
    if part == "first" and found.weekday and on == calendar.today and moments[0] <= calendar.said_at:
        day = calendar.today + timedelta(days=7)
        moments = calendar.moments(day, found.mode, part)
    manner: Manner = "part" if part else "day"
    return _expression(calendar, said, moments, manner, part=part, days=found.days or _one_day(day), readings=found.readings)
