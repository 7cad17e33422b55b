"""The settings that decide about one channel, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Final, Literal

from bot.domain.durations import Seconds
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


REACTIONS: Final[Mapping[str, tuple[str, ...]]] = {"claim": ("eyes",), "answered": ("white_check_mark", "heavy_check_mark")}
"""What a member says with which emoji, in their neutral spelling, unless the settings say otherwise."""


@value
class ChannelRules:
    """The settings that decide about one channel. `reactions` maps emoji, in their neutral spelling (see `emoji.canonical`), to
    what a member says with them."""

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
