"""How members' corrections move the threshold of their channel: a little each, within bounds, and slowly.

The threshold is the probability from which the judge's word opens a wait (`sensitivity` chooses it: .7, .42 or .3). It is moved
in log odds, where a step means the same wherever it is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, log

from bot.domain.durations import DAY
from bot.domain.rules import ChannelRules
from bot.domain.value import value
from bot.domain.writes import SaveCorrection

STEP = 0.15
"""Log odds that one correction moves it by: from .42 to .46. One alone changes what happens to few messages; four or five in one
direction are a habit of the channel."""

BOUND = 1.0
"""Log odds that it moves by at most: from .42 to .21 or .66, nearly as far as from "balanced" to "careful" (1.2) and farther
than to "eager" (.5), which are a setting and for a lead to choose."""

MOST_A_DAY = 2
"""Corrections in one direction that count on one day, after those in the other are taken off: an angry afternoon moves it by two
steps, and the bound is reached on the fourth such day at the earliest."""


@value
class Shift:
    """How far a channel's threshold has moved, in log odds (above 0: less counts), and how many corrections it follows."""

    log_odds: float = 0.0
    corrections: int = 0


UNMOVED = Shift()


def shift_of(corrections: Iterable[SaveCorrection]) -> Shift:
    """Where the corrections of a channel leave its threshold, whatever order they are given in. "Needs no reply" raises it, "is
    waiting" lowers it. The bound holds on every day, so that old ones never stand against new ones for long. Days are UTC's."""
    days: dict[int, int] = {}
    number = 0
    for correction in corrections:
        if correction.judged:
            day = int(correction.at // DAY)
            days[day] = days.get(day, 0) + (1 if correction.says == "needs_none" else -1)
            number += 1
    steps, most = 0.0, BOUND / STEP
    for _, net in sorted(days.items()):
        steps = max(-most, min(most, steps + max(-MOST_A_DAY, min(MOST_A_DAY, net))))
    return Shift(log_odds=steps * STEP, corrections=number) if number else UNMOVED


def shift_under(rules: ChannelRules, corrections: Iterable[SaveCorrection]) -> Shift:
    """Where its corrections leave the threshold of a channel with these rules: where it was, if it doesn't learn; and those from
    before it began anew don't count."""
    return shift_of(one for one in corrections if one.at >= rules.learns_from) if rules.learns else UNMOVED


def moved(threshold: float, log_odds: float) -> float:
    """A probability strictly between 0 and 1, moved by log odds."""
    if not log_odds:
        return threshold
    return 1.0 / (1.0 + exp(-(log(threshold / (1.0 - threshold)) + log_odds)))
