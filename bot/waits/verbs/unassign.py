"""Unassign: a wait that was handed to somebody isn't theirs by that word any more."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.events import Acted
from bot.domain.trace import Trace
from bot.domain.views import PersonName, Plain, Spans, View
from bot.domain.waits import Wait
from bot.domain.writes import KeepHandover
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.transitions import release
from bot.waits.verbs.verb import Decided, Speech, Verb, claim_button, outcome_of, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "unassigned": who else stands out is its owner, and its ladder goes on as if it hadn't been handed over; "not_assigned":
    there is nothing to take back."""
    if wait.owner_reason != "assigned":
        trace.say("it isn't handed to anybody")
        return [], outcome_of("not_assigned", wait)
    freed = replace(wait, owner=None, owner_reason="team")
    writes = [*release(state, freed, event.at), KeepHandover(wait=wait.id, handover=None)]
    return writes, outcome_of("unassigned", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    """Whose it is again."""
    wait = wait_in(outcome)
    which: Spans = speech.which(wait)
    if outcome.how == "not_assigned":
        return speech.said(*which, Plain(", isn't handed to anybody."))
    whose: Spans = (Plain("; now it is "), PersonName(wait.owner), Plain("'s to answer.")) if wait.owner else (Plain("."),)
    return speech.offering((*which, Plain(", isn't handed over after all"), *whose), claim_button(speech))


UNASSIGN = Verb(
    name="unassign",
    help="take back that it was handed to somebody",
    examples=("unassign w17",),
    decide=decide,
    respond=respond,
)
