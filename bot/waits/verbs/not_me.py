"""Not me: a member passes a wait on and isn't asked about it again."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.events import Acted
from bot.domain.trace import Trace
from bot.domain.views import PersonName, Plain, Spans, View
from bot.domain.waits import Wait
from bot.domain.writes import KeepHandover, Write
from bot.waits import holds
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.transitions import let_go_by, pass_on, save_and_schedule
from bot.waits.verbs.verb import Decided, Speech, Verb, claim_button, outcome_of, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "passed", or "already". The owner is chosen again without this member, and what they claimed or
    promised keeps it quiet no longer: nobody would see to it until its time came. "returned": what a colleague promised is that
    one's again, with its time."""
    if event.by in wait.not_me and wait.owner != event.by:
        trace.say("they passed it on before")
        return [], outcome_of("already", wait)
    let_go = let_go_by(wait, event.by, "not_me", event.at)
    others = tuple(member for member in wait.not_me if member != event.by)
    passed = replace(wait, not_me=(*others, event.by))
    if wait.owner == event.by:
        passed = replace(passed, owner=None, owner_reason="team")
    promiser = _promiser(state, wait, event)
    if promiser is not None:
        trace.say(f"it goes back to {promiser}, who promised it")
        returned = replace(passed, owner=promiser, owner_reason="promised", handed=None)
        writes: list[Write] = [*save_and_schedule(state, returned, event.at), KeepHandover(wait=wait.id, handover=None)]
        return writes, outcome_of("returned", wait, writes)
    hold = wait.hold
    if hold is not None and event.by in (hold.by, _of_promise(wait)) and holds.is_on_it(hold):
        passed = replace(passed, hold=None, ladder_start=wait.opened_at, let_go=let_go)
        writes = save_and_schedule(state, passed, event.at)
        return writes, outcome_of("passed", wait, writes)
    handed = wait.handed_to == event.by
    writes = pass_on(state, replace(passed, let_go=let_go), event.by, event.at, handed=handed)
    return writes, outcome_of("passed", wait, writes)


def _of_promise(wait: Wait) -> str | None:
    """Whom a promise was handed to."""
    return wait.handed_to if holds.promised_for(wait.hold) is not None else None


def _promiser(state: ChannelState, wait: Wait, event: Acted) -> str | None:
    """The colleague whose promise was handed to who passes it on, and who can keep it: they didn't pass it on themselves, and
    are here when it is due."""
    hold = wait.as_of(event.at).hold
    due = holds.promised_for(hold)
    if hold is None or due is None or wait.handed_to != event.by or hold.by in (event.by, *wait.not_me):
        return None
    return None if hold.by not in state.team.members or state.is_away(hold.by, due) else hold.by


def respond(outcome: Outcome, speech: Speech) -> View:
    """That they aren't asked again, and whose it is again."""
    wait = wait_in(outcome)
    spans: Spans = (Plain("All right, you aren't asked again about "), *speech.which(wait), Plain("."))
    if outcome.how == "returned" and wait.owner is not None:
        spans = (*spans, Plain(" It is "), PersonName(wait.owner), Plain("'s again, who promised the answer."))
    return speech.offering(spans, claim_button(speech, "I'm on it after all"))


NOT_ME = Verb(
    name="not_me",
    help="pass it on; you aren't asked about it again",
    examples=("not-me w17",),
    decide=decide,
    respond=respond,
)
