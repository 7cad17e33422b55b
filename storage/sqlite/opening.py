"""How a file becomes a connection: what it is, whether it is whole, and how we want SQLite to treat it."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Literal

from bot.errors import ForeignDatabase, NewerDatabase, StorageError
from storage.sqlite import copies, migrate
from storage.sqlite.failures import code, damaged, explained, not_made

Synchronous = Literal["FULL", "NORMAL", "OFF"]

WHOLE_WAL = (3, 51, 3)
"""From here on two connections that checkpoint at once can't damage the log any more (https://sqlite.org/wal.html, "The WAL-reset
bug"). With an older one nothing but our one writer may checkpoint."""

OLDEST_SQLITE = (3, 38, 0)
"""STRICT tables came with 3.37, RETURNING with 3.35; 3.38 is the oldest version the tests were written for."""

BUSY_SECONDS = 5.0
"""How long a statement waits for somebody else's lock (a backup tool, an open sqlite3 shell)."""

CACHED_STATEMENTS = 256
"""More than all statements of this package, so that none is ever prepared twice."""

CACHE_KIB = 4_000
"""Page cache of a connection, in KiB. What is written lies together at the ends of a few trees: four times as much was no faster,
live or in a replay, and stayed resident."""

WAL_KEPT_BYTES = 16 * 1024 * 1024
"""What is left of the -wal file after a checkpoint; a long read may have let it grow."""


def require_sqlite() -> None:
    """Raise StorageError when Python's SQLite is too old."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise StorageError(
            f"realreply needs SQLite {wanted} or later; this Python has {sqlite3.sqlite_version}. Use a Python whose SQLite is "
            f"newer (any Python 3.11+ from python.org, or a system from 2023 on)"
        )


def recognise(path: Path, *, create: bool) -> None:
    """Make sure that `path` is ours to open, or can become ours, without touching it.

    Reads nothing but the header, as an immutable file: SQLite then takes no lock and makes no -wal or -shm beside it. The
    header tells the truth even while a -wal exists, because versions change outside WAL mode only (see `prepare`).

    Raises ForeignDatabase, NewerDatabase, or StorageError (a folder, nothing there, not allowed).
    """
    require_sqlite()
    try:
        status = path.stat()
    except FileNotFoundError:
        if not create:
            raise StorageError(f"{path}: there is no database. Check the path, or start realreply once to make one") from None
        if not path.parent.is_dir():
            raise StorageError(f"{path}: its folder doesn't exist. Make the folder first") from None
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise StorageError(f"{path}: its folder may not be written. Change its permissions or choose another one") from None
        return
    except OSError as error:
        raise StorageError(f"{path}: it can't be looked at ({error.strerror}). Check the path and its permissions") from error
    if path.is_dir():
        raise StorageError(f"{path}: this is a folder. Name a file in it, such as {path.name}/realreply.db")
    if not path.is_file():
        raise StorageError(f"{path}: this is no ordinary file. Name another one")
    if not os.access(path, os.R_OK | os.W_OK) or not os.access(path.parent, os.W_OK | os.X_OK):
        raise StorageError(f"{path}: it and its folder must be writable. Change the permissions or choose another file")
    if status.st_size:
        _recognise_header(path)


def _recognise_header(path: Path) -> None:
    newest = len(migrate.migrations())
    connection = sqlite3.connect(_uri(path, "immutable=1"), uri=True)
    try:
        # Lets SQLite read the header of a file that was cut short, which is then called damaged, not foreign.
        connection.execute("PRAGMA writable_schema = ON")
        application: int = connection.execute("PRAGMA application_id").fetchone()[0]
        found = migrate.version(connection)
    except sqlite3.DatabaseError as error:
        if code(error) not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise explained(error, path) from error
        raise ForeignDatabase(
            f"{path}: this is no realreply database (nor any SQLite file). It was left untouched; name another file, or move it "
            f"away"
        ) from error
    finally:
        connection.close()
    if application != migrate.APPLICATION_ID:
        raise ForeignDatabase(
            f"{path}: this is another program's SQLite database. It was left untouched; name another file, or move it away"
        )
    if found > newest:
        raise NewerDatabase(
            f"{path}: a later version of realreply wrote it (schema {found}; this one knows {newest}). It was left untouched; "
            f"install that version again, or name another file"
        )


def open_writer(path: Path, synchronous: Synchronous) -> sqlite3.Connection:
    """The one connection that writes and checkpoints. Fills an empty file and upgrades an old one.

    The caller holds the file's Lock, which has made it where there was none. Raises CorruptDatabase, leaving the file's
    bytes as they were, or StorageError.
    """
    try:
        fresh = path.stat().st_size == 0
        if not fresh:
            verify(path)
        connection = _connect(_uri(path, "mode=rw"))
        try:
            connection.execute("PRAGMA secure_delete = ON")
            prepare(connection, path, fresh=fresh)
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES}")
            # Savepoints keep the pages they may have to restore: in a temporary file that is a quarter of all our time.
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise explained(error, path) from error
    except OSError as error:
        raise not_made(error, path) from error
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that can't write, and therefore never checkpoints.

    Before `WHOLE_WAL` SQLite can corrupt a WAL when two connections checkpoint at once.
    """
    try:
        connection = _connect(_uri(path, "mode=ro"))
        try:
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            connection.execute("PRAGMA temp_store = MEMORY")  # what is sorted may be words
            connection.execute("SELECT count(*) FROM channels").fetchone()  # connects for real: errors belong here
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise explained(error, path) from error
    return connection


def verify(path: Path) -> None:
    """Raise CorruptDatabase when SQLite finds damage; the file and its -wal stay as they are.

    A connection that may write would copy the -wal into the file when it closes, so this one may not.
    """
    wal = path.with_name(path.name + "-wal")
    # Without a -wal nothing has to be recovered, and an immutable look leaves no -shm behind.
    whole = not wal.exists() or wal.stat().st_size == 0
    connection = sqlite3.connect(_uri(path, "immutable=1" if whole else "mode=ro"), uri=True, isolation_level=None)
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise explained(error, path) from error
    finally:
        connection.close()
    if found != "ok":
        raise damaged(path, str(found))


def prepare(connection: sqlite3.Connection, path: Path, *, fresh: bool) -> None:
    """Bring the schema up to date and switch to WAL mode. Before an upgrade the file is copied beside itself.

    Versions are written outside WAL mode: the header of the main file is then always true, and an older realreply can
    refuse the file by its header alone, without touching it.
    """
    wanted = migrate.migrations()
    found = migrate.version(connection)
    if found < len(wanted):
        if not fresh:
            copies.make(path, copies.upgrade_copy(path, len(wanted)))
            connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = FULL")
        migrate.upgrade(connection, wanted)
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StorageError(
            f"{path}: SQLite can't keep a write-ahead log there. Put the database on a local disk, not a network share"
        )


def _connect(uri: str) -> sqlite3.Connection:
    # isolation_level=None: Python opens no transaction of its own; ours are explicit.
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=CACHED_STATEMENTS)


def _uri(path: Path, option: str) -> str:
    return f"{path.as_uri()}?{option}"
