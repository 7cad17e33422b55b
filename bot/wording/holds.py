"""The words of holds, a row a kind: why a wait is quiet just now. What holds do is in bot/waits/holds.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.domain.views import PersonName, Plain, Spans, Timestamp
from bot.domain.waits import Hold, HoldKind, Insistence, Wait

_PLACE = re.compile(r"(\{by\}|\{until\})")


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldWords:
    """What is said of a hold of one kind, {by} being who caused it and {until} when it ends.

    `line` says why the wait is quiet, and `own` says it to who caused it. `gist` says it without names, for notifications, which
    can't resolve ids. `not_me`: below a posted reminder stands a button for whoever is on it and can't be after all.
    `ends_told`: a member's own list adds when it ends, which the line doesn't say. `was` and `was_yours` say that it was so until
    the customer asked again, the latter to whose hold it was. `undone_by`: the verb that takes it back, offered as *Undo*.
    `what`: what is promised by it.
    """

    line: str
    own: str
    gist: str
    was: str
    was_yours: str
    not_me: bool = False
    ends_told: bool = False
    undone_by: str | None = None
    what: str = "an answer"


WORDS: Final[dict[HoldKind, HoldWords]] = {
    HoldKind.CLAIM: HoldWords(
        line="{by} is on it",
        own="You're on it until {until}",
        gist="Somebody is on it",
        was="{by} was on it",
        was_yours="you were on it",
        not_me=True,
        ends_told=True,
    ),
    HoldKind.HOLDING: HoldWords(
        line="{by} is looking into it",
        own="You said you're looking; quiet until {until}",
        gist="Somebody is looking into it",
        was="{by} was looking into it",
        was_yours="you were looking into it",
    ),
    HoldKind.PROMISE: HoldWords(
        line="{by} promised an answer by {until}",
        own="You promised an answer by {until}",
        gist="An answer is promised by {until}",
        was="{by} promised an answer",
        was_yours="you promised an answer",
    ),
    # Who pointed them elsewhere isn't said where everybody reads it.
    HoldKind.REDIRECT: HoldWords(
        line="Pointed elsewhere; quiet until {until}",
        own="You pointed them elsewhere; quiet until {until}",
        gist="Quiet until {until}",
        was="they were pointed elsewhere",
        was_yours="you pointed them elsewhere",
    ),
    HoldKind.SNOOZE: HoldWords(
        line="{by} put it off until {until}",
        own="You put it off until {until}",
        gist="Quiet until {until}",
        was="{by} had put it off",
        was_yours="you had put it off",
        undone_by="unsnooze",
    ),
    HoldKind.OUTCOME: HoldWords(
        line="{by} will post the outcome by {until}",
        own="You'll post the outcome by {until}",
        gist="The outcome is to be posted by {until}",
        was="{by} was to post the outcome",
        was_yours="you were to post the outcome",
        not_me=True,
        undone_by="unclaim",
        what="the outcome",
    ),
    HoldKind.TYPING: HoldWords(
        line="{by} is writing",
        own="You're writing",
        gist="Somebody is writing",
        was="{by} was writing",
        was_yours="you were writing",
    ),
}


def hold_line(wait: Wait) -> Spans:
    """Why a wait is quiet just now: "Ana promised an answer by Friday 16:00". Raises ValueError without a hold."""
    hold = _hold(wait)
    return _filled(WORDS[hold.kind].line, hold)


def own_line(wait: Wait, reader: str) -> Spans:
    """The same in a member's own list, where it is said when the hold ends, and to who caused it as to them. Raises ValueError
    without a hold."""
    hold = _hold(wait)
    if hold.by == reader:
        return _filled(WORDS[hold.kind].own, hold)
    line = hold_line(wait)
    return (*line, Plain(" until "), Timestamp(hold.until)) if WORDS[hold.kind].ends_told else line


def _hold(wait: Wait) -> Hold:
    if wait.hold is None:
        raise ValueError(f"wait {wait.id} isn't on hold")
    return wait.hold


def _filled(words: str, hold: Hold) -> Spans:
    named: dict[str, PersonName | Timestamp] = {"{by}": PersonName(hold.by), "{until}": Timestamp(hold.until)}
    return tuple(named.get(part, Plain(part)) for part in _PLACE.split(words) if part)


def said_why(note: str) -> Spans:
    """What whoever put a wait off says of it, after the line: ": “waiting for the release”"."""
    return (Plain(f": “{note}”"),) if note else ()


def hold_gist(hold: Hold, until: str) -> str:
    """Why a wait is quiet, without names; `until` is the hold's end in words."""
    return WORDS[hold.kind].gist.format(until=until)


def insisted_line(insisted: Insistence, customer: str, to: tuple[str, ...], *, when: bool = False) -> Spans:
    """That a customer ended a hold: "Dana has asked again; Ana was on it". `to` are those who read it, `when` adds the time."""
    words = WORDS[insisted.kind]
    asked: Spans = (PersonName(customer), Plain(" has asked again; "))
    if when:
        asked = (PersonName(customer), Plain(" asked again "), Timestamp(insisted.at), Plain("; "))
    if to == (insisted.by,):
        return (*asked, Plain(words.was_yours))
    named = {"{by}": PersonName(insisted.by)}
    return (*asked, *(named.get(part, Plain(part)) for part in _PLACE.split(words.was) if part))


def what_is_promised(hold: Hold | None) -> str:
    """What was promised: "an answer" where that isn't known."""
    return "an answer" if hold is None else WORDS[hold.kind].what


def undo_of(hold: Hold) -> str | None:
    """The verb that takes a hold back, where that is offered."""
    return WORDS[hold.kind].undone_by


def offers_not_me(hold: Hold) -> bool:
    """Whether somebody who is on it is offered to say that they aren't after all."""
    return WORDS[hold.kind].not_me
