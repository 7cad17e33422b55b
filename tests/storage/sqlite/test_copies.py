"""Copies: whole, without anybody's words, made beside whoever writes, and nothing of one that wasn't finished stays."""

from __future__ import annotations

import asyncio
import gzip
import os
import threading
from pathlib import Path

import pytest

from bot.domain.events import Deleted, EarlyEdit
from bot.domain.waits import WaitState
from bot.domain.writes import BlankText, KeepEarly, KeepNote, KeepText, SaveMessage, SaveWait
from bot.errors import StorageError
from bot.ports import PART, UnwordedMessage
from storage.sqlite import copies, migrate
from storage.sqlite.database import Database
from tests.storage.samples import CHANNEL, seen, wait
from tests.storage.sqlite.conftest import Open
from tests.storage.sqlite.rows import rows_of

BEFORE = Path(__file__).parent / "files" / "before-rooms.db.gz"


async def save(db: Database, *writes: object) -> None:
    await db.transact(lambda tx: tx.save(writes))  # type: ignore[arg-type]


async def fill(db: Database, count: int = 50) -> None:
    """Open waits with words, ended ones, a window, early events."""
    for n in range(1, count + 1):
        await save(db, SaveWait(wait=wait(n)), KeepText(wait=wait(n).id, message=f"{n}.0", text=f"zanzibar {n} " + "x" * 400))
    await save(db, KeepNote(wait=wait(2).id, since=3.0, note="zanzibar needs the release"))
    await save(db, SaveWait(wait=wait(1, state=WaitState.ANSWERED, ended_at=99.0)), BlankText(wait=wait(1).id))
    await save(db, *(SaveMessage(channel=CHANNEL, seen=seen(f"{n}.0", n)) for n in range(count)))
    edit = EarlyEdit(channel=CHANNEL, id="8.5", at=9.0, reading=seen("8.5", 8.5).reading)
    await save(db, KeepEarly(event=edit), KeepEarly(event=Deleted(channel=CHANNEL, id="8.5", at=10.0)))


async def test_a_copy_has_every_row_and_no_words(db: Database, path: Path, tmp_path: Path, opened: Open) -> None:
    await fill(db)
    copy = tmp_path / "copies" / "copy.db"
    copy.parent.mkdir()
    await db.backup(copy)
    assert [file.name for file in copy.parent.iterdir()] == [copy.name]
    assert copy.stat().st_mode & 0o777 == 0o600
    assert b"zanzibar" in path.read_bytes() + path.with_name(path.name + "-wal").read_bytes()
    assert b"zanzibar" not in copy.read_bytes()
    assert rows_of(copy, "PRAGMA integrity_check") == [("ok",)]
    schema = "SELECT name, sql FROM sqlite_schema ORDER BY name"
    assert rows_of(copy, schema) == rows_of(path, schema)
    tables = [name for (name,) in rows_of(path, "SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in set(tables) - {"texts", "early", "notes", "handovers"}:
        assert rows_of(copy, f"SELECT * FROM {table}") == rows_of(path, f"SELECT * FROM {table}"), table
    assert rows_of(copy, "SELECT kind FROM early") == [("deleted",)]
    assert len(rows_of(path, "SELECT 1 FROM notes")) == 1 and rows_of(copy, "SELECT 1 FROM notes") == []
    restored = await opened(copy)
    await restored.check()
    missing = await restored.transact(lambda tx: tx.unworded(99))
    assert len(missing) == 49 and missing[0] == UnwordedMessage(wait=wait(50).id, message="50.0"), "the latest first"
    await restored.transact(lambda tx: tx.leave_unworded(missing[0]))
    await save(restored, KeepText(wait=missing[1].wait, message=missing[1].message, text="as it reads now"))
    assert len(await restored.transact(lambda tx: tx.unworded(99))) == 47
    assert [text.text for text in await restored.read(lambda tx: tx.texts(missing[1].wait))] == ["as it reads now"]
    assert await restored.read(lambda tx: tx.texts(missing[2].wait)) == (), "no words aren't empty words"


async def test_a_copy_waits_for_no_writer_and_no_writer_for_it(db: Database, tmp_path: Path) -> None:
    await fill(db, 5)
    begun, go_on = threading.Event(), threading.Event()

    def slow(tx: object) -> None:
        begun.set()
        assert go_on.wait(20)

    writing = asyncio.create_task(db.transact(slow))
    while not begun.is_set():
        await asyncio.sleep(0.001)
    async with asyncio.timeout(20):
        await db.backup(tmp_path / "copy.db")
    go_on.set()
    await writing


async def test_a_copy_is_given_up_when_the_log_grows_too_large_and_nothing_of_it_stays(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(db)
    monkeypatch.setattr(copies, "LARGEST_WAL", 1000)
    monkeypatch.setattr(copies, "LOOKS", 10)
    before = set(tmp_path.iterdir())
    with pytest.raises(StorageError, match="next turn"):
        await db.backup(tmp_path / "copy.db")
    assert set(tmp_path.iterdir()) == before
    monkeypatch.setattr(copies, "LARGEST_WAL", 1 << 30)
    await db.backup(tmp_path / "copy.db")


async def test_a_copy_that_is_called_off_leaves_nothing(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(db)
    monkeypatch.setattr(copies, "LOOKS", 10)
    before = set(tmp_path.iterdir())
    for _ in range(20):
        copying = asyncio.create_task(db.backup(tmp_path / "copy.db"))
        for _ in range(3):
            await asyncio.sleep(0)
        copying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await copying
        assert set(tmp_path.iterdir()) - before <= {tmp_path / "copy.db"}
        (tmp_path / "copy.db").unlink(missing_ok=True)
    await save(db, SaveWait(wait=wait(99)))


async def test_a_copy_before_an_upgrade_has_no_words_either(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.write_bytes(gzip.decompress(BEFORE.read_bytes()))
    said = [text for (text,) in rows_of(path, "SELECT text FROM texts")]
    assert said and all(text.encode() in path.read_bytes() for text in said)
    await (await Database.open(path, unpack=seen)).close()  # type: ignore[arg-type]
    copy = path.with_name(f"{path.name}.before-v{len(migrate.migrations())}")
    assert not [text for text in said if text.encode() in copy.read_bytes()]
    assert len(rows_of(copy, "SELECT 1 FROM texts")) == len(said)


async def test_copies_made_before_upgrades_go_when_they_are_old_and_nothing_else_does(db: Database, path: Path) -> None:
    old, young = copies.upgrade_copy(path, 3), copies.upgrade_copy(path, 4)
    mine = path.with_name(path.name + ".before-vacation")
    for file in (old, young, mine):
        file.write_text("")
        os.utime(file, (100.0, 100.0) if file != young else (900.0, 900.0))
    assert await db.forget_upgrades(500.0) == 1
    assert [file.exists() for file in (old, young, mine, path)] == [False, True, True, True]


async def test_what_a_killed_process_left_of_such_a_copy_is_gone_at_the_next_start(opened: Open, path: Path) -> None:
    left = copies.upgrade_copy(path, 9)
    parts = [left.with_name(left.name + PART), left.with_name(left.name + PART + "-journal")]
    mine = path.with_name("holiday.part")
    for file in (*parts, mine):
        file.write_text("zanzibar")
    await opened()
    assert [file.exists() for file in (*parts, mine)] == [False, False, True]
