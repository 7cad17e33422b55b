"""The database of an installation, opened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.domain.reading import unpack
from storage.sqlite.database import Database
from storage.sqlite.read_only import ReadOnlyDatabase


@asynccontextmanager
async def database(path: Path) -> AsyncIterator[Database]:
    """The database of an installation: it survives a power cut. Raises StorageError and its kinds."""
    async with await Database.open(path, unpack=unpack) as store:
        yield store


@asynccontextmanager
async def look(path: Path) -> AsyncIterator[ReadOnlyDatabase]:
    """The database of an installation, to be read only, also while the bot runs on it. Raises StorageError and its kinds."""
    async with await ReadOnlyDatabase.open(path, unpack=unpack) as found:
        yield found
