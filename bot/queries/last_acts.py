"""What a member did last to a wait, as far as it shows on the wait itself, with what takes that back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.waits import HoldKind, WaitState
from bot.queries.snapshot import ListedWait, Snapshot
from bot.waits import transitions

AGO: Seconds = 7 * DAY
"""Waits that ended are looked through that opened since: nobody takes back what they did to an older one without naming it."""

WayBack = Literal["unsnooze", "unclaim", "reopen", "unassign", "retake"]
"""The verb that takes back what was done."""

_HELD: dict[HoldKind, WayBack] = {HoldKind.SNOOZE: "unsnooze", HoldKind.CLAIM: "unclaim", HoldKind.OUTCOME: "unclaim"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAct:
    """What a member did to a wait at `at`, and the verb that takes it back; `number` names the hold that it takes back."""

    listed: ListedWait
    back: WayBack
    at: Instant
    number: str | None = None


def last_act(snapshot: Snapshot, member: str) -> LastAct | None:
    """What a member did last of what still stands: put off, claimed, handed over, let go, said to be answered, said to
    need no reply."""
    return max((*_holding(snapshot, member), *_ended(snapshot, member)), key=lambda act: act.at, default=None)


def _holding(snapshot: Snapshot, member: str) -> Iterator[LastAct]:
    for listed in snapshot.open_waits():
        hold = listed.wait.hold
        handover = snapshot.tx.handover(listed.wait.id) if listed.wait.owner_reason == "assigned" else None
        if handover is not None and handover.by == member:
            yield LastAct(listed=listed, back="unassign", at=handover.at)
        if hold is not None and hold.by == member and hold.kind in _HELD:
            yield LastAct(listed=listed, back=_HELD[hold.kind], at=hold.since, number=hold.number)
        for let_go in listed.wait.let_go:
            if let_go.by == member and transitions.is_retaken(listed.wait, let_go, snapshot.now):
                yield LastAct(listed=listed, back="retake", at=let_go.was.at)


def _ended(snapshot: Snapshot, member: str) -> Iterator[LastAct]:
    needless: dict[str, dict[str, Instant]] = {}  # by channel and message: when the member said that it needs no reply
    for wait in snapshot.opened_since(snapshot.now - AGO):
        at: Instant | None = None
        if wait.state is WaitState.ANSWERED and wait.marked_by == member:
            at = wait.ended_at
        elif wait.state is WaitState.DISMISSED:
            if wait.channel not in needless:
                said = snapshot.tx.corrections(wait.channel)
                needless[wait.channel] = {one.message: one.at for one in said if one.by == member and one.says == "needs_none"}
            at = needless[wait.channel].get(wait.opening)
        if at is not None:
            yield LastAct(listed=snapshot.listed(wait), back="reopen", at=at)
