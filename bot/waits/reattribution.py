"""Second thoughts: a member's reply that names nobody was taken for one customer's answer, and now a clearer one comes.

Ana writes "yes, under Settings" while Dana and Omar wait, and Dana's is the likelier wait. When somebody then replies in the
thread of Dana's question, what Ana said was more likely for Omar: Dana's wait was still without an answer, and Omar's has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.domain.context import Context
from bot.domain.messages import MessageRecord
from bot.domain.trace import Trace
from bot.domain.waits import ANSWERING, Reply, Wait, WaitState
from bot.domain.writes import SaveMessage, SaveWait, Write
from bot.waits.channel_state import ChannelState
from bot.waits.transitions import reopen, take_reply

DOUBTED = 0.9
"""A reply that is likelier than this to be meant for a wait stays with it, whatever comes later."""


@dataclass(slots=True)
class Revision:
    """What second thoughts change: the writes, the waits that are open again, and the ids of those that end instead."""

    writes: list[Write] = field(default_factory=list)
    reopened: list[Wait] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)


def reconsider(state: ChannelState, context: Context, seen: MessageRecord, trace: Trace) -> Revision:
    """A member's message that refers to a customer's message by thread or reply reference: was what ended that customer's wait
    since then really for them? If that was doubtful, it is taken back, and goes to whom else it may have been for."""
    revision = Revision()
    if seen.thread is None and seen.reply_to is None:
        return revision
    for wait in _doubtful(state, seen):
        taken = wait.replies[0]
        earlier = state.window.get(taken.message)
        if earlier is None:
            continue
        trace.say(f"shows that message {earlier.id} wasn't the answer to wait {wait.id}: it is open again")
        again = reopen(state, replace(wait, replies=()), seen.at)
        revision.writes += again
        revision.reopened += [write.wait for write in again if isinstance(write, SaveWait)]
        revision.writes += _move(state, context, earlier, taken, wait, revision, trace)
    return revision


def _doubtful(state: ChannelState, seen: MessageRecord) -> list[Wait]:
    """The waits of the message referred to that one doubtful reply ended after that message was written."""
    found: list[Wait] = []
    for reference in (seen.thread, seen.reply_to):
        root = state.window.get(reference) if reference is not None else None
        if root is None:
            continue
        for wait in state.waits_with(root.id):
            if root.id not in wait.messages or wait.state is not WaitState.ANSWERED or len(wait.replies) != 1:
                continue
            reply = wait.replies[0]
            if reply.probability < DOUBTED and reply.kind in ANSWERING and root.at < reply.at < seen.at and wait not in found:
                found.append(wait)
    return found


def _move(
    state: ChannelState, context: Context, earlier: MessageRecord, taken: Reply, wait: Wait, revision: Revision, trace: Trace
) -> Sequence[Write]:
    """Give a reply that was taken back to whom else it may have been for, if anybody."""
    others = [
        other
        for other in state.near_waits()
        if other.opened_at < earlier.at and other.customer != wait.customer and other.id not in revision.ended
    ]
    kept = [answered for answered in earlier.answers if answered != wait.id]
    writes: list[Write] = []
    for attribution in context.judge.attribute(earlier, state.window, others, frozenset((wait.customer,))):
        if context.judge.answers(attribution):
            other = next(one for one in others if one.id == attribution.wait)
            trace.say(f"message {earlier.id} replies to wait {other.id} instead")
            writes += take_reply(state, other, replace(taken, probability=attribution.probability), until=None)
            revision.ended.add(other.id)
            kept.append(other.id)
            break
    return [*writes, SaveMessage(channel=state.key, seen=replace(earlier, answers=tuple(kept)))]
