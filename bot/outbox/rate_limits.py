"""How fast messages leave: one channel takes them one after the other, at a rate of its own."""

from __future__ import annotations

from bot.domain.durations import Seconds
from bot.domain.outgoing import Address
from bot.ports import Clock, Sleep

EVERY: Seconds = 1.0
"""Between two messages to one channel. Slack takes about one a second (https://docs.slack.dev/apis/web-api/rate-limits), Discord
five in five seconds and says so in its headers."""

MOST_REMEMBERED = 1000
"""Addresses kept in mind. More than that can't have been used within a pause."""


class RateLimits:
    """When each address may take its next message. `sleep` waits as `clock` counts; what is set on the clock meanwhile makes
    nobody wait longer, so all of it is measured by `Clock.elapsed`."""

    def __init__(self, clock: Clock, sleep: Sleep, *, every: Seconds = EVERY) -> None:
        self._clock = clock
        self._sleep = sleep
        self._every = every
        self._free: dict[Address, Seconds] = {}

    def wait(self, address: Address) -> Seconds:
        """How long this address takes nothing more; 0 when it is free."""
        free = self._free.get(address)
        return 0.0 if free is None else max(0.0, free - self._clock.elapsed())

    async def turn(self, address: Address) -> bool:
        """Wait until the address takes a message, and take that turn. True when it had to be waited for."""
        waited = False
        while (pause := self.wait(address)) > 0:
            waited = True
            await self._sleep(pause)
        self._forget()
        self._free[address] = self._clock.elapsed() + self._every
        return waited

    def pause(self, address: Address, seconds: Seconds) -> None:
        """The platform asked for a pause there."""
        self._free[address] = self._clock.elapsed() + max(self.wait(address), seconds)

    def _forget(self) -> None:
        if len(self._free) >= MOST_REMEMBERED:
            now = self._clock.elapsed()
            self._free = {address: free for address, free in self._free.items() if free > now}
