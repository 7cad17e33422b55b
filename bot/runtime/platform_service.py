"""The life of one platform in a bot that may be on several: come in, listen, read back what was missed, go on until it ends.

What happens here touches no other platform: each has its gates, its gap, its past to read and its own way to be lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from bot.domain.durations import Instant, Seconds
from bot.domain.events import Event
from bot.domain.gaps import FailedEvent, GapReason
from bot.domain.moves import ChannelMove
from bot.engine.engine import Processed
from bot.errors import AccessLost, RetryLater, Stopping, Unreachable
from bot.intake.backfill import Backfill
from bot.intake.gaps import Gaps
from bot.intake.gates import Gates
from bot.intake.inbox import Inbox
from bot.outbox.loop import OutboxLoop
from bot.ports import Clock, Connection, InteractionHandler, WorkspaceChange
from bot.runtime.membership import Membership

SILENCE: Seconds = 5 * 60
"""Where a platform posts to us, nothing coming in may mean that nothing happens or that it can't reach us. After so long the
channels are looked at."""


class PlatformService:
    """Fits `bot.ports.Intake` for its connection. `listens` says whether a channel is watched at all. From the start until
    it is known what was missed its channels' gates are shut and the outbox claims nothing that is about it."""

    def __init__(
        self,
        connection: Connection,
        interactions: InteractionHandler,
        *,
        inbox: Inbox,
        outbox: OutboxLoop,
        membership: Membership,
        gates: Gates,
        gaps: Gaps,
        backfill: Backfill,
        listens: Callable[[str], bool],
        clock: Clock,
    ) -> None:
        self.connection = connection
        self.interactions = interactions
        self.backfill = backfill
        self._inbox = inbox
        self._outbox = outbox
        self._listens = listens
        self._membership = membership
        self._gates = gates
        self._gaps = gaps
        self._clock = clock
        self._looked_at: Instant | None = None
        self._listening = False
        self._lost: asyncio.Future[AccessLost] = asyncio.get_running_loop().create_future()

    @property
    def name(self) -> str:
        """The platform's name."""
        return self.connection.name

    # -- what the connection hands in

    async def receive(self, event: Event) -> Processed | None:
        """An event: returns when it is committed, so that it may be acknowledged. None: its channel isn't watched. Raises
        what made it fail; then nothing of it was kept but that it is missing, and it is read back, whether or not the platform
        delivers it again."""
        if not self._listens(event.channel):
            return None
        await self._gates.passage(event.channel)
        try:
            return await self._inbox.submit(event)
        except Stopping:
            raise
        except Exception as error:
            await self.backfill.refused(event, error)
            raise

    async def missed(self, reason: GapReason, since: Instant, *, whole: bool, channel: str | None = None) -> None:
        """Events since then may have been missed."""
        if channel is None or self._listens(channel):
            await self.backfill.missed(reason, since, whole=whole, channel=channel)

    async def unreadable(self, failed: FailedEvent) -> None:
        """Something happened of which no event could be made. Raises StorageError."""
        if self._listens(failed.channel):
            await self._gaps.note_unreadable(failed)

    async def changed(self, change: WorkspaceChange) -> None:
        """Something changed about people or channels."""
        if change.moved is not None:
            await self._move(change.moved)
        await self._membership.changed(self.name, change)
        if change.seek is not None or change.joined is not None:
            await self._membership.seek(self.connection)
        if change.joined is not None:
            await self.backfill.came_in(change.joined)

    async def _move(self, move: ChannelMove) -> None:
        """A channel goes by another key. What came under the new one before that was known is read again where it has to be."""
        since = await self._membership.move(move)
        if since is not None:
            await self.missed(GapReason.LEFT, since, whole=False, channel=move.new)

    def lost(self, error: AccessLost) -> None:
        """The platform threw us out."""
        if not self._lost.done():
            self._lost.set_result(error)

    # -- its life

    def shut(self) -> None:
        """Before anything else: nothing comes in and nothing leaves until the past was read."""
        self._gates.close_all()
        self._outbox.hold(self.name, None)

    async def connect(self) -> None:
        """Come in and listen. Raises DeliveryError and its kinds, and UsageError, when that can't be."""
        try:
            await self._membership.recall(self.connection)
            await self.connection.open()
            await self._membership.seek(self.connection)
            await self._membership.regroup()
            await self.connection.listen(self, self.interactions)
        except RetryLater as error:
            why = str(error).replace("; it is tried again", "")
            raise Unreachable(f"{why}. It was tried for a while; start realreply again when that is mended") from error
        self._listening = True

    async def read_back(self) -> None:
        """Read what was missed. What is about channels that are read by now leaves meanwhile. Raises AccessLost and
        StorageError."""
        await self.backfill.begin()
        await self._or_lost(self.backfill.catch_up())

    async def beat(self) -> None:
        """The time goes on: remember until when nothing was missed. Where nothing came in for long, and nobody can tell whether
        anything would, look at the channels. To be called every half minute or so. Raises StorageError."""
        if not self._listening:
            return
        now, heard = self._clock.now(), await self.connection.listened_until()
        read = self.backfill.read_until
        if await self._gaps.beat(max((at for at in (heard, read) if at is not None), default=None)):
            self.backfill.look_again()
        if heard is None or now - heard < SILENCE:
            return
        last = max(at for at in (heard, read, self._looked_at) if at is not None)
        # Where a look takes long it isn't begun again at once.
        if now - last >= max(SILENCE, 3 * self.backfill.took):
            self._looked_at = now
            await self.backfill.look_around(heard if read is None else max(heard, read))

    async def go_on(self) -> None:
        """Read back whatever is missed, until we are thrown out: raises AccessLost, or StorageError."""
        await self._or_lost(self.backfill.run())

    async def _or_lost(self, work: Coroutine[Any, Any, object]) -> None:
        working = asyncio.ensure_future(work)
        try:
            await asyncio.wait((working, self._lost), return_when=asyncio.FIRST_COMPLETED)
            if self._lost.done():
                raise self._lost.result()
            working.result()
        finally:
            working.cancel()

    async def leave(self) -> None:
        """We are on this platform no longer: what is about it stays in the database for when we are again."""
        self._outbox.leave(self.name)
        self._membership.leave(self.connection)
        await self.stop()

    async def stop(self) -> None:
        """Take no more events."""
        if self._listening:
            self._listening = False
            await self.connection.stop()
