"""The settings that decide about one channel, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from enum import StrEnum
from typing import Final, Literal

from bot.domain.durations import Instant, Seconds
from bot.domain.value import value
from bot.domain.waits import Holds


class Watch(StrEnum):
    """What counts as a mention in a channel."""

    MENTIONS = "mentions"
    QUESTIONS = "questions"
    EVERYTHING = "everything"


class Sensitivity(StrEnum):
    """How sure the judge must be before it opens a wait in a channel."""

    CAREFUL = "careful"
    BALANCED = "balanced"
    EAGER = "eager"


Audience = Literal["owner", "duty", "lead", "team"]


@value
class Step:
    """One rung of the ladder: `after` seconds of waiting, to whom."""

    after: Seconds
    to: Audience


def in_proportion(steps: tuple[Step, ...], first: Seconds) -> tuple[Step, ...]:
    """The ladder with its first step after `first` seconds, and the later ones in proportion to it: 30m, 2h, 1d with a first
    of 15m is 15m, 1h, 12h."""
    if not steps or steps[0].after <= 0:
        return steps
    ratio = first / steps[0].after
    return tuple(replace(step, after=step.after * ratio) for step in steps)


@value
class CustomerRule:
    """What the settings say of a customer: what is shown beside their name (None: nothing), and after how long their waits come
    to the first step, whatever the channel (None: as there)."""

    company: str | None = None
    first: Seconds | None = None


NO_RULE: Final = CustomerRule()
"""Of a customer of whom the settings say nothing."""


REACTIONS: Final[Mapping[str, tuple[str, ...]]] = {"claim": ("eyes",), "answered": ("white_check_mark", "heavy_check_mark")}
"""What a member says with which emoji, in their neutral spelling, unless the settings say otherwise."""


@value
class ChannelRules:
    """The settings that decide about one channel. `reactions` maps emoji, in their neutral spelling (see `emoji.canonical`), to
    what a member says with them. `newcomer_first`: after how long a newcomer's first question comes to the first step, None:
    like everybody's. `promise_notice`: how much working time before a promise is due who made it is told, 0: never.
    `close_loop`: who points a customer elsewhere is asked whether they close the loop. `greeted_after`: who comes into the
    channel is greeted by hand, and those who come within this time are told of together; None: nobody is asked to. `learns`: what
    members mark as judged wrongly moves its threshold; what they marked before `learns_from` doesn't."""

    watch: Watch = Watch.QUESTIONS
    sensitivity: Sensitivity = Sensitivity.BALANCED
    peers_may_answer: bool = False
    watched_words: frozenset[str] = frozenset()
    steps: tuple[Step, ...] = ()
    holds: Holds = field(default_factory=Holds)
    reactions: Mapping[str, str] = field(
        default_factory=lambda: {emoji: verb for verb, listed in REACTIONS.items() for emoji in listed}
    )
    keep_text: bool = True
    newcomer_first: Seconds | None = None
    promise_notice: Seconds = 0.0
    close_loop: bool = False
    greeted_after: Seconds | None = None
    learns: bool = True
    learns_from: Instant = 0.0
