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
from bot.domain.writes import SaveMessage, SaveWait
from bot.errors import StorageError
from bot.ports import Store, Transaction
from storage.sqlite.database import Database
from tests.storage.sqlite.conftest import Open, ended
from tests.storage.sqlite.samples import CHANNEL, OTHER, seen, wait


def store(tx: Transaction, *numbers: int) -> None:
    tx.save([SaveWait(wait=wait(number)) for number in numbers])


async def stored(db: Database) -> list[int]:
    return await db.read(lambda tx: [int(w.opened_at) for w in tx.all_waits()])


async def open_transaction(db: Database) -> bool:
    return await db._writer.run(lambda connection: connection.in_transaction)


async def test_it_is_a_store(db: Database) -> None:
    as_the_bot_sees_it: Store = db
    assert await as_the_bot_sees_it.transact(lambda tx: tx.next_due()) is None


class Stopped(BaseException):
    """Like KeyboardInterrupt, which asyncio treats in its own way."""


@pytest.mark.parametrize("error", [ValueError("no"), StopIteration("no"), Stopped("no"), sqlite3.IntegrityError("no")])
async def test_an_error_undoes_the_transaction(db: Database, error: BaseException) -> None:
    def work(tx: Transaction) -> None:
        store(tx, 1)
        raise error

    # StopIteration can't leave a coroutine as itself, nor be put into a Future: it must not hang the caller.
    raised = {StopIteration: RuntimeError, sqlite3.IntegrityError: StorageError}.get(type(error), type(error))
    with pytest.raises(raised):
        await asyncio.wait_for(db.transact(work), 5)
    assert await stored(db) == []
    await db.transact(lambda tx: store(tx, 2))
    assert await stored(db) == [2]


async def test_a_poisoned_event_fails_alone(db: Database) -> None:
    failures: list[str] = []

    def work(tx: Transaction) -> None:
        for number in range(5):
            try:
                with tx.savepoint():
                    tx.save([SaveWait(wait=wait(number, channel=f"new:{number}", id=f"new:{number}/1"))])
                    assert tx.first_time((f"new:{number}", "1", "posted", ""), None)
                    if number == 1:
                        raise ValueError("poison")
                    if number == 3:
                        tx.save([SaveWait(wait=wait(9, probability=None))])  # SQLite refuses it
            except (ValueError, sqlite3.Error) as error:
                failures.append(type(error).__name__)

    await db.transact(work)
    assert failures == ["ValueError", "IntegrityError"]
    assert await stored(db) == [0, 2, 4]
    # What failed is new again, and its channel, which was rolled back with it, can be made again.
    assert await db.transact(lambda tx: [tx.first_time((f"new:{n}", "1", "posted", ""), None) for n in range(5)]) == [
        False,
        True,
        False,
        True,
        False,
    ]
    await db.check()


async def test_savepoints_nest(db: Database) -> None:
    def work(tx: Transaction) -> None:
        with tx.savepoint():
            store(tx, 1)
            with pytest.raises(ValueError, match="inner"), tx.savepoint():
                store(tx, 2)
                raise ValueError("inner")
            with tx.savepoint():
                store(tx, 3)
        with pytest.raises(ValueError, match="outer"), tx.savepoint():
            with tx.savepoint():
                store(tx, 4)
            raise ValueError("outer")

    await db.transact(work)
    assert await stored(db) == [1, 3]


async def test_a_full_disk_is_nobodys_event(db: Database) -> None:
    """It spoils the group even if the caller takes it for a poisoned event: else that event would be lost."""
    await db.transact(lambda tx: store(tx, 1))
    await db._writer.run(lambda c: c.execute(f"PRAGMA max_page_count = {c.execute('PRAGMA page_count').fetchone()[0]}"))

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
    await db._writer.run(lambda c: c.execute("PRAGMA max_page_count = 1000000"))
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
    def work(tx: Transaction) -> None:
        store(tx, 1)
        tx._connection.execute("ROLLBACK")  # type: ignore[attr-defined]  # as SQLite does by itself on some errors
        with tx.savepoint():
            store(tx, 2)

    with pytest.raises(StorageError, match="transaction is over"):
        await db.transact(work)
    assert await stored(db) == []


async def test_readers_cant_write(db: Database) -> None:
    with pytest.raises(StorageError, match="can't write"):
        await db.read(lambda tx: store(tx, 1))
    with pytest.raises(StorageError, match="can't write"):
        await db.read(lambda tx: tx.claim_due(1.0, limit=1, lease=1.0))
    await db.transact(lambda tx: store(tx, 1))
    assert await stored(db) == [1]


async def test_a_reader_sees_the_last_commit(db: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(tx: Transaction) -> None:
        store(tx, 1)
        begun.set()
        assert go_on.wait(10)

    writing = asyncio.ensure_future(db.transact(work))
    await asyncio.to_thread(begun.wait, 10)
    assert await stored(db) == []
    go_on.set()
    await writing
    assert await stored(db) == [1]


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


async def test_the_work_is_over_when_the_caller_is_told_of_its_cancellation(db: Database) -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def work(tx: Transaction) -> None:
        begun.set()
        assert go_on.wait(10)
        store(tx, 1)
        ended.set()

    task = asyncio.ensure_future(db.transact(work))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
    assert await stored(db) == [1]


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
from tests.storage.sqlite.samples import wait
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


async def test_what_is_refused_at_the_end_of_a_savepoint_is_undone_alone(db: Database) -> None:
    """Much is written only when a savepoint ends; what SQLite refuses then is still that event's, and nobody else's."""

    def work(tx: Transaction) -> None:
        store(tx, 1)
        with pytest.raises(sqlite3.Error), tx.savepoint():
            store(tx, 2)
            tx.save([SaveWait(wait=wait(2, probability=None))])
        with tx.savepoint():
            store(tx, 3)

    await db.transact(work)
    assert await stored(db) == [1, 3]
    with pytest.raises(StorageError):
        await db.transact(lambda tx: tx.save([SaveWait(wait=wait(4)), SaveWait(wait=wait(4, probability=None))]))
    assert await stored(db) == [1, 3]


async def test_a_reader_that_writes_is_told_even_if_it_was_pending(db: Database) -> None:
    await db.transact(lambda tx: store(tx, 1))
    with pytest.raises(StorageError, match="can't write"):
        await db.read(lambda tx: tx.save([SaveMessage(channel=CHANNEL, seen=seen("1.0", 1.0))]))
