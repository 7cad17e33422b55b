"""Gates before the channels of a platform: while a channel's past is being read back, what happens in it now waits.

An event that waits isn't acknowledged, so the platform delivers it again if we die meanwhile; twice does no harm. Letting it in
early would move the mark up to which the channel was read, and a crash then would lose what lies between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

MOST_WAITING = 1_000
"""Events of one platform that wait at once. Each is a task that holds what the platform sent, some ten kilobytes: ten megabytes.
Slack sends 30,000 events an hour at most, and reading back takes minutes: only a pile-up after an outage gets there."""


class Gates:
    """Open at first. `close` shuts those of all channels, `open` lets one channel's events in, `open_all` everybody's."""

    def __init__(self) -> None:
        self._opened: set[str] | None = None
        self._asked_for: dict[str, None] = {}
        self._changed = asyncio.Event()
        self._waiting = 0

    async def passage(self, channel: str) -> bool:
        """Return when the channel's gate is open. False at once when so many wait already that no more can: then the event is
        to be refused, and read back later."""
        if self._is_open(channel):
            return True
        if self._waiting >= MOST_WAITING:
            return False
        self._waiting += 1
        try:
            while not self._is_open(channel):
                self._asked_for[channel] = None
                await self._changed.wait()
        finally:
            self._waiting -= 1
        return True

    def _is_open(self, channel: str) -> bool:
        return self._opened is None or channel in self._opened

    def close(self) -> None:
        """Shut all gates."""
        self._opened = set()
        self._asked_for.clear()

    def open(self, *channels: str) -> None:
        """Open the gates of some channels."""
        if self._opened is not None:
            self._opened.update(channels)
            self._tell()

    def open_all(self) -> None:
        """Open all gates, of channels nobody has heard of too."""
        self._opened = None
        self._tell()

    def next_of(self, channels: Sequence[str]) -> str:
        """Which of these (at least one) should be opened next: one before which something waits, else the first."""
        return next((channel for channel in self._asked_for if channel in channels), channels[0])

    def _tell(self) -> None:
        # Whoever waits now is woken and looks again; whoever comes later waits for the next change.
        self._changed.set()
        self._changed = asyncio.Event()
