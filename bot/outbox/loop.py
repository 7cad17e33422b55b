"""The due loop: what has fallen due is looked at again, sent, and followed by the next rung.

`step(now)` is a plain function of the instant: replay and tests call it themselves, live a task calls it (see `run`).

A row is leased and its destination noted in one transaction; it is sent outside any; and it is settled as soon as it left. If the
process dies in between, the lease runs out, and the platform is asked whether the message is there before it is sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import structlog

from bot.domain.durations import HOUR, Instant, Seconds
from bot.domain.marks import dm_closed
from bot.domain.outgoing import Address, Due, DueNotice, DueReminder, DueRemoval, DueUpdate, Paused
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.writes import NoticeSubject
from bot.engine.engine import Engine
from bot.errors import AccessLost, DeliveryError, DirectMessagesClosed, Gone, OutOfReach, ReadByOthers, Rejected, RetryLater
from bot.outbox.address_queues import (
    NEVER,
    AddressQueues,
    Delivery,
    InDoubt,
    Job,
    OutgoingMessage,
    ReaderCheck,
    ResultCommits,
    Sender,
)
from bot.outbox.compose import Composer
from bot.outbox.held_back import HeldBack
from bot.outbox.last_look import LastLook
from bot.outbox.outages import Outages
from bot.outbox.removals import Removals
from bot.outbox.results import Results, unexpected
from bot.ports import HISTORY_LAG, Clock, OutboxTransaction, Store
from bot.waits.availability import QuietRules

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

SET_BACK: Seconds = 5
"""A clock that goes back further than this was set; less is what a time server does to keep it right."""

LONGEST_DOUBT: Seconds = HOUR
"""After our clock was set back, a message is looked for from this long ago: when it left isn't known any better."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What a step did: how many reminders left, and when to look again (None: nothing is pending)."""

    sent: int
    next_due: Instant | None


AFTER_LOSS: Seconds = 60
"""A message for a platform that threw us out is looked at again after this long: by then we are back there, or have left it for
another."""


def _raise(platform: str, error: AccessLost) -> None:
    raise error


class OutboxLoop:
    """Performs what is due through a sender. Without one nothing leaves: reminders are only noted as sent, which is what
    replay needs, and happens in a single transaction. The same while `speaks` says no, but for `sent_before_activation`: notices
    that go out all the same; and but for what posts say that are there, while `edits` says yes."""

    def __init__(
        self,
        engine: Engine,
        store: Store,
        sender: Sender | None,
        *,
        quiet: QuietRules,
        lease: Seconds = LEASE,
        change_over: Callable[[OutboxTransaction, Instant], Instant | None] = lambda _tx, _now: None,
        speaks: Callable[[], bool] = lambda: True,
        edits: Callable[[], bool] = lambda: False,
        sent_before_activation: frozenset[NoticeSubject] = frozenset(),
    ) -> None:
        self._engine = engine
        self._store = store
        self._sender = sender
        self._lease = lease
        self._change_over = change_over
        self._speaks = speaks
        self._edits = edits
        self._sent_before_activation = sent_before_activation
        self.on_lost: Callable[[str, AccessLost], None] = _raise
        """Told which platform threw us out when a message was to leave there. By itself that ends the loop."""
        self._held = HeldBack(None if sender is None else sender.clock)
        self._overdue_until: Instant = NEVER
        self._results = Results(engine)
        self._outages = Outages()
        self._latest: Instant = NEVER
        self._last_look = LastLook(engine, self._results, quiet)
        self._composer = Composer(engine, self._results, self._last_look)
        self._removals = Removals(engine, wake=self.poke)
        self._commits = ResultCommits(lambda work: self._engine.transact(self._store, work))
        self._poke = asyncio.Event()
        self._stopping = asyncio.Event()
        self._asleep_until: Instant | None = None
        self.sent = 0
        """Reminders that left since the start."""

    def poke(self) -> None:
        """Something falls due earlier than was known: look again."""
        self._poke.set()

    def look(self, address: Address | None = None) -> None:
        """Who reads a place (None: any) may be others than before: where somebody does who isn't on the team, what was posted
        there is removed. A place that goes by another id now is looked at under that."""
        self._removals.look(None if address is None else self._engine.moves.address(address))
        self.poke()

    def stop(self) -> None:
        """Have `run` return once what is on its way has arrived and is settled. What still waits for its channel's turn goes back
        to the database, to leave after the next start."""
        self._stopping.set()
        self._poke.set()

    def hold(self, platform: str, channels: frozenset[str] | None) -> None:
        """Claim nothing that is about these channels of a platform (None: about any, nor updates of posts there), until told
        otherwise: an answer may have been missed there that isn't read back yet. Digests tell of waits on all platforms, and
        wait a while, too."""
        if self._held.hold(platform, channels):
            self.poke()  # something was let go

    def held_since(self, until: Instant) -> dict[str, Instant]:
        """The channels about which nothing leaves since that instant or longer, with since when, longest first."""
        return self._held.since(until)

    def leave(self, platform: str) -> None:
        """We aren't on a platform any more: what is about it stays for when we are again. Digests don't wait for that."""
        self._held.leave(platform)
        if self._sender is not None:
            self._sender.destination.left.add(platform)
        self.poke()

    def overdue(self, until: Instant) -> None:
        """What fell due by then and hasn't left was missed while nobody was here: it leaves as one message for its channel."""
        self._overdue_until = until

    async def step(self, now: Instant) -> StepResult:
        """Deal with everything due at `now` (at most TOGETHER rows; `next_due` tells whether there is more)."""
        sender = self._sender
        if sender is None:
            return await self._engine.transact(self._store, lambda tx: self.note(tx, now))
        before = self.sent
        await self._mind_the_clock(now)
        async with AddressQueues(lambda queues, delivery, first: self._perform(sender, queues, delivery, first)) as queues:
            await self._claim_into(sender, queues, now)
        next_due = await self._engine.transact(self._store, lambda tx: tx.next_due())
        return StepResult(sent=self.sent - before, next_due=_sooner(next_due, self._removals.next_look))

    def note(self, tx: OutboxTransaction, now: Instant) -> StepResult:
        """`step` inside a transaction, for when there is no sender: what would leave at `now` is recorded as having left."""
        sent = self._note(tx, tx.claim_due(now, limit=TOGETHER, lease=self._lease), now)
        return StepResult(sent=sent, next_due=tx.next_due())

    def _note(self, tx: OutboxTransaction, dues: Iterable[Due], now: Instant) -> int:
        return self._results.noted(tx, self._last_look.review(tx, dues, now, merging=False), now)

    async def run(self, clock: Clock) -> None:
        """Deal with everything that falls due until `stop`, sleeping until the next row, lease or poke. Raises what makes the
        database fail; cancelling it leaves what was on its way to be looked for at the next start."""
        sender = self._sender
        if sender is None:
            raise RuntimeError("without a sender there is nothing to run: call `step`")
        await self.try_again(clock.now())
        async with AddressQueues(lambda queues, delivery, first: self._perform(sender, queues, delivery, first)) as queues:
            while not self._stopping.is_set():
                # Cleared before reading, so that a poke that comes while we read isn't lost.
                self._poke.clear()
                await self._mind_the_clock(clock.now())
                next_due = await self._claim_into(sender, queues, clock.now())
                await queues.room(IN_FLIGHT)
                pause = LONGEST_SLEEP if next_due is None else min(LONGEST_SLEEP, next_due - clock.now())
                if pause > 0:
                    await self._rest(sender, clock.now() + pause, pause)

    async def try_again(self, now: Instant, places: Collection[Address] | None = None) -> None:
        """Have everything that failed or was given up, and whose customer still waits, tried at once: it may arrive by now. Posts
        that couldn't be brought up to date are, those at these places (None: anywhere)."""
        self._outages.try_now()

        def wake(tx: OutboxTransaction) -> None:
            tx.wake(now, given_up=True)
            tx.update_given_up(due_at=now, places=places)

        await self._engine.transact(self._store, wake)
        self._poke.set()

    async def _mind_the_clock(self, now: Instant) -> None:
        """A clock that was set back makes the instants to which rows were put off far away: they are tried now."""
        latest, self._latest = self._latest, now
        if now >= latest - SET_BACK:
            return
        log.warning(
            "clock_set_back",
            say="This machine's clock was set back. What falls due by the old time waits for the new one to get there; what was "
            "only put off is tried now.",
            seconds=round(latest - now),
        )
        self._outages.forget()
        self._removals.look()
        in_doubt = self._outages.take_in_doubt()

        def wake(tx: OutboxTransaction) -> None:
            tx.wake(now, given_up=False)
            for due in in_doubt:
                tx.renew(due, until=now + HISTORY_LAG)

        await self._engine.transact(self._store, wake)

    async def _rest(self, sender: Sender, until: Instant, pause: Seconds) -> None:
        self._asleep_until = until
        sleeping = asyncio.ensure_future(sender.sleep(pause))
        poked = asyncio.ensure_future(self._poke.wait())
        try:
            await asyncio.wait((sleeping, poked), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            poked.cancel()
            self._asleep_until = None

    async def _claim_into(self, sender: Sender, queues: AddressQueues, now: Instant) -> Instant | None:
        """Claim what is due and put it on its way. Gives when to look again."""

        def claim(tx: OutboxTransaction) -> tuple[list[Job], Instant | None]:
            changes_at = self._change_over(tx, now)  # whoever is on duty from now on is asked
            paused = self._held.paused(now)
            # What is to be removed waits for nothing that is read back.
            jobs: list[Job] = [*self._removals.claim(tx, now), *self._claim(sender, tx, now, paused)]
            notices = self._held.notices_until if paused.notices else None
            return jobs, _sooner(tx.next_due(paused), self._removals.next_look, notices, changes_at)

        jobs, next_due = await self._engine.transact(self._store, claim)
        for job in jobs:
            queues.put(job)
        return next_due

    def _claim(self, sender: Sender, tx: OutboxTransaction, now: Instant, paused: Paused) -> list[Delivery]:
        fresh: list[Due] = []
        in_doubts: dict[tuple[Address, str], list[Due]] = {}
        for due in tx.claim_due(now, limit=TOGETHER, lease=self._lease, paused=paused):
            if due.left is None:
                fresh.append(due)
            elif sender.guard.can_find(due.left.address) and due.left.at <= now < due.left.at + HISTORY_LAG:
                tx.mark_again(due, due_at=due.left.at + HISTORY_LAG, uncertain=True)
            elif sender.guard.can_find(due.left.address):
                in_doubts.setdefault((due.left.address, due.left.key), []).append(due)
            else:
                self._results.fail(tx, (due,), now, Reason(code=ReasonCode.UNREADABLE))
        if not self._speaks():
            leaving = [due for due in fresh if self._leaves_all_the_same(due)]
            self._note(tx, [due for due in fresh if due not in leaving], now)
            fresh = leaving
        # What is in doubt comes first: what of it never arrived leaves together with what is due there now.
        deliveries: list[Delivery] = []
        for (address, key), dues in in_doubts.items():
            left_at = min(due.left.at for due in dues if due.left is not None)
            since = left_at - CLOCKS_DIFFER if left_at <= now else now - LONGEST_DOUBT
            below = next((due.left.under for due in dues if due.left is not None and due.left.under is not None), None)
            post = None if below is None else tx.post(below)
            under = None if post is None else post.ref
            deliveries.append(InDoubt(address=address, key=key, since=since, dues=tuple(dues), at=now, under=under))
        more = any(isinstance(due, DueReminder) for due in fresh)
        given_up = tx.claim_given_up(now, lease=self._lease, paused=paused) if more else ()
        return deliveries + self._compose(sender, tx, fresh, now, given_up=given_up)

    def _compose(
        self, sender: Sender, tx: OutboxTransaction, dues: Iterable[Due], now: Instant, *, given_up: Iterable[Due] = ()
    ) -> list[OutgoingMessage]:
        until, alone = self._overdue_until, self._outages.alone
        return self._composer.compose(sender, tx, dues, now, overdue_until=until, given_up=given_up, alone=alone)

    def _leaves_all_the_same(self, due: Due) -> bool:
        """Whether a row leaves while nothing else does."""
        if isinstance(due, DueUpdate):
            return self._edits()
        return isinstance(due, DueNotice) and due.subject in self._sent_before_activation

    async def _perform(self, sender: Sender, queues: AddressQueues, delivery: Job, first: bool) -> None:
        """Do one job of a queue: find out what became of it, wait for the channel's turn, look again if that took time, send."""
        if isinstance(delivery, ReaderCheck | DueRemoval):
            if not self._stopping.is_set():  # the next start looks at every place
                await self._removals.perform(sender, delivery, self._settle, self.on_lost)
            return
        if self._stopping.is_set():
            await self._give_back(delivery)
            return
        dues = delivery.dues
        if isinstance(delivery, InDoubt):
            in_doubts = [delivery, *queues.take_in_doubt(delivery.address)]
            dues = tuple([due for one in in_doubts for due in await self._reconcile(sender, one)])
            if not dues:
                return
        held_up = self._outages.wait(delivery, _now(sender, delivery))
        pause = sender.limits.wait(delivery.address)
        if held_up > 0 or pause > LONGEST_STAY:
            again = _now(sender, delivery) + max(held_up, pause)
            await self._settle(lambda tx: self._put_off(tx, dues, again, failed=True))
            return
        waited = await (self._turn(sender, delivery.address) if pause else sender.limits.turn(delivery.address))
        if waited is None:
            await self._give_back(delivery)
            return
        now = _now(sender, delivery)
        if isinstance(delivery, OutgoingMessage) and first and not waited and now - delivery.at < self._lease / 2:
            await self._send(sender, delivery)
            return

        # What queued up behind it may have become one message with it.
        along = queues.take(delivery.address) if isinstance(delivery, InDoubt) or delivery.ref is None else []
        dues = (*dues, *(due for outgoing in along for due in outgoing.dues))

        def look_again(tx: OutboxTransaction) -> list[OutgoingMessage]:
            return self._compose(sender, tx, [due for due in dues if tx.renew(due, until=now + self._lease)], now)

        here = True
        for outgoing in await self._engine.transact(self._store, look_again):
            if here and outgoing.address == delivery.address:
                here = False
                await self._send(sender, outgoing)
            else:
                queues.put(outgoing)

    async def _turn(self, sender: Sender, address: Address) -> bool | None:
        """Wait until an address takes a message; None when we are to stop before that."""
        turn, stopping = asyncio.ensure_future(sender.limits.turn(address)), asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait((turn, stopping), return_when=asyncio.FIRST_COMPLETED)
            return turn.result() if turn.done() else None
        finally:
            turn.cancel()
            stopping.cancel()

    async def _give_back(self, delivery: Delivery) -> None:
        """What didn't leave in time is due as before. What is in doubt keeps its lease, and is looked for by the next start."""
        if isinstance(delivery, OutgoingMessage):
            await self._settle(lambda tx: self._put_off(tx, delivery.dues, None))

    def _put_off(
        self, tx: OutboxTransaction, dues: Sequence[Due], until: Instant | None, *, failed: bool = False, uncertain: bool = False
    ) -> None:
        """Back to the database until then; None: due as it was."""
        for due in dues:
            tx.mark_again(due, due_at=due.due_at if until is None else until, failed=failed, uncertain=uncertain)

    def _direct_closed(self, tx: OutboxTransaction, outgoing: OutgoingMessage, now: Instant) -> None:
        """Somebody who asked for direct messages takes none from us. From now on what is for them goes where it goes without, and
        their own list says why, until they ask for them anew."""
        address = outgoing.address
        tx.put_mark(dm_closed(address.platform, address.id), now)
        say = "A member asked for direct messages and takes none: theirs go to the team's channel, and their list says so."
        log.warning("direct_messages_closed", say=say, platform=address.platform, person=address.id)
        self._put_off(tx, outgoing.dues, now)

    async def _retry(self, delivery: Delivery, now: Instant, error: RetryLater) -> None:
        """A message failed, or it couldn't be asked whether it is there."""
        next_try = self._outages.failed(delivery, now, error)
        if error.uncertain and next_try.given_up is None:
            self._outages.keep_in_doubt(delivery.address, delivery.dues)
        await self._settle(lambda tx: self._results.retry(tx, delivery.dues, now, error, next_try))

    async def _reconcile(self, sender: Sender, in_doubt: InDoubt) -> Sequence[Due]:
        """Ask the platform whether a message is there. Gives the rows that surely never arrived; the others are settled (for
        now)."""
        results, now = self._results, _now(sender, in_doubt)
        held_up = self._outages.wait(in_doubt, now)
        if held_up > 0:
            self._outages.keep_in_doubt(in_doubt.address, in_doubt.dues)
            await self._settle(lambda tx: self._put_off(tx, in_doubt.dues, now + held_up, uncertain=True))
            return ()
        try:
            ref = await sender.find(in_doubt)
        except RetryLater as error:
            await self._retry(in_doubt, now, RetryLater(str(error), after=error.after, uncertain=True))
            return ()
        except AccessLost as error:
            # Still in doubt: it keeps its lease, and is looked for when that has ended and we are let in again.
            self.on_lost(in_doubt.address.platform, error)
            return ()
        except DeliveryError as error:
            reason = Reason(code=ReasonCode.IN_DOUBT, about=(str(error),))
            await self._settle(lambda tx: results.fail(tx, in_doubt.dues, now, reason))
            return ()
        except Exception as error:  # whether it is there nobody knows; the others go on
            await self._retry(in_doubt, now, unexpected(error))
            return ()
        if ref is None:
            return in_doubt.dues
        await self._settle(lambda tx: results.found(tx, in_doubt, ref, now))
        self.look(in_doubt.address)  # it may have been taken when others could read it there already
        self.sent += sum(isinstance(due, DueReminder) for due in in_doubt.dues)
        return ()

    async def _send(self, sender: Sender, outgoing: OutgoingMessage) -> None:
        """Send one message and settle its rows."""
        results, changes = self._results, sender.guard.changes
        try:
            ref = await sender.send(outgoing)
        except AccessLost as error:
            # Not this message's fault: it stays as it was, for when we are let in again, or for another platform.
            again = _now(sender, outgoing) + AFTER_LOSS
            await self._settle(lambda tx: self._put_off(tx, outgoing.dues, again))
            self.on_lost(outgoing.address.platform, error)
        except RetryLater as error:
            sender.limits.pause(outgoing.address, error.after)
            await self._retry(outgoing, _now(sender, outgoing), error)
        except DeliveryError as error:
            reason, now = Reason(code=ReasonCode.REFUSED, about=(str(error),)), _now(sender, outgoing)
            if outgoing.ref is not None and isinstance(error, Gone) and not isinstance(error, OutOfReach):
                await self._settle(lambda tx: results.update_deleted(tx, outgoing, now))
            elif outgoing.under is not None and isinstance(error, Gone):
                await self._settle(lambda tx: results.below_deleted(tx, outgoing, now))
            elif isinstance(error, ReadByOthers) and outgoing.ref is not None:
                await self._settle(lambda tx: self._moot(tx, outgoing, ReasonCode.POST_REMOVED))
            elif isinstance(error, DirectMessagesClosed) and outgoing.ref is None:
                await self._settle(lambda tx: self._direct_closed(tx, outgoing, now))
            elif isinstance(error, Rejected) and len(outgoing.dues) > 1:
                self._outages.refused_together(outgoing.dues)
                await self._settle(lambda tx: self._put_off(tx, outgoing.dues, now))
            elif isinstance(error, ReadByOthers) and error.lately and not any(due.failures for due in outgoing.dues):
                # Whom it was for is off the team. Once that is known here, it goes to whoever is asked instead.
                await self._settle(lambda tx: self._put_off(tx, outgoing.dues, now + AFTER_LOSS, failed=True))
            else:
                exposed = isinstance(error, ReadByOthers)
                await self._settle(lambda tx: results.fail(tx, outgoing.dues, now, reason, refused=True, exposed=exposed))
            if isinstance(error, ReadByOthers):
                self.look(outgoing.address)
        except Exception as error:  # whether the message arrived nobody knows; the others go on
            await self._retry(outgoing, _now(sender, outgoing), unexpected(error))
        else:
            at = _now(sender, outgoing)
            await self._settle(lambda tx: results.delivered(tx, outgoing, ref, at))
            if sender.guard.changes != changes:  # a look that came meanwhile found no post yet, or not under this address
                self.look(outgoing.address)
            self.sent += sum(isinstance(due, DueReminder) for due in outgoing.dues)
            if self._outages.arrived(outgoing, at):
                in_doubt = self._outages.take_in_doubt(outgoing.address.platform)
                await self._settle(lambda tx: self._wake(tx, in_doubt, at))

    def _wake(self, tx: OutboxTransaction, in_doubt: Sequence[Due], now: Instant) -> None:
        """Something got through again: what waits for that is tried now."""
        tx.wake(now, given_up=False)
        for due in in_doubt:
            tx.renew(due, until=now)

    def _moot(self, tx: OutboxTransaction, outgoing: OutgoingMessage, code: ReasonCode) -> None:
        for due in outgoing.dues:
            tx.mark_moot(due, reason=Reason(code=code))

    async def _settle(self, work: Callable[[OutboxTransaction], None]) -> None:
        """Commit what became of a message, and wake the loop if something falls due before it meant to look again."""
        next_due = await self._commits.settle(work)
        if next_due is not None and (self._asleep_until is None or next_due < self._asleep_until):
            self._poke.set()


def _sooner(*instants: Instant | None) -> Instant | None:
    return min((at for at in instants if at is not None), default=None)


def _now(sender: Sender, delivery: Delivery) -> Instant:
    """The time, which is never before the step a job came from; unless the clock was set back meanwhile."""
    now = sender.clock.now()
    return max(delivery.at, now) if delivery.at - now <= SET_BACK else now
