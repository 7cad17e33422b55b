"""The files under an open database: whoever deletes, exchanges or locks them away is noticed, and what was stored is kept."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.reading import unpack
from bot.domain.writes import SaveWait
from bot.errors import DatabaseInUse, DatabaseLost, DiskFull, ExitCode, StorageError
from storage.sqlite import opened_files, opening
from storage.sqlite.database import Database
from tests.storage.samples import wait
from tests.storage.sqlite.conftest import Open

Harm = Callable[[Path], object]


def delete(path: Path) -> None:
    path.unlink()


def move(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def remove_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


def rename_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


def exchange(path: Path) -> None:
    copy = path.with_name("copy.db")
    shutil.copyfile(path, copy)
    copy.replace(path)


def truncate(path: Path) -> None:
    os.truncate(path, 0)


def write_over(path: Path) -> None:
    """`cp copy.db realreply.db`, with one of our copies: the inode stays."""
    connection = sqlite3.connect(path)
    connection.execute("VACUUM INTO ?", (str(path.with_name("copy.db")),))
    connection.close()
    path.write_bytes(path.with_name("copy.db").read_bytes())


def delete_log(path: Path) -> None:
    path.with_name(path.name + "-wal").unlink()


def delete_index(path: Path) -> None:
    path.with_name(path.name + "-shm").unlink()


def exchange_log(path: Path) -> None:
    log = path.with_name(path.name + "-wal")
    log.rename(path.with_name("old"))
    log.touch()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "a.db"


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (delete, "deleted or moved away"),
        (move, "deleted or moved away"),
        (remove_folder, "its folder is gone"),
        (rename_folder, "its folder is gone"),
        (exchange, "another file was put in its place"),
        (truncate, "something else was written over it"),
        (write_over, "something else was written over it"),
        (delete_log, "-wal beside it, which belongs to it, was deleted"),
        (delete_index, "-shm beside it, which belongs to it, was deleted"),
        (exchange_log, "another a.db-wal was put beside it"),
    ],
)
async def test_whatever_becomes_of_the_files_is_noticed_and_said(opened: Open, path: Path, harm: Harm, says: str) -> None:
    db = await opened()
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait())]))
    await db.look()
    await db.checkpoint()
    await db.look()
    harm(path)
    with pytest.raises(DatabaseLost) as caught:
        await db.look()
    assert says in str(caught.value) and str(path) in str(caught.value) and "start" in str(caught.value)
    assert caught.value.exit_code == ExitCode.DATABASE


@pytest.mark.parametrize("harm", [delete_log, delete_index])
async def test_what_was_stored_before_and_after_a_log_was_deleted_is_in_the_database(
    opened: Open, path: Path, harm: Harm
) -> None:
    db = await opened(synchronous="FULL")
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(1))]))
    harm(path)
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(2))]))
    await db.close()
    async with await Database.open(path, unpack=unpack, create=False) as again:
        await again.check()
        assert len(await again.read(lambda tx: list(tx.all_waits()))) == 2


async def test_what_was_put_over_the_database_stays_whole_when_the_old_one_is_closed(opened: Open, path: Path) -> None:
    db = await opened()
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(n)) for n in range(100)]))
    await db.backup(path.with_name("copy.db"))
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(n)) for n in range(100, 300)]))
    path.write_bytes(path.with_name("copy.db").read_bytes())
    with pytest.raises(DatabaseLost):
        await db.look()
    await db.close()
    assert sorted(file.name for file in path.parent.iterdir()) == ["a.db", "a.db.lock", "copy.db"]
    async with await Database.open(path, unpack=unpack, create=False) as again:
        await again.check()
        assert len(await again.read(lambda tx: list(tx.all_waits()))) == 100


@pytest.mark.parametrize("what", ["file", "folder", "mount"])
async def test_rights_that_were_taken_away_are_noticed(
    opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    db = await opened()
    may = os.access

    def access(place: Path, mode: int) -> bool:  # the tests may run as root, who may write anywhere
        return not (Path(place) == (path if what == "file" else path.parent) and mode & os.W_OK) and may(place, mode)

    if what == "mount":
        monkeypatch.setattr(opened_files, "is_read_only", lambda _: True)
    else:
        monkeypatch.setattr(opened_files.os, "access", access)
    with pytest.raises(DatabaseLost, match="may not be written any more"):
        await db.look()


async def test_a_database_that_is_locked_by_another_program_has_its_kind(
    opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.0)
    db = await opened()
    shell = sqlite3.connect(path, isolation_level=None)
    shell.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseInUse, match="another program holds a lock"):
        await db.transact(lambda tx: tx.save([]))
    shell.close()


async def test_a_full_disk_has_its_kind_and_the_database_goes_on_when_there_is_room(opened: Open) -> None:
    db = await opened()
    pages = await db.writer.run(lambda connection: int(connection.execute("PRAGMA page_count").fetchone()[0]))
    await db.writer.run(lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}").fetchone() and None)
    with pytest.raises(DiskFull, match="the disk is full: make room") as caught:
        await db.transact(lambda tx: tx.save([SaveWait(wait=wait(n)) for n in range(500)]))
    assert isinstance(caught.value, StorageError) and caught.value.exit_code == ExitCode.DISK_FULL
    await db.writer.run(lambda connection: connection.execute("PRAGMA max_page_count = 1000000").fetchone() and None)
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(n)) for n in range(500)]))
    await db.look()


@pytest.mark.parametrize("ending", ["closed", "killed"])
@pytest.mark.parametrize("back", ["copy", "older state", "own file", "nothing"])
@pytest.mark.parametrize("reused", [False, True])
async def test_a_log_is_never_read_into_another_file(opened: Open, path: Path, ending: str, back: str, reused: bool) -> None:
    db = await opened(synchronous="FULL")
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(n)) for n in range(100)]))
    await db.checkpoint()
    await db.backup(path.with_name("copy.db"))
    older = path.read_bytes()
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(n)) for n in range(100, 300)]))
    await db.checkpoint()
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(n)) for n in range(300, 320)]))
    if ending == "closed":
        moved = path.rename(path.with_name("moved.db"))
        with pytest.raises(DatabaseLost):
            await db.look()
        await db.close()
        place = path
    else:
        place = path.parent / "killed" / path.name
        place.parent.mkdir()
        for file in path.parent.glob(path.name + "*"):
            if not file.name.endswith(".lock"):
                shutil.copyfile(file, place.parent / file.name)
        await db.close()
        moved = place.rename(place.with_name("moved.db"))
    copy = path.with_name("copy.db").read_bytes()
    content = {"copy": copy, "older state": older, "own file": moved.read_bytes()}.get(back)
    if content is not None:
        if reused:  # its inode, as file systems do by themselves
            moved.rename(place)
        place.write_bytes(content)
    async with await Database.open(place, unpack=unpack) as again:
        await again.check()
        assert len(await again.read(lambda tx: list(tx.all_waits()))) == {"own file": 320, "nothing": 0}.get(back, 100)
    lost = place.with_name(place.name + ".lost-wal")
    assert lost.exists() == (ending == "killed" and back != "own file")
    async with await Database.open(place, unpack=unpack) as again:
        await again.forget_lost_log(lost.stat().st_mtime + 1 if lost.exists() else 0.0)
    assert not list(place.parent.glob(place.name + "[.-]*wal*"))


async def test_an_older_state_that_is_written_over_the_database_is_noticed_at_once(opened: Open, path: Path) -> None:
    db = await opened()
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(n)) for n in range(100)]))
    await db.checkpoint()
    older = path.read_bytes()
    for n in range(100):  # nothing is added: the first page might stay as it is
        await db.transact(lambda tx, n=n: tx.save([SaveWait(wait=wait(n))]))
    await db.checkpoint()
    await db.look()
    path.write_bytes(older)
    with pytest.raises(DatabaseLost, match="something else was written over it"):
        await db.transact(lambda tx: tx.save([SaveWait(wait=wait(1))]))
    with pytest.raises(DatabaseLost, match="something else was written over it"):
        await db.look()
    await db.close()
    assert path.read_bytes() == older


async def test_whoever_touches_or_tidies_the_file_is_no_danger(opened: Open, path: Path) -> None:
    db = await opened()
    for n in range(3):
        await db.transact(lambda tx, n=n: tx.save([SaveWait(wait=wait(n))]))
        os.utime(path)
        shell = sqlite3.connect(path)
        shell.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        shell.close()
        await db.look()
    assert len(await db.read(lambda tx: list(tx.all_waits()))) == 3
