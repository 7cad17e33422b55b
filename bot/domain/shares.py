"""Shares with what they may as well be: "31 of 52" is a measurement, and one of few says little.

Closed formulas, nothing drawn at random: the same counts give the same limits everywhere.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

from bot.domain.value import value

ENOUGH: Final = 10
"""A share of fewer than this says nothing: its 95 % limits are half the scale apart or more."""

_Z: Final = 1.959963984540054
"""The normal distribution's 97.5 % point: of many intervals made so, 95 % hold what they are about."""


@value
class Limits:
    """Between which values something lies, as far as is known (95 %)."""

    low: float
    high: float


@value
class Share:
    """`number` of `of`."""

    number: int
    of: int

    @property
    def known(self) -> bool:
        """Whether there are enough to say anything."""
        return self.of >= ENOUGH

    @property
    def part(self) -> float:
        """As a part of one; 0 where there is nothing to divide."""
        return self.number / self.of if self.of else 0.0

    def limits(self, independent: int | None = None) -> Limits:
        """Wilson's score interval. `independent`: how many of the cases really are, where several belong together; then it is
        as wide as if there were only so many.

        E. B. Wilson, Probable inference, the law of succession, and statistical inference, J. Am. Stat. Assoc. 22 (1927) 209-212.
        """
        n = self.of if independent is None else min(independent, self.of)
        if n <= 0:
            return Limits(low=0.0, high=1.0)
        middle = self.part + _Z * _Z / (2 * n)
        apart = _Z * sqrt(self.part * (1 - self.part) / n + _Z * _Z / (4 * n * n))
        scale = 1 + _Z * _Z / n
        return Limits(low=max(0.0, (middle - apart) / scale), high=min(1.0, (middle + apart) / scale))


def difference(one: Share, other: Share) -> Limits:
    """Between which values the difference of two independent shares (`one` less `other`) lies: Newcombe's hybrid score interval,
    made of Wilson's limits of both.

    R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven methods,
    Statistics in Medicine 17 (1998) 873-890, method 10.
    """
    apart = one.part - other.part
    first, second = one.limits(), other.limits()
    below = sqrt((one.part - first.low) ** 2 + (second.high - other.part) ** 2)
    above = sqrt((first.high - one.part) ** 2 + (other.part - second.low) ** 2)
    return Limits(low=max(-1.0, apart - below), high=min(1.0, apart + above))
