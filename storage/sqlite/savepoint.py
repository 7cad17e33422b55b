"""Savepoints within an open transaction: what goes wrong with one event is undone alone."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol


class Nesting(Protocol):
    """What savepoints are set in."""

    def enter(self) -> int:
        """Set a savepoint and give its depth."""
        ...

    def leave(self, depth: int, error: BaseException | None) -> None:
        """Release a savepoint, or undo what was written since."""
        ...


class Savepoint:
    """`with` around one event. A class, because a generator would cost as much as the two statements."""

    __slots__ = ("_depth", "_transaction")

    def __init__(self, transaction: Nesting) -> None:
        self._transaction = transaction
        self._depth = 0

    def __enter__(self) -> None:
        self._depth = self._transaction.enter()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._transaction.leave(self._depth, error)
