"""Train the model of letters: `python -m benchmarks.train_letters` writes bot/judge/weights_letters.json.

Learnt from the first sitting of made_replies_languages.tsv; the second is never looked at here, and `benchmarks.free_replies`
measures on it. From which score on a reply reads like an answer is chosen by cross-validation, with whole phrases left out in all
languages at once: so that at most one answer in seventy is asked about. Needs numpy.
"""

from __future__ import annotations

import argparse
import json
import math
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.fitting import Array
from benchmarks.free_replies import AT, ENDS, LEARNT, QUESTION, context_of, free_replies
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.waits import ReplyKind
from bot.judge.replies.letters import SIZE, LetterModel, reads_as_english, sequences, undecided
from bot.judge.standard import StandardJudge
from bot.waits import trial

SOURCE = "Made: benchmarks/made_replies_languages.tsv, its first sitting. Trained by benchmarks/train_letters.py."
MOST_ASKED = 0.015
"""Share of all answers that may be asked about, cross-validated."""

PENALTY = 0.1
FOLDS = 10
STEPS = 12
LEAST_CURVATURE = 1e-3
CHUNK = 4_096
"""Weights whose part in the products of rows is worked out at once."""

BLIND = LetterModel(weights=bytes(SIZE), scale=0.0, bias=0.0, least=-math.inf, source="")
"""Marks nothing: what replies are taken for without it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A made reply. `looked_at`: its words decide nothing, and without the model of letters it would end a wait."""

    answers: bool
    fold: int
    places: tuple[int, ...]
    looked_at: bool


def replies() -> list[Reply]:
    """The first sitting's. What is the same phrase in several languages is in one fold: each language has them in one order."""
    judge = StandardJudge(letters=BLIND)
    context = context_of(judge)
    numbers: Counter[tuple[str, str]] = Counter()
    found = []
    for language, sitting, kind, text in free_replies():
        if sitting != LEARNT:
            continue
        numbers[language, kind] += 1
        message = Message(channel="C", id="1", at=AT, author="ana", role=Role.MEMBER, text=text)
        looked_at = (
            undecided(judge.read(message, trial.NAMES))
            and not reads_as_english(text)
            and trial.reply_to_question(context, QUESTION, text, AT).kind is ReplyKind.PERSONAL
        )
        found.append(Reply(kind in ENDS, numbers[language, kind] % FOLDS, tuple(sequences(text)), looked_at))
    return found


def products(rows: Sequence[Sequence[int]], others: Sequence[Sequence[int]]) -> Array:
    """The inner products of two sets of rows, each of unit length."""
    found = np.zeros((len(rows), len(others)))
    for first in range(0, SIZE, CHUNK):
        found += chunk(rows, first) @ chunk(others, first).T
    return found


def chunk(rows: Sequence[Sequence[int]], first: int) -> Array:
    """A stretch of the columns of rows of unit length."""
    made = np.zeros((len(rows), CHUNK), dtype=np.float32)
    for number, places in enumerate(rows):
        made[number, [place - first for place in places if first <= place < first + CHUNK]] = len(places) ** -0.5
    return made


def fit(kernel: Array, y: Array) -> tuple[Array, float]:
    """How much each row counts, and the bias, of a logistic regression with an L2 penalty: Newton steps over the rows, which are
    ten times fewer than the weights."""
    n = len(y)
    counts, bias = np.zeros(n), 0.0
    system = np.ones((n + 1, n + 1))
    system[n, n] = 0.0
    for _ in range(STEPS):
        score = kernel @ counts + bias
        p = 1 / (1 + np.exp(-score))
        curvature = np.maximum(p * (1 - p), LEAST_CURVATURE)
        system[:n, :n] = kernel
        system[:n, :n][np.diag_indices(n)] += PENALTY / curvature
        solved = np.linalg.solve(system, np.append(score + (y - p) / curvature, 0.0))
        step = np.abs(solved[:n] - counts).max()
        counts, bias = solved[:n], float(solved[n])
        if step < 1e-3 * np.abs(counts).max():
            break
    return counts, bias


def main() -> None:
    """Train, show cross-validated figures, write the weights."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.train_letters", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "bot" / "judge" / "weights_letters.json")
    options = parser.parse_args()
    learnt = replies()
    rows = [each.places for each in learnt]
    y = np.array([float(each.answers) for each in learnt])
    fold = np.array([each.fold for each in learnt])
    looked_at = np.array([each.looked_at for each in learnt])
    kernel = products(rows, rows)
    score = np.zeros(len(learnt))
    for number in range(FOLDS):
        seen = fold != number
        counts, bias = fit(kernel[np.ix_(seen, seen)], y[seen])
        score[~seen] = kernel[np.ix_(~seen, seen)] @ counts + bias
    answers = np.sort(score[looked_at & (y == 1)])
    least = math.floor(float(answers[int(MOST_ASKED * y.sum())]) * 1000) / 1000
    below = looked_at & (score < least)
    counted = {what: (int((those & (y == 1)).sum()), int((those & (y == 0)).sum())) for what, those in (
        ("all", y >= 0), ("looked at", looked_at), ("asked about", below)
    )}  # fmt: skip
    figures = {what: f"{right} answers, {others} others" for what, (right, others) in counted.items()}
    for name, figure in figures.items():
        print(f"{name}: {figure}")
    counts, bias = fit(kernel, y)
    weights = np.concatenate([counts @ chunk(rows, first) for first in range(0, SIZE, CHUNK)])
    scale = float(np.abs(weights).max() / 127)
    content = {
        "source": SOURCE,
        "cross_validated": figures,
        "least": least,
        "bias": round(bias, 4),
        "scale": float(f"{scale:.4g}"),
        "weights": b64encode(np.round(weights / scale).astype(np.int8).tobytes()).decode(),
    }
    options.out.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
