"""Chat logs with labelled reply links (irc-*.jsonl.gz), as messages. Only training and scoring read them.

A row: id, channel, ts (whole minutes), author, text, reply_to (the lines it answers), annotated, bot. Lines of one minute are
spread over it, in their order.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.domain.messages import Message
from bot.domain.people import Role

MINUTE = 60.0


@dataclass(slots=True)
class Log:
    """One log: its messages in order, their ids in the file, and by place the places they answer; None = not labelled."""

    name: str
    messages: list[Message] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: list[list[int] | None] = field(default_factory=list)
    questions: dict[int, list[int]] = field(default_factory=dict)
    """The questions to judge, by place, with the places of all their answers."""


def scorer(shared: Path) -> ModuleType:
    """score_irc.py, which lies beside the data."""
    spec = importlib.util.spec_from_file_location("score_irc", shared / "score" / "score_irc.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load(path: Path) -> list[Log]:
    """The logs of a file, in its order."""
    rows: dict[str, list[dict[str, Any]]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            rows.setdefault(row["channel"], []).append(row)
    return [_log(number, name, found) for number, (name, found) in enumerate(rows.items())]


def mark_questions(logs: list[Log], path: Path, shared: Path) -> None:
    """Note in each log the questions that the scorer judges, with their answers."""
    score = scorer(shared)
    by_name = {log.name: log for log in logs}
    places = {log.name: {id: place for place, id in enumerate(log.ids)} for log in logs}
    for rows, place, gold in score.judged(score.load(path)):
        name = rows[place]["channel"]
        by_name[name].questions[place] = [places[name][answer] for answer in gold]


def _log(number: int, name: str, rows: list[dict[str, Any]]) -> Log:
    log = Log(name)
    places = {row["id"]: place for place, row in enumerate(rows)}
    start, before = 0, 0.0
    while start < len(rows):
        end = start
        while end < len(rows) and rows[end]["ts"] == rows[start]["ts"]:
            end += 1
        for place in range(start, end):
            row = rows[place]
            at = max(row["ts"] + MINUTE * (place - start + 0.5) / (end - start), before + 0.001)
            before = at
            log.messages.append(
                Message(
                    channel=name,
                    id=f"{number:03d}-{place:06d}",
                    at=at,
                    author=row["author"].lower(),
                    role=Role.APP if row["bot"] else Role.CUSTOMER,
                    text=row["text"],
                    marks=("bot_id",) if row["bot"] else (),
                )
            )
            log.ids.append(row["id"])
            known = [places[id] for id in row["reply_to"] if id in places and places[id] < place]
            log.links.append(known if row["annotated"] and not row["bot"] else None)
        start = end
    return log
