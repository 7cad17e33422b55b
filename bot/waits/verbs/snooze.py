"""Snooze: a member has a wait come up again later."""

from __future__ import annotations

from bot.domain import keys
from bot.domain.durations import DAY, Seconds
from bot.domain.events import Acted
from bot.domain.params import WAIT, FormText, Param
from bot.domain.refusal import Refusal
from bot.domain.trace import Trace
from bot.domain.views import Button, Plain, Spans, Timestamp, View
from bot.domain.waits import HoldKind, Wait
from bot.domain.writes import KeepNote
from bot.waits import holds
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.transitions import displaced_by, hold
from bot.waits.verbs.verb import Decided, Speech, Verb, outcome_of, wait_in

LONGEST: Seconds = 31 * DAY
"""A customer who is told nothing for longer isn't waiting any more."""

TOO_FAR = f"A wait can be put off for {round(LONGEST / DAY)} days at most: who hears nothing for longer isn't waiting any more."

_AROUND = ' ,;:-\u2013\u2014"\u201c\u201d'
"""What people put between a time and what they say of it, or around that."""


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "snoozed", "already" (by somebody else until that very time, with no more to say) or "too_far"; "unsaid": snoozed
    without keeping the note, as nothing is here that people write. What somebody says anew stands in place of what they said
    before, its reason too. Raises ValueError without an instant ahead."""
    until = holds.until(HoldKind.SNOOZE, state.rules.holds, event.at, said=event.until)
    if until > event.at + LONGEST:
        trace.say("that is too far ahead")
        return [], outcome_of("too_far", wait)
    held = wait.hold
    if held is not None and held.kind is HoldKind.SNOOZE and held.until == until and held.by != event.by and not event.text:
        trace.say("it is put off until then already")
        return [], outcome_of("already", wait)
    note = (event.text or "").strip(_AROUND)
    kept, displacing = bool(note and state.rules.keep_text), displaced_by(wait, event.by, event.at)
    writes = hold(state, displacing, HoldKind.SNOOZE, by=event.by, since=event.at, until=until, noted=kept)
    if kept:
        writes.append(KeepNote(wait=wait.id, since=event.at, note=note))
        return writes, outcome_of("snoozed", wait, writes, note=note)
    return writes, outcome_of("unsaid" if note else "snoozed", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    """When it comes up again."""
    wait = wait_in(outcome)
    if outcome.how == "too_far" or wait.hold is None:
        return speech.refused(Refusal(says=TOO_FAR, tries=(f"snooze {speech.handle} 2 weeks", f"dismiss {speech.handle}")))
    until = wait.hold.until
    undo = Button("Undo", "unsnooze", keys.argument(speech.handle, wait.hold.number))
    silent = speech.silent()
    silent = (Plain(" "), *silent) if silent else ()
    sentence: Spans = (*speech.which(wait), Plain(", comes up again "), Timestamp(until), Plain(f" ({speech.date_of(until)})"))
    if outcome.note:
        sentence = (*sentence, Plain(f". The team reads why: “{outcome.note}”"))
    elif outcome.how == "unsaid":
        sentence = (*sentence, Plain('. Why isn\'t kept: the settings say text = "never".'))
    else:
        sentence = (*sentence, Plain("."))
    return speech.offering((*sentence, *silent), undo)


WHEN = Param(
    name="when",
    kind="when",
    question="Until when?",
    examples=("2h", "tomorrow 9am", "monday"),
    form=FormText(title="Snooze until", label="Until when?"),
    furthest=LONGEST,
    too_far=TOO_FAR,
)

WHY = Param(
    name="why",
    kind="text",
    required=False,
    question="Why?",
    examples=("waiting for the release",),
    form=FormText(title="Snooze until", label="Why? The team reads it"),
    kept=True,
    most=30,
)
"""What others on the team read of why it can wait."""

SNOOZE = Verb(
    name="snooze",
    help="have it come up again later, and say why, if you like",
    examples=("snooze w17 2h", "snooze dana tomorrow 9am", "snooze w17 monday waiting for the release"),
    params=(WAIT, WHEN, WHY),
    decide=decide,
    respond=respond,
)
