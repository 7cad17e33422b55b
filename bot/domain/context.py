"""What a decision may ask besides the channel's state: the judge, and people's working hours. Values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.hours import Hours
from bot.domain.judge import Judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The judge and the working hours of a member (by id; the team's for anybody without their own)."""

    judge: Judge
    hours_of: Callable[[str], Hours]
