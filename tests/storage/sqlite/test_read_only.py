"""A database that is only looked at, with and without somebody at work on it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.domain.reading import unpack
from bot.domain.writes import SaveWait
from bot.errors import CorruptDatabase, ForeignDatabase, NewerDatabase, StorageError
from storage.sqlite import migrate
from storage.sqlite.database import Database
from storage.sqlite.read_only import ReadOnlyDatabase
from tests.storage.samples import wait
from tests.storage.sqlite.conftest import Open, ended
from tests.storage.sqlite.test_opening import filled, fingerprint


async def ids(look: ReadOnlyDatabase) -> list[str]:
    return await look.read(lambda tx: [each.id for each in tx.all_waits()])


async def test_looking_while_another_process_runs_on_it(path: Path) -> None:
    """The other process holds the lock and has what it wrote last in the -wal alone."""
    program = (
        "import asyncio, sys\n"
        "from bot.domain.writes import SaveWait\n"
        "from bot.domain.reading import unpack\n"
        "from storage.sqlite.database import Database\n"
        "from tests.storage.samples import wait\n"
        "async def run():\n"
        "    async with await Database.open(sys.argv[1], unpack=unpack) as db:\n"
        "        await db.transact(lambda tx: tx.save([SaveWait(wait=wait(1))]))\n"
        "        print('written', flush=True)\n"
        "        await asyncio.to_thread(sys.stdin.readline)\n"
        "        await db.transact(lambda tx: tx.save([SaveWait(wait=wait(2))]))\n"
        "        print('written', flush=True)\n"
        "        await asyncio.to_thread(sys.stdin.readline)\n"
        "asyncio.run(run())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin is not None and other.stdout is not None
        assert other.stdout.readline() == "written\n"
        with pytest.raises(StorageError, match="another realreply is using"):
            await Database.open(path, unpack=unpack)
        async with await ReadOnlyDatabase.open(path, unpack=unpack) as look:
            await look.check()
            assert await ids(look) == [wait(1).id]
            other.stdin.write("\n")
            other.stdin.flush()
            assert other.stdout.readline() == "written\n"  # a reader hinders nobody
            assert await ids(look) == [wait(1).id, wait(2).id]
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.wait(20) == 0


async def test_nothing_can_be_written(path: Path, opened: Open) -> None:
    await filled(path, 3)
    async with await ReadOnlyDatabase.open(path, unpack=unpack) as look:
        with pytest.raises(StorageError, match="can't write"):
            await look.read(lambda tx: tx.save([SaveWait(wait=wait(9))]))
        assert len(await ids(look)) == 3


async def test_the_file_stays_as_it_was_and_can_be_opened_meanwhile_and_afterwards(path: Path, opened: Open) -> None:
    await filled(path, 3)
    threads = set(threading.enumerate())
    look = await ReadOnlyDatabase.open(path, unpack=unpack)
    db = await opened()  # the look holds no lock
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(7))]))
    assert len(await ids(look)) == 4
    await look.close()
    await look.close()
    await db.close()
    assert ended(threads)
    async with await ReadOnlyDatabase.open(path, unpack=unpack) as again:
        assert len(await ids(again)) == 4
    after = path.read_bytes()
    async with await ReadOnlyDatabase.open(path, unpack=unpack):
        pass
    assert path.read_bytes() == after
    async with await Database.open(path, unpack=unpack):  # clears away what the look left beside it
        pass
    assert set(fingerprint(path.parent)) == {path.name}


async def test_what_a_killed_process_left_is_seen(path: Path, opened: Open, tmp_path: Path) -> None:
    db = await opened()
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(1))]))
    left = tmp_path / "left"
    left.mkdir()
    for end in ("", "-wal"):  # no -shm: SQLite makes it anew from the -wal
        (left / f"a.db{end}").write_bytes(path.with_name(path.name + end).read_bytes())
    wal = (left / "a.db-wal").read_bytes()
    async with await ReadOnlyDatabase.open(left / "a.db", unpack=unpack) as look:
        assert await ids(look) == [wait(1).id]
    assert (left / "a.db-wal").read_bytes() == wal  # and is left to the next writer


async def refused(path: Path, error: type[StorageError]) -> str:
    before = fingerprint(path.parent)
    with pytest.raises(error) as caught:
        await ReadOnlyDatabase.open(path, unpack=unpack)
    assert type(caught.value) is error and str(path) in str(caught.value)
    assert {name: of for name, of in fingerprint(path.parent).items() if not name.endswith(("-shm", "-wal"))} == before
    return str(caught.value)


async def test_what_cannot_be_looked_at(path: Path) -> None:
    assert "no database" in await refused(path, StorageError)
    path.touch()
    assert "empty" in await refused(path, StorageError)
    path.write_bytes(b"something else entirely " * 100)
    await refused(path, ForeignDatabase)
    path.unlink()
    await filled(path)
    newest = len(migrate.migrations())
    for version, error, says in (
        (newest + 1, NewerDatabase, "later version"),
        (newest - 1, StorageError, "Start realreply once"),
    ):
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.close()
        assert says in await refused(path, error)


async def test_damage_is_found(path: Path) -> None:
    await filled(path, 200)
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xa5" * (len(content) - 8192))
    with pytest.raises(CorruptDatabase, match="backup"):
        async with await ReadOnlyDatabase.open(path, unpack=unpack) as look:
            await look.check()
