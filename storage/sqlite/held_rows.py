"""What a wait was before somebody's act on it, as the lists that stand in its row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.waits import BeforeHanding, Displaced, Handing, Hold, HoldKind, LetGo


def _hold_row(hold: Hold | None) -> tuple[object, ...] | None:
    if hold is None:
        return None
    row = (hold.kind.value, hold.since, hold.until, hold.by)
    return (*row, True) if hold.noted else row  # a mark that is rare, and that earlier versions didn't write


def _hold(row: Sequence[Any] | None) -> Hold | None:
    if row is None:
        return None
    return Hold(kind=HoldKind(row[0]), since=row[1], until=row[2], by=row[3], noted=bool(row[4:]))


def let_go_row(let_go: LetGo) -> tuple[object, ...]:
    """That somebody let a wait go, and what it was before."""
    return (let_go.by, let_go.how, displaced_row(let_go.was))


def let_go(row: Sequence[Any]) -> LetGo:
    """The same as a value."""
    by, how, was = row
    return LetGo(by=by, how=how, was=displaced(was))


def displaced_row(was: Displaced) -> tuple[object, ...]:
    """What a wait was before a member's act."""
    earlier = was.earlier
    before = None if earlier is None else displaced_row(earlier)
    return (was.at, _hold_row(was.hold), was.owner, was.owner_reason, was.ladder_start, was.passed, before)


def displaced(row: Sequence[Any]) -> Displaced:
    """The same as a value."""
    at, held, owner, reason, ladder_start, passed, before = row
    return Displaced(
        at=at,
        hold=_hold(held),
        owner=owner,
        owner_reason=reason,
        ladder_start=ladder_start,
        passed=passed,
        earlier=None if before is None else displaced(before),
    )


def handing_row(handed: Handing) -> tuple[object, ...]:
    """How a wait was handed over, with the hand-overs before."""
    before = handed.before
    if before is None:
        return (handed.by, handed.to, handed.at)
    earlier = None if before.handed is None else handing_row(before.handed)
    was = (before.owner, before.owner_reason, _hold_row(before.hold), before.ladder_start, before.not_me, earlier)
    return (handed.by, handed.to, handed.at, was)


def handing(row: Sequence[Any]) -> Handing:
    """The same as a value."""
    by, to, at, *more = row
    if not more:
        return Handing(by=by, to=to, at=at)
    owner, reason, held, ladder_start, not_me, handed = more[0]
    before = BeforeHanding(
        owner=owner,
        owner_reason=reason,
        hold=_hold(held),
        ladder_start=ladder_start,
        not_me=tuple(not_me),
        handed=None if handed is None else handing(handed),
    )
    return Handing(by=by, to=to, at=at, before=before)
