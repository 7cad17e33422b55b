"""What may be missing of a platform's channels: remembered for good before anything else is done about it.

Each channel is complete until some instant. While a connection is unbroken that is now for all of them, and one mark, which moves
with the time, says it. A channel of which something may be missing has an instant of its own, that nothing but reading it takes
away. So a crash in any moment, a quiet channel, an event that couldn't be stored: the next look begins early enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

import structlog

from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.events import Event
from bot.domain.gaps import Coverage, FailedEvent, Gap, GapReason
from bot.errors import StorageError, described
from bot.ports import Clock, IntakeTransaction, Store

COMPLETE = "complete"
"""The mark, followed by a blank and a platform's name: until then everything of its channels is stored, but for what a channel's
own coverage says."""

READ_AGAIN: Seconds = 14 * DAY
"""An event that couldn't be stored is read again at the next start if it isn't older."""

log = structlog.get_logger()


class Gaps:
    """Keeps in mind, in the database, what of one platform may be missing. `attended` gives the channels that are listened to."""

    def __init__(
        self,
        platform: str,
        store: Store,
        *,
        attended: Callable[[], Iterable[str]],
        readable: Callable[[], Iterable[str]],
        clock: Clock,
    ) -> None:
        self._platform = platform
        self._mark = f"{COMPLETE} {platform}"
        self._store = store
        self._attended = attended
        self._readable = readable
        self._clock = clock
        self._in_step: frozenset[str] = frozenset()
        self._unwatched: frozenset[str] = frozenset()
        self._unstored: dict[str, Instant] = {}
        self._noted: Counter[str] = Counter()
        self._threads_noted: Counter[str] = Counter()

    async def begin(self) -> None:
        """At a start: whatever happened since the last life was complete may be missing. Events that couldn't be stored then are
        read again."""
        await self._store.transact(self._begin)
        self._in_step = frozenset(self._attended())
        self._unwatched = frozenset(self._readable()) - self._in_step

    def _begin(self, tx: IntakeTransaction) -> None:
        now, complete = self._clock.now(), self._complete_until(tx)
        since: dict[str, Instant] = {}
        for channel, known in tx.coverage_on(self._platform).items():
            if known.first_read_at is not None:
                # Without a mark the last life was over before it could set one.
                since[channel] = known.first_read_at if complete is None else complete
        if since:
            self._tell(tx, GapReason.STOPPED, min(since.values()), None)
        for failed in tx.failed_on(self._platform):
            if failed.at >= now - READ_AGAIN:
                since[failed.channel] = min(failed.at, since.get(failed.channel, failed.at))
        for channel, at in since.items():
            self._put_missing(tx, channel, at)

    async def note(self, reason: GapReason, since: Instant, *, channels: Iterable[str] | None = None, told: bool = True) -> None:
        """Events since then may be missing, of these channels or of all. Returns when that is remembered for good; if the
        database can't be written, it is kept in mind until it can. `told`: it is a gap that people hear of."""
        wanted = tuple(self._attended() if channels is None else channels)
        single = wanted[0] if channels is not None and len(wanted) == 1 else None

        def work(tx: IntakeTransaction) -> None:
            for channel in wanted:
                self._put_missing(tx, channel, since)
            if told:
                self._tell(tx, reason, since, single)

        try:
            await self._remember(work)
        except StorageError as error:
            for channel in wanted:
                self.keep_in_mind(channel, since)
            log.error(
                "gap_unnoted",
                say="Events may have been missed, and the database can't be written to remember that. It is tried again, and "
                "whatever becomes of this process, the next start reads back from before.",
                repeats=True,
                platform=self._platform,
                reason=str(error),
            )

    def keep_in_mind(self, channel: str, at: Instant) -> None:
        """An event of this instant couldn't be stored. It is kept in mind at once, and written down with whatever is written
        next; before that the mark doesn't move."""
        self._unstored[channel] = min(at, self._unstored.get(channel, at))

    async def note_failed(self, event: Event, error: BaseException) -> None:
        """An event can't be stored, whatever is tried: note which, for people and for the next start. Raises StorageError."""
        key = event.key
        failed = FailedEvent(
            channel=event.channel,
            message=key.message,
            kind=key.kind,
            edit=key.edit,
            at=event.at,
            error=described(error),
            noted_at=self._clock.now(),
        )
        await self.note_unreadable(failed)

    async def note_unreadable(self, failed: FailedEvent) -> None:
        """The same of what no event could be made of. Raises StorageError."""
        await self._store.transact(lambda tx: tx.note_failed(failed))

    def _complete_until(self, tx: IntakeTransaction) -> Instant | None:
        """Until when the platform's channels are complete; None: no mark was set yet. The mark is by our clock, which may have
        been ahead; the latest message is by the platform's, and what came after it isn't stored anyway."""
        mark, latest = tx.mark(self._mark), tx.latest_on(self._platform)
        return None if mark is None else mark.at if latest is None else min(mark.at, latest)

    async def beat(self, listened_until: Instant | None) -> bool:
        """The time goes on. `listened_until`: until then everything came in; None: that can't be told. What can't be stored, and
        channels that we can't see any more, keep their instant; what was written in a channel that was unwatched is never asked
        for. True when there are channels that we attend to anew. Raises StorageError."""
        attended, readable = frozenset(self._attended()), frozenset(self._readable())
        gone, anew = self._in_step - readable, attended - self._in_step
        watched_again = anew & self._unwatched

        def work(tx: IntakeTransaction) -> None:
            mark, complete = tx.mark(self._mark), self._complete_until(tx)
            if complete is not None:
                for channel in gone:
                    self._put_missing(tx, channel, complete)
            for channel in watched_again:
                tx.put_coverage(channel, replace(tx.coverage(channel), missing_since=None, threads_since=None))
            if listened_until is not None and (mark is None or mark.at != listened_until):
                tx.put_mark(self._mark, listened_until)

        await self._remember(work)
        self._in_step, self._unwatched = attended, readable - attended
        return bool(anew)

    async def came_back(self, channel: str) -> None:
        """We are in a channel (again): what was missed of it since we were known to be there counts as missing."""

        def work(tx: IntakeTransaction) -> None:
            complete, known = self._complete_until(tx), tx.coverage(channel)
            if known.first_read_at is not None:
                since = known.first_read_at if complete is None else complete
                since = since if known.missing_since is None else min(since, known.missing_since)
                self._put_missing(tx, channel, since)
                self._tell(tx, GapReason.LEFT, since, channel)

        await self._remember(work)

    async def _remember(self, work: Callable[[IntakeTransaction], None]) -> None:
        unstored, self._unstored = self._unstored, {}

        def both(tx: IntakeTransaction) -> None:
            for channel, at in unstored.items():
                self._put_missing(tx, channel, at)
                self._tell(tx, GapReason.REFUSED, at, channel)
            work(tx)

        try:
            await self._store.transact(both)
        except BaseException:
            for channel, at in unstored.items():
                self.keep_in_mind(channel, at)
            raise

    def _tell(self, tx: IntakeTransaction, reason: GapReason, since: Instant, channel: str | None) -> None:
        now = self._clock.now()
        tx.note_gap(Gap(platform=self._platform, reason=reason, since=since, noted_at=now, channel=channel))

    def _put_missing(self, tx: IntakeTransaction, channel: str, since: Instant) -> None:
        # Counted in here, one transaction after the other, so that who takes it off knows whether it says more by then.
        self._noted[channel] += 1
        known = tx.coverage(channel)
        missing = since if known.missing_since is None else min(since, known.missing_since)
        tx.put_coverage(channel, replace(known, missing_since=missing))

    # -- for whoever reads back

    async def incomplete(self) -> dict[str, Coverage]:
        """The channels we attend to of which something may be missing, with what is known. What is only kept in mind is written
        down first. Raises StorageError."""
        await self._remember(lambda _: None)
        known = await self._store.transact(lambda tx: tx.coverage_on(self._platform))
        found = {channel: known.get(channel, Coverage()) for channel in self._attended()}
        return {channel: covered for channel, covered in found.items() if not covered.complete}

    async def look(self, channel: str) -> tuple[Coverage, int]:
        """A channel's coverage now, and how often something was noted of it: for `was_read`."""
        return await self._store.transact(lambda tx: (tx.coverage(channel), self._noted[channel]))

    async def put(self, channel: str, change: Callable[[Coverage], Coverage]) -> None:
        """Change a channel's coverage."""
        await self._store.transact(lambda tx: tx.put_coverage(channel, change(tx.coverage(channel))))

    async def was_read(self, channel: str, noted: int) -> bool:
        """What was missing was read back, but for replies in older threads. False when more was noted of it meanwhile."""

        def work(tx: IntakeTransaction) -> bool:
            known = tx.coverage(channel)
            if noted != self._noted[channel]:
                return False
            if known.missing_since is not None:
                self._threads_noted[channel] += 1
                threads = min(known.missing_since, known.threads_since or known.missing_since)
                tx.put_coverage(channel, replace(known, missing_since=None, threads_since=threads))
                tx.drop_stored_failures(channel)
            return True

        return await self._store.transact(work)

    async def close(self) -> tuple[Gap, ...]:
        """Nothing is missing any more: all gaps are closed. Gives them."""
        now = self._clock.now()
        return await self._store.transact(lambda tx: tx.close_gaps(self._platform, now))

    async def unswept(self) -> tuple[str, ...]:
        """The channels in which replies in older threads may be missing."""
        known = await self._store.transact(lambda tx: tx.coverage_on(self._platform))
        attended = set(self._attended())
        return tuple(
            channel
            for channel, covered in known.items()
            if channel in attended and covered.complete and covered.threads_since is not None
        )

    async def look_at_threads(self, channel: str) -> tuple[Instant | None, int]:
        """Since when replies in older threads of a channel may be missing, and how often that was noted: for `was_swept`."""
        return await self._store.transact(lambda tx: (tx.coverage(channel).threads_since, self._threads_noted[channel]))

    async def was_swept(self, channel: str, noted: int) -> None:
        """Replies in older threads were read back, unless more may be missing since."""

        def work(tx: IntakeTransaction) -> None:
            known = tx.coverage(channel)
            if noted == self._threads_noted[channel]:
                tx.put_coverage(channel, replace(known, threads_since=None))

        await self._store.transact(work)
