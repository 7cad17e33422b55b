"""Answered: a member says that it was answered elsewhere, by phone for example."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.events import Acted
from bot.domain.trace import Trace
from bot.domain.views import Plain, Spans, View
from bot.domain.waits import Wait, WaitState
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.transitions import displaced_by, end
from bot.waits.verbs.verb import Decided, Speech, Verb, outcome_of, reopen_button, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "answered": it ends by their word."""
    del state
    trace.say(f"ends wait {wait.id}: {event.by} says it was answered elsewhere")
    writes = end(replace(displaced_by(wait, event.by, event.at), marked_by=event.by), WaitState.ANSWERED, event.at)
    return writes, outcome_of("answered", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    """That it counts as answered."""
    spans: Spans = (Plain("Thank you. "), *speech.which(wait_in(outcome)), Plain(", counts as answered by you."))
    return speech.offering(spans, reopen_button(speech))


ANSWERED = Verb(
    name="answered",
    help="say that it was answered elsewhere, by phone for example",
    examples=("answered w17",),
    decide=decide,
    respond=respond,
)
