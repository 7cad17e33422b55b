"""Working hours as people write them, in the settings and in chat."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.hours import WorkingSpan
from bot.domain.written_hours import UnclearHours, WrittenHours, day_named, read_hours, read_spans


def said(spans: tuple[WorkingSpan, ...]) -> str:
    return ", ".join(f"{span.opens // 60:02}:{span.opens % 60:02}-{span.closes // 60:02}:{span.closes % 60:02}" for span in spans)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        # As people say them: what ends before it begins on a clock face ends in the afternoon.
        ("9-5", "09:00-17:00"), ("10-6", "10:00-18:00"), ("8:30-5", "08:30-17:00"), ("9:30-5:30", "09:30-17:30"),
        ("7-3", "07:00-15:00"), ("6-2", "06:00-14:00"), ("12-8", "12:00-20:00"), ("9 - 5", "09:00-17:00"),
        ("9 to 5", "09:00-17:00"), ("from 9 until 6", "09:00-18:00"), ("11-7", "11:00-19:00"),
        ("8-12 1-5", "08:00-12:00, 13:00-17:00"),
        ("9-12, 1:30-6", "09:00-12:00, 13:30-18:00"),
        # Said exactly.
        ("9-17", "09:00-17:00"), ("09:00-17:30", "09:00-17:30"), ("9.00-17.30", "09:00-17:30"), ("9h-17h", "09:00-17:00"),
        ("9h30-17h30", "09:30-17:30"), ("9am-5pm", "09:00-17:00"), ("9am - 5:30 pm", "09:00-17:30"), ("9-5pm", "09:00-17:00"),
        ("9am-5", "09:00-17:00"), ("1-5pm", "13:00-17:00"), ("12pm-8pm", "12:00-20:00"), ("9\u201317", "09:00-17:00"),
        ("10pm-6am", "22:00-30:00"), ("22:00-06:00 next day", "22:00-30:00"), ("22-6 next day", "22:00-30:00"),
        ("20:00-00:00 next day", "20:00-24:00"), ("00:00-24:00", "00:00-24:00"), ("0-24", "00:00-24:00"),
        # With a break.
        ("09:00-12:00, 13:00-17:30", "09:00-12:00, 13:00-17:30"), ("9-12 and 13-17", "09:00-12:00, 13:00-17:00"),
        ("9:00-12:00 13:00-17:30", "09:00-12:00, 13:00-17:30"), ("8-10, 12-14, 16-18", "08:00-10:00, 12:00-14:00, 16:00-18:00"),
        ("9-12 + 13-17", "09:00-12:00, 13:00-17:00"),
    ],
)  # fmt: skip
def test_hours_of_a_day(text: str, spans: str) -> None:
    assert said(read_spans(text)) == spans


@pytest.mark.parametrize(
    ("text", "says", "instead"),
    [
        ("17:00-09:00", "ends before it starts", ("17:00-09:00 next day", "09:00-17:00")),
        ("22:00-06:00", "for a night shift write", ("22:00-06:00 next day", "06:00-22:00")),
        ("22-6", "ends before it starts", ("22:00-06:00 next day", "06:00-22:00")),
        ("09:00-05:00", "ends before it starts", ("09:00-05:00 next day", "09:00-17:00")),
        ("1-5", "did you mean 13:00-17:00 or 01:00-05:00?", ("13:00-17:00", "01:00-05:00")),
        ("2-10", "did you mean", ("14:00-22:00", "02:00-10:00")),
        ("9-9", "no time at all", ("00:00-24:00",)),
        ("9-17 next day", "more than a day", ("09:00-17:00",)),
        ("9-25", "a day runs from", ("09:00-17:00",)),
        ("9:75-17", "a day runs from", ("09:00-17:00",)),
        ("13pm-5pm", "a day runs from", ("09:00-17:00",)),
        ("nine to five", "are no hours", ("09:00-17:30", "09:00-12:00, 13:00-17:30")),
        ("", "are no hours", ("09:00-17:30", "09:00-12:00, 13:00-17:30")),
        ("mon 9-17", "are no hours", ("09:00-17:30", "09:00-12:00, 13:00-17:30")),
    ],
)
def test_what_is_unclear_says_what_to_write_instead(text: str, says: str, instead: tuple[str, ...]) -> None:
    with pytest.raises(UnclearHours) as unclear:
        read_spans(text)
    assert says in str(unclear.value) and unclear.value.instead == instead


def written(text: str) -> dict[str, str]:
    read = read_hours(text)
    return {"".join(map(str, sorted(days))): said(spans) for days, spans in read.runs}


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("9-17 mon-thu", {"0123": "09:00-17:00"}),
        ("monday to friday 9 to 5", {"01234": "09:00-17:00"}),
        ("mo-fr 9-5", {"01234": "09:00-17:00"}),
        ("mondays and wednesdays 9-12, 13-17", {"02": "09:00-12:00, 13:00-17:00"}),
        ("sat-mon 10-14", {"056": "10:00-14:00"}),
        ("mon-thu 9-17, fri 9-13", {"0123": "09:00-17:00", "4": "09:00-13:00"}),
        ("9-17 mon-thu, 9-13 fri", {"0123": "09:00-17:00", "4": "09:00-13:00"}),
        ("mon 9-12 13-17 tue 8-12", {"0": "09:00-12:00, 13:00-17:00", "1": "08:00-12:00"}),
        ("9-12 mon-fri 13-17", {"01234": "09:00-12:00, 13:00-17:00"}),
        ("mon 9-12 tue", {"01": "09:00-12:00"}),
        ("mon, wed", {"02": ""}),
    ],
)
def test_days_go_with_the_hours_beside_them(text: str, runs: dict[str, str]) -> None:
    assert written(text) == runs and not read_hours(text).words


def test_what_is_neither_hours_nor_days_is_left() -> None:
    assert read_hours("9-17 mon-thu New York").words == ("New", "York")
    assert read_hours("Europe/Berlin") == WrittenHours(runs=(), words=("Europe/Berlin",))
    with pytest.raises(UnclearHours, match="which days are which hours for"):
        read_hours("mon 9-12 tue 8-11 wed")
    assert [day_named(word) for word in ("mon", "TUES", "we", "t", "xyz")] == [0, 1, 2, None, None]


PIECES = ("9-5", "9", "17", "-", "to", "mon", "fri-sun", "22:00", "06:00", "next day", "am", "pm", ",", "and", "1-5", "x", "99")


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            [
                "9-5",
                "9",
                "17",
                "-",
                "to",
                "mon",
                "fri-sun",
                "22:00",
                "06:00",
                "next",
                "day",
                "am",
                "pm",
                ",",
                "and",
                "1-5",
                "x",
                "99",
            ]
        ),
        max_size=8,
    )
)
def test_whatever_is_written_is_hours_or_a_sentence(words: list[str]) -> None:
    try:
        read = read_hours(" ".join(words))
    except UnclearHours as unclear:
        assert str(unclear)
    else:
        assert all(span.opens < span.closes for _, spans in read.runs for span in spans)
