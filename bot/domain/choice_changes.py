"""What was changed by a choice that a member made in chat, so that it can be undone as long as nothing newer was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, get_args

from bot.domain.absences import SaidHere
from bot.domain.delay_trial import DelayTrial
from bot.domain.durations import Instant
from bot.domain.duty import DutyPlan
from bot.domain.hours import Interval
from bot.domain.preferences import (
    Choices,
    ChoiceWrite,
    EndAway,
    OwnHours,
    OwnSwitch,
    Pause,
    SetAnew,
    SetAway,
    SetDm,
    SetDuty,
    SetHere,
    SetHours,
    SetPause,
    SetSwitch,
    SetTrial,
    SetWatch,
    Watched,
)
from bot.domain.value import value

ChoiceKind = Literal["away", "here", "dm", "hours", "watch", "duty", "switches", "pauses", "trials", "anew"]
"""What is chosen: a field of `Choices`."""

Chosen = tuple[Interval, ...] | bool | OwnHours | Watched | DutyPlan | OwnSwitch | Pause | SaidHere | DelayTrial | Instant | None
"""What stood there; None: nothing, the settings file counts. Of absences the spans, in order."""


@value
class ChangedChoice:
    """One choice about one member or channel (`subject`), before and after."""

    kind: ChoiceKind
    subject: str
    before: Chosen
    after: Chosen


@value
class ChoiceChange:
    """What one command changed; nothing any more, once it was undone. `number` is what it is called."""

    number: int
    by: str
    at: Instant
    changed: tuple[ChangedChoice, ...]


def chosen_in(choices: Choices, kind: ChoiceKind, subject: str) -> Chosen:
    """What is chosen about somebody or something; None when nothing is."""
    of_kind: Mapping[str, Chosen] = getattr(choices, kind)
    return of_kind.get(subject)


def changes(before: Choices, after: Choices) -> tuple[ChangedChoice, ...]:
    """What differs between two states of the choices."""
    found = []
    for kind in get_args(ChoiceKind):
        for subject in sorted({*getattr(before, kind), *getattr(after, kind)}):
            was, came = chosen_in(before, kind, subject), chosen_in(after, kind, subject)
            if was != came:
                found.append(ChangedChoice(kind=kind, subject=subject, before=was, after=came))
    return tuple(found)


def stands(changed: ChangedChoice, choices: Choices, now: Instant) -> bool:
    """Whether what was chosen then is what counts now. Absences, mutes and pauses that are over don't matter: they are
    forgotten some time."""
    return _ahead(chosen_in(choices, changed.kind, changed.subject), now) == _ahead(changed.after, now)


def is_undone(changed: ChangedChoice, choices: Choices, now: Instant) -> bool:
    """Whether things are as they were before it."""
    return _ahead(chosen_in(choices, changed.kind, changed.subject), now) == _ahead(changed.before, now)


def _ahead(chosen: Chosen, now: Instant) -> Chosen:
    """What of a choice isn't over."""
    match chosen:
        case tuple():
            return tuple(span for span in chosen if span[1] > now) or None
        case Pause(until=until) | SaidHere(over_at=until) | DelayTrial(until=until):
            return chosen if until > now else None
        case OwnSwitch():
            return chosen if chosen.muted_at(now) else replace(chosen, muted_until=None)
        case _:
            return chosen


def put_back(changed: ChangedChoice, by: str, now: Instant) -> tuple[ChoiceWrite, ...]:
    """What brings a choice back to what it was before. Raises ValueError for one of a kind that can't be written."""
    subject, before = changed.subject, changed.before
    if changed.kind == "away":
        was = before if isinstance(before, tuple) else ()
        came = changed.after if isinstance(changed.after, tuple) else ()
        dropped = tuple(EndAway(member=subject, since=span[0], at=span[0]) for span in came if span not in was)
        again = tuple(
            SetAway(member=subject, since=since, until=until, by=by, at=now) for since, until in was if (since, until) not in came
        )
        return (*dropped, *again)
    match changed.kind, before:
        case "here", SaidHere() | None:
            return (SetHere(member=subject, here=before, by=by, at=now),)
        case "dm", bool() | None:
            return (SetDm(member=subject, on=before, by=by, at=now),)
        case "hours", OwnHours() | None:
            return (SetHours(member=subject, hours=before, by=by, at=now),)
        case "watch", str() | None:
            return (SetWatch(channel=subject, watch=before, by=by, at=now),)
        case "duty", DutyPlan() | None:
            return (SetDuty(plan=before, by=by, at=now),)
        case "switches", OwnSwitch() | None:
            return (SetSwitch(member=subject, switch=before, by=by, at=now),)
        case "pauses", Pause():  # as it was: whose it is, and since when
            return (SetPause(channel=subject, until=before.until, since=before.since, by=before.by, at=now),)
        case "pauses", None:
            return (SetPause(channel=subject, until=None, by=by, at=now),)
        case "anew", float() | None:
            return (SetAnew(channel=subject, since=before, by=by, at=now),)
        case "trials", DelayTrial() | None:
            return (SetTrial(trial=before, by=by, at=now),)
        case _:
            raise ValueError(f"nothing puts back a choice of {changed.kind} that was {before!r}")
