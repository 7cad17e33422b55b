"""Times in words: what they mean, in whose zone, and what is refused."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.refusal import Moment, Refusal
from bot.language.times.input import read_when, zone_named

BERLIN, LIMA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Lima")
WEEK = weekly(range(5), [WorkingSpan(opens=8 * 60 + 30, closes=17 * 60)])
AT_WORK = Hours(zone=BERLIN, week=WEEK)
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=BERLIN).timestamp()
"""A Wednesday."""


def local(moment: Moment | Refusal, zone: ZoneInfo = BERLIN) -> str:
    assert isinstance(moment, Moment), moment
    return datetime.fromtimestamp(moment.at, zone).strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("2h", "Wed 2026-11-18 12:00"),
        ("in 2 hours", "Wed 2026-11-18 12:00"),
        ("1h 30m", "Wed 2026-11-18 11:30"),
        ("half an hour", "Wed 2026-11-18 10:30"),
        ("3 days", "Sat 2026-11-21 10:00"),
        ("for 2 days", "Fri 2026-11-20 10:00"),
        ("14:30", "Wed 2026-11-18 14:30"),
        ("9am", "Thu 2026-11-19 09:00"),
        ("5pm", "Wed 2026-11-18 17:00"),
        ("noon", "Wed 2026-11-18 12:00"),
        ("tomorrow", "Thu 2026-11-19 08:30"),
        ("tomorrow 9am", "Thu 2026-11-19 09:00"),
        ("tomorrow at 9", "Thu 2026-11-19 09:00"),
        ("tomorrow morning", "Thu 2026-11-19 09:00"),
        ("Friday", "Fri 2026-11-20 08:30"),
        ("until friday 3pm", "Fri 2026-11-20 15:00"),
        ("mon 9", "Mon 2026-11-23 09:00"),
        ("sat", "Sat 2026-11-21 09:00"),
        ("next week", "Mon 2026-11-23 08:30"),
        ("next month", "Tue 2026-12-01 08:30"),
        ("1 December", "Tue 2026-12-01 08:30"),
        ("dec 1 at 14:00", "Tue 2026-12-01 14:00"),
        ("2026-12-01", "Tue 2026-12-01 08:30"),
        ("1.12.", "Tue 2026-12-01 08:30"),
        ("2.1.2027", "Sat 2027-01-02 09:00"),
        ("2026-12-01 14:00", "Tue 2026-12-01 14:00"),
        ("3 may", "Mon 2027-05-03 08:30"),
        ("until the 3rd", "Thu 2026-12-03 08:30"),
        ("today", "Wed 2026-11-18 16:00"),
        ("end of day", "Wed 2026-11-18 17:00"),
        ("morgen um 9", "Thu 2026-11-19 09:00"),
        ("demain", "Thu 2026-11-19 08:30"),
        ("lundi 9h", "Mon 2026-11-23 09:00"),
        ("mañana a las 9", "Thu 2026-11-19 09:00"),
    ],
)
def test_what_people_say(said: str, means: str) -> None:
    assert local(read_when(said, NOW, AT_WORK)) == means


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("friday", "2026-11-20", "2026-11-21"),
        ("next week", "2026-11-23", "2026-11-30"),
        ("today", "2026-11-18", "2026-11-19"),
        ("next month", "2026-12-01", "2027-01-01"),
    ],
)
def test_days_and_weeks_know_their_bounds(said: str, first: str, last: str) -> None:
    moment = read_when(said, NOW, AT_WORK)
    assert isinstance(moment, Moment) and moment.kind == "stretch" and moment.stretch is not None
    assert [datetime.fromtimestamp(at, BERLIN).strftime("%Y-%m-%d %H:%M") for at in moment.stretch] == [
        f"{first} 00:00",
        f"{last} 00:00",
    ]


@pytest.mark.parametrize(
    ("said", "kind"), [("2h", "span"), ("in 3 days", "span"), ("friday 3pm", "clock"), ("friday", "stretch")]
)
def test_how_it_was_said(said: str, kind: str) -> None:
    moment = read_when(said, NOW, AT_WORK)
    assert isinstance(moment, Moment) and moment.kind == kind


def test_the_persons_own_clock_counts() -> None:
    in_lima = Hours(zone=LIMA, week=WEEK)
    assert local(read_when("tomorrow 9am", NOW, in_lima), LIMA) == "Thu 2026-11-19 09:00"
    assert local(read_when("14:30", NOW, in_lima), LIMA) == "Wed 2026-11-18 14:30"
    assert local(read_when("5am", NOW, in_lima), LIMA) == "Wed 2026-11-18 05:00"  # 04:00 there


def test_spans_are_real_time_when_the_clocks_change() -> None:
    evening = datetime(2026, 10, 24, 22, 0, tzinfo=BERLIN).timestamp()
    assert local(read_when("in 6 hours", evening, AT_WORK)) == "Sun 2026-10-25 03:00"
    assert local(read_when("tomorrow 9am", evening, AT_WORK)) == "Sun 2026-10-25 09:00"
    spring = datetime(2026, 3, 28, 22, 0, tzinfo=BERLIN).timestamp()
    assert local(read_when("tomorrow 2:30", spring, AT_WORK)) == "Sun 2026-03-29 03:00", "there is no 02:30 that night"


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("yesterday", "in the past"),
        ("2 days ago", "in the past"),
        ("2026-11-17", "in the past"),
        ("now", "in the past"),
        ("-2h", "in the past"),
        ("5", "“5” of what?"),
        ("11/12", "read in two ways"),
        ("99999 weeks", "more than a year ahead"),
        ("someday", "don't understand “someday”"),
        ("may", "don't understand"),
        ("tomorrow banana", "don't understand"),
        ("25:00", "on a clock"),
        ("2026-13-45", "in the calendar"),
        ("", "Until when?"),
        ("x" * 61, "too long"),
    ],
)
def test_what_is_refused_says_why_and_names_examples(said: str, says: str) -> None:
    refused = read_when(said, NOW, AT_WORK)
    assert isinstance(refused, Refusal)
    assert says in refused.says
    assert len(refused.tries) >= 2


PIECES = (
    "in at on until next this the end of 2 15 3pm 9:00 friday mon tomorrow yesterday week weeks days hours h m may december "
    "2026 2026-12-01 1/2 99999999 00:00 24:00 am noon morgen lundi EST +05:00 - , . ( [ \\ ² ٣"
)
WORDS = st.sampled_from(PIECES.split())


@given(st.one_of(st.text(max_size=65), st.lists(WORDS, max_size=7).map(" ".join)))
def test_whatever_is_typed_gives_a_time_ahead_or_a_sentence(said: str) -> None:
    moment = read_when(said, NOW, AT_WORK)
    if isinstance(moment, Refusal):
        assert moment.says and moment.tries
    else:
        assert NOW < moment.at <= NOW + 400 * 86400
        if moment.stretch is not None:
            assert moment.stretch[0] < moment.stretch[1] and moment.at <= moment.stretch[1]


def test_zones_by_name() -> None:
    assert zone_named("europe/berlin") == BERLIN
    for name in ("", "Berlin", "Europe", "../etc/passwd", "Europe/\x00"):
        assert zone_named(name) is None


@pytest.mark.parametrize("said", ["tomorrow 25:00", "24:30", "tomorrow 9:75", "at 99:99"])
def test_a_time_no_clock_shows_is_refused(said: str) -> None:
    answer = read_when(said, NOW, AT_WORK)
    assert isinstance(answer, Refusal) and "on a clock" in answer.says
