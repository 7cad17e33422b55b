"""Until when something lasts that begins now, as it is said: "2h", "today", "until 3pm"."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.commands.context import CommandContext
from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.refusal import Refusal

LONGEST: Seconds = 31 * DAY
"""Reminders that are off for longer are forgotten about: they would be missed by nobody but customers."""

_UNTIL = re.compile(r"(?:until|till|til|to)\s+", re.IGNORECASE)
_FOR = re.compile(r"for\s+", re.IGNORECASE)


def read_end(text: str, ctx: CommandContext, named: str) -> Instant | Refusal:
    """The instant until which something lasts from now on. "today" and "this week" count to their end, "until friday" up to when
    work begins then. `named` is the command without its time, for what one may try instead."""
    bare = _FOR.sub("", text.strip(), count=1) if _FOR.match(text.strip()) else text.strip()
    until = _UNTIL.match(bare)
    moment = ctx.read_when(bare[until.end() :] if until else bare)
    if isinstance(moment, Refusal):
        return replace(moment, tries=tuple(f"{named} until {time}" for time in moment.tries))
    end = moment.at
    if moment.stretch is not None and not until:
        begins, end = moment.stretch
        if begins > ctx.now:
            return Refusal(says="That begins later, and this holds from now on. Until when?", tries=(f"{named} until {bare}",))
    if end > ctx.now + LONGEST:
        return Refusal(says="That is more than a month ahead.", tries=(f"{named} 2h", f"{named} until monday"))
    return end
