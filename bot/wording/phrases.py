"""The small change of wording: counts, spans of time, moments, lists of people and shortened texts. English only.

Times are said as people say them; nobody's gender is guessed; no sentence blames anybody.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo

from bot.domain import durations
from bot.domain.durations import Instant, Seconds
from bot.domain.hours import Hours, WorkingSpan
from bot.domain.views import Bold, Link, PersonName, Plain, Span, Spans, Timestamp
from bot.domain.written_hours import NEXT_DAY

QUOTED = 280
"""Characters of a question that are shown: enough to know what it is about, not so much that the reminder becomes a page."""

SNIPPET = 72
"""Characters of a question in a list, where each wait has a line."""

NOTICEABLE: Seconds = 30 * 60
"""Working time is told apart from wall time when they differ by this much: less is a matter of rounding to a reader."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def count(number: int, one: str, many: str | None = None) -> str:
    """ "1 customer", "3 customers"; `many` where the plural isn't made with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def span_of(seconds: Seconds) -> str:
    """How long something has lasted: as `durations.say`, but "less than a minute" and never "just now"."""
    said = durations.say(max(0.0, seconds))
    return "less than a minute" if said == "just now" else said


def after(seconds: Seconds) -> str:
    """ "after 42 min", "within a minute"."""
    said = durations.say(max(0.0, seconds))
    return "within a minute" if said == "just now" else f"after {said}"


def say_moment(instant: Instant, zone: tzinfo, now: Instant) -> str:
    """An instant by the clock of `zone`: as `durations.say_clock`, with the weekday where it is clear ("Friday 16:00": two to
    six days from now, before or after; which of the two the sentence says)."""
    then, today = datetime.fromtimestamp(instant, zone), datetime.fromtimestamp(now, zone)
    if 2 <= abs((then.date() - today.date()).days) <= 6:
        return f"{_DAYS[then.weekday()]} {then.hour:02}:{then.minute:02}"
    return durations.say_clock(instant, zone, now)


def say_day(instant: Instant, zone: tzinfo, now: Instant) -> str:
    """The day of an instant by the calendar of `zone`: "today", "yesterday", "tomorrow", "on Friday", "on 3 May"."""
    then, today = datetime.fromtimestamp(instant, zone).date(), datetime.fromtimestamp(now, zone).date()
    if then == today:
        return "today"
    words = say_moment(instant, zone, now).rsplit(" ", 1)[0]
    return words if words in ("yesterday", "tomorrow") else f"on {words}"


def say_date(instant: Instant, zone: tzinfo, now: Instant) -> str:
    """The date of an instant by the calendar of `zone`: "Thu 5 March", and with the year when it is another one."""
    then, today = datetime.fromtimestamp(instant, zone), datetime.fromtimestamp(now, zone)
    year = "" if then.year == today.year else f" {then.year}"
    return f"{_DAYS[then.weekday()][:3]} {then.day} {_MONTHS[then.month - 1]}{year}"


def say_days(since: Instant, until: Instant, zone: tzinfo, now: Instant) -> str:
    """The days of a span, the last one as far as it is touched: "Thu 5 March", "Thu 5 March to Fri 6 March"."""
    first, last = say_date(since, zone, now), say_date(max(since, until - 1), zone, now)
    return first if first == last else f"{first} to {last}"


def say_hours(hours: Hours) -> str:
    """Hours as people write them: "Mon-Thu 09:00-17:00, Fri 09:00-13:00, Europe/Berlin"."""
    parts: list[str] = []
    day = 0
    while day < 7:
        last = day
        while last < 6 and hours.week[last + 1] == hours.week[day]:
            last += 1
        if hours.week[day]:
            spans = " and ".join(map(say_span, hours.week[day]))
            parts.append(f"{_DAYS[day][:3]}{'' if last == day else '-' + _DAYS[last][:3]} {spans}")
        day = last + 1
    return f"{', '.join(parts) or 'none'}, {hours.zone}"


def say_span(span: WorkingSpan) -> str:
    """Hours of a day as they are written: "09:00-17:00", "22:00-06:00 next day"."""
    return f"{_clock(span.opens)}-{_clock(span.closes)}{f' {NEXT_DAY}' if span.closes > 24 * 60 else ''}"


def _clock(minute: int) -> str:
    return f"{minute // 60 if minute <= 24 * 60 else minute // 60 - 24:02}:{minute % 60:02}"


def waited(wall: Seconds, working: Seconds) -> Spans:
    """How long somebody has waited: "42 min", or by both clocks where they differ: "14 h (42 min of working time)"."""
    spans: Spans = (Bold(span_of(wall)),)
    if wall - working < NOTICEABLE:
        return spans
    share = "none of it working time" if working < durations.MINUTE / 2 else f"{_hours_of(working)} of working time"
    return (*spans, Plain(f" ({share})"))


def _hours_of(working: Seconds) -> str:
    """Working time in hours: "1 day" of it would be read as a working day."""
    return span_of(working) if working < 24 * durations.HOUR else f"{working / durations.HOUR:.0f} h"


def customer_name(customer: str, company: str | None = None) -> Spans:
    """Who waits, with what is known of where they come from: "Dana (Reef Hotels)"."""
    return (PersonName(customer),) if company is None else (PersonName(customer), Plain(f" ({company})"))


def people(ids: Sequence[str], *, ping: Collection[str] = ()) -> Spans:
    """ "Ana", "Ana and Ben", "Ana, Ben and Mia". Those in `ping` are notified."""
    spans: list[Span] = []
    for place, person in enumerate(ids):
        if place:
            spans.append(Plain(" and " if place == len(ids) - 1 else ", "))
        spans.append(PersonName(person, ping=person in ping))
    return tuple(spans)


def channel(name: str) -> str:
    """A channel's name as people write it: "#help"."""
    return name if name.startswith("#") else f"#{name}"


def place(name: str, link: str | None) -> Span:
    """Where it is: the channel's name, leading to the message where there is a link."""
    return Plain(channel(name)) if link is None else Link(link, channel(name))


def since(at: Instant) -> Spans:
    """ "since 13:23"."""
    return (Plain("since "), Timestamp(at))


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words where there are any, with "…" for what is left out. Blank lines and runs of
    blanks are closed up, because people are shown the gist."""
    kept = _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()
    if len(kept) <= limit:
        return kept
    cut = kept[: limit - 1]
    space = max(cut.rfind(" "), cut.rfind("\n"))
    if not kept[limit - 1].isspace() and space >= limit // 2:
        cut = cut[:space]
    return cut.rstrip(" \n,;:.-") + "…"


def gist(texts: Sequence[str], limit: int = QUOTED) -> str:
    """The texts of one burst as one shortened quote, a line each; empty when nothing is kept."""
    return shorten("\n".join(text for text in texts if text.strip()), limit)


def snippet(texts: Sequence[str]) -> str:
    """The texts of one burst as part of one line; empty when nothing is kept."""
    return shorten(" ".join(" ".join(text.split()) for text in texts), SNIPPET)


def with_newest(texts: Sequence[str]) -> str:
    """The texts of one burst as a line; where the latest of them doesn't fit into it, with that on a line of its own."""
    line = snippet(texts)
    if len(texts) < 2 or line.endswith(snippet(texts[-1:])):
        return line
    return f"{snippet(texts[:-1])}\n{snippet(texts[-1:])}"
