"""How far our clock is from Slack's, by the Date header of whatever Slack answers."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

import structlog

from bot.domain.durations import Instant, Seconds

NOTED: Final[Seconds] = 60.0
"""No clock that is kept is off by a minute."""

BAD: Final[Seconds] = 300.0
"""Requests whose time is further off are refused (docs.slack.dev, "Verifying requests from Slack")."""

LOOK_EVERY: Final[Seconds] = 60.0
"""Answers within this of the last one that was looked at tell nothing new."""

SAY_EVERY: Final[Seconds] = 3600.0

_HALF_A_SECOND: Final[Seconds] = 0.5
"""A Date header leaves out the fraction: on average it is half a second early."""

log = structlog.get_logger()


def ahead(date: str | None, now: Instant) -> Seconds | None:
    """By how many seconds our clock is before the one that wrote a Date header; None when that can't be told."""
    if date is None:
        return None
    try:
        said = parsedate_to_datetime(date)
    except ValueError:  # a proxy's own idea of a date: nothing can be told from it
        return None
    return now - (said.replace(tzinfo=said.tzinfo or UTC).timestamp() + _HALF_A_SECOND)


def sentence(by: Seconds) -> str:
    """How far our clock is off, for people."""
    return f"this machine's clock is {abs(by):.0f} s {'ahead of' if by > 0 else 'behind'} Slack's"


class ClockWatch:
    """Says in the log, at the start and once an hour, when our clock is off. Told of every answer."""

    def __init__(self) -> None:
        self._looked_at: Instant | None = None
        self._said_at: Instant | None = None

    def answered(self, date: str | None, now: Instant) -> None:
        """Slack answered just now, and wrote this Date."""
        if self._looked_at is not None and abs(now - self._looked_at) < LOOK_EVERY:
            return
        by = ahead(date, now)
        if by is None:
            return
        self._looked_at = now
        if abs(by) <= NOTED:
            if self._said_at is not None:
                self._said_at = None
                log.info("clock_right", say="This machine's clock agrees with Slack's again.")
            return
        if self._said_at is None or abs(now - self._said_at) >= SAY_EVERY:
            self._said_at = now
            log.warning(
                "clock_off",
                say="This machine's clock isn't Slack's: reminders come by it, and over 300 s requests of Slack are refused. Let "
                "the machine keep its clock by the network (NTP).",
                ahead=round(by),
            )
