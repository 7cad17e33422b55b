"""An answer that stands there already: what was written after a wait's last message, looked at once more."""

from __future__ import annotations

from bot.domain.context import Context
from bot.domain.messages import MessageRecord
from bot.domain.people import Role
from bot.domain.waits import ANSWERING, Reply, Wait
from bot.waits.channel_state import ChannelState


def looks_answered(state: ChannelState, context: Context, wait: Wait, *, but: str | None = None) -> Reply | None:
    """The message of a member (not the one `but`, by its id) that the judge takes for the answer, if there is one after the
    wait's last message. What replied to somebody else is it only where it says that it is for this customer, too."""
    for seen in state.window.after(wait.last_message_at, wait.messages[-1]):
        if seen.role is not Role.MEMBER or seen.id == but:
            continue
        if set(seen.answers) - {wait.id} and not _is_for(seen, wait):
            continue
        judged = context.judge.reply_kind(seen, wait, state.window, state.team.members)
        for attribution in context.judge.attribute(seen, state.window, [wait]):
            if judged.kind in ANSWERING and not judged.doubtful and context.judge.answers(attribution):
                return Reply(message=seen.id, by=seen.author, at=seen.at, kind=judged.kind, probability=attribution.probability)
    return None


def _is_for(seen: MessageRecord, wait: Wait) -> bool:
    """Whether a message itself says that it belongs to a wait: by its customer's name, its thread or what it replies to."""
    in_thread = seen.thread is not None and (seen.thread == wait.thread or seen.thread in wait.messages)
    return in_thread or seen.reply_to in wait.messages or seen.reading.names(wait.customer) > 0
