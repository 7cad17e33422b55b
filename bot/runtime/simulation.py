"""Everything that runs for one team, put together: events in, reminders out, commands answered, digests planned.

Wiring makes one for a platform. Where the clock is injected (the demo, `realreply local`, tests), time passes by `advance`, which
performs everything that falls due on the way, in order; a live platform lets `OutboxLoop.run` do that.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.domain.durations import Instant
from bot.domain.events import Event, Says
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.views import View
from bot.engine.clock import VirtualClock
from bot.engine.engine import Engine
from bot.engine.preferences import Preferences
from bot.intake.inbox import Inbox
from bot.outbox.digests import Digests
from bot.outbox.loop import OutboxLoop
from bot.ports import Store
from bot.runtime.interactions import Interactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """The parts, and what the outside does with them."""

    store: Store
    engine: Engine
    inbox: Inbox
    due: OutboxLoop
    desk: Interactions
    preferences: Preferences
    digests: Digests
    clock: VirtualClock

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Take events while the block runs; what is in is dealt with before it ends."""
        await self.preferences.load(self.store)
        await self.engine.transact(self.store, lambda tx: self.digests.plan(tx, self.clock.now()))
        working = asyncio.create_task(self.inbox.run(), name="inbox")
        try:
            yield
        finally:
            self.inbox.close()
            await working

    async def receive(self, event: Event) -> None:
        """An event from the platform; returns when it is committed. What happens in channels nobody watches is dropped, and
        what was due before it is performed first."""
        if self.preferences.listens(event.channel):
            await self.inbox.submit(event)
        await self.settle()

    async def settle(self) -> None:
        """Perform what is due now."""
        while True:
            stepped = await self.due.step(self.clock.now())
            if stepped.next_due is None or stepped.next_due > self.clock.now():
                return

    async def advance(self, to: Instant) -> None:
        """Let time pass until `to`: everything that falls due on the way is performed at its own instant."""
        while True:
            due = await self.store.read(lambda tx: tx.next_due())
            if due is None or due > to:
                break
            self.clock.advance_to(due)
            await self.settle()
        self.clock.advance_to(to)
        await self.engine.transact(self.store, lambda tx: self.digests.plan(tx, self.clock.now()))

    async def command(self, who: str, role: Role, text: str) -> View:
        """What somebody asked of the bot: the answer, for them alone."""
        view = await self.desk.run(who, role, text, self.clock.now())
        await self.settle()
        return view

    async def correct(
        self, who: str, role: Role, says: Says, *, channel: str, message: str, posted: Message | None = None
    ) -> View:
        """What somebody says of a message: the answer, for them alone."""
        now = self.clock.now()
        view = await self.desk.correct(who, role, says, channel=channel, message=message, now=now, posted=posted)
        await self.settle()
        return view

    async def home(self, who: str, role: Role) -> View:
        """Somebody's own list, for them alone."""
        return await self.desk.home(who, role, self.clock.now())

    async def submit(self, who: str, role: Role, code: str, values: Mapping[str, str]) -> View:
        """A form of ours was filled in: the answer, for who sent it alone."""
        view = await self.desk.submit(who, role, code, values, self.clock.now())
        await self.settle()
        return view

    async def click(self, who: str, role: Role, code: str) -> View:
        """A button of ours was pressed: the answer, for who pressed it alone."""
        view = await self.desk.click(who, role, code, self.clock.now())
        await self.settle()
        return view
