"""A database that is only looked at: no lock, no change, also while another process runs on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from bot.errors import StorageError
from bot.ports import Health, QueryTransaction
from storage.sqlite import migrate
from storage.sqlite.channels import Channels
from storage.sqlite.connection import SqliteConnection, to_the_end
from storage.sqlite.failures import damaged, explained
from storage.sqlite.lock import several_names
from storage.sqlite.messages import Unpack
from storage.sqlite.opening import open_reader, recognise
from storage.sqlite.transaction import OpenTransaction

T = TypeVar("T")


class ReadOnlyDatabase:
    """The reading side of a database file. `Database` has one; `ReadOnlyDatabase.open` is one alone.

    WAL readers and the writer don't wait for each other, and a reader sees whole commits only (https://sqlite.org/wal.html). What
    a lone reader leaves beside a file that nobody else has open, an empty -wal and a -shm, the next writer clears away.
    """

    def __init__(self, path: Path, reader: SqliteConnection, unpack: Unpack) -> None:
        """Use `ReadOnlyDatabase.open`."""
        self.path = path
        self._reader = reader
        self._unpack = unpack

    @classmethod
    async def open(cls, path: Path | str, *, unpack: Unpack) -> ReadOnlyDatabase:
        """Look at a database as it is, whoever uses it.

        Raises ForeignDatabase, NewerDatabase or CorruptDatabase, or StorageError (not there, not allowed, nothing in it yet,
        written by an earlier version and not upgraded, which only `Database.open` does).
        """
        return await to_the_end(cls._open(Path(path), unpack), undo=cls.close)

    @classmethod
    async def _open(cls, named: Path, unpack: Unpack) -> ReadOnlyDatabase:
        path = resolved(named)
        recognise(path, create=False)
        return cls(path, await SqliteConnection.open(partial(_open_current, path)), unpack)

    async def close(self) -> None:
        """Close the connection. Closing twice does nothing."""
        await self._reader.end()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def read(self, work: Callable[[QueryTransaction], T]) -> T:
        return await run(self._reader, partial(self._read, work), self.path)

    def _read(self, work: Callable[[QueryTransaction], T], connection: sqlite3.Connection) -> T:
        connection.execute("BEGIN")
        try:
            # Numbers aren't remembered from one to the next: whoever writes may join two channels meanwhile.
            transaction = OpenTransaction(connection, Channels(), self._unpack)
            result = work(transaction)
            transaction.confirm()  # whoever wrote something is told that it can't be
            return result
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
                raise StorageError("a reading transaction can't write: use `transact`") from error
            raise
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    async def check(self) -> Health:
        found = await run(self._reader, _examine, self.path)
        if found:
            raise damaged(self.path, "; ".join(found))
        return Health(product=f"SQLite {sqlite3.sqlite_version}")


async def run(connection: SqliteConnection, work: Callable[[sqlite3.Connection], T], path: Path) -> T:
    """Run `work` on a connection to the file at `path`. SQLite's errors are raised as StorageError."""
    try:
        return await connection.run(work)
    except sqlite3.Error as error:
        raise explained(error, path) from error
    except ValueError as error:
        if str(error) in ("Connection closed", "no active connection"):
            raise StorageError(f"{path}: the database is closed") from error
        raise


def resolved(named: Path) -> Path:
    """The file a path leads to: locks belong to it, not to one of its names. Raises StorageError."""
    try:
        return named.resolve()
    except (OSError, RuntimeError) as error:
        raise StorageError(f"{named}: this path leads nowhere ({error})") from error


def _open_current(path: Path) -> sqlite3.Connection:
    """A reading connection to a file whose schema is ours. (A later schema was refused by the header.)"""
    status = path.stat()
    if status.st_nlink > 1:  # its log may lie under another name, and what is seen here would be old
        raise several_names(path, status.st_nlink)
    if not status.st_size:
        raise StorageError(f"{path}: the file is empty. Start realreply once, and it makes its database there")
    connection = open_reader(path)
    try:
        found, newest = migrate.version(connection), len(migrate.migrations())
        if found < newest:
            raise StorageError(
                f"{path}: an earlier version of realreply wrote it (schema {found}; this one reads {newest}). Start realreply "
                f"once: it copies the file and upgrades it"
            )
    except BaseException:
        connection.close()
        raise
    return connection


def _examine(connection: sqlite3.Connection) -> tuple[str, ...]:
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)").fetchall() if row[0] != "ok"]
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        found.append(f"{len(broken)} rows that point nowhere, the first in {broken[0][0]}")
    return tuple(found)
