"""Everything that runs for one team, put together, with an injected clock: events in, reminders out, commands answered, digests
planned.

Time passes by `advance` (in the demo, `realreply local`, tests), which performs everything that falls due on the way, in
order; on live platforms `OutboxLoop.run` does that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from bot.domain.auto_dms import DirectMessage
from bot.domain.durations import Instant
from bot.domain.events import Event, Says
from bot.domain.gaps import FailedEvent, GapReason
from bot.domain.messages import Message
from bot.domain.outgoing import Address
from bot.domain.people import Role
from bot.domain.views import Form, View
from bot.engine.clock import VirtualClock
from bot.engine.engine import Engine
from bot.engine.preferences import Preferences
from bot.engine.shifts import Shifts
from bot.errors import AccessLost
from bot.intake.inbox import Inbox
from bot.outbox.digests import Digests
from bot.outbox.loop import OutboxLoop
from bot.ports import Connection, InteractionHandler, Store, WorkspaceChange
from bot.runtime.membership import Membership
from bot.runtime.team_calendar import CalendarReading


class Simulation:
    """A team's bot in which time stands still until somebody lets it pass. `platforms` are asked things by their names."""

    def __init__(
        self,
        connections: Sequence[tuple[Connection, InteractionHandler]],
        *,
        store: Store,
        engine: Engine,
        inbox: Inbox,
        outbox: OutboxLoop,
        preferences: Preferences,
        membership: Membership,
        digests: Digests,
        shifts: Shifts,
        calendar: CalendarReading,
        clock: VirtualClock,
    ) -> None:
        self.store = store
        self.clock = clock
        self._engine = engine
        self._inbox = inbox
        self._outbox = outbox
        self._preferences = preferences
        self._membership = membership
        self._digests = digests
        self._shifts = shifts
        self._calendar = calendar
        self.platforms = {
            connection.name: SimulatedPlatform(self, connection, interactions) for connection, interactions in connections
        }

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Take events while the block runs; what is in is dealt with before it ends."""
        await self._preferences.load(self.store)
        await self._calendar.run()
        await self._plan()
        working = asyncio.create_task(self._inbox.run(), name="inbox")
        try:
            for platform in self.platforms.values():
                await platform.connection.listen(platform, platform)
            yield
        finally:
            for platform in self.platforms.values():
                await platform.connection.stop()
            self._inbox.close()
            await working

    async def take(self, connection: Connection, event: Event) -> None:
        """An event of a platform; returns when it is committed and what is due by now was performed. What happens in channels
        nobody watches is dropped."""
        if connection.workspace.watches(event.channel) and self._preferences.listens(event.channel):
            await self._inbox.submit(event)
        await self.settle()

    async def change(self, connection: Connection, change: WorkspaceChange) -> None:
        """Something changed about a platform's people or channels."""
        await self._membership.changed(connection.name, change)
        await self.settle()

    async def settle(self) -> None:
        """Perform what is due now."""
        while True:
            stepped = await self._outbox.step(self.clock.now())
            if stepped.next_due is None or stepped.next_due > self.clock.now():
                return

    async def advance(self, to: Instant) -> None:
        """Let time pass until `to`: everything that falls due on the way is performed at its own instant."""
        while True:
            due = await self.store.read(lambda tx: tx.next_due())
            due = self._shifts.changes_at if due is None else min(due, self._shifts.changes_at)
            if due > to:
                break
            self.clock.advance_to(due)
            await self.settle()
        self.clock.advance_to(to)
        await self._plan()

    async def read_calendar(self) -> None:
        """Read the team's calendar, as live bots do every now and then."""
        await self._calendar.run()
        await self.settle()

    async def _plan(self) -> None:
        await self._engine.transact(self.store, lambda tx: self._digests.plan(tx, self.clock.now()))


class SimulatedPlatform:
    """One platform's side of a simulation: fits `bot.ports.Intake` and `bot.ports.InteractionHandler`. What falls due by what
    somebody did is performed before they are answered. Nothing is ever missed: the platform is in this process."""

    def __init__(self, simulation: Simulation, connection: Connection, interactions: InteractionHandler) -> None:
        self.connection = connection
        self._simulation = simulation
        self._interactions = interactions

    async def receive(self, event: Event) -> None:
        """Something happened."""
        await self._simulation.take(self.connection, event)

    async def missed(self, reason: GapReason, since: Instant, *, whole: bool, channel: str | None = None) -> None:
        """Nothing is missed."""

    async def unreadable(self, failed: FailedEvent) -> None:
        """Everything can be read."""

    async def changed(self, change: WorkspaceChange) -> None:
        """Something changed about people or channels."""
        await self._simulation.change(self.connection, change)

    def lost(self, error: AccessLost) -> None:
        """The platform threw us out. Raises its error."""
        raise error

    async def command(self, who: str, role: Role, text: str) -> View:
        """A command."""
        view = await self._interactions.command(who, role, text)
        await self._simulation.settle()
        return view

    async def ask(self, who: str, role: Role, command: str, given: Mapping[str, str]) -> View:
        """A command with what was given for its params."""
        view = await self._interactions.ask(who, role, command, given)
        await self._simulation.settle()
        return view

    async def offer(self, who: str, role: Role, command: str, param: str, typed: str) -> Sequence[tuple[str, str]]:
        """What may be meant by what was typed so far."""
        return await self._interactions.offer(who, role, command, param, typed)

    async def click(self, who: str, role: Role, code: str) -> View:
        """A button of ours was pressed."""
        view = await self._interactions.click(who, role, code)
        await self._simulation.settle()
        return view

    async def form(self, who: str, role: Role, code: str) -> Form | None:
        """The form that a button opens."""
        return await self._interactions.form(who, role, code)

    async def submit(self, who: str, role: Role, code: str, values: Mapping[str, str]) -> View:
        """A form of ours was filled in."""
        view = await self._interactions.submit(who, role, code, values)
        await self._simulation.settle()
        return view

    async def home(self, who: str, role: Role) -> View:
        """Somebody's own list."""
        return await self._interactions.home(who, role)

    async def homes_left(self) -> Sequence[str]:
        """Who were shown their list and aren't on the team any more."""
        return await self._interactions.homes_left()

    async def home_emptied(self, who: str) -> None:
        """Somebody's own page shows no list any more."""
        await self._interactions.home_emptied(who)

    async def called(
        self, who: str, role: Role, where: Address, text: str, *, before: str = "", thread: str | None = None
    ) -> None:
        """Somebody named the bot in a channel."""
        await self._interactions.called(who, role, where, text, before=before, thread=thread)
        await self._simulation.settle()

    async def correct(self, who: str, role: Role, message: Message | None, says: Says) -> View:
        """What somebody says of a message."""
        view = await self._interactions.correct(who, role, message, says)
        await self._simulation.settle()
        return view

    async def check(self, who: str, role: Role, message: Message | None) -> View:
        """What is seen of a message of somebody's own."""
        return await self._interactions.check(who, role, message)

    async def report_auto_dm(self, who: str, message: DirectMessage | None) -> Form | View:
        """A direct message that somebody reports."""
        return await self._interactions.report_auto_dm(who, message)

    async def explain(self, who: str, role: Role, channel: str, message: str) -> View:
        """Why a message's wait is one."""
        return await self._interactions.explain(who, role, channel, message)
