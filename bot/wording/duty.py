"""Who is on duty, in words: now and next, and what says so."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.duty import DutySource, OnDuty
from bot.domain.views import PersonName, Plain, Span, Spans, Timestamp

_SAYS: dict[DutySource, str] = {
    "settings": "as the settings say",
    "calendar": "as the team's calendar says",
    "rotation": "by turns",
    "chat": "as said in chat",
}


def listed(members: Sequence[str], *, joined: str = " and ") -> Spans:
    """Names in a sentence: "Ana, Ben and Mia"."""
    spans: list[Span] = []
    for place, member in enumerate(members):
        if place:
            spans.append(Plain(joined if place == len(members) - 1 else ", "))
        spans.append(PersonName(member))
    return tuple(spans)


def on_duty_line(now: OnDuty, then: OnDuty | None) -> Spans:
    """Who is on duty now and who is next (`then`, where that is known)."""
    if not now.members:
        first: Spans = (Plain("Nobody is on duty"),)
    else:
        first = (*listed(now.members), Plain(f" {'is' if len(now.members) == 1 else 'are'} on duty, {_SAYS[now.source]}"))
    if now.until is None or then is None:
        return (*first, Plain("."))
    following: Spans = listed(then.members) if then.members else (Plain("nobody"),)
    if now.members and then.members == now.members:
        following = (*following, Plain(" goes on" if len(then.members) == 1 else " go on"))
    return (*first, Plain(", until "), Timestamp(now.until), Plain("; then "), *following, Plain("."))
