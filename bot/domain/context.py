"""What a decision may ask besides the channel's state: the judge, and people's working hours. Values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.hours import Hours
from bot.domain.judge import Judge
from bot.domain.rules import NO_RULE, CustomerRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The judge, the working hours of a member (by id; the team's for anybody without their own), and what the settings say of a
    customer, by id."""

    judge: Judge
    hours_of: Callable[[str], Hours]
    customer_of: Callable[[str], CustomerRule] = lambda _: NO_RULE
