"""A member's own hours, as they choose them in chat: `hours`."""

from __future__ import annotations

import re

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.responses import Response, said, with_note
from bot.domain.durations import Instant
from bot.domain.hours import Hours, WorkingSpan, read_span, weekly
from bot.domain.params import FormText, Param
from bot.domain.preferences import OwnHours, SetHours
from bot.domain.refusal import Refusal, quoted
from bot.domain.views import CommandText, Plain, Spans
from bot.language.times.input import zone_named
from bot.wording.phrases import say_hours

HOURS_EXAMPLES = ("hours 9-17 mon-thu Europe/Berlin", "hours 8:00-12:00 13:00-16:30", "hours unset")
UNSET = "unset"

_AM_PM = re.compile(r"(\d{1,2})(?::(\d{2}))?(am|pm)?", re.IGNORECASE | re.ASCII)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_USUAL = weekly(range(5), [WorkingSpan(opens=9 * 60, closes=17 * 60)])


def hours(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """A member's own hours; without words: what they are."""
    current = ctx.hours_of(ctx.who)
    if given.text is None:
        chosen = ctx.who in ctx.choices.hours
        source = "chosen by you" if chosen else "as the settings file says"
        spans: Spans = (Plain(f"Your hours, {source}: {say_hours(current)}."),)
        return Response(view=with_note(ctx, now, spans, Plain("For example "), CommandText(HOURS_EXAMPLES[0]), Plain(".")))
    if given.text.casefold() == UNSET:
        reverted = SetHours(member=ctx.who, hours=None, by=ctx.who, at=now)
        return Response(view=said(ctx, now, Plain("Your hours are as the settings file says again.")), choices=(reverted,))
    read = _read_hours(given.text, current, ctx)
    if isinstance(read, Refusal):
        return read
    zone = zone_named(read.zone) if read.zone is not None else None
    week = read.week if read.week is not None else current.week
    now_on = say_hours(Hours(zone=zone or current.zone, week=week))
    saved = SetHours(member=ctx.who, hours=_merged(read, ctx.choices.hours.get(ctx.who)), by=ctx.who, at=now)
    view = with_note(
        ctx,
        now,
        (Plain(f"Your hours: {now_on}. Reminders keep to them."),),
        CommandText("hours unset"),
        Plain(" takes it back."),
    )
    return Response(view=view, choices=(saved,))


def _merged(read: OwnHours, before: OwnHours | None) -> OwnHours:
    """What was chosen earlier stays where nothing new was said: a zone, then hours, are both one's own."""
    if before is None:
        return read
    return OwnHours(zone=read.zone or before.zone, week=read.week if read.week is not None else before.week)


def _read_hours(said_hours: str, current: Hours, ctx: CommandContext) -> OwnHours | Refusal:
    spans: list[WorkingSpan] = []
    days: set[int] = set()
    zone: str | None = None
    # "9 - 17" is one thing, and so is "mon - thu".
    text = re.sub(r"\s*[-\u2013]\s*", "-", said_hours)
    for part in re.split(r"[\s,;]+", text):
        found = _days_in(part)
        if not part or part.casefold() in ("and", "from", "on"):
            continue
        if found:
            days |= found
        elif (named := zone_named(part)) is not None:
            zone = str(named)
        elif part[0].isdigit():
            try:
                spans.append(read_span(_on_24_hours(part)))
            except ValueError as error:
                return Refusal(says=f"{str(error)[:1].upper()}{str(error)[1:]}.", tries=HOURS_EXAMPLES)
        else:
            says = f"{quoted(part)} is no time, day or zone. Zones are written like Europe/Berlin."
            return Refusal(says=says, tries=HOURS_EXAMPLES)
    if not spans and not days:
        return Refusal(says="Which hours?", tries=HOURS_EXAMPLES) if zone is None else OwnHours(zone=zone)
    usual = next((day for day in current.week if day), None) or _USUAL[0]
    worked = {day for day in range(7) if current.week[day]} or set(range(5))
    return OwnHours(zone=zone, week=weekly(days or worked, spans or usual))


def _days_in(part: str) -> set[int]:
    """ "mon-thu" or "monday" as days, 0 = Monday; none when it says something else."""
    ends = [_day(word) for word in part.split("-")]
    if len(ends) > 2 or any(day is None for day in ends):
        return set()
    first, last = ends[0] or 0, ends[-1] or 0
    return {day % 7 for day in range(first, last + 1 if last >= first else last + 8)}


def _day(word: str) -> int | None:
    said_day = word.casefold()
    return next((index for index, name in enumerate(_DAYS) if len(said_day) >= 3 and name.startswith(said_day)), None)


def _on_24_hours(part: str) -> str:
    """ "9am-5:30pm" as "9-17:30"; anything else as it is."""
    edges = part.split("-")
    found = [_AM_PM.fullmatch(edge) for edge in edges]
    if len(edges) != 2 or not any(edge is not None and edge[3] for edge in found):
        return part
    read = []
    for edge in found:
        if edge is None or not 1 <= int(edge[1]) <= 12:
            return part
        afternoon = (edge[3] or "am").lower() == "pm"
        read.append(f"{int(edge[1]) % 12 + (12 if afternoon else 0)}:{edge[2] or '00'}")
    return "-".join(read)


HOURS = Command(
    name="hours",
    help="when you work; reminders keep to it",
    params=(
        Param(
            name="hours",
            kind="text",
            required=False,
            tells=True,
            written=f"[TIMES] [DAYS] [ZONE] | {UNSET}",
            question="Which hours?",
            examples=("9-17 mon-thu Europe/Berlin", "8:00-12:00 13:00-16:30", UNSET),
            form=FormText(title="Your hours", label="Times, days, zone (9-17 mon-thu)", parts="hours"),
            most=12,
        ),
    ),
    examples=HOURS_EXAMPLES,
    changes=True,
    run=hours,
)
