"""Assign: a member hands a wait to a colleague, who is asked at once and reads what was said of it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.events import Acted
from bot.domain.params import WAIT, FormText, Param
from bot.domain.trace import Trace
from bot.domain.views import Button, PersonName, Plain, Spans, View
from bot.domain.waits import Handover, Wait
from bot.domain.writes import KeepHandover
from bot.waits import ladder
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.transitions import save_and_schedule
from bot.waits.verbs.verb import Decided, Speech, Verb, claim_button, outcome_of, wait_in

_AROUND = ' ,;:-\u2013\u2014"\u201c\u201d'
"""What people put between a name and what they say, or around that."""


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "assigned"; "unsaid": the same without keeping the note, as nothing is kept here of what people write. "self"; "already":
    it is theirs by this word; "away": somebody else would be asked. Raises ValueError without a member."""
    member = event.member
    if member is None:
        raise ValueError("a wait is assigned to somebody")
    note = (event.text or "").strip(_AROUND)
    if member == event.by:
        return [], outcome_of("self", wait)
    if wait.owner == member and wait.owner_reason == "assigned" and not note:
        trace.say("it is theirs by this word already")
        return [], outcome_of("already", wait)
    if state.is_away(member, event.at):
        trace.say("they are away")
        return [], outcome_of("away", replace(wait, owner=member))
    assigned = replace(
        wait,
        owner=member,
        owner_reason="assigned",
        not_me=tuple(other for other in wait.not_me if other != member),
        hold=None,
        possible_answer=None,
        ladder_start=ladder.restart(wait, state.rules, event.at),
    )
    kept = note if state.rules.keep_text else ""
    handover = Handover(by=event.by, to=member, at=event.at, note=kept)
    writes = [*save_and_schedule(state, assigned, event.at), KeepHandover(wait=wait.id, handover=handover)]
    return writes, outcome_of("unsaid" if note and not kept else "assigned", wait, writes, note=kept)


def respond(outcome: Outcome, speech: Speech) -> View:
    """Whose it is now, and that the customer is to be told."""
    wait = wait_in(outcome)
    if outcome.how == "self":
        return speech.offering((Plain("To take it yourself, say that you are on it."),), claim_button(speech))
    to: Spans = () if wait.owner is None else (PersonName(wait.owner),)
    if outcome.how == "away":
        return speech.said(*to, Plain(" is away just now, so it stays as it is. Who else could go on with "), *speech.which(wait))
    if outcome.how == "already":
        return speech.said(*speech.which(wait), Plain(", is with "), *to, Plain(" already."))
    spans: Spans = (*speech.which(wait), Plain(", is handed to "), *to, Plain(", who is asked as soon as they work."))
    if outcome.note:
        spans = (*spans, Plain(f" They read: “{outcome.note}”."))
    elif outcome.how == "unsaid":
        spans = (*spans, Plain(' What you said of it isn\'t kept: the settings say text = "never".'))
    introduce = Plain(" Please introduce them yourself to "), PersonName(wait.customer), Plain(".")
    return speech.offering((*spans, *introduce), Button("Undo", "unassign", speech.handle))


TO = Param(
    name="member",
    kind="member",
    question="To whom?",
    examples=("@ben",),
    form=FormText(title="Hand over", label="To whom?"),
)

NOTE = Param(
    name="note",
    kind="text",
    required=False,
    question="What should they know?",
    examples=("waits for the refund",),
    form=FormText(title="Hand over", label="What should they know? (you may leave it out)"),
    kept=True,
    most=40,
)

ASSIGN = Verb(
    name="assign",
    help="hand it to a colleague, and say what they should know, if you like",
    examples=("assign w17 @ben", "assign dana @ben waits for the refund"),
    params=(WAIT, TO, NOTE),
    decide=decide,
    respond=respond,
)
