"""What becomes of a row that was on its way: it arrived, is tried again, or is given up. All inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from bot.domain.durations import Instant, Seconds
from bot.domain.outgoing import Due, DueReminder, DueUpdate
from bot.domain.posted_wait import as_posted
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.waits import Wait
from bot.engine.engine import Engine
from bot.errors import RetryLater
from bot.outbox.address_queues import InDoubt, OutgoingMessage
from bot.ports import OutboxTransaction
from bot.waits import ladder
from bot.wording.reasons import sentence

FIRST_PAUSE: Seconds = 5
LONGEST_PAUSE: Seconds = 15 * 60
MOST_ATTEMPTS = 12
"""After these many failures (about an hour and a half with the pauses above) a row is dead, and listed as such."""

log = structlog.get_logger()


class Results:
    """Settles rows and puts the next rungs on the ladder, in one transaction with each other."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def delivered(self, tx: OutboxTransaction, outgoing: OutgoingMessage, ref: str, now: Instant) -> None:
        """A message was taken by the platform. What a wait became while its reminder was on its way isn't on the post yet:
        then an update follows."""
        if outgoing.ref is not None:
            for due in outgoing.dues:
                tx.mark_sent(due, at=now, to=())
            return
        changed = False
        for row in outgoing.rows:
            if not tx.mark_sent(row.due, at=now, to=row.to, ref=ref, address=outgoing.address):
                continue
            for entry in row.waits:
                wait = self._engine.wait(tx, entry.wait.id)
                changed |= wait is not None and as_posted(wait) != as_posted(entry.wait)
                self._climb(tx, wait, entry.step, now, left=True)
        if changed:
            tx.update_post(outgoing.address, ref, due_at=now)

    def found(self, tx: OutboxTransaction, in_doubt: InDoubt, ref: str, now: Instant) -> None:
        """A message that was in doubt is there. It may tell of waits that are over or held by now: then an update follows."""
        over = False
        for due in in_doubt.dues:
            if due.left is None or not tx.mark_sent(due, at=due.left.at, to=due.left.to, ref=ref, address=in_doubt.address):
                continue
            self.next_rung(tx, due, now, left=True)
            wait = self._engine.wait(tx, due.wait) if isinstance(due, DueReminder) else None
            over |= wait is not None and (not wait.open or wait.hold is not None)
        if over:
            tx.update_post(in_doubt.address, ref, due_at=now)

    def retry(self, tx: OutboxTransaction, dues: Iterable[Due], now: Instant, error: RetryLater) -> None:
        """Deliveries failed: try again after a pause that grows, until it has failed too often."""
        for due in dues:
            if due.failures + 1 >= MOST_ATTEMPTS:
                self.fail(tx, (due,), now, Reason(code=ReasonCode.TOO_OFTEN, about=(str(due.failures + 1), str(error))))
                continue
            pause = max(error.after, min(LONGEST_PAUSE, FIRST_PAUSE * 2**due.failures))
            log.warning(
                "message_delayed",
                say="A message will be tried again after a pause.",
                row=due.id,
                seconds=pause,
                reason=str(error),
            )
            uncertain = error.uncertain and not isinstance(due, DueUpdate)  # doing an update twice does no harm
            tx.mark_again(due, due_at=now + pause, failed=True, uncertain=uncertain)

    def fail(self, tx: OutboxTransaction, dues: Iterable[Due], now: Instant, reason: Reason, *, refused: bool = False) -> None:
        """Give rows up, and say so. `refused`: they surely didn't arrive. The next rung stays on the ladder: somebody else may be
        reached."""
        for due in dues:
            if tx.mark_dead(due, reason=reason, refused=refused):
                say = "A message was given up; `realreply doctor` lists it."
                log.error("message_dead", say=say, row=due.id, reason=sentence(reason))
                self.next_rung(tx, due, now)

    def next_rung(self, tx: OutboxTransaction, due: Due, now: Instant, *, left: bool = False) -> None:
        """Put the rung after a reminder's on the ladder, if its customer still waits. `left`: the reminder left just now; else
        it was skipped or given up."""
        if isinstance(due, DueReminder):
            self._climb(tx, self._engine.wait(tx, due.wait), due.step, now, left=left)

    def _climb(self, tx: OutboxTransaction, wait: Wait | None, step: int, now: Instant, *, left: bool) -> None:
        if wait is not None and wait.open:
            rules = self._engine.rules_of(wait.channel)
            writes = ladder.schedule(wait, rules, step=step + 1, now=now, below_left=left)
            self._engine.apply(tx, wait.channel, tuple(writes))
