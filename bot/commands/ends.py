"""Until when something lasts, as it is said ("2h", "today", "until 3pm"), and what may begin later ("friday", "from 2pm")."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.context import CommandContext
from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.refusal import Moment, Refusal, quoted
from bot.language.times.absences import read_absence
from bot.language.times.away_clock import EXAMPLES, AwayClock, AwaySpan

LONGEST: Seconds = 31 * DAY
"""Reminders that are off for longer are forgotten about: they would be missed by nobody but customers."""

_DAYS = round(LONGEST / DAY)

_EXAMPLES = ("2h", "today", "until tomorrow 9:00")

_LATER = "That begins later, and this holds from now on. Until when?"
_OR_AWAY = "That begins later, and this holds from now on. Being away can be said ahead; or until when from now on?"


def read_end(text: str, ctx: CommandContext, named: str, *, planned: str = "") -> Instant | Refusal:
    """The instant until which something lasts from now on. "today" and "this week" count to their end, "until friday" up to when
    work begins then; what begins later is refused. `named` is the command without its time, for what one may try instead,
    `planned` another one by which the same can begin later."""
    read = _span(text, ctx)
    if isinstance(read, AwaySpan) and read.since <= ctx.now:
        return read.until
    ways = (text,) if isinstance(read, AwaySpan) else read.tries
    spans = {way: _span(way, ctx) for one in ways for way in _ways(one)}
    now = [way for way, span in spans.items() if isinstance(span, AwaySpan) and span.since <= ctx.now]
    later = [way for way, span in spans.items() if isinstance(span, AwaySpan) and span.since > ctx.now]
    if isinstance(read, Refusal) and (read.meant or not later or read.tries == _EXAMPLES):
        return replace(read, tries=tuple(f"{named} {way}" for way in now or _EXAMPLES))
    clock = AwayClock(now=ctx.now, hours=ctx.hours_of(ctx.who))
    now = now or ["2h", *(f"until {clock.typed(span.until)}" for way in later[:1] if isinstance(span := spans[way], AwaySpan))]
    ahead = [f"{planned} {way}" for way in later] if planned else []
    return Refusal(says=_OR_AWAY if planned else _LATER, tries=(*ahead, *(f"{named} {way}" for way in now)))


def _ways(one: str) -> tuple[str, ...]:
    """A time as it is, and up to it; what says "until" says it once, and a length has none."""
    return (one,) if one.startswith("until ") or (one[:1].isdigit() and one[-1:] in "mh") else (one, f"until {one}")


def read_span(text: str, ctx: CommandContext, named: str) -> AwaySpan | Refusal:
    """From when until when something lasts that may begin later. "2h" and "until friday" begin now. `named`: see `read_end`."""
    read = _span(text, ctx)
    if not isinstance(read, Refusal):
        return read
    taken = [one for one in dict.fromkeys(read.tries) if isinstance(_span(one, ctx), AwaySpan)]
    return replace(read, tries=tuple(f"{named} {one}" for one in taken or _EXAMPLES))


def _span(text: str, ctx: CommandContext) -> AwaySpan | Refusal:
    clock = AwayClock(now=ctx.now, hours=ctx.hours_of(ctx.who))
    span = read_absence(text, ctx.now, clock.hours)
    if isinstance(span, Refusal):
        moment = ctx.read_when(text) if text[:1].isdigit() else None
        if not (isinstance(moment, Moment) and moment.kind == "clock"):
            if span.wrong_time == "too_far":
                return _too_long(text)
            return span if span.tries != EXAMPLES else replace(span, tries=_EXAMPLES)
        span = AwaySpan(since=ctx.now, until=moment.at)  # "3pm": nothing else can be meant by a clock time alone
    if span.until > max(ctx.now, span.since) + LONGEST:
        return _too_long(text)
    return span


def _too_long(text: str) -> Refusal:
    return Refusal(says=f"{quoted(text)} is too long: {_DAYS} days at most.", tries=("2h", "until monday"), wrong_time="too_far")
