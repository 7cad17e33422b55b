"""Train the judge of peers: `python -m benchmarks.train_peers --data /path/to/shared/data` writes bot/judge/weights_peers.json.

Corpus: irc-disentanglement (CC-BY-4.0; Kummerfeld et al., ACL 2019), #ubuntu, the training part alone. Figures are
cross-validated over logs. Needs numpy, which the package itself does not.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.irc_logs import Log, load, mark_questions
from bot.domain.messages import MessageRecord
from bot.domain.people import Role
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.linear import Values
from bot.judge.peers import features as flag
from bot.judge.peers.conversation import LEAST, Addressee, PeerConversation, Whom
from bot.judge.peers.help import help_values
from bot.judge.peers.model import Candidates, candidates
from bot.judge.standard import StandardJudge

SOURCE = "irc-disentanglement, CC-BY-4.0: Kummerfeld et al., ACL 2019; #ubuntu. Trained by benchmarks/train_peers.py."
FOLDS = 5
PENALTY = 2.0
HELP_PENALTY = 1.0
HELPS, HELPS_NAMED = 0.35, 0.55
"""The thresholds, chosen on the same folds."""

# What the corpus can't teach, because it has none of it, starts from these log odds instead of 0.
PERSON_PRIOR = {"reply to their message": 6.0, "thread of their message": 4.0}
HELP_PRIOR = {"reply to their message": 4.0, "in their thread": 4.0, "in another place": -4.0}
FOLLOWED = 150
"""Messages after a question that are looked at."""
PART = 50_000
"""Rows that are brought to double precision at a time."""

PERSON, NAMED, OWN, NOBODY = (
    0,
    len(flag.PERSON),
    2 * len(flag.PERSON),
    2 * len(flag.PERSON) + len(flag.OWN),
)
"""Where each model's weights stand in the one vector that is fitted."""
WIDTH = NOBODY + len(flag.NOBODY)

Array = Any


@dataclass(slots=True)
class Read:
    """A log as the judge sees it."""

    log: Log
    seen: list[MessageRecord]
    window: Window = field(default_factory=lambda: Window(capacity=1_000_000))


def read(log: Log, judge: StandardJudge) -> Read:
    """Read the messages of a log, with the probability that each calls for a reply."""
    names: dict[str, tuple[str, ...]] = {}
    window = Window()
    found = Read(log, [])
    for message in log.messages:
        if message.author not in names:
            names[message.author] = (message.author,)
        seen = MessageRecord(
            id=message.id, at=message.at, author=message.author, role=message.role, thread=None, reply_to=None,
            reading=judge.read(message, names),
        )  # fmt: skip
        if message.role is not Role.APP:
            seen = seen.marked(reply_probability=judge.expects_reply(seen, window, ()).probability)
        window.put(seen)
        found.window.put(seen)
        found.seen.append(seen)
    return found


def truth(read: Read, place: int) -> set[str | None] | None:
    """Whom a message is meant for by the labels: people, its own author (OWN), nobody (None). None: not labelled."""
    links = read.log.links[place]
    if links is None:
        return None
    found: set[str | None] = set()
    for link in links:
        other = read.seen[link]
        found.add(other.author if other.role is not Role.APP else None)
    return found or {None}


def gold(read: Read, place: int) -> Addressee:
    """The labels as a choice; nobody where there is none."""
    people = truth(read, place)
    if people is None or people == {None}:
        return Addressee()
    author = read.seen[place].author
    others = sorted(person for person in people if person is not None and person != author)
    if not others:
        return Addressee(own=1.0, nobody=0.0)
    return Addressee({person: 1.0 / len(others) for person in others}, nobody=0.0)


@dataclass(slots=True)
class Rows:
    """All candidates of all messages, one row each."""

    x: Array
    right: Array
    group: Array
    fold: Array
    labelled: Array
    messages: list[tuple[int, int, Candidates]]


def walk(reads: Sequence[Read], choice: Callable[[int, int], Addressee]) -> list[tuple[int, int, Candidates]]:
    """The candidates of every message, where `choice(log, place)` says whom the messages before were meant for."""
    found = []
    for number, read in enumerate(reads):
        conversation = PeerConversation(0, whom_by(number, read, choice))
        for place, seen in enumerate(read.seen):
            if seen.role is not Role.APP:
                found.append((number, place, candidates(seen, conversation)))
            conversation.take((seen,), read.window)
    return found


def whom_by(number: int, read: Read, choice: Callable[[int, int], Addressee]) -> Whom:
    """Whom the messages of a log are meant for, by a choice for its place."""
    places = {seen.id: place for place, seen in enumerate(read.seen)}
    return lambda seen, _conversation, _window: choice(number, places[seen.id])


def rows_of(reads: Sequence[Read], messages: list[tuple[int, int, Candidates]]) -> Rows:
    """The rows to fit."""
    size = sum(len(one.people) + (one.own is not None) + 1 for _, _, one in messages)
    x = np.zeros((size, WIDTH), np.float32)
    right = np.zeros(size, bool)
    group = np.zeros(size, np.int64)
    fold = np.zeros(size, np.int64)
    labelled = np.zeros(size, bool)
    row = 0
    for number, (log, place, one) in enumerate(messages):
        people = truth(reads[log], place)
        author = reads[log].seen[place].author
        start = row
        block = NAMED if one.named else PERSON
        for person, values in zip(one.people, one.persons, strict=True):
            _put(x[row], block, values)
            right[row] = people is not None and person in people
            row += 1
        if one.own is not None:
            _put(x[row], OWN, one.own)
            right[row] = people is not None and author in people
            row += 1
        _put(x[row], NOBODY, one.nobody)
        right[row] = people is not None and (None in people or not right[start:row].any())
        row += 1
        group[start:row] = number
        fold[start:row] = log % FOLDS
        labelled[start:row] = people is not None
    return Rows(x, right, group, fold, labelled, messages)


def _put(row: Array, start: int, values: Values) -> None:
    amounts, flags = values
    row[start : start + len(amounts)] = amounts
    for place in flags:
        row[start + place] = 1.0


def softmax(scores: Array, starts: Array, group: Array) -> Array:
    """Probabilities within each group."""
    raised = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
    return raised / np.add.reduceat(raised, starts)[group]


def grouped(group: Array) -> tuple[Array, Array]:
    """Groups numbered from 0, and where each starts."""
    number = np.unique(group, return_inverse=True)[1]
    return number, np.flatnonzero(np.r_[True, number[1:] != number[:-1]])


def vector(names: Sequence[str], prior: dict[str, float]) -> Array:
    """A prior as a vector."""
    return np.array([prior.get(name, 0.0) for name in names])


def parts(x: Array) -> Iterator[Array]:
    """Rows in double precision, some at a time."""
    return (x[start : start + PART].astype(float) for start in range(0, len(x), PART))


def fit_choice(x: Array, right: Array, group: Array, start: Array | None = None) -> Array:
    """Weights of a conditional logit (softmax over the candidates of a message), L2; Newton steps."""
    number, starts = grouped(group)
    centre = np.concatenate([vector(flag.PERSON, PERSON_PRIOR)] * 2 + [np.zeros(len(flag.OWN) + len(flag.NOBODY))])
    w = centre.copy() if start is None else start.copy()
    for _ in range(15):
        p = softmax(np.concatenate([part @ w for part in parts(x)]), starts, number)
        q = p * right
        q /= np.maximum(np.add.reduceat(q, starts), 1e-12)[number]
        # Summed in double precision: the weights of rare features would otherwise differ from run to run.
        gradient = sum(part.T @ error for part, error in zip(parts(x), parts(p - q), strict=True)) + PENALTY * (w - centre)
        mean = np.add.reduceat(x * p[:, None].astype(np.float32), starts, axis=0)
        raised = x * np.sqrt(p)[:, None].astype(np.float32)
        hessian = (raised.T @ raised - mean.T @ mean).astype(float) + PENALTY * np.eye(len(w))
        step = np.linalg.solve(hessian, gradient)
        size = np.abs(step).max()
        w -= step * min(1.0, 3.0 / max(size, 1e-9))
        if size < 1e-4:
            break
    return w


def fit_logistic(x: Array, y: Array) -> tuple[Array, float]:
    """Weights and bias of a logistic regression, L2; Newton steps."""
    design = np.hstack([x, np.ones((len(x), 1))])
    centre = np.append(vector(flag.HELP, HELP_PRIOR), 0.0)
    w = centre.copy()
    strength = np.full(len(w), HELP_PENALTY)
    strength[-1] = 1e-3
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(design @ w, -35, 35)))
        hessian = (design * (p * (1 - p))[:, None]).T @ design + np.diag(strength)
        step = np.linalg.solve(hessian, design.T @ (p - y) + strength * (w - centre))
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w[:-1], float(w[-1])


def held_out(rows: Rows) -> tuple[dict[tuple[int, int], Addressee], float, Array]:
    """The choice for each message by a model that never saw its log, the share of right ones, and the last weights."""
    probability = np.zeros(len(rows.group))
    w = None
    for fold in range(FOLDS):
        train = rows.labelled & (rows.fold != fold)
        w = fit_choice(rows.x[train], rows.right[train], rows.group[train], w)
        test = rows.fold == fold
        number, starts = grouped(rows.group[test])
        probability[test] = softmax((rows.x[test] @ w.astype(np.float32)).astype(float), starts, number)
    found = {}
    hits = total = row = 0
    for log, place, one in rows.messages:
        size = len(one.people) + (one.own is not None) + 1
        ps = probability[row : row + size].tolist()
        mine = ps[len(one.people)] if one.own is not None else 0.0
        found[log, place] = Addressee(dict(zip(one.people, ps, strict=False)), mine, ps[-1])
        if rows.labelled[row]:
            hits += bool(rows.right[row + int(np.argmax(ps))])
            total += 1
        row += size
    return found, hits / total, w


@dataclass(slots=True)
class Case:
    """One message that may answer one question."""

    log: int
    question: int
    place: int
    values: Values
    named: bool
    right: bool


def cases_of(reads: Sequence[Read], chosen: dict[tuple[int, int], Addressee]) -> list[Case]:
    """Every message that is perhaps meant for somebody with an open question."""
    found = []
    for number, read in enumerate(reads):
        conversation = PeerConversation(0, whom_by(number, read, lambda log, place: chosen[log, place]))
        waits = [
            (place, set(answers), Wait(
                id=str(place), channel=read.log.name, customer=read.seen[place].author, thread=None,
                messages=(read.seen[place].id,), opened_at=read.seen[place].at, last_message_at=read.seen[place].at,
            ))
            for place, answers in read.log.questions.items()
        ]  # fmt: skip
        for place, seen in enumerate(read.seen):
            if seen.role is Role.APP:
                conversation.take((seen,), read.window)
                continue
            choice = chosen[number, place]
            for question, answers, wait in waits:
                if not question < place <= question + FOLLOWED or wait.customer == seen.author:
                    continue
                probability = choice.people.get(wait.customer, 0.0)
                if probability >= LEAST:
                    values = help_values(seen, conversation, read.window, probability, wait)
                    named = bool(seen.reading.names(wait.customer))
                    found.append(Case(number, question, place, values, named, place in answers))
            conversation.take((seen,), read.window)
    return found


def dense_cases(cases: Sequence[Case]) -> tuple[Array, Array, Array, Array]:
    """Cases as rows: values, labels, folds, whether the waiting person is named."""
    x = np.zeros((len(cases), len(flag.HELP)))
    for row, case in zip(x, cases, strict=True):
        _put(row, 0, case.values)
    return (
        x,
        np.array([case.right for case in cases], float),
        np.array([case.log % FOLDS for case in cases]),
        np.array([case.named for case in cases]),
    )


def f1(hit: int, said: int, true: int) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * hit / (said + true) if hit else 0.0


def figures(reads: Sequence[Read], cases: Sequence[Case], probability: Array, unnamed: float, by_name: float) -> dict[str, float]:
    """F1 as score_irc.py counts it, when the first message over its threshold is taken as the answer."""
    said: dict[tuple[int, int], int] = {}
    for case, p in zip(cases, probability, strict=True):
        if p >= (by_name if case.named else unnamed):
            said.setdefault((case.log, case.question), case.place)
    answered = named = hit = first = silent = unsaid = both = 0
    for number, read in enumerate(reads):
        for question, answers in read.log.questions.items():
            answer = said.get((number, question))
            answered += bool(answers)
            named += answer is not None
            hit += answer is not None and bool(answers)
            first += bool(answers) and answer == answers[0]
            silent += not answers
            unsaid += answer is None
            both += answer is None and not answers
    return {
        "answered": f1(hit, named, answered),
        "first answer": f1(first, named, answered),
        "unanswered": f1(both, unsaid, silent),
    }


def fit_help(cases: Sequence[Case]) -> tuple[Array, dict[bool, tuple[Array, float]]]:
    """The held-out probability of each case, and the models fitted on all of them."""
    x, y, fold, named = dense_cases(cases)
    probability = np.zeros(len(cases))
    models = {}
    for which in (False, True):
        mine = named == which
        for number in range(FOLDS):
            w, bias = fit_logistic(x[mine & (fold != number)], y[mine & (fold != number)])
            test = mine & (fold == number)
            probability[test] = 1 / (1 + np.exp(-(x[test] @ w + bias)))
        models[which] = fit_logistic(x[mine], y[mine])
    return probability, models


def write(path: Path, w: Array, models: dict[bool, tuple[Array, float]], cross_validated: dict[str, float]) -> None:
    """Write weights_peers.json."""
    fitted = {
        "person": (w[PERSON:NAMED], 0.0),
        "person_named": (w[NAMED:OWN], 0.0),
        "own": (w[OWN:NOBODY], 0.0),
        "nobody": (w[NOBODY:], 0.0),
        "help": models[False],
        "help_named": models[True],
    }
    content = {
        "source": SOURCE,
        "cross_validated": {name: round(value, 3) for name, value in cross_validated.items()},
        "thresholds": {"helps": HELPS, "helps_named": HELPS_NAMED},
        **{
            name: {
                "bias": round(bias, 4),
                "weights": {n: round(float(v), 4) for n, v in zip(flag.MODELS[name][0], weights, strict=True)},
            }
            for name, (weights, bias) in fitted.items()
        },
    }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Train, show cross-validated figures, write the weights."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.train_peers", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "bot" / "judge" / "weights_peers.json")
    options = parser.parse_args()
    path = options.data / "irc-train.jsonl.gz"
    logs = load(path)
    mark_questions(logs, path, options.data.parent)
    judge = StandardJudge()
    reads = [read(log, judge) for log in logs]
    # Two passes: first in the contexts that the labels give, then in those that the models themselves make.
    chosen, right, _ = held_out(rows_of(reads, walk(reads, lambda log, place: gold(reads[log], place))))
    print(f"meant for whom, in the labelled contexts: {right:.3f} right")
    rows = rows_of(reads, walk(reads, lambda log, place: chosen[log, place]))
    chosen, right, w = held_out(rows)
    print(f"meant for whom, in the contexts of the models themselves: {right:.3f} right")
    cases = cases_of(reads, chosen)
    probability, models = fit_help(cases)
    for unnamed, by_name in ((0.35, 0.45), (0.35, 0.5), (0.35, 0.55), (0.4, 0.5), (0.5, 0.5)):
        found = figures(reads, cases, probability, unnamed, by_name)
        print(f"over {unnamed}, naming {by_name}:", "  ".join(f"{name} {value:.3f}" for name, value in found.items()))
    w = fit_choice(rows.x[rows.labelled], rows.right[rows.labelled], rows.group[rows.labelled], w)
    write(options.out, w, models, figures(reads, cases, probability, HELPS, HELPS_NAMED))


if __name__ == "__main__":
    main()
