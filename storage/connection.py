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


class Connection(aiosqlite.Connection):
    """An aiosqlite connection that runs one synchronous function as a whole on its thread.

    With aiosqlite's own API each statement is one hop between threads, and a task that is cancelled between BEGIN and COMMIT
    leaves the transaction open for whoever comes next. Here BEGIN, every statement and COMMIT or ROLLBACK are one
    item of the thread's queue: once queued, it runs to its end, whatever becomes of the caller. It is also 2 hops
    instead of thousands for a group of hundreds of events.

    `_execute` is aiosqlite's queue. It isn't public, which is why it is touched in this one place only and why
    tests/storage/test_connection.py states what we need of it.
    """

    @classmethod
    async def open(cls, connector: Callable[[], sqlite3.Connection]) -> Connection:
        """Start the thread and open the connection on it with `connector`. Raises what the connector raises; the thread
        has then ended.
        """
        connection = cls(connector, CHUNK)
        await to_the_end(_started(connection))
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

        queued = cast(Coroutine[Any, Any, tuple[Any, BaseException | None]], self._execute(outcome))  # type: ignore[no-untyped-call]
        result, error = await to_the_end(queued)
        if error is not None:
            try:
                raise error
            finally:
                del error  # its traceback holds this frame: break the circle
        return cast(T, result)

    async def end(self) -> None:
        """Close the connection and end its thread, also when the caller is cancelled. Closing twice does nothing."""
        await to_the_end(self.close())


async def _started(connection: Connection) -> None:
    await connection


async def to_the_end(coroutine: Coroutine[Any, Any, T]) -> T:
    """Await a coroutine to its end even if the caller is cancelled meanwhile; CancelledError is raised after it.

    An error of the coroutine is then the cause of the CancelledError, so that it isn't lost.
    """
    task = asyncio.ensure_future(coroutine)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError as cancelled:
        if task.done() and task.cancelled():
            raise
        while not task.done():
            try:
                await asyncio.wait((task,))
            except asyncio.CancelledError:
                continue  # asked again: the answer is the same, and comes when the work has ended
        raise cancelled from (None if task.cancelled() else task.exception())
