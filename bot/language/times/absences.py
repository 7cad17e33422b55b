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
| at lunch, tomorrow over lunch  | their own break about noon, else from 12:00 until 13:00                  |

A second side is read as what comes after the first: "monday to wednesday" is one week's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.durations import DAY, HOUR, Instant
from bot.domain.hours import Hours, wall
from bot.domain.refusal import Moment, Refusal, quoted
from bot.language.languages import Languages
from bot.language.times.away_clock import EXAMPLES, AwayClock, AwaySpan, spans_to_try, start_of, up_to_one
from bot.language.times.bare_numbers import bare_number, hours_or_days, with_day
from bot.language.times.bounds import BEHIND, Bound, Bounds, Cut, load_bounds
from bot.language.times.input import EXAMPLES as TIMES
from bot.language.times.input import load_typed_time_words, read_when, slip
from bot.language.times.lunch import read_lunch
from bot.language.times.slips import corrected
from bot.language.times.words import TimeWords, load_time_words

LONGEST = 90
"""Characters: two times with what stands between them."""

_HOUR_AT_END = re.compile(r"(.*\S) +(\d{1,2})")

_UNREAD = Refusal(says="Until when?", tries=TIMES)

_THIS = {"day": ("day", "today"), "week": ("week", "this_week"), "month": ("week", "this_month")}
"""Unit of time -> kind and list of the words for the one that is now."""


def read_absence(text: str, now: Instant, hours: Hours, *, languages: Languages | None = None) -> AwaySpan | Refusal:
    """The span that `text` says, by the clock of `hours`' zone, from `now` on. A refusal says what to type instead; never raises.

    `hours` are the person's own, without the time they are away already.
    """
    reader = _Reader(now=now, hours=replace(hours, away=()), languages=languages)
    said = " ".join(text.replace("\u2019", "'").split()).strip(" .,!")
    if len(said) > LONGEST:
        return Refusal(says="That is too long for a time.", tries=EXAMPLES)
    folded = reader.times.fold(said).strip(" .,!")
    read = reader.read(folded)
    if isinstance(read, Refusal) and "," in folded and (each := reader.each(folded)):
        return Refusal(says="Please say each by itself.", tries=each)
    if isinstance(read, Refusal) and not read.meant:
        meant = corrected(folded, reader.times, load_typed_time_words(languages).bounds)
        if meant and isinstance(reader.read(meant), AwaySpan):
            return slip(said, meant)
    return read


_DAYS = frozenset({"day", "weekday", "short_weekday"})

_AT = frozenset({"at", "at_hours"})

_DAY_BEHIND = frozenset({"day", "weekday", "short_weekday", "month", "date"})

_ONE = frozenset({"part", "day", "week", "feast", "weekday", "unit"})
"""Kinds of phrases that no bound cuts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads the spans that one person types at one instant."""

    now: Instant
    hours: Hours
    languages: Languages | None

    @property
    def clock(self) -> AwayClock:
        """Their clock."""
        return AwayClock(now=self.now, hours=self.hours)

    @property
    def times(self) -> TimeWords:
        return load_time_words(self.languages)

    @property
    def words(self) -> Bounds:
        return load_bounds(self.languages)

    def read(self, text: str) -> AwaySpan | Refusal:
        lunch = read_lunch(text, self.clock, self.words, self._day)
        if lunch is not None:
            return lunch
        text = self.words.without_why(text)
        if not text:
            return Refusal(says="Until when?", tries=EXAMPLES)
        refused: Refusal | None = None
        unread: Refusal | None = None
        for cut in self.words.cuts(text):
            found = None if self._is_inside(cut, text) else self._of(cut)
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
        return spans_to_try(unread) if unread is not None and isinstance(alone, Refusal) and alone.tries != EXAMPLES else alone

    def each(self, text: str) -> tuple[str, ...]:
        """Spans with commas between them, one by one, the later ones on the day of the first: "tomorrow 9-12, 14-16"; none where
        they aren't spans."""
        first, *others = (part.strip() for part in text.split(","))
        days = [item.text for item in self.times.items(first) if item.kind in _DAY_BEHIND]
        found = (first, *(" ".join([*days, other]) for other in others))
        return found if all(isinstance(self.read(one), AwaySpan) for one in found) else ()

    def _day(self, text: str) -> date | None:
        """The one day that a text names, today too where it is of this weekday."""
        read = self._side(text)
        read = self._from_today_on(text, read) if isinstance(read, Moment) else read
        if not isinstance(read, Moment) or read.kind != "stretch" or read.stretch is None:
            return None
        first, last = (self.clock.local(at).date() for at in (read.stretch[0], read.stretch[1] - 1))
        return first if first == last else None

    # Two sides

    def _is_inside(self, cut: Cut, text: str) -> bool:
        """Whether a bound is none but stands inside what is one time: "sexta à tarde", "demain à midi", "vendredi après-midi"."""
        items = self.times.items(text)
        if any(item.kind in _ONE and item.start <= cut.start and cut.end <= item.end for item in items):
            return True
        bounds = cut.bound not in ("to", "from") or self.words.is_until(cut.between.strip())
        if bounds or self.words.led(text, "from") is not None:
            return False
        left, right = self._side(cut.left), self._clock(cut.right) or self._side(cut.right)
        if not (isinstance(left, Moment) and left.kind == "stretch" and isinstance(right, Moment)) or "-" in cut.between:
            return False
        parts = all(item.kind in ("part", "fill") for item in self.times.items(cut.right))
        read = read_when(text, self.now, self.hours, ours_alone=True, languages=self.languages)
        return (parts or right.kind == "clock") and isinstance(read, Moment) and read.kind in ("part", "clock")

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
        if cut.between.strip() == "," and any(item.kind not in _DAYS for item in self.times.items(f"{cut.left} {cut.right}")):
            return None
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
        begins = self._from_today_on(cut.left, begins) if not self._of_other_week(right) else begins
        if one_day := self._on_day_of(begins, cut.left, right):
            return one_day
        since = start_of(begins)
        return self._up_to(right, since, begins, inclusive=inclusive, cut=cut)

    def _on_day_of(self, begins: Moment, left: str, right: str) -> AwaySpan | None:
        """Two clock times with one day behind them, which is both's: "2pm-4pm tomorrow"; not "2pm to friday 4pm"."""
        items = self.times.items(right)
        if begins.kind != "clock" or self._names_day(left) or not items or self._names_day(right[: items[0].end]):
            return None
        ends = self._ending(right, self.now) if items[-1].kind in _DAY_BEHIND else None
        return self.clock.on_day_of(ends, begins) if isinstance(ends, Moment) and ends.kind == "clock" else None

    def _from_today_on(self, text: str, begins: Moment) -> Moment:
        """Where a span begins by a weekday that is today's, it begins today: nobody means next week by "mon-fri" on a Monday."""
        if not self._is_today(self.words.led(text, "from") or text, begins) or begins.stretch is None:
            return begins
        on = self.clock.local(self.now).date()
        zone = self.hours.zone
        return Moment(at=self.now, kind="stretch", stretch=(wall(zone, on, 0), wall(zone, on + timedelta(days=1), 0)))

    def _of_other_week(self, text: str) -> bool:
        """Whether a second side says which week both are of: "mon to fri next week"."""
        return any(item.kind in ("week", "next", "next_after") for item in self.times.items(text))

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
        return read if read.tries != TIMES and bare_number(self.times.items(text)) is None else None

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
        number = bare_number(self.times.items(right))
        if number is not None:
            return self._up_to_number(number.value, since, begins, cut)
        ends = self._ending(right, self.now)
        clocks = begins.kind == "clock" and isinstance(ends, Moment) and ends.kind == "clock" and not self._names_day(cut.left)
        if clocks and isinstance(ends, Moment) and self.now < ends.at < since and self.clock.is_tomorrow(since):
            return self.clock.span(self.now, ends.at)  # "9:00-17:00", said at 10:00
        if isinstance(ends, Moment) and (until := self.clock.end(ends, inclusive=inclusive)) > max(since, self.now):
            return self.clock.span(since, until)
        late: Moment | Refusal | None = None
        if (isinstance(ends, Moment) and ends.kind == "clock") or not self._from_today(right):
            at = max(since, self.now)
            late = self._ending(right, at)
        if isinstance(late, Moment):
            until = self.clock.end(late, inclusive=inclusive)
            began = self.clock.a_year_earlier(since)
            if began <= self.now < until and isinstance(ends, Moment) is False and begins.kind != "clock":
                return self.clock.span(self.now, until)
            earlier = self.clock.a_year_earlier(until)
            if began <= self.now < earlier:  # "2 march to 9 march", said on the 4th
                return self.clock.span(self.now, earlier)
            return self.clock.span(since, until)
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
            by_hours = None if ends is None or not isinstance(at, Moment) else self.clock.span(at.at, ends)
        if until is None:
            return by_hours
        if isinstance(by_hours, AwaySpan) and hour is not None:
            first, last = self.clock.local(since), self.clock.local(until - 1)
            clocks = f"{hour[1]} {self.clock.local(by_hours.since):%H:%M}-{self.clock.local(by_hours.until):%H:%M}"
            days = f"{first.day} {first:%B} to {last.day} {last:%B}"
            return Refusal(says=f"Hours or days: {clocks}, or {days}?", tries=(clocks, days))
        return self.clock.span(since, until)

    def _names_day(self, text: str) -> bool:
        """Whether a side says more of its day than a clock time does."""
        kinds = ("day", "weekday", "short_weekday", "month", "date", "week", "unit", "part")
        return any(item.kind in kinds for item in self.times.items(text))

    def _from_today(self, text: str) -> bool:
        """Whether a time counts from today on, so that it stays where it is: "tomorrow", "next week"."""
        return any(item.kind in ("day", "unit", "week") for item in self.times.items(text))

    def _both(self, left: str, right: str) -> AwaySpan | Refusal | None:
        """ "monday and tuesday", "5 and 6 march", which follow one another."""
        items = self.times.items(left)
        days = self._numbers(left[items[0].end :].strip() if len(items) > 1 and items[0].kind == "on" else left, right)
        if isinstance(days, AwaySpan) and days.until - days.since > 23 * HOUR:
            between = (self.clock.local(days.until - 1).date() - self.clock.local(days.since).date()).days > 1
            return (
                Refusal(says="Please say each day by itself, or from the first to the last.", tries=EXAMPLES) if between else days
            )
        first = self._side(left)
        if not isinstance(first, Moment):
            return None
        first = first if self._of_other_week(right) else self._from_today_on(left, first)
        if first.stretch is None:
            return None
        second = self._side(right, first.stretch[0])
        if not isinstance(second, Moment) or second.stretch is None:
            return None
        if (self.clock.local(second.stretch[0]).date() - self.clock.local(first.stretch[1] - 1).date()).days > 1:
            return Refusal(
                says="Please say each by itself, since there is a day between.",
                tries=(self.clock.typed_day(first), self.clock.typed_day(second)),
            )
        return self.clock.span(first.stretch[0], max(first.stretch[1], second.stretch[1]))

    def _lasting(self, start: str, length: str) -> AwaySpan | Refusal | None:
        """ "from tomorrow for 3 days"."""
        spans = self._side(length)
        if not isinstance(spans, Moment) or spans.kind != "span" or self.words.is_now(start):
            return None
        begins = self._side(self._freed(start, "from", "from_after"))
        if not isinstance(begins, Moment) or begins.kind == "span":
            return None
        since, seconds = start_of(begins), spans.at - self.now
        bare = self._freed(start, "from", "from_after")
        if self._is_today(bare, begins):
            return self.clock.asked_which(begins, length)
        if begins.kind == "stretch" and seconds < 23 * HOUR:
            return Refusal(says=f"From what time on {start}?", tries=(f"{start} 9:00-11:00", f"{start} afternoon"))
        if round(seconds / DAY) >= 1 and abs(seconds - round(seconds / DAY) * DAY) <= HOUR:
            began = self.clock.local(since)
            last = began.date() + timedelta(days=round(seconds / DAY))
            return self.clock.span(since, wall(self.hours.zone, last, began.hour * 60 + began.minute))
        return self.clock.span(since, since + seconds)

    # Bare numbers

    def _numbers(self, left: str, right: str) -> AwaySpan | Refusal | None:
        """A side that is a number alone: "5 to 9 march", "2-4pm", "14-16"."""
        first, second = bare_number(self.times.items(left)), bare_number(self.times.items(right))
        if first is None:
            return None
        number = first.value
        if second is not None:
            return self._hours_or_days(number, second.value, ordinal=first.ordinal or second.ordinal)
        ends = self._clock(right) or self._side(right)
        if not isinstance(ends, Moment):
            return None
        if ends.kind == "stretch" and ends.stretch is not None:
            last = self.clock.local(ends.stretch[0]).date()
            on = with_day(last if number <= last.day else last.replace(day=1) - timedelta(days=1), number)
            return None if on is None else self.clock.span(wall(self.hours.zone, on, 0), ends.stretch[1])
        if ends.kind != "clock":
            return None
        until = self.clock.local(ends.at)
        hour = number if number > 12 or number + 12 >= until.hour + (until.minute > 0) else number + 12
        if hour > until.hour:
            hour = number
        since = wall(self.hours.zone, until.date(), hour * 60)
        return self.clock.span(since, ends.at) if hour < 24 else None

    def _hours_or_days(self, first: int, second: int, *, ordinal: bool) -> AwaySpan | Refusal | None:
        today = self.clock.local(self.now).date()
        on = next((each for n in range(62) if (each := today + timedelta(days=n)).day == first), None)
        last = None if on is None else next((each for n in range(31) if (each := on + timedelta(days=n)).day == second), None)
        if on is None or last is None or last <= on:
            return None
        asked = None if ordinal else hours_or_days(first, second, on, last)
        if asked is not None:
            return asked
        return self.clock.span(wall(self.hours.zone, on, 0), wall(self.hours.zone, last + timedelta(days=1), 0))

    def _of_number(self, number: int, since: Instant, begins: Moment) -> Instant | None:
        """The end that a number alone says after a clock time ("friday 10 to 12") or a date ("march 5 to 9")."""
        began = self.clock.local(since)
        if begins.kind == "clock":
            hour = number if number > began.hour else number + 12
            return wall(self.hours.zone, began.date(), hour * 60) if began.hour < hour <= 24 else None
        last = with_day(began.date(), number)
        if begins.kind != "stretch" or last is None or last <= began.date():
            return None
        return wall(self.hours.zone, last + timedelta(days=1), 0)

    # One side

    def _until(self, text: str, *, inclusive: bool) -> AwaySpan | Refusal:
        """ "until friday"."""
        bare, _ = self.words.without_whole(text)
        month = [item.kind for item in self.times.items(bare)] == ["month"]
        read = read_when(f"in {bare}" if month else bare or text, self.now, self.hours, languages=self.languages)
        if isinstance(read, Refusal):
            return up_to_one(read)
        if month and read.stretch is not None and read.stretch[0] <= self.now:
            first, ends = self.clock.local(self.now).replace(day=1), self.clock.local(read.stretch[1] - 1)
            return Refusal(
                says=f"It is {first:%B} now. Until its end, or until next year's?",
                tries=(f"through {ends.day} {ends:%B}", f"until 1 {first:%B} {first.year + 1}"),
            )
        return self.clock.span(self.now, self.clock.end(read, inclusive=inclusive))

    def _alone(self, text: str) -> AwaySpan | Refusal:
        """One time by itself."""
        first = next(iter(self.times.items(text)), None)
        freed = text if first is not None and first.kind in _ONE else self._freed(text, "from")  # "na próxima semana"
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
            return spans_to_try(read or _UNREAD)
        if self._is_today(bare, read):
            return self.clock.asked_which(read)
        return self._one(bare, read, is_from=is_from)

    def _one(self, bare: str, read: Moment, *, is_from: bool) -> AwaySpan | Refusal:
        items = self.times.items(bare)
        if read.kind == "end":
            return self.clock.span(self.now, self.clock.end(read, inclusive=False))
        if read.stretch is not None:
            since, until = max(self.now, read.stretch[0]), read.stretch[1]
            if is_from and (read.kind == "stretch" or since + 5 * HOUR < until or self.clock.local(until).hour <= 12):
                return Refusal(says=f"From {bare} on, until when?", tries=(bare, f"from {bare} for 3 days"))
            return self.clock.span(since, until)
        if read.kind == "span":
            later = any(item.kind == "from_now" for item in items) or (items[0].kind == "in" and " " not in items[0].text)
            if is_from and (later or items[0].kind == "in"):  # "from in 2 hours"
                return self.clock.span(read.at, self.clock.closing(read.at))
            if read.at == self.now + DAY / 2 and any(item.kind == "unit" and item.value == DAY for item in items):
                return Refusal(says="Which half of the day?", tries=("this afternoon", "tomorrow morning", "4h"))
            if not later:
                return self.clock.span(self.now, read.at)
            return Refusal(
                says=f"Until {self.clock.said(read.at)}, or from then on?",
                tries=(f"until {self.clock.typed(read.at)}", f"from {self.clock.typed(read.at)}"),
            )
        after = self.words.without_from(bare)
        if not is_from and after != bare:  # "tomorrow after 3pm"
            return self._alone_from(after)
        if is_from or any(item.kind in _AT or not _AT.isdisjoint(item.also) for item in items[:-1]):
            return self.clock.span(read.at, self.clock.closing(read.at))
        return Refusal(
            says=f"Until {self.clock.said(read.at)}, or from then on?",
            tries=(f"until {self.clock.typed(read.at)}", f"from {self.clock.typed(read.at)}"),
        )

    def _alone_from(self, text: str) -> AwaySpan | Refusal:
        read = self._side(text)
        return self._one(text, read, is_from=True) if isinstance(read, Moment) else spans_to_try(read or _UNREAD)

    def _whole_of(self, bare: str) -> str:
        """What "the whole week", "all day" mean, by what is left without "whole"."""
        items = self.times.items(bare)
        meant = _THIS.get(items[0].name) if len(items) == 1 and items[0].kind == "unit" else None if items else _THIS["day"]
        return next((text for text, meaning in self.times.meanings.items() if meaning[:2] == meant), bare)

    def _is_today(self, bare: str, read: Moment) -> bool:
        """Whether it is the weekday of today, which may be meant."""
        if read.kind != "stretch" or self.clock.local(read.at).date() != self.clock.local(self.now).date() + timedelta(days=7):
            return False
        return all(item.kind in ("weekday", "short_weekday", "on") for item in self.times.items(bare))
