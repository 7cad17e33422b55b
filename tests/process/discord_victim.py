"""The process that is killed: `realreply run` itself on Discord, with its session, its database and the settings in FOLDER.

`python -m tests.process.discord_victim FOLDER` forks lives (see zygote); what a life does from then on is the command's own.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from adapters.discord import pace
from bot.cli import run as cli_run
from bot.judge.standard import StandardJudge
from bot.waits import ladder
from bot.wiring import discord as wiring_discord
from tests.process import zygote

CONFIG = "config.toml"

READY = 0.05
"""Real seconds after which it is believed that no more servers come; on the real Discord two."""


def main(folder: Path) -> None:
    """Fork a life for each line that comes in. What is read and compiled once a process, the words of all languages, is so before
    the fork: three quarters of a second of every life would go into it, and most are shorter than three."""
    StandardJudge()
    usual = wiring_discord.options
    wiring_discord.options = lambda settings, section: replace(usual(settings, section), ready_timeout=READY)
    setattr(pace, "EACH_CHANNEL", 0.02)  # noqa: B010 (a life is short, and reminders wait until what was missed is read)
    setattr(ladder, "APART", 0.0)  # noqa: B010 (everybody writes to the same two: each reminder is to be a message that may be hit)
    zygote.serve(lambda: cli_run.run(config=folder / CONFIG, observe=False, level="info"), folder / "log")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
