"""Reopen: a member says that a wait which ended isn't over."""

from __future__ import annotations

from bot.domain.events import Acted
from bot.domain.trace import Trace
from bot.domain.views import Code, PersonName, Plain, Spans, Timestamp, View
from bot.domain.waits import Wait, WaitState
from bot.waits import corrections
from bot.waits.channel_state import ChannelState
from bot.waits.lost_channel import go_on
from bot.waits.outcome import Outcome
from bot.waits.verbs.verb import Decided, Speech, Verb, claim_button, dismiss_button, outcome_of, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "reopened", "open" (it never ended), or "taken_back": the customer took the question back, and nobody is waiting."""
    if wait.open:
        trace.say("the wait is open as it is")
        return [], outcome_of("open", wait)
    if wait.by_channel:  # nobody took anything back. Where the channel can't be seen still, it ends again
        trace.say("its channel was gone; they say that it goes on")
        writes = go_on(state, wait, event.at, ladder_from=event.at)
        return writes, outcome_of("reopened", wait, writes)
    if wait.state is WaitState.WITHDRAWN:
        trace.say("the customer took the question back")
        return [], outcome_of("taken_back", wait)
    writes = corrections.reopened(state, wait, by=event.by, at=event.at, trace=trace)
    return writes, outcome_of("reopened", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    """That it is on the list, and since when it waits."""
    wait = wait_in(outcome)
    if outcome.how == "taken_back":
        question: Spans = (PersonName(wait.customer), Plain(" took the question of "), Code(speech.handle))
        return speech.said(*question, Plain(" back: nobody is waiting."))
    how = "is on the list already" if outcome.how == "open" else "is back on the list"
    spans: Spans = (*speech.which(wait), Plain(f", {how}, waiting since "), Timestamp(wait.opened_at), Plain("."))
    held = speech.how_it_is_held(wait)
    if held and outcome.how == "reopened":
        spans = (*spans, Plain(" As before: "), *held, Plain("."))
        if wait.hold is not None and wait.hold.noted:
            spans = (*spans, Plain(" Why isn't kept past the end of a wait; snooze it again to say so."))
    return speech.offering(spans, claim_button(speech), dismiss_button(speech))


REOPEN = Verb(
    name="reopen",
    help="put it back on the list: it is still waiting",
    examples=("reopen w17",),
    on_ended=True,
    decide=decide,
    respond=respond,
)
