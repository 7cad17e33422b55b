"""Until when something lasts that begins now, as it is said: "2h", "today", "until 3pm"."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.context import CommandContext
from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.refusal import Moment, Refusal
from bot.language.times.absences import read_absence
from bot.language.times.away_clock import EXAMPLES, AwayClock, AwaySpan

LONGEST: Seconds = 31 * DAY
"""Reminders that are off for longer are forgotten about: they would be missed by nobody but customers."""

_EXAMPLES = ("2h", "today", "until tomorrow 9:00")

_LATER = "That begins later, and this holds from now on. Until when?"


def read_end(text: str, ctx: CommandContext, named: str) -> Instant | Refusal:
    """The instant until which something lasts from now on. "today" and "this week" count to their end, "until friday" up to when
    work begins then; what begins later is refused. `named` is the command without its time, for what one may try instead."""
    read = _end(text, ctx)
    if not isinstance(read, Refusal):
        return read
    taken = [one for one in dict.fromkeys(read.tries) if not isinstance(_end(one, ctx), Refusal)]
    return replace(read, tries=tuple(f"{named} {one}" for one in taken or _EXAMPLES))


def _end(text: str, ctx: CommandContext) -> Instant | Refusal:
    clock = AwayClock(now=ctx.now, hours=ctx.hours_of(ctx.who))
    span = read_absence(text, ctx.now, clock.hours)
    if isinstance(span, Refusal):
        moment = ctx.read_when(text) if text[:1].isdigit() else None
        if not (isinstance(moment, Moment) and moment.kind == "clock"):
            # "lunch", "9-5": it is asked when they begin, and this begins now.
            ways = () if span.tries == EXAMPLES else (read_absence(one, ctx.now, clock.hours) for one in span.tries)
            later = any(isinstance(way, AwaySpan) and way.since > ctx.now for way in ways)
            return replace(span, says=_LATER) if later else span
        end = moment.at  # "3pm": nothing else can be meant by a clock time alone
    elif span.since > ctx.now:
        return Refusal(says=_LATER, tries=("2h", f"until {clock.typed(span.until)}"))
    else:
        end = span.until
    if end > ctx.now + LONGEST:
        return Refusal(says="That is more than a month ahead.", tries=("2h", "until monday"))
    return end
