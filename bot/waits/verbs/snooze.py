"""Snooze: a member has a wait come up again later."""

from __future__ import annotations

from bot.domain.durations import DAY, Seconds
from bot.domain.events import Acted
from bot.domain.params import WAIT, FormText, Param
from bot.domain.refusal import Refusal
from bot.domain.trace import Trace
from bot.domain.views import Plain, Timestamp, View
from bot.domain.waits import HoldKind, Wait
from bot.waits import holds
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.transitions import hold
from bot.waits.verbs.verb import Decided, Speech, Verb, outcome_of, wait_in

LONGEST: Seconds = 31 * DAY
"""A customer who is told nothing for longer isn't waiting any more."""


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "snoozed", "already" (until that very time), or "too_far". Raises ValueError without an instant ahead."""
    until = holds.until(HoldKind.SNOOZE, state.rules.holds, event.at, said=event.until)
    if until > event.at + LONGEST:
        trace.say("that is too far ahead")
        return [], outcome_of("too_far", wait)
    held = wait.hold
    if held is not None and held.kind is HoldKind.SNOOZE and held.until == until:
        trace.say("it is put off until then already")
        return [], outcome_of("already", wait)
    writes = hold(state, wait, HoldKind.SNOOZE, by=event.by, since=event.at, until=until)
    return writes, outcome_of("snoozed", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    """When it comes up again."""
    wait = wait_in(outcome)
    if outcome.how == "too_far" or wait.hold is None:
        says = "That is more than a month ahead, too long for a customer to wait."
        return speech.refused(Refusal(says=says, tries=(f"dismiss {speech.handle}",)))
    return speech.said(*speech.which(wait), Plain(", comes up again "), Timestamp(wait.hold.until), Plain("."))


WHEN = Param(
    name="when",
    kind="when",
    question="Until when?",
    examples=("2h", "tomorrow 9am", "monday"),
    form=FormText(title="Snooze until", label="Until when?"),
)

SNOOZE = Verb(
    name="snooze",
    help="have it come up again later",
    examples=("snooze w17 2h", "snooze dana tomorrow 9am", "snooze w17 monday"),
    params=(WAIT, WHEN),
    decide=decide,
    respond=respond,
)
