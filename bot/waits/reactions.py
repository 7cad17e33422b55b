"""Reactions: what a member says of a wait with an emoji on one of its messages. Others' reactions say nothing.

Which emoji has which meaning is in the channel's rules; what a meaning does is the table here, a row a meaning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.events import ANYBODY, Reacted
from bot.domain.trace import Trace
from bot.domain.waits import ANSWERING, HoldKind, Wait, WaitState
from bot.domain.writes import Write
from bot.waits import holds
from bot.waits.channel_state import ChannelState
from bot.waits.early import keep_early
from bot.waits.transitions import displaced_by, end, hold, reopen, unclaim


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionMeaning:
    """What a reaction does to a wait of its message when it is `put` there, and when it is `taken_back`. `timed`: only one of
    which it is known when it was put there."""

    put: Callable[[ChannelState, Wait, Reacted, Trace], list[Write]]
    taken_back: Callable[[ChannelState, Wait, Reacted, Trace], list[Write]]
    timed: bool = False


def reacted(state: ChannelState, event: Reacted, trace: Trace) -> list[Write]:
    """The writes for a reaction: those of its meaning, for each wait that its message belongs to."""
    verb = state.rules.reactions.get(event.emoji)
    if not event.by_member or verb is None:
        trace.say("the reaction means nothing here" if event.by_member else "only members' reactions count")
        return []
    waits = [wait for wait in state.waits_with(event.id) if event.id in wait.messages]
    if not waits and state.window.get(event.id) is None:
        if event.by == ANYBODY:
            return []  # on a message that is still to come there was nothing to clear
        return keep_early(state, event, event.at, trace)
    meaning = MEANINGS[verb]
    if meaning.timed and not event.timed:
        return []
    change = meaning.put if event.added else meaning.taken_back
    return [write for wait in waits for write in change(state, wait, event, trace)]


def _claim(state: ChannelState, wait: Wait, event: Reacted, trace: Trace) -> list[Write]:
    if not wait.open:
        return []
    trace.say(f"holds wait {wait.id}: {event.by} is on it")
    until = holds.until(HoldKind.CLAIM, state.rules.holds, event.at)
    return hold(state, displaced_by(wait, event.by, event.at), HoldKind.CLAIM, by=event.by, since=event.at, until=until)


def _unclaim(state: ChannelState, wait: Wait, event: Reacted, trace: Trace) -> list[Write]:
    if not wait.open or holds.claimant(wait.hold) != event.by:
        return []
    trace.say(f"the hold of wait {wait.id} is taken back")
    return unclaim(state, wait, event.at)


def _mark(_: ChannelState, wait: Wait, event: Reacted, trace: Trace) -> list[Write]:
    if not wait.open:
        return []
    trace.say(f"ends wait {wait.id}: {event.by} marked it answered")
    return end(replace(displaced_by(wait, event.by, event.at), marked_by=event.by), WaitState.ANSWERED, event.at)


def _unmark(state: ChannelState, wait: Wait, event: Reacted, trace: Trace) -> list[Write]:
    theirs = wait.marked_by is not None and event.by in (wait.marked_by, ANYBODY)
    if not theirs or any(reply.kind in ANSWERING for reply in wait.replies):
        return []
    trace.say(f"wait {wait.id} is open again: the mark was taken back")
    return reopen(state, wait, event.at)


MEANINGS: Final[dict[str, ReactionMeaning]] = {
    # A source that can't say when the eyes were put there can't say whether the claim still holds.
    "claim": ReactionMeaning(put=_claim, taken_back=_unclaim, timed=True),
    "answered": ReactionMeaning(put=_mark, taken_back=_unmark),
}
"""What each verb does that a reaction can say."""
