"""Spans as people write them and as the bot says them."""

import math
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.durations import LONGEST, parse, say, say_clock


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10m", 600),
        ("2h", 7200),
        ("1d", 86400),
        ("1h30m", 5400),
        ("90s", 90),
        ("1w", 604800),
        ("1w2d3h4m5s", 788645),
        (" 1h 30m ", 5400),
    ],
)
def test_reads_what_people_write(text: str, seconds: float) -> None:
    assert parse(text) == seconds


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "missing"), ("10", "no unit"), ("-5m", "negative"), ("0m", "no time at all"), ("0h0m", "no time at all"),
        ("99999999w", "longer than ten years"), ("9" * 400 + "h", "not a span"), ("9" * 400, "no unit"), ("m", "not a span"),
        ("30m1h", "not a span"), ("1h1h", "not a span"), ("1.5h", "not a span"), ("10 minutes", "not a span"),
        ("1e3s", "not a span"),
        ("\u0661m", "not a span"), ("10m\n", "not a span"), ("inf", "not a span"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refused:
        parse(text)
    assert len(str(refused.value)) < 250


@given(st.text(max_size=30) | st.from_regex(r"[0-9wdhms -]{0,12}", fullmatch=True))
def test_a_read_span_is_a_usable_number_and_else_a_value_error(text: str) -> None:
    try:
        seconds = parse(text)
    except ValueError:
        return
    assert 1 <= seconds <= LONGEST


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "just now"), (29, "just now"), (-3, "just now"), (30, "1 min"), (42 * 60, "42 min"), (59 * 60 + 29, "59 min"),
        (59 * 60 + 31, "1 h"), (3 * 3600 + 600, "3 h 10 min"), (86399, "1 day"), (28 * 3600, "1 day 4 h"), (2 * 86400, "2 days"),
        (2 * 86400 + 13 * 3600, "2 days 13 h"), (7 * 86400 - 60, "7 days"), (9.4 * 86400, "9 days"),
    ],
)  # fmt: skip
def test_says_spans_as_people_do(seconds: float, said: str) -> None:
    assert say(seconds) == said


@given(st.floats(0, 400 * 86400))
def test_what_is_said_is_never_far_from_the_truth(seconds: float) -> None:
    units = {"min": 60, "h": 3600, "day": 86400, "days": 86400}
    said = sum(int(n) * units[unit] for n, unit in re.findall(r"(\d+) (\w+)", say(seconds)))
    assert abs(said - seconds) <= max(30, seconds / 12)


@pytest.mark.parametrize("seconds", [math.nan, math.inf, -3600])
def test_what_is_no_span_is_not_said(seconds: float) -> None:
    with pytest.raises(ValueError, match="can't be said"):
        say(seconds)


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ((2024, 5, 3, 12, 5), "14:05"), ((2024, 5, 2, 22, 30), "00:30"), ((2024, 5, 2, 12, 5), "yesterday 14:05"),
        ((2024, 5, 4, 6, 0), "tomorrow 08:00"), ((2024, 4, 30, 12, 5), "30 Apr 14:05"), ((2023, 5, 3, 12, 5), "3 May 2023 14:05"),
    ],
)  # fmt: skip
def test_says_instants_by_the_readers_clock(then: tuple[int, int, int, int, int], said: str) -> None:
    now = datetime(2024, 5, 3, 15, 0, tzinfo=UTC).timestamp()
    assert say_clock(datetime(*then, tzinfo=UTC).timestamp(), ZoneInfo("Europe/Berlin"), now) == said
