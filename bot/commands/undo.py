"""Undo: what a member chose in chat is as it was before. Any answer to a choice offers it; the button carries the number of what
changed. Typed, it takes back what they did last, whatever it was, what they did to a wait too; typed again, what they did before.

What was undone stays so: the answer has no button of its own, which somebody who clicks twice would hit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.commands.absence import how_away
from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.direct_messages import how_reached
from bot.commands.duty import how_duty_is
from bot.commands.hours import how_hours_are
from bot.commands.pauses import how_paused
from bot.commands.responses import Act, PrivateSpeech, Response, with_note
from bot.commands.switches import how_told
from bot.commands.watching import how_learnt, how_watched
from bot.domain.absences import SaidHere
from bot.domain.choice_changes import ChangedChoice, ChoiceChange, is_undone, put_back, stands
from bot.domain.delay_trial import DelayTrial
from bot.domain.durations import Instant
from bot.domain.duty import NO_PLAN, DutyPlan
from bot.domain.events import Acted
from bot.domain.params import Param
from bot.domain.preferences import Choices, OwnHours, OwnSwitch, Pause
from bot.domain.refusal import Refusal
from bot.domain.views import Button, Buttons, CommandText, Plain, SmallPrint, Spans, View
from bot.queries.last_acts import LastAct, last_act
from bot.wording.delay_trial import chosen as how_tried
from bot.wording.thanks import public_said

NOTHING_TO_UNDO = Refusal(
    says="There is nothing of yours to undo: no wait that you hold, handed over or ended, and no choice of the last days.",
    tries=("waiting mine",),
)

UNDONE = Refusal(says="That is undone already. Nothing was changed.", tries=("waiting mine",))

_MOST_PASSED = 3
"""Waits that are offered to who passed them on, the latest."""

_LONGEST = 16
"""Digits of a number; a database counts no further."""

_SHOWS = {
    "away": "away",
    "here": "away",
    "dm": "dm",
    "hours": "hours",
    "duty": "duty",
    "switches": "want",
    "pauses": "pause",
    "trials": "trial",
}
"""Kind of choice -> the command that tells how it is."""

_LEADS = ("watch", "pauses", "duty", "trials", "anew")
"""Kinds of choices that leads make alone."""


def with_undo(view: View, change: int) -> View:
    """An answer to a choice, with the way to undo it: a button, and what to type."""
    typed: Spans = (CommandText("undo"), Plain(" takes it back."))
    *nodes, last = view.nodes
    if isinstance(last, SmallPrint):
        last = SmallPrint((*last.spans, Plain(" "), *typed))
    else:
        nodes, last = [*nodes, last], SmallPrint(typed)
    return replace(view, nodes=(*nodes, last, Buttons((Button("Undo", "undo", str(change)),))))


def undo(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Act | Refusal:
    """Put back what a choice changed, unless something newer was chosen since; or take back what was done to a wait, where that
    came last."""
    change = _meant(given.text, ctx)
    act = last_act(ctx.snapshot, ctx.who) if given.text is None else None
    if act is not None and (change is None or act.at > change.at):
        return _taken_back(act, ctx, now)
    if change is None:
        return _nothing(ctx)
    if not change.changed:
        return UNDONE
    refused = next((refused for one in change.changed if (refused := _refused(one, ctx, now)) is not None), None)
    if refused is not None:
        return refused
    told = dict.fromkeys(_as_before(one, change.changed, ctx, now) for one in change.changed)  # two may be told in one sentence
    parts: Spans = tuple(span for spans in told for span in (Plain(" "), *spans))
    writes = tuple(write for one in change.changed for write in put_back(one, ctx.who, now))
    again: Spans = (CommandText("undo"), Plain(" takes back what you did before that."))
    view = with_note(ctx, now, (Plain("Undone."), *parts), *again)
    return Response(view=view, choices=writes, undoes=change.number)


def _nothing(ctx: CommandContext) -> Refusal:
    """That there is nothing to undo, with what takes an older Not me back: when it was said isn't kept then."""
    passed = [listed.handle for listed in ctx.waits if ctx.who in listed.wait.not_me]
    if not passed:
        return NOTHING_TO_UNDO
    says = "There is nothing of yours that this undoes. What you passed on (Not me) is yours once you say that you are on it."
    return Refusal(says=says, tries=tuple(f"claim {handle}" for handle in passed[-_MOST_PASSED:]))


def _taken_back(act: LastAct, ctx: CommandContext, now: Instant) -> Act:
    wait = act.listed.wait
    event = Acted(channel=wait.channel, wait=wait.id, verb=act.back, by=ctx.who, at=now, text=act.number)
    return Act(event=event, speech=PrivateSpeech(ctx=ctx, now=now, handle=act.listed.handle))


def _meant(text: str | None, ctx: CommandContext) -> ChoiceChange | None:
    """The change that is to be undone: the one with this number, else the asker's last."""
    if text is None:
        return ctx.snapshot.tx.choice_change(ctx.who)
    return ctx.snapshot.tx.choice_change(ctx.who, int(text)) if text.isdecimal() and len(text) < _LONGEST else None


def _refused(changed: ChangedChoice, ctx: CommandContext, now: Instant) -> Refusal | None:
    """Why a choice can't be undone; None when it can."""
    tries = (_SHOWS.get(changed.kind) or f"watch #{ctx.channel_name(changed.subject)}",)
    if ctx.is_a != "lead" and (changed.kind in _LEADS or changed.subject != ctx.who):
        return Refusal(says="Only leads undo that.", tries=("help",))
    standing = stands(changed, ctx.choices, now)
    if is_undone(changed, ctx.choices, now):
        return replace(UNDONE, says="That is over by now." if standing else UNDONE.says, tries=tries)
    if not standing:
        return Refusal(says="Something newer was chosen since, so I leave that as it is.", tries=tries)
    return None


def _as_before(changed: ChangedChoice, together: Sequence[ChangedChoice], ctx: CommandContext, now: Instant) -> Spans:
    """How things are again; `together` is all that is undone."""
    before = changed.before
    match changed.kind:
        case "away" | "here":
            theirs = [one for one in together if one.subject == changed.subject]
            return how_away(changed.subject, ctx.absences_of(changed.subject, _absences_before(theirs, ctx.choices)), ctx, now)
        case "dm":
            return (Plain(how_reached(before if isinstance(before, bool) else None)),)
        case "hours":
            return (Plain(how_hours_are(before if isinstance(before, OwnHours) else None, ctx)),)
        case "duty":
            return how_duty_is(before if isinstance(before, DutyPlan) else NO_PLAN, ctx, now)
        case "watch":
            return (Plain(how_watched(changed.subject, before if isinstance(before, str) else None, ctx)),)
        case "switches":
            switch = before if isinstance(before, OwnSwitch) else None
            return (*how_told(changed.subject, switch, ctx, now), *_how_public(changed.subject, switch, ctx))
        case "pauses":
            return how_paused(changed.subject, before if isinstance(before, Pause) else None, ctx, now)
        case "anew":
            return (Plain(how_learnt(changed.subject, before if isinstance(before, float) else None, ctx)),)
        case "trials":
            return how_tried(before if isinstance(before, DelayTrial) else None, now)


def _how_public(member: str, before: OwnSwitch | None, ctx: CommandContext) -> Spans:
    """Who reads of thanks to the asker again, where that is what is undone."""
    public = before is not None and before.thanks_public
    if member != ctx.who or public == ctx.switch_of(member).thanks_public:
        return ()
    return (Plain(" "), *public_said(public=public))


def _absences_before(undone: Sequence[ChangedChoice], choices: Choices) -> Choices:
    """The choices with what was chosen of somebody's absences before."""
    away, here = dict(choices.away), dict(choices.here)
    for one in undone:
        if one.kind == "away":
            away[one.subject] = one.before if isinstance(one.before, tuple) else ()
        elif isinstance(one.before, SaidHere):
            here[one.subject] = one.before
        elif one.kind == "here":
            here.pop(one.subject, None)
    return replace(choices, away=away, here=here)


UNDO = Command(
    name="undo",
    help="take back what you did last; again: what you did before that",
    params=(Param(name="change", kind="text", required=False, hidden=True, most=1),),
    examples=("undo",),
    button=True,
    changes=True,
    run=undo,
)
