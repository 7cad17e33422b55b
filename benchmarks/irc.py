"""#ubuntu logs with human reply-to links as training material for attribution: helpers stand for the team, askers for customers."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.simulate import Labelled, run
from bot.core.model import Message, Role, Seen, Wait
from bot.core.window import Window
from bot.judge import attribution
from bot.judge.standard import StandardJudge

COARSE = (
    "too fast to be typed since",
    "nearly too fast",
    "goes on at once",
    "goes on within seconds",
    "goes on within a minute",
    "this member wrote to another at once",
    "this member wrote to another within seconds",
)
"""Features that need seconds; the logs have minutes only."""

_LEADING = re.compile(r"^\s*@?[^\s:,]+\s*[:,]\s+")


def logs(path: Path) -> Iterator[list[dict[str, Any]]]:
    """The rows of one log after the other."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            found[row["channel"]].append(row)
    yield from found.values()


def as_support(rows: list[dict[str, Any]], strip: bool) -> Labelled:
    """A log as a support channel. Helpers are those who answer others more often than they open conversations.

    `strip` takes leading names off helpers' lines, as in channels where nobody is addressed by name.
    """
    at = {row["id"]: row for row in rows}
    starts: Counter[str] = Counter()
    helps: Counter[str] = Counter()
    for row in rows:
        if not row["annotated"]:
            continue
        links = [at[link]["author"] for link in row["reply_to"] if link in at and link != row["id"]]
        others = [author for author in links if author != row["author"]]
        if not links:
            starts[row["author"]] += 1
        elif others:
            helps[row["author"]] += 1
    team = {author for author in helps if helps[author] > 2 * starts[author] and helps[author] >= 3}
    minute: Counter[float] = Counter(row["ts"] for row in rows)
    nth: Counter[float] = Counter()
    messages = []
    targets: dict[str, tuple[frozenset[str], float]] = {}
    for row in rows:
        when = row["ts"]
        seconds = when + 60.0 * nth[when] / minute[when]
        nth[when] += 1
        author = row["author"]
        member = author in team
        text = row["text"]
        if strip and member:
            text = _LEADING.sub("", text)
        messages.append(
            Message(
                channel="C", id=row["id"], at=seconds, author=author, text=text,
                role=Role.APP if row["bot"] else Role.MEMBER if member else Role.CUSTOMER,
            )  # fmt: skip
        )
        if member and row["annotated"]:
            people: set[str] = set()
            continued = False
            for link in row["reply_to"]:
                linked = at.get(link)
                if linked is None or link == row["id"]:
                    continue
                if linked["author"] == author:
                    people |= targets.get(link, (frozenset(), 0.0))[0]
                    continued = True
                elif linked["author"] not in team:
                    people.add(linked["author"])
            if people or not continued:
                targets[row["id"]] = (frozenset(people), 1.0)
    names = {row["author"]: (row["author"],) for row in rows}
    return Labelled(rows[0]["channel"], messages, names, {}, targets)


def choices(path: Path, judge: StandardJudge, *, most: int, limit: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """(candidates' features, which are right) of members' lines in the logs, at most `most` of them, from `limit` logs."""
    found: list[tuple[np.ndarray, np.ndarray]] = []
    coarse = [attribution.FEATURES.index(name) for name in COARSE]
    for number, rows in enumerate(logs(path)):
        if number >= limit:
            break
        data = as_support(rows, strip=number % 3 != 0)

        def on_member(seen: Seen, window: Window, waits: list[Wait], data: Labelled = data) -> list[str]:
            target = data.targets.get(seen.id)
            if target is None:
                return []
            made = attribution.candidates(seen, window, waits)
            right = np.array([candidate.customer in target[0] for candidate in made], dtype=bool)
            if not right.any():
                if target[0]:
                    return []
                right[-1] = True
            values = np.array([candidate.values for candidate in made], dtype=float)
            values[:, coarse] = 0.0
            if len(made) > 1:
                found.append((values, right))
            return sorted(target[0])

        run(data, lambda _: judge, None, on_member)
    rng = np.random.default_rng(1)
    order = rng.permutation(len(found))[:most]
    return [found[place] for place in sorted(order)]
