"""One writer per database, whatever names it has and whatever becomes of the lock file: with real processes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.domain.writes import SaveWait
from bot.errors import DatabaseInUse, StorageError
from storage.sqlite import lock as locks
from tests.storage.samples import wait
from tests.storage.sqlite.conftest import Open

SECOND = """
import asyncio, sys
from bot.domain.reading import unpack
from bot.errors import RealReplyError
from storage.sqlite.database import Database
async def use():
    async with await Database.open(sys.argv[1], unpack=unpack):
        print("in")
try:
    asyncio.run(use())
except RealReplyError as error:
    print(type(error).__name__, error)
"""

SHELL = """
import sqlite3, sys
shell = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
print(shell.execute("SELECT count(*) FROM waits").fetchone()[0])
try:
    shell.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    print(error)
"""

by_inode = pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps flock and fcntl locks apart")


def told(program: str, path: Path) -> str:
    """What another process says of a database."""
    run = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=60, check=True)
    return run.stdout.strip()


async def test_a_database_with_several_names_is_not_opened(opened: Open, path: Path, tmp_path: Path) -> None:
    await (await opened()).close()
    other = tmp_path / "other.db"
    other.hardlink_to(path)
    for name in (path, other):
        with pytest.raises(StorageError, match=r"2 names \(hard links\)"):
            await opened(name)
    other.unlink()
    await opened()


@by_inode
async def test_a_hard_link_lets_no_second_one_in(
    opened: Open, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = await opened()
    other = tmp_path / "other.db"
    other.hardlink_to(path)
    assert told(SECOND, other).startswith("StorageError") and "hard links" in told(SECOND, other)
    with pytest.raises(DatabaseInUse):
        await opened(other)
    # The name alone: as if the first one's name had been deleted since.
    moved = tmp_path / "moved.db"
    path.rename(moved)
    other.unlink()
    assert told(SECOND, moved).startswith("DatabaseInUse")
    moved.rename(path)
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait())]))


@by_inode
@pytest.mark.parametrize("renewed", [False, True])
async def test_a_deleted_lock_file_lets_no_second_one_in(opened: Open, path: Path, renewed: bool) -> None:
    db = await opened()
    beside = path.with_name(path.name + ".lock")
    beside.unlink()
    if renewed:
        await db.look()
        assert beside.exists()
    assert told(SECOND, path).startswith("DatabaseInUse")
    await db.close()
    assert told(SECOND, path) == "in"


async def test_where_no_inode_can_be_locked_the_lock_file_is_made_again(
    opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "BY_INODE", False)
    db = await opened()
    path.with_name(path.name + ".lock").unlink()
    await db.look()
    assert told(SECOND, path).startswith("DatabaseInUse")


async def test_where_no_inode_can_be_locked_and_somebody_came_in_meanwhile_the_first_one_leaves(
    opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "BY_INODE", False)
    db = await opened()
    path.with_name(path.name + ".lock").unlink()
    theirs = sqlite3.connect(path.with_name(path.name + ".lock"), isolation_level=None)
    theirs.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseInUse):
        await db.look()
    theirs.close()


@by_inode
async def test_sqlites_own_locks_stay_while_the_file_is_held_and_looked_at(opened: Open, path: Path) -> None:
    """Closing any descriptor of the file would drop them (https://sqlite.org/howtocorrupt.html, 2.2)."""
    db = await opened()
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait())]))
    with pytest.raises(DatabaseInUse):
        await opened()
    await db.look()
    assert await db.writer.run(lambda connection: str(connection.execute("BEGIN IMMEDIATE").fetchall())) == "[]"
    assert told(SHELL, path) == "1\ndatabase is locked"
    await db.writer.run(lambda connection: connection.execute("ROLLBACK") and None)
    assert told(SHELL, path) == "1"


@by_inode
async def test_a_killed_process_leaves_no_lock(path: Path, opened: Open) -> None:
    program = SECOND.replace('print("in")', "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert subprocess.run([sys.executable, "-c", program, str(path)], timeout=60, check=False).returncode < 0
    await opened()
    assert os.path.exists(path)
