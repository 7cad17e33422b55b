"""How fast an archive is replayed, and how much memory that takes.

Runs the real command in a process of its own on a made archive, with the default ladder, judging and storage included. The
reference in the same run is what Python needs only to decode the archive's JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.archive import make_archive


@dataclass(frozen=True)
class Replayed:
    """One replay: messages, seconds of wall and processor time (start of the interpreter included), peak memory in MB."""

    messages: int
    wall: float
    processor: float
    peak: float

    @property
    def speed(self) -> float:
        """Messages per second of wall time."""
        return self.messages / self.wall


def replay(archive: Path, messages: int) -> Replayed:
    """Replay a made archive in a process of its own."""
    command = [sys.executable, "-m", "bot", "replay", str(archive), "--team", f"@{archive / 'team.txt'}", "--always-on"]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return Replayed(messages, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def decode(archive: Path) -> float:
    """Seconds to decode the archive's JSON and nothing else."""
    started = time.perf_counter()
    for day in archive.glob("*/*.json"):
        json.loads(day.read_bytes())
    return time.perf_counter() - started


def measure(messages: int, rounds: int) -> tuple[Replayed, float]:
    """The best of several rounds on one made archive, and the best time to decode its JSON."""
    with tempfile.TemporaryDirectory(prefix="realreply-bench-") as folder:
        archive = Path(folder) / "made"
        make_archive(archive, messages)
        runs = [(replay(archive, messages), decode(archive)) for _ in range(rounds)]
    return min((run for run, _ in runs), key=lambda run: run.wall), min(seconds for _, seconds in runs)
