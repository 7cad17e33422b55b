"""The due loop: reminders whose time has come are looked at again, sent, and followed by the next rung.

`step(now)` is a plain function of the instant: replay and tests call it themselves, live a task calls it (see `run`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.app.engine import Engine
from bot.core import ladder
from bot.core.model import Instant, Seconds, Wait
from bot.errors import DeliveryError, RetryLater
from bot.ports import Clock, Courier, DueReminder, Store, Transaction

TOGETHER = 100
"""Reminders claimed in one go: they leave one after the other, so more would only sit under their lease."""

LEASE: Seconds = 60
"""How long a claimed reminder is ours. A crash in between gives it back after this long."""

LONGEST_SLEEP: Seconds = 60
"""The loop looks at the database at least this often, whatever it believes is next."""

FIRST_PAUSE: Seconds = 5
LONGEST_PAUSE: Seconds = 15 * 60
MOST_ATTEMPTS = 12
"""After these many attempts (about an hour and a half with the pauses above) a reminder is dead, and listed as such."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outgoing:
    due: DueReminder
    wait: Wait
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """What a step did: how many reminders left, and when to look again (None: nothing is pending)."""

    sent: int
    next_due: Instant | None


class DueLoop:
    """Performs due reminders through a courier. Without one nothing leaves: reminders are only noted as sent, which is what
    replay (and watching without speaking) needs, and happens in a single transaction."""

    def __init__(self, engine: Engine, store: Store, courier: Courier | None, *, quiet: ladder.Quiet) -> None:
        self._engine = engine
        self._quiet = quiet
        self._store = store
        self._courier = courier
        self._poke = asyncio.Event()

    def poke(self) -> None:
        """Something falls due earlier than was known: look again."""
        self._poke.set()

    async def step(self, now: Instant) -> Stepped:
        """Deal with everything due at `now` (at most TOGETHER rows; `next_due` tells whether there is more)."""
        if self._courier is None:
            return await self._engine.transact(self._store, lambda tx: self.note(tx, now))
        outgoing = await self._engine.transact(self._store, lambda tx: self._claim(tx, now))
        sent = 0
        for item in outgoing:
            sent += await self._deliver(self._courier, item, now)
        next_due = await self._engine.transact(self._store, lambda tx: tx.next_due())
        return Stepped(sent=sent, next_due=next_due)

    def note(self, tx: Transaction, now: Instant) -> Stepped:
        """`step` inside a transaction, for when there is no courier: what would leave at `now` is recorded as having left."""
        outgoing = self._claim(tx, now)
        for item in outgoing:
            self._sent(tx, item, now, None)
        return Stepped(sent=len(outgoing), next_due=tx.next_due())

    async def run(self, clock: Clock) -> None:
        """Step for ever, sleeping until the next reminder, lease or poke. Cancel it to stop."""
        while True:
            # Cleared before reading, so that a poke that comes while we read isn't lost.
            self._poke.clear()
            stepped = await self.step(clock.now())
            pause = LONGEST_SLEEP
            if stepped.next_due is not None:
                pause = min(pause, max(0.0, stepped.next_due - clock.now()))
            try:
                await asyncio.wait_for(self._poke.wait(), pause)
            except TimeoutError:
                continue

    def _claim(self, tx: Transaction, now: Instant) -> Sequence[_Outgoing]:
        """Lease what is due and look at each wait again: what is moot or held doesn't leave."""
        outgoing: list[_Outgoing] = []
        for due in tx.claim_due(now, limit=TOGETHER, lease=LEASE):
            wait = self._engine.wait(tx, due.wait)
            if wait is None:
                tx.mark_moot(due, reason="its wait is gone")
                continue
            rules = self._engine.rules_of(wait.channel)
            verdict = ladder.review(wait, rules, self._engine.team, self._quiet, step=due.step, now=now, sent_since=tx.sent_since)
            if isinstance(verdict, ladder.Moot):
                tx.mark_moot(due, reason=verdict.reason)
            elif isinstance(verdict, ladder.Skip):
                tx.mark_moot(due, reason=verdict.reason)
                self._next_rung(tx, due, now)
            elif isinstance(verdict, ladder.Later):
                tx.mark_again(due, due_at=verdict.at)
            else:
                outgoing.append(_Outgoing(due=due, wait=wait, to=verdict.to))
        return outgoing

    async def _deliver(self, courier: Courier, item: _Outgoing, now: Instant) -> int:
        due = item.due
        try:
            ref = await courier.remind(item.wait, to=item.to, step=due.step, key=due.key)
        except RetryLater as error:
            return await self._try_again(item, now, after=error.after, why=str(error))
        except DeliveryError as error:
            reason = str(error)
            log.error("reminder_dead", say="A reminder can't be delivered and was given up.", wait=due.wait, reason=reason)
            await self._engine.transact(self._store, lambda tx: tx.mark_dead(due, reason=reason))
            return 0
        await self._engine.transact(self._store, lambda tx: self._sent(tx, item, now, ref))
        return 1

    async def _try_again(self, item: _Outgoing, now: Instant, *, after: Seconds, why: str) -> int:
        due = item.due
        if due.attempt >= MOST_ATTEMPTS:
            await self._engine.transact(
                self._store, lambda tx: tx.mark_dead(due, reason=f"gave up after {due.attempt} attempts: {why}")
            )
            return 0
        pause = max(after, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (due.attempt - 1)))
        log.warning(
            "reminder_delayed", say="A reminder will be tried again after a pause.", wait=due.wait, seconds=pause, reason=why
        )
        await self._engine.transact(self._store, lambda tx: tx.mark_again(due, due_at=now + pause))
        return 0

    def _sent(self, tx: Transaction, item: _Outgoing, now: Instant, ref: str | None) -> None:
        """Record the send and put the next rung on the ladder, in one transaction."""
        tx.mark_sent(item.due, at=now, to=item.to, ref=ref)
        self._next_rung(tx, item.due, now)

    def _next_rung(self, tx: Transaction, due: DueReminder, now: Instant) -> None:
        wait = self._engine.wait(tx, due.wait)
        if wait is not None and wait.open:
            writes = ladder.schedule(wait, self._engine.rules_of(wait.channel), step=due.step + 1, now=now)
            self._engine.apply(tx, wait.channel, tuple(writes))
