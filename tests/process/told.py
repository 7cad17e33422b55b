"""A story that people go on writing while `realreply run` is killed again and again, whatever platform they write on."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from bot.domain.waits import Wait, WaitState
from tests.process.lives import LOG, PATIENCE, ROOT
from tests.process.report import Report, read_rows

GAP = 0.45
"""Seconds between two customers' questions."""

UNANSWERED = 5
"""One question of so many is never answered."""

LADDER = (("2s", "owner"), ("4s", "duty"))
ANSWERED_AFTER = (0.5, 1.0, 4.0)
"""Seconds, in turn: most before the first reminder, some after it."""

DWELL = 0.3
"""Seconds between a platform's taking a post and its answer."""

UNHEARD = 6
"""In long stories the connection breaks after one of so many posts was taken; in short ones after the first alone. What queues up
behind such a post is put off for half a minute, restarts or not."""

POSTS = 3000
"""More than a long story has."""

THREADS = 4
"""Answers that are given in threads. Slack gives replies back thread by thread, 50 a minute, and a life is short."""


class Told(Protocol):
    """A story, as far as it says when everything has happened."""

    @property
    def asked(self) -> Sequence[Answerable]:
        """The questions."""
        ...

    @property
    def written(self) -> Sequence[object]:
        """All messages."""
        ...


class Answerable(Protocol):
    """A question."""

    @property
    def answered(self) -> bool:
        """Whether somebody answers it."""
        ...

    @property
    def words(self) -> str:
        """What it is about, and no other."""
        ...


@asynccontextmanager
async def command(config: Path, report: Report) -> AsyncIterator[None]:
    """The last life isn't forked and isn't killed: it is the command, as somebody types it, ended by SIGTERM."""
    log = (config.parent / LOG).open("ab")
    command = [sys.executable, "-m", "bot", "run", "--config", str(config)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=log, stderr=log, stdin=asyncio.subprocess.DEVNULL)
    try:
        yield
        if process.returncode is None:
            os.kill(process.pid, signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            if await process.wait() != 0:
                report.wrong.append(f"the last process ended with {process.returncode}: see {config.parent / LOG}")
    finally:
        log.close()
        if process.returncode is None:
            process.kill()
            await process.wait()


async def settled(path: Path, stories: Sequence[Told], report: Report) -> None:
    """Wait until everything that must happen has happened; what doesn't in time is wrong."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        rows = read_rows(path)
        left = Counter(row.wait for row in rows.sent)
        never = sum(not asked.answered for story in stories for asked in story.asked)
        reminded = sum(count == len(LADDER) for count in left.values()) >= never
        if reminded and not rows.unsettled and len(rows.messages) >= sum(len(story.written) for story in stories):
            return
        await asyncio.sleep(0.1)
    report.wrong.append(f"not everything had happened after {PATIENCE:.0f} seconds")


def misjudged(asked_as: Mapping[str, Answerable], waits: Sequence[Wait]) -> Iterator[str]:
    """Every question is one wait, every answer ended its own, and nothing else did. `asked_as`: the questions by the ids of their
    messages."""
    opened = Counter(wait.messages for wait in waits)
    states = {wait.messages: wait.state for wait in waits}
    for message, asked in asked_as.items():
        id = (message,)
        if opened[id] != 1:
            yield f"question {asked.words} is {opened[id]} waits"
        elif (states[id] is WaitState.ANSWERED) is not asked.answered:
            yield f"question {asked.words} is {states[id].value}"
    if len(waits) != len(asked_as):
        yield f"there are {len(waits)} waits of {len(asked_as)} questions"
