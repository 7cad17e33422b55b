"""Lives of a process that is killed, one after the other: they are started, killed at random instants, and counted."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.process.report import Report, is_on_its_way

ROOT = Path(__file__).parents[2]

PATIENCE = 60.0
"""Seconds on the wall after which something hangs."""

LONGEST_TIMES = 8.0
"""While nothing was hit, each second life is longer than the one before, up to so many times its time."""

DATABASE, LOG = "realreply.db", "log"
"""Files of a story's folder."""


class Lives:
    """Lives that `module` (one that runs zygote.serve) forks, in `folder`."""

    def __init__(self, module: str, folder: Path) -> None:
        self.folder = folder
        self._module = module
        self._zygote: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        """Import everything; lives can begin."""
        pipe = asyncio.subprocess.PIPE
        self._zygote = await asyncio.create_subprocess_exec(
            sys.executable, "-m", self._module, str(self.folder), cwd=ROOT, stdin=pipe, stdout=pipe
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """No more lives."""
        zygote = self._alive()
        assert zygote.stdin is not None
        zygote.stdin.close()
        if zygote.returncode is None:
            zygote.kill()
        await zygote.wait()

    def _alive(self) -> asyncio.subprocess.Process:
        assert self._zygote is not None, "used outside its `async with`"
        return self._zygote

    async def begin(self) -> int:
        """Start a life; its process id."""
        zygote = self._alive()
        assert zygote.stdin is not None
        zygote.stdin.write(b"live\n")
        await zygote.stdin.drain()
        word, _, pid = (await self._line(PATIENCE)).partition(" ")
        assert word == "pid"
        return int(pid)

    async def ended(self, within: float) -> int | None:
        """The exit code of the life that was begun last (negative: the signal); None when it goes on after so many seconds."""
        try:
            line = await self._line(within)
        except TimeoutError:
            return None
        return int(line.removeprefix("ended "))

    async def _line(self, within: float) -> str:
        zygote = self._alive()
        assert zygote.stdout is not None
        async with asyncio.timeout(within):
            line = await zygote.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._module} ended by itself")
        return line.decode().strip()

    async def are_killed(
        self,
        report: Report,
        kills: int,
        span: tuple[float, float],
        chance: random.Random,
        *,
        on_kill: Callable[[], None] = lambda: None,
        hit: Callable[[], bool] | None = None,
    ) -> None:
        """Kill life after life with SIGKILL, each after a random number of seconds within `span`, until there were `kills`, or
        one ended by itself: properly, or not, which the report then tells. `on_kill` is called after each, while nobody lives.
        On a busy machine lives get less far: until what is tried was `hit` (else: one was killed with a message on its way),
        some are longer, and more are killed, up to twice as many."""
        hit = hit if hit is not None else lambda: bool(report.on_their_way)
        while report.kills < kills or (report.kills < 2 * kills and not hit()):
            pid = await self.begin()
            status = await self.ended((1.0 if hit() else _longer(report.kills)) * chance.uniform(*span))
            if status is None:
                os.kill(pid, signal.SIGKILL)
                status = await self.ended(PATIENCE)
                if status is None:
                    raise TimeoutError("the process neither ended nor could be killed")
            if status == 0:
                return
            if not self.was_killed(report, status):
                return
            on_kill()

    def was_killed(self, report: Report, status: int) -> bool:
        """Count a kill; whatever else ended a life is wrong."""
        if status != -signal.SIGKILL:
            report.wrong.append(f"a process ended with {status} by itself: see {self.folder / LOG}")
            return False
        report.kills += 1
        report.on_their_way += is_on_its_way(self.folder / DATABASE)
        return True


def _longer(kills: int) -> float:
    """How many times as long the next life is, after so many."""
    return min(kills + 1.0, LONGEST_TIMES) if kills % 2 else 1.0
