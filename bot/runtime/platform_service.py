"""The life of one platform in a bot that may be on several: come in, listen, read back what was missed, go on until it ends.

What happens here touches no other platform: each has its gates, its gap, its past to read and its own way to be lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from bot.domain.durations import Instant
from bot.domain.events import Event
from bot.engine.engine import Processed
from bot.errors import AccessLost, DeliveryError, Overflow, RetryLater
from bot.intake.backfill import Backfill
from bot.intake.gates import Gates
from bot.intake.inbox import Inbox
from bot.outbox.loop import OutboxLoop
from bot.ports import Connection, InteractionHandler, WorkspaceChange
from bot.runtime.membership import Membership


class PlatformService:
    """Fits `bot.ports.Intake` for its connection. `listens` says whether a channel is watched at all. From the start until
    its past was read its channels' gates are shut and the outbox claims nothing that is about it."""

    def __init__(
        self,
        connection: Connection,
        interactions: InteractionHandler,
        *,
        inbox: Inbox,
        outbox: OutboxLoop,
        membership: Membership,
        gates: Gates,
        backfill: Backfill,
        listens: Callable[[str], bool],
    ) -> None:
        self.connection = connection
        self.interactions = interactions
        self.backfill = backfill
        self._inbox = inbox
        self._outbox = outbox
        self._listens = listens
        self._membership = membership
        self._gates = gates
        self._listening = False
        self._lost: asyncio.Future[AccessLost] = asyncio.get_running_loop().create_future()

    @property
    def name(self) -> str:
        """The platform's name."""
        return self.connection.name

    # -- what the connection hands in

    async def receive(self, event: Event) -> Processed | None:
        """An event: returns when it is committed, so that it may be acknowledged. None: its channel isn't watched. Raises
        what made it fail; then nothing of it was kept. Raises Overflow when too many wait: then it is read back later."""
        if not await self._gates.passage(event.channel):
            # First remembered, then refused: whatever becomes of us, the next start reads it back.
            await self.backfill.note_refused(event.at)
            raise Overflow(f"too many events of {self.name} wait already; this one is read back later")
        if not self._listens(event.channel):
            return None
        return await self._inbox.submit(event)

    async def missed(self, since: Instant, *, whole: bool) -> None:
        """Events since then may have been missed."""
        await self.backfill.note_gap(since, whole=whole)

    async def changed(self, change: WorkspaceChange) -> None:
        """Something changed about people or channels."""
        await self._membership.changed(self.name, change)
        if change.joined is not None:
            self.backfill.look_again()

    def lost(self, error: AccessLost) -> None:
        """The platform threw us out."""
        if not self._lost.done():
            self._lost.set_result(error)

    # -- its life

    def shut(self) -> None:
        """Before anything else: nothing comes in and nothing leaves until the past was read."""
        self._gates.close()
        self._outbox.pause(self.name)

    async def connect(self) -> None:
        """Come in and listen. Raises DeliveryError and its kinds, and UsageError, when that can't be."""
        try:
            await self.connection.open()
            await self._membership.regroup()
            await self.connection.listen(self, self.interactions)
        except RetryLater as error:
            why = str(error).replace("; it is tried again", "")
            raise DeliveryError(f"{why}. It was tried for a while; start realreply again when that is mended") from error
        self._listening = True

    async def read_back(self) -> None:
        """Read what was missed; from then on what is about this platform may leave. Raises AccessLost and StorageError."""
        await self._or_lost(self.backfill.catch_up())
        self._outbox.resume(self.name)

    async def go_on(self) -> None:
        """Read back whatever is missed, until we are thrown out: raises AccessLost, or StorageError."""
        await self._or_lost(self.backfill.run())

    async def _or_lost(self, work: Coroutine[Any, Any, None]) -> None:
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
