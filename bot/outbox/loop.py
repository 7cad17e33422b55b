"""The due loop: what has fallen due is looked at again, sent, and followed by the next rung.

`step(now)` is a plain function of the instant: replay and tests call it themselves, live a task calls it (see `run`).

A row is leased and its destination noted in one transaction; it is sent outside any; and it is settled as soon as it left. If the
process dies in between, the lease runs out, and the platform is asked whether the message is there before it is sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from bot.domain.durations import Instant, Seconds
from bot.domain.outgoing import Address, Due, DueNotice, DueReminder
from bot.engine.engine import Engine
from bot.errors import AccessLost, DeliveryError, Gone, RetryLater
from bot.outbox.address_queues import NEVER, AddressQueues, Delivery, InDoubt, OutgoingMessage, ResultCommits, Sender
from bot.outbox.compose import Composer
from bot.outbox.results import Results
from bot.ports import Clock, Store, Transaction
from bot.waits import ladder

TOGETHER = 100
"""Rows claimed in one go: enough to share a transaction, few enough that it takes a few milliseconds."""

IN_FLIGHT = 300
"""Messages on their way at once. More are left where another look at their wait is still to come."""

LEASE: Seconds = 60
"""How long a claimed row is ours. A crash in between gives it back after this long."""

LONGEST_SLEEP: Seconds = 60
"""The loop looks at the database at least this often, whatever it believes is next."""

LONGEST_STAY: Seconds = 10
"""What would wait longer for its channel's turn goes back to the database and is looked at again then."""

CLOCKS_DIFFER: Seconds = 60
"""A message is looked for from this much before it left: the platform's clock isn't ours."""

SHOWN_BY: Seconds = 5
"""A platform's history may show a message only some seconds after it was taken. One that was sent more recently isn't looked for
yet: not found would be taken for not sent, and it would be doubled."""

UNREADABLE = "it may have arrived, and what was sent there can't be read back: it isn't sent twice"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What a step did: how many reminders left, and when to look again (None: nothing is pending)."""

    sent: int
    next_due: Instant | None


class OutboxLoop:
    """Performs what is due through an outlet. Without one nothing leaves: reminders are only noted as sent, which is what
    replay needs, and happens in a single transaction. The same while `speaks` says no, but for `aloud`: notices that go out
    all the same."""

    def __init__(
        self,
        engine: Engine,
        store: Store,
        outlet: Sender | None,
        *,
        quiet: ladder.QuietRules,
        lease: Seconds = LEASE,
        speaks: Callable[[], bool] = lambda: True,
        aloud: frozenset[str] = frozenset(),
    ) -> None:
        self._engine = engine
        self._store = store
        self._outlet = outlet
        self._lease = lease
        self._speaks = speaks
        self._aloud = aloud
        self._still = 0
        self._missed_until: Instant = NEVER
        self._settling = Results(engine)
        self._packing = Composer(engine, self._settling, quiet)
        self._commits = ResultCommits(lambda work: self._engine.transact(self._store, work))
        self._poke = asyncio.Event()
        self._stopping = False
        self._asleep_until: Instant | None = None
        self.sent = 0
        """Reminders that left since the start."""

    def poke(self) -> None:
        """Something falls due earlier than was known: look again."""
        self._poke.set()

    def stop(self) -> None:
        """Have `run` return once what is on its way has arrived and is settled."""
        self._stopping = True
        self._poke.set()

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nothing is claimed while the block runs: what was missed is being read back, and may make a reminder moot."""
        self._still += 1
        try:
            yield
        finally:
            self._still -= 1
            self.poke()

    def missed(self, until: Instant) -> None:
        """What fell due by then and hasn't left was missed while nobody was here: it leaves as one message for its channel."""
        self._missed_until = until

    async def step(self, now: Instant) -> StepResult:
        """Deal with everything due at `now` (at most TOGETHER rows; `next_due` tells whether there is more)."""
        outlet = self._outlet
        if outlet is None:
            return await self._engine.transact(self._store, lambda tx: self.note(tx, now))
        before = self.sent
        async with AddressQueues(lambda lanes, job, first: self._perform(outlet, lanes, job, first)) as lanes:
            await self._claim_into(outlet, lanes, now)
        next_due = await self._engine.transact(self._store, lambda tx: tx.next_due())
        return StepResult(sent=self.sent - before, next_due=next_due)

    def note(self, tx: Transaction, now: Instant) -> StepResult:
        """`step` inside a transaction, for when there is no outlet: what would leave at `now` is recorded as having left."""
        sent = self._note(tx, tx.claim_due(now, limit=TOGETHER, lease=self._lease), now)
        return StepResult(sent=sent, next_due=tx.next_due())

    def _note(self, tx: Transaction, dues: Iterable[Due], now: Instant) -> int:
        sent = 0
        for row in self._packing.review(tx, dues, now, merging=False):
            if isinstance(row.due, DueReminder):
                tx.mark_sent(row.due, at=now, to=row.to)
                self._settling.next_rung(tx, row.due, now, left=True)
                sent += 1
            else:
                tx.mark_moot(row.due, reason="nothing is posted here")
        return sent

    async def run(self, clock: Clock) -> None:
        """Deal with everything that falls due until `stop`, sleeping until the next row, lease or poke. Raises what makes the
        database fail; cancelling it leaves what was on its way to be looked for at the next start."""
        outlet = self._outlet
        if outlet is None:
            raise RuntimeError("without an outlet there is nothing to run: call `step`")
        async with AddressQueues(lambda lanes, job, first: self._perform(outlet, lanes, job, first)) as lanes:
            while not self._stopping:
                # Cleared before reading, so that a poke that comes while we read isn't lost.
                self._poke.clear()
                next_due = None if self._still else await self._claim_into(outlet, lanes, clock.now())
                await lanes.room(IN_FLIGHT)
                pause = LONGEST_SLEEP if next_due is None else min(LONGEST_SLEEP, next_due - clock.now())
                if pause > 0:
                    await self._rest(outlet, clock.now() + pause, pause)

    async def _rest(self, outlet: Sender, until: Instant, pause: Seconds) -> None:
        self._asleep_until = until
        sleeping = asyncio.ensure_future(outlet.sleep(pause))
        poked = asyncio.ensure_future(self._poke.wait())
        try:
            await asyncio.wait((sleeping, poked), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            poked.cancel()
            self._asleep_until = None

    async def _claim_into(self, outlet: Sender, lanes: AddressQueues, now: Instant) -> Instant | None:
        """Claim what is due and put it on its way. Gives when to look again."""

        def claim(tx: Transaction) -> tuple[list[Delivery], Instant | None]:
            return ([], None) if self._still else (self._claim(outlet, tx, now), tx.next_due())

        jobs, next_due = await self._engine.transact(self._store, claim)
        for job in jobs:
            lanes.put(job)
        return next_due

    def _claim(self, outlet: Sender, tx: Transaction, now: Instant) -> list[Delivery]:
        fresh: list[Due] = []
        doubts: dict[tuple[Address, str], list[Due]] = {}
        for due in tx.claim_due(now, limit=TOGETHER, lease=self._lease):
            if due.left is None:
                fresh.append(due)
            elif outlet.guard.can_find(due.left.address) and now < due.left.at + SHOWN_BY:
                tx.mark_again(due, due_at=due.left.at + SHOWN_BY, uncertain=True)
            elif outlet.guard.can_find(due.left.address):
                doubts.setdefault((due.left.address, due.left.key), []).append(due)
            else:
                self._settling.bury(tx, (due,), now, UNREADABLE)
        if not self._speaks():
            self._note(tx, [due for due in fresh if not self._is_aloud(due)], now)
            fresh = [due for due in fresh if self._is_aloud(due)]
        jobs: list[Delivery] = [*self._packing.pack(outlet, tx, fresh, now, missed_until=self._missed_until)]
        for (address, key), dues in doubts.items():
            since = min(due.left.at for due in dues if due.left is not None) - CLOCKS_DIFFER
            jobs.append(InDoubt(address=address, key=key, since=since, dues=tuple(dues), at=now))
        return jobs

    def _is_aloud(self, due: Due) -> bool:
        return isinstance(due, DueNotice) and due.subject in self._aloud

    async def _perform(self, outlet: Sender, lanes: AddressQueues, job: Delivery, first: bool) -> None:
        """Do one job of a lane: find out what became of it, wait for the channel's turn, look again if that took time, send."""
        if isinstance(job, InDoubt) and await self._reconcile(outlet, job):
            return
        pause = outlet.limits.wait(job.address)
        if pause > LONGEST_STAY:
            await self._settle(lambda tx: self._put_off(tx, job, _now(outlet, job) + pause))
            return
        waited = await outlet.limits.turn(job.address)
        now = _now(outlet, job)
        if isinstance(job, OutgoingMessage) and first and not waited and now - job.at < self._lease / 2:
            await self._send(outlet, job)
            return

        # What queued up behind it may have become one message with it. What is in doubt goes by itself, as it went before.
        along = lanes.take(job.address) if isinstance(job, OutgoingMessage) and job.ref is None else []
        dues = (*job.dues, *(due for parcel in along for due in parcel.dues))

        def look_again(tx: Transaction) -> list[OutgoingMessage]:
            ours = [due for due in dues if tx.renew(due, until=now + self._lease)]
            return self._packing.pack(outlet, tx, ours, now, missed_until=self._missed_until)

        here = True
        for parcel in await self._engine.transact(self._store, look_again):
            if here and parcel.address == job.address:
                here = False
                await self._send(outlet, parcel)
            else:
                lanes.put(parcel)

    def _put_off(self, tx: Transaction, job: Delivery, until: Instant) -> None:
        for due in job.dues:
            tx.mark_again(due, due_at=until)

    async def _reconcile(self, outlet: Sender, doubt: InDoubt) -> bool:
        """Ask the platform whether a message is there. True when that settles it (for now); False: it never arrived."""
        settling, now = self._settling, _now(outlet, doubt)
        try:
            ref = await outlet.find(doubt.address, doubt.key, doubt.since)
        except RetryLater as error:
            why = RetryLater(str(error), after=error.after, uncertain=True)
            await self._settle(lambda tx: settling.again(tx, doubt.dues, now, why))
            return True
        except AccessLost:
            raise
        except DeliveryError as error:
            reason = f"it may have arrived, and that can't be found out: {error}"
            await self._settle(lambda tx: settling.bury(tx, doubt.dues, now, reason))
            return True
        except Exception as error:  # whether it is there nobody knows; the others go on
            why = _failed(error)
            await self._settle(lambda tx: settling.again(tx, doubt.dues, now, why))
            return True
        if ref is None:
            return False
        await self._settle(lambda tx: settling.found(tx, doubt, ref, now))
        self.sent += sum(isinstance(due, DueReminder) for due in doubt.dues)
        return True

    async def _send(self, outlet: Sender, parcel: OutgoingMessage) -> None:
        """Send one message and settle its rows."""
        settling = self._settling
        try:
            ref = await outlet.send(parcel)
        except AccessLost as error:
            # Not this message's fault: it stays as it was, for when we are let in again.
            why, now = RetryLater(str(error), after=0, uncertain=False), _now(outlet, parcel)
            await self._settle(lambda tx: settling.again(tx, parcel.dues, now, why))
            raise
        except RetryLater as error:
            later, now = error, _now(outlet, parcel)
            outlet.limits.pause(parcel.address, error.after)
            await self._settle(lambda tx: settling.again(tx, parcel.dues, now, later))
        except DeliveryError as error:
            reason, now = str(error), _now(outlet, parcel)
            if parcel.ref is not None and isinstance(error, Gone):
                await self._settle(lambda tx: self._deleted(tx, parcel))
            else:
                await self._settle(lambda tx: settling.bury(tx, parcel.dues, now, reason, refused=True))
        except Exception as error:  # whether the message arrived nobody knows; the others go on
            why, now = _failed(error), _now(outlet, parcel)
            await self._settle(lambda tx: settling.again(tx, parcel.dues, now, why))
        else:
            at = _now(outlet, parcel)
            await self._settle(lambda tx: settling.arrived(tx, parcel, ref, at))
            self.sent += sum(isinstance(due, DueReminder) for due in parcel.dues)

    def _deleted(self, tx: Transaction, parcel: OutgoingMessage) -> None:
        for due in parcel.dues:
            tx.mark_moot(due, reason="its post was deleted")

    async def _settle(self, work: Callable[[Transaction], None]) -> None:
        """Commit what became of a message, and wake the loop if something falls due before it meant to look again."""
        next_due = await self._commits.settle(work)
        if next_due is not None and (self._asleep_until is None or next_due < self._asleep_until):
            self._poke.set()


def _now(outlet: Sender, job: Delivery) -> Instant:
    """The time, which is never before the step a job came from."""
    return max(job.at, outlet.clock.now())


def _failed(error: Exception) -> RetryLater:
    """An exception that no adapter should raise, as what it means: perhaps it arrived, perhaps not."""
    log.error(
        "platform_failed",
        say="A platform failed in an unexpected way, which is a mistake in realreply. The message will be tried again.",
        error=repr(error),
    )
    return RetryLater(f"the platform failed in an unexpected way: {error!r}", after=0)
