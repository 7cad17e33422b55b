"""One SQLite connection on a thread of its own, for whole functions."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, cast

import aiosqlite

T = TypeVar("T")

CHUNK = 64
"""aiosqlite's own default for rows fetched at once; our functions never fetch through it."""


class SqliteConnection(aiosqlite.Connection):
    """An aiosqlite connection that runs one synchronous function as a whole on its thread.

    With aiosqlite's own API each statement is one hop between threads, and a task that is cancelled between BEGIN and COMMIT
    leaves the transaction open for whoever comes next. Here BEGIN, every statement and COMMIT or ROLLBACK are one
    item of the thread's queue: once queued, it runs to its end, whatever becomes of the caller. It is also 2 hops
    instead of thousands for a group of hundreds of events.

    `_execute` is aiosqlite's queue. It isn't public, which is why it is touched in this one place only and why
    tests/storage/sqlite/test_connection.py states what we need of it.
    """

    @classmethod
    async def open(cls, connector: Callable[[], sqlite3.Connection]) -> SqliteConnection:
        """Start the thread and open the connection on it with `connector`. Raises what the connector raises; the thread
        has then ended.
        """
        return await to_the_end(cls._open(connector), undo=cls.end)

    @classmethod
    async def _open(cls, connector: Callable[[], sqlite3.Connection]) -> SqliteConnection:
        failures: list[BaseException] = []

        def connected() -> sqlite3.Connection:
            # aiosqlite doesn't wait for the thread of a connection that failed to open: it would still report to the event loop
            # when that is closed, and print a traceback. So opening always succeeds, and is closed properly.
            try:
                return connector()
            except BaseException as error:
                failures.append(error)
                return sqlite3.connect(":memory:")

        connection = cls(connected, CHUNK)
        await connection
        if failures:
            await connection.close()
            raise failures.pop()
        return connection

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on the thread and give its result, or raise what it raised.

        If the caller is cancelled, the work still runs to its end, and only then CancelledError is raised: nothing goes on
        behind the caller's back.
        """

        def outcome() -> tuple[Any, BaseException | None]:
            # An exception travels as a value: a Future refuses StopIteration, and the caller would wait for ever.
            try:
                return work(self._conn), None
            except BaseException as error:
                return None, error

        async def whole() -> T:
            queued = cast(Coroutine[Any, Any, tuple[Any, BaseException | None]], self._execute(outcome))  # type: ignore[no-untyped-call]
            result, error = await queued
            if error is not None:
                try:
                    raise error
                finally:
                    del error  # its traceback holds this frame: break the circle
            return cast(T, result)

        return await to_the_end(whole())

    async def end(self) -> None:
        """Close the connection and end its thread, also when the caller is cancelled. Closing twice does nothing."""
        await to_the_end(self.close())


async def to_the_end(coroutine: Coroutine[Any, Any, T], undo: Callable[[T], Coroutine[Any, Any, None]] | None = None) -> T:
    """Await a coroutine to its end even if the caller is cancelled meanwhile; CancelledError is raised after it.

    Nobody gets the result then, so `undo` is called with it, for results that must be closed. An error of the coroutine becomes
    the cause of the CancelledError, so that it isn't lost.
    """
    task = asyncio.ensure_future(coroutine)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError as cancelled:
        await _ended(task)
        if task.cancelled():
            raise
        error = task.exception()
        if error is None and undo is not None:
            undone = asyncio.ensure_future(undo(task.result()))
            await _ended(undone)
            error = None if undone.cancelled() else undone.exception()
        raise cancelled from error


async def _ended(task: asyncio.Future[Any]) -> None:
    """Wait until a task has ended, whoever asks to stop waiting: the answer is the same, and comes when it has."""
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError:
            continue
