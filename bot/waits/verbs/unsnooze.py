"""Unsnooze: a member takes back that a wait was put off."""

from __future__ import annotations

from bot.domain.events import Acted
from bot.domain.params import WAIT
from bot.domain.trace import Trace
from bot.domain.views import Plain, Spans, View
from bot.domain.waits import Wait
from bot.waits import holds
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.transitions import let_go_by, letting_go, release, spared
from bot.waits.verbs.verb import WHICH_HOLD, Decided, Speech, Verb, claim_button, outcome_of, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "awake": its reminders come as if it hadn't been put off. "not_put_off": there is nothing to take back; "newer": it was
    put off anew since the snooze that is meant."""
    if wait.hold is None or not holds.puts_off(wait.hold, event.at):
        trace.say("it isn't put off")
        return [], outcome_of("not_put_off", wait)
    if event.text is not None and event.text != wait.hold.number:
        trace.say("it was put off anew since")
        return [], outcome_of("newer", wait)
    released = release(state, wait, event.at)
    if event.text is None:  # a word of its own, which can be taken back, too
        released = letting_go(released, let_go_by(wait, event.by, "unsnooze", event.at))
    writes = spared(state, released, event.by, event.at)
    return writes, outcome_of("awake", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    """That it waits again, or that it was never put off."""
    which: Spans = speech.which(wait_in(outcome))
    if outcome.how == "not_put_off":
        return speech.said(*which, Plain(", isn't put off."))
    held = speech.how_it_is_held(wait_in(outcome))
    if outcome.how == "newer":
        return speech.said(*which, Plain(", was put off anew since: "), *held, Plain(". Nothing is changed."))
    if held:
        return speech.offering((*which, Plain(", isn't put off by that any more. As before: "), *held, Plain(".")))
    return speech.offering((*which, Plain(", isn't put off any more: it waits, and reminders go on.")), claim_button(speech))


UNSNOOZE = Verb(
    name="unsnooze",
    help="take a snooze back: it waits again",
    examples=("unsnooze w17",),
    params=(WAIT, WHICH_HOLD),
    decide=decide,
    respond=respond,
)
