"""What is read of a calendar: times, whole days, recurrences, people; and what is left out."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from adapters.calendars.expansion import entries
from bot.domain.duty import CalendarEntry
from bot.errors import CalendarError

BERLIN = ZoneInfo("Europe/Berlin")


def at(day: int, hour: int = 0, month: int = 3) -> float:
    return datetime(2026, month, day, hour, tzinfo=BERLIN).timestamp()


def read(*events: str, since: float = at(1), until: float = at(31)) -> list[CalendarEntry]:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Harbor//shifts//EN"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}@harbor.example", "DTSTAMP:20260101T000000Z", *event.split(), "END:VEVENT"]
    return entries("\r\n".join([*lines, "END:VCALENDAR", ""]).encode(), since, until, BERLIN)


def test_whole_days_are_meant_by_the_team_s_clock() -> None:
    (entry,) = read("DTSTART;VALUE=DATE:20260316 DTEND;VALUE=DATE:20260318 SUMMARY:Ana")
    assert (entry.summary, entry.since, entry.until) == ("Ana", at(16), at(18))
    (single,) = read("DTSTART;VALUE=DATE:20260316 SUMMARY:Ana")
    assert (single.since, single.until) == (at(16), at(17))


def test_times_have_their_own_zone_or_the_team_s() -> None:
    (in_utc,) = read("DTSTART:20260316T080000Z DTEND:20260316T170000Z SUMMARY:Ben")
    assert (in_utc.since, in_utc.until) == (at(16, 9), at(16, 18))
    (floating,) = read("DTSTART:20260316T080000 DURATION:PT2H SUMMARY:Ben")
    assert (floating.since, floating.until) == (at(16, 8), at(16, 10))


def test_a_series_is_told_time_by_time_without_what_was_taken_out() -> None:
    shifts = read(
        "DTSTART;TZID=Europe/Berlin:20260105T090000 DTEND;TZID=Europe/Berlin:20260105T170000 RRULE:FREQ=WEEKLY"
        " EXDATE;TZID=Europe/Berlin:20260316T090000 SUMMARY:Ana"
    )
    assert [shift.since for shift in shifts] == [at(2, 9), at(9, 9), at(23, 9), at(30, 9)]


def test_who_takes_part_but_not_who_declined() -> None:
    (entry,) = read(
        "DTSTART:20260316T080000Z DTEND:20260316T170000Z SUMMARY:Duty ATTENDEE;CN=Ana:mailto:Ana@harbor.example"
        " ATTENDEE;CN=Ben;PARTSTAT=DECLINED:mailto:ben@harbor.example"
    )
    assert (entry.names, entry.emails) == (("Ana",), ("ana@harbor.example",))


def test_what_is_cancelled_or_takes_no_time_is_left_out() -> None:
    assert read("DTSTART:20260316T080000Z DTEND:20260316T170000Z SUMMARY:Ben STATUS:CANCELLED") == []
    assert read("DTSTART:20260316T080000Z SUMMARY:Ben") == []


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=2", "FREQ=hourly", "FREQ=DAILY;BYHOUR=1,2,3,4;BYMINUTE=0,1,2,3"]
)
def test_a_series_within_a_day_is_left_out_and_the_others_are_read(rule: str) -> None:
    bomb = f"DTSTART:20000101T000000Z DTEND:20000101T000001Z RRULE:{rule} SUMMARY:Tick"
    shift = "DTSTART:20260316T080000Z DTEND:20260316T170000Z SUMMARY:Ben"
    assert [entry.summary for entry in read(bomb, shift)] == ["Ben"]


@pytest.mark.parametrize(
    "damaged",
    [
        "DTSTART:banana",
        "DTSTART:20260316T090000Z DTEND:banana",
        "DTSTART:20260316T090000Z RRULE:FREQ=NEVERLY",
        "DTSTART:20260316T090000Z DURATION:P9999999D",
    ],
)
def test_what_is_damaged_is_left_out_alone(damaged: str) -> None:
    assert [one.summary for one in read(f"{damaged} SUMMARY:Ana", "DTSTART;VALUE=DATE:20260316 SUMMARY:Ben")] == ["Ben"]


def test_what_doesn_t_lie_in_the_span_is_left_out() -> None:
    assert read("DTSTART:20260316T080000Z DTEND:20260316T170000Z SUMMARY:Ben", until=at(15)) == []


@pytest.mark.parametrize("content", [b"<html>sign in</html>", b"", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", b"\xff\xfe\x00"])
def test_what_is_no_calendar_is_said(content: bytes) -> None:
    with pytest.raises(CalendarError, match="no calendar"):
        entries(content, at(1), at(31), BERLIN)
