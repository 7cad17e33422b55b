"""Gates before the channels: while a channel's past is being read back, what happens in it now waits.

An event that waits isn't acknowledged, so the platform delivers it again if we die meanwhile; twice does no harm. Letting it in
early would move the mark up to which the channel was read, and a crash then would lose what lies between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence


class Gates:
    """Open at first. `close` shuts those of all channels, `open` lets one channel's events in, `open_all` everybody's."""

    def __init__(self) -> None:
        self._opened: set[str] | None = None
        self._asked_for: dict[str, None] = {}
        self._changed = asyncio.Event()

    async def passage(self, channel: str) -> None:
        """Return when the channel's gate is open."""
        while self._opened is not None and channel not in self._opened:
            self._asked_for[channel] = None
            await self._changed.wait()

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
