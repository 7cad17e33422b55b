"""Unclaim: a member takes it back that they are on it."""

from __future__ import annotations

from bot.domain.events import Acted
from bot.domain.trace import Trace
from bot.domain.views import Plain, Spans, View
from bot.domain.waits import Wait
from bot.waits import holds, transitions
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.verbs.verb import Decided, Speech, Verb, claim_button, outcome_of, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "unclaimed": it waits as if they hadn't said so, and may be theirs all the same (Not me passes it on). "not_on_it": there
    is nothing to take back."""
    if holds.claimant(wait.as_of(event.at).hold) != event.by:
        trace.say("they aren't on it")
        return [], outcome_of("not_on_it", wait)
    writes = transitions.spared(state, transitions.unclaim(state, wait, event.at), event.by, event.at)
    return writes, outcome_of("unclaimed", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    """That it waits again, or that they never were on it."""
    which: Spans = speech.which(wait_in(outcome))
    if outcome.how == "not_on_it":
        return speech.said(Plain("You aren't on "), *which, Plain(", just now."))
    held = speech.how_it_is_held(wait_in(outcome))
    if held:
        return speech.offering((Plain("You aren't on "), *which, Plain(", any more. As before: "), *held, Plain(".")))
    spans: Spans = (Plain("You aren't on "), *which, Plain(", any more: it waits, and reminders go on."))
    return speech.offering(spans, claim_button(speech))


UNCLAIM = Verb(
    name="unclaim",
    help="take it back that you are on it: it waits again",
    examples=("unclaim w17",),
    decide=decide,
    respond=respond,
)
