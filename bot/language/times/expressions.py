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
| today, later, this afternoon, end of day       | today's last hour; in it C; after C 23:00                        |
| this morning, this evening                     | 11:00; 20:00                                                     |
| tomorrow, on Friday, on 3 May                  | midday (12:00, or the middle of O to C when 12:00 is outside)    |
| by tomorrow, by Friday, end of Friday          | last hour of that day                                            |
| before Friday                                  | last hour of the working day before; in it, Friday's O           |
| Friday morning, afternoon, evening             | 11:00, last hour, 20:00 of that day                              |
| first thing tomorrow                           | O + 1 h                                                          |
| in two days, in a week                         | midday of that day; within two days: its last hour               |
| this week, end of the week                     | last hour of the week's last working day                         |
| next week, early next week, end of next week   | midday of its Wednesday, of its Tuesday, last hour of its last day |
| next month                                     | midday of its first working day                                  |

Where an instant of that row has passed already, the next later one of the same day counts (midday, last hour, C).
Days that are said relatively (tomorrow, in two days, next week) move to the next working day when they are off; a day
that is named stays. A weekday is the next such day after today; today's own name means today until closing time, and a
week on from then; "next Friday" is the Friday of the next calendar week. Without hours, or with hours round the clock, every
day is worked from 09:00 to 18:00. Languages: those of `bot/language/data`, in the commonest forms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

from bot.domain.durations import DAY, HOUR, MINUTE, Instant, Seconds
from bot.domain.hours import Hours, day, wall
from bot.language.languages import Languages
from bot.language.times.words import MARKERS, TimeWord, TimeWords, load_time_words

FURTHEST: Seconds = 60 * DAY
"""A time further ahead isn't a promise anybody waits for; more often it is a misread number."""

_NOMINAL_OPENS, _NOMINAL_CLOSES = 9 * 60, 18 * 60
_LONGEST_DAY: Seconds = 18 * HOUR
_REACH = 6
"""Words after a day in which its clock time or part of the day may follow ("Friday, let's say around 3pm")."""

_TIMES = frozenset({"unit", "number", "time", "day", "weekday", "short_weekday", "month", "part", "week", "soon"})
"""Kinds without which no time can have been said."""

_OCLOCK = frozenset({"oclock", "oclock_by_day", "hour_or_oclock", "hour_sign"})
"""Kinds and lists that make the number before them a clock time."""

Mode = Literal["on", "by", "before"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """A time found in a text: its instant (None when passed or over 60 days ahead), where it stands, whether it was exact."""

    until: Instant | None
    span: tuple[int, int]
    exact: bool
    moment: bool = False
    """Only "a sec", "a moment", "a minute" was said: a figure of speech rather than a time."""


def find(
    text: str,
    said_at: Instant,
    zone: tzinfo,
    hours: Hours | None,
    *,
    bare: bool = False,
    languages: Languages | None = None,
) -> TimeExpression | None:
    """The first time said in `text`, which is folded (see `TimeWords.fold`) and short: a sentence, not a page.

    `bare`: the text follows "I'll get back to you", so that "5 min" at its very start needs no "in". `languages`: those that ship
    with the package unless given.
    """
    words = load_time_words(languages)
    items = words.items(text)
    if not any(item.kind in _TIMES for item in items):
        return None
    calendar = _Calendar(said_at=said_at, zone=zone, hours=hours, today=datetime.fromtimestamp(said_at, zone).date())
    for index in range(len(items)):
        if items[index].kind not in _TIMES:
            continue
        found = _duration(items, index, calendar, words, bare=bare) or _moment(items, index, calendar)
        if found is not None:
            return found
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calendar:
    said_at: Instant
    zone: tzinfo
    hours: Hours | None
    today: date

    def works(self, on: date) -> bool:
        return self.hours is None or self.hours.round_the_clock or bool(day(self.hours, on))

    def working(self, on: date) -> date:
        """`on`, or the first working day after it (`on` itself if there is none for two weeks)."""
        return next((each for each in (on + timedelta(days=n) for n in range(15)) if self.works(each)), on)

    def bounds(self, on: date) -> tuple[Instant, Instant]:
        """O and C. A day off that was named all the same, and a day without end, count from 09:00 to 18:00."""
        spans = day(self.hours, on) if self.hours is not None else ()
        if spans and spans[-1][1] - spans[0][0] <= _LONGEST_DAY:
            return spans[0][0], spans[-1][1]
        return wall(self.zone, on, _NOMINAL_OPENS), wall(self.zone, on, _NOMINAL_CLOSES)

    def last_hour(self, on: date) -> Instant:
        opens, closes = self.bounds(on)
        return max(opens, closes - HOUR)

    def at(self, on: date, minute: int) -> Instant:
        return wall(self.zone, on, minute)

    def last_day(self, monday: date) -> date:
        """The last working day of a week."""
        days = [monday + timedelta(days=n) for n in range(5)]
        return next((each for each in reversed(days) if self.works(each)), days[-1])

    def usable(self, candidates: Sequence[Instant]) -> Instant | None:
        return next((each for each in candidates if self.said_at < each <= self.said_at + FURTHEST), None)


def _expression(
    calendar: _Calendar, items: Sequence[TimeWord], until: Sequence[Instant], exact: bool, moment: bool = False
) -> TimeExpression:
    span = (min(item.start for item in items), max(item.end for item in items))
    return TimeExpression(until=calendar.usable(until), span=span, exact=exact, moment=moment)


def _before(items: Sequence[TimeWord], index: int) -> list[TimeWord]:
    """The markers (in, by, next, the ...) that stand directly before an item."""
    first = index
    while first > 0 and items[first - 1].kind in MARKERS:
        first -= 1
    return list(items[first:index])


def _kind(items: Sequence[TimeWord], index: int) -> str:
    return items[index].kind if 0 <= index < len(items) else ""


def _duration(
    items: Sequence[TimeWord], index: int, calendar: _Calendar, words: TimeWords, *, bare: bool
) -> TimeExpression | None:
    """A span from now on, starting at items[index]: a number with a unit, "half an hour", "the next hour"."""
    first, amount, place = items[index], 0.0, index
    if first.kind == "number":
        amount, place = first.value, index + 1
        if _kind(items, place) in ("-", "or") and _kind(items, place + 1) == "number":
            amount, place = max(amount, items[place + 1].value), place + 2
        while _kind(items, place) == "fill":
            place += 1
    elif first.kind == "unit" and first.value == HOUR and index and items[index - 1].text in words.whole_hour:
        amount = 1.0
    if not amount or _kind(items, place) != "unit" or _kind(items, index - 1) in ("number", "-", "month"):
        return None
    unit, last = items[place].value, place
    if unit == HOUR and items[place].name == "hour_sign" and _is_clock(items, index):
        return None
    seconds = amount * unit
    if _kind(items, last + 1) == "and_half":
        seconds, last = seconds + unit / 2, last + 1
    elif _kind(items, last + 1) == "or" and _kind(items, last + 2) == "number":
        seconds, last = max(seconds, items[last + 2].value * unit), last + 2
    elif unit == HOUR and _kind(items, last + 1) == "number" and items[last + 1].value < 60:
        seconds, last = seconds + items[last + 1].value * MINUTE, last + 1
        last += _kind(items, last + 1) == "unit"
    elif unit == HOUR and [item.kind for item in items[last + 1 : last + 4]] == ["and", "number", "unit"]:
        seconds, last = seconds + items[last + 2].value * items[last + 3].value, last + 3
    markers = _before(items, index)
    kinds = {marker.kind for marker in markers}
    opening = not any(item.kind not in MARKERS for item in items[:index])
    if _kind(items, last + 1) == "past" or "past" in kinds or not (kinds & {"in", "by", "within"} or (bare and opening)):
        return None
    said = [*markers, *items[index : last + 1]]
    few = first.name == "few"
    if unit < DAY:
        return _expression(
            calendar, said, [calendar.said_at + (15 * MINUTE if few and unit == MINUTE else seconds)], exact=not few
        )
    days = round(seconds / DAY)
    if days * DAY > FURTHEST:
        return _expression(calendar, said, (), exact=False)
    if items[place].name == "working_day":
        on = calendar.today
        for _ in range(days):
            on = calendar.working(on + timedelta(days=1))
    else:
        on = calendar.working(calendar.today + timedelta(days=days))
    mode: Mode = "by" if kinds & {"by", "within"} else "on"
    return _expression(calendar, said, _moments(calendar, on, mode, ""), exact=False)


def _is_clock(items: Sequence[TimeWord], index: int) -> bool:
    """Whether "15h" is a time of day rather than a span: by what stands before it, else by its size."""
    kinds = {marker.kind for marker in _before(items, index)}
    return "in" not in kinds and "within" not in kinds and (bool(kinds & {"at", "by", "before"}) or items[index].value >= 7)


def _clock(items: Sequence[TimeWord], index: int) -> tuple[int, int] | None:
    """(minutes after midnight, index of the last item) of a clock time that starts at items[index]."""
    if index >= len(items):
        return None
    item, follows = items[index], items[index + 1] if index + 1 < len(items) else None
    if item.kind not in ("number", "time") or (item.kind == "number" and not item.text[0].isdecimal()):
        return None
    half = _kind(items, index + 1) in ("am", "pm")
    hour, _, minute = item.text.replace(".", ":").partition(":")
    if not hour.isdecimal() or int(hour) > 24 or (minute and (len(minute) != 2 or not minute.isdecimal() or int(minute) > 59)):
        return None
    minutes = int(hour) * 60 + int(minute or 0)
    if half and follows is not None:
        if not 1 <= int(hour) <= 12:
            return None
        return minutes % 720 + (720 if follows.kind == "pm" else 0), index + 1
    kinds = {marker.kind for marker in _before(items, index)}
    if item.kind == "time":
        return minutes, index
    if follows is not None and (follows.kind in _OCLOCK or follows.name in _OCLOCK):
        last = index + 1
        if not minute and follows.name == "hour_sign" and not _is_clock(items, index):
            return None
        rest = items[last + 1] if last + 1 < len(items) else None
        if not minute and rest is not None and rest.kind == "number" and rest.start <= follows.end + 1 and rest.value < 60:
            minutes, last = minutes + int(rest.value), last + 1
        return minutes if follows.kind != "oclock_by_day" else _daytime(minutes), last
    ends = (
        follows is None
        or "zone" in follows.also
        or follows.kind in ("stop", "zone", "day", "weekday", "short_weekday", "part", "at", "fill", "or")
    )
    if kinds & {"at", "by", "before"} and ends and not minute and int(hour) >= 1:
        return (_daytime(minutes), index)
    return None


def _daytime(minutes: int) -> int:
    """ "at 3" means the afternoon, "at 9" the morning: whichever people are awake and at work for."""
    return minutes + 720 if minutes < 7 * 60 else minutes


def _moment(items: Sequence[TimeWord], index: int, calendar: _Calendar) -> TimeExpression | None:
    """A day, a part of a day, a week, a clock time, or a word such as "shortly", starting at items[index]."""
    item, markers = items[index], _before(items, index)
    kinds: Mapping[str, TimeWord] = {marker.kind: marker for marker in markers}
    mode: Mode = "before" if "before" in kinds else "by" if "by" in kinds or "end" in kinds else "on"
    if "past" in kinds or _kind(items, index + 1) == "past":
        return None
    if item.kind == "soon":
        return _expression(calendar, [item], [calendar.said_at + item.value], exact=False, moment=item.value < HOUR)
    if item.kind == "week":
        return _week(calendar, [*markers, item], mode, item.name)
    clock, on, named, part, said = _clock(items, index), _date(items, index, calendar), False, "", list(markers)
    if clock is not None:
        said += items[index : clock[1] + 1]
        on = None
        after = clock[1] + 1
    elif on is not None:
        said += items[index : on[1] + 1]
        after, named = on[1] + 1, item.kind != "day"
    elif item.kind == "part":
        part, after = item.name, index + 1
        said.append(item)
    else:
        return None
    part = "first" if "first" in kinds else "end" if "end" in kinds and not part else part
    # What belongs to it may follow: "Friday at 3pm", "at 3pm on Friday", "tomorrow in the afternoon", "noon tomorrow".
    place = after
    while place < min(after + _REACH, len(items)):
        follows = items[place]
        if follows.kind == "stop" and not (follows.text == "," and clock is None and _clock(items, place + 1) is not None):
            break
        later_clock, later_day = _clock(items, place), _date(items, place, calendar)
        if clock is None and part != "noon" and later_clock is not None:
            clock, last = later_clock, later_clock[1]
        elif on is None and later_day is not None:
            on, last, named = later_day, later_day[1], follows.kind != "day"
        elif clock is None and not part and follows.kind == "part":
            part, last = follows.name, place
        elif follows.value_as("zone") is not None:
            last = place
        else:
            place += 1
            continue
        said += items[place : last + 1]
        place = after = last + 1
    utc = any(each.value_as("zone") is not None for each in said)
    return _settle(calendar, said, on[0] if on else None, named, mode, part, clock[0] if clock else None, utc)


def _settle(
    calendar: _Calendar,
    said: Sequence[TimeWord],
    on: date | None,
    named: bool,
    mode: Mode,
    part: str,
    clock: int | None,
    utc: bool,
) -> TimeExpression:
    minute = 720 if part == "noon" else clock
    if minute is not None:
        if clock is not None and part in ("afternoon", "evening") and clock < 720:
            minute = clock + 720
        at = [wall(UTC if utc else calendar.zone, on or calendar.today, minute)]
        if on is None and minute < 720 and at[0] <= calendar.said_at:
            at = [wall(UTC if utc else calendar.zone, calendar.today + timedelta(days=1), minute)]
        return _expression(calendar, said, at, exact=True)
    if on is not None and not named and on > calendar.today:
        on = calendar.working(on)
    on = on or calendar.today
    return _expression(calendar, said, _moments(calendar, on, mode, part), exact=False)


def _moments(calendar: _Calendar, on: date, mode: Mode, part: str) -> list[Instant]:
    """The instants that a day and its part stand for, best first; the first that lies ahead is taken."""
    opens, closes = calendar.bounds(on)
    noon, last = calendar.at(on, 720), calendar.last_hour(on)
    midday = noon if opens < noon < closes else (opens + closes) / 2
    late = [calendar.at(on, 23 * 60), calendar.at(on, 24 * 60)] if on == calendar.today else []
    if mode == "before" and not part:
        earlier = next((each for each in (on - timedelta(days=n) for n in range(1, 8)) if calendar.works(each)), on)
        return [calendar.last_hour(earlier), opens]
    if part == "first":
        return [opens + HOUR, noon]
    if part == "morning":
        return [calendar.at(on, 11 * 60), noon]
    if part == "afternoon":
        return [last if last > noon else calendar.at(on, 16 * 60), max(closes, calendar.at(on, 17 * 60)), *late]
    if part == "evening":
        return [calendar.at(on, 20 * 60), calendar.at(on, 23 * 60), calendar.at(on, 24 * 60)]
    if part == "end" or mode == "by" or on == calendar.today:
        return [last, closes, *late]
    return [midday, last, closes]


def _date(items: Sequence[TimeWord], index: int, calendar: _Calendar) -> tuple[date, int] | None:
    """(date, index of the last item) of a day that starts at items[index]."""
    item, kinds = items[index], {marker.kind for marker in _before(items, index)}
    if item.kind == "day":
        return calendar.today + timedelta(days=item.value), index
    if item.kind == "weekday" or (item.kind == "short_weekday" and kinds & {"at", "on", "by", "before", "next", "this"}):
        ahead = (int(item.value) - calendar.today.weekday()) % 7
        if "next" in kinds:
            ahead = 7 - calendar.today.weekday() + int(item.value)
        elif ahead == 0 and calendar.said_at >= calendar.bounds(calendar.today)[1]:
            ahead = 7
        return calendar.today + timedelta(days=ahead), index
    if item.kind not in ("number", "month"):
        return None
    place = index + 1
    while place < len(items) and (items[place].kind in ("fill", "ordinal") or items[place].text == "."):
        place += 1
    if item.kind == "number" and item.text.isdecimal() and _kind(items, place) == "month":
        return _on_day(calendar, int(item.value), int(items[place].value), place)
    if item.kind == "month" and _kind(items, index + 1) == "number" and items[index + 1].text.isdecimal():
        last = index + 1 + (_kind(items, index + 2) == "ordinal")
        return _on_day(calendar, int(items[index + 1].value), int(item.value), last)
    if item.kind == "number" and _kind(items, index + 1) == "ordinal" and item.text.isdecimal() and kinds:
        month = calendar.today.month if item.value >= calendar.today.day else calendar.today.month % 12 + 1
        return _on_day(calendar, int(item.value), month, index + 1)
    return None


def _on_day(calendar: _Calendar, number: int, month: int, last: int) -> tuple[date, int] | None:
    for year in (calendar.today.year, calendar.today.year + 1):
        try:
            on = date(year, month, number)
        except ValueError:  # 31 June or 45 May is no date; 29 February may be one next year
            continue
        if on >= calendar.today:
            return on, last
    return None


def _week(calendar: _Calendar, said: Sequence[TimeWord], mode: Mode, which: str) -> TimeExpression:
    monday = calendar.today - timedelta(days=calendar.today.weekday())
    following = monday + timedelta(days=7)
    if which == "this_week":
        on, mode = calendar.last_day(monday), "by"
    elif which == "next_month":
        on, mode = calendar.working((calendar.today.replace(day=1) + timedelta(days=32)).replace(day=1)), "on"
    elif which == "after_weekend":
        on, mode = calendar.working(following), "on"
    elif which == "early_next_week":
        on, mode = calendar.working(following + timedelta(days=1)), "on"
    elif which == "end_of_next_week" or mode == "by":
        on, mode = calendar.last_day(following), "by"
    else:
        on, mode = calendar.working(following + timedelta(days=2)), "on"
    return _expression(calendar, said, _moments(calendar, on, mode, ""), exact=False)
