"""Edits and deletions: what they do to the waits of their message."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.durations import Instant
from bot.domain.events import Deleted, EarlyEdit, Edited
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.trace import Trace
from bot.domain.waits import ANSWERING, HoldKind, Reply, ReplyKind, Wait, WaitState
from bot.domain.writes import DropMessage, KeepText, SaveMessage, SaveWait, Write
from bot.waits import holds
from bot.waits.answers import looks_answered
from bot.waits.channel_state import ChannelState
from bot.waits.customer_messages import calls_for_reply, counts, has_watched_word, open_wait, says_nothing
from bot.waits.early import keep_early
from bot.waits.member_messages import reply_of_member, says_nothing_yet
from bot.waits.reply_kind import kind_of_reply
from bot.waits.transitions import end, hold, release, reopen, save_and_schedule


def edited(state: ChannelState, context: Context, event: Edited, trace: Trace) -> list[Write]:
    """A message reads differently now: it may have become a question, stopped being one, or become the answer."""
    message = event.message
    if message.to_bot and message.role is Role.MEMBER and not state.waits_with(message.id):
        trace.say("is said to the bot: no reply to a customer")
        return []
    reading = context.judge.read(message, state.names)
    before = state.window.get(message.id)
    if before is None:
        early = EarlyEdit(
            channel=message.channel,
            id=message.id,
            at=event.at,
            reading=reading,
            mentions=message.mentions,
            calls_team=message.calls_team or message.pings_member or has_watched_word(state.rules, message),
            files=message.files,
            is_request=message.is_request,
        )
        return keep_early(state, early, message.at, trace)
    return _reads_now(state, context, message, before, replace(before, reading=reading), event.at, trace)


def edited_before(state: ChannelState, context: Context, event: EarlyEdit, trace: Trace) -> list[Write]:
    """The message of an edit that overtook it has come. Where it came as it reads since (it was read back), nothing changes;
    where it came as it was, its kept text is out of date: which words it has now isn't known here."""
    before = state.window.get(event.id)
    if before is None:
        trace.say("its message isn't kept any more")
        return []
    if before.reading == event.reading:
        trace.say("its message came as it was edited")
        return []
    message = Message(
        channel=event.channel,
        id=event.id,
        at=before.at,
        author=before.author,
        role=before.role,
        thread=before.thread,
        reply_to=before.reply_to,
        mentions=event.mentions,
        calls_team=event.calls_team,
        files=event.files,
        is_request=event.is_request,
    )
    writes = _reads_now(state, context, message, before, replace(before, reading=event.reading), event.at, trace)
    if state.rules.keep_text and before.role is Role.CUSTOMER:
        theirs = [write.wait for write in writes if isinstance(write, SaveWait)] + state.waits_with(event.id)
        writes += [
            KeepText(wait=wait, message=event.id, text="")
            for wait in dict.fromkeys(wait.id for wait in theirs if event.id in wait.messages)
        ]
    return writes


def _reads_now(
    state: ChannelState,
    context: Context,
    message: Message,
    before: MessageRecord,
    seen: MessageRecord,
    at: Instant,
    trace: Trace,
) -> list[Write]:
    """What follows from how a message reads (`seen`) since it was edited at `at`, and from how it read before."""
    if seen.role is Role.MEMBER:
        if says_nothing_yet(before.reading) and not says_nothing_yet(seen.reading):
            trace.say("has words of its author's own now")
            return reply_of_member(state, context, message, seen, trace)
        if before.reading != seen.reading and not _is_reply(state, seen.id):
            # What said nothing ("hm"), or was in doubt, may have been edited into the answer.
            trace.say("was no reply so far, and is judged again")
            judged = reply_of_member(state, context, message, seen, trace)
            again = {write.wait.id for write in judged if isinstance(write, SaveWait)}
            # Nobody is asked any more about what it said before.
            in_question = [wait for wait in _asked_about(state, message.id) if wait.id not in again]
            return [*judged, *(SaveWait(wait=replace(wait, possible_answer=None)) for wait in in_question)]
        return _edited_reply(state, context, message, at, seen, trace)
    if seen.role is Role.APP:
        return [SaveMessage(channel=state.key, seen=seen)]
    judgement = calls_for_reply(state, context, message, seen, state.near_waits(message.thread), trace)
    seen = replace(seen, reply_probability=0.0 if says_nothing(message, seen) else judgement.probability)
    mine = next((wait for wait in state.waits_with(message.id) if message.id in wait.messages), None)
    asks = counts(state, context, message, seen, judgement, mine)
    if mine is None:
        if not asks:
            return [SaveMessage(channel=state.key, seen=seen)]
        # Nobody could know of the question before the edit, so the customer waits since then.
        return open_wait(state, context, replace(message, at=at), seen, judgement, trace)
    if not mine.open:
        return [SaveMessage(channel=state.key, seen=seen)]
    if not asks and not any(other.reply_probability > 0 for other in _others(state, mine, message.id)):
        trace.say(f"ends wait {mine.id}: the question was edited away")
        return [*end(mine, WaitState.WITHDRAWN, at), SaveMessage(channel=state.key, seen=replace(seen, wait=None))]
    writes: list[Write] = [SaveMessage(channel=state.key, seen=seen)]
    if asks and before.reading.wordless and seen.reply_probability > mine.probability:
        writes.append(SaveWait(wait=replace(mine, probability=seen.reply_probability)))
    if state.rules.keep_text and message.text:
        writes.append(KeepText(wait=mine.id, message=message.id, text=message.text))
    return writes


def _asked_about(state: ChannelState, message: str) -> list[Wait]:
    """The open waits that this message may have answered."""
    return [wait for wait in state.open_waits() if wait.possible_answer is not None and wait.possible_answer.message == message]


def _going_on_in(state: ChannelState, message: str) -> list[Wait]:
    """The open waits whose customer went on in this message."""
    return [wait for wait in state.open_waits() if any(further.message == message for further in wait.went_on)]


def _without_follow_up(wait: Wait, message: str) -> Wait:
    return replace(wait, went_on=tuple(further for further in wait.went_on if further.message != message))


def _is_reply(state: ChannelState, message: str) -> bool:
    return any(reply.message == message for wait in state.waits_with(message) for reply in wait.replies)


def _edited_reply(
    state: ChannelState, context: Context, message: Message, at: Instant, seen: MessageRecord, trace: Trace
) -> list[Write]:
    """A reply that was edited is judged anew. One that decides nothing any more, because another came after it, stays what it
    was, and so does an answer that is reworded."""
    writes: list[Write] = [SaveMessage(channel=state.key, seen=seen)]
    for wait in state.waits_with(seen.id):
        known = next((reply for reply in wait.replies if reply.message == seen.id), None)
        if known is None:
            continue
        if not wait.open:
            if wait.state is WaitState.ANSWERED and message.text and wait.replies[-1] is known and wait.marked_by is None:
                writes += _no_answer_any_more(state, context, message, at, seen, wait, trace)
            continue
        judged, kind, until = kind_of_reply(state, context, message, seen, wait, trace)
        if kind in ANSWERING and not judged.doubtful:
            trace.say(f"was edited into an answer: ends wait {wait.id}")
            replies = tuple(replace(reply, kind=kind, at=at) if reply.message == seen.id else reply for reply in wait.replies)
            writes += end(replace(wait, replies=replies), WaitState.ANSWERED, at)
            continue
        promises = kind is ReplyKind.PROMISE and bool(message.text) and _decides(wait, known)
        if promises and until is not None and (known.kind is not kind or known.until != until):
            trace.say(f"promises wait {wait.id} something else now")
            writes += _promise_again(state, wait, known, until, at)
    return writes


def _decides(wait: Wait, reply: Reply) -> bool:
    """Whether a reply is the last one, and what holds the wait, if anything does, is its hold."""
    if wait.replies[-1] != reply:
        return False
    return wait.hold is None or (wait.hold.since == reply.at and wait.hold.by == reply.by)


def _promise_again(state: ChannelState, wait: Wait, reply: Reply, until: Instant, at: Instant) -> list[Write]:
    """A reply holds its wait by the promise that it makes since it was edited."""
    promise = replace(reply, kind=ReplyKind.PROMISE, until=until)
    replies = tuple(promise if each == reply else each for each in wait.replies)
    if until <= at:  # it is over already
        return [SaveWait(wait=replace(wait, replies=replies))]
    return hold(state, replace(wait, replies=replies), HoldKind.PROMISE, by=reply.by, since=reply.at, until=until)


def _no_answer_any_more(
    state: ChannelState, context: Context, message: Message, at: Instant, seen: MessageRecord, wait: Wait, trace: Trace
) -> list[Write]:
    """What was the answer may have been edited into a promise: then its customer waits again, until that time."""
    before = replace(wait, replies=wait.replies[:-1])
    judged, kind, until = kind_of_reply(state, context, message, seen, before, trace)
    if kind is not ReplyKind.PROMISE or until is None or until <= at or judged.asked_when:
        return []
    trace.say(f"was edited into a promise: wait {wait.id} is open again")
    opened = reopen(state, wait, at)
    again = next(write.wait for write in opened if isinstance(write, SaveWait))
    return [*opened, *_promise_again(state, again, again.replies[-1], until, at)]


def deleted(state: ChannelState, context: Context, event: Deleted, trace: Trace) -> list[Write]:
    """A message is gone. A question takes its wait with it (withdrawn); an answer leaves its customer waiting again."""
    waits = state.waits_with(event.id)
    known = state.window.get(event.id)
    in_question = _asked_about(state, event.id)
    if known is None and not waits and not in_question:
        return keep_early(state, event, event.at, trace)
    writes: list[Write] = [DropMessage(channel=state.key, id=event.id, at=known.at if known is not None else None)]
    writes += [SaveWait(wait=replace(wait, possible_answer=None)) for wait in in_question]
    writes += [SaveWait(wait=_without_follow_up(wait, event.id)) for wait in _going_on_in(state, event.id)]
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
    other = looks_answered(state, context, fewer, but=event.id)
    if other is not None:
        # Said twice: by a relay that takes the place of what somebody wrote, or by who mended their own words that way.
        trace.say(f"its answer was deleted; wait {wait.id} is answered by message {other.message}, too")
        seen = state.window.get(other.message)
        told = [] if seen is None else [SaveMessage(channel=state.key, seen=replace(seen, answers=(*seen.answers, wait.id)))]
        return [SaveWait(wait=replace(fewer, replies=(*left, other))), *told]
    trace.say(f"wait {wait.id} is open again: its answer was deleted")
    return reopen(state, fewer, event.at)


def _others(state: ChannelState, wait: Wait, message: str) -> list[MessageRecord]:
    known = (state.window.get(other) for other in wait.messages if other != message)
    return [seen for seen in known if seen is not None]


def _beyond_window(state: ChannelState, messages: tuple[str, ...]) -> bool:
    """Whether some of these messages are too old to be known: then they keep the wait open."""
    return any(state.window.get(message) is None for message in messages)
