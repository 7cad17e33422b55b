"""Who is on duty: `duty` tells, and leads put members on duty, for a time or in turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.commands.absent_on_duty import absent_lines
from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.ends import read_end
from bot.commands.reach import with_silence
from bot.commands.resolve import find_member
from bot.commands.responses import Response, said, with_note
from bot.commands.turns import TURNS_EXAMPLE, changing, first_turns, is_day, read_turns
from bot.domain.durations import Instant
from bot.domain.duty import NO_PLAN, DutyPlan, OnDuty, SaidOnDuty
from bot.domain.params import Param
from bot.domain.preferences import SetDuty
from bot.domain.refusal import Refusal
from bot.domain.views import CommandText, Plain, Spans, Timestamp
from bot.wording.duty import listed, on_duty_line
from bot.wording.phrases import say_date

SET_EXAMPLES = ("duty @ana", "duty @ana until friday 18:00")

_ENDS = ("stop", "unset", "off")
_ROTATES = ("rotate", "rotation", "turns")
_LONGEST_NAME = 4


def duty(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Who is on duty now and next; with words: who is to be."""
    if given.text is None:
        current = ctx.on_duty(now)
        absent = absent_lines([(member, now, now + 1) for member in current.members], ctx)
        return Response(view=with_note(ctx, now, (*_how_it_is(ctx, now), *absent), *_how_to(ctx)))
    if ctx.is_a != "lead":
        leads = ", ".join(ctx.name(lead) for lead in ctx.team.leads)
        return Refusal(says=f"Only leads say who is on duty. Please ask {leads}.", tries=("duty",))
    words = given.text.split()
    first = words[0].casefold()
    if first in _ENDS and len(words) == 1:
        return _stop(ctx, now)
    return _rotate(words[1:], ctx, now) if first in _ROTATES else _put_on_duty(words, ctx, now)


def _put_on_duty(words: Sequence[str], ctx: CommandContext, now: Instant) -> Response | Refusal:
    members, rest = _members(words, ctx)
    if isinstance(members, Refusal):
        return replace(members, tries=SET_EXAMPLES)
    until: Instant | None = None
    if rest:
        named = f"duty {' '.join('@' + ctx.name(member) for member in members)}"
        end = read_end(" ".join(rest), ctx, named)
        if isinstance(end, Refusal):
            return end
        until = end
    plan = replace(ctx.choices.duty_plan, said=SaidOnDuty(members=members, since=now, until=until))
    subject: Spans = (*listed(members), Plain(" is" if len(members) == 1 else " are"))
    absent = absent_lines([(member, now, until) for member in members], ctx, plan)
    if until is None:
        return _chosen(plan, (*subject, Plain(" on duty from now on, until somebody says otherwise."), *absent), ctx, now)
    then = ctx.on_duty(until, plan).members
    after: Spans = listed(then) if then else (Plain("nobody"),)
    if then == members:
        after = (*after, Plain(" goes on" if len(then) == 1 else " go on"))
    ends: Spans = (Plain(" on duty until "), Timestamp(until), _date(until, ctx, now, "; then "), *after, Plain("."))
    return _chosen(plan, (*subject, *ends, *absent), ctx, now)


def _rotate(words: Sequence[str], ctx: CommandContext, now: Instant) -> Response | Refusal:
    members, rest = _members(words, ctx, before_days=True)
    if isinstance(members, Refusal):
        return replace(members, tries=(TURNS_EXAMPLE,))
    if len(members) < 2:
        return Refusal(says="Turns take two members at least.", tries=(TURNS_EXAMPLE, SET_EXAMPLES[0]))
    turns = read_turns(members, rest, ctx)
    if isinstance(turns, Refusal):
        return turns
    plan, shifts = DutyPlan(rotation=turns), tuple(first_turns(turns))
    week = ", a week each," if len(turns.weekdays) == 1 else ","
    names: Spans = (*listed(members), Plain(f" take turns on duty{week} changing {changing(turns)}: "))
    ends = shifts[0][2]
    order: Spans = (*listed(members[:1]), Plain(" now, "), *listed(members[1:2]), Plain(" from "), Timestamp(ends))
    return _chosen(plan, (*names, *order, _date(ends, ctx, now), *absent_lines(shifts, ctx, plan)), ctx, now)


def _date(at: Instant, ctx: CommandContext, now: Instant, after: str = ".") -> Plain:
    """The weekday and the date of an instant, so that who asked sees how they were understood."""
    return Plain(f" ({say_date(at, ctx.zone, now)}){after}")


def _stop(ctx: CommandContext, now: Instant) -> Response:
    if ctx.choices.duty_plan == NO_PLAN:
        return Response(view=said(ctx, now, Plain("Nothing was said in chat of who is on duty. "), *_how_it_is(ctx, now)))
    line = on_duty_line(*_now_and_next(NO_PLAN, ctx, now))
    view = said(ctx, now, Plain("What was said in chat counts no more: "), *line)
    return Response(view=view, choices=(SetDuty(plan=None, by=ctx.who, at=now),))


def _chosen(plan: DutyPlan, spans: Spans, ctx: CommandContext, now: Instant) -> Response:
    note: Spans = (CommandText("duty stop"), Plain(" lets the calendar and the settings say it again."))
    view = with_note(ctx, now, spans, *with_silence(ctx, note))
    return Response(view=view, choices=(SetDuty(plan=plan, by=ctx.who, at=now),))


def _how_it_is(ctx: CommandContext, now: Instant) -> Spans:
    return on_duty_line(*_now_and_next(None, ctx, now))


def how_duty_is(plan: DutyPlan, ctx: CommandContext, now: Instant) -> Spans:
    """Who is on duty by a plan."""
    return on_duty_line(*_now_and_next(plan, ctx, now))


def _now_and_next(plan: DutyPlan | None, ctx: CommandContext, now: Instant) -> tuple[OnDuty, OnDuty | None]:
    current = ctx.on_duty(now, plan)
    return current, None if current.until is None else ctx.on_duty(current.until, plan)


def _how_to(ctx: CommandContext) -> Spans:
    if ctx.is_a != "lead":
        return (Plain("A lead can change it.") if ctx.team.leads else Plain(""),)
    return (CommandText(SET_EXAMPLES[1]), Plain(" or "), CommandText(TURNS_EXAMPLE), Plain(" changes it."))


def _members(
    words: Sequence[str], ctx: CommandContext, *, before_days: bool = False
) -> tuple[tuple[str, ...] | Refusal, Sequence[str]]:
    """The members that words begin with, and the words after them. `before_days`: what names a day of the week after two of them
    is none."""
    found: list[str] = []
    left = [word for word in words if word not in ("&", "+", ",")]
    while left:
        if before_days and len(found) > 1 and is_day(left[0]):
            break
        for length in range(min(_LONGEST_NAME, len(left)), 0, -1):
            name = " ".join(left[:length]).rstrip(",;")
            member = ctx.who if name.casefold() == "me" else find_member(name, ctx) if name else ctx.who
            if not isinstance(member, Refusal):
                break
        else:
            if left[0].casefold() == "and" and found:
                left = left[1:]
                continue
            break
        found.append(member)
        left = left[length:]
    if not found:
        refused = find_member(words[0].rstrip(",;"), ctx) if words else Refusal(says="Who is to be on duty?")
        return (refused if isinstance(refused, Refusal) else Refusal(says="Who is to be on duty?")), left
    if left and left[0].startswith(("@", "<@")):  # meant as a member, and none
        refused = find_member(left[0].rstrip(",;"), ctx)
        return (refused if isinstance(refused, Refusal) else Refusal(says="Who is to be on duty?")), left
    return tuple(dict.fromkeys(found)), left


DUTY = Command(
    name="duty",
    help="who is on duty now and next; leads put members on duty, for a time or in turns",
    params=(
        Param(
            name="what",
            kind="text",
            required=False,
            tells=True,
            written="[@member [until WHEN] | rotate @member @member, DAYS TIME | stop]",
            most=40,
        ),
    ),
    examples=("duty", *SET_EXAMPLES, TURNS_EXAMPLE, "duty stop"),
    changes=True,
    run=duty,
)
