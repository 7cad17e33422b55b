"""Unclaim: a member takes it back that they are on it."""

from __future__ import annotations

from bot.domain.events import Acted
from bot.domain.params import WAIT
from bot.domain.trace import Trace
from bot.domain.views import Plain, Spans, View
from bot.domain.waits import Wait
from bot.waits import holds, transitions
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.verbs.verb import WHICH_HOLD, Decided, Speech, Verb, claim_button, outcome_of, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "unclaimed": it waits as if they hadn't said so, and may be theirs all the same (Not me passes it on). "not_on_it": there
    is nothing to take back; "newer": they took it on anew since the claim that is meant."""
    if wait.hold is None or holds.claimant(wait.as_of(event.at).hold) != event.by:
        trace.say("they aren't on it")
        return [], outcome_of("not_on_it", wait)
    if event.text is not None and event.text != wait.hold.number:
        trace.say("they took it on anew since")
        return [], outcome_of("newer", wait)
    released = transitions.unclaim(state, wait, event.at)
    if event.text is None:  # a word of its own, which can be taken back, too
        released = transitions.letting_go(released, transitions.let_go_by(wait, event.by, "unclaim", event.at))
    writes = transitions.spared(state, released, event.by, event.at)
    return writes, outcome_of("unclaimed", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    """That it waits again, or that they never were on it."""
    which: Spans = speech.which(wait_in(outcome))
    if outcome.how == "not_on_it":
        return speech.said(Plain("You aren't on "), *which, Plain(", just now."))
    held = speech.how_it_is_held(wait_in(outcome))
    if outcome.how == "newer":
        return speech.said(*which, Plain(", was taken on anew since: "), *held, Plain(". Nothing is changed."))
    if held:
        return speech.offering((Plain("You aren't on "), *which, Plain(", any more. As before: "), *held, Plain(".")))
    spans: Spans = (Plain("You aren't on "), *which, Plain(", any more: it waits, and reminders go on."))
    return speech.offering(spans, claim_button(speech))


UNCLAIM = Verb(
    name="unclaim",
    help="take it back that you are on it: it waits again",
    examples=("unclaim w17",),
    params=(WAIT, WHICH_HOLD),
    decide=decide,
    respond=respond,
)
