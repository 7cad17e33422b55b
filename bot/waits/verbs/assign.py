"""Assign: a member hands a wait to a colleague, who is asked at once and reads what was said of it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import keys
from bot.domain.events import Acted
from bot.domain.notifications import Telling, Unavailable
from bot.domain.params import WAIT, FormText, Param
from bot.domain.trace import Trace
from bot.domain.views import Button, PersonName, Plain, Spans, Timestamp, View
from bot.domain.waits import BeforeHanding, Handing, Handover, Wait
from bot.domain.writes import KeepHandover, SetReminder, Write
from bot.waits import holds, ladder
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.transitions import save_and_schedule
from bot.waits.verbs.verb import Decided, Speech, Verb, claim_button, outcome_of, wait_in

_AROUND = ' ,;:-\u2013\u2014"\u201c\u201d'
"""What people put between a name and what they say, or around that."""


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "assigned"; "unsaid": the same without keeping the note, as nothing is kept here of what people write. "self"; "already":
    it is theirs by this word; "away": somebody else would be asked; "outside": they may not even read it. Raises ValueError
    without a member."""
    member = event.member
    if member is None:
        raise ValueError("a wait is assigned to somebody")
    note = (event.text or "").strip(_AROUND)
    if member == event.by:
        return [], outcome_of("self", wait)
    if wait.owner == member and wait.owner_reason == "assigned" and not note:
        trace.say("it is theirs by this word already")
        return [], outcome_of("already", wait)
    if not state.team.may_read(member, wait.channel):
        trace.say("they aren't on the team of its server")
        return [], outcome_of("outside", replace(wait, owner=member))
    if state.is_away(member, event.at):
        trace.say("they are away")
        return [], outcome_of("away", replace(wait, owner=member))
    running = wait.as_of(event.at).hold
    promised = running if holds.promised_for(running) is not None else None
    before = BeforeHanding(
        owner=wait.owner,
        owner_reason=wait.owner_reason,
        hold=running,
        ladder_start=wait.ladder_start,
        not_me=wait.not_me,
        handed=wait.handed,
    )
    handing = Handing(by=event.by, to=member, at=event.at, before=before).recent()
    assigned = replace(
        wait,
        owner=member,
        owner_reason="assigned",
        not_me=tuple(other for other in wait.not_me if other != member),
        hold=promised,  # what was promised to the customer is to be kept, whoever does
        possible_answer=None,
        ladder_start=wait.ladder_start if promised is not None else ladder.restart(wait, state.rules, event.at),
        handed=handing,
    )
    kept = note if state.rules.keep_text else ""
    handover = Handover(by=event.by, to=member, at=event.at, note=kept)
    writes: list[Write] = [*save_and_schedule(state, assigned, event.at), KeepHandover(wait=wait.id, handover=handover)]
    if promised is not None and state.rules.steps:
        writes.append(SetReminder(wait=wait.id, step=0, to=state.rules.steps[0].to, due_at=event.at))  # they are told at once
    return writes, outcome_of("unsaid" if note and not kept else "assigned", wait, writes, note=kept)


def respond(outcome: Outcome, speech: Speech) -> View:
    """Whose it is now, and that the customer is to be told."""
    wait = wait_in(outcome)
    if outcome.how == "self":
        return speech.offering((Plain("To take it yourself, say that you are on it."),), claim_button(speech))
    to: Spans = () if wait.owner is None else (PersonName(wait.owner),)
    if outcome.how == "away":
        return speech.said(
            *to, Plain(" is away just now, so it stays as it is. Who else could go on with "), *speech.which(wait), Plain("?")
        )
    if outcome.how == "outside":
        why = " isn't on the team of the server where that is, and can't reply there. Who else could go on with "
        return speech.said(*to, Plain(why), *speech.which(wait), Plain("?"))
    if outcome.how == "already":
        return speech.said(*speech.which(wait), Plain(", is with "), *to, Plain(" already."))
    when = () if wait.owner is None else _when_told(speech.telling(wait.owner))
    spans: Spans = (*speech.which(wait), Plain(", is handed to "), *to, *when)
    if outcome.note:
        spans = (*spans, Plain(f" They read: “{outcome.note}”."))
    elif outcome.how == "unsaid":
        spans = (*spans, Plain(' What you said of it isn\'t kept: the settings say text = "never".'))
    before = wait.displaced_holder
    if before is not None:
        spans = (
            *spans,
            Plain(" "),
            PersonName(before),
            Plain(", who was on it, reads that on the post, or when they next ask me something."),
        )
    silent = speech.silent()
    if silent:
        spans = (*spans, Plain(" "), *silent)
    introduce = Plain(" Please introduce them yourself to "), PersonName(wait.customer), Plain(".")
    number = () if wait.handed is None else (wait.handed.number,)
    return speech.offering((*spans, *introduce), Button("Undo", "unassign", keys.argument(speech.handle, *number)))


def _when_told(telling: Telling) -> Spans:
    """When they are asked of it, or that they won't be. Never more than what will happen."""
    passed = telling.passed
    if telling.silence:
        return (Plain(": it stands in their list. Please tell them yourself."),)
    if passed is not None and passed.why is not Unavailable.FULL and passed.until is None:
        return (Plain(_NEVER.get(passed.why, _UNWANTED)),)
    if passed is not None and passed.why is Unavailable.FULL and passed.budget == 0:
        return (Plain(", and the settings let no reminders go out (a budget of 0): it stands in their list. Please tell them."),)
    if telling.at is not None and telling.paused:
        return (Plain("; reminders stand still, so they are asked "), Timestamp(telling.at), Plain(" or later."))
    if passed is not None and passed.why is Unavailable.FULL:
        later = "it stands in their list, and they are asked later."
        return (Plain(f", who has had their notifications for today: {later}"),)
    if telling.at is None:
        return (Plain(", who is asked now."),)
    if passed is None:
        return (Plain(", who was told something a moment ago and is asked of this "), Timestamp(telling.at), Plain("."))
    why = "wants quiet just now" if passed.why is Unavailable.MUTED else "doesn't work now"
    return (Plain(f", who {why}, and is asked "), Timestamp(telling.at), Plain("."))


_UNWANTED = ", who wants no such notifications: it stands in their list. Please tell them yourself."

_NEVER = {
    Unavailable.UNREACHED: ", who isn't where reminders go: it stands in their list. Please tell them yourself.",
    Unavailable.OUTSIDE: ", who isn't on the team of that server and isn't reminded of it: please tell them yourself.",
    Unavailable.AWAY: ", who is away, nobody knows until when: it stands in their list. Please tell them yourself.",
    Unavailable.OFF_HOURS: ", whose hours leave no time to ask them: it stands in their list. Please tell them yourself.",
}


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
    form=FormText(title="Hand over", label="What should they know?"),
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
