"""Where the judgement errs: `python -m benchmarks.errors --data /path/to/shared/data`.

Every message of the labelled exports is judged by models that never saw its block of time, as in training; then the false alarms
and misses are listed, the surest first: message id, probability, the features that mattered. Nothing is quoted, unless
`--texts` asks for it.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.simulate import Labelled, Record, rows_of, run
from benchmarks.train import Settings, Trainer, by_fold
from bot.domain.messages import MessageRecord
from bot.domain.people import Role
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.linear import Weights
from bot.judge.standard import Attributed, Judged, StandardJudge

WORST = 20
REASONS = 4
"""Features named for each error."""
NEAR = 600.0
QUIET = 5
"""Customers who talk within ten minutes of each other in a stretch that still counts as quiet."""

GRACE = 90.0
"""Seconds a reminder may be early by the labels' clock, as the scorer has it."""


class Noting(StandardJudge):
    """A judge that remembers what it said about each message."""

    def __init__(self, weights: Weights, said: dict[str, Judged], given: dict[str, list[Attributed]]) -> None:
        super().__init__(weights)
        self._said = said
        self._given = given

    def expects_reply(self, seen: MessageRecord, window: Window, waits: Sequence[Wait]) -> Judged:
        """As the judge, and noted."""
        judged = self._said[seen.id] = super().expects_reply(seen, window, waits)
        return judged

    def attribute(
        self, seen: MessageRecord, window: Window, waits: Sequence[Wait], without: frozenset[str] = frozenset()
    ) -> list[Attributed]:
        """As the judge, and noted."""
        given = super().attribute(seen, window, waits, without)
        self._given.setdefault(seen.id, given)
        return given


@dataclass(slots=True)
class Mistake:
    """One false alarm or miss. `sure` is how sure the judge was of what was wrong: of a false alarm its probability, of a miss
    one minus that."""

    what: str
    message: str
    probability: float | None
    cause: str
    sure: float
    others: tuple[str, ...] = ()


@dataclass(slots=True)
class Findings:
    """The mistakes of one export by column."""

    name: str
    mistakes: dict[str, list[Mistake]] = field(default_factory=lambda: defaultdict(list))


def spans_of(gold: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The labelled waits: a customer's messages that call for a reply and share their answer, as the scorer counts them."""
    found: list[dict[str, Any]] = []
    last: dict[str, dict[str, Any]] = {}
    for row in gold:
        if row["expects"] != 1:
            continue
        key = tuple(row["answers"])
        span = last.get(row["customer"])
        if span is not None and span["key"] == key:
            span["messages"].append(row["message"])
            continue
        end = min((float(answer) for answer in key), default=float("inf"))
        span = {"customer": row["customer"], "key": key, "start": float(row["message"]), "messages": [row["message"]], "end": end}
        span["torn"] = row["torn"]
        last[row["customer"]] = span
        found.append(span)
    return found


class Errors:
    """The mistakes of one export, from a run whose judges took notes."""

    def __init__(self, data: Labelled, record: Record, said: dict[str, Judged], given: dict[str, list[Attributed]]) -> None:
        self.data = data
        self.record = record
        self.said = said
        self.given = given
        self.gold = list(data.gold.values())
        self.spans = spans_of(self.gold)
        self.messages = {message.id: message for message in data.messages}
        self.wait_of: dict[str, Wait] = {}
        for wait in record.waits:
            for message in wait.messages:
                self.wait_of.setdefault(message, wait)
        self.findings = Findings(data.name)

    def find(self) -> Findings:
        """All mistakes, each column the surest first."""
        self._opening()
        self._replies()
        for minutes in (5, 10, 30):
            self._reminders(minutes)
        for mistakes in self.findings.mistakes.values():
            mistakes.sort(key=lambda mistake: (-mistake.sure, mistake.message))
        return self.findings

    def _add(
        self, column: str, what: str, message: str, probability: float | None, cause: str, sure: float, *others: str
    ) -> None:
        self.findings.mistakes[column].append(Mistake(what, message, probability, cause, sure, others))

    def _called(self, message: str) -> tuple[float, str]:
        """How probably a message calls, and what spoke for it and against it most."""
        judged = self.said[message]
        return judged.probability, features(judged)

    def _opening(self) -> None:
        taken: set[str] = set()
        for span in self.spans:
            waits = [self.wait_of[m] for m in span["messages"] if m in self.wait_of]
            found = next((wait for wait in waits if wait.id not in taken), None)
            if found is not None:
                taken.add(found.id)
                continue
            best = max(span["messages"], key=lambda m: self.said[m].probability)
            probability, cause = self._called(best)
            if waits:
                self._add(
                    "opening", "miss, one wait for two", best, probability, "the wait before it was still open", 1 - probability
                )
            else:
                self._add("opening", "miss", best, probability, cause, 1 - probability)
        for wait in self.record.waits:
            labels = [self.data.gold[m]["expects"] for m in wait.messages if m in self.data.gold]
            if wait.id in taken or all(label is None for label in labels):
                continue
            first = wait.messages[0]
            probability, cause = self._called(first)
            what = "false alarm, second of one" if any(label == 1 for label in labels) else "false alarm"
            self._add("opening", what, first, probability, cause, probability)

    def _replies(self) -> None:
        wrong: set[tuple[str, str]] = set()
        for row in self.gold:
            if row["expects"] != 1:
                continue
            message = row["message"]
            wait = self.wait_of.get(message)
            said = wait.replies[0] if wait is not None and wait.replies else None
            if wait is None:
                continue
            key = (wait.id, said.message if said is not None else "")
            if said is not None and said.message not in row["answers"]:
                if key not in wrong:
                    probability = said.probability if said.probability is not None else 0.0
                    what = "too early" if row["answers"] and said.message < min(row["answers"]) else "too late"
                    what = what if row["answers"] else "nobody answered"
                    self._add(
                        "first reply", what, message, probability, self._answered(wait.id, said.message), probability,
                        said.message, *row["answers"],
                    )  # fmt: skip
            elif said is None and row["answers"] and key not in wrong:
                answer = row["answers"][0]
                chance = next((a.probability for a in self.given.get(answer, ()) if a.wait == wait.id), 0.0)
                self._add("first reply", "not seen", message, chance, self._answered(wait.id, answer), 1 - chance, answer)
            wrong.add(key)
            if row["torn"]:
                continue
            if said is None and row["answers"]:
                self._add(
                    "unanswered", "false alarm", message, None, self._answered(wait.id, row["answers"][0]), 1.0, *row["answers"]
                )
            if said is not None and not row["answers"]:
                probability = said.probability if said.probability is not None else 0.0
                self._add(
                    "unanswered", "miss", message, probability, self._answered(wait.id, said.message), probability, said.message
                )
        for row in self.gold:
            if row["expects"] == 1 and not row["torn"] and not row["answers"] and row["message"] not in self.wait_of:
                probability, cause = self._called(row["message"])
                self._add("unanswered", "miss, opened nothing", row["message"], probability, cause, 1 - probability)

    def _answered(self, wait: str, reply: str) -> str:
        """Why a message was taken to answer a wait, or not: the features of that candidate, and who else was likely."""
        given = self.given.get(reply, [])
        mine = next((a for a in given if a.wait == wait), None)
        if mine is None:
            return "the wait wasn't open, or not among those weighed" if given else "no wait was open"
        rest = [f"{a.probability:.2f}" for a in given if a.wait != wait and a.probability >= 0.05]
        return features(mine) + (f"; other waits {', '.join(rest)}" if rest else "")

    def _reminders(self, minutes: int) -> None:
        column = f"reminders {minutes}"
        after = minutes * 60
        by: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for span in self.spans:
            by[span["customer"]].append(span)
        rows = rows_of(self.record, after)
        sent = [(row["customer"], r["at"], row["messages"][0]) for row in rows for r in row["reminders"]]
        for customer, at, first in sent:
            if any(s["start"] + after - GRACE <= at < s["end"] for s in by[customer]):
                continue
            probability, cause = self._called(first)
            labels = self.data.gold[first]
            if labels["expects"] != 1:
                self._add(column, "false, no wait", first, probability, cause, probability)
                continue
            answered = [a for a in labels["answers"] if float(a) <= at]
            if answered:
                chance = next((a.probability for a in self.given.get(answered[0], ()) if a.wait == self.wait_of[first].id), 0.0)
                why = self._answered(self.wait_of[first].id, answered[0])
                self._add(column, "false, was answered", first, chance, why, 1 - chance, *answered)
            else:
                self._add(column, "false, by the clock", first, probability, cause, probability)
        for span in self.spans:
            if span["end"] - span["start"] <= after or span["torn"]:
                continue
            if any(c == span["customer"] and span["start"] + after - GRACE <= at < span["end"] for c, at, _ in sent):
                continue
            first = span["messages"][0]
            wait = next((self.wait_of[m] for m in span["messages"] if m in self.wait_of), None)
            if wait is None:
                probability, cause = self._called(first)
                self._add(column, "missed, opened nothing", first, probability, cause, 1 - probability)
            elif wait.replies and wait.replies[0].at < span["start"] + after:
                said = wait.replies[0]
                chance = said.probability if said.probability is not None else 0.0
                self._add(
                    column,
                    "missed, taken for answered",
                    first,
                    chance,
                    self._answered(wait.id, said.message),
                    chance,
                    said.message,
                )
            else:
                self._add(column, "missed, by the clock", first, None, "another wait's clock", 0.0)


def busy_messages(data: Labelled) -> set[str]:
    """The customers' messages written while many customers were talking: more than `QUIET` of them within ten minutes."""
    asked = [message for message in data.messages if message.role is Role.CUSTOMER]
    found: set[str] = set()
    for message in asked:
        near = {other.author for other in asked if abs(other.at - message.at) <= NEAR}
        if len(near) > QUIET:
            found.add(message.id)
    return found


def show_stretches(trainer: Trainer, data: Labelled, record: Record) -> None:
    """Print the figures of busy and of quiet stretches."""
    busy = busy_messages(data)
    for title, kept in (("busy", lambda message: message in busy), ("quiet", lambda message: message not in busy)):
        gold = [row for message, row in data.gold.items() if kept(message)]
        figures = []
        for minutes in (5, 10, 30):
            rows = [row for row in rows_of(record, minutes * 60) if kept(row["messages"][0])]
            result, _, _ = trainer.score.score(gold, rows, minutes)
            columns = result if minutes == 5 else {"reminders": result["reminders"]}
            for column, (p, r) in columns.items():
                name = f"{column} {minutes}" if column == "reminders" else column
                figures.append(f"{name} {p:.3f}/{r:.3f}/{trainer.score.f1(p, r):.3f}")
        print(f"{data.name}: {title}: {len(gold)} customers' messages: {'  '.join(figures)}")


def features(judged: Judged) -> str:
    """The heaviest features of a judgement."""
    return ", ".join(f"{item.name} {item.weight:+.1f}" for item in judged.evidence()[:REASONS])


def show(errors: Errors, worst: int, columns: Sequence[str], texts: bool) -> None:
    """Print the mistakes of one export."""
    found = errors.findings
    for column, mistakes in found.mistakes.items():
        kinds: dict[str, int] = defaultdict(int)
        for mistake in mistakes:
            kinds[mistake.what] += 1
        print(f"{found.name}: {column}: {len(mistakes)} mistakes ({', '.join(f'{n} {what}' for what, n in kinds.items())})")
        if columns and column not in columns:
            continue
        for mistake in mistakes[:worst]:
            probability = "    " if mistake.probability is None else f"{mistake.probability:.2f}"
            others = f" [{' '.join(mistake.others)}]" if mistake.others else ""
            print(f"  {mistake.message}  {probability}  {mistake.what}: {mistake.cause}{others}")
            if texts:
                for message in (mistake.message, *mistake.others):
                    said = errors.messages[message]
                    by = "*" if said.role is Role.MEMBER else " "
                    print(f"      {message} {by}{errors.data.names[said.author][0]}: {said.text[:200]}")


def main() -> None:
    """Cross-validate, then list the mistakes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.errors", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="where the labelled exports are")
    parser.add_argument("--worst", type=int, default=WORST, help="mistakes listed in each column")
    parser.add_argument("--column", action="append", default=[], help="list this column only (may be given again)")
    parser.add_argument("--texts", action="store_true", help="quote the messages, for your eyes only")
    options = parser.parse_args()
    trainer = Trainer(options.data, Settings())
    _, judges = trainer.cross_validate()
    for export, readings in zip(trainer.exports, trainer.readings, strict=True):
        said: dict[str, Judged] = {}
        given: dict[str, list[Attributed]] = {}
        noting = [Noting(judge.weights, said, given) for judge in judges]
        record = run(export, by_fold(export, noting), readings=readings)
        errors = Errors(export, record, said, given)
        errors.find()
        show_stretches(trainer, export, record)
        show(errors, options.worst, options.column, options.texts)


if __name__ == "__main__":
    main()
