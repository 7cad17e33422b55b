"""The database: opened, used in whole transactions, copied, closed. The `Store` of bot/ports."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from bot.domain.durations import Instant
from bot.errors import DatabaseLost, StorageError
from bot.ports import Health, QueryTransaction, Transaction
from storage.sqlite import copies, keys, log_owner, texts
from storage.sqlite.channels import Channels
from storage.sqlite.connection import SqliteConnection, to_the_end
from storage.sqlite.events import Forgotten
from storage.sqlite.failures import explained, not_made
from storage.sqlite.lock import Lock
from storage.sqlite.messages import Unpack
from storage.sqlite.migrate import version
from storage.sqlite.opened_files import OpenedFiles
from storage.sqlite.opening import Synchronous, open_reader, open_writer, recognise
from storage.sqlite.read_only import ReadOnlyDatabase, resolved, run
from storage.sqlite.transaction import OpenTransaction

T = TypeVar("T")

NORMAL = 1
"""SQLite's number for it: the file can't be damaged by a power cut, but the last commits may be lost."""


class Database:
    """One database file: one connection that writes, one that reads, and the lock that keeps other writers out.

    `writer` and `reader` are for this package and its tests; everybody else has transactions.
    """

    def __init__(
        self, path: Path, lock: Lock, writer: SqliteConnection, reader: SqliteConnection, unpack: Unpack, *, new: bool
    ) -> None:
        """Use `Database.open`."""
        self.path = path
        self.new = new
        self._lock = lock
        self._files = OpenedFiles.of(lock)
        self.writer = writer
        self.reader = reader
        self._readable = ReadOnlyDatabase(path, reader, unpack)
        self._unpack = unpack
        self._written_channels = Channels()
        self._forgotten = Forgotten()
        self._count_up = True
        """Whether the next transaction writes the file's first page, so that the header's counter goes up with each time that the
        log is brought into the file: what the file was before is then told from what it is."""

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
            new = path.stat().st_size == 0
            _set_aside(path)
            copies.sweep(path.parent, lambda name: copies.before_upgrade(path, name))
            writer = await SqliteConnection.open(partial(open_writer, path, synchronous))
            try:
                # A process that was killed left its last words in the -wal.
                await run(writer, _tidied, path)
                reader = await SqliteConnection.open(partial(open_reader, path))
                try:
                    return cls(path, lock, writer, reader, unpack, new=new)
                except BaseException:
                    await reader.end()
                    raise
            except BaseException:
                await writer.end()
                raise
        except BaseException:
            lock.release()
            raise

    async def close(self) -> None:
        """Close both connections; the last transaction is in the file then. Closing twice does nothing.

        An open connection would keep its thread, and the thread would keep the interpreter from ending.
        """
        await to_the_end(self._close())

    async def _close(self) -> None:
        # The writer is the last one out: it brings the -wal into the file and clears it away. The reader can't, so it is the last
        # where that would spoil what somebody put there.
        spoiled = False
        with suppress(DatabaseLost):
            spoiled = self._files.written_over
        useless = spoiled
        first, last = (self.writer, self.reader) if spoiled else (self.reader, self.writer)
        try:
            await first.end()
        finally:
            try:
                if first is self.reader:
                    with suppress(sqlite3.Error, ValueError):  # closed before, or a full disk: the next start scrubs
                        if self._files.displaced:  # SQLite would leave the -wal: our file gets it, whatever its name is now
                            useless = not await self.writer.run(_checkpoint)
                        else:
                            await self.writer.run(_scrub)
                await last.end()
                if useless:
                    self._files.discard_logs()
                self._files.clear_note()
            finally:
                self._lock.release()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        return await run(self.writer, partial(self._transact, work), self.path)

    def _transact(self, work: Callable[[Transaction], T], connection: sqlite3.Connection) -> T:
        transaction = OpenTransaction(connection, self._written_channels, self._unpack, self._forgotten)
        self._files.require_unspoiled()
        if self._count_up:  # the counter goes up from what it was when the first page was read: that must not be in the cache
            connection.execute("PRAGMA shrink_memory")
        connection.execute("BEGIN IMMEDIATE")
        try:
            if self._count_up:
                connection.execute(f"PRAGMA user_version = {version(connection)}")
            result = work(transaction)
            transaction.confirm()
            connection.execute("COMMIT")
        except BaseException:
            self._written_channels.forget()
            self._forgotten.forget()
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        self._count_up = self._files.follow()
        return result

    async def read(self, work: Callable[[QueryTransaction], T]) -> T:
        return await self._readable.read(work)

    async def key(self, name: str) -> bytes:
        return await run(self.writer, partial(keys.one, name=name), self.path)

    async def look(self) -> None:
        # On a thread of ours: a disk that is gone may let whoever asks wait.
        await run(self.reader, lambda _: self._files.look(), self.path)

    async def checkpoint(self) -> None:
        """Also brings the -wal into the file and empties it: blanked texts may be found in either until then."""
        busy = await run(self.writer, self._checkpoint, self.path)
        if busy:
            raise StorageError(f"{self.path}: another program is reading, so the log can't be emptied now. Try again later")

    def _checkpoint(self, connection: sqlite3.Connection) -> bool:
        self._files.require_unspoiled()
        busy = _checkpoint(connection)
        self._count_up = self._files.follow() or self._count_up
        return busy

    async def backup(self, path: Path | str) -> None:
        """The copy is made by a connection of its own that only reads, on a thread of its own: no transaction waits for it."""
        target = Path(path).resolve()
        if target.exists():
            raise StorageError(f"{target}: there is a file already. Name another one")
        copying = copies.Copying(self.path, target)
        try:
            await copying.run()
        except sqlite3.Error as error:
            raise explained(error, self.path) from error
        except OSError as error:
            raise StorageError(f"{target}: {error.strerror}. Check the folder and the disk") from error

    async def forget_upgrades(self, before: Instant) -> int:
        return await run(self.reader, lambda _: copies.forget_upgrades(self.path, before), self.path)

    async def forget_lost_log(self, before: Instant) -> bool:
        return await run(self.reader, lambda _: log_owner.forget_lost(self.path, before), self.path)

    async def check(self) -> Health:
        return await self._readable.check()


def _set_aside(path: Path) -> None:
    try:
        log_owner.set_aside(path)
    except OSError as error:
        raise not_made(error, path) from error


def _checkpoint(connection: sqlite3.Connection) -> bool:
    _scrub(connection)
    busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return bool(busy)


def _tidied(connection: sqlite3.Connection) -> None:
    """`_checkpoint` as the first thing after opening. What it writes needn't outlive a power cut: it would be done again."""
    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    connection.execute(f"PRAGMA synchronous = {min(synchronous, NORMAL)}")
    _checkpoint(connection)
    connection.execute(f"PRAGMA synchronous = {synchronous}")


def _scrub(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        texts.scrub(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
