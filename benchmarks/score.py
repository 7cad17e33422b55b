"""`make score`: the judgements against labelled conversations, beside the simple rules that other bots use.

The conversations and the scorers are no part of the project. They are looked for in `../shared` (data/ and score/), or where
`--shared` says; if something is missing, this says exactly what.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import irc

AFTER = {"support-export": (5, 10, 30), "support-export-threads": (5, 10, 30), "community-export": (60, 240)}
"""The exports, and the minutes after which a customer counts as late there."""


def missing(shared: Path) -> list[str]:
    """What isn't there of what is needed."""
    needed = [shared / "score" / "score.py"]
    for name in AFTER:
        needed += [shared / "data" / name, shared / "data" / f"{name}.team.txt", shared / "data" / f"{name}.gold.jsonl"]
    return [str(path) for path in needed if not path.exists()]


def run(*command: str) -> str:
    """What a command printed; its failure is ours."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.rstrip()


def score(shared: Path, name: str) -> None:
    """Print the figures of one export."""
    data, scorer = shared / "data", str(shared / "score" / "score.py")
    gold, export, team = (str(data / part) for part in (f"{name}.gold.jsonl", name, f"{name}.team.txt"))
    usual = AFTER[name][1]
    print(f"{name}: simple rules at {usual} minutes")
    print(run(sys.executable, scorer, gold, "--export", export, "--team", team, "--after", str(usual)))
    with tempfile.TemporaryDirectory() as folder:
        waits = str(Path(folder) / "waits.jsonl")
        for minutes in AFTER[name]:
            run(
                sys.executable, "-m", "bot", "replay", export, "--team", f"@{team}", "--always-on",
                "--first-after", f"{minutes}m", "--waits", waits,
            )  # fmt: skip
            print(f"{name}: realreply, first reminder after {minutes} minutes")
            print(run(sys.executable, scorer, gold, waits, "--after", str(minutes)))
    print()


def main() -> None:
    """Score, or say what is missing and end with exit code 2."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.score", description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="where data/ and score/ are")
    shared = parser.parse_args().shared
    lacking = missing(shared)
    if lacking:
        print("make score needs labelled conversations that are no part of the project. Missing:", file=sys.stderr)
        for path in lacking:
            print(f"  {path}", file=sys.stderr)
        sys.exit(2)
    for name in AFTER:
        score(shared, name)
    if (shared / "data" / f"irc-{irc.DEV}.jsonl.gz").exists():
        irc.score(shared, irc.DEV, None)


if __name__ == "__main__":
    main()
