"""SQLite's errors, said for people."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path

from bot.errors import CorruptDatabase, DatabaseInUse, DiskFull, StorageError

ENVIRONMENT = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
"""Result codes that say something of the machine or the file, not of the row that was written."""

ADVICE = {
    sqlite3.SQLITE_BUSY: "another program holds a lock on it: close whatever else has it open, then try again",
    sqlite3.SQLITE_LOCKED: "another program holds a lock on it: close whatever else has it open, then try again",
    sqlite3.SQLITE_FULL: "the disk is full: make room; what was committed is safe",
    sqlite3.SQLITE_IOERR: "the disk reports an error: check the disk and the mount, then start again",
    sqlite3.SQLITE_READONLY: "it may not be written: check the permissions of the file and of its folder",
    sqlite3.SQLITE_PERM: "it may not be opened: check the permissions of the file and of its folder",
    sqlite3.SQLITE_CANTOPEN: "it can't be opened: check that its folder exists and may be written",
    sqlite3.SQLITE_PROTOCOL: "its locks don't work: put the database on a local disk, not on a network share",
}

KINDS: dict[int, type[StorageError]] = {
    sqlite3.SQLITE_BUSY: DatabaseInUse,
    sqlite3.SQLITE_LOCKED: DatabaseInUse,
    sqlite3.SQLITE_FULL: DiskFull,
}
"""Those of ADVICE that whoever starts us again wants to tell apart."""

NO_ROOM_BYTES = 64 * 1024
"""A disk with less is full: SQLite enlarges the -shm by half of this, and calls it an I/O error when it can't."""


def code(error: sqlite3.Error) -> int:
    """The primary result code of an error; SQLITE_ERROR when Python itself raised it.

    Extended codes carry the primary one in their low byte (https://sqlite.org/rescode.html).
    """
    extended: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return extended & 0xFF


def environmental(error: BaseException) -> bool:
    """Whether an error is the machine's or the file's, so that it concerns every event and not only this one."""
    return isinstance(error, MemoryError) or (isinstance(error, sqlite3.Error) and code(error) in ENVIRONMENT)


def explained(error: sqlite3.Error, path: Path) -> StorageError:
    """The error as a StorageError that names the file and says what to do."""
    primary = code(error)
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(path, str(error))
    if primary == sqlite3.SQLITE_IOERR and _is_full(path):
        primary = sqlite3.SQLITE_FULL
    if primary in ADVICE:
        return KINDS.get(primary, StorageError)(f"{path}: {ADVICE[primary]} ({error})")
    return StorageError(f"{path}: the database refused a statement ({error})")


def not_made(error: OSError, path: Path) -> StorageError:
    """The error for a file that couldn't be made, opened or looked at."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"{path}: {ADVICE[sqlite3.SQLITE_FULL]} ({error.strerror})")
    return StorageError(f"{path}: {error.strerror}. Check the folder and the disk")


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < NO_ROOM_BYTES
    except OSError:
        return False


def damaged(path: Path, what: str) -> CorruptDatabase:
    """The error for a file in which SQLite found damage."""
    return CorruptDatabase(
        f"{path}: the database is damaged ({what}). Move it away together with its -wal and -shm files and put the latest "
        f"backup in its place; without one, start with a new file"
    )
