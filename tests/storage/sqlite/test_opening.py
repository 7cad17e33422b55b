"""What is opened, what is refused, and that refused files stay as they were."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.domain.duty import CalendarSpans, MemberSpan
from bot.domain.reading import unpack
from bot.domain.writes import KeepText, SaveWait
from bot.errors import CorruptDatabase, ForeignDatabase, NewerDatabase, StorageError
from bot.ports import UnwordedMessage
from storage.sqlite import migrate, opening
from storage.sqlite.database import Database
from tests.storage.samples import wait
from tests.storage.sqlite.conftest import Open, ended


def fingerprint(folder: Path) -> dict[str, str]:
    """The bytes of everything in a folder; the empty lock file apart."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.iterdir())
        if file.is_file() and not (file.name.endswith(".lock") and not file.stat().st_size)
    }


async def refused(path: Path, error: type[StorageError]) -> str:
    before, threads = fingerprint(path.parent), set(threading.enumerate())
    with pytest.raises(error) as caught:
        await Database.open(path, unpack=unpack)
    assert type(caught.value) is error
    assert str(path) in str(caught.value)
    assert fingerprint(path.parent) == before
    assert ended(threads)
    return str(caught.value)


async def filled(path: Path, count: int = 50) -> None:
    async with await Database.open(path, unpack=unpack, synchronous="OFF") as db:
        await db.transact(lambda tx: tx.save([SaveWait(wait=wait(n)) for n in range(count)]))


async def test_what_a_calendar_said_is_there_after_the_next_start(path: Path) -> None:
    morning = MemberSpan(member="ana", since=1_772_445_600.0, until=1_772_460_000.0)
    week = MemberSpan(member="cleo", since=1_772_460_000.0, until=1_772_800_000.0)
    for said in (CalendarSpans(duty=(morning,)), CalendarSpans(duty=(morning, week), away=(morning,))):
        async with await Database.open(path, unpack=unpack, synchronous="OFF") as db:
            await db.transact(lambda tx, said=said: tx.put_calendar(said))  # type: ignore[misc]
        async with await Database.open(path, unpack=unpack, synchronous="OFF") as db:
            assert await db.read(lambda tx: tx.calendar()) == said


async def test_pragmas_are_as_designed(opened: Open) -> None:
    db = await opened(synchronous="FULL")

    def asked(connection: sqlite3.Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "application_id", "user_version", "cache_size")
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    writer = await db.writer.run(asked)
    assert writer == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "application_id": migrate.APPLICATION_ID,
        "user_version": len(migrate.migrations()),
        "cache_size": -4_000,
    }


async def test_everything_is_in_one_file_after_closing(path: Path) -> None:
    await filled(path)
    assert set(fingerprint(path.parent)) == {path.name}
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    async with await Database.open(path, unpack=unpack, create=False) as db:
        assert len(await db.read(lambda tx: list(tx.all_waits()))) == 50


@pytest.mark.parametrize("content", [b"hello", b"SQLite format 3\x00", os.urandom(9000), b"\x00" * 4096])
async def test_a_file_that_is_no_database_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert "move it away" in await refused(path, ForeignDatabase)


@pytest.mark.parametrize("mode", ["wal", "delete"])
async def test_another_programs_database_is_refused(path: Path, mode: str) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(f"PRAGMA journal_mode = {mode}")
    other.execute("CREATE TABLE things (x)")
    other.close()
    assert "another program" in await refused(path, ForeignDatabase)


async def test_a_later_versions_database_is_refused(path: Path) -> None:
    await filled(path)
    later = sqlite3.connect(path, isolation_level=None)
    later.execute("PRAGMA user_version = 99")
    later.close()
    assert "later version" in await refused(path, NewerDatabase)


@pytest.mark.parametrize("damage", ["truncated", "overwritten"])
async def test_a_damaged_database_is_refused(path: Path, damage: str) -> None:
    await filled(path)
    content = bytearray(path.read_bytes())
    if damage == "truncated":
        content = content[: len(content) // 2]
    else:
        content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    assert "backup" in await refused(path, CorruptDatabase)


async def test_a_damaged_database_with_a_log_is_refused(path: Path, tmp_path: Path) -> None:
    """The log of a killed process is left for whoever may save what can be saved."""
    copy = tmp_path / "killed" / path.name
    copy.parent.mkdir()
    async with await Database.open(path, unpack=unpack, synchronous="OFF") as db:
        await db.transact(lambda tx: tx.save([SaveWait(wait=wait(n)) for n in range(200)]))
        await db.checkpoint()
        await db.transact(lambda tx: tx.save([SaveWait(wait=wait(999))]))
        copy.write_bytes(path.read_bytes()[:8192] + b"\xa5" * (path.stat().st_size - 8192))
        for end in ("-wal", "-shm"):
            copy.with_name(copy.name + end).write_bytes(path.with_name(path.name + end).read_bytes())
    content = {end: copy.with_name(copy.name + end).read_bytes() for end in ("", "-wal")}
    with pytest.raises(CorruptDatabase):
        await Database.open(copy, unpack=unpack)
    assert {end: copy.with_name(copy.name + end).read_bytes() for end in ("", "-wal")} == content


async def test_places_that_hold_no_database(tmp_path: Path) -> None:
    for path, hint in (
        (tmp_path, "folder"),
        (tmp_path / "missing" / "x.db", "folder"),
        (Path(os.devnull), "no ordinary file"),
    ):
        with pytest.raises(StorageError, match=hint):
            await Database.open(path, unpack=unpack)
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"x\.db"):
        await Database.open(tmp_path / "file" / "x.db", unpack=unpack)
    with pytest.raises(StorageError, match="no database"):
        await Database.open(tmp_path / "x.db", unpack=unpack, create=False)
    assert not (tmp_path / "x.db").exists()


@pytest.mark.parametrize("what", ["file", "folder"])
async def test_an_unwritable_place_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    path = tmp_path / "x.db"
    if what == "file":
        await filled(path)
    asked = path if what == "file" else tmp_path

    def access(place: Path, mode: int) -> bool:  # the tests may run as root, who may write anywhere
        return not (Path(place) == asked and mode & os.W_OK)

    monkeypatch.setattr(opening.os, "access", access)
    with pytest.raises(StorageError, match="permissions"):
        await Database.open(path, unpack=unpack)


async def test_an_old_sqlite_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 37, 2))
    with pytest.raises(StorageError, match=r"needs SQLite 3\.38\.0"):
        await Database.open(path, unpack=unpack)


async def test_a_second_writer_is_refused(opened: Open, path: Path, tmp_path: Path) -> None:
    db = await opened()
    link = tmp_path / "link.db"
    link.symlink_to(path)
    for name in (path, link):
        with pytest.raises(StorageError, match="another realreply"):
            await Database.open(name, unpack=unpack)
    # Being refused must not have cost the first one its locks.
    program = (
        "import asyncio, sys\n"
        "from bot.errors import StorageError\n"
        "from storage.sqlite.database import Database\n"
        "try:\n"
        "    asyncio.run(Database.open(sys.argv[1], unpack=None))\n"
        "except StorageError as error:\n"
        "    print(error)\n"
    )
    told = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=60, check=True)
    assert "another realreply" in told.stdout
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait())]))
    await db.close()
    async with await Database.open(path, unpack=unpack):
        pass


async def test_a_lock_of_another_program_is_explained(opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.0)
    db = await opened()
    shell = sqlite3.connect(path, isolation_level=None)
    try:
        shell.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="another program holds a lock"):
            await db.transact(lambda tx: tx.save([]))
    finally:
        shell.close()
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait())]))


async def test_no_thread_is_left(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = set(threading.enumerate())
    db = await Database.open(path, unpack=unpack)
    await db.close()
    await db.close()
    with pytest.raises(StorageError, match="closed"):
        await db.transact(lambda tx: tx.next_due())
    assert ended(before)

    def failing(path: Path) -> sqlite3.Connection:
        raise StorageError("the reader can't be opened")

    monkeypatch.setattr("storage.sqlite.database.open_reader", failing)
    with pytest.raises(StorageError, match="the reader"):
        await Database.open(path, unpack=unpack)
    assert ended(before)
    monkeypatch.undo()
    async with await Database.open(path, unpack=unpack):  # the lock was given back, too
        pass


async def test_a_backup_is_a_whole_database(db: Database, path: Path, tmp_path: Path) -> None:
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait()), KeepText(wait=wait().id, message="1.0", text="words")]))
    copy = tmp_path / "copy.db"
    await db.backup(copy)
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(2))]))
    assert set(fingerprint(tmp_path)) == {copy.name, *(path.name + end for end in ("", "-wal", "-shm", ".wal-of"))}
    async with await Database.open(copy, unpack=unpack, create=False) as restored:
        await restored.check()
        assert await restored.read(lambda tx: [w.id for w in tx.all_waits()]) == [wait().id]
        assert await restored.read(lambda tx: tx.texts(wait().id)) == ()
        assert await restored.transact(lambda tx: tx.unworded(9)) == (UnwordedMessage(wait=wait().id, message="1.0"),)


async def test_check_finds_damage(db: Database, path: Path) -> None:
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(n)) for n in range(200)]))
    await db.check()
    await db.checkpoint()
    content = path.read_bytes()
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xa5" * (len(content) - 8192))
    with pytest.raises(CorruptDatabase, match="backup"):
        await db.check()
    path.write_bytes(content)


def test_a_failed_opening_makes_no_noise() -> None:
    """The event loop is closed at once after the error; no thread may still talk to it."""
    program = (
        "import asyncio, sqlite3, sys\n"
        "from bot.errors import StorageError\n"
        "from storage.sqlite.connection import SqliteConnection\n"
        "def failing():\n"
        "    raise StorageError('refused')\n"
        "for _ in range(30):\n"
        "    try:\n"
        "        asyncio.run(SqliteConnection.open(failing))\n"
        "    except StorageError as error:\n"
        "        print(error)\n"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout == "refused\n" * 30
    assert told.stderr == ""
