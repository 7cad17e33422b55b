"""How fast Slack's methods may be called: a bucket of tokens per method."""

from __future__ import annotations

from bot.domain.durations import Seconds
from bot.ports import Clock, Sleep

TIER_2 = 20.0
TIER_3 = 50.0
TIER_4 = 100.0
"""Calls per minute and workspace that Slack allows at least (Slack: "Rate limits"). Tier 3 for history and replies holds for apps
that a customer makes for itself, which is how this bot is installed."""

PER_MINUTE = {
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.replies": TIER_3,
    "dnd.info": TIER_3,
    "team.info": TIER_3,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "users.conversations": TIER_3,
    "users.info": TIER_4,
    "users.list": TIER_2,
}
"""The methods that are called many times in a row."""

_SPARED = 0.8
"""The share of the rate that unhurried reading takes. The rest is for what somebody waits for."""

_BURST: Seconds = 12.0
"""So many seconds' worth of calls may be made at once after a rest."""


class Pace:
    """A bucket that fills by `per_minute` tokens and holds a burst of them."""

    def __init__(self, per_minute: float, *, clock: Clock, sleep: Sleep) -> None:
        self._rate = per_minute * _SPARED / 60.0
        self._most = max(1.0, self._rate * _BURST)
        self._tokens = self._most
        self._at: Seconds = clock.elapsed()
        self._clock = clock
        self._sleep = sleep

    def take(self) -> None:
        """Count a call that can't wait. It is missing from the bucket for those that can."""
        self._fill()
        self._tokens -= 1.0

    async def turn(self) -> None:
        """Wait until a call may be made, and count it. Callers are let through one after the other."""
        self._fill()
        self._tokens -= 1.0
        if self._tokens < 0.0:
            await self._sleep(-self._tokens / self._rate)

    def _fill(self) -> None:
        now = self._clock.elapsed()
        self._tokens = min(self._most, self._tokens + (now - self._at) * self._rate)
        self._at = now
