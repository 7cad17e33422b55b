"""The time of the fake: moved by hand in tests, the machine's own when the fake runs as a process."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

Work = Callable[[], Any]
"""What is due; may return an awaitable, which is awaited before time moves on."""


class Clock(Protocol):
    """What the fake needs of a clock."""

    def now(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        ...

    def at(self, when: float, work: Work) -> Callable[[], None]:
        """Does `work` at `when`; gives a function that calls it off."""
        ...


class FakeClock:
    """Stands still until it is told to move. Whatever falls due on the way is done in order, at its own time."""

    def __init__(self, start: float = 1_772_452_800.0) -> None:
        self._now = start
        self._due: list[tuple[float, int, Work]] = []
        self._off: set[int] = set()
        self._number = itertools.count()
        self.on_move: list[Callable[[float], Any]] = []
        """Called with the new time after each move: the place to move the clock of the bot under test along."""

    def now(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        return self._now

    def elapsed(self) -> float:
        """The same: this is the time itself. A machine whose clock is set is a `MachineClock`."""
        return self._now

    def at(self, when: float, work: Work) -> Callable[[], None]:
        """Does `work` when the clock is moved to `when` or past it."""
        number = next(self._number)
        heapq.heappush(self._due, (max(when, self._now), number, work))
        return lambda: self._off.add(number)

    async def advance(self, seconds: float) -> None:
        """Moves on by `seconds`, doing what falls due on the way."""
        await self.advance_to(self._now + seconds)

    async def advance_to(self, instant: float) -> None:
        """Moves on to `instant`, doing what falls due on the way. Never goes back."""
        while self._due and self._due[0][0] <= instant:
            when, number, work = heapq.heappop(self._due)
            if number in self._off:
                self._off.discard(number)
                continue
            await self._move(when)
            done = work()
            if isinstance(done, Awaitable):
                await done
        await self._move(instant)

    async def _move(self, instant: float) -> None:
        if instant > self._now:
            self._now = instant
            for told in self.on_move:
                answer = told(instant)
                if isinstance(answer, Awaitable):
                    await answer


class MachineClock:
    """The clock of the machine that the bot runs on, which people set and which sleeps. Slack's own time is `time`."""

    def __init__(self, time: FakeClock) -> None:
        self._time = time
        self._ahead = 0.0
        self._slept = 0.0

    def now(self) -> float:
        """Seconds since 1970-01-01 UTC, as this machine believes."""
        return self._time.now() + self._ahead

    def elapsed(self) -> float:
        """Seconds that passed for this machine, its sleep included."""
        return self._time.now() + self._slept

    def set_forward(self, seconds: float) -> None:
        """Somebody sets it (a negative number: back)."""
        self._ahead += seconds

    def sleep(self, seconds: float) -> None:
        """The machine slept so long, and its clock stands where it stood: nobody has told it the time yet."""
        self._slept += seconds


class RealClock:
    """The machine's time."""

    def now(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        return time.time()

    def elapsed(self) -> float:
        """Seconds that passed."""
        return time.monotonic()

    def at(self, when: float, work: Work) -> Callable[[], None]:
        """Does `work` at `when`, on the running loop."""
        tasks: set[asyncio.Future[Any]] = set()

        def due() -> None:
            done = work()
            if isinstance(done, Awaitable):
                task = asyncio.ensure_future(done)
                tasks.add(task)
                task.add_done_callback(tasks.discard)

        return asyncio.get_running_loop().call_later(max(0.0, when - self.now()), due).cancel
