"""Claim: a member is on it. Nobody is reminded of it for a while, and the customer is theirs."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import keys
from bot.domain.events import Acted
from bot.domain.params import ANYWAY, WAIT, Param
from bot.domain.trace import Trace
from bot.domain.views import Button, Code, PersonName, Plain, Spans, Timestamp, View
from bot.domain.waits import Hold, HoldKind, Wait
from bot.waits import holds
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.transitions import displaced_by, hold
from bot.waits.verbs.verb import Decided, Speech, Verb, outcome_of, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "claimed", "already" (by themselves), or "taken": somebody else is on it, which only who has seen that passes over."""
    claimant = holds.claimant(wait.as_of(event.at).hold)
    if claimant == event.by:
        trace.say("they are on it already")
        return [], outcome_of("already", wait)
    if claimant is not None and event.choice != ANYWAY:
        trace.say(f"{claimant} was quicker and is on it")
        return [], outcome_of("taken", wait)
    others = tuple(member for member in wait.not_me if member != event.by)
    claimed = replace(displaced_by(wait, event.by, event.at), owner=event.by, owner_reason="claimed", not_me=others)
    until = holds.until(HoldKind.CLAIM, state.rules.holds, event.at)
    writes = hold(state, claimed, HoldKind.CLAIM, by=event.by, since=event.at, until=until)
    return writes, outcome_of("claimed", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    """That they are on it now, or who is."""
    wait = wait_in(outcome)
    held = _hold(wait)
    if outcome.how == "taken":
        taken: Spans = (PersonName(held.by), Plain(" has been on "), Code(speech.handle))
        since: Spans = (Plain(" since "), Timestamp(held.since), Plain("."))
        return speech.offering((*taken, *since), Button("Take it over", "claim", keys.argument(speech.handle, ANYWAY)))
    if outcome.how == "already":
        quiet: Spans = (Plain("You are on it already. It stays quiet until "), Timestamp(held.until), Plain("."))
        return speech.said(Code(speech.handle), Plain(": "), *quiet)
    spans: Spans = (Plain("You're on it: "), *speech.which(wait), Plain(". Nobody is reminded of it before "))
    undo = Button("Undo", "unclaim", keys.argument(speech.handle, held.number))
    return speech.offering((*spans, Timestamp(held.until), Plain(".")), undo)


def _hold(wait: Wait) -> Hold:
    if wait.hold is None:
        raise ValueError(f"nobody is on wait {wait.id}")
    return wait.hold


CLAIM = Verb(
    name="claim",
    help="say that you are on it; nobody is reminded of it for a while",
    examples=("claim w17", "claim dana"),
    params=(WAIT, Param(name="anyway", kind="choice", options=(ANYWAY,), required=False, hidden=True)),
    decide=decide,
    respond=respond,
)
