"""The database: opened, used in whole transactions, copied, closed. The `Store` of bot/ports."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from secrets import token_bytes
from types import TracebackType
from typing import Self, TypeVar

from bot.errors import StorageError
from bot.ports import Transaction
from storage.sqlite import migrate, texts
from storage.sqlite.channels import Channels
from storage.sqlite.connection import Connection, to_the_end
from storage.sqlite.lock import Lock
from storage.sqlite.looking import ReadOnlyDatabase, resolved, run
from storage.sqlite.messages import Unpack
from storage.sqlite.opening import Synchronous, open_reader, open_writer, recognise
from storage.sqlite.transaction import OpenTransaction

T = TypeVar("T")

KEY_BYTES = 32
"""Half of what BLAKE2b takes at most, and more than anybody can try."""


class Database:
    """One database file: one connection that writes, one that reads, and the lock that keeps other writers out."""

    def __init__(self, path: Path, lock: Lock, writer: Connection, reader: Connection, unpack: Unpack) -> None:
        """Use `Database.open`."""
        self.path = path
        self._lock = lock
        self._writer = writer
        self._reader = reader
        self._look = ReadOnlyDatabase(path, reader, unpack)
        self._unpack = unpack
        self._written_channels = Channels()

    @classmethod
    async def open(cls, path: Path | str, *, unpack: Unpack, synchronous: Synchronous = "FULL", create: bool = True) -> Database:
        """Open a database, making it (with `create`) or upgrading it as needed.

        `unpack` makes a Reading of what its `pack` gave. `synchronous` is SQLite's: FULL survives a power cut; OFF is for
        files that can be made again. Raises ForeignDatabase, NewerDatabase or CorruptDatabase, leaving the file untouched, or
        StorageError (in use, not there, not allowed, SQLite too old).
        """
        return await to_the_end(cls._open(Path(path), unpack, synchronous, create), undo=cls._close)

    @classmethod
    async def _open(cls, named: Path, unpack: Unpack, synchronous: Synchronous, create: bool) -> Database:
        path = resolved(named)
        recognise(path, create=create)
        lock = Lock(path)
        try:
            writer = await Connection.open(partial(open_writer, path, synchronous))
            try:
                reader = await Connection.open(partial(open_reader, path))
            except BaseException:
                await writer.end()
                raise
        except BaseException:
            lock.release()
            raise
        return cls(path, lock, writer, reader, unpack)

    async def close(self) -> None:
        """Close both connections; the last transaction is in the file then. Closing twice does nothing.

        An open connection would keep its thread, and the thread would keep the interpreter from ending.
        """
        await to_the_end(self._close())

    async def _close(self) -> None:
        try:
            await self._reader.end()  # first, so that the writer is the last one out and clears the -wal away
        finally:
            try:
                await self._writer.end()
            finally:
                self._lock.release()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a write transaction and commit. Any exception rolls back and is raised on (SQLite's own as StorageError).

        All of it happens in one go on the storage thread. A cancelled caller gets CancelledError after the work has ended; it is
        then committed, or rolled back if it failed.
        """
        return await run(self._writer, partial(self._transact, work), self.path)

    def _transact(self, work: Callable[[Transaction], T], connection: sqlite3.Connection) -> T:
        transaction = OpenTransaction(connection, self._written_channels, self._unpack)
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(transaction)
            transaction.confirm()
            connection.execute("COMMIT")
        except BaseException:
            self._written_channels.forget()
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on the reading connection, on one consistent state: the last commit. Writing raises StorageError."""
        return await self._look.read(work)

    async def key(self, name: str) -> bytes:
        """A random key of this database, KEY_BYTES long: made when it is first asked for, the same from then on."""
        return await run(self._writer, partial(_key, name=name), self.path)

    async def checkpoint(self) -> None:
        """Bring the -wal into the file and empty it. After this no byte of a blanked text is left in either.

        Housekeeping calls it every few minutes; until then blanked texts may be found in the -wal by whoever reads raw bytes.
        """
        busy = await run(self._writer, _checkpoint, self.path)
        if busy:
            raise StorageError(f"{self.path}: another program is reading, so the log can't be emptied now. Try again later")

    async def backup(self, path: Path | str) -> None:
        """Copy the database, as last committed, into the single new file `path`. Raises StorageError when there is one."""
        target = Path(path).resolve()
        if target.exists():
            raise StorageError(f"{target}: there is a file already. Name another one")
        try:
            await run(self._writer, partial(migrate.copy, target=target), self.path)
        except OSError as error:
            raise StorageError(f"{target}: {error.strerror}. Check the folder and the disk") from error

    async def check(self) -> None:
        """Read the whole file and raise CorruptDatabase when SQLite finds damage or a row that points nowhere."""
        await self._look.check()


def _key(connection: sqlite3.Connection, name: str) -> bytes:
    # One statement each, committed by itself: whoever comes second reads what the first one wrote.
    connection.execute("INSERT INTO keys (name, key) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", (name, token_bytes(KEY_BYTES)))
    key: bytes = connection.execute("SELECT key FROM keys WHERE name = ?", (name,)).fetchone()[0]
    return key


def _checkpoint(connection: sqlite3.Connection) -> bool:
    connection.execute("BEGIN IMMEDIATE")
    try:
        texts.scrub(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return bool(busy)
