"""The tests in this folder hold for every store: they know bot.ports and nothing else.

A store joins them with one fixture here that opens it, and its name in STORES.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Protocol

import pytest

from bot.domain.reading import unpack
from bot.ports import Store
from storage.sqlite.database import Database

STORES = ("sqlite",)


class OpenStore(Store, Protocol):
    """A store that somebody opened, and has to close."""

    async def close(self) -> None:
        """Close it. Closing twice does nothing."""
        ...


class Opener(Protocol):
    """Opens the store of a name, which is made at the first time and the same one afterwards."""

    def __call__(self, name: str = "one") -> Awaitable[OpenStore]: ...


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Opener]:
    opened: list[Database] = []

    async def open_(name: str = "one") -> OpenStore:
        opened.append(await Database.open(tmp_path / f"{name}.db", unpack=unpack, synchronous="OFF"))
        return opened[-1]

    yield open_
    for database in opened:
        await database.close()


@pytest.fixture(params=STORES)
def open_store(request: pytest.FixtureRequest) -> Opener:
    opener: Opener = request.getfixturevalue(request.param)
    return opener


@pytest.fixture
async def store(open_store: Opener) -> OpenStore:
    return await open_store()
