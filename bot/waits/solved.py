"""A thread that was marked as solved by its platform's own means, or is gone: what that does to the waits in it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.events import Solved
from bot.domain.trace import Trace
from bot.domain.waits import ANSWERING, Wait, WaitState
from bot.domain.writes import KeepText, SaveWait, Write
from bot.waits.channel_state import ChannelState
from bot.waits.lost_channel import comes_back, go_on
from bot.waits.transitions import displaced_by, end, reopen


def solved(state: ChannelState, event: Solved, trace: Trace) -> list[Write]:
    """The open waits of the thread end, but for those whose customer wrote after it was marked: they ask something else. Of a
    thread that is gone only what stood in it goes."""
    if event.taken_back:
        return _taken_back(state, event, trace)
    writes: list[Write] = []
    for wait in state.open_waits():
        if event.gone:
            writes += _gone(state, wait, event, trace)
            continue
        if event.thread not in (wait.thread, *wait.messages):
            continue
        if wait.last_message_at > event.at:
            trace.say(f"wait {wait.id} goes on: its customer wrote since")
            continue
        trace.say(f"ends wait {wait.id}: its thread was marked as solved")
        writes += end(replace(wait, by_thread=True), WaitState.RESOLVED, event.at)
    return writes


def _taken_back(state: ChannelState, event: Solved, trace: Trace) -> list[Write]:
    """What the mark ended goes on, unless somebody answered since, or its customer waits there again by what they wrote since."""
    if event.unseen:
        return _seen_again(state, event, trace)
    waiting = {wait.customer for wait in state.open_waits() if event.thread in (wait.thread, *wait.messages)}
    for wait in state.ended_waits():
        marked = wait.by_thread and wait.state is WaitState.RESOLVED and event.thread in (wait.thread, *wait.messages)
        if marked and wait.customer not in waiting and not any(reply.kind in ANSWERING for reply in wait.replies):
            trace.say(f"wait {wait.id} is open again: its thread isn't marked as solved any more")
            return reopen(state, wait, event.at)
    return []


def _seen_again(state: ChannelState, event: Solved, trace: Trace) -> list[Write]:
    """What ended because its thread couldn't be seen any more goes on, as a lost channel's waits do."""
    writes: list[Write] = []
    for wait in tuple(state.ended_waits()):
        if wait.by_thread and wait.by_channel and wait.thread == event.thread and comes_back(wait, event.at):
            trace.say(f"wait {wait.id} goes on: its thread can be seen again")
            writes += go_on(state, wait, event.at)
    return writes


def _gone(state: ChannelState, wait: Wait, event: Solved, trace: Trace) -> list[Write]:
    left = tuple(message for message in wait.messages if not _stood_in(state, wait, message, event))
    if left == wait.messages:
        return []
    known = [state.window.get(message) for message in left]
    if not any(seen is None or seen.reply_probability > 0 for seen in known):
        became = "can't be seen any more" if event.unseen else "was deleted"
        trace.say(f"ends wait {wait.id}: its thread {became}")
        before = displaced_by(wait, "", event.at) if event.unseen else wait
        return end(replace(before, by_thread=True, by_channel=event.unseen), WaitState.WITHDRAWN, event.at)
    lost = [message for message in wait.messages if message not in left]
    blanked = [KeepText(wait=wait.id, message=message, text="") for message in lost]
    return [SaveWait(wait=replace(wait, messages=left)), *blanked]


def _stood_in(state: ChannelState, wait: Wait, message: str, event: Solved) -> bool:
    """Whether a message of a wait stood in the thread. One that is too old to be known stood where its wait does."""
    if message == event.thread:
        return event.starter
    seen = state.window.get(message)
    if seen is not None:
        return seen.thread == event.thread
    return wait.thread == event.thread or (event.starter and wait.opening == event.thread)
