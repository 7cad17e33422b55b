"""What recurs: digests planned ahead, what is too old forgotten, the log emptied, copies made, people looked up again.

APScheduler says when; each job is a plain coroutine that can be called by itself. No wait's reminder is ever a job here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.durations import DAY, HOUR, Instant, Seconds
from bot.domain.window import CAPACITY
from bot.engine.engine import Engine
from bot.errors import RealReplyError
from bot.outbox.digests import Digests
from bot.outbox.loop import OutboxLoop
from bot.ports import PART, Clock, Store, UpkeepTransaction

PLANNING: Seconds = HOUR
CHECKPOINT: Seconds = 5 * 60
"""How long a blanked text may be found in the database's log by who reads raw bytes."""

PEOPLE: Seconds = 10 * 60
"""How often members' absences are asked for; platforms tell of changes in between."""

DIRECTORY: Seconds = DAY
"""How often everybody and every channel is asked for anew."""

BEAT: Seconds = 30
"""How often it is noted until when nothing was missed. What a crash costs is reading so much more back."""

CALENDAR: Seconds = 15 * 60
"""How often the team's calendar is read."""

SWEEP: Seconds = 4 * HOUR
"""How often late replies in older threads are looked for, where some may be missing."""

WORDS: Seconds = 10 * 60
"""How often words that are missing are looked for, besides at once: their platform may not have been there."""

EARLY_EDITS: Seconds = HOUR
"""How long an edit that came before its message is kept. A message that comes later still is read back, as it reads by then."""

DELIVERIES: Seconds = 7 * DAY
"""How long a platform's own ids of what it delivered are known. Slack delivers again within minutes, or hourly for a day."""

LONGEST_COPY: Seconds = 30 * DAY
"""How old a copy gets, unless so many are to stay that they reach back further; and one that was made before an upgrade."""

LOST_LOG: Seconds = 7 * DAY
"""How long the log is kept that was found beside a database and isn't its own: there are words in it."""

COPY = "realreply-*.db"
"""Copies by name: the instant they were made at, UTC, so that names sort by age."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept (seconds): what is known of single messages, of waits, and by which keys events are known; and the
    copies: the folder (None: no copies), how often, how many stay."""

    messages: Seconds
    waits: Seconds
    keys: Seconds = 37 * DAY
    copies: Path | None = None
    copy_every: Seconds = DAY
    copies_kept: int = 7

    @property
    def oldest_copy(self) -> Seconds:
        """How old a copy gets; the latest stays, however old it is."""
        return max(LONGEST_COPY, self.copy_every * self.copies_kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """A job: every so many seconds; with `at_start` also once before anything else, with `soon` once as soon as that is done."""

    name: str
    every: Seconds
    work: Callable[[], Awaitable[None]]
    at_start: bool = False
    soon: bool = False


class Jobs:
    """The recurring jobs of one bot."""

    def __init__(
        self,
        engine: Engine,
        store: Store,
        due: OutboxLoop,
        digests: Digests,
        keeping: Retention,
        *,
        clock: Clock,
        also: tuple[Recurring, ...] = (),
    ) -> None:
        self._engine = engine
        self._store = store
        self._due = due
        self._digests = digests
        self._keeping = keeping
        self._clock = clock
        self._jobs = (
            Recurring(name="digests", every=PLANNING, work=self.plan),
            Recurring(name="checkpoint", every=CHECKPOINT, work=self.checkpoint),
            Recurring(name="retention", every=DAY, work=self.forget_old),
            *((Recurring(name="copy", every=keeping.copy_every, work=self.copy),) if keeping.copies is not None else ()),
            *also,
        )
        self._scheduler: AsyncIOScheduler | None = None
        self._stopped = False

    async def start(self) -> None:
        """Do what can't wait for its turn, and let the jobs recur from now on."""
        await self.plan()
        await self._tidily("old copies", self.forget_copies)
        if self._keeping.copies is not None and self._copy_is_due(self._keeping.copies):
            await self._tidily("copy", self.copy)
        for job in self._jobs:
            if job.at_start and not self._stopped:
                await self._tidily(job.name, job.work)
        if self._stopped:
            return
        scheduler = AsyncIOScheduler(timezone=UTC)
        for job in self._jobs:
            # Without a grace time a job that is a second late would be left out; one that was missed runs once.
            scheduler.add_job(
                self._tidily,
                "interval",
                args=(job.name, job.work),
                seconds=job.every,
                id=job.name,
                coalesce=True,
                misfire_grace_time=None,
                max_instances=1,
                **({"next_run_time": datetime.now(UTC)} if job.soon else {}),
            )
        scheduler.start()
        self._scheduler = scheduler

    def soon(self, name: str) -> None:
        """Have a job's next turn come now."""
        if self._scheduler is not None:
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """No further jobs."""
        self._stopped = True
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def plan(self) -> None:
        """Put the digests of the days ahead into the database, and wake the due loop for them."""
        await self._engine.transact(self._store, lambda tx: self._digests.plan(tx, self._clock.now()))
        self._due.poke()

    async def checkpoint(self) -> None:
        """Forget early edits, and let go of every byte of what was blanked. Raises StorageError."""
        before = self._clock.now() - EARLY_EDITS
        await self._engine.transact(self._store, lambda tx: tx.prune_early_edits(before))
        await self._store.checkpoint()

    async def forget_old(self) -> None:
        """Forget what is older than it is to be kept, a piece at a time: nobody who writes meanwhile waits for all of it."""
        now, keeping = self._clock.now(), self._keeping
        work: list[Callable[[UpkeepTransaction], int]] = [
            lambda tx: tx.prune(now, keep=keeping.messages, window=CAPACITY),
            lambda tx: tx.prune_waits(now, keep=keeping.waits),
            lambda tx: tx.prune_traces(now - keeping.messages),
        ]
        gone = 0
        for prune in work:
            gone += await self._engine.transact(self._store, prune)
        while rows := await self._engine.transact(
            self._store, lambda tx: tx.prune_keys(events_before=now - keeping.keys, deliveries_before=now - DELIVERIES)
        ):
            gone += rows
        await self.forget_copies()
        if gone:
            log.info("forgotten", say="What was older than the settings keep it has been forgotten.", rows=gone)

    async def copy(self) -> None:
        """Copy the database, and remove the copies that don't stay. Raises StorageError."""
        folder = self._keeping.copies
        if folder is None:
            return
        folder.mkdir(parents=True, exist_ok=True)
        await self.forget_copies()
        made_at = datetime.fromtimestamp(self._clock.now(), UTC)
        await self._store.backup(folder / f"realreply-{made_at:%Y%m%dT%H%M%SZ}.db")
        await self.forget_copies()

    async def forget_copies(self) -> None:
        """Remove copies that are too many or too old, also those made before upgrades, and what killed processes left of any."""
        now, keeping, folder = self._clock.now(), self._keeping, self._keeping.copies
        await self._store.forget_upgrades(now - LONGEST_COPY)
        await self._store.forget_lost_log(now - LOST_LOG)
        if folder is None:
            return
        for left in (*folder.glob(COPY + PART), *folder.glob(f"{COPY}{PART}-journal")):
            left.unlink(missing_ok=True)
        for place, old in enumerate(reversed(_copies(folder))):
            too_old = now - (_made_at(old) or 0.0) > keeping.oldest_copy
            if place >= keeping.copies_kept or (place and too_old):
                old.unlink(missing_ok=True)

    def _copy_is_due(self, folder: Path) -> bool:
        copies = _copies(folder)
        return not copies or self._clock.now() - (_made_at(copies[-1]) or 0.0) >= self._keeping.copy_every

    async def _tidily(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """One job's trouble is logged and the bot goes on; the job comes again at its next turn."""
        try:
            await work()
        except asyncio.CancelledError:
            if not self._stopped:
                raise
            say = "A recurring job was cut short by the stop; it comes again after the next start."
            log.info("housekeeping_stopped", say=say, job=name)
        except (RealReplyError, OSError) as error:
            log.warning(
                "housekeeping_failed",
                say="A recurring job failed and will be tried again at its next turn.",
                job=name,
                reason=str(error),
            )


def _copies(folder: Path) -> list[Path]:
    """The copies in a folder, oldest first. Somebody's own file that happens to fit the pattern isn't one."""
    return sorted(file for file in folder.glob(COPY) if _made_at(file) is not None)


def _made_at(copy: Path) -> Instant | None:
    try:
        return datetime.strptime(copy.stem, "realreply-%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
