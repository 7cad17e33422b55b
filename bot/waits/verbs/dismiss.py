"""Dismiss: a member says that a wait needs no reply."""

from __future__ import annotations

from bot.domain.events import Acted
from bot.domain.trace import Trace
from bot.domain.views import Plain, Spans, View
from bot.domain.waits import Wait
from bot.waits import corrections
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.verbs.verb import Decided, Speech, Verb, outcome_of, reopen_button, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "dismissed": it ends, and the judge was wrong to open it."""
    del state
    trace.say(f"ends wait {wait.id}: {event.by} says it needs no reply")
    writes = corrections.dismiss(wait, by=event.by, at=event.at)
    return writes, outcome_of("dismissed", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    """That it is off the list."""
    spans: Spans = (*speech.which(wait_in(outcome)), Plain(", needs no reply: it is off the list."))
    return speech.offering(spans, reopen_button(speech))


DISMISS = Verb(name="dismiss", help="say that it needs no reply", examples=("dismiss w17",), decide=decide, respond=respond)
