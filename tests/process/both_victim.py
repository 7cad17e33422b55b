"""The process that is killed: `realreply run` on Slack and Discord at once, with one database and the settings in FOLDER.

`python -m tests.process.both_victim FOLDER` forks lives (see zygote); what a life does from then on is the command's own.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.wiring import slack as wiring_slack
from tests.process import discord_victim

assert wiring_slack  # imported before the fork, for the command imports it only when it is needed


if __name__ == "__main__":
    discord_victim.main(Path(sys.argv[1]))
