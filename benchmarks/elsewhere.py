"""What another kind of channel teaches: #ubuntu, where people who help many talk with people who ask.

1,200 labelled messages of one support channel are few to learn from whom a message without a name is meant for. The #ubuntu
logs of the same corpus hold the human reply-to links of a hundred times as many. They aren't mixed with the support channel's
rows (who answers there is nobody's job, and times are whole minutes): a model fitted to them is where that of the support
channel starts from.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from benchmarks.simulate import LEADING_NAME, Labelled
from bot.domain.messages import Message
from bot.domain.people import Role

LOGS = "irc-train.jsonl.gz"

HELPED = 2
"""People somebody must have answered to count as one who helps."""

ANSWERS_FOR_A_QUESTION = 3
"""Answers somebody must have given for each question of their own to count as one who helps."""

MOST_QUESTIONS = 1
"""Questions somebody may have asked in a log and still count as one who helps in it."""

Row = dict[str, Any]


def load_logs(path: Path) -> list[Labelled]:
    """The logs of an irc-*.jsonl.gz, each as a channel with members (those who help), customers and targets."""
    logs: dict[str, list[Row]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if not row["bot"]:
                logs[row["channel"]].append(row)
    return [_labelled(name, rows) for name, rows in logs.items()]


def _answered(rows: list[Row]) -> dict[str, list[Row]]:
    """The lines of others that each line answers."""
    known = {row["id"]: row for row in rows}
    return {
        row["id"]: [known[p] for p in row["reply_to"] if p in known and known[p]["author"].lower() != row["author"].lower()]
        for row in rows
    }


def _helpers(rows: list[Row], answered: dict[str, list[Row]]) -> set[str]:
    """Who helps others in this log rather than asking."""
    answers: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    helped: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        author = row["author"].lower()
        if not row["annotated"]:
            continue
        if answered[row["id"]]:
            answers[author] += 1
            helped[author].update(other["author"].lower() for other in answered[row["id"]])
        elif "?" in row["text"] and all(p == row["id"] for p in row["reply_to"]):
            asked[author] += 1
    return {
        author
        for author, count in answers.items()
        if len(helped[author]) >= HELPED and count >= ANSWERS_FOR_A_QUESTION * asked[author] and asked[author] <= MOST_QUESTIONS
    }


def _labelled(name: str, rows: list[Row]) -> Labelled:
    """One log. The names at the start of members' messages are taken away: the links say whom they are for. Times are whole
    minutes, so the lines of a minute are spread over it."""
    answered = _answered(rows)
    members = _helpers(rows, answered)
    calls: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["author"].lower() in members:
            for other in answered[row["id"]]:
                calls[other["id"]].append(row["id"])
    minute = Counter(row["ts"] for row in rows)
    passed: Counter[float] = Counter()
    found = Labelled(name, [], {}, {})
    for row in rows:
        author = row["author"].lower()
        passed[row["ts"]] += 1
        at = row["ts"] + 60.0 * (passed[row["ts"]] - 0.5) / minute[row["ts"]]
        role = Role.MEMBER if author in members else Role.CUSTOMER
        text = LEADING_NAME.sub("", row["text"]) if role is Role.MEMBER else row["text"]
        found.names[author] = (row["author"],)
        found.messages.append(Message(channel="C", id=row["id"], at=at, author=author, role=role, text=text))
        if role is Role.CUSTOMER:
            opens = row["annotated"] and "?" in text and all(p == row["id"] for p in row["reply_to"])
            replies = calls.get(row["id"], [])
            found.gold[row["id"]] = {"expects": int(bool(replies) or opens), "answers": replies, "torn": False}
        elif row["annotated"]:
            people = frozenset(o["author"].lower() for o in answered[row["id"]] if o["author"].lower() not in members)
            if people:
                found.targets[row["id"]] = (people, 1.0)
    return found
