"""The words of holds, a row a kind: why a wait is quiet just now. What holds do is in bot/waits/holds.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.domain.views import PersonName, Plain, Spans, Timestamp
from bot.domain.waits import Hold, HoldKind, Wait

_PLACE = re.compile(r"(\{by\}|\{until\})")


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldWords:
    """What is said of a hold of one kind, {by} being who caused it and {until} when it ends.

    `line` says why the wait is quiet. `gist` says it without names, for notifications, which can't resolve ids. `not_me`: below
    a posted reminder stands a button for whoever is on it and can't be after all. `ends_told`: a member's own list adds when
    it ends, which the line doesn't say.
    """

    line: str
    gist: str
    not_me: bool = False
    ends_told: bool = False


WORDS: Final[dict[HoldKind, HoldWords]] = {
    HoldKind.CLAIM: HoldWords(line="{by} is on it", gist="Somebody is on it", not_me=True, ends_told=True),
    HoldKind.HOLDING: HoldWords(line="{by} is looking into it", gist="Somebody is looking into it"),
    HoldKind.PROMISE: HoldWords(line="{by} promised an answer by {until}", gist="An answer is promised by {until}"),
    # Who pointed them elsewhere isn't said where everybody reads it.
    HoldKind.REDIRECT: HoldWords(line="Pointed elsewhere; quiet until {until}", gist="Quiet until {until}"),
    HoldKind.SNOOZE: HoldWords(line="{by} put it off until {until}", gist="Quiet until {until}"),
    HoldKind.TYPING: HoldWords(line="{by} is writing", gist="Somebody is writing"),
}


def hold_line(wait: Wait) -> Spans:
    """Why a wait is quiet just now: "Ana promised an answer by Friday 16:00". Raises ValueError without a hold."""
    hold = wait.hold
    if hold is None:
        raise ValueError(f"wait {wait.id} isn't on hold")
    named: dict[str, PersonName | Timestamp] = {"{by}": PersonName(hold.by), "{until}": Timestamp(hold.until)}
    return tuple(named.get(part, Plain(part)) for part in _PLACE.split(WORDS[hold.kind].line) if part)


def own_line(wait: Wait) -> Spans:
    """The same in a member's own list, where it is said when the hold ends. Raises ValueError without a hold."""
    line = hold_line(wait)
    hold = wait.hold
    if hold is None or not WORDS[hold.kind].ends_told:
        return line
    return (*line, Plain(" until "), Timestamp(hold.until))


def said_why(note: str) -> Spans:
    """What whoever put a wait off says of it, after the line: ": “waiting for the release”"."""
    return (Plain(f": “{note}”"),) if note else ()


def hold_gist(hold: Hold, until: str) -> str:
    """Why a wait is quiet, without names; `until` is the hold's end in words."""
    return WORDS[hold.kind].gist.format(until=until)


def offers_not_me(hold: Hold) -> bool:
    """Whether somebody who is on it is offered to say that they aren't after all."""
    return WORDS[hold.kind].not_me
