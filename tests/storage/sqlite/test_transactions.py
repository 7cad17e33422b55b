"""All or nothing: errors, savepoints, cancellation, kill -9."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.domain.reading import unpack
from bot.domain.writes import SaveWait
from bot.errors import StorageError
from bot.ports import Transaction
from storage.sqlite.database import Database
from tests.storage.samples import CHANNEL, OTHER, wait
from tests.storage.sqlite.conftest import Open, ended


def store(tx: Transaction, *numbers: int) -> None:
    tx.save([SaveWait(wait=wait(number)) for number in numbers])


async def stored(db: Database) -> list[int]:
    return await db.read(lambda tx: [int(w.opened_at) for w in tx.all_waits()])


async def open_transaction(db: Database) -> bool:
    return await db.writer.run(lambda connection: connection.in_transaction)


async def test_a_full_disk_is_nobodys_event(db: Database) -> None:
    """It spoils the group even if the caller takes it for a poisoned event: else that event would be lost."""
    await db.transact(lambda tx: store(tx, 1))
    await db.writer.run(lambda c: c.execute(f"PRAGMA max_page_count = {c.execute('PRAGMA page_count').fetchone()[0]}"))

    def work(tx: Transaction) -> None:
        for number in range(2, 200):
            try:
                with tx.savepoint():
                    tx.save([SaveWait(wait=wait(number, evidence=("x" * 5000,) if number < 190 else ()))])
            except (sqlite3.Error, StorageError):
                continue

    with pytest.raises(StorageError, match="disk is full"):
        await db.transact(work)
    assert await stored(db) == [1]
    assert not await open_transaction(db)
    await db.writer.run(lambda c: c.execute("PRAGMA max_page_count = 1000000"))
    await db.transact(work)
    assert len(await stored(db)) == 199


async def test_a_failing_disk_is_nobodys_event(db: Database) -> None:
    def work(tx: Transaction) -> None:
        store(tx, 1)
        failure = sqlite3.OperationalError("disk I/O error")
        failure.sqlite_errorcode = (
            sqlite3.SQLITE_IOERR | 3 << 8
        )  # SQLITE_IOERR_WRITE, after which the transaction may still be open
        with contextlib.suppress(sqlite3.OperationalError), tx.savepoint():
            raise failure
        with tx.savepoint():
            store(tx, 2)

    with pytest.raises(StorageError, match="check the disk"):
        await db.transact(work)
    assert await stored(db) == []


async def test_a_transaction_that_sqlite_gave_up_is_not_half_committed(db: Database) -> None:
    connection = await db.writer.run(lambda connection: connection)

    def work(tx: Transaction) -> None:
        store(tx, 1)
        connection.execute("ROLLBACK")  # as SQLite does by itself on some errors
        with tx.savepoint():
            store(tx, 2)

    with pytest.raises(StorageError, match="transaction is over"):
        await db.transact(work)
    assert await stored(db) == []


async def test_a_cancelled_caller_leaves_nothing_open(db: Database) -> None:
    """Cancelled before it begins, while it waits in the queue, while it runs, and after."""
    cancelled = 0
    for number in range(150):

        def work(tx: Transaction, number: int = number) -> None:
            tx.save([SaveWait(wait=wait(number, id=f"{CHANNEL}/{number}"))])
            tx.save([SaveWait(wait=wait(number, id=f"{OTHER}/{number}", channel=OTHER))])
            if number % 7 == 0:
                raise ValueError("poison")

        async def call(work: object = work) -> None:
            await db.transact(work)  # type: ignore[arg-type]

        tasks = [asyncio.ensure_future(call()), asyncio.ensure_future(db.read(lambda tx: list(tx.all_waits())))]
        for _ in range(number % 8):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
            if number % 3 == 0:
                await asyncio.sleep(0)
                task.cancel()  # and again while it waits for the work to end
        results = await asyncio.gather(*tasks, return_exceptions=True)
        cancelled += sum(isinstance(result, asyncio.CancelledError) for result in results)
        assert not await open_transaction(db)
    assert cancelled > 100
    pairs = await stored(db)
    assert pairs == sorted([*set(pairs), *set(pairs)])  # both waits of a transaction or none
    assert not set(pairs) & set(range(0, 150, 7))
    await db.check()


async def test_cancelled_opening_and_closing_leave_no_thread(path: Path) -> None:
    before = set(threading.enumerate())
    for steps in range(12):
        opening = asyncio.ensure_future(Database.open(path, unpack=unpack, synchronous="OFF"))
        for _ in range(steps):
            await asyncio.sleep(0)
        opening.cancel()
        assert isinstance((await asyncio.gather(opening, return_exceptions=True))[0], asyncio.CancelledError)
        assert ended(before)
        db = await Database.open(path, unpack=unpack, synchronous="OFF")  # the lock is free
        closing = asyncio.ensure_future(db.close())
        for _ in range(steps):
            await asyncio.sleep(0)
        closing.cancel()
        await asyncio.gather(closing, return_exceptions=True)
        await db.close()
        assert ended(before)


KILLED = """
import asyncio, sys
from bot.domain.reading import unpack
from storage.sqlite.database import Database
from tests.storage.samples import wait
from bot.domain.writes import SaveMessage, SaveWait

async def main():
    db = await Database.open(sys.argv[1], unpack=unpack)
    start = await db.read(lambda tx: sum(1 for _ in tx.all_waits())) // 20
    for group in range(start, 10_000):
        def work(tx):
            for n in range(20):
                with tx.savepoint():
                    tx.save([SaveWait(wait=wait(group * 20 + n))])
        await db.transact(work)
        print(group, flush=True)

asyncio.run(main())
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal of POSIX systems")
async def test_kill_9_loses_no_commit_and_leaves_no_half(path: Path, opened: Open) -> None:
    acknowledged = -1
    for groups in (1, 3, 6, 10):
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            for _ in range(groups):
                acknowledged = int(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGKILL)
            rest = process.communicate(timeout=30)[0].split("\n")[:-1]
        acknowledged = int(rest[-1]) if rest else acknowledged
        db = await opened(path)
        await db.check()
        numbers = await stored(db)
        assert len(numbers) % 20 == 0
        assert len(numbers) >= (acknowledged + 1) * 20
        assert numbers == list(range(len(numbers)))
        await db.close()
