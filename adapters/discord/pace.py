"""How fast Discord's history is read: by our own pace, since the library walks into limits.

Its answers' headers say that about a thousand requests are left, and then suddenly none of five (discord/discord-api-docs#8161).
A channel's messages may be asked for about once a second; ten thousand refused requests in ten minutes ban an address
(https://docs.discord.com/developers/topics/rate-limits, "Invalid Request Limit").
"""

from __future__ import annotations

from typing import Final

from bot.domain.durations import Seconds
from bot.ports import Clock, Sleep

EACH_CHANNEL: Final[Seconds] = 1.0
"""Between two pages of one channel."""

ALL: Final[Seconds] = 0.1
"""Between any two requests of a read-back: a fifth of the 50 a second that a bot may make. The rest is for what people wait
for."""

BURST: Final[Seconds] = 3.0
"""So many seconds' worth of requests may be made at once after a rest."""

MOST_CHANNELS: Final = 1_000


class ReadingPace:
    """Lets one request after the other through."""

    def __init__(self, *, clock: Clock, sleep: Sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._next: Seconds = clock.elapsed()
        self._next_of: dict[int, Seconds] = {}

    async def turn(self, channel: int) -> None:
        """Wait until a request about this channel may be made, and count it."""
        now = self._clock.elapsed()
        self._next = max(self._next, now - BURST)
        at = max(self._next - BURST, self._next_of.get(channel, now), now)
        self._next += ALL
        if len(self._next_of) >= MOST_CHANNELS:
            self._next_of = {id: then for id, then in self._next_of.items() if then > now}
        self._next_of[channel] = max(at, now) + EACH_CHANNEL
        if at > now:
            await self._sleep(at - now)
