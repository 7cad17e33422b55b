"""What members' choices changed, kept for some days so that one can be undone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, get_args

from bot.domain.absences import SaidHere
from bot.domain.choice_changes import ChangedChoice, ChoiceChange, ChoiceKind, Chosen, changes
from bot.domain.delay_trial import DelayTrial
from bot.domain.durations import Instant
from bot.domain.duty import DutyPlan
from bot.domain.preferences import ChoiceWrite, OwnHours, OwnSwitch, Pause, week_of
from bot.domain.rules import Watch
from bot.errors import StorageError
from storage.sqlite import choices
from storage.sqlite.choices import NOTHING, duty_plan, packed_duty

NOTE = "INSERT INTO choice_changes (by, at, changed) VALUES (?, ?, ?)"

ONE = "SELECT change, by, at, changed FROM choice_changes WHERE change = ? AND by = ?"

LATEST = "SELECT change, by, at, changed FROM choice_changes WHERE by = ? AND changed <> '[]' ORDER BY change DESC LIMIT 1"

UNDONE = "UPDATE choice_changes SET changed = '[]' WHERE change = ? AND by = ?"

PRUNE = "DELETE FROM choice_changes WHERE at < ?"


def save(
    connection: sqlite3.Connection, writes: Iterable[ChoiceWrite], by: str, at: Instant, undoes: int | None = None
) -> int | None:
    """Store choices, and keep what somebody (`by`) changed by them. Gives its number; None where nothing changed, or nobody
    did. Writes that undo a change (`undoes`) are none themselves: what was changed before that one is the last again."""
    if not by or undoes is not None:
        choices.save(connection, writes)
        connection.execute(UNDONE, (undoes, by))
        return None
    before = choices.every(connection)
    choices.save(connection, writes)
    changed = changes(before, choices.every(connection))
    if not changed:
        return None
    packed = json.dumps([[each.kind, each.subject, _packed(each.before), _packed(each.after)] for each in changed])
    return connection.execute(NOTE, (by, at, packed)).lastrowid


def of(connection: sqlite3.Connection, by: str, number: int | None) -> ChoiceChange | None:
    """Somebody's change with this number, else their last one; None where that is forgotten."""
    row = connection.execute(*((LATEST, (by,)) if number is None else (ONE, (number, by)))).fetchone()
    return None if row is None else _read(row)


def prune(connection: sqlite3.Connection, before: Instant) -> int:
    """Forget away spans that ended, and changes that were made, before an instant. Gives how many rows went."""
    return choices.prune(connection, before) + connection.execute(PRUNE, (before,)).rowcount


def _read(row: tuple[int, str, float, str]) -> ChoiceChange:
    number, by, at, packed = row
    changed = tuple(
        ChangedChoice(kind=_kind(kind), subject=subject, before=_unpacked(kind, before), after=_unpacked(kind, after))
        for kind, subject, before, after in json.loads(packed)
    )
    return ChoiceChange(number=number, by=by, at=at, changed=changed)


def _kind(name: str) -> ChoiceKind:
    for kind in get_args(ChoiceKind):
        if kind == name:
            found: ChoiceKind = kind
            return found
    raise StorageError(f"The database holds a choice of an unknown kind, {name!r}.")


def _packed(chosen: Chosen) -> Any:
    if isinstance(chosen, OwnHours):
        week = None if chosen.week is None else [[(span.opens, span.closes) for span in day] for day in chosen.week]
        return {"zone": chosen.zone, "week": week}
    if isinstance(chosen, DutyPlan):
        return packed_duty(chosen)
    if isinstance(chosen, OwnSwitch):
        return choices.packed_switch(chosen)
    if isinstance(chosen, SaidHere):
        return choices.packed_here(chosen)
    if isinstance(chosen, DelayTrial):
        return choices.packed_trial(chosen)
    if isinstance(chosen, Pause):
        return {"since": chosen.since, "until": chosen.until, "by": chosen.by}
    return str(chosen) if isinstance(chosen, Watch) else chosen


def _unpacked(kind: str, packed: Any) -> Chosen:
    if packed is None:
        return None
    match kind:
        case "away":
            return tuple((since, until) for since, until in packed)
        case "here":
            return choices.here_of(packed)
        case "hours":
            return OwnHours(zone=packed["zone"], week=None if packed["week"] is None else week_of(packed["week"]))
        case "watch":
            return "nothing" if packed == NOTHING else Watch(packed)
        case "duty":
            return duty_plan(packed)
        case "switches":
            return choices.switch_of(packed)
        case "pauses":
            return Pause(since=packed["since"], until=packed["until"], by=packed["by"])
        case "anew":
            return float(packed)
        case "trials":
            return choices.trial_of(packed)
        case _:
            return bool(packed)
