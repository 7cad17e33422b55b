"""Copies of a database: made without anybody's words, beside a writer that goes on, and forgotten when they are old.

A copy is built table by table from one state of the file. Words are left out as it is built, so they are in no file of it at any
time, also not in one that a killed process leaves.
"""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.domain.durations import Instant
from bot.errors import StorageError
from bot.ports import PART
from storage.sqlite.connection import SqliteConnection

LARGEST_WAL = 256 * 1024 * 1024
"""Bytes. While a copy reads, what is written meanwhile stays in the -wal: a copy that is so slow, or so much is written, that it
grows beyond this is given up, and made at its next turn."""

LOOKS = 50_000
"""SQLite's own steps between two looks at whether to go on: some milliseconds."""

SYNCED = 8 * 1024 * 1024
"""Bytes of a copy that are brought to the disk together. All of it at once would hold back whoever commits meanwhile."""

SCHEMA = (
    "SELECT name, type, sql FROM live.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name"
)
"""Tables before indexes."""

LEFT_OUT = {
    # Which messages had words is in the copy, so that whoever uses it reads them again from the platform.
    "texts": "INSERT INTO main.texts (wait, message, text) SELECT wait, message, '' FROM live.texts",
    "notes": "INSERT INTO main.notes SELECT * FROM live.notes WHERE 0",
    "handovers": "INSERT INTO main.handovers SELECT wait, at, by, member, '' FROM live.handovers",
    # Earlier versions kept the words of edits, and nobody needs one that is older than an hour.
    "early": "INSERT INTO main.early SELECT * FROM live.early WHERE kind <> 'edited'",
}
"""By table, how its rows are copied where not as they are."""


class Copying:
    """One copy under way, on a connection and a thread of its own."""

    def __init__(self, source: Path, target: Path) -> None:
        self._source, self._target = source, target
        self._given_up = threading.Event()

    async def run(self) -> None:
        """Make the copy. Cancelled, it is given up at once and nothing of it is left. Raises as `make` does."""
        made = asyncio.ensure_future(self._make())
        try:
            await asyncio.shield(made)
        except asyncio.CancelledError:
            self._given_up.set()
            await asyncio.wait((made,))
            if not made.cancelled():
                made.exception()  # it was given up: that is known
            raise

    async def _make(self) -> None:
        connection = await SqliteConnection.open(partial(_begun, self._source, self._target))
        try:
            await connection.run(lambda opened: _fill(opened, self._source, self._target, self._given_up.is_set))
        finally:
            await connection.end()
            _part(self._target).unlink(missing_ok=True)


def make(source: Path, target: Path) -> None:
    """Copy the database `source`, as last committed, into the single file `target`: it appears complete or not at all. Raises
    sqlite3.Error, OSError, and StorageError where it had to be given up."""
    try:
        connection = _begun(source, target)
        try:
            _fill(connection, source, target, lambda: False)
        finally:
            connection.close()
    finally:
        _part(target).unlink(missing_ok=True)


def _part(target: Path) -> Path:
    return target.with_name(target.name + PART)


def _begun(source: Path, target: Path) -> sqlite3.Connection:
    """A connection to the unfinished copy, with the database as `live`, which it can only read.

    It can't checkpoint therefore, which two connections must not do at once: before 3.51.3 SQLite can corrupt a WAL so
    (https://sqlite.org/wal.html).
    """
    part = _part(target)
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection = sqlite3.connect(part.as_uri(), uri=True, isolation_level=None)
    try:
        # A copy that isn't done is worth nothing: it needs no journal, and is brought to the disk by us.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("ATTACH ? AS live", (f"{source.as_uri()}?mode=ro",))
    except BaseException:
        connection.close()
        raise
    return connection


def _fill(connection: sqlite3.Connection, source: Path, target: Path, given_up: Callable[[], bool]) -> None:
    part, wal = _part(target), source.with_name(source.name + "-wal")
    handle = os.open(part, os.O_RDWR)
    synced = 0
    why = ""

    def stops() -> bool:
        nonlocal synced, why
        written = os.fstat(handle).st_size
        if written - synced >= SYNCED:
            os.fdatasync(handle) if hasattr(os, "fdatasync") else os.fsync(handle)
            synced = written
        if given_up():
            why = "it was called off"
        elif wal.exists() and wal.stat().st_size > LARGEST_WAL:
            why = f"what was written meanwhile came to more than {LARGEST_WAL >> 20} MB"
        return bool(why)

    connection.set_progress_handler(stops, LOOKS)
    try:
        connection.execute("BEGIN")
        tables = []
        for name, kind, sql in connection.execute(SCHEMA).fetchall():
            connection.execute(sql)
            if kind == "table":
                tables.append(name)
        for name in tables:
            connection.execute(LEFT_OUT.get(name, f'INSERT INTO main."{name}" SELECT * FROM live."{name}"'))
        if connection.execute("SELECT 1 FROM live.sqlite_schema WHERE name = 'sqlite_sequence'").fetchone():
            # What was counted goes on from where it was, also where the latest rows have been forgotten since.
            connection.execute("DELETE FROM main.sqlite_sequence")
            connection.execute("INSERT INTO main.sqlite_sequence SELECT * FROM live.sqlite_sequence")
        for pragma in ("application_id", "user_version"):
            value = connection.execute(f"PRAGMA live.{pragma}").fetchone()[0]
            connection.execute(f"PRAGMA main.{pragma} = {value}")
        connection.execute("COMMIT")
        os.fsync(handle)
        os.replace(part, target)
    except sqlite3.OperationalError as error:
        if not why:
            raise
        raise StorageError(f"{target}: the copy was given up, because {why}. It is made again at its next turn") from error
    finally:
        connection.set_progress_handler(None, 0)
        os.close(handle)
    if os.name == "posix":  # the new name is on the disk only when its folder is
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def sweep(folder: Path, ours: Callable[[str], bool]) -> None:
    """Remove what killed processes left of copies in a folder: `ours` tells a copy of this database by its name. Journals are of
    earlier versions."""
    if not folder.is_dir():
        return
    for file in folder.iterdir():
        name, part, rest = file.name.rpartition(PART)
        if part and rest in ("", "-journal") and ours(name):
            file.unlink(missing_ok=True)


def upgrade_copy(path: Path, version: int) -> Path:
    """Where the copy lies that is made of the database at `path` before it is brought to a schema's version."""
    return path.with_name(f"{path.name}.before-v{version}")


def before_upgrade(path: Path, name: str) -> bool:
    """Whether a file beside the database at `path` is named as such a copy is."""
    return re.fullmatch(re.escape(path.name) + r"\.before-v\d+", name) is not None


def forget_upgrades(path: Path, before: Instant) -> int:
    """Remove the copies of the database at `path` that were made before upgrades, where that was before an instant. Gives how
    many."""
    old = [file for file in path.parent.iterdir() if before_upgrade(path, file.name) and file.stat().st_mtime < before]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
