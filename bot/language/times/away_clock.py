"""The clock of somebody who says that they are away: until when a time bounds their absence, and how it is said back to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.durations import DAY, Instant
from bot.domain.hours import Hours, day, wall
from bot.domain.refusal import Moment, Refusal
from bot.language.times.input import EXAMPLES as TIMES

EXAMPLES = ("until monday", "friday", "2h", "tomorrow until 1 December")
"""Spans as they may be typed."""

_LENGTH = re.compile(r"\d+[mh]")
"""A length of time, which no "until" stands before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaySpan:
    """From when until when somebody is away."""

    since: Instant
    until: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayClock:
    """One person's instants and hours, seen from one instant."""

    now: Instant
    hours: Hours

    def local(self, at: Instant) -> datetime:
        """An instant by their clock."""
        return datetime.fromtimestamp(at, self.hours.zone)

    def is_tomorrow(self, at: Instant) -> bool:
        """Whether an instant is of the next day."""
        return self.local(at).date() == self.local(self.now).date() + timedelta(days=1)

    def said(self, at: Instant) -> str:
        """An instant in a sentence."""
        then = self.local(at)
        return f"{then:%H:%M}" if then.date() == self.local(self.now).date() else f"{then:%A} {then.day} {then:%B}, {then:%H:%M}"

    def typed(self, at: Instant) -> str:
        """An instant as it may be typed again."""
        then = self.local(at)
        if then.date() == self.local(self.now).date():
            return f"{then:%H:%M}"
        return f"{then.day} {then:%B} {then:%H:%M}"

    def typed_day(self, moment: Moment) -> str:
        """The day of a moment as it may be typed again."""
        on = self.local(start_of(moment))
        return f"{on.day} {on:%B}"

    def end(self, ends: Moment, *, inclusive: bool) -> Instant:
        """Until when somebody is away who is so until then."""
        if ends.stretch is None:
            return ends.at
        if (
            inclusive
            or ends.kind == "end"
            or (self.local(ends.stretch[0]).date() == self.local(self.now).date() and ends.kind == "stretch")
        ):
            return ends.stretch[1]
        return ends.at

    def on_day_of(self, ends: Moment, begins: Moment) -> AwaySpan | None:
        """From the clock time of `begins` on the day of `ends`; None where that isn't before it, or is over."""
        began = self.local(begins.at)
        since = wall(self.hours.zone, self.local(ends.at).date(), began.hour * 60 + began.minute)
        read = self.span(since, ends.at) if self.now <= since < ends.at else None
        return read if isinstance(read, AwaySpan) else None

    def asked_which(self, read: Moment, length: str = "") -> Refusal:
        """Today, or the same weekday of next week? `length` is how long from then on."""
        today, then = self.local(self.now), self.local(read.at)
        on = f"{then.day} {then:%B}"
        return Refusal(
            says=f"It is {today:%A} today. Do you mean today, or {on}?",
            tries=tuple(f"from {each} for {length}" if length else each for each in ("today", on)),
        )

    def closing(self, at: Instant) -> Instant:
        """When work ends on the day of an instant; where it has, midnight."""
        on = self.local(at).date()
        spans = day(self.hours, on)
        return spans[-1][1] if spans and spans[-1][1] > at else wall(self.hours.zone, on + timedelta(days=1), 0)

    def span(self, since: Instant, until: Instant) -> AwaySpan | Refusal:
        """The span between two instants, from now on at the earliest."""
        since = max(since, self.now)
        if until <= since:
            if until <= self.now:
                return Refusal(says="That is over already.", tries=EXAMPLES)
            return Refusal(says="That ends before it begins.", tries=EXAMPLES)
        return AwaySpan(since=since, until=until)

    def a_year_earlier(self, at: Instant) -> Instant:
        """The same day of the year before."""
        return at - 365 * DAY


def start_of(moment: Moment) -> Instant:
    """When a moment begins."""
    return moment.at if moment.stretch is None else moment.stretch[0]


def spans_to_try(refused: Refusal) -> Refusal:
    """A refusal of one time, with spans to try."""
    return up_to_one(refused) if refused.tries == TIMES else refused


def up_to_one(refused: Refusal) -> Refusal:
    """A refusal of the time until which somebody is away."""
    return Refusal(
        says=refused.says,
        tries=tuple(each if _LENGTH.fullmatch(each) else f"until {each}" for each in refused.tries),
        meant=refused.meant,
        wrong_time=refused.wrong_time,
    )
