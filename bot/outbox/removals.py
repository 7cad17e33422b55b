"""Posts of ours that somebody can read who isn't on the team are removed: at once when that is told, and found by looking.

A channel is shared, made public or joined by somebody from outside, a member is one no longer: whatever was posted there until
then goes, reminders, digests and previews alike. Each place is looked at in its own queue, so behind whatever was on its way
there; what is to be removed stands in the database until it is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.domain.durations import DAY, HOUR, Instant, Seconds
from bot.domain.outgoing import Address, DueRemoval
from bot.engine.engine import Engine
from bot.errors import AccessLost, DeliveryError, Gone, RetryLater, described
from bot.outbox.address_queues import PATIENCE, ReaderCheck, Sender
from bot.ports import OutboxTransaction
from bot.waits import ladder

TOGETHER = 20
"""Posts removed in one go at most. Slack takes fifty a minute (chat.delete, tier 3), and other messages want to leave, too."""

REST: Seconds = 25
"""Until the next ones' turn."""

LEASE: Seconds = 60
"""How long a removal is ours: longer than TOGETHER of them take in one queue."""

SHORTEST_PAUSE: Seconds = 5
"""What couldn't be asked or done is tried again after this long, or when the platform says, for as long as it takes."""

UNKNOWN_PAUSE: Seconds = 600
"""Where it can't be told who reads a place, it is looked at again after this long: nothing new is posted there meanwhile."""

REFUSED_PAUSE: Seconds = HOUR
"""Where the platform refuses for good (the channel is archived, or we were taken out of it), somebody may mend that: it is tried
again after this long, and ever more rarely, up to once in LONGEST_PAUSE."""

LONGEST_PAUSE: Seconds = DAY
"""A place that was gone for this long is left alone until the next start, or until who reads it changes."""

log = structlog.get_logger()

Settle = Callable[[Callable[[OutboxTransaction], None]], Awaitable[None]]
"""Commit what became of something, and look again when something falls due by it."""

Lost = Callable[[str, AccessLost], None]


class Removals:
    """Finds and removes. What is to be looked at is kept in memory alone: a start looks at everything."""

    def __init__(self, engine: Engine, *, wake: Callable[[], None]) -> None:
        """`wake` is called when a place is to be looked at again later."""
        self._engine = engine
        self._wake = wake
        self._look_at: dict[Address, Instant] = {}
        self._everywhere = False
        self._refused_since: dict[Address, Instant] = {}

    def look(self, address: Address | None = None) -> None:
        """Who reads this place may be others than before; None: any place."""
        if address is None:
            self._everywhere = True
        else:
            self._look_at[address] = 0.0

    @property
    def next_look(self) -> Instant | None:
        """When a place is to be looked at next; None when there is none."""
        return 0.0 if self._everywhere else min(list(self._look_at.values()), default=None)

    def claim(self, tx: OutboxTransaction, now: Instant) -> list[ReaderCheck | DueRemoval]:
        """What is to be looked at, and what is to be removed, now. Runs on the storage thread."""
        if self._everywhere:
            self._everywhere = False
            for address in tx.places():
                self._look_at[address] = 0.0
        due = [address for address, at in list(self._look_at.items()) if at <= now]
        for address in due:
            self._look_at.pop(address, None)
        checks = [ReaderCheck(address=address) for address in due if tx.has_posts(address)]
        return [*checks, *tx.claim_removals(now, limit=TOGETHER, lease=LEASE, rest=REST)]

    async def perform(self, sender: Sender, job: ReaderCheck | DueRemoval, settle: Settle, lost: Lost) -> None:
        """Do one job of a queue."""
        if isinstance(job, ReaderCheck):
            await self._look(sender, job.address, settle, lost)
        else:
            await self._remove(sender, job, settle, lost)

    async def _look(self, sender: Sender, address: Address, settle: Settle, lost: Lost) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                exposed = await sender.guard.is_exposed(address)
        except (RetryLater, TimeoutError) as error:
            after = error.after if isinstance(error, RetryLater) else 0.0
            self._look_later(address, sender.clock.now() + max(after, SHORTEST_PAUSE))
            return
        except AccessLost as error:
            lost(address.platform, error)
            return
        except DeliveryError as error:  # archived, or we aren't in it: an event tells when that changes
            say = "It couldn't be found out who reads a place in which there are posts of ours."
            log.warning("readers_unknown", say=say, place=address.id, reason=str(error))
            return
        if exposed is None:
            self._look_later(address, sender.clock.now() + UNKNOWN_PAUSE)
        elif exposed:
            now = sender.clock.now()
            await settle(lambda tx: self._put_down(tx, address, now))

    def _look_later(self, address: Address, at: Instant) -> None:
        self._look_at.setdefault(address, at)
        self._wake()

    def _put_down(self, tx: OutboxTransaction, address: Address, now: Instant) -> None:
        self._refused_since.pop(address, None)
        posts = tx.remove_posts(address, due_at=now)
        if posts:
            log.warning(
                "posts_exposed",
                say="Somebody who isn't on the team can read what was posted there for the team: it is removed now.",
                kind=address.kind,
                place=address.id,
                posts=posts,
            )

    async def _remove(self, sender: Sender, removal: DueRemoval, settle: Settle, lost: Lost) -> None:
        address, limits = removal.address, sender.limits
        pause, given_up = limits.wait(address), False
        if pause <= LEASE / 2:
            await limits.turn(address)
            try:
                async with asyncio.timeout(PATIENCE):
                    await sender.guard.remove(address, removal.ref)
            except AccessLost as error:
                pause = LEASE
                lost(address.platform, error)
            except (RetryLater, TimeoutError) as error:
                pause = max(error.after if isinstance(error, RetryLater) else 0.0, SHORTEST_PAUSE)
                limits.pause(address, pause)
            except DeliveryError as error:
                self._tell(sender, removal, str(error))
                refused = sender.clock.now() - self._refused_since[address]
                given_up = isinstance(error, Gone) and refused >= LONGEST_PAUSE
                pause = min(max(refused, REFUSED_PAUSE), LONGEST_PAUSE)
            except Exception as error:  # a mistake of an adapter's must not leave the post there for good
                pause = LEASE
                self._tell(sender, removal, described(error))
            else:
                self._refused_since.pop(address, None)
                at = sender.clock.now()
                await settle(lambda tx: self._done(tx, removal, at))
                return
        again = None if given_up else sender.clock.now() + pause
        await settle(lambda tx: tx.remove_again(removal, due_at=again))

    def _tell(self, sender: Sender, removal: DueRemoval, why: str) -> None:
        """Once for each place: there may be hundreds of posts in it."""
        address = removal.address
        if address not in self._refused_since:
            self._refused_since[address] = sender.clock.now()
            say = (
                "A post that somebody outside the team can read couldn't be removed; it is tried again, ever more rarely. Do "
                "what the reason says, or delete the bot's posts there by hand."
            )
            log.error("post_not_removed", say=say, kind=address.kind, place=address.id, post=removal.ref, reason=why)

    def _done(self, tx: OutboxTransaction, removal: DueRemoval, at: Instant) -> None:
        """Who still waits and was told of there alone is reminded of again, where that may be; the next rung comes after that."""
        for wait_id, step in tx.mark_removed(removal, at=at):
            wait, pending = self._engine.wait(tx, wait_id), tx.pending(wait_id)
            if wait is not None and wait.open and (pending is None or pending.step > step):
                writes = ladder.schedule(wait, self._engine.rules_of(wait.channel), step=step, now=at)
                self._engine.apply(tx, wait.channel, tuple(writes))
