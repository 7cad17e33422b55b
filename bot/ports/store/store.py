"""The database as a whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from bot.domain.durations import Instant
from bot.ports.store.intake import IntakeTransaction
from bot.ports.store.outbox import OutboxTransaction
from bot.ports.store.queries import QueryTransaction
from bot.ports.store.records import Health
from bot.ports.store.upkeep import UpkeepTransaction

T = TypeVar("T")

PART = ".part"
"""What is at the end of the name of a copy that isn't done. One that is older than its process was left by a killed one."""


class Transaction(IntakeTransaction, OutboxTransaction, UpkeepTransaction, Protocol):
    """One open write transaction, for whoever composes its users. Each of these names the part that it needs.

    Its methods run on the storage thread and are not to be kept after it. What was written in it is read in it.
    """


class ReadableStore(Protocol):
    """A database that can be read, also while another process writes it."""

    async def read(self, work: Callable[[QueryTransaction], T]) -> T:
        """Run `work` on one consistent state: the last commit. Writing all the same raises StorageError."""
        ...

    async def check(self) -> Health:
        """Look all of it over. Raises CorruptDatabase when something is damaged or points nowhere."""
        ...


class Store(ReadableStore, Protocol):
    """The database. A transaction is one function, run whole on the storage thread: begun, committed or rolled back
    there, so that cancelling the caller never leaves it open. A cancelled caller gets CancelledError after the work has ended; it
    is then committed, or rolled back if it failed."""

    @property
    def new(self) -> bool:
        """Whether there was nothing in it when it was opened."""
        ...

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a write transaction and commit. Any exception rolls back and is raised on; what the database itself
        refuses is raised as StorageError."""
        ...

    async def key(self, name: str) -> bytes:
        """A random key of this database, 32 bytes: made when it is first asked for, the same from then on."""
        ...

    async def look(self) -> None:
        """Look whether the database is still the one that was opened, where it was, and may be written; to be called every now
        and then. Raises DatabaseLost, or DatabaseInUse when somebody else may have come in."""
        ...

    async def checkpoint(self) -> None:
        """Let go of every byte of what was blanked: until then somebody who reads raw files may find it. Raises StorageError
        when somebody else is reading."""
        ...

    async def backup(self, path: Path) -> None:
        """Copy the database, as last committed, into a new file, without anybody's words: which messages had some is in it, so
        that they are read again from the platform when the copy is used (`unworded`). Nobody who writes waits for it. Until it is
        done the file's name has PART at its end. Raises StorageError, also when there is one."""
        ...

    async def forget_upgrades(self, before: Instant) -> int:
        """Remove the copies that were made before an upgrade, as far as that was before an instant. Gives how many there were."""
        ...

    async def forget_lost_log(self, before: Instant) -> bool:
        """Remove the log of another database that was set aside, if that was before an instant. Whether there was one."""
        ...
