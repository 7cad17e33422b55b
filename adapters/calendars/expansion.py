"""What stands in an iCalendar file in a span of time, each recurrence by itself.

Run as a program it reads the file from standard input, so that whoever started it can end it: a few lines can ask for years of
work ("every second", "each 30 February"), and nothing but ending it stops that.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from bot.domain.durations import Instant
from bot.domain.duty import CalendarEntry
from bot.errors import CalendarError

MOST_EVENTS = 5_000
"""Events of a calendar, each series counted once: decades of a team's."""

MOST_ENTRIES = 2_000
"""Entries in a span of some weeks."""

LONGEST_SUMMARY = 200

MOST_PEOPLE = 50

NO_CALENDAR = "What the calendar's address gives is no calendar (text that begins with BEGIN:VCALENDAR)."

_DAMAGED = (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError)
"""What the libraries raise on entries that make no sense."""

_WITHIN_A_DAY = ("SECONDLY", "MINUTELY", "HOURLY")
_PARTS_OF_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")


def entries(content: bytes, since: Instant, until: Instant, zone: tzinfo) -> list[CalendarEntry]:
    """The entries that touch a span, in order. Whole days, and times without a zone, are meant by the clock of `zone`. A series
    that recurs within a day is none of shifts or absences, and is left out, like what is damaged. Raises CalendarError."""
    try:
        calendar = Calendar.from_ical(content)
    except (ValueError, IndexError, KeyError, TypeError) as error:  # what the library raises on damaged lines
        raise CalendarError(
            "What the calendar's address gives is no calendar (text that begins with BEGIN:VCALENDAR)."
        ) from error
    if not isinstance(calendar, Calendar):
        raise CalendarError(NO_CALENDAR)
    events = [event for event in calendar.events if _is_taken(event)]
    if len(events) > MOST_EVENTS:
        raise CalendarError(f"The calendar has more than {MOST_EVENTS:,} events. One of shifts alone will do.")
    calendar.subcomponents = [part for part in calendar.subcomponents if not isinstance(part, Event)] + list(events)
    start, stop = datetime.fromtimestamp(since, UTC), datetime.fromtimestamp(until, UTC)
    found: list[CalendarEntry] = []
    for event in _between(calendar, events, start, stop):
        try:
            entry = _entry(event, zone)
        except _DAMAGED:
            continue
        if entry is not None and entry.since < until and entry.until > since:
            found.append(entry)
        if len(found) > MOST_ENTRIES:
            raise CalendarError(f"The calendar has more than {MOST_ENTRIES:,} entries in the weeks around now.")
    return sorted(found, key=lambda entry: (entry.since, entry.until, entry.summary))


def _between(calendar: Calendar, events: Sequence[Event], start: datetime, stop: datetime) -> Iterator[Event]:
    """Each time of each event in a span. Where one is so damaged that the library gives all up, each series is read by itself,
    and the damaged one alone is left out."""
    try:
        yield from recurring_ical_events.of(calendar, skip_bad_series=True).between(start, stop)
        return
    except _DAMAGED:
        pass
    series: dict[str, list[Event]] = {}
    for event in events:
        series.setdefault(str(event.get("UID", "")), []).append(event)
    others = [part for part in calendar.subcomponents if not isinstance(part, Event)]
    for one in series.values():
        calendar.subcomponents = [*others, *one]
        try:
            yield from recurring_ical_events.of(calendar, skip_bad_series=True).between(start, stop)
        except _DAMAGED:
            continue


def _is_taken(event: Event) -> bool:
    try:
        return not _recurs_within_a_day(event)
    except _DAMAGED:
        return False


def _recurs_within_a_day(event: Event) -> bool:
    rules = event.get("RRULE")
    for rule in rules if isinstance(rules, list) else [] if rules is None else [rules]:
        if any(str(each).upper() in _WITHIN_A_DAY for each in rule.get("FREQ", ())):
            return True
        if any(len(rule.get(part, ())) > 1 for part in _PARTS_OF_A_DAY):
            return True
    return False


def _entry(event: Event, zone: tzinfo) -> CalendarEntry | None:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return None
    starts = event.get("DTSTART")
    if starts is None:
        return None
    ends = event.get("DTEND")
    lasts = event.get("DURATION")
    first = starts.dt
    if ends is not None:
        last = ends.dt
    elif lasts is not None:
        last = first + lasts.dt
    else:
        last = first if isinstance(first, datetime) else first + timedelta(days=1)
    since, until = _instant(first, zone), _instant(last, zone)
    if until <= since:
        return None
    names, emails = _people(event)
    summary = str(event.get("SUMMARY", ""))[:LONGEST_SUMMARY]
    return CalendarEntry(summary=summary, since=since, until=until, names=names, emails=emails)


def _instant(at: date, zone: tzinfo) -> Instant:
    if not isinstance(at, datetime):
        at = datetime.combine(at, time.min)
    return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).timestamp()


def _people(event: Event) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who takes part, by name and by address; whoever declined doesn't."""
    listed = event.get("ATTENDEE", [])
    names: list[str] = []
    emails: list[str] = []
    for attendee in (listed if isinstance(listed, list) else [listed])[:MOST_PEOPLE]:
        if str(attendee.params.get("PARTSTAT", "")).upper() == "DECLINED":
            continue
        email = str(attendee).casefold().removeprefix("mailto:").strip()
        if email:
            emails.append(email)
        if name := str(attendee.params.get("CN", "")).strip():
            names.append(name)
    return tuple(dict.fromkeys(names)), tuple(dict.fromkeys(emails))


def packed(found: Iterable[CalendarEntry]) -> str:
    """Entries as one line of text."""
    return json.dumps([[one.summary, one.since, one.until, one.names, one.emails] for one in found])


def unpacked(line: str) -> list[CalendarEntry]:
    """The entries of such a line."""
    return [
        CalendarEntry(summary=summary, since=since, until=until, names=tuple(names), emails=tuple(emails))
        for summary, since, until, names, emails in json.loads(line)
    ]


def main(arguments: Sequence[str]) -> Iterator[str]:
    """What the program prints: "SINCE UNTIL ZONE" are its arguments."""
    since, until, zone = arguments
    try:
        yield packed(entries(sys.stdin.buffer.read(), float(since), float(until), ZoneInfo(zone)))
    except CalendarError as error:
        yield json.dumps(str(error))


if __name__ == "__main__":
    for line in main(sys.argv[1:]):
        sys.stdout.write(line + "\n")
