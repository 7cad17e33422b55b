"""A fake and the real bot side by side, to try everything without an account anywhere.

The bot is the very program that runs on the real platform (`realreply run`), with a settings file of its own in a temporary
folder; only where the platform is, is another address. Everything is gone when it ends.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Play = Callable[[int, Path], Awaitable[int]]
"""Plays on a port with a folder for the bot's files, until a signal comes or the bot ends. Gives the exit code."""


@dataclass(frozen=True, kw_only=True)
class Playing:
    """What is played. `guide` is printed, with {page}, {log}, {config}, {doctor} and {pid} filled in."""

    settings: str
    secrets: Mapping[str, str]
    page: str
    guide: str


async def run_beside(playing: Playing, folder: Path) -> int:
    """Run the bot beside a fake that listens already; when it is killed it is started again."""
    config, log = folder / "config.toml", folder / "realreply.log"
    config.write_text(playing.settings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with log.open("wb") as written:

        async def start() -> asyncio.subprocess.Process:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", "--config", str(config), env={**os.environ, **playing.secrets},
                stderr=written, start_new_session=True,
            )  # fmt: skip

        bot = await start()
        said = " ".join(f"{name}={secret}" for name, secret in playing.secrets.items())
        doctor = f"{said} {Path(sys.executable).parent / 'realreply'} doctor --config {config}"
        print(playing.guide.format(page=playing.page, log=log, config=config, doctor=doctor, pid=bot.pid), flush=True)
        told = asyncio.create_task(stop.wait())
        while True:
            ended = asyncio.create_task(bot.wait())
            await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
            if told.done() or await ended != -signal.SIGKILL:
                break
            bot = await start()
            print(f"\n  The bot was killed and is started again; its process is {bot.pid} now.", flush=True)
        told.cancel()
        if not ended.done():
            bot.terminate()
        code = await ended
    if not stop.is_set():
        print(f"The bot ended by itself (exit code {code}):", log.read_text()[-2000:], sep="\n", flush=True)
        return 1
    return 0


def main(command: str, about: str | None, port: int, play: Play) -> None:
    """The command line of a sandbox: play until Ctrl-C."""
    parser = argparse.ArgumentParser(prog=f"make {command}", description=about)
    parser.add_argument("--port", type=int, default=port, help="the page's port (default: %(default)s; 0 = a free one)")
    chosen = parser.parse_args().port

    async def playing(folder: Path) -> int:
        return await play(chosen, folder)

    with tempfile.TemporaryDirectory(prefix="realreply-sandbox-") as folder:
        try:
            code = asyncio.run(playing(Path(folder)))
        except OSError as error:
            print(f"The sandbox can't listen on port {chosen} ({error.strerror}); choose another: PORT=... make {command}")
            code = 2
    sys.exit(code)
