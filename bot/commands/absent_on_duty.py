"""That somebody who is on duty, or is put on duty, is away then, and who is asked meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

from bot.commands.context import CommandContext
from bot.domain.absences import KnownAbsence
from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.duty import DutyPlan
from bot.domain.hours import is_away
from bot.domain.views import PersonName, Plain, Spans, Timestamp
from bot.wording.absences import said_by
from bot.wording.duty import listed
from bot.wording.phrases import say_date, say_days

FAR: Seconds = 14 * DAY
"""How far ahead absences are told of where somebody is put on duty until further notice."""

MOST_TOLD = 3
"""Absences that are told of in one answer."""

MOST_NAMED = 3
"""Colleagues who are named as asked meanwhile."""


def absent_lines(
    shifts: Iterable[tuple[str, Instant, Instant | None]], ctx: CommandContext, plan: DutyPlan | None = None
) -> Spans:
    """A sentence each for who is away in their shift (its beginning and end), with a blank before it; nothing where all are
    here. `plan` is the one that is chosen just now."""
    spans: Spans = ()
    told = 0
    for member, begins, ends in shifts:
        until = ctx.now + FAR if ends is None else ends
        absences = [one for one in ctx.absences_of(member) if one.since < until and one.until > max(begins, ctx.now)]
        if not absences or told == MOST_TOLD:
            continue
        told += 1
        first = min(absences, key=lambda one: (max(one.since, begins), -one.until))
        spans = (*spans, *_line(member, first, max(first.since, begins), ctx, plan))
    return spans


def _line(member: str, absence: KnownAbsence, at: Instant, ctx: CommandContext, plan: DutyPlan | None) -> Spans:
    """That a member is away in their shift, from `at` on as far as it matters, and who is asked then."""
    mine = member == ctx.who
    subject: Spans = (Plain(" You are"),) if mine else (Plain(" "), PersonName(member), Plain(" is"))
    source = said_by(absence.source, own=mine)
    if absence.since <= ctx.now:
        date = f" ({say_date(absence.until, ctx.zone, ctx.now)}){source}; until then "
        when: Spans = (Plain(" away until "), Timestamp(absence.until), Plain(date))
    else:
        days = f" ({say_days(absence.since, absence.until, ctx.zone, ctx.now)}){source}; in that time "
        when = (Plain(" away from "), Timestamp(absence.since), Plain(" until "), Timestamp(absence.until), Plain(days))
    return (*subject, *when, *_meanwhile(member, at, ctx, plan))


def _meanwhile(member: str, at: Instant, ctx: CommandContext, plan: DutyPlan | None) -> Spans:
    """Who is asked at an instant instead of a member who is on duty then and away."""
    here = [other for other in sorted(ctx.snapshot.members()) if other != member and not is_away(ctx.hours_of(other), at)]
    if not here:
        return (Plain("nobody is here who could be asked."),)
    duty = [other for other in ctx.on_duty(at, plan).members if other in here]
    if duty:
        one = len(duty) == 1
        return (*listed(duty), Plain(f" {'is' if one else 'are'} asked, who {'is' if one else 'are'} on duty, too."))
    here.sort(key=lambda other: other in ctx.team.leads)
    named = listed(here[:MOST_NAMED], joined=" or ")
    return (Plain("a colleague is asked instead, first who knows the customer: "), *named, Plain("."))
