"""New databases, quickly: what all migrations make is made once a process and copied, and no write waits for the disk.

Opening, upgrading and power cuts are tested in tests/storage/sqlite, where databases are made as they are elsewhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from storage.sqlite import database, migrate
from storage.sqlite.opening import Synchronous, open_writer

MIGRATIONS, UPGRADE = migrate.migrations, migrate.upgrade


@cache
def migrations() -> tuple[migrate.Migration, ...]:
    """The package's migrations, read once."""
    return MIGRATIONS()


@cache
def migrated() -> sqlite3.Connection:
    """An empty database of now. Databases are opened on threads of their own, one after the other."""
    made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    UPGRADE(made, migrations())
    return made


def upgrade(connection: sqlite3.Connection, wanted: tuple[migrate.Migration, ...]) -> None:
    """What `migrate.upgrade` does, for a new file by copying."""
    if migrate.version(connection) or wanted != migrations():
        UPGRADE(connection, wanted)
        return
    connection.execute("PRAGMA synchronous = OFF")
    migrated().backup(connection)


def unsynchronised(path: Path, synchronous: Synchronous) -> sqlite3.Connection:
    """What `open_writer` does, whatever power cuts would do to it."""
    return open_writer(path, "OFF")


@contextmanager
def quick() -> Iterator[None]:
    """Databases are made quickly until its end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "migrations", migrations)
        patch.setattr(migrate, "upgrade", upgrade)
        patch.setattr(database, "open_writer", unsynchronised)
        yield


@contextmanager
def as_ever() -> Iterator[None]:
    """Within `quick`: databases are made as they are elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "migrations", MIGRATIONS)
        patch.setattr(migrate, "upgrade", UPGRADE)
        patch.setattr(database, "open_writer", open_writer)
        yield
