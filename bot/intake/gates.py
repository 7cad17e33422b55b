"""Gates before the channels of a platform: while a channel's past is being read back, what happens in it now waits a moment.

Judged in its order is judged best, and most channels are read in that moment. Whoever waits longer is let in: a platform wants
its answer within seconds, and what comes early is put at its place all the same. Nothing rests on the gates: what may be missing
is in the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from bot.domain.durations import Seconds
from bot.ports import Sleep

PATIENCE: Seconds = 1.0
"""How long an event waits at most. Slack wants its answer within 3 s (https://docs.slack.dev/apis/events-api, "Responding to
events"), and asking who somebody is may take 2."""

MOST_WAITING = 1_000
"""Events of one platform that wait at once; more are let in. Each is a task that holds what the platform sent, some ten
kilobytes: ten megabytes."""


class Gates:
    """Open at first. `close` shuts the gates of some channels, `close_all` those of all, of channels nobody has heard of too."""

    def __init__(self, sleep: Sleep) -> None:
        self._sleep = sleep
        self._shut: set[str] | None = set()
        self._asked_for: dict[str, None] = {}
        self._changed = asyncio.Event()
        self._waiting = 0

    async def passage(self, channel: str) -> None:
        """Return when the channel's gate is open, or nobody can wait any longer."""
        if self._is_open(channel) or self._waiting >= MOST_WAITING:
            return
        self._waiting += 1
        patience = asyncio.ensure_future(self._sleep(PATIENCE))
        try:
            while not self._is_open(channel) and not patience.done():
                self._asked_for[channel] = None
                changed = asyncio.ensure_future(self._changed.wait())
                try:
                    await asyncio.wait((changed, patience), return_when=asyncio.FIRST_COMPLETED)
                finally:
                    changed.cancel()
        finally:
            patience.cancel()
            self._waiting -= 1

    def _is_open(self, channel: str) -> bool:
        return self._shut is not None and channel not in self._shut

    def close_all(self) -> None:
        """Shut all gates."""
        self._shut = None

    def close(self, channels: Iterable[str]) -> None:
        """Shut the gates of these channels, too."""
        if self._shut is not None:
            self._shut.update(channels)

    def close_only(self, channels: Iterable[str]) -> None:
        """Shut the gates of these channels and open all others."""
        self._shut = set(channels)
        self._tell()

    def open(self, channel: str) -> None:
        """Open the gate of a channel."""
        if self._shut is not None:
            self._shut.discard(channel)
            self._asked_for.pop(channel, None)
            self._tell()

    def next_of(self, channels: Sequence[str]) -> str:
        """Which of these (at least one) should be opened next: one before which something waits, else the first."""
        return next((channel for channel in self._asked_for if channel in channels), channels[0])

    def _tell(self) -> None:
        # Whoever waits now is woken and looks again; whoever comes later waits for the next change.
        self._changed.set()
        self._changed = asyncio.Event()
