"""Channels that go by another key than they did: a platform may give a channel another id while it stays the same place.

Slack does so when a private channel is shared with another organisation, which is when customers come in
(https://docs.slack.dev/reference/events/channel_id_changed). Everything that is stored moves along; what comes late under the old
key, is under way, or stands in the settings file is brought to the new one here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.domain.durations import Instant
from bot.domain.events import Acted, Corrected, Edited, Event, Posted
from bot.domain.keys import ChannelKey, channel_of
from bot.domain.outgoing import Address
from bot.domain.value import value


@value
class ChannelMove:
    """A channel goes by the key `new` and no more by `old`, since `at`."""

    old: str
    new: str
    at: Instant


class Moves:
    """The moves that are known. Never changed: `after` gives others, so that several threads may read them."""

    __slots__ = ("_of",)

    def __init__(self, known: Iterable[ChannelMove] = ()) -> None:
        self._of = {move.old: move for move in known}

    def __bool__(self) -> bool:
        return bool(self._of)

    def __iter__(self) -> Iterator[ChannelMove]:
        return iter(self._of.values())

    def after(self, move: ChannelMove) -> Moves:
        """The moves when this one has happened, too: each leads to the key that counts now. These same ones when it is known
        already, or when the channel has gone on since: platforms deliver things twice, and late."""
        known, left = self._of.get(move.old), self._of.get(move.new)
        if move.old == move.new or (known is not None and known.new == move.new) or (left is not None and left.at >= move.at):
            return self
        led = (replace(one, new=move.new) if one.new == move.old else one for one in (*self, move))
        return Moves(one for one in led if one.old != move.new)

    def of(self, key: str) -> str:
        """A channel's key as it is now, or that of a message in it, a wait or a reminder."""
        if not self._of:
            return key
        channel = key if key in self._of else channel_of(key)
        move = self._of.get(channel)
        return key if move is None else move.new + key[len(channel) :]

    def event(self, event: Event) -> Event:
        """An event, in the channel as it is now."""
        channel = self.of(event.channel)
        if channel == event.channel:
            return event
        if isinstance(event, Posted | Edited):
            return replace(event, message=replace(event.message, channel=channel))
        if isinstance(event, Acted):
            return replace(event, channel=channel, wait=self.of(event.wait))
        if isinstance(event, Corrected):
            posted = None if event.posted is None else replace(event.posted, channel=channel)
            return replace(event, channel=channel, posted=posted)
        return replace(event, channel=channel)

    def address(self, address: Address) -> Address:
        """Where a message goes that was meant for an address."""
        if address.kind == "channel":
            for move in self:
                old = ChannelKey.parse(move.old)
                if (old.platform, old.channel) == (address.platform, address.id):
                    return Address(address.platform, "channel", ChannelKey.parse(move.new).channel)
        return address
