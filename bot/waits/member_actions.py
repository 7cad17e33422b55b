"""What members do to a wait by hand (a button, a command): claim, snooze, answered, dismiss, not me, reopen, and
whether a message that may have answered it did."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.events import Acted
from bot.domain.trace import Trace
from bot.domain.waits import HoldKind, Wait, WaitState
from bot.domain.writes import SaveMessage, SaveWait, Write
from bot.waits import corrections, holds
from bot.waits.channel_state import ChannelState
from bot.waits.transitions import end, hold, save_and_schedule, take_reply


def acted(state: ChannelState, event: Acted, trace: Trace) -> list[Write]:
    """The writes for a member's action. On a wait that is over already nothing happens but that it is reopened (whoever shows it
    says so)."""
    wait = state.waits.get(event.wait)
    if wait is not None and not wait.open and event.verb == "reopen" and event.by in state.team.members:
        return _reopen(state, wait, event, trace)
    if wait is None or not wait.open or event.by not in state.team.members:
        trace.say("the wait is over already" if wait is not None and not wait.open else "there is no such wait for this person")
        return []
    if event.verb == "claim":
        claimant = holds.claimant(wait.as_of(event.at).hold)
        if claimant not in (None, event.by) and not event.anyway:
            trace.say(f"{claimant} was quicker and is on it")
            return []
        claimed = replace(wait, owner=event.by, owner_reason="claimed", not_me=_without(wait.not_me, event.by))
        until = holds.until(HoldKind.CLAIM, state.rules.holds, event.at)
        return hold(state, claimed, HoldKind.CLAIM, by=event.by, since=event.at, until=until)
    if event.verb == "snooze":
        until = holds.until(HoldKind.SNOOZE, state.rules.holds, event.at, said=event.until)
        return hold(state, wait, HoldKind.SNOOZE, by=event.by, since=event.at, until=until)
    if event.verb == "answered":
        return end(replace(wait, marked_by=event.by), WaitState.ANSWERED, event.at)
    if event.verb == "dismiss":
        return corrections.dismiss(wait, by=event.by, at=event.at)
    if event.verb == "unwatch":
        return end(wait, WaitState.DISMISSED, event.at)
    if event.verb in ("confirm", "not_yet"):
        return _was_it(state, wait, event, trace)
    if event.verb == "reopen":
        trace.say("the wait is open as it is")
        return []
    return _pass_on(state, wait, event)


def _was_it(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> list[Write]:
    """Whether the message that was asked about answered the wait. It is a member's word now, so nothing is left to doubt; a word
    on another message than the one in question says nothing."""
    maybe = wait.possible_answer
    if maybe is None or event.message not in (None, maybe.message):
        trace.say("it isn't in question any more whether that message answered it")
        return []
    if event.verb == "not_yet":
        trace.say(f"message {maybe.message} didn't answer wait {wait.id}: {event.by} says so")
        return [SaveWait(wait=replace(wait, possible_answer=None))]
    trace.say(f"ends wait {wait.id}: {event.by} says that message {maybe.message} answered it")
    writes = take_reply(state, wait, replace(maybe, probability=1.0), until=None)
    seen = state.window.get(maybe.message)
    if seen is not None:
        writes.append(SaveMessage(channel=state.key, seen=replace(seen, answers=(*seen.answers, wait.id))))
    return writes


def _reopen(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> list[Write]:
    if wait.state is WaitState.WITHDRAWN:
        trace.say("the customer took the question back")
        return []
    return corrections.reopened(state, wait, by=event.by, at=event.at, trace=trace)


def _pass_on(state: ChannelState, wait: Wait, event: Acted) -> list[Write]:
    """Not me: the owner is chosen again without this member, who is not asked about this wait any more."""
    passed = replace(wait, not_me=(*_without(wait.not_me, event.by), event.by))
    if wait.owner == event.by:
        passed = replace(passed, owner=None, owner_reason="team")
    if holds.claimant(wait.hold) == event.by:
        passed = replace(passed, hold=None, ladder_start=wait.opened_at)
    return save_and_schedule(state, passed, event.at)


def _without(members: tuple[str, ...], member: str) -> tuple[str, ...]:
    return tuple(other for other in members if other != member)
