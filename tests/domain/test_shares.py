"""Shares and their limits, against the values that the papers print."""

from __future__ import annotations

import pytest

from bot.domain.shares import Share, difference


@pytest.mark.parametrize(
    ("number", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718), (0, 0, 0.0, 1.0)],
)
def test_limits_of_a_share_are_wilsons(number: int, of: int, low: float, high: float) -> None:
    found = Share(number=number, of=of).limits()
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_limits_of_a_difference_are_newcombes(one: tuple[int, int], other: tuple[int, int], low: float, high: float) -> None:
    found = difference(Share(number=one[0], of=one[1]), Share(number=other[0], of=other[1]))
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_cases_that_belong_together_count_as_fewer_and_few_say_nothing() -> None:
    share = Share(number=30, of=60)
    wide, usual = share.limits(independent=20), share.limits()
    assert wide.low < usual.low and wide.high > usual.high
    assert wide == Share(number=10, of=20).limits()
    assert share.limits(independent=90) == usual, "never narrower than what was counted"
    assert [Share(number=0, of=of).known for of in (0, 9, 10)] == [False, False, True]
