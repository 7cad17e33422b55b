"""What becomes of a row that was on its way: it arrived, is tried again, or is given up. All inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import structlog

from bot.domain.delay_trial import DELAY
from bot.domain.durations import DAY, HOUR, Instant, Seconds
from bot.domain.notifications import STRAIGHT, Asking
from bot.domain.outgoing import Due, DueNotice, DueReminder, DueUpdate
from bot.domain.posted_wait import list_update_due, so_until, update_due
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.waits import Wait
from bot.domain.writes import NoticeSubject, SaveWait, SetReminder, Write
from bot.engine.engine import Engine
from bot.errors import RetryLater, described
from bot.outbox.address_queues import InDoubt, Item, OutgoingMessage
from bot.outbox.outages import MOST_ATTEMPTS, NextTry, pause_after
from bot.ports import OutboxTransaction
from bot.waits import ladder
from bot.wording.reasons import sentence

SOONEST: Seconds = HOUR
LATEST: Seconds = DAY
"""A last rung that was given up is tried again between these: after as long again as it has been due."""

log = structlog.get_logger()


class Results:
    """Settles rows and puts the next rungs on the ladder, in one transaction with each other."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def delivered(self, tx: OutboxTransaction, outgoing: OutgoingMessage, ref: str, now: Instant) -> None:
        """A message was taken by the platform. What a wait became while its reminder was on its way isn't on the post yet:
        then an update follows."""
        if outgoing.ref is not None:
            self._updated(tx, outgoing, outgoing.ref, now)
            return
        address = self._engine.moves.address(outgoing.address)  # the channel may have got another id meanwhile
        changed = False
        for row in outgoing.rows:
            under = None if outgoing.under is None else outgoing.under.post
            if not tx.mark_sent(row.due, at=now, to=row.to, ref=ref, address=address, under=under):
                continue
            self._until_holds_end(tx, outgoing, row, ref)
            changed |= any(self._changed_in_list(tx, wait, now) for wait in row.listed)
            for entry in row.waits:
                tx.drop_given_up(row.due)
                wait = self._engine.wait(tx, entry.wait.id)
                changed |= wait is not None and update_due(entry.wait, wait, line=entry.line) is not None
                tx.update_posts_of(entry.wait.id, due_at=now, but=(address, ref))
                asked = ladder.asks_writer(entry.wait, self._engine.team, row.to)
                self._climb(tx, wait, entry.step, now, left=True, asked=row.to[0] if asked else None, asking=entry.asking)
        if changed:
            tx.update_post(address, ref, due_at=now)

    def _updated(self, tx: OutboxTransaction, outgoing: OutgoingMessage, ref: str, now: Instant) -> None:
        """A post was brought up to date. When a hold it tells of runs out, the next update is due: the reminder that comes then
        may itself have to wait for the morning."""
        for row in outgoing.rows:
            if not tx.mark_sent(row.due, at=now, to=()):
                continue
            self._until_holds_end(tx, outgoing, row, ref)

    def _until_holds_end(self, tx: OutboxTransaction, outgoing: OutgoingMessage, row: Item, ref: str) -> None:
        told = [*(entry.wait for entry in row.waits if not entry.line and entry.moved is None), *row.listed]
        ends = [at for wait in told if (at := so_until(wait, outgoing.at)) is not None]
        if ends:
            tx.update_post(self._engine.moves.address(outgoing.address), ref, due_at=min(ends))

    def _changed_in_list(self, tx: OutboxTransaction, told: Wait, now: Instant) -> bool:
        wait = self._engine.wait(tx, told.id)
        return wait is not None and list_update_due(told, wait.as_of(now)) is not None

    def noted(self, tx: OutboxTransaction, items: Iterable[Item], now: Instant) -> int:
        """Nothing is posted in this run: reminders count as having left. Gives how many."""
        sent = 0
        for item in items:
            if isinstance(item.due, DueReminder):
                tx.mark_sent(item.due, at=now, to=item.to)
                self.next_rung(tx, item.due, now, left_to=item.to, asking=item.waits[0].asking)
                sent += 1
            else:
                tx.mark_moot(item.due, reason=Reason(code=ReasonCode.NOT_POSTED))
        return sent

    def found(self, tx: OutboxTransaction, in_doubt: InDoubt, ref: str, now: Instant) -> None:
        """A message that was in doubt is there. It may tell of waits that are over or held by now: then an update follows."""
        address = self._engine.moves.address(in_doubt.address)
        over = False
        for due in in_doubt.dues:
            if due.left is None or not tx.mark_sent(
                due, at=due.left.at, to=due.left.to, ref=ref, address=address, under=due.left.under
            ):
                continue
            tx.drop_given_up(due)
            if isinstance(due, DueReminder):
                tx.update_posts_of(due.wait, due_at=now, but=(address, ref))
            asking = due.asking if isinstance(due, DueReminder) else STRAIGHT
            self.next_rung(tx, due, now, left_to=due.left.to, planned=True, asking=asking)
            wait = self._engine.wait(tx, due.wait) if isinstance(due, DueReminder) else None
            over |= isinstance(due, DueNotice) and due.subject in (NoticeSubject.HANDOVER, NoticeSubject.ARRIVALS)
            over |= wait is not None and (not wait.open or wait.hold is not None)
        if over:
            tx.update_post(address, ref, due_at=now)

    def below_deleted(self, tx: OutboxTransaction, outgoing: OutgoingMessage, now: Instant) -> None:
        """The post that a line was to go with was deleted by hand: what the line says is posted anew."""
        if outgoing.under is not None:
            tx.post_gone(outgoing.under.post, at=now)
        for due in outgoing.dues:
            tx.mark_again(due, due_at=now)

    def update_deleted(self, tx: OutboxTransaction, outgoing: OutgoingMessage, now: Instant) -> None:
        """A post that was to be brought up to date was deleted by hand. That is no error: the next rung is posted anew."""
        for due in outgoing.dues:
            if isinstance(due, DueUpdate):
                tx.post_gone(due.post, at=now)
            tx.mark_moot(due, reason=Reason(code=ReasonCode.POST_DELETED))

    def retry(self, tx: OutboxTransaction, dues: Sequence[Due], now: Instant, error: RetryLater, next_try: NextTry) -> None:
        """A message failed: try again, or give it up, as `next_try` says."""
        if next_try.given_up is not None:
            self.fail(tx, dues, now, Reason(code=ReasonCode.TOO_OFTEN, about=(str(next_try.given_up), str(error))))
            return
        log.warning(
            "message_delayed",
            say="A message will be tried again after a pause.",
            rows=[due.id for due in dues],
            seconds=round(next_try.at - now),
            reason=str(error),
        )
        for due in dues:
            uncertain = error.uncertain and not isinstance(due, DueUpdate)  # doing an update twice does no harm
            tx.mark_again(due, due_at=next_try.at, failed=True, uncertain=uncertain)

    def unsayable(self, tx: OutboxTransaction, dues: Sequence[Due], now: Instant, error: Exception) -> None:
        """A message couldn't be put into words: try again after a pause that grows, until it has failed too often."""
        failures = 1 + max(due.failures for due in dues)
        why = RetryLater(f"it couldn't be put into words: {described(error)}", after=0, uncertain=False)
        given_up = failures if failures >= MOST_ATTEMPTS else None
        self.retry(tx, dues, now, why, NextTry(at=now + pause_after(failures), given_up=given_up))

    def fail(
        self,
        tx: OutboxTransaction,
        dues: Iterable[Due],
        now: Instant,
        reason: Reason,
        *,
        refused: bool = False,
        exposed: bool = False,
    ) -> None:
        """Give rows up, and say so. `refused`: they surely didn't arrive. The next rung stays on the ladder: somebody else may be
        reached. Where there is none, the same is tried again later: a customer who still waits must not be forgotten. Before the
        next one, too, where the place was `exposed`: it may be the team's own again by then."""
        for due in dues:
            if not tx.mark_dead(due, reason=reason, refused=refused):
                continue
            log.error(
                "message_dead", say="A message was given up; `realreply doctor` lists it.", row=due.id, reason=sentence(reason)
            )
            if isinstance(due, DueReminder):
                tx.drop_given_up(due)
                self._go_on(tx, due, now, exposed=exposed)

    def _go_on(self, tx: OutboxTransaction, due: DueReminder, now: Instant, *, exposed: bool) -> None:
        """The next rung after one that was given up; after the last one, or where that is far off, the same again."""
        wait = self._engine.wait(tx, due.wait)
        if wait is None or not wait.open or tx.pending(wait.id) is not None:
            return
        rules = self._engine.rules_of(wait.channel)
        writes: list[Write] = ladder.schedule(wait, rules, step=due.step + 1, now=now)
        if due.asking.promised is not None:
            self._engine.apply(
                tx, wait.channel, tuple(ladder.following(wait, rules, step=due.step, now=now, left=False, asking=due.asking))
            )
            return
        steps = ladder.steps_of(wait, rules)
        following = next((write.due_at for write in writes if isinstance(write, SetReminder)), None)
        if due.step < len(steps) and (following is None or exposed):
            overdue = now - (wait.ladder_start + steps[due.step].after)
            at = now + min(LATEST, max(SOONEST, overdue))
            at = at if wait.hold is None else max(at, wait.hold.until)
            if following is None or at < following:
                writes = [SetReminder(wait=wait.id, step=due.step, to=steps[due.step].to, due_at=at)]
        self._engine.apply(tx, wait.channel, tuple(writes))

    def next_rung(
        self,
        tx: OutboxTransaction,
        due: Due,
        now: Instant,
        *,
        left_to: tuple[str, ...] | None = None,
        planned: bool = False,
        asking: Asking = STRAIGHT,
    ) -> None:
        """Put the rung after a reminder's on the ladder, if its customer still waits. `left_to`: whom the reminder went to; None:
        it was skipped. `planned`: something else may have been planned for the wait while the reminder was on its way.
        `asking`: how those were chosen."""
        if not isinstance(due, DueReminder):
            return
        wait, left_at = self._engine.wait(tx, due.wait), due.left.at if due.left is not None else now
        asked = None
        if left_to is not None and wait is not None and wait.possible_answer is not None and wait.possible_answer.at <= left_at:
            asked = left_to[0] if ladder.asks_writer(wait, self._engine.team, left_to) else None
        self._climb(tx, wait, due.step, now, left=left_to is not None, planned=planned, asked=asked, asking=asking)

    def ask_later(self, tx: OutboxTransaction, wait: Wait, step: int, now: Instant) -> None:
        """A member wrote what may be the answer after the last rung (`step`) had left: it comes once more, to ask them."""
        if not wait.open or ladder.writer_to_ask(wait, self._engine.team) is None or tx.pending(wait.id) is not None:
            return
        rules = self._engine.rules_of(wait.channel)
        latest = max((sent.step for sent in tx.sent_reminders(wait.id)), default=step)
        if rules.steps:
            at = now + ladder.steps_of(wait, rules)[0].after
            self._engine.apply(tx, wait.channel, tuple(ladder.again(wait, rules, step=latest, at=at)))

    def _climb(
        self,
        tx: OutboxTransaction,
        wait: Wait | None,
        step: int,
        now: Instant,
        *,
        left: bool,
        planned: bool = True,
        asked: str | None = None,
        asking: Asking = STRAIGHT,
    ) -> None:
        """`asked`: the member whom the rung asked whether what they wrote was the answer. They are asked no more."""
        if wait is None or not wait.open:
            return
        writes: list[Write] = []
        if asked is not None and wait.possible_answer is not None:
            maybe = replace(wait.possible_answer, asked=(*wait.possible_answer.asked, asked))
            writes.append(SaveWait(wait=replace(wait, possible_answer=maybe)))
        if not (planned and tx.pending(wait.id) is not None):
            rules = self._engine.rules_of(wait.channel)
            entry = tx.trial_entry(wait.id) if left and step == 0 else None
            on_time = now - DELAY if entry is not None and entry.delayed else now  # the next rung isn't late for a trial's sake
            writes += ladder.following(wait, rules, step=step, now=on_time, left=left, asked=asked is not None, asking=asking)
        if writes:
            self._engine.apply(tx, wait.channel, tuple(writes))


def unexpected(error: Exception) -> RetryLater:
    """An exception that no adapter should raise, as what it means: perhaps it arrived, perhaps not."""
    log.error(
        "platform_failed",
        say="A platform failed in an unexpected way, which is a mistake in realreply. The message will be tried again.",
        error=described(error),
    )
    return RetryLater(f"the platform failed in an unexpected way: {described(error)}", after=0)
