"""All or nothing: errors, savepoints, readers, cancelled callers."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.domain.events import EventKey
from bot.domain.writes import SaveMessage, SaveWait
from bot.errors import StorageError
from bot.ports import QueryTransaction, Store, Transaction
from tests.storage.contract.conftest import Opener
from tests.storage.samples import CHANNEL, OTHER, seen, wait

IMPOSSIBLE = SaveWait(wait=wait(9, probability=None))
"""What no store takes."""


def store_waits(tx: Transaction, *numbers: int) -> None:
    tx.save([SaveWait(wait=wait(number)) for number in numbers])


async def stored(store: Store) -> list[int]:
    return await store.read(lambda tx: [int(found.opened_at) for found in tx.all_waits()])


class Stopped(BaseException):
    """Like KeyboardInterrupt, which asyncio treats in its own way."""


@pytest.mark.parametrize("error", [ValueError("no"), StopIteration("no"), Stopped("no")])
async def test_an_error_undoes_the_transaction(store: Store, error: BaseException) -> None:
    def work(tx: Transaction) -> None:
        store_waits(tx, 1)
        raise error

    # StopIteration can't leave a coroutine as itself, nor be put into a Future: it must not hang the caller.
    raised = RuntimeError if isinstance(error, StopIteration) else type(error)
    with pytest.raises(raised):
        await asyncio.wait_for(store.transact(work), 5)
    assert await stored(store) == []
    await store.transact(lambda tx: store_waits(tx, 2))
    assert await stored(store) == [2]


async def test_what_the_store_refuses_undoes_the_transaction(store: Store) -> None:
    with pytest.raises(StorageError):
        await store.transact(lambda tx: tx.save([SaveWait(wait=wait(1)), IMPOSSIBLE]))
    assert await stored(store) == []


async def test_a_poisoned_event_fails_alone(store: Store) -> None:
    failures: list[int] = []

    def key(number: int) -> EventKey:
        return EventKey(channel=f"new:{number}", message="1", kind="posted")

    def work(tx: Transaction) -> None:
        for number in range(5):
            try:
                with tx.savepoint():
                    tx.save([SaveWait(wait=wait(number, channel=f"new:{number}", id=f"new:{number}/1"))])
                    assert tx.first_time(key(number), None, 1.0)
                    if number == 1:
                        raise ValueError("poison")
                    if number == 3:
                        tx.save([IMPOSSIBLE])
            except Exception:  # whatever a store raises for it
                failures.append(number)

    await store.transact(work)
    assert failures == [1, 3]
    assert await stored(store) == [0, 2, 4]
    # What failed is new again, and its channel, which was rolled back with it, can be made again.
    again = await store.transact(lambda tx: [tx.first_time(key(number), None, 1.0) for number in range(5)])
    assert again == [False, True, False, True, False]
    await store.check()


async def test_what_is_refused_at_the_end_of_a_savepoint_is_undone_alone(store: Store) -> None:
    """A store may write much only when a savepoint ends; what is refused then is still that event's, and nobody else's."""
    refused: list[Exception] = []

    def work(tx: Transaction) -> None:
        store_waits(tx, 1)
        try:
            with tx.savepoint():
                store_waits(tx, 2)
                tx.save([SaveWait(wait=wait(2, probability=None))])
        except Exception as error:  # whatever a store raises for it
            refused.append(error)
        with tx.savepoint():
            store_waits(tx, 3)

    await store.transact(work)
    assert len(refused) == 1
    assert await stored(store) == [1, 3]
    with pytest.raises(StorageError):
        await store.transact(lambda tx: tx.save([SaveWait(wait=wait(4)), SaveWait(wait=wait(4, probability=None))]))
    assert await stored(store) == [1, 3]


async def test_savepoints_nest(store: Store) -> None:
    def work(tx: Transaction) -> None:
        with tx.savepoint():
            store_waits(tx, 1)
            with pytest.raises(ValueError, match="inner"), tx.savepoint():
                store_waits(tx, 2)
                raise ValueError("inner")
            with tx.savepoint():
                store_waits(tx, 3)
        with pytest.raises(ValueError, match="outer"), tx.savepoint():
            with tx.savepoint():
                store_waits(tx, 4)
            raise ValueError("outer")

    await store.transact(work)
    assert await stored(store) == [1, 3]


def writes_in_passing(tx: QueryTransaction, write: SaveWait | SaveMessage) -> None:
    """What the type checker refuses: a reader is given a transaction that could write, were it allowed to."""
    tx.save([write])  # type: ignore[attr-defined]


async def test_readers_cant_write(store: Store) -> None:
    for write in (SaveWait(wait=wait(1)), SaveMessage(channel=CHANNEL, seen=seen("1.0", 1.0))):
        with pytest.raises(StorageError, match="can't write"):
            await store.read(lambda tx, write=write: writes_in_passing(tx, write))  # type: ignore[misc]
    await store.transact(lambda tx: store_waits(tx, 1))
    assert await stored(store) == [1]


async def test_a_reader_sees_the_last_commit(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(tx: Transaction) -> None:
        store_waits(tx, 1)
        begun.set()
        assert go_on.wait(10)

    writing = asyncio.ensure_future(store.transact(work))
    await asyncio.to_thread(begun.wait, 10)
    assert await stored(store) == []
    go_on.set()
    await writing
    assert await stored(store) == [1]


async def test_the_work_is_over_when_the_caller_is_told_of_its_cancellation(store: Store) -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def work(tx: Transaction) -> None:
        begun.set()
        assert go_on.wait(10)
        store_waits(tx, 1)
        ended.set()

    task = asyncio.ensure_future(store.transact(work))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
    assert await stored(store) == [1]


async def test_a_cancelled_caller_leaves_all_or_nothing(store: Store) -> None:
    """Cancelled before it begins, while it waits for its turn, while it runs, and after."""
    cancelled = 0
    for number in range(100):

        def work(tx: Transaction, number: int = number) -> None:
            tx.save([SaveWait(wait=wait(number, id=f"{CHANNEL}/{number}"))])
            tx.save([SaveWait(wait=wait(number, id=f"{OTHER}/{number}", channel=OTHER))])
            if number % 7 == 0:
                raise ValueError("poison")

        async def call(work: object = work) -> None:
            await store.transact(work)  # type: ignore[arg-type]

        task = asyncio.ensure_future(call())
        for _ in range(number % 8):
            await asyncio.sleep(0)
        task.cancel()
        results = await asyncio.gather(task, return_exceptions=True)
        cancelled += isinstance(results[0], asyncio.CancelledError)
    assert cancelled > 50
    pairs = await stored(store)
    assert pairs == sorted([*set(pairs), *set(pairs)])  # both waits of a transaction or none
    assert not set(pairs) & set(range(0, 100, 7))
    await store.check()


async def test_what_was_committed_is_there_after_a_restart(open_store: Opener) -> None:
    store = await open_store()
    await store.transact(lambda tx: store_waits(tx, 1))
    with pytest.raises(ValueError, match="no"):
        await store.transact(fails)
    await store.close()
    await store.close()
    assert await stored(await open_store()) == [1]
    assert await stored(await open_store("another")) == []


def fails(tx: Transaction) -> None:
    store_waits(tx, 2)
    raise ValueError("no")


async def test_a_closed_store_says_so(store: Store) -> None:
    await store.close()  # type: ignore[attr-defined]
    with pytest.raises(StorageError, match="closed"):
        await store.transact(lambda tx: tx.next_due())
