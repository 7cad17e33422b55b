"""Who couldn't be asked, and why, in words: what they chose and when they are back, never whose fault anything is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from bot.domain.durations import Instant
from bot.domain.notifications import PassedOver, Unavailable
from bot.domain.views import PersonName, Plain, Spans
from bot.wording.phrases import say_moment

WORDS = {
    Unavailable.AWAY: "away{until}",
    Unavailable.OFF_HOURS: "not at work{until}",
    Unavailable.MUTED: "muted{until}",
    Unavailable.FULL: "over the budget of {budget} a day",
    Unavailable.LIST_ONLY: "wants only the list",
    Unavailable.UNWANTED: "wants no reminders",
    Unavailable.ONLY_MINE: "is asked only of what is theirs",
}


def but(one: PassedOver, zone: tzinfo, now: Instant) -> str:
    """Why somebody couldn't be asked, as it goes on after their name: " but wants only the list", " but is away until Monday"."""
    words = _words(one, zone, now)
    return f" but {'' if words.startswith(('wants ', 'is ')) else 'is '}{words}"


def passed_over(passed: Sequence[PassedOver], zone: tzinfo, now: Instant) -> Spans:
    """ "Ana: over the budget of 3 a day; Ben: away until Monday 09:00"."""
    spans: Spans = ()
    for one in passed:
        spans = (*spans, *((Plain("; "),) if spans else ()), PersonName(one.member), Plain(f": {_words(one, zone, now)}"))
    return spans


def _words(one: PassedOver, zone: tzinfo, now: Instant) -> str:
    until = "" if one.until is None else f" until {say_moment(one.until, zone, now)}"
    return WORDS[one.why].format(until=until, budget=one.budget)
