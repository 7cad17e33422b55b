"""One writer per database file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bot.errors import StorageError
from storage.sqlite.failures import code


class Lock:
    """The right to write one database, held until `release` or until the process ends, however it ends.

    It is an exclusive SQLite lock on an empty file beside the database: SQLite's locks work on every system Python runs on, the
    operating system frees them when a process is killed, and the database itself stays open to readers. The empty file stays: to
    delete it would let two processes hold a lock each, one on the deleted file.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock for the database `path`, or raise StorageError at once."""
        file = path.with_name(path.name + ".lock")
        try:
            self._connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise StorageError(
                f"{path}: no lock file can be made beside it: check that its folder may be written ({error})"
            ) from error
        try:
            self._connection.execute("PRAGMA journal_mode = MEMORY")  # nothing is ever written: no -journal beside it either
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            self._connection.close()
            if code(error) == sqlite3.SQLITE_BUSY:
                raise StorageError(
                    f"{path}: another realreply is using this database. Stop it first, or give this one another file"
                ) from error
            raise StorageError(
                f"{path}: {file.name} beside it can't be locked ({error}). If it isn't realreply's (an empty file), move it away"
            ) from error

    def release(self) -> None:
        """Give the lock back. Releasing twice does nothing."""
        self._connection.close()
