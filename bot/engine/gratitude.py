"""Customers' thanks as they are passed on: whom a message thanks is stored with it.

Only what is said now counts, nothing that is read back from longer ago than a day.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.durations import DAY, Seconds
from bot.domain.messages import Message
from bot.domain.thanks import Thanks
from bot.domain.writes import SaveThanks, Write
from bot.ports import Clock
from bot.waits.channel_state import ChannelState
from bot.waits.thanked import as_decided, may_thank, thanked

FROM_NOW: Seconds = DAY
"""How old a message may be whose thanks are passed on."""


class PassedThanks:
    """Notices whom customers thank."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock

    def notice(
        self, state: ChannelState, message: Message, writes: Sequence[Write], *, edited: bool = False
    ) -> tuple[SaveThanks, ...]:
        """What a customer's message stores of thanks, beside what was decided of it (`writes`, not applied yet). One that was
        `edited` may have thanked before."""
        seen, changed = as_decided(message.id, writes)
        if seen is None or not (edited or may_thank(seen)) or self._clock.now() - message.at > FROM_NOW:
            return ()
        members = thanked(state, message, seen, changed) if may_thank(seen) else ()
        thanks = tuple(
            Thanks(channel=state.key, message=seen.id, at=seen.at, customer=seen.author, member=member, thread=message.thread)
            for member in members
        )
        return (SaveThanks(channel=state.key, message=seen.id, thanks=thanks),)
