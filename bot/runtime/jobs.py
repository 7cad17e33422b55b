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
from bot.ports import Clock, Store, UpkeepTransaction

PLANNING: Seconds = HOUR
CHECKPOINT: Seconds = 5 * 60
"""How long a blanked text may be found in the database's log by who reads raw bytes."""

PEOPLE: Seconds = 10 * 60
"""How often members' absences are asked for; platforms tell of changes in between."""

DIRECTORY: Seconds = DAY
"""How often everybody and every channel is asked for anew."""

BEAT: Seconds = 30
"""How often it is noted until when nothing was missed. What a crash costs is reading so much more back."""

SWEEP: Seconds = 4 * HOUR
"""How often late replies in older threads are looked for, where some may be missing."""

COPY = "realreply-*.db"
"""Copies by name: the instant they were made at, UTC, so that names sort by age."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept (seconds), and the copies: the folder (None: no copies), how often, how many stay."""

    messages: Seconds
    waits: Seconds
    copies: Path | None = None
    copy_every: Seconds = DAY
    copies_kept: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """A job: every so many seconds, and with `at_start` once before anything else."""

    name: str
    every: Seconds
    work: Callable[[], Awaitable[None]]
    at_start: bool = False


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
            Recurring(name="checkpoint", every=CHECKPOINT, work=store.checkpoint),
            Recurring(name="retention", every=DAY, work=self.forget_old),
            *((Recurring(name="copy", every=keeping.copy_every, work=self.copy),) if keeping.copies is not None else ()),
            *also,
        )
        self._scheduler: AsyncIOScheduler | None = None

    async def start(self) -> None:
        """Do what can't wait for its turn, and let the jobs recur from now on."""
        await self.plan()
        if self._keeping.copies is not None and self._copy_is_due(self._keeping.copies):
            await self._tidily("copy", self.copy)
        for job in self._jobs:
            if job.at_start:
                await self._tidily(job.name, job.work)
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
            )
        scheduler.start()
        self._scheduler = scheduler

    def stop(self) -> None:
        """No further jobs."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def plan(self) -> None:
        """Put the digests of the days ahead into the database, and wake the due loop for them."""
        await self._engine.transact(self._store, lambda tx: self._digests.plan(tx, self._clock.now()))
        self._due.poke()

    async def forget_old(self) -> None:
        """Forget what is older than it is to be kept."""
        now, keeping = self._clock.now(), self._keeping

        def prune(tx: UpkeepTransaction) -> int:
            return tx.prune(now, keep=keeping.messages, window=CAPACITY) + tx.prune_waits(now, keep=keeping.waits)

        gone = await self._engine.transact(self._store, prune)
        if gone:
            log.info("forgotten", say="What was older than the settings keep it has been forgotten.", rows=gone)

    async def copy(self) -> None:
        """Copy the database, and remove the oldest copies beyond those that stay. Raises StorageError."""
        folder = self._keeping.copies
        if folder is None:
            return
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        made_at = datetime.fromtimestamp(self._clock.now(), UTC)
        await self._store.backup(folder / f"realreply-{made_at:%Y%m%dT%H%M%SZ}.db")
        for old in _copies(folder)[: -self._keeping.copies_kept]:
            old.unlink(missing_ok=True)

    def _copy_is_due(self, folder: Path) -> bool:
        copies = _copies(folder)
        return not copies or self._clock.now() - _made_at(copies[-1]) >= self._keeping.copy_every

    async def _tidily(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """One job's trouble is logged and the bot goes on; the job comes again at its next turn."""
        try:
            await work()
        except (RealReplyError, OSError) as error:
            log.warning(
                "housekeeping_failed",
                say="A recurring job failed and will be tried again at its next turn.",
                job=name,
                reason=str(error),
            )


def _copies(folder: Path) -> list[Path]:
    return sorted(folder.glob(COPY))


def _made_at(copy: Path) -> Instant:
    try:
        return datetime.strptime(copy.stem, "realreply-%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:  # somebody's own file that happens to fit the pattern: as old as can be
        return 0.0
