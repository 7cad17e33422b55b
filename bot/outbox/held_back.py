"""What isn't to leave just now: it is about channels that are being read back, or for a platform we aren't on any more."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.durations import Instant, Seconds
from bot.domain.keys import platform_of
from bot.domain.outgoing import NOTHING_PAUSED, Paused
from bot.outbox.address_queues import NEVER
from bot.ports import Clock

NOTICES_WAIT: Seconds = 10 * 60
"""Digests wait so long at most for channels that are being read back: then they say what is known."""


class HeldBack:
    """Knows of which channels something may be missing. Without a clock nothing is sent, and nobody asks since when."""

    def __init__(self, clock: Clock | None) -> None:
        self._clock = clock
        self._channels: dict[str, frozenset[str] | None] = {}
        self._since: dict[str, Instant] = {}
        self._left: set[str] = set()
        self._paused = NOTHING_PAUSED
        self.notices_until: Instant = NEVER
        """Until when digests wait, too."""

    def hold(self, platform: str, channels: frozenset[str] | None) -> bool:
        """These channels of a platform (None: all) and no others. True when something was let go by that."""
        before = self._channels.get(platform, frozenset())
        if before == channels:
            return False
        self._channels[platform] = channels
        if self._clock is not None:
            now = self._clock.now()
            kept = {channel: since for channel, since in self._since.items() if platform_of(channel) != platform}
            self._since = kept | {channel: self._since.get(channel, now) for channel in channels or ()}
        self._sum_up()
        return before is None or (channels is not None and not before <= channels)

    def since(self, until: Instant) -> dict[str, Instant]:
        """The channels that are held since that instant or longer, with since when, longest first."""
        found = {channel: since for channel, since in self._since.items() if since <= until}
        return dict(sorted(found.items(), key=lambda one: (one[1], one[0])))

    def leave(self, platform: str) -> None:
        """We aren't on a platform any more."""
        self._left.add(platform)
        self._sum_up()

    def paused(self, now: Instant) -> Paused:
        """What isn't to leave at an instant."""
        paused = self._paused
        return replace(paused, notices=False) if paused.notices and now >= self.notices_until else paused

    def _sum_up(self) -> None:
        held = {platform: channels for platform, channels in self._channels.items() if platform not in self._left}
        whole = {platform for platform, channels in held.items() if channels is None} | self._left
        single = sorted(channel for channels in held.values() for channel in channels or ())
        anything = any(channels is None or channels for channels in held.values())
        if not anything or self._clock is None:
            self.notices_until = NEVER
        elif self.notices_until == NEVER:
            self.notices_until = self._clock.now() + NOTICES_WAIT
        # Replaced as a whole: the storage thread reads it.
        self._paused = Paused(platforms=tuple(sorted(whole)), channels=tuple(single), notices=anything)
