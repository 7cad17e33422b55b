"""One writer per database file."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
import threading
from pathlib import Path

from bot.errors import DatabaseInUse, StorageError
from storage.sqlite.failures import code, not_made

LOCK = ".lock"
"""What the file beside the database ends in."""

Inode = tuple[int, int]
"""Device and number: a file's own identity, whatever it is called (`os.stat`)."""

BY_INODE = sys.platform == "linux"
"""Where flock(2) and the locks of fcntl(2), which are SQLite's, don't see each other. Elsewhere (the BSDs, macOS) they do, and
SQLite would be locked out by ourselves."""

_UNSUPPORTED = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS})
"""What flock fails with on a file system that has none."""

_held: set[Inode] = set()
"""The databases that this process holds."""

_guarding = threading.Lock()


class Lock:
    """The right to write one database, held until `release` or until the process ends, however it ends.

    It is two locks. One is SQLite's exclusive lock on an empty file beside the database: SQLite's locks work on every system
    Python runs on, the operating system frees them when a process is killed, and the database itself stays open to readers. It
    goes by the name of that file: who deletes it, or gives the database another name, would be let in. So where that can be
    (see `BY_INODE`), the database file itself is locked with flock(2), too, which goes by its inode.

    The database is opened for that before SQLite opens it, and closed after SQLite has closed it: closing any descriptor of a
    file drops all the locks that the process has on it by fcntl (https://sqlite.org/howtocorrupt.html, 2.2). For the same
    reason a database that this process holds already is never opened here again: `_held` tells.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock for the database `path`, making an empty file of it where there is none. Raises DatabaseInUse at once
        when somebody else has it, StorageError when it can't be had."""
        self.path = path
        self._inode: Inode | None = None
        self._file: int | None = None
        self._beside = _named(path)
        self._inode_beside = _inode(path.with_name(path.name + LOCK))
        try:
            self._take_file()
        except BaseException:
            self._beside.close()
            raise

    @property
    def file(self) -> int | None:
        """A descriptor of the database, to be read with `os.pread` only. None on systems where it isn't held open."""
        return self._file

    @property
    def by_inode(self) -> bool:
        """Whether the database itself is locked, so that nobody gets in under whatever name."""
        return self._file is not None

    def renew(self) -> None:
        """Take the lock beside the database again, if its file was deleted. Raises DatabaseInUse when somebody came first; not
        where the database itself is locked, for they are refused all the same."""
        if _inode(self.path.with_name(self.path.name + LOCK)) == self._inode_beside:
            return
        try:
            again = _named(self.path)
        except StorageError:
            if not self.by_inode:
                raise
            return
        self._beside.close()
        self._beside = again
        self._inode_beside = _inode(self.path.with_name(self.path.name + LOCK))

    def release(self) -> None:
        """Give the lock back. Releasing twice does nothing."""
        with _guarding:
            if self._file is not None:
                os.close(self._file)
                self._file = None
            if self._inode is not None:
                _held.discard(self._inode)
                self._inode = None
        self._beside.close()

    def _take_file(self) -> None:
        path = self.path
        with _guarding:
            try:
                if not path.exists():
                    # SQLite would make it readable for everybody; what customers ask is nobody's business. -wal and -shm follow.
                    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
                status = path.stat()
                inode = (status.st_dev, status.st_ino)
                if inode in _held:
                    raise in_use(path)
                if status.st_nlink > 1:
                    raise several_names(path, status.st_nlink)
                if BY_INODE:
                    self._file = _locked(path)
            except OSError as error:
                raise not_made(error, path) from error
            self._inode = inode
            _held.add(inode)


def in_use(path: Path) -> DatabaseInUse:
    """The error when another realreply has the lock."""
    return DatabaseInUse(f"{path}: another realreply is using this database. Stop it first, or give this one another file")


def _inode(file: Path) -> Inode | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def several_names(path: Path, count: int) -> StorageError:
    """The error for a database that is found under more names than one."""
    return StorageError(
        f"{path}: this file has {count} names (hard links). SQLite keeps its log by name, so opened under another one it would "
        f"be damaged. Delete the other names (find / -xdev -samefile FILE lists them), or copy the file and delete this name"
    )


def _named(path: Path) -> sqlite3.Connection:
    """The lock that goes by name, taken."""
    file = path.with_name(path.name + LOCK)
    try:
        connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise StorageError(
            f"{path}: no lock file can be made beside it: check that its folder may be written ({error})"
        ) from error
    try:
        connection.execute("PRAGMA journal_mode = MEMORY")  # nothing is ever written: no -journal beside it either
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        connection.close()
        if code(error) == sqlite3.SQLITE_BUSY:
            raise in_use(path) from error
        raise StorageError(
            f"{path}: {file.name} beside it can't be locked ({error}). If it isn't realreply's (an empty file), move it away"
        ) from error
    return connection


def _locked(path: Path) -> int | None:
    """A descriptor of the file that holds a lock on it. None where the file system has no such locks."""
    import fcntl  # there is none on Windows

    file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(file)
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise in_use(path) from error
        if error.errno in _UNSUPPORTED:
            return None
        raise
    return file
