"""Real SQLite files in temporary folders, and sample values."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.reading import unpack
from storage.sqlite.connection import SqliteConnection
from storage.sqlite.database import Database
from tests import databases

Open = Callable[..., Awaitable[Database]]


@pytest.fixture(autouse=True)
def ordinary_databases() -> Iterator[None]:
    """How they are made is what is tested here."""
    with databases.as_ever():
        yield


@pytest.fixture(autouse=True)
async def _nothing_left_open(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Close what a failing test left open: its thread would keep the test run from ending."""
    connections: list[SqliteConnection] = []
    begin = SqliteConnection.__init__

    def noted(self: SqliteConnection, *arguments: Any) -> None:
        begin(self, *arguments)
        connections.append(self)

    monkeypatch.setattr(SqliteConnection, "__init__", noted)
    yield
    for connection in connections:
        await connection.end()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "team chat #1.db"  # a name that a careless URI would break


@pytest.fixture
async def opened(path: Path) -> AsyncIterator[Open]:
    """Opens databases and closes whatever is still open at the end."""
    databases: list[Database] = []

    async def open_(where: Path = path, **options: object) -> Database:
        database = await Database.open(where, unpack=unpack, **{"synchronous": "OFF", **options})  # type: ignore[arg-type]
        databases.append(database)
        return database

    yield open_
    for database in databases:
        await database.close()


@pytest.fixture
async def db(opened: Open) -> Database:
    return await opened()


def ended(before: set[threading.Thread]) -> bool:
    """Whether all threads that came after `before` end; a thread tells of its last work a moment before it does."""
    new = set(threading.enumerate()) - before
    for thread in new:
        thread.join(5)
    return not any(thread.is_alive() for thread in new)
