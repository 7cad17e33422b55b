"""What comes of what somebody said to the bot before anything is done: the time they meant, or why it can't be done so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.domain.durations import Instant

LONGEST_SHOWN = 40
"""Characters of what somebody wrote that are said back to them."""

Permission = Literal["anyone", "member", "lead"]
"""Whom a command is for. A lead may do what a member may. Who isn't on the team gets one fixed sentence, whatever they ask."""


WrongTime = Literal["", "past", "too_far", "no_time"]
"""What is wrong with a time that was understood; "" where that isn't it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why something can't be done as asked, in a sentence or two for the person, and commands they might try instead. `field`:
    the input of a form that it is about, by its name. `meant`: the time that was probably meant, where a slip of the keyboard
    made it none. `wrong_time`: a time was understood, and is over, too far ahead, or no time at all."""

    says: str
    tries: tuple[str, ...] = ()
    field: str = ""
    meant: str = ""
    wrong_time: WrongTime = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time that was said, ahead of now.

    `kind` is how it was said: a clock time ("15:00", "friday 3pm"), a span from now ("2h", "3 days"), or a day or week
    ("friday", "next week") or a part of one ("friday morning", "end of day"), which `stretch` then holds from its first instant
    up to the end. `at` is when to come back to somebody then: the time itself; for a day or a week, when their work begins.
    """

    at: Instant
    kind: Literal["clock", "span", "part", "end", "stretch"]
    stretch: tuple[Instant, Instant] | None = None


def quoted(written: str) -> str:
    """What somebody wrote, in quotes and short enough for a sentence."""
    return f"“{written if len(written) <= LONGEST_SHOWN else written[:LONGEST_SHOWN] + '…'}”"
