"""A channel that is gone, or can't be seen any more: nobody can reply there as far as anybody knows. Its waits end, and come back
with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.events import ChannelLost
from bot.domain.trace import Trace
from bot.domain.waits import Wait, WaitState
from bot.domain.writes import KeepText, Write
from bot.waits.channel_state import ChannelState
from bot.waits.transitions import displaced_by, end, reopen

COMES_BACK: Final[Seconds] = 7 * DAY
"""A wait that ended with its channel longer ago than this doesn't come back with it."""

MOST_REREAD: Final = 5
"""Messages of a wait whose words are read again, the latest."""


def channel_lost(state: ChannelState, event: ChannelLost, trace: Trace) -> list[Write]:
    """Every open wait of the channel ends; or those that ended so lately are open again, and their words are to be read anew."""
    writes: list[Write] = []
    if not event.back:
        for wait in state.open_waits():
            trace.say(f"ends wait {wait.id}: its channel is gone or can't be seen")
            lost = replace(displaced_by(wait, "", event.at), by_channel=True)
            writes += end(lost, WaitState.WITHDRAWN, event.at)
        return writes
    for wait in tuple(state.waits.values()):
        if not wait.by_channel or wait.by_thread or not comes_back(wait, event.at):
            continue
        trace.say(f"wait {wait.id} goes on: its channel is there again")
        writes += go_on(state, wait, event.at)
    return writes


def comes_back(wait: Wait, at: Instant) -> bool:
    """Whether a wait ended so lately that it comes back with where it stands."""
    return wait.ended_at is not None and at - wait.ended_at <= COMES_BACK


def go_on(state: ChannelState, wait: Wait, at: Instant, *, ladder_from: Instant | None = None) -> list[Write]:
    """A wait is open again, as it was, and its words are to be read anew. Its ladder goes on, or begins anew at `ladder_from`."""
    writes = reopen(state, wait, at, ladder_from=ladder_from)
    if state.rules.keep_text:
        writes += [KeepText(wait=wait.id, message=message, text="") for message in wait.messages[-MOST_REREAD:]]
    return writes
