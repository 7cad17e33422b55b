"""The process that is killed: `realreply run` itself, with its sockets, its database and the settings in FOLDER.

`python -m tests.process.slack_victim FOLDER` forks lives (see zygote); what a life does from then on is the command's own.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.cli import run as cli_run
from bot.judge.standard import StandardJudge
from bot.waits import ladder
from bot.wiring import slack as wiring_slack
from tests.process import zygote

CONFIG = "config.toml"

assert wiring_slack  # imported before the fork, for the command imports it only when it is needed


def main(folder: Path) -> None:
    """Fork a life for each line that comes in. What is read and compiled once a process, the words of all languages, is so before
    the fork: three quarters of a second of every life would go into it, and most are shorter than three."""
    StandardJudge()
    setattr(ladder, "APART", 0.0)  # noqa: B010 (everybody writes to the same two: each reminder is to be a message that may be hit)
    zygote.serve(lambda: cli_run.run(config=folder / CONFIG, observe=False, level="info"), folder / "log")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
