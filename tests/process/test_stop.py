"""`realreply run` is told to stop in the middle of things, as a real process: it ends long before a supervisor would kill it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.process.lives import DATABASE, ROOT
from tests.process.slack_ordeal import prepare
from tests.slack_sandbox import FakeSlack, Person, RealClock
from tests.storage.sqlite.rows import rows_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")

IN_TIME = 3.5
"""Seconds. It takes two at most, and the machine may be slow; supervisors kill after five or ten."""

PATIENCE = 60.0
QUESTIONS = 12


@dataclass(kw_only=True)
class Run:
    """A fake with a team and customers, and the process that watches it."""

    fake: FakeSlack
    folder: Path
    customers: list[Person]
    process: asyncio.subprocess.Process

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not done():
                await asyncio.sleep(0.02)

    async def listening(self) -> None:
        await self.until(lambda: "Listening." in self.log)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def posts(self) -> int:
        return sum(sent.method == "chat.postMessage" for sent in self.fake.outgoing)

    async def questions(self) -> None:
        """Customers ask; two seconds later each is to be reminded of, in a channel that takes one a second."""
        for number, customer in enumerate(self.customers):
            await customer.says("help", f"Hello, could you tell me where container {number:04} is? It was due on Friday.")
            await asyncio.sleep(0.1)

    async def stopped(self) -> float:
        """Seconds from the signal to the end, which is a good one."""
        told = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(self.process.wait(), PATIENCE) == 0
        assert "Stopped, as it was told to." in self.log
        return time.monotonic() - told


@asynccontextmanager
async def running(folder: Path, prepared: Callable[[FakeSlack], None] = lambda _: None) -> AsyncIterator[Run]:
    async with FakeSlack(clock=RealClock()) as fake:
        team = [fake.person("Ana", id="U0ANA"), fake.person("Ben", id="U0BEN")]
        customers = [fake.person(f"Guest{number:02}") for number in range(QUESTIONS)]
        fake.channel("help", members=[*team, *customers])
        fake.channel("support-team", members=team, private=True)
        config = await prepare(folder, fake)
        prepared(fake)
        with (folder / "log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--config", str(config)),
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
            try:
                yield Run(fake=fake, folder=folder, customers=customers, process=process)
            finally:
                fake.trouble.clear()
                if process.returncode is None:
                    process.kill()
                await process.wait()


async def in_a_read_back(run: Run) -> None:
    await run.until(lambda: any(call.method == "conversations.history" for call in run.fake.calls))


async def idle(run: Run) -> None:
    await run.listening()


async def while_reminders_wait_for_their_turn(run: Run) -> None:
    await run.listening()
    await run.questions()
    await run.until(lambda: run.posts() >= 2)


async def while_slack_does_not_answer_a_post(run: Run) -> None:
    await run.listening()
    run.fake.trouble.delay("chat.postMessage", times=None)
    await run.questions()
    await run.until(lambda: any(call.method == "chat.postMessage" for call in run.fake.calls))


def history_hangs(fake: FakeSlack) -> None:
    fake.trouble.delay("conversations.history", times=None)


def nothing_hangs(fake: FakeSlack) -> None:
    """All is well."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("middle", "prepared", "settled"),
    [
        (idle, nothing_hangs, True),
        (in_a_read_back, history_hangs, True),
        (while_reminders_wait_for_their_turn, nothing_hangs, True),
        (while_slack_does_not_answer_a_post, nothing_hangs, False),
    ],
)
async def test_told_to_stop_in_the_middle_it_ends_in_time(
    tmp_path: Path, middle: Callable[[Run], Awaitable[None]], prepared: Callable[[FakeSlack], None], settled: bool
) -> None:
    async with running(tmp_path, prepared) as run:
        await middle(run)
        took = await run.stopped()
        assert took < IN_TIME, f"{took:.1f} s"
        assert ("stopped_midway" not in run.log) == settled and "Traceback" not in run.log
    assert list(tmp_path.glob(f"{DATABASE}-*")) == []  # all of it is in the one file
    on_their_way = rows_of(tmp_path / DATABASE, "SELECT key FROM outgoing WHERE state = 'sending'")
    assert bool(on_their_way) != settled, "what hadn't left is due as before; of what had, the next start finds out"
