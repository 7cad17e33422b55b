"""Discord's ids, which tell when they were made. Pure. Source: https://docs.discord.com/developers/reference, "Snowflakes"."""

from __future__ import annotations

from typing import Final

from bot.domain.durations import Instant

EPOCH_MS: Final = 1_420_070_400_000
"""The first instant of 2015, in milliseconds, from which Discord counts."""


def made_at(id: int) -> Instant:
    """When the message, thread or account with this id was made."""
    return ((id >> 22) + EPOCH_MS) / 1000


def first_of(at: Instant) -> int:
    """The smallest id that may have been made at this instant; 0 before Discord was."""
    return max(0, int(at * 1000) - EPOCH_MS) << 22
