"""An archive through the same engine that runs live, on the archive's own time.

Before each event everything that fell due by then is performed, in order; after the last one time goes on for a while, so
that the last waits get the reminders they would have had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from bot.domain.durations import Instant, Seconds
from bot.domain.events import Event, Posted
from bot.domain.people import Role
from bot.engine.clock import VirtualClock
from bot.engine.engine import Engine
from bot.engine.group_commit import Failed, GroupCommit
from bot.errors import described
from bot.intake.explanation import Explanation
from bot.outbox.loop import OutboxLoop
from bot.ports import IntakeTransaction, OutboxTransaction, Problem, Store, Transaction
from bot.waits.availability import QuietRules

TOGETHER = 500
"""Events in one transaction."""


@dataclass(slots=True)
class Progress:
    """How far a replay is, and what it counted on the way."""

    messages: int = 0
    customers_messages: int = 0
    members_messages: int = 0
    automatic: int = 0
    duplicates: int = 0
    failed: int = 0
    reminders: int = 0
    first_at: Instant | None = None
    last_at: Instant | None = None
    customers: set[str] = field(default_factory=set)

    def count(self, event: Event) -> None:
        """Take an event into account."""
        if not isinstance(event, Posted):
            return
        message = event.message
        self.messages += 1
        if self.first_at is None:
            self.first_at = message.at
        self.last_at = message.at if self.last_at is None else max(self.last_at, message.at)
        if message.marks or message.role is Role.APP:
            self.automatic += 1
        elif message.role is Role.MEMBER:
            self.members_messages += 1
        else:
            self.customers_messages += 1
            self.customers.add(message.author)


class Replay:
    """One run over a stream of events."""

    def __init__(
        self,
        engine: Engine,
        store: Store,
        *,
        quiet: QuietRules,
        problem: Callable[[Problem], None],
        explain: Explanation | None = None,
    ) -> None:
        self._engine = engine
        self._store = store
        self._groups = GroupCommit(engine, store)
        self._due = OutboxLoop(engine, store, None, quiet=quiet)
        self._explain = explain
        self._problem = problem
        self._clock = VirtualClock()
        self._next_due: Instant | None = None
        self.progress = Progress()

    async def run(
        self, events: Iterable[Event], *, until: Seconds, on_progress: Callable[[Progress], None] = lambda _: None
    ) -> Progress:
        """Replay all events, then let `until` more seconds pass. `on_progress` is called after every transaction."""
        stream = iter(events) if self._explain is None else self._explain.until_its_end(events)
        self._next_due = await self._engine.transact(self._store, lambda tx: tx.next_due())
        while group := list(islice(stream, TOGETHER)):
            await self._commit(group)
            on_progress(self.progress)
        if self.progress.last_at is not None:
            end = self.progress.last_at + until
            await self._engine.transact(self._store, lambda tx: self._drain(tx, end))
        on_progress(self.progress)
        return self.progress

    async def _commit(self, group: Sequence[Event]) -> None:
        """Decide a group of events, and what falls due between them, in one transaction."""
        progress, next_due, now = replace(self.progress), self._next_due, self._clock.now()
        explained = len(self._explain.entries) if self._explain is not None else 0

        def start_over(_: Exception) -> None:
            self.progress, self._next_due, self._clock = progress, next_due, VirtualClock(now)
            if self._explain is not None:
                del self._explain.entries[explained:]

        decided = await self._groups.commit(group, self._process, before=self._advance, start_over=start_over)
        for event, outcome in zip(group, decided, strict=True):
            if isinstance(outcome, Failed):
                self.progress.failed += 1
                where = f"{event.channel}, message {event.key.message}"
                self._problem(Problem(where=where, what=f"couldn't be judged: {described(outcome.error)}"))

    def _advance(self, tx: Transaction, event: Event) -> None:
        """Time goes on until an event: what falls due by then is performed first."""
        self._drain(tx, event.at)
        self._clock.advance_to(event.at)
        self.progress.count(event)

    def _process(self, tx: IntakeTransaction, event: Event) -> None:
        explain = self._explain
        if explain is None:
            processed = self._engine.process(tx, event)
        else:
            with explain.taking_down(tx, event) as trace:
                processed = self._engine.process(tx, event, trace)
        if not processed.new:
            self.progress.duplicates += 1
        due = processed.next_due
        if due is not None and (self._next_due is None or due < self._next_due):
            self._next_due = due

    def _drain(self, tx: OutboxTransaction, until: Instant) -> None:
        while self._next_due is not None and self._next_due <= until:
            self._clock.advance_to(self._next_due)
            stepped = self._due.note(tx, self._clock.now())
            self.progress.reminders += stepped.sent
            self._next_due = stepped.next_due
