"""A member's own hours, as they choose them in chat: `hours`."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.responses import Response, said, with_note
from bot.domain.durations import Instant
from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.params import FormText, Param
from bot.domain.preferences import OwnHours, SetHours
from bot.domain.refusal import Refusal, quoted
from bot.domain.views import CommandText, Plain, Spans
from bot.domain.written_hours import DAYS, UnclearHours, day_named, read_hours
from bot.domain.zone_names import FIXED, or_of, zones_meant
from bot.language.times.input import weekday_named, zone_named
from bot.wording.phrases import say_hours

HOURS_EXAMPLES = ("hours 9-17 mon-thu Europe/Berlin", "hours 09:00-12:00, 13:00-17:30", "hours unset")
UNSET = "unset"
_NONE = ("never", "none", "no", "off")
_OFFSET = re.compile(r"\b(?:utc|gmt)\s*[+-]\s*\d{1,2}(?::?\d\d)?\b", re.IGNORECASE)

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
        return Response(view=said(ctx, now, Plain(how_hours_are(None, ctx))), choices=(reverted,))
    if given.text.casefold() in _NONE:
        return Refusal(
            says="Hours are when you work, and can't be none. For no notifications choose a budget of 0.",
            tries=("budget 0", "away until monday", "hours unset"),
        )
    read = _read_hours(given.text, current)
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
        Plain(": as the settings file says."),
    )
    return Response(view=view, choices=(saved,))


def how_hours_are(own: OwnHours | None, ctx: CommandContext) -> str:
    """The asker's hours by what they chose; None: nothing."""
    if own is None:
        return "Your hours are as the settings file says again."
    zone = zone_named(own.zone) if own.zone is not None else None
    if own.week is None:
        return f"Your hours are as the settings file says again, in {zone or ctx.zone}."
    return f"Your hours: {say_hours(Hours(zone=zone or ctx.zone, week=own.week))}. Reminders keep to them."


def _merged(read: OwnHours, before: OwnHours | None) -> OwnHours:
    """What was chosen earlier stays where nothing new was said: a zone, then hours, are both one's own."""
    if before is None:
        return read
    return OwnHours(zone=read.zone or before.zone, week=read.week if read.week is not None else before.week)


def _read_hours(written: str, current: Hours) -> OwnHours | Refusal:
    """Hours, days and a zone in any order. What is unclear is asked, each way as the whole command."""
    offset = _OFFSET.search(written)
    if offset is not None:
        return _unknown(written, (offset[0],))
    try:
        read = read_hours(written)
    except UnclearHours as unclear:
        says = str(unclear)
        tries = tuple(f"hours {written.replace(unclear.written, each, 1)}" for each in unclear.instead)
        return Refusal(says=f"{says[:1].upper()}{says[1:]}{'' if says.endswith('?') else '.'}", tries=tries or HOURS_EXAMPLES)
    zone: str | None = None
    if read.words:
        named = " ".join(read.words)
        known = known_zone(named)
        if isinstance(known, Refusal):
            return _unknown(written, read.words)
        zone = known
    if not read.runs:
        return Refusal(says="Which hours?", tries=HOURS_EXAMPLES) if zone is None else OwnHours(zone=zone)
    usual = next((day for day in current.week if day), None) or _USUAL[0]
    worked = frozenset(day for day in range(7) if current.week[day]) or frozenset(range(5))
    week: dict[int, tuple[WorkingSpan, ...]] = {}
    for days, spans in read.runs:
        week |= dict.fromkeys(days or worked, spans or usual)
    return OwnHours(zone=zone, week=tuple(week.get(day, ()) for day in range(7)))


def known_zone(named: str) -> str | Refusal:
    """The zone with this name; a refusal has what may have been meant to try."""
    known = zone_named(named.replace(" ", "_"))
    if known is not None and named.casefold() not in FIXED:
        return str(known)
    meant = zones_meant(named)
    says = f"There is no time zone {quoted(named)}."
    if not meant:
        return Refusal(says=f"{says} Zones are written like Europe/Berlin.")
    if named.casefold() in FIXED:
        says = f"{quoted(named)} has no summer time."
    elif meant[0].startswith("Etc/"):
        says = (
            f"{quoted(named)} is called {meant[0]}, with the other sign, and has no summer time. "
            "Where there is some, write a city instead, as in Europe/Berlin."
        )
        return Refusal(says=says, tries=meant)
    return Refusal(says=f"{says} Did you mean {or_of(meant)}?", tries=meant)


def _unknown(written: str, words: tuple[str, ...]) -> Refusal:
    """What is neither a time nor a day nor a zone, with what may have been meant. Where a word of it is a zone, the others are
    meant for days."""
    zones = [word for word in words if isinstance(known_zone(word), str)] if len(words) > 1 else []
    if len(zones) == 1:
        words = tuple(word for word in words if word not in zones)
    named = " ".join(words)
    zone = known_zone(named)
    if isinstance(zone, Refusal) and zone.tries:
        return replace(zone, tries=tuple(f"hours {written.replace(named, each, 1)}" for each in zone.tries))
    corrected = [_corrected(word) for word in words]
    if all(corrected):
        instead = written
        for word, day in zip(words, corrected, strict=True):
            instead = instead.replace(word, day, 1)
        return Refusal(says=f"{quoted(named)} is no day. Did you mean {' '.join(corrected)}?", tries=(f"hours {instead}",))
    says = f"{quoted(named)} is no time, day or zone. Zones are written like Europe/Berlin."
    return Refusal(says=says, tries=HOURS_EXAMPLES)


def _corrected(word: str) -> str:
    """A day or days that a word may mean, as they are written here: "mon-fri" for "Montag-Freitag", "wed" for "wedensday";
    "" when it is like none."""
    found = [_day_meant(part) for part in re.split(r"[-\u2013]", word)]
    return "-".join(DAYS[day][:3] for day in found if day is not None) if all(day is not None for day in found) else ""


def _day_meant(word: str) -> int | None:
    day = weekday_named(word)
    if day is not None:
        return day
    short = {day[:3]: day for day in DAYS}
    alike = get_close_matches(word.casefold()[:20], DAYS, n=1, cutoff=0.75)
    alike = alike or [short[each] for each in get_close_matches(word.casefold()[:20], short, n=1, cutoff=0.66)]
    return DAYS.index(alike[0]) if alike else day_named(word)


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
            examples=("9-17 mon-thu Europe/Berlin", "09:00-12:00, 13:00-17:30", UNSET),
            form=FormText(title="Your hours", label="Times, days, zone (9-17 mon-thu)", parts="hours"),
            most=36,  # seven days that differ, with a break each
        ),
    ),
    examples=HOURS_EXAMPLES,
    changes=True,
    run=hours,
)
