"""`python -m tests.process.soak --kills 1000 [--slack | --discord | --both]`: as test_kill.py, test_kill_slack.py and
test_kill_discord.py, for as long as you like; `--both` at once, in one process and one database."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.process import both_ordeal, discord_ordeal, ordeal, slack_ordeal
from tests.process.report import Report

PER_ROUND = 100
"""Kills of one story and one database. Several short stories begin more often, which is a dangerous time too."""


def main() -> int:
    """Run rounds until there were enough kills; exit code 1 as soon as anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slack", action="store_true", help="kill `realreply run` on a Slack on loopback")
    parser.add_argument("--discord", action="store_true", help="kill `realreply run` on a Discord on loopback")
    parser.add_argument("--both", action="store_true", help="kill `realreply run` on both at once")
    asked = parser.parse_args()
    run: Callable[..., Report] = ordeal.run
    lives = ((asked.slack, slack_ordeal.run), (asked.discord, discord_ordeal.run), (asked.both, both_ordeal.run))
    for wanted, on_loopback in lives:
        if wanted:
            run = partial(on_loopback, long=True)
    kills = 0
    while kills < asked.kills:
        with tempfile.TemporaryDirectory(prefix="realreply-soak-", ignore_cleanup_errors=True) as folder:
            report = run(Path(folder), kills=min(PER_ROUND, asked.kills - kills), seed=asked.seed + kills)
            print(report, flush=True)
            if report.wrong:
                print(*report.wrong[:20], (Path(folder) / "log").read_text()[-3000:], sep="\n")
                return 1
        kills += report.kills
    return 0


if __name__ == "__main__":
    sys.exit(main())
