"""A thread that was marked as solved by its platform's own means: what that does to the waits in it."""

from __future__ import annotations

from bot.domain.events import Solved
from bot.domain.trace import Trace
from bot.domain.waits import WaitState
from bot.domain.writes import Write
from bot.waits.channel_state import ChannelState
from bot.waits.transitions import end


def solved(state: ChannelState, event: Solved, trace: Trace) -> list[Write]:
    """The open waits of the thread end, but for those whose customer wrote after it was marked: they ask something else."""
    writes: list[Write] = []
    for wait in state.open_waits():
        if event.thread not in (wait.thread, *wait.messages):
            continue
        if wait.last_message_at > event.at:
            trace.say(f"wait {wait.id} goes on: its customer wrote since")
            continue
        trace.say(f"ends wait {wait.id}: its thread was marked as solved")
        writes += end(wait, WaitState.RESOLVED, event.at)
    return writes
