"""Which first reminders a trial puts off: only plain ones, about which nobody has done or said anything yet."""

from __future__ import annotations

from bot.domain import hours
from bot.domain.delay_trial import DELAY, DelayTrial, TrialEntry, is_drawn
from bot.domain.durations import Instant
from bot.domain.outgoing import DueReminder
from bot.domain.reading import Cue
from bot.domain.rules import ChannelRules
from bot.domain.waits import Wait
from bot.ports import OutboxTransaction
from bot.waits import ladder
from bot.waits.availability import QuietRules

KEY = "trial"
"""The name of the key by which lots are drawn."""


def put_off_until(
    tx: OutboxTransaction,
    wait: Wait,
    due: DueReminder,
    verdict: ladder.Send,
    *,
    trial: DelayTrial | None,
    rules: ChannelRules,
    quiet: QuietRules,
    now: Instant,
) -> Instant | None:
    """Until when a reminder that may leave now is put off by the trial that runs; None: it leaves. What enters is kept in the
    same transaction, also where the lot doesn't fall on it."""
    if trial is None or due.step != 0 or not _is_plain(tx, wait, verdict):
        return None
    entry = tx.trial_entry(wait.id)
    if entry is None:
        if not _may_enter(tx, wait, due, verdict, rules=rules, quiet=quiet, now=now):
            return None
        entry = TrialEntry(wait=wait.id, at=now, delayed=is_drawn(tx.key_of(KEY), wait.id))
        tx.enter_trial(entry)
    until = entry.at + DELAY
    return until if entry.delayed and now < until else None


def _is_plain(tx: OutboxTransaction, wait: Wait, verdict: ladder.Send) -> bool:
    """Whether it is an ordinary customer's ordinary question, which nobody has touched: no newcomer's, none that is urgent, none
    with a target of its own."""
    if wait.newcomer or wait.target is not None or wait.insisted is not None or wait.opened_by == "member":
        return False
    if wait.replies or wait.hold is not None or wait.handed is not None or wait.possible_answer is not None or wait.not_me:
        return False
    asking = verdict.asking
    if asking.promised is not None or asking.assigned or asking.returns is not None:
        return False
    return "urgent" not in wait.evidence and not any(one.reading.has(Cue.URGENT) for one in tx.written_in(wait))


def _may_enter(
    tx: OutboxTransaction,
    wait: Wait,
    due: DueReminder,
    verdict: ladder.Send,
    *,
    rules: ChannelRules,
    quiet: QuietRules,
    now: Instant,
) -> bool:
    """Whether it is the very first time that a reminder of the wait is to leave, and a quarter of an hour neither meets the end
    of somebody's day nor the next rung."""
    steps = ladder.steps_of(wait, rules)
    if not steps or steps[0].after < DELAY or (len(steps) > 1 and steps[1].after - steps[0].after < 2 * DELAY):
        return False
    if due.left is not None or due.failures or tx.asked(wait.id, but=due):
        return False
    return all(hours.is_open(quiet.hours_of(member), now + DELAY) for member in verdict.to or ("",))
