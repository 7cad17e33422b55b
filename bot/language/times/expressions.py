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
day is worked from 09:00 to 18:00. Languages: English, German, French, Spanish, Portuguese, in the commonest forms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

from bot.domain.durations import DAY, HOUR, MINUTE, Instant, Seconds
from bot.domain.hours import Hours, day, wall
from bot.language.times import words as time_words
from bot.language.times.words import TimeWord

FURTHEST: Seconds = 60 * DAY
"""A time further ahead isn't a promise anybody waits for; more often it is a misread number."""

_NOMINAL_OPENS, _NOMINAL_CLOSES = 9 * 60, 18 * 60
_LONGEST_DAY: Seconds = 18 * HOUR
_REACH = 6
"""Words after a day in which its clock time or part of the day may follow ("Friday, let's say around 3pm")."""

_TIMES = frozenset({"unit", "num", "time", "day", "weekday", "abbr", "month", "part", "week", "soon"})
"""Kinds without which no time can have been said."""

Mode = Literal["on", "by", "before"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """A time found in a text: its instant (None when passed or over 60 days ahead), where it stands, whether it was exact."""

    until: Instant | None
    span: tuple[int, int]
    exact: bool
    moment: bool = False
    """Only "a sec", "a moment", "a minute" was said: a figure of speech rather than a time."""


def find(text: str, said_at: Instant, zone: tzinfo, hours: Hours | None, *, bare: bool = False) -> TimeExpression | None:
    """The first time said in `text`, which is folded (see `lexicon.fold`) and short: a sentence, not a page.

    `bare`: the text follows "I'll get back to you", so that "5 min" at its very start needs no "in".
    """
    items = time_words.items(text)
    if not any(item.kind in _TIMES for item in items):
        return None
    here = _Here(said_at=said_at, zone=zone, hours=hours, today=datetime.fromtimestamp(said_at, zone).date())
    for index in range(len(items)):
        if items[index].kind not in _TIMES:
            continue
        found = _duration(items, index, here, bare=bare) or _moment(items, index, here)
        if found is not None:
            return found
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Here:
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


def _spoken(
    here: _Here, items: Sequence[TimeWord], until: Sequence[Instant], exact: bool, moment: bool = False
) -> TimeExpression:
    span = (min(item.start for item in items), max(item.end for item in items))
    return TimeExpression(until=here.usable(until), span=span, exact=exact, moment=moment)


def _before(items: Sequence[TimeWord], index: int) -> list[TimeWord]:
    """The markers (in, by, next, the ...) that stand directly before an item."""
    first = index
    while first > 0 and items[first - 1].kind in time_words.MARKERS:
        first -= 1
    return list(items[first:index])


def _kind(items: Sequence[TimeWord], index: int) -> str:
    return items[index].kind if 0 <= index < len(items) else ""


def _duration(items: Sequence[TimeWord], index: int, here: _Here, *, bare: bool) -> TimeExpression | None:
    """A span from now on, starting at items[index]: a number with a unit, "half an hour", "the next hour"."""
    first, amount, place = items[index], 0.0, index
    if first.kind == "num":
        amount, place = first.value, index + 1
        if _kind(items, place) in ("-", "or") and _kind(items, place + 1) == "num":
            amount, place = max(amount, items[place + 1].value), place + 2
        while _kind(items, place) == "fill":
            place += 1
    elif first.kind == "unit" and first.value == HOUR and index and items[index - 1].text.endswith(("the", "next")):
        amount = 1.0
    if not amount or _kind(items, place) != "unit" or _kind(items, index - 1) in ("num", "-", "month"):
        return None
    unit, last = items[place].value, place
    if unit == HOUR and items[place].text == "h" and _is_clock(items, index):
        return None
    seconds = amount * unit
    if _kind(items, last + 1) == "half":
        seconds, last = seconds + unit / 2, last + 1
    elif _kind(items, last + 1) == "or" and _kind(items, last + 2) == "num":
        seconds, last = max(seconds, items[last + 2].value * unit), last + 2
    elif unit == HOUR and _kind(items, last + 1) == "num" and items[last + 1].value < 60:
        seconds, last = seconds + items[last + 1].value * MINUTE, last + 1
        last += _kind(items, last + 1) == "unit"
    elif unit == HOUR and [item.kind for item in items[last + 1 : last + 4]] == ["and", "num", "unit"]:
        seconds, last = seconds + items[last + 2].value * items[last + 3].value, last + 3
    markers = _before(items, index)
    kinds = {marker.kind for marker in markers}
    opening = not any(item.kind not in time_words.MARKERS for item in items[:index])
    if _kind(items, last + 1) == "past" or "past" in kinds or not (kinds & {"in", "by", "within"} or (bare and opening)):
        return None
    said = [*markers, *items[index : last + 1]]
    few = "few" in first.text
    if unit < DAY:
        return _spoken(here, said, [here.said_at + (15 * MINUTE if few and unit == MINUTE else seconds)], exact=not few)
    days = round(seconds / DAY)
    if days * DAY > FURTHEST:
        return _spoken(here, said, (), exact=False)
    if items[place].text.startswith(time_words.WORKING):
        on = here.today
        for _ in range(days):
            on = here.working(on + timedelta(days=1))
    else:
        on = here.working(here.today + timedelta(days=days))
    mode: Mode = "by" if kinds & {"by", "within"} else "on"
    return _spoken(here, said, _moments(here, on, mode, ""), exact=False)


def _is_clock(items: Sequence[TimeWord], index: int) -> bool:
    """Whether "15h" is a time of day rather than a span: by what stands before it, else by its size."""
    kinds = {marker.kind for marker in _before(items, index)}
    return "in" not in kinds and "within" not in kinds and (bool(kinds & {"at", "by", "before"}) or items[index].value >= 7)


def _clock(items: Sequence[TimeWord], index: int) -> tuple[int, int] | None:
    """(minutes after midnight, index of the last item) of a clock time that starts at items[index]."""
    if index >= len(items):
        return None
    item, follows = items[index], items[index + 1] if index + 1 < len(items) else None
    if item.kind not in ("num", "time") or (item.kind == "num" and not item.text[0].isdecimal()):
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
    if follows is not None and follows.text in time_words.OCLOCK:
        last = index + 1
        if not minute and follows.text == "h" and not _is_clock(items, index):
            return None
        rest = items[last + 1] if last + 1 < len(items) else None
        if not minute and rest is not None and rest.kind == "num" and rest.start <= follows.end + 1 and rest.value < 60:
            minutes, last = minutes + int(rest.value), last + 1
        return minutes if follows.text != "o'clock" else _daytime(minutes), last
    ends = follows is None or follows.kind in ("stop", "zone", "day", "weekday", "abbr", "part", "at", "fill", "or")
    if kinds & {"at", "by", "before"} and ends and not minute and int(hour) >= 1:
        return (_daytime(minutes), index)
    return None


def _daytime(minutes: int) -> int:
    """ "at 3" means the afternoon, "at 9" the morning: whichever people are awake and at work for."""
    return minutes + 720 if minutes < 7 * 60 else minutes


def _moment(items: Sequence[TimeWord], index: int, here: _Here) -> TimeExpression | None:
    """A day, a part of a day, a week, a clock time, or a word such as "shortly", starting at items[index]."""
    item, markers = items[index], _before(items, index)
    kinds: Mapping[str, TimeWord] = {marker.kind: marker for marker in markers}
    mode: Mode = "before" if "before" in kinds else "by" if "by" in kinds or "end" in kinds else "on"
    if "past" in kinds or _kind(items, index + 1) == "past":
        return None
    if item.kind == "soon":
        return _spoken(here, [item], [here.said_at + item.value], exact=False, moment=item.value < HOUR)
    if item.kind == "week":
        return _week(here, [*markers, item], mode, int(item.value))
    clock, on, named, part, said = _clock(items, index), _date(items, index, here), False, "", list(markers)
    if clock is not None:
        said += items[index : clock[1] + 1]
        on = None
        after = clock[1] + 1
    elif on is not None:
        said += items[index : on[1] + 1]
        after, named = on[1] + 1, item.kind != "day"
    elif item.kind == "part":
        part, after = time_words.PARTS[int(item.value)], index + 1
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
        later_clock, later_day = _clock(items, place), _date(items, place, here)
        if clock is None and part != "noon" and later_clock is not None:
            clock, last = later_clock, later_clock[1]
        elif on is None and later_day is not None:
            on, last, named = later_day, later_day[1], follows.kind != "day"
        elif clock is None and not part and follows.kind == "part":
            part, last = time_words.PARTS[int(follows.value)], place
        elif follows.kind == "zone":
            last = place
        else:
            place += 1
            continue
        said += items[place : last + 1]
        place = after = last + 1
    utc = any(each.kind == "zone" for each in said)
    return _settle(here, said, on[0] if on else None, named, mode, part, clock[0] if clock else None, utc)


def _settle(
    here: _Here, said: Sequence[TimeWord], on: date | None, named: bool, mode: Mode, part: str, clock: int | None, utc: bool
) -> TimeExpression:
    minute = 720 if part == "noon" else clock
    if minute is not None:
        if clock is not None and part in ("afternoon", "evening") and clock < 720:
            minute = clock + 720
        at = [wall(UTC if utc else here.zone, on or here.today, minute)]
        if on is None and minute < 720 and at[0] <= here.said_at:
            at = [wall(UTC if utc else here.zone, here.today + timedelta(days=1), minute)]
        return _spoken(here, said, at, exact=True)
    if on is not None and not named and on > here.today:
        on = here.working(on)
    on = on or here.today
    return _spoken(here, said, _moments(here, on, mode, part), exact=False)


def _moments(here: _Here, on: date, mode: Mode, part: str) -> list[Instant]:
    """The instants that a day and its part stand for, best first; the first that lies ahead is taken."""
    opens, closes = here.bounds(on)
    noon, last = here.at(on, 720), here.last_hour(on)
    midday = noon if opens < noon < closes else (opens + closes) / 2
    late = [here.at(on, 23 * 60), here.at(on, 24 * 60)] if on == here.today else []
    if mode == "before" and not part:
        earlier = next((each for each in (on - timedelta(days=n) for n in range(1, 8)) if here.works(each)), on)
        return [here.last_hour(earlier), opens]
    if part == "first":
        return [opens + HOUR, noon]
    if part == "morning":
        return [here.at(on, 11 * 60), noon]
    if part == "afternoon":
        return [last if last > noon else here.at(on, 16 * 60), max(closes, here.at(on, 17 * 60)), *late]
    if part == "evening":
        return [here.at(on, 20 * 60), here.at(on, 23 * 60), here.at(on, 24 * 60)]
    if part == "end" or mode == "by" or on == here.today:
        return [last, closes, *late]
    return [midday, last, closes]


def _date(items: Sequence[TimeWord], index: int, here: _Here) -> tuple[date, int] | None:
    """(date, index of the last item) of a day that starts at items[index]."""
    item, kinds = items[index], {marker.kind for marker in _before(items, index)}
    if item.kind == "day":
        return here.today + timedelta(days=item.value), index
    if item.kind == "weekday" or (item.kind == "abbr" and kinds & {"at", "on", "by", "before", "next", "this"}):
        ahead = (int(item.value) - here.today.weekday()) % 7
        if "next" in kinds:
            ahead = 7 - here.today.weekday() + int(item.value)
        elif ahead == 0 and here.said_at >= here.bounds(here.today)[1]:
            ahead = 7
        return here.today + timedelta(days=ahead), index
    if item.kind not in ("num", "month"):
        return None
    place = index + 1
    while place < len(items) and (items[place].kind in ("fill", "ordinal") or items[place].text == "."):
        place += 1
    if item.kind == "num" and item.text.isdecimal() and _kind(items, place) == "month":
        return _calendar(here, int(item.value), int(items[place].value), place)
    if item.kind == "month" and _kind(items, index + 1) == "num" and items[index + 1].text.isdecimal():
        last = index + 1 + (_kind(items, index + 2) == "ordinal")
        return _calendar(here, int(items[index + 1].value), int(item.value), last)
    if item.kind == "num" and _kind(items, index + 1) == "ordinal" and item.text.isdecimal() and kinds:
        month = here.today.month if item.value >= here.today.day else here.today.month % 12 + 1
        return _calendar(here, int(item.value), month, index + 1)
    return None


def _calendar(here: _Here, number: int, month: int, last: int) -> tuple[date, int] | None:
    for year in (here.today.year, here.today.year + 1):
        try:
            on = date(year, month, number)
        except ValueError:  # 31 June or 45 May is no date; 29 February may be one next year
            continue
        if on >= here.today:
            return on, last
    return None


def _week(here: _Here, said: Sequence[TimeWord], mode: Mode, which: int) -> TimeExpression:
    monday = here.today - timedelta(days=here.today.weekday())
    following = monday + timedelta(days=7)
    if which == time_words.THIS_WEEK:
        on, mode = here.last_day(monday), "by"
    elif which == time_words.NEXT_MONTH:
        on, mode = here.working((here.today.replace(day=1) + timedelta(days=32)).replace(day=1)), "on"
    elif which == time_words.AFTER_WEEKEND:
        on, mode = here.working(following), "on"
    elif which == time_words.EARLY_NEXT_WEEK:
        on, mode = here.working(following + timedelta(days=1)), "on"
    elif which == time_words.END_OF_NEXT_WEEK or mode == "by":
        on, mode = here.last_day(following), "by"
    else:
        on, mode = here.working(following + timedelta(days=2)), "on"
    return _spoken(here, said, _moments(here, on, mode, ""), exact=False)
