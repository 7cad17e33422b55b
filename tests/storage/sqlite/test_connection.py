"""What we need of aiosqlite, beyond its public interface. See storage/sqlite/connection.py."""

from __future__ import annotations

import asyncio
import inspect
import sqlite3
import threading

import aiosqlite
import pytest

from storage.sqlite.connection import SqliteConnection
from tests.storage.sqlite.conftest import ended


def memory() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


def test_the_queue_still_takes_whole_functions() -> None:
    assert inspect.iscoroutinefunction(aiosqlite.Connection._execute)
    assert list(inspect.signature(aiosqlite.Connection._execute).parameters)[:2] == ["self", "fn"]
    assert list(inspect.signature(aiosqlite.Connection.__init__).parameters)[1:3] == ["connector", "iter_chunk_size"]


async def test_work_runs_in_order_on_one_thread_of_its_own() -> None:
    connection = await SqliteConnection.open(memory)
    try:
        order: list[int] = []

        def work(number: int) -> int:
            order.append(number)
            return threading.get_ident()

        threads = await asyncio.gather(*(connection.run(lambda _, n=n: work(n)) for n in range(50)))
        assert order == list(range(50))
        assert len(set(threads)) == 1 and threads[0] != threading.get_ident()
    finally:
        await connection.end()


async def test_queued_work_runs_though_its_caller_was_cancelled() -> None:
    connection = await SqliteConnection.open(memory)
    try:
        go_on, ran = threading.Event(), threading.Event()
        blocking = asyncio.ensure_future(connection.run(lambda _: go_on.wait(10)))
        queued = asyncio.ensure_future(connection.run(lambda _: ran.set()))
        for _ in range(5):
            await asyncio.sleep(0)
        queued.cancel()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await queued
        assert ran.is_set()
        assert await blocking
    finally:
        await connection.end()


async def test_an_error_of_cancelled_work_is_not_lost() -> None:
    connection = await SqliteConnection.open(memory)
    try:
        go_on = threading.Event()

        def work(_: sqlite3.Connection) -> None:
            go_on.wait(10)
            raise ValueError("what went wrong")

        task = asyncio.ensure_future(connection.run(work))
        for _ in range(5):
            await asyncio.sleep(0)
        task.cancel()
        go_on.set()
        with pytest.raises(asyncio.CancelledError) as cancelled:
            await task
        assert isinstance(cancelled.value.__cause__, ValueError)
    finally:
        await connection.end()


async def test_a_failing_connector_leaves_no_thread() -> None:
    before = set(threading.enumerate())

    def failing() -> sqlite3.Connection:
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        await SqliteConnection.open(failing)
    assert ended(before)
