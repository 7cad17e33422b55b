"""Retake: a member takes it back that they let a wait go: that they took a claim or a snooze back, or passed it on. It is what
typed `undo` does then."""

from __future__ import annotations

from bot.domain.events import Acted
from bot.domain.trace import Trace
from bot.domain.views import Plain, Spans, View
from bot.domain.waits import Wait
from bot.waits import transitions
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.verbs.verb import Decided, Speech, Verb, outcome_of, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "retaken": it is as it was before they let it go; "newer": it isn't theirs to take back any more."""
    theirs = (one for one in reversed(wait.let_go) if one.by == event.by)
    let_go = next((one for one in theirs if transitions.is_retaken(wait, one, event.at)), None)
    if let_go is None:
        trace.say("there is nothing of theirs to take back")
        return [], outcome_of("newer", wait)
    writes = transitions.spared(state, transitions.retake(state, wait, let_go, event.at), event.by, event.at)
    return writes, outcome_of("retaken", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    """How it is again."""
    wait = wait_in(outcome)
    which, held = speech.which(wait), speech.how_it_is_held(wait)
    if outcome.how == "newer":
        return speech.said(*which, Plain(": something newer was said of it since, so I leave that as it is."))
    spans: Spans = (Plain("Undone. "), *which, Plain(", is as it was"))
    if held:
        return speech.said(*spans, Plain(": "), *held, Plain("."))
    return speech.said(*spans, Plain(": it waits, and you may be asked about it again."))


RETAKE = Verb(
    name="retake",
    help="take back that you let it go",
    examples=(),
    button=False,
    asked=False,
    decide=decide,
    respond=respond,
)
