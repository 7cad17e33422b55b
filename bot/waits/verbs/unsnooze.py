"""Unsnooze: a member takes back that a wait was put off."""

from __future__ import annotations

from bot.domain.events import Acted
from bot.domain.trace import Trace
from bot.domain.views import Plain, Spans, View
from bot.domain.waits import Wait
from bot.waits import holds
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.transitions import release, spared
from bot.waits.verbs.verb import Decided, Speech, Verb, claim_button, outcome_of, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "awake": its reminders come as if it hadn't been put off. "not_put_off": there is nothing to take back."""
    if not holds.puts_off(wait.hold, event.at):
        trace.say("it isn't put off")
        return [], outcome_of("not_put_off", wait)
    writes = spared(state, release(state, wait, event.at), event.by, event.at)
    return writes, outcome_of("awake", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    """That it waits again, or that it was never put off."""
    which: Spans = speech.which(wait_in(outcome))
    if outcome.how == "not_put_off":
        return speech.said(*which, Plain(", isn't put off."))
    held = speech.how_it_is_held(wait_in(outcome))
    if held:
        return speech.offering((*which, Plain(", isn't put off by that any more. As before: "), *held, Plain(".")))
    return speech.offering((*which, Plain(", isn't put off any more: it waits, and reminders go on.")), claim_button(speech))


UNSNOOZE = Verb(
    name="unsnooze",
    help="take a snooze back: it waits again",
    examples=("unsnooze w17",),
    decide=decide,
    respond=respond,
)
