"""(channel state, event) -> Decision: the one place where an event becomes what is to be stored.

Pure: the judge is asked through its protocol, the state is only read, and every change comes back as a write. What members do
by hand is decided by `verbs`, what they say was judged wrongly by `corrections`; both say what came of it.
"""

from __future__ import annotations

from bot.domain.context import Context
from bot.domain.events import Acted, ChannelLost, Corrected, Deleted, EarlyEdit, Edited, Event, Posted, Reacted, Solved, Typing
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.reading import Reading
from bot.domain.trace import SILENT, Trace
from bot.domain.value import value
from bot.domain.writes import DropEarly, SaveMessage, Write
from bot.waits import corrections, customer_messages, edits, member_messages, reactions
from bot.waits.channel_state import ChannelState
from bot.waits.lost_channel import channel_lost
from bot.waits.outcome import Outcome
from bot.waits.solved import solved
from bot.waits.verbs import registry


@value
class Decision:
    """What an event changes, in the order in which it is to be stored. `outcome` is what came of what a member did by hand."""

    writes: tuple[Write, ...]
    outcome: Outcome | None = None


def decide(state: ChannelState, context: Context, event: Event | EarlyEdit, trace: Trace = SILENT) -> Decision:
    """What this event changes in its channel. `state` isn't changed: apply the writes to it and store them.

    Early events of a posted message (an edit or deletion that overtook it) are dropped from the state but not decided here: the
    caller takes them from `state.early` first and decides them right after (see engine.engine).
    """
    if isinstance(event, Posted):
        writes = _posted(state, context, event.message, trace)
        if event.message.id in state.early:
            writes.append(DropEarly(channel=state.key, id=event.message.id))
        return Decision(writes=tuple(writes))
    if isinstance(event, Edited):
        return Decision(writes=tuple(edits.edited(state, context, event, trace)))
    if isinstance(event, EarlyEdit):
        return Decision(writes=tuple(edits.edited_before(state, context, event, trace)))
    if isinstance(event, Deleted):
        return Decision(writes=tuple(edits.deleted(state, context, event, trace)))
    if isinstance(event, Reacted):
        return Decision(writes=tuple(reactions.reacted(state, event, trace)))
    if isinstance(event, Typing):
        return Decision(writes=tuple(member_messages.typing(state, event, trace)))
    if isinstance(event, Solved):
        return Decision(writes=tuple(solved(state, event, trace)))
    if isinstance(event, ChannelLost):
        return Decision(writes=tuple(channel_lost(state, event, trace)))
    if isinstance(event, Corrected):
        corrected, outcome = corrections.corrected(state, context, event, trace)
        return Decision(writes=tuple(corrected), outcome=outcome)
    assert isinstance(event, Acted)
    acted, outcome = registry.decide(state, event, trace)
    return Decision(writes=tuple(acted), outcome=outcome)


def _read(context: Context, message: Message, state: ChannelState) -> Reading:
    """What a message says to the channel: what a member says to the bot is no word to anybody there."""
    if message.to_bot and message.role is Role.MEMBER:
        return Reading()
    return context.judge.read(message, state.names)


def _posted(state: ChannelState, context: Context, message: Message, trace: Trace) -> list[Write]:
    seen = MessageRecord(
        id=message.id,
        at=message.at,
        author=message.author,
        role=Role.APP if message.marks else message.role,
        thread=message.thread,
        reply_to=message.reply_to,
        reading=_read(context, message, state),
    )
    if seen.role is Role.APP:
        trace.say(f"made by an app ({', '.join(message.marks) or 'app account'}): never ends a wait")
        return member_messages.reply_of_app(state, context, message, seen, trace)
    if seen.role is Role.MEMBER and message.to_bot:
        trace.say("is said to the bot: no reply to a customer")
        return [SaveMessage(channel=state.key, seen=seen)]
    if seen.role is Role.MEMBER:
        return member_messages.reply_of_member(state, context, message, seen, trace)
    return customer_messages.customer_message(state, context, message, seen, trace)
