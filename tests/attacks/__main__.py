"""`python -m tests.attacks`: the attacks on realreply, one after the other, as a table of what came of each; `make attack`.

Everything that can be counted ought to be nothing. The exit code is 1 where it isn't, or where an attack couldn't be made.
Nothing here meets the real Slack: it is the fake's, on loopback.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table

from tests.attacks.renewal import renewed_now_and_then
from tests.attacks.storm import stormed
from tests.attacks.weather import weathered

MESSAGES = 1000
"""Of each of the three attacks with all troubles at once."""

LATEST = 5.0
"""Seconds by which 99 of 100 reminders may be late because a connection is renewed."""

PATIENCE = 400.0
"""Seconds after which an attack hangs."""

ROOT = Path(__file__).parents[2]


IN_THE_SUITE = {
    "every kind of event while every method fails": ("tests/scenario/test_acknowledged.py",),
    "any order of arrival, late, twice, never": ("tests/engine/test_arrival_orders.py",),
    "refused writes, unreachable proxies, silence: what Slack gave up on": ("tests/scenario/test_missing.py",),
    "outages around the last rung": ("tests/scenario/test_outages.py", "tests/outbox/test_outages.py"),
    "who reads: made public, shared, demoted, missed, a clock set back": ("tests/scenario/test_readers.py",),
    "channels that change their id": ("tests/scenario/test_moving.py",),
    "HTTP in the open: half-open, half-sent, unsigned": ("tests/process/test_http_flood.py",),
    "hostile texts, names and codes": ("tests/scenario/test_hostile.py", "tests/scenario/test_hostile_discord.py"),
}
"""Attacks that are tests: what is tried, and where."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of an attack: how large it was, and what is wrong, in words; nothing is right."""

    size: str
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One of them. `make` gets a folder of its own."""

    name: str
    make: Callable[[Path], Outcome]


def _weather(folder: Path, *, mode: str, seed: int) -> Outcome:
    counted = asyncio.run(asyncio.wait_for(weathered(folder, mode=mode, messages=MESSAGES, seed=seed), PATIENCE))  # type: ignore[arg-type]
    return Outcome(size=counted.size, wrong=tuple(f"{count} {name}" for name, count in counted.figures.items() if count))


def _storm(folder: Path, *, seed: int) -> Outcome:
    counted = asyncio.run(asyncio.wait_for(stormed(folder, messages=MESSAGES, seed=seed), PATIENCE))
    return Outcome(size=counted.size, wrong=tuple(f"{count} {name}" for name, count in counted.figures.items() if count))


def _renewal(folder: Path) -> Outcome:
    measuring = renewed_now_and_then(folder, channels=50, messages=1400, questions=90, every=900)
    found = asyncio.run(asyncio.wait_for(measuring, PATIENCE))
    late = found.share(0.99)
    wrong = [f"p99 is {late:.0f} s instead of {LATEST:.0f} s"] if late > LATEST else []
    wrong += [f"{found.never} reminders never left"] if found.never else []
    return Outcome(size=str(found), wrong=tuple(wrong))


def _in_the_suite(_: Path, *, where: tuple[str, ...]) -> Outcome:
    """An attack that is a test: it is made again."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *where]
    more = os.environ | {"REALREPLY_HOSTILE_TEXTS": "10000"}
    done = subprocess.run(command, cwd=ROOT, env=more, capture_output=True, text=True, check=False)
    last = (done.stdout.strip().splitlines() or [done.stderr.strip()[-200:]])[-1]
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return Outcome(size=last.strip("= "), wrong=() if done.returncode == 0 else tuple(failed or [last]))


def attacks(seed: int) -> Iterator[Attack]:
    """All of them: those that take longest to show something come first."""
    yield Attack(name="all troubles at once and kill -9, the real process", make=partial(_storm, seed=seed))
    yield Attack(name="all troubles at once, over HTTP", make=partial(_weather, mode="http", seed=seed))
    yield Attack(name="all troubles at once, over sockets", make=partial(_weather, mode="socket", seed=seed))
    yield Attack(name="a connection renewed, 50 channels with a past", make=_renewal)
    for name, where in IN_THE_SUITE.items():
        yield Attack(name=name, make=partial(_in_the_suite, where=where))


def main() -> int:
    """Make the attacks, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="attacks whose name holds this")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    table = Table("attack", "how many", "outcome", show_lines=True)
    wrong = 0
    for attack in attacks(asked.seed):
        if asked.only not in attack.name:
            continue
        started = time.monotonic()
        outcome = _outcome(attack)
        wrong += bool(outcome.wrong)
        seconds = time.monotonic() - started
        print(f"{attack.name}: {'; '.join(outcome.wrong) or 'nothing wrong'} ({seconds:.0f} s)", flush=True)
        table.add_row(attack.name, f"{outcome.size} ({seconds:.0f} s)", "\n".join(outcome.wrong) or "nothing wrong")
    Console(width=160).print(table)
    print(f"{wrong} of the attacks showed something wrong." if wrong else "Nothing was lost, doubled or shown to a customer.")
    return 1 if wrong else 0


def _outcome(attack: Attack) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="realreply-attack-", ignore_cleanup_errors=True) as folder:
        try:
            return attack.make(Path(folder))
        except Exception:  # an attack that can't be made is no reason to leave out the others
            return Outcome(size="couldn't be made", wrong=(traceback.format_exc(limit=-3),))


if __name__ == "__main__":
    sys.exit(main())
