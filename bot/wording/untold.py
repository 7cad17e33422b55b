"""What others did to what is a member's, below an answer that they get: once, and read by them alone."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.views import Code, PersonName, Plain, SmallPrint, Spans, Timestamp, View
from bot.domain.waits import Wait
from bot.wording.phrases import channel


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenFacts:
    """A wait that a member was on and that was handed to somebody else."""

    wait: Wait
    handle: str
    channel_name: str


def taken_line(facts: TakenFacts) -> Spans:
    """What became of what they were on: "Mia handed w1 (Dana in #help), which you were on, to Ben, 09:26."."""
    handed = facts.wait.handed
    if handed is None:
        raise ValueError(f"wait {facts.wait.id} wasn't handed to anybody")
    which: Spans = (Code(facts.handle), Plain(" ("), PersonName(facts.wait.customer), Plain(f" in {channel(facts.channel_name)}"))
    to: Spans = (Plain("), which you were on, to "), PersonName(handed.to), Plain(", "), Timestamp(handed.at), Plain("."))
    return (PersonName(handed.by), Plain(" handed "), *which, *to)


def below(lines: tuple[Spans, ...]) -> View:
    """What stands below an answer: these lines."""
    return View(nodes=tuple(SmallPrint(line) for line in lines), fallback="What is new to you")
