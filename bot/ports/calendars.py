"""The team's calendar, wherever it is kept: entries that may say who is on duty or away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.durations import Instant
from bot.domain.duty import CalendarEntry


class TeamCalendar(Protocol):
    """A calendar that can be read."""

    async def entries(self, since: Instant, until: Instant) -> Sequence[CalendarEntry]:
        """What stands in it in a span, each recurrence by itself. Raises CalendarError, whose message never has its address."""
        ...
