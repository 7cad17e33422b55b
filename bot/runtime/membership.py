"""What changes of people and channels mean here: who is on the team, whose absences count, what is known of a channel's readers.

Platforms tell of such changes as they come; what they don't tell is asked for now and then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.domain.durations import HOUR, Instant
from bot.domain.events import ChannelLost
from bot.domain.keys import channel_id, platform_of
from bot.domain.marks import LEARNT
from bot.domain.moves import ChannelMove
from bot.domain.outgoing import Address
from bot.domain.people import Accounts, merged
from bot.domain.waits import Wait
from bot.engine.activation import Activation
from bot.engine.engine import Engine
from bot.engine.preferences import Preferences
from bot.engine.shifts import Shifts
from bot.errors import DeliveryError
from bot.outbox.guard import Guard
from bot.outbox.loop import OutboxLoop
from bot.ports import Clock, Connection, QueryTransaction, Store, Transaction, WorkspaceChange
from bot.runtime.beginning import show_preview

MOST_OPEN = 100_000

MOST_NAMED = 500
"""Waits whose customers are asked for when nobody knows them any more, the latest."""

log = structlog.get_logger()


class Membership:
    """Keeps engine, preferences and guard in step with who and what is on the platforms. `accounts` says whose accounts are
    whose."""

    def __init__(
        self,
        connections: Sequence[Connection],
        engine: Engine,
        store: Store,
        preferences: Preferences,
        shifts: Shifts,
        guard: Guard,
        outbox: OutboxLoop,
        activation: Activation | None,
        *,
        clock: Clock,
        accounts: Accounts,
    ) -> None:
        self._connections = list(connections)
        self._engine = engine
        self._store = store
        self._preferences = preferences
        self._shifts = shifts
        self._guard = guard
        self._outbox = outbox
        self._activation = activation
        self._clock = clock
        self._accounts = accounts
        self._learnt: dict[str, frozenset[str]] = {}
        self._gone_said: dict[str, Instant] = {}
        self._teams = {connection.name: connection.workspace.team() for connection in connections}

    async def changed(self, platform: str, change: WorkspaceChange) -> None:
        """Something changed on a platform. (Channels that `moved` are dealt with by `move`.)"""
        if change.team:
            await self.regroup()
        if change.readers is not None:
            place = None if change.readers == "all" else change.readers
            self._guard.forget(place)
            self._outbox.look(place)
            seen = [address for address in self._destinations() if change.readers in ("all", address)]
            if seen or change.readers == "all":
                await self._outbox.try_again(self._clock.now(), seen)
        if change.times is not None:
            member = self._engine.team.accounts.member(platform, change.times)
            if member in self._engine.team.members:
                await self._ask_times(member)
                self._preferences.take(self._preferences.choices)
        if change.destination_found and self._activation is not None:
            await self._begin(self._activation)

    async def recall(self, connection: Connection) -> None:
        """Before we come in: which channels go by another key than they did, and than the settings say, and what else was learnt
        there."""
        await self._engine.transact(self._store, self._engine.recall)
        self._learnt[connection.name] = await self._store.read(lambda tx: _learnt(tx, connection.name))
        connection.workspace.recall(self._engine.moves, self._learnt[connection.name])

    async def keep(self, connection: Connection) -> None:
        """Keep what was learnt of a platform, for the next start."""
        known, name, now = connection.workspace.learnt(), connection.name, self._clock.now()
        before = self._learnt.get(name, frozenset())
        if known == before:
            return

        def work(tx: Transaction) -> None:
            for text in known ^ before:
                tx.put_mark(f"{LEARNT}{name}:{text}", now if text in known else None)

        await self._store.transact(work)
        self._learnt[name] = known

    async def move(self, move: ChannelMove) -> Instant | None:
        """A channel goes by another key. Gives since when its messages are to be read again, if they are: some came under the
        new key before this was known."""
        platform, before = platform_of(move.new), self._engine.moves

        def work(tx: Transaction) -> Instant | None:
            since = self._engine.move(tx, move)
            self._preferences.take(tx.choices())  # at once: what comes next is asked for by its new key
            if since is not None:
                # Together with the move: nobody else knows what was forgotten.
                covered = tx.coverage(move.new)
                earliest = since if covered.missing_since is None else min(since, covered.missing_since)
                tx.put_coverage(move.new, replace(covered, missing_since=earliest))
            return since

        try:
            since = await self._engine.transact(self._store, work)
        except Exception:  # rolled back; whoever told of the move tells again
            self._engine.moves = before
            await self._preferences.load(self._store)
            raise
        for key in (move.old, move.new):
            self._guard.forget(Address(platform, "channel", channel_id(key)))
        self._outbox.poke()
        say = "A channel was given another id by its platform. Its waits, reminders and choices go on under the new one."
        log.info("channel_moved", say=say, channel=move.new, before=move.old)
        return since

    async def seek(self, connection: Connection) -> None:
        """Find out which channels go by another key since we looked last, which can't be reached any more, and which of those
        that couldn't are there again: their waits end, and come back. Raises AccessLost."""

        def known(tx: QueryTransaction) -> tuple[tuple[str, ...], Counter[str], tuple[Wait, ...]]:
            return tx.channels(), Counter(wait.channel for wait in tx.open_waits(MOST_OPEN)), tx.lost_waits()

        channels, waiting, lost = await self._store.read(known)
        ours = [key for key in channels if platform_of(key) == connection.name]
        sought = await connection.workspace.seek(ours, waiting)
        for move in sought.moves:
            await self.move(move)
        for channel in sought.gone:
            self._say_gone(channel, waiting[channel])
            await self._take(ChannelLost(channel=channel, at=self._clock.now()))
        seen = frozenset(connection.history.readable())
        for channel in dict.fromkeys(wait.channel for wait in lost if not wait.by_thread):
            if channel in seen and channel not in sought.gone:
                await self._take(ChannelLost(channel=channel, at=self._clock.now(), back=True))

    def _say_gone(self, channel: str, waits: int) -> None:
        """Once an hour for each channel: permissions are tried out, a dozen times in a row."""
        now = self._clock.now()
        if now - self._gone_said.get(channel, float("-inf")) < HOUR:
            return
        self._gone_said[channel] = now
        log.warning(
            "channel_gone",
            say="Customers wait in a channel that can't be reached: it was deleted or archived, realreply was taken out of it, "
            "or it has another id now. Nobody is reminded of them; they come back with it, if that is within a week.",
            channel=channel,
            waits=waits,
        )

    async def _take(self, event: ChannelLost) -> None:
        await self._engine.transact(self._store, lambda tx: self._engine.process(tx, event))
        self._outbox.poke()

    async def _begin(self, activation: Activation) -> None:
        """The team's channel is there: what was noted meanwhile is over, or is shown to a lead."""
        now = self._clock.now()
        await self._engine.transact(self._store, lambda tx: activation.load(tx, now))
        await show_preview(self._store, activation, self._connections, now)
        await self._outbox.try_again(now, self._destinations())

    def _destinations(self) -> list[Address]:
        return [address for connection in self._connections for address in connection.workspace.destinations()]

    async def regroup(self) -> None:
        """Who is on the team may be another now."""
        for connection in self._connections:
            self._teams[connection.name] = connection.workspace.team()
            await self.keep(connection)
        team = merged(self._teams, self._accounts)
        now = self._clock.now()
        await self._engine.transact(self._store, lambda tx: self._shifts.regroup(tx, team, now))
        self._preferences.take(self._preferences.choices)
        self._guard.forget()
        self._outbox.look()

    def leave(self, connection: Connection) -> None:
        """We aren't on a platform any more. Its members stay on the team as it was known last: they may be on another, too."""
        self._connections = [other for other in self._connections if other is not connection]

    async def ask_everybody(self) -> None:
        """Ask for all members' absences."""
        for member in sorted(self._engine.team.members):
            await self._ask_times(member)
        self._preferences.take(self._preferences.choices)  # hours are worked out anew

    async def ask_who_waits(self) -> None:
        """Ask who those are that wait, where that isn't known: since a start they may have written nothing."""
        waiting: dict[str, set[str]] = {}
        for wait in await self._store.read(lambda tx: tx.open_waits(MOST_NAMED)):
            waiting.setdefault(platform_of(wait.channel), set()).add(wait.customer)
        for connection in list(self._connections):
            if waiting.get(connection.name):
                await connection.workspace.ask_names(sorted(waiting[connection.name]))

    async def refresh(self, platform: str | None = None) -> None:
        """Ask for everybody, every group and every channel anew, on one platform (None: on all), and forget what was known of
        readers: events about them may have been missed. What could be learnt holds even where not all could be asked; then
        DeliveryError or its kind is raised, the first platform's."""
        failed: list[DeliveryError] = []
        for connection in list(self._connections):
            if platform not in (None, connection.name):
                continue
            try:
                await connection.workspace.refresh()
                await self.seek(connection)
            except DeliveryError as error:
                failed.append(error)
                say = "Who and what is on a platform couldn't be asked anew; what is known of it may be out of date."
                log.warning("workspace_not_asked", say=say, platform=connection.name, reason=str(error))
        await self.regroup()
        if failed:
            raise failed[0]

    async def _ask_times(self, member: str) -> None:
        accounts = self._engine.team.accounts
        for connection in self._connections:
            account = accounts.account(connection.name, member)
            if account is not None:
                await connection.workspace.ask_times(account)


def _learnt(tx: QueryTransaction, platform: str) -> frozenset[str]:
    beginning = f"{LEARNT}{platform}:"
    return frozenset(name.removeprefix(beginning) for name in tx.marks(beginning))
