"""Kills a real process again and again, at random instants, and counts what is left of the story afterwards."""

from __future__ import annotations

import asyncio
import json
import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from adapters.local import journal
from bot.core.model import Wait, WaitState
from storage.database import Database
from tests.core.world import NINE, Said
from tests.process.victim import LADDER, SPEED

ROOT = Path(__file__).parents[2]
GAP = 40.0
"""Seconds of the story between two customers' questions."""

SHORTEST, LONGEST = 0.03, 0.45
"""Seconds a process lives."""

PATIENCE = 60.0
"""Seconds on the wall after which something hangs."""


@dataclass
class Report:
    """What was found. `on_their_way`: kills that caught a message between being claimed and being settled."""

    kills: int = 0
    on_their_way: int = 0
    messages: int = 0
    reminders: int = 0
    posts: int = 0
    updates: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({self.on_their_way} with a message on its way), {self.messages} messages, {self.reminders} "
            f"reminders in {self.posts} posts, {self.updates} updates, {self.seconds:.0f} s: "
            + (f"{len(self.wrong)} wrong" if self.wrong else "0 lost, 0 doubled, database intact")
        )


def write_story(path: Path, questions: int) -> list[dict[str, str | float]]:
    """A third of the customers is never answered, a third before and a third after the first reminder."""
    lines: list[dict[str, str | float]] = []
    for n in range(questions):
        asked = NINE + n * GAP
        where = f"help{n % 4}"
        lines.append({"at": asked, "by": f"c{n}", "channel": where, "text": "where is it?"})
        if n % 3:
            later = 50.0 if n % 3 == 1 else LADDER[0].after + 200
            lines.append({"at": asked + later + 0.5, "by": "ana", "channel": where, "text": f"C{n} look in Rotterdam"})
    lines.sort(key=lambda line: float(line["at"]))
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return lines


def run(folder: Path, *, kills: int, seed: int) -> Report:
    """Let the story happen while its process is killed at least `kills` times, then to its end, and examine what is there."""
    chance = random.Random(seed)
    started = time.monotonic()
    # As long as it takes to kill so often, so that something always goes on.
    story = write_story(folder / "script.jsonl", max(30, int(kills * (SHORTEST + LONGEST) / 2 * SPEED / GAP)))
    (folder / "started").write_text(repr(time.time()))
    report = Report()
    zygote = subprocess.Popen(
        [sys.executable, "-m", "tests.process.victim", str(folder)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert zygote.stdin is not None and zygote.stdout is not None
    try:
        while True:
            zygote.stdin.write(b"live\n")
            zygote.stdin.flush()
            pid = int(_answer(zygote, PATIENCE).split()[1])
            last = report.kills >= kills
            ended = select.select([zygote.stdout], [], [], PATIENCE if last else chance.uniform(SHORTEST, LONGEST))[0]
            if not ended and not last:
                os.kill(pid, signal.SIGKILL)
            status = _answer(zygote, PATIENCE)
            if status == "ended 0":
                break
            if status != f"ended {-signal.SIGKILL}":
                report.wrong.append(f"a process {status} by itself: see {folder / 'log'}")
                break
            report.kills += 1
            report.on_their_way += _sending(folder / "realreply.db")
    finally:
        zygote.stdin.close()
        zygote.kill()
        zygote.wait()
        zygote.stdout.close()
    if not report.wrong:
        asyncio.run(_examine(folder, story, report))
    report.seconds = time.monotonic() - started
    return report


def _answer(zygote: subprocess.Popen[bytes], patience: float) -> str:
    assert zygote.stdout is not None
    if not select.select([zygote.stdout], [], [], patience)[0]:
        raise TimeoutError("the process neither ended nor could be killed")
    return zygote.stdout.readline().decode().strip()


def _sending(path: Path) -> bool:
    """Whether something was on its way when the process died. The file is left as it is."""
    if not path.exists():
        return False
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return connection.execute("SELECT 1 FROM outgoing WHERE state = 'sending' AND left_at IS NOT NULL").fetchone() is not None
    except sqlite3.OperationalError:  # killed before the tables were there
        return False
    finally:
        connection.close()


async def _examine(folder: Path, story: list[dict[str, str | float]], report: Report) -> None:
    path = folder / "realreply.db"
    async with await Database.open(path, unpack=Said.unpack) as store:  # type: ignore[arg-type]
        await store.check()
        waits = await store.read(lambda tx: list(tx.all_waits()))
        dead = await store.read(lambda tx: tx.dead(100))
        kept = await store._reader.run(_rows)
    report.messages = len(story)
    report.wrong += [f"given up: {row}" for row in dead]
    report.wrong += _messages_wrong(story, kept["keys"], waits)
    entries = list(journal.read(folder / "town.jsonl"))
    posted = [entry for entry in entries if entry["do"] == "posted"]
    updated = Counter(entry["ref"] for entry in entries if entry["do"] == "updated")
    report.posts, report.updates = len(posted), updated.total()
    in_journal = Counter(key for entry in posted for key in entry["keys"])
    report.reminders = in_journal.total()
    report.wrong += [f"posted {count} times: {key}" for key, count in in_journal.items() if count != 1]
    sent = {key for key, state in kept["outgoing"] if state == "sent"}
    report.wrong += [f"recorded as sent and never posted: {key}" for key in sent - in_journal.keys()]
    report.wrong += [f"posted and not recorded: {key}" for key in in_journal.keys() - sent]
    report.wrong += [f"left {state}: {key}" for key, state in kept["outgoing"] if state in ("pending", "sending")]
    report.wrong += _reminders_missing(waits, in_journal)
    over = {wait.id for wait in waits if not wait.open}
    for entry in posted:
        if any(key.rpartition("#")[0] in over for key in entry["keys"]) and not updated[entry["ref"]]:
            # What was answered before it was posted never left; so every post of an ended wait was posted before its end.
            report.wrong.append(f"post {entry['ref']} was never updated")


def _rows(connection: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
    return {
        "keys": connection.execute("SELECT channels.key, message FROM event_keys JOIN channels ON no = channel").fetchall(),
        "outgoing": connection.execute("SELECT key, state FROM outgoing WHERE kind = 'reminder'").fetchall(),
    }


def _messages_wrong(story: list[dict[str, str | float]], keys: list[tuple[str, str]], waits: list[Wait]) -> Iterator[str]:
    """Every message was dealt with, every question is one wait, every answer ended its own."""
    dealt_with = Counter(keys)
    opened = Counter(wait.messages for wait in waits)
    for line in story:
        id = f"{float(line['at']):.6f}"
        if dealt_with[f"local:harbor:{line['channel']}", id] != 1:
            yield f"message {id} was lost"
        if str(line["by"]).startswith("c") and opened[(id,)] != 1:
            yield f"question {id} is {opened[(id,)]} waits"
    if len(waits) != sum(str(line["by"]).startswith("c") for line in story):
        yield f"there are {len(waits)} waits"
    for wait in waits:
        answered = int(wait.customer[1:]) % 3 != 0
        if (wait.state is WaitState.ANSWERED) is not answered or len(wait.replies) != int(answered):
            yield f"wait {wait.id} of {wait.customer} is {wait.state.value} with {len(wait.replies)} replies"


def _reminders_missing(waits: list[Wait], in_journal: Counter[str]) -> Iterator[str]:
    """Whoever was never answered was reminded of on every rung."""
    for wait in waits:
        if wait.open:
            for step in range(len(LADDER)):
                if in_journal[f"{wait.id}#{step}.{step}"] != 1:
                    yield f"reminder {step} of {wait.id} never left"
