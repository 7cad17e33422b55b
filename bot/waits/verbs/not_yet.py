"""Not yet: a member says that the message which may have answered a wait didn't."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.events import Acted
from bot.domain.params import WAIT
from bot.domain.trace import Trace
from bot.domain.views import Plain, Spans, View
from bot.domain.waits import Wait
from bot.domain.writes import SaveWait, Write
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.verbs.confirm import MESSAGE, in_question, not_asked
from bot.waits.verbs.verb import Decided, Speech, Verb, claim_button, outcome_of, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "not_yet", or "not_asked"."""
    del state
    maybe = in_question(wait, event, trace)
    if maybe is None:
        return [], outcome_of("not_asked", wait)
    trace.say(f"message {maybe.message} didn't answer wait {wait.id}: {event.by} says so")
    writes: list[Write] = [SaveWait(wait=replace(wait, possible_answer=None))]
    return writes, outcome_of("not_yet", wait, writes, reply=maybe)


def respond(outcome: Outcome, speech: Speech) -> View:
    """That it goes on waiting."""
    wait = wait_in(outcome)
    if outcome.reply is None:
        return not_asked(wait, speech)
    spans: Spans = (Plain("Thank you. "), *speech.which(wait), Plain(", is still waiting."))
    return speech.offering(spans, claim_button(speech))


NOT_YET = Verb(
    name="not_yet",
    help="say that it wasn't the answer",
    examples=("not-yet w17",),
    params=(WAIT, MESSAGE),
    decide=decide,
    respond=respond,
)
