"""Close the loop: who pointed a customer elsewhere says what becomes of the question. They post the outcome where it was asked;
or it is private data, and nobody else need read it; or where they pointed them was the answer."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.durations import Instant
from bot.domain.events import Acted
from bot.domain.hours import Hours
from bot.domain.params import WAIT, Param
from bot.domain.refusal import Refusal
from bot.domain.trace import Trace
from bot.domain.views import Button, Plain, Spans, Timestamp, View
from bot.domain.waits import Hold, HoldKind, Holds, Wait, WaitState
from bot.waits import holds
from bot.waits.channel_state import ChannelState
from bot.waits.loops import pointed_elsewhere
from bot.waits.outcome import Outcome
from bot.waits.transitions import displaced_by, end, hold
from bot.waits.verbs.snooze import LONGEST
from bot.waits.verbs.verb import Decided, Speech, Verb, claim_button, outcome_of, reopen_button, wait_in

POST, PRIVATE, ENOUGH = "post", "private", "enough"
"""What they may say."""


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "post": the wait is quiet until they post the outcome; "already" (until that very time) or "too_far"; "private", "enough":
    it ends by their word. "not_theirs": they didn't point its customer elsewhere, or more was said since."""
    if pointed_elsewhere(wait, event.by) is None:
        trace.say(f"{event.by} didn't point its customer elsewhere, or said more since")
        return [], outcome_of("not_theirs", wait)
    if event.choice == POST:
        return _post(state, wait, event, trace)
    private = event.choice == PRIVATE
    trace.say(f"ends wait {wait.id}: {event.by} says that {'it is private data' if private else 'where they pointed was enough'}")
    marked = replace(displaced_by(wait, event.by, event.at), marked_by=event.by, in_private=private)
    writes = end(marked, WaitState.ANSWERED, event.at)
    return writes, outcome_of(PRIVATE if private else ENOUGH, wait, writes)


def _post(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    until = holds.until(HoldKind.OUTCOME, state.rules.holds, event.at, said=event.until)
    if until > event.at + LONGEST:
        trace.say("that is too far ahead")
        return [], outcome_of("too_far", wait)
    held = wait.as_of(event.at).hold
    if held is not None and held.kind is HoldKind.OUTCOME and held.by == event.by and held.until == until:
        trace.say("they said so already")
        return [], outcome_of("already", wait)
    trace.say(f"{event.by} will post the outcome of wait {wait.id}")
    others = tuple(member for member in wait.not_me if member != event.by)
    theirs = replace(displaced_by(wait, event.by, event.at), owner=event.by, owner_reason="claimed", not_me=others)
    writes = hold(state, theirs, HoldKind.OUTCOME, by=event.by, since=event.at, until=until)
    return writes, outcome_of(POST, wait, writes)


def due(of: Holds, hours: Hours, at: Instant) -> Instant:
    """When an outcome is to be posted, of which no time was said: as the settings say, else on the member's next working day."""
    return holds.until(HoldKind.OUTCOME, of, at, hours=hours)


def respond(outcome: Outcome, speech: Speech) -> View:
    """What was understood, and the way back."""
    wait = wait_in(outcome)
    which: Spans = speech.which(wait)
    match outcome.how:
        case "post" | "already":
            held = _hold(wait)
            says: Spans = (*which, Plain(": you'll post the outcome there by "), Timestamp(held.until))
            told = Plain(f" ({speech.date_of(held.until)}). Nobody is reminded before.")
            return speech.offering((*says, told), Button("Undo", "unclaim", speech.handle))
        case "private":
            return speech.offering((*which, Plain(", is dealt with in private, and off the list.")), reopen_button(speech))
        case "enough":
            thanks: Spans = (Plain("Thank you. "), *which, Plain(", counts as answered by you."))
            return speech.offering(thanks, reopen_button(speech))
        case "too_far":
            return speech.refused(Refusal(says="That is more than a month ahead, too long for a customer to wait."))
        case _:
            nothing: Spans = (
                *which,
                Plain(", isn't yours to close: you didn't point them elsewhere, or said more since."),
            )
            return speech.offering(nothing, claim_button(speech), Button("Answered elsewhere", "answered", speech.handle))


def _hold(wait: Wait) -> Hold:
    if wait.hold is None:
        raise ValueError(f"nobody is to post an outcome of wait {wait.id}")
    return wait.hold


CLOSE_LOOP = Verb(
    name="close_loop",
    help="you pointed them elsewhere: post the outcome later, it's private, or that was enough",
    examples=("close-loop w17 post", "close-loop w17 post friday 3pm", "close-loop w17 private", "close-loop w17 enough"),
    params=(
        WAIT,
        Param(
            name="how",
            kind="choice",
            options=(POST, PRIVATE, ENOUGH),
            question="Will you post the outcome, is it private data, or was that enough?",
            examples=(POST, PRIVATE, ENOUGH),
        ),
        Param(name="when", kind="when", required=False),
    ),
    decide=decide,
    respond=respond,
    due=due,
)
