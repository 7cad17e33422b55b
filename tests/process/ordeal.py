"""Kills a real process again and again, at random instants, and counts what is left of the story afterwards."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from adapters.local import journal
from bot.domain.keys import wait_of
from bot.domain.waits import Wait, WaitState
from storage.sqlite.database import Database
from tests.process.lives import DATABASE, LOG, PATIENCE, Lives
from tests.process.report import Report, read_rows, unreminded
from tests.process.victim import LADDER, SPEED
from tests.waits.world import NINE, Said

GAP = 40.0
"""Seconds of the story between two customers' questions."""

SHORTEST, LONGEST = 0.03, 0.45
"""Seconds a process lives."""


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
    started = time.monotonic()
    report = asyncio.run(_run(folder, kills, random.Random(seed)))
    report.seconds = time.monotonic() - started
    return report


async def _run(folder: Path, kills: int, chance: random.Random) -> Report:
    # As long as it takes to kill so often, so that something always goes on.
    story = write_story(folder / "script.jsonl", max(30, int(kills * (SHORTEST + LONGEST) / 2 * SPEED / GAP)))
    (folder / "started").write_text(repr(time.time()))
    report = Report()
    async with Lives("tests.process.victim", folder) as lives:
        await lives.are_killed(report, kills, (SHORTEST, LONGEST), chance)
        if not report.wrong:
            await lives.begin()
            if (status := await lives.ended(PATIENCE)) != 0:
                report.wrong.append(f"the last process ended with {status}: see {folder / LOG}")
    if not report.wrong:
        await _examine(folder, story, report)
    return report


async def _examine(folder: Path, story: list[dict[str, str | float]], report: Report) -> None:
    path = folder / DATABASE
    async with await Database.open(path, unpack=Said.unpack) as store:  # type: ignore[arg-type]
        await store.check()
        waits = await store.read(lambda tx: list(tx.all_waits()))
        dead = await store.read(lambda tx: tx.dead(100))
    rows = read_rows(path)
    report.messages = len(story)
    report.wrong += [f"given up: {row}" for row in dead]
    report.wrong += _messages_wrong(story, rows.messages, waits)
    report.wrong += unreminded(rows, waits, len(LADDER))
    entries = list(journal.read(folder / "town.jsonl"))
    posted = [entry for entry in entries if entry["do"] == "posted"]
    updated = Counter(entry["ref"] for entry in entries if entry["do"] == "updated")
    report.posts, report.updates = len(posted), updated.total()
    in_journal = Counter(key for entry in posted for key in entry["keys"])
    report.reminders = in_journal.total()
    report.wrong += [f"posted {count} times: {key}" for key, count in in_journal.items() if count != 1]
    sent = {row.key for row in rows.sent}
    report.wrong += [f"recorded as sent and never posted: {key}" for key in sent - in_journal.keys()]
    report.wrong += [f"posted and not recorded: {key}" for key in in_journal.keys() - sent]
    over = {wait.id for wait in waits if not wait.open}
    for entry in posted:
        if any(wait_of(key) in over for key in entry["keys"]) and not updated[entry["ref"]]:
            # What was answered before it was posted never left; so every post of an ended wait was posted before its end.
            report.wrong.append(f"post {entry['ref']} was never updated")


def _messages_wrong(
    story: list[dict[str, str | float]], dealt_with: Counter[tuple[str, str]], waits: list[Wait]
) -> Iterator[str]:
    """Every message was dealt with, every question is one wait, every answer ended its own."""
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
