"""The program itself, as a supervisor runs it: it is told to stop, and ends in time with everything kept."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.settings.values import MINUTE
from tests.sandbox.clock import RealClock
from tests.scenario.test_reminding import QUESTION
from tests.slack_sandbox import FakeSlack
from tests.storage.sqlite.rows import rows_of

IN_TIME = 5.0
"""Seconds that supervisors leave a process at least."""

CONFIG = """
[team]
hours = "00:00-24:00"
days = "mon-sun"
[[members]]
name = "Ana"
slack = "{ana}"
lead = true
[reminders]
destination = "team"
[storage]
path = "{folder}/realreply.db"
[storage.backups]
folder = "{folder}/backups"
[slack]
bot_token = "env:FAKE_BOT_TOKEN"
app_token = "env:FAKE_APP_TOKEN"
api = "{api}"
"""


@asynccontextmanager
async def program(fake: FakeSlack, folder: Path, ana: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`realreply run`, listening."""
    config = folder / "config.toml"
    config.write_text(CONFIG.format(ana=ana, folder=folder, api=fake.base_url), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--config", str(config)),
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "FAKE_BOT_TOKEN": fake.bot_token, "FAKE_APP_TOKEN": fake.app_token},
    )
    try:
        assert process.stderr is not None
        async with asyncio.timeout(MINUTE):
            async for line in process.stderr:
                if b"Listening." in line:
                    break
        await fake.sockets.connected(2)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_stop_it_ends_in_time_and_has_kept_everything(tmp_path: Path, number: signal.Signals) -> None:
    async with FakeSlack(clock=RealClock()) as fake:
        ana, dana = fake.person("Ana"), fake.person("Dana")
        fake.channel("help", members=[ana, dana])
        fake.channel("team", members=[ana], private=True)
        async with program(fake, tmp_path, ana.id) as process:
            await dana.says("help", QUESTION)
            (delivery,) = [each for each in fake.deliveries("message") if each.event.get("user") == dana.id]
            assert delivery.acknowledged
            told = time.monotonic()
            process.send_signal(number)
            assert await asyncio.wait_for(process.wait(), 2 * IN_TIME) == 0
            assert time.monotonic() - told < IN_TIME
        assert list(tmp_path.glob("realreply.db-*")) == []  # all of it is in the one file
        assert rows_of(tmp_path / "realreply.db", "SELECT customer, state FROM waits") == [(dana.id, "waiting")]
    fake.check()


async def test_told_to_stop_while_slack_doesnt_answer_it_ends_in_time_too(tmp_path: Path) -> None:
    async with FakeSlack(clock=RealClock()) as fake:
        ana, dana = fake.person("Ana"), fake.person("Dana")
        fake.channel("help", members=[ana, dana])
        fake.channel("team", members=[ana], private=True)
        async with program(fake, tmp_path, ana.id) as process:
            fake.trouble.delay("views.publish", times=None)
            opening = asyncio.create_task(ana.opens_home())
            await asyncio.sleep(0)
            told = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 2 * IN_TIME) == 0
            assert time.monotonic() - told < IN_TIME
            fake.trouble.clear()
            opening.cancel()
