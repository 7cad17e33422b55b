"""Edits and deletions: what they do to the waits of their message."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.events import Deleted, Edited
from bot.domain.messages import MessageRecord
from bot.domain.people import Role
from bot.domain.trace import Trace
from bot.domain.waits import ANSWERING, Wait, WaitState
from bot.domain.writes import DropMessage, KeepText, SaveMessage, SaveWait, Write
from bot.waits import holds
from bot.waits.channel_state import ChannelState
from bot.waits.customer_messages import calls_for_reply, counts, open_wait, says_nothing
from bot.waits.early import keep_early
from bot.waits.member_messages import reply_of_member
from bot.waits.transitions import end, release, reopen, save_and_schedule


def edited(state: ChannelState, context: Context, event: Edited, trace: Trace) -> list[Write]:
    """A message reads differently now: it may have become a question, stopped being one, or become the answer."""
    message = event.message
    before = state.window.get(message.id)
    if before is None:
        return keep_early(state, event, message.at, trace)
    seen = replace(before, reading=context.judge.read(message, state.names))
    if before.role is Role.MEMBER:
        if before.reading.wordless and not seen.reading.wordless:
            trace.say("has words of its author's own now")
            return reply_of_member(state, context, message, seen, trace)
        return _edited_reply(state, context, event, seen, trace)
    if before.role is Role.APP:
        return [SaveMessage(channel=state.key, seen=seen)]
    judgement = calls_for_reply(state, context, message, seen, state.near_waits(message.thread), trace)
    seen = replace(seen, reply_probability=0.0 if says_nothing(message, seen) else judgement.probability)
    mine = next((wait for wait in state.waits_with(message.id) if message.id in wait.messages), None)
    asks = counts(state, context, message, seen, judgement, mine)
    if mine is None:
        if not asks:
            return [SaveMessage(channel=state.key, seen=seen)]
        # Nobody could know of the question before the edit, so the customer waits since then.
        asked = replace(message, at=event.at)
        return open_wait(state, context, asked, seen, judgement, trace)
    if not mine.open:
        return [SaveMessage(channel=state.key, seen=seen)]
    if not asks and not any(other.reply_probability > 0 for other in _others(state, mine, message.id)):
        trace.say(f"ends wait {mine.id}: the question was edited away")
        return [*end(mine, WaitState.WITHDRAWN, event.at), SaveMessage(channel=state.key, seen=replace(seen, wait=None))]
    writes: list[Write] = [SaveMessage(channel=state.key, seen=seen)]
    if state.rules.keep_text and message.text:
        writes.append(KeepText(wait=mine.id, message=message.id, text=message.text))
    return writes


def _edited_reply(state: ChannelState, context: Context, event: Edited, seen: MessageRecord, trace: Trace) -> list[Write]:
    """A "one sec" that was edited into the answer ends the wait it held. An answer stays one, however it is reworded."""
    judged = context.judge.reply_kind(seen, seen.at)
    writes: list[Write] = [SaveMessage(channel=state.key, seen=seen)]
    if judged.kind not in ANSWERING:
        return writes
    for wait in state.waits_with(seen.id):
        if wait.open and any(reply.message == seen.id for reply in wait.replies):
            trace.say(f"was edited into an answer: ends wait {wait.id}")
            replies = tuple(
                replace(reply, kind=judged.kind, at=event.at) if reply.message == seen.id else reply for reply in wait.replies
            )
            writes += end(replace(wait, replies=replies), WaitState.ANSWERED, event.at)
    return writes


def deleted(state: ChannelState, context: Context, event: Deleted, trace: Trace) -> list[Write]:
    """A message is gone. A question takes its wait with it (withdrawn); an answer leaves its customer waiting again."""
    waits = state.waits_with(event.id)
    known = state.window.get(event.id)
    in_question = [
        wait for wait in state.open_waits() if wait.possible_answer is not None and wait.possible_answer.message == event.id
    ]
    if known is None and not waits and not in_question:
        return keep_early(state, event, event.at, trace)
    writes: list[Write] = [DropMessage(channel=state.key, id=event.id, at=known.at if known is not None else None)]
    writes += [SaveWait(wait=replace(wait, possible_answer=None)) for wait in in_question]
    for wait in waits:
        if event.id in wait.messages:
            writes += _question_deleted(state, wait, event, trace)
        else:
            writes += _answer_deleted(state, context, wait, event, trace)
    return writes


def _question_deleted(state: ChannelState, wait: Wait, event: Deleted, trace: Trace) -> list[Write]:
    if not wait.open:
        return []
    left = tuple(message for message in wait.messages if message != event.id)
    if not any(other.reply_probability > 0 for other in _others(state, wait, event.id)) and not _beyond_window(state, left):
        trace.say(f"ends wait {wait.id}: its question was deleted")
        return end(wait, WaitState.WITHDRAWN, event.at)
    kept = KeepText(wait=wait.id, message=event.id, text="")
    return [SaveWait(wait=replace(wait, messages=left)), kept]


def _answer_deleted(state: ChannelState, context: Context, wait: Wait, event: Deleted, trace: Trace) -> list[Write]:
    left = tuple(reply for reply in wait.replies if reply.message != event.id)
    fewer = replace(wait, replies=left)
    held = wait.hold is not None and not any(reply.at == wait.hold.since for reply in left)
    if wait.open:
        by_message = held and wait.hold is not None and holds.by_message(wait.hold)
        return release(state, fewer, event.at) if by_message else save_and_schedule(state, fewer, event.at)
    still_ended = any(reply.kind in ANSWERING for reply in left) or wait.marked_by is not None
    if wait.state not in (WaitState.ANSWERED, WaitState.HELPED) or still_ended:
        return [SaveWait(wait=fewer)]
    trace.say(f"wait {wait.id} is open again: its answer was deleted")
    return reopen(state, fewer, event.at)


def _others(state: ChannelState, wait: Wait, message: str) -> list[MessageRecord]:
    known = (state.window.get(other) for other in wait.messages if other != message)
    return [seen for seen in known if seen is not None]


def _beyond_window(state: ChannelState, messages: tuple[str, ...]) -> bool:
    """Whether some of these messages are too old to be known: then they keep the wait open."""
    return any(state.window.get(message) is None for message in messages)
