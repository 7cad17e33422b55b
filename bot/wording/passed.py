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
    Unavailable.UNREACHED: "isn't where reminders go",
    Unavailable.OUTSIDE: "isn't on the team of that server",
}

OF_THEM = {
    Unavailable.AWAY: "is away{until}",
    Unavailable.OFF_HOURS: "isn't at work{until}",
    Unavailable.MUTED: "wants to hear nothing{until}",
    Unavailable.LIST_ONLY: "wants only the list",
    Unavailable.UNWANTED: "wants no reminders",
    Unavailable.ONLY_MINE: "is asked only of what is theirs",
    Unavailable.UNREACHED: "isn't where reminders go",
    Unavailable.OUTSIDE: "isn't on the team of that server",
}
"""Said of somebody where a colleague is asked instead. That a day is full isn't: everybody's fills up."""


def passed_over(passed: Sequence[PassedOver], zone: tzinfo, now: Instant) -> Spans:
    """ "Ana: over the budget of 3 a day; Ben: away until Monday 09:00". What is over by now is said without its end."""
    spans: Spans = ()
    for one in passed:
        words = WORDS[one.why].format(until=_until(one, zone, now), budget=one.budget)
        spans = (*spans, *((Plain("; "),) if spans else ()), PersonName(one.member), Plain(f": {words}"))
    return spans


def cannot_be_asked(passed: Sequence[PassedOver], member: str, zone: tzinfo, now: Instant) -> str:
    """Why a member isn't asked, after "Ben is on duty but": what is known of it, and only while it holds."""
    found = next((one for one in passed if one.member == member), None)
    if found is None or found.why not in OF_THEM or (found.until is not None and found.until <= now):
        return "may be busy just now"
    return OF_THEM[found.why].format(until=_until(found, zone, now))


def _until(one: PassedOver, zone: tzinfo, now: Instant) -> str:
    return "" if one.until is None or one.until <= now else f" until {say_moment(one.until, zone, now)}"
