"""Events decided together in one transaction, where one that can't be decided fails alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.events import Event
from bot.engine.engine import Engine
from bot.ports import IntakeTransaction, Store, Transaction

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failed:
    """An event that couldn't be decided or stored. Only it failed; nothing of it was kept."""

    error: Exception


def _nothing(_: Transaction, __: Event) -> None:
    """Nothing is due before an event."""


class GroupCommit:
    """Decides groups of events, each group in one transaction."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self._engine = engine
        self._store = store

    async def commit(
        self,
        events: Sequence[Event],
        decide: Callable[[IntakeTransaction, Event], T],
        *,
        before: Callable[[Transaction, Event], None] = _nothing,
        start_over: Callable[[Exception], None],
    ) -> list[T | Failed]:
        """What `decide` gives for each event, in their order, once all of it is committed.

        Savepoints are what a group costs most. Nearly always nothing fails, so it is tried without them. If something does,
        nothing of the group was kept: `start_over` (which gets the error) takes back what was noted outside the transaction, and
        all of it is done again with a savepoint for each event. What `before` does for an event stays even if the event fails.
        Raises what makes all of them fail.
        """

        def together(tx: Transaction) -> list[T | Failed]:
            decided: list[T | Failed] = []
            for event in events:
                before(tx, event)
                decided.append(decide(tx, event))
            return decided

        def one_by_one(tx: Transaction) -> list[T | Failed]:
            decided: list[T | Failed] = []
            for event in events:
                before(tx, event)
                decided.append(self._alone(tx, event, decide))
            return decided

        try:
            return await self._engine.transact(self._store, together)
        except Exception as error:  # whatever it is: the event that causes it is reported when it fails alone
            start_over(error)
            return await self._engine.transact(self._store, one_by_one)

    def _alone(self, tx: IntakeTransaction, event: Event, decide: Callable[[IntakeTransaction, Event], T]) -> T | Failed:
        try:
            with tx.savepoint():
                return decide(tx, event)
        except Exception as error:  # whatever is wrong with this event, the others must not suffer; the caller reports it
            self._engine.evict(event.channel)
            return Failed(error)
