"""Our clock against Slack's: said in the log at the start, once an hour, and when it is right again."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from structlog.testing import capture_logs

from adapters.slack.skew import ClockWatch, ahead
from tests.waits.world import HOUR, MINUTE, NINE


@pytest.mark.parametrize(
    ("date", "by"),
    [
        ("Mon, 02 Mar 2026 12:00:00 GMT", -0.5),
        ("Mon, 02 Mar 2026 11:50:00 GMT", 599.5),
        ("Mon, 02 Mar 2026 13:00:00 +0100", -0.5),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_what_a_date_header_tells(date: str | None, by: float | None) -> None:
    assert ahead(date, 1_772_452_800.0) == by


def test_a_clock_that_is_off_is_said_at_once_and_once_an_hour() -> None:
    watch, said = ClockWatch(), []
    with capture_logs() as logs:
        for minute in range(0, 150):
            before = len(logs)
            now = NINE + minute * MINUTE
            off = 10 * MINUTE if minute < 130 else 0.0
            for second in (0.0, 1.0, 2.0):
                watch.answered(formatdate(now + second - off, usegmt=True), now + second)
            said += [(minute, line["event"], line.get("ahead")) for line in logs[before:]]
    assert [(minute, event) for minute, event, _ in said] == [
        (0, "clock_off"),
        (60, "clock_off"),
        (120, "clock_off"),
        (130, "clock_right"),
    ]
    assert all(by is None or abs(by - 10 * MINUTE) <= 1 for _, _, by in said)


@pytest.mark.parametrize("off", [0.0, 45.0, -45.0])
def test_a_clock_that_is_kept_is_nothing_to_talk_of(off: float) -> None:
    watch = ClockWatch()
    with capture_logs() as logs:
        watch.answered(formatdate(NINE, usegmt=True), NINE + off)
        watch.answered(formatdate(NINE + HOUR, usegmt=True), NINE + HOUR + off)
    assert logs == []
