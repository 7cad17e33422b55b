"""Spans of time as people type them when they say that they are away: "this afternoon", "from 2pm", "thursday to friday", "until
wednesday", "5-9 march", "from tomorrow for 3 days", "monday morning until wednesday noon".

Each side of a span is read by the grammar of `bot.language.times.input`; what bounds it is the section `typed_times.absence` of
each language's file. Where a text can be cut at several places, the first cut of which both sides are times counts.

| typed                          | away                                                                     |
|--------------------------------|--------------------------------------------------------------------------|
| friday, this afternoon         | that day, that part of it                                                |
| 2h, 3 days, for a week         | from now on                                                              |
| until friday                   | from now until work begins on Friday; until 3pm: until then              |
| through friday                 | from now until Friday is over                                            |
| thursday to friday             | both days                                                                |
| from 2pm, tomorrow at 2pm      | from then until work ends on that day                                    |
| from monday                    | asked: until when?                                                       |
| 3pm, in 2 hours                | asked: until then, or from then on?                                      |
| 14-16                          | asked: hours or days?                                                    |

A second side is read as what comes after the first: "monday to wednesday" is one week's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.durations import DAY, HOUR, Instant
from bot.domain.hours import Hours, day, wall
from bot.domain.refusal import Moment, Refusal, quoted
from bot.language.languages import Languages
from bot.language.times.bounds import BEHIND, Bound, Bounds, Cut, load_bounds
from bot.language.times.input import EXAMPLES as TIMES
from bot.language.times.input import read_when
from bot.language.times.markers import digits, is_of
from bot.language.times.words import TimeWords, load_time_words

LONGEST = 90
"""Characters: two times with what stands between them."""

EXAMPLES = ("until monday", "friday", "2h", "tomorrow until 1 December")
"""Spans as they may be typed."""

_HOUR_AT_END = re.compile(r"(.*\S) +(\d{1,2})")

_UNREAD = Refusal(says="Until when?", tries=TIMES)

_THIS = {"day": ("day", "today"), "week": ("week", "this_week"), "month": ("week", "this_month")}
"""Unit of time -> kind and list of the words for the one that is now."""

_AWAKE = 7
"""Hours. Before it a number alone is one of the afternoon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaySpan:
    """From when until when somebody is away."""

    since: Instant
    until: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    """A number that stands alone on its side. `ordinal`: it can only be a day of the month."""

    value: int
    ordinal: bool


def read_absence(text: str, now: Instant, hours: Hours, *, languages: Languages | None = None) -> AwaySpan | Refusal:
    """The span that `text` says, by the clock of `hours`' zone, from `now` on. A refusal says what to type instead; never raises.

    `hours` are the person's own, without the time they are away already.
    """
    reader = _Reader(now=now, hours=replace(hours, away=()), languages=languages)
    said = " ".join(text.replace("\u2019", "'").split()).strip(" .,!")
    if len(said) > LONGEST:
        return Refusal(says="That is too long for a time.", tries=EXAMPLES)
    return reader.read(reader.times.fold(said).strip(" .,!"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads the spans that one person types at one instant."""

    now: Instant
    hours: Hours
    languages: Languages | None

    @property
    def times(self) -> TimeWords:
        return load_time_words(self.languages)

    @property
    def words(self) -> Bounds:
        return load_bounds(self.languages)

    def read(self, text: str) -> AwaySpan | Refusal:
        refused: Refusal | None = None
        unread: Refusal | None = None
        for cut in self.words.cuts(text):
            found = self._of(cut)
            if isinstance(found, AwaySpan):
                return found
            if found is not None and found.tries == TIMES:
                unread = unread or found
            else:
                refused = refused or found
        if refused is not None:
            return refused
        rest = self.words.led(text, "through")
        if rest is not None:
            return self._until(rest, inclusive=True)
        rest = self.words.led(text, "until") or self.words.trailed(text, "until_after")
        if rest is not None:
            whole = self.words.trailed(rest, "through_after")
            return self._until(whole or rest, inclusive=whole is not None)
        alone = self._alone(text)
        return _to_try(unread) if unread is not None and isinstance(alone, Refusal) and alone.tries != EXAMPLES else alone

    # Two sides

    def _of(self, cut: Cut) -> AwaySpan | Refusal | None:
        """The span between two sides; a refusal where both are times and it can't be meant so; None where they aren't."""
        if self.words.led(cut.left, "until") is not None:
            return None  # "até amanhã ao meio-dia"
        left = self._freed(cut.left, "from", "from_after")
        right = self._freed(cut.right, "until", "until_after", "through_after")
        inclusive = cut.bound in ("to", "through", "and") or self.words.trailed(cut.right, "through_after") is not None
        if cut.bound == "from":
            return self._lasting(cut.right, self._freed(cut.left, "for"))
        if cut.bound == "for":
            return self._lasting(left, cut.right)
        if cut.bound == "and" and not self._begins_with_from(cut.left):
            return self._both(cut.left, cut.right)
        numbers = self._numbers(left, right)
        if numbers is not None:
            return numbers
        begins = self._clock(left) or self._side(left) or self._side(self.words.without_from(left))
        if begins is None:
            return None
        if isinstance(begins, Refusal):
            return self._asked(begins, cut, cut.left)
        since = _start(begins)
        return self._up_to(right, since, begins, inclusive=inclusive, cut=cut)

    def _begins_with_from(self, text: str) -> bool:
        return self.words.led(text, "from") is not None

    def _freed(self, text: str, *bounds: Bound) -> str:
        """A side without what bounds it."""
        for bound in bounds:
            freed = self.words.trailed(text, bound) if bound in BEHIND else self.words.led(text, bound)
            text = text if freed is None else freed
        return text

    def _side(self, text: str, at: Instant | None = None) -> Moment | Refusal | None:
        """A side as a time; None when it is none. A refusal where it can be read in two ways."""
        at = self.now if at is None else at
        if self.words.is_now(text):
            return Moment(at=self.now, kind="clock")
        bare, whole = self.words.without_whole(text)
        read = read_when(bare if whole and bare else text, at, self.hours, ours_alone=True, languages=self.languages)
        if isinstance(read, Refusal) and whole and bare:
            read = read_when(text, at, self.hours, ours_alone=True, languages=self.languages)
        if not isinstance(read, Refusal):
            return read
        return read if read.tries != TIMES and self._number(text) is None else None

    def _clock(self, text: str, at: Instant | None = None) -> Moment | None:
        """A side that is a clock time where it bounds something, and else would be a span ("14h", "14 uur") or a number."""
        if not text[:1].isdecimal():
            return None
        plain = read_when(text, at or self.now, self.hours, ours_alone=True, languages=self.languages)
        if isinstance(plain, Moment) and plain.kind != "span":
            return None
        marked = read_when(f"@ {text}", at or self.now, self.hours, ours_alone=True, languages=self.languages)
        return marked if isinstance(marked, Moment) and marked.kind == "clock" else None

    def _asked(self, refused: Refusal, cut: Cut, side: str) -> Refusal:
        """What can be read in two ways, with both as whole spans."""
        sides = [(each, cut.right) if side is cut.left else (cut.left, each) for each in refused.tries]
        return replace(refused, tries=tuple(cut.with_sides(*each) for each in sides))

    def _up_to(self, right: str, since: Instant, begins: Moment, *, inclusive: bool, cut: Cut) -> AwaySpan | Refusal | None:
        """From a side that was read up to the other one."""
        number = self._number(right)
        if number is not None:
            return self._up_to_number(number.value, since, begins, cut)
        ends = self._ending(right, self.now)
        if isinstance(ends, Moment) and (until := self._end(ends, inclusive=inclusive)) > max(since, self.now):
            return self._checked(since, until)
        late: Moment | Refusal | None = None
        if (isinstance(ends, Moment) and ends.kind == "clock") or not self._from_today(right):
            at = max(since, self.now)
            late = self._ending(right, at)
        if isinstance(late, Moment):
            until = self._end(late, inclusive=inclusive)
            began = self._a_year_earlier(since)
            if began <= self.now < until and isinstance(ends, Moment) is False:
                return self._checked(self.now, until)
            earlier = self._a_year_earlier(until)
            if began <= self.now < earlier:  # "2 march to 9 march", said on the 4th
                return self._checked(self.now, earlier)
            return self._checked(since, until)
        if isinstance(ends, Refusal):
            return self._asked(ends, cut, cut.right)
        if isinstance(ends, Moment):
            return Refusal(says="That ends before it begins.", tries=EXAMPLES)
        return Refusal(says=f"I don't understand {quoted(right)} as a time.", tries=TIMES)

    def _ending(self, text: str, at: Instant) -> Moment | Refusal | None:
        """A second side as a time after `at`."""
        read = self._side(text, at)
        return self._clock(text, at) if isinstance(read, Moment) and read.kind == "span" else read

    def _up_to_number(self, number: int, since: Instant, begins: Moment, cut: Cut) -> AwaySpan | Refusal | None:
        """Up to a number alone: an hour or a day of the month."""
        until = self._of_number(number, since, begins)
        by_hours: AwaySpan | Refusal | None = None
        hour = _HOUR_AT_END.fullmatch(self.words.without_from(cut.left))
        if begins.kind == "stretch" and hour is not None:  # "monday 9 to 5"
            at = self._side(f"{hour[1]} {hour[2]}:00")
            ends = None if not isinstance(at, Moment) or at.kind != "clock" else self._of_number(number, at.at, at)
            by_hours = None if ends is None or not isinstance(at, Moment) else self._checked(at.at, ends)
        if until is None:
            return by_hours
        if isinstance(by_hours, AwaySpan) and hour is not None:
            first, last = self._local(since), self._local(until - 1)
            clocks = f"{hour[1]} {self._local(by_hours.since):%H:%M}-{self._local(by_hours.until):%H:%M}"
            days = f"{first.day} {first:%B} to {last.day} {last:%B}"
            return Refusal(says=f"Hours or days: {clocks}, or {days}?", tries=(clocks, days))
        return self._checked(since, until)

    def _a_year_earlier(self, at: Instant) -> Instant:
        return at - 365 * DAY

    def _from_today(self, text: str) -> bool:
        """Whether a time counts from today on, so that it stays where it is: "tomorrow", "next week"."""
        return any(item.kind in ("day", "unit", "week") for item in self.times.items(text))

    def _both(self, left: str, right: str) -> AwaySpan | Refusal | None:
        """ "monday and tuesday", which follow one another."""
        first = self._side(left)
        if not isinstance(first, Moment) or first.stretch is None:
            return None
        second = self._side(right, first.stretch[0])
        if not isinstance(second, Moment) or second.stretch is None:
            return None
        if (self._local(second.stretch[0]).date() - self._local(first.stretch[1] - 1).date()).days > 1:
            return Refusal(
                says="Please say each by itself, since there is a day between.",
                tries=(self._typed_day(first), self._typed_day(second)),
            )
        return self._checked(first.stretch[0], max(first.stretch[1], second.stretch[1]))

    def _lasting(self, start: str, length: str) -> AwaySpan | Refusal | None:
        """ "from tomorrow for 3 days"."""
        spans = self._side(length)
        if not isinstance(spans, Moment) or spans.kind != "span" or self.words.is_now(start):
            return None
        begins = self._side(self._freed(start, "from", "from_after"))
        if not isinstance(begins, Moment) or begins.kind == "span":
            return None
        since, seconds = _start(begins), spans.at - self.now
        if begins.kind == "stretch" and seconds < 23 * HOUR:
            return Refusal(says=f"From what time on {start}?", tries=(f"{start} 9:00-11:00", f"{start} afternoon"))
        if round(seconds / DAY) >= 1 and abs(seconds - round(seconds / DAY) * DAY) <= HOUR:
            began = self._local(since)
            last = began.date() + timedelta(days=round(seconds / DAY))
            return self._checked(since, wall(self.hours.zone, last, began.hour * 60 + began.minute))
        return self._checked(since, since + seconds)

    # Bare numbers

    def _number(self, text: str) -> _Number | None:
        """A number alone, perhaps with what makes it a day of the month: "5", "5th", "5."."""
        items = self.times.items(text)
        value = digits(items, 0)
        if value is None or value > 31 or len(items) > 2:  # no month has more days, no day more hours
            return None
        if len(items) == 1:
            return _Number(value=value, ordinal=False)
        ordinal = is_of(items, 1, "ordinal", "day_sign") or items[1].text == "."
        return _Number(value=value, ordinal=True) if ordinal and items[1].start == items[0].end else None

    def _numbers(self, left: str, right: str) -> AwaySpan | Refusal | None:
        """A side that is a number alone: "5 to 9 march", "2-4pm", "14-16"."""
        first, second = self._number(left), self._number(right)
        if first is None:
            return None
        number = first.value
        if second is not None:
            return self._hours_or_days(number, second.value, ordinal=first.ordinal or second.ordinal)
        ends = self._clock(right) or self._side(right)
        if not isinstance(ends, Moment):
            return None
        if ends.kind == "stretch" and ends.stretch is not None:
            last = self._local(ends.stretch[0]).date()
            on = _with_day(last if number <= last.day else last.replace(day=1) - timedelta(days=1), number)
            return None if on is None else self._checked(wall(self.hours.zone, on, 0), ends.stretch[1])
        if ends.kind != "clock":
            return None
        until = self._local(ends.at)
        hour = number if number > 12 or number + 12 >= until.hour + (until.minute > 0) else number + 12
        if hour > until.hour:
            hour = number
        since = wall(self.hours.zone, until.date(), hour * 60)
        return self._checked(since, ends.at) if hour < 24 else None

    def _hours_or_days(self, first: int, second: int, *, ordinal: bool) -> AwaySpan | Refusal | None:
        today = self._local(self.now).date()
        on = next((each for n in range(62) if (each := today + timedelta(days=n)).day == first), None)
        last = None if on is None else next((each for n in range(31) if (each := on + timedelta(days=n)).day == second), None)
        as_hours, as_days = first < second <= 24 and not ordinal, on is not None and last is not None and last > on
        if as_hours and as_days and on is not None and last is not None:
            later = 12 if first < _AWAKE and second <= 12 else 0
            clocks, days = f"{first + later:02}:00-{second + later:02}:00", f"{on.day} {on:%B} to {last.day} {last:%B}"
            return Refusal(says=f"Hours or days: {clocks}, or {days}?", tries=(clocks, days))
        if as_days and on is not None and last is not None:
            zone = self.hours.zone
            return self._checked(wall(zone, on, 0), wall(zone, last + timedelta(days=1), 0))
        return None

    def _of_number(self, number: int, since: Instant, begins: Moment) -> Instant | None:
        """The end that a number alone says after a clock time ("friday 10 to 12") or a date ("march 5 to 9")."""
        began = self._local(since)
        if begins.kind == "clock":
            hour = number if number > began.hour else number + 12
            return wall(self.hours.zone, began.date(), hour * 60) if began.hour < hour <= 24 else None
        last = _with_day(began.date(), number)
        if begins.kind != "stretch" or last is None or last <= began.date():
            return None
        return wall(self.hours.zone, last + timedelta(days=1), 0)

    # One side

    def _until(self, text: str, *, inclusive: bool) -> AwaySpan | Refusal:
        """ "until friday"."""
        bare, _ = self.words.without_whole(text)
        read = read_when(bare or text, self.now, self.hours, languages=self.languages)
        if isinstance(read, Refusal):
            return _up_to_one(read)
        return self._checked(self.now, self._end(read, inclusive=inclusive))

    def _alone(self, text: str) -> AwaySpan | Refusal:
        """One time by itself."""
        freed = self._freed(text, "from")
        is_from = freed != text
        freed = self._freed(freed, "through_after")
        tailed = self.words.trailed(freed, "from_after")
        if tailed is not None:
            freed, is_from = tailed, True
        freed = freed if is_from else self._freed(freed, "for")
        bare, whole = self.words.without_whole(freed)
        if whole:
            bare = self._whole_of(bare)
        read: Moment | Refusal | None = self._clock(bare) if is_from else None
        for one in dict.fromkeys((bare, freed, text, f"in {bare}")):
            if one == f"in {bare}" and [item.kind for item in self.times.items(bare)] != ["month"]:
                continue
            if self.words.is_now(one):
                return Refusal(says="Until when?", tries=EXAMPLES)
            if isinstance(read, Moment):
                break
            found = read_when(one, self.now, self.hours, languages=self.languages)
            read = found if read is None or isinstance(found, Moment) else read
        if read is None or isinstance(read, Refusal):
            return _to_try(read or _UNREAD)
        if self._is_today(bare, read):
            today, then = self._local(self.now), self._local(read.at)
            return Refusal(
                says=f"It is {today:%A} today. Do you mean today, or {then.day} {then:%B}?",
                tries=("today", f"{then.day} {then:%B}"),
            )
        return self._one(bare, read, is_from=is_from)

    def _one(self, bare: str, read: Moment, *, is_from: bool) -> AwaySpan | Refusal:
        items = self.times.items(bare)
        if read.kind == "end":
            return self._checked(self.now, self._end(read, inclusive=False))
        if read.stretch is not None:
            since, until = max(self.now, read.stretch[0]), read.stretch[1]
            if is_from and (read.kind == "stretch" or since + 5 * HOUR < until or self._local(until).hour <= 12):
                return Refusal(says=f"Away from {bare} on, until when?", tries=(bare, f"from {bare} for 3 days"))
            return self._checked(since, until)
        if read.kind == "span":
            later = any(item.kind == "from_now" for item in items) or (items[0].kind == "in" and " " not in items[0].text)
            if not later or is_from:
                return self._checked(self.now, read.at)
            return Refusal(
                says=f"Away until {self._said(read.at)}, or from then on?",
                tries=(f"until {self._typed(read.at)}", f"from {self._typed(read.at)}"),
            )
        after = self.words.without_from(bare)
        if not is_from and after != bare:  # "tomorrow after 3pm"
            return self._alone_from(after)
        if is_from or any(item.kind == "at" or "at" in item.also for item in items[:-1]):
            return self._checked(read.at, self._closing(read.at))
        return Refusal(
            says=f"Away until {self._said(read.at)}, or from then on?",
            tries=(f"until {self._typed(read.at)}", f"from {self._typed(read.at)}"),
        )

    def _alone_from(self, text: str) -> AwaySpan | Refusal:
        read = self._side(text)
        return self._one(text, read, is_from=True) if isinstance(read, Moment) else _to_try(read or _UNREAD)

    def _whole_of(self, bare: str) -> str:
        """What "the whole week", "all day" mean, by what is left without "whole"."""
        items = self.times.items(bare)
        meant = _THIS.get(items[0].name) if len(items) == 1 and items[0].kind == "unit" else None if items else _THIS["day"]
        return next((text for text, meaning in self.times.meanings.items() if meaning[:2] == meant), bare)

    def _is_today(self, bare: str, read: Moment) -> bool:
        """Whether it is the weekday of today, which may be meant."""
        if read.kind != "stretch" or self._local(read.at).date() != self._local(self.now).date() + timedelta(days=7):
            return False
        return all(item.kind in ("weekday", "short_weekday", "on") for item in self.times.items(bare))

    # Instants

    def _local(self, at: Instant) -> datetime:
        return datetime.fromtimestamp(at, self.hours.zone)

    def _said(self, at: Instant) -> str:
        """An instant in a sentence."""
        then = self._local(at)
        return f"{then:%H:%M}" if then.date() == self._local(self.now).date() else f"{then:%A} {then.day} {then:%B}, {then:%H:%M}"

    def _typed(self, at: Instant) -> str:
        """An instant as it may be typed again."""
        then = self._local(at)
        if then.date() == self._local(self.now).date():
            return f"{then:%H:%M}"
        return f"{then.day} {then:%B} {then:%H:%M}"

    def _typed_day(self, moment: Moment) -> str:
        """The day of a moment as it may be typed again."""
        on = self._local(_start(moment))
        return f"{on.day} {on:%B}"

    def _end(self, ends: Moment, *, inclusive: bool) -> Instant:
        """Until when somebody is away who is so until then."""
        if ends.stretch is None:
            return ends.at
        if (
            inclusive
            or ends.kind == "end"
            or (self._local(ends.stretch[0]).date() == self._local(self.now).date() and ends.kind == "stretch")
        ):
            return ends.stretch[1]
        return ends.at

    def _closing(self, at: Instant) -> Instant:
        """When work ends on the day of an instant; where it has, midnight."""
        on = self._local(at).date()
        spans = day(self.hours, on)
        return spans[-1][1] if spans and spans[-1][1] > at else wall(self.hours.zone, on + timedelta(days=1), 0)

    def _checked(self, since: Instant, until: Instant) -> AwaySpan | Refusal:
        since = max(since, self.now)
        if until <= since:
            if until <= self.now:
                return Refusal(says="That is over already.", tries=EXAMPLES)
            return Refusal(says="That ends before it begins.", tries=EXAMPLES)
        return AwaySpan(since=since, until=until)


def _to_try(refused: Refusal) -> Refusal:
    """A refusal of one time, with spans to try."""
    return _up_to_one(refused) if refused.tries == TIMES else refused


def _up_to_one(refused: Refusal) -> Refusal:
    """A refusal of the time until which somebody is away."""
    return Refusal(says=refused.says, tries=tuple(f"until {each}" for each in refused.tries))


def _start(moment: Moment) -> Instant:
    return moment.at if moment.stretch is None else moment.stretch[0]


def _with_day(on: date, number: int) -> date | None:
    """The day of a date's month with this number."""
    try:
        return on.replace(day=number)
    except ValueError:  # no month has 45 days, and not each has 31
        return None
