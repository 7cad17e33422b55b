"""Not me: a member passes a wait on and isn't asked about it again."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.events import Acted
from bot.domain.trace import Trace
from bot.domain.views import Plain, Spans, View
from bot.domain.waits import Wait
from bot.waits import holds
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.transitions import save_and_schedule
from bot.waits.verbs.verb import Decided, Speech, Verb, claim_button, outcome_of, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "passed", or "already". The owner is chosen again without this member, and what they claimed or
    promised keeps it quiet no longer: nobody would see to it until its time came."""
    if event.by in wait.not_me and wait.owner != event.by:
        trace.say("they passed it on before")
        return [], outcome_of("already", wait)
    others = tuple(member for member in wait.not_me if member != event.by)
    passed = replace(wait, not_me=(*others, event.by))
    if wait.owner == event.by:
        passed = replace(passed, owner=None, owner_reason="team")
    seeing_to_it = None if wait.hold is None else wait.handed_to or wait.hold.by
    if wait.hold is not None and seeing_to_it == event.by and holds.is_on_it(wait.hold):
        passed = replace(passed, hold=None, ladder_start=wait.opened_at)
    writes = save_and_schedule(state, passed, event.at)
    return writes, outcome_of("passed", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    """That they aren't asked again."""
    spans: Spans = (Plain("All right, you aren't asked again about "), *speech.which(wait_in(outcome)), Plain("."))
    return speech.offering(spans, claim_button(speech, "I'm on it after all"))


NOT_ME = Verb(
    name="not_me",
    help="pass it on; you aren't asked about it again",
    examples=("not-me w17",),
    decide=decide,
    respond=respond,
)
