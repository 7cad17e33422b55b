"""What was decided before somebody's choice is looked at again with it: channels' rules, and reminders that were put off."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.durations import Instant
from bot.domain.preferences import (
    EVERYWHERE,
    ChoiceWrite,
    EndAway,
    SetAnew,
    SetAway,
    SetDuty,
    SetHere,
    SetHours,
    SetPause,
    SetSwitch,
    SetWatch,
)
from bot.domain.writes import SetReminder
from bot.engine.engine import Engine
from bot.ports import Transaction
from bot.queries.snapshot import MOST_OPEN
from bot.waits import ladder


def reconsider(
    tx: Transaction,
    *,
    engine: Engine,
    change_over: Callable[[Transaction, Instant], object],
    choices: tuple[ChoiceWrite, ...],
    now: Instant,
    due: list[Instant],
) -> None:
    """Bring choices to what was decided before them: channels are loaded with their new rules, and reminders that were put
    off because of somebody whose choice it is, or of a pause, go back to their place on the ladder; `due` is told when."""
    for choice in choices:
        if isinstance(choice, SetWatch | SetAnew):
            engine.evict(choice.channel)
        if isinstance(choice, SetDuty):
            change_over(tx, now)
            due.append(now)
    theirs = {choice.member for choice in choices if isinstance(choice, SetAway | EndAway | SetHere | SetHours | SetSwitch)}
    paused = {choice.channel for choice in choices if isinstance(choice, SetPause)}
    if not theirs and not paused:
        return
    for wait in tx.open_waits(MOST_OPEN):
        pending = tx.pending(wait.id)
        if pending is None or pending.failures or pending.left is not None:
            continue  # no reminder, or one that pauses because its delivery failed: nobody's hours put that off
        sent = [one for one in tx.sent_reminders(wait.id) if one.asking.promised is None]
        full = bool(sent) and sent[-1].asking.days_full and sent[-1].step == pending.step  # it comes again till there is room
        passed = sent[-1].asking.passed if full else pending.asking.passed
        names_them = len(passed) >= ladder.MOST_PASSED or any(one.member in theirs for one in passed)
        holds_it = wait.hold is not None and wait.hold.by in theirs
        if not (names_them or holds_it) and paused.isdisjoint({wait.channel, EVERYWHERE}):
            continue  # it stands where the ladder put it
        left = (sent[-1].step, sent[-1].at) if sent and not full else None
        rules, since = engine.rules_of(wait.channel), pending.asking.since
        writes = ladder.put_back(wait, rules, step=pending.step, now=now, left=left, since=since)
        for write in writes:
            if isinstance(write, SetReminder) and write.due_at < pending.due_at:
                engine.apply(tx, wait.channel, tuple(writes))
                due.append(write.due_at)
