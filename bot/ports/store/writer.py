"""How decisions are stored, coming in and going out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from bot.domain.durations import Instant
from bot.domain.writes import Write


class Writer(Protocol):
    """Takes what was decided."""

    def save(self, writes: Iterable[Write]) -> bool:
        """Perform a decision's writes, in their order.

        A wait whose posts say something else now (see domain.posted_wait) has them updated: those updates are put down in the
        same transaction. True when there are any, so that whoever performs them may be woken. Raises StorageError when something
        is to be stored of a wait that was never saved.
        """
        ...

    def put_mark(self, name: str, at: Instant | None, *, by: str | None = None) -> None:
        """Set an instant that outlives restarts; None takes it off. Taking off one that isn't set changes nothing."""
        ...
