"""Unassign: a wait that was handed to somebody isn't theirs by that word any more."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.durations import Instant
from bot.domain.events import Acted
from bot.domain.params import WAIT, Param
from bot.domain.trace import Trace
from bot.domain.views import PersonName, Plain, Spans, View
from bot.domain.waits import BeforeHanding, Handing, Wait
from bot.domain.writes import KeepHandover, Write
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.transitions import release, save_and_schedule, spared
from bot.waits.verbs.verb import Decided, Speech, Verb, claim_button, outcome_of, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "unassigned": it is whose it was, and as quiet as it was, as if it hadn't been handed over; "not_assigned": there is
    nothing to take back; "newer": another hand-over than the one that is meant stands."""
    handed = wait.handed
    if wait.owner_reason != "assigned":
        trace.say("it isn't handed to anybody")
        return [], outcome_of("not_assigned", wait)
    if event.text is not None and handed is not None and event.text != handed.number:
        trace.say("it was handed over again since")
        return [], outcome_of("newer", wait)
    writes = spared(state, _given_back(state, wait, handed, event.at), event.by, event.at)
    return [*writes, KeepHandover(wait=wait.id, handover=None)], outcome_of("unassigned", wait, writes)


def _given_back(state: ChannelState, wait: Wait, handed: Handing | None, at: Instant) -> list[Write]:
    before = None if handed is None else handed.before
    if handed is None or before is None:
        return release(state, replace(wait, owner=None, owner_reason="team", handed=None), at)
    newer = wait.hold is not None and wait.hold.since >= handed.at
    not_me = _passed_on(wait, handed, before)
    held = None if before.hold is None or before.hold.by in not_me else before.hold  # they have passed it on meanwhile
    restored = replace(
        wait,
        owner=before.owner,
        owner_reason=before.owner_reason,
        not_me=not_me,
        hold=wait.hold if newer else replace(wait, hold=held).as_of(at).hold,
        ladder_start=wait.ladder_start if newer else before.ladder_start,
        handed=before.handed,
    )
    return save_and_schedule(state, restored, at)


def _passed_on(wait: Wait, handed: Handing, before: BeforeHanding) -> tuple[str, ...]:
    """Who has passed it on by now: whom it was handed to, if they had before that, and everybody else as they said since."""
    earlier = (member for member in before.not_me if member == handed.to or member in wait.not_me)
    return tuple(dict.fromkeys((*earlier, *wait.not_me)))


def respond(outcome: Outcome, speech: Speech) -> View:
    """Whose it is again."""
    wait = wait_in(outcome)
    which: Spans = speech.which(wait)
    if outcome.how == "not_assigned":
        return speech.said(*which, Plain(", isn't handed to anybody."))
    if outcome.how == "newer":
        to: Spans = () if wait.owner is None else (Plain(": it is with "), PersonName(wait.owner))
        return speech.said(*which, Plain(", was handed over again since"), *to, Plain(". Nothing is changed."))
    whose: Spans = (Plain("; now it is "), PersonName(wait.owner), Plain("'s to answer.")) if wait.owner else (Plain("."),)
    return speech.offering((*which, Plain(", isn't handed over after all"), *whose), claim_button(speech))


UNASSIGN = Verb(
    name="unassign",
    help="take back that it was handed to somebody",
    examples=("unassign w17",),
    params=(WAIT, Param(name="which", kind="text", required=False, hidden=True, most=1)),
    decide=decide,
    respond=respond,
)
