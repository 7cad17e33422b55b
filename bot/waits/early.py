"""Edits, deletions and reactions that come before their message."""

from __future__ import annotations

from bot.domain.durations import Instant
from bot.domain.events import Deleted, EarlyEdit, Reacted
from bot.domain.trace import Trace
from bot.domain.writes import KeepEarly, Write
from bot.waits.channel_state import ChannelState


def keep_early(state: ChannelState, event: EarlyEdit | Deleted | Reacted, at: Instant, trace: Trace) -> list[Write]:
    """The message of an event isn't known. Either it comes later (the event is kept until then), or it is older than all we keep
    (nothing to do). `at` is the message's time, as far as the event tells it."""
    oldest = next(iter(state.window), None)
    if oldest is not None and at < oldest.at:
        trace.say("its message is older than anything kept")
        return []
    trace.say("its message hasn't come yet: kept until it does")
    return [KeepEarly(event=event)]
