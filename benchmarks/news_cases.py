"""News for all against late answers: what `benchmarks.train_replies` learns to tell them apart from.

News are made (`made_announcements.tsv`, with late answers beside them): the labelled channels hold three. Answers are also all
replies of the labelled channels, and the made ones, in which nobody is named and which stand in no thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fitting import Array, fit_logistic
from benchmarks.replies_data import Case, record_of, wait_of
from benchmarks.train import dense
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.linear import Linear, sigmoid
from bot.judge.replies import news
from bot.judge.replies.context import goes_on, in_talk, question_of
from bot.judge.standard import StandardJudge

MADE = Path(__file__).with_name("made_announcements.tsv")
QUESTIONS = 6
"""Questions of its language that each piece of news is held against."""

FOLDS = 10
PENALTY = 2.0
LABELLED = 0.5
"""Weight of an answer of the labelled channels: they come within minutes, when hardly anything is news."""

THRESHOLDS = {"news": 0.75, "news_doubted": 0.4}


@dataclass(frozen=True)
class NewsCase:
    """A message next to a wait. `source`: "news", "answer" (made, late), "reply" (made) or the channel's."""

    seen: MessageRecord
    wait: Wait
    window: Window
    is_news: bool
    weight: float
    source: str
    language: str
    fold: int
    text: str

    def row(self) -> list[float]:
        """Its features, as numbers."""
        return dense(news.values(self.seen, self.wait, question_of(self.wait, self.window)), len(news.FEATURES))


def made_news(judge: StandardJudge, path: Path = MADE) -> Iterator[NewsCase]:
    """The made messages, each hours after a question."""
    language, question = "", ""
    questions: dict[str, list[str]] = {}
    found: list[tuple[str, str, str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("@ "):
            language = line[2:]
        elif line.startswith("? "):
            question = line[2:]
            questions.setdefault(language, []).append(question)
        elif line and not line.startswith("#"):
            kind, text = line.split("\t")
            found.append((kind, language, question, text))
    for number, (kind, language, question, text) in enumerate(found):
        of = (
            [question]
            if kind == "answer"
            else [questions[language][(number + step) % len(questions[language])] for step in range(QUESTIONS)]
        )
        for asked in of:
            yield _made(judge, kind, language, asked, text, 1.0 if kind == "answer" else 1.0 / QUESTIONS, number % FOLDS)


def _made(judge: StandardJudge, kind: str, language: str, question: str, text: str, weight: float, fold: int) -> NewsCase:
    asked = Message(channel="C", id="1", at=1.0, author="dana", role=Role.CUSTOMER, text=question)
    said = Message(channel="C", id="2", at=10_801.0, author="ana", role=Role.MEMBER, text=text)
    names = {name.lower(): (name,) for name in ("Ana", "Ben", "Mia", "Dana")}
    return NewsCase(
        seen=record_of(said, judge.read(said, names)), wait=wait_of([asked]),
        window=Window([record_of(asked, judge.read(asked, names))]), is_news=kind == "news", weight=weight, source=kind,
        language=language, fold=fold, text=text,
    )  # fmt: skip


def from_replies(cases: Sequence[Case]) -> Iterator[NewsCase]:
    """The replies among these that may not be news: what answers, holds, promises or redirects, said to nobody by name."""
    for case in cases:
        made = case.source == "made"
        seen = replace(case.seen, thread=None) if made else case.seen
        if case.what in ("nothing", "to_team", "announcement", "remark") or not news.for_nobody(seen) or seen.reading.rest == 0:
            continue
        if not made and (goes_on(seen, case.wait, case.window) or in_talk(seen, case.wait, case.window)):
            continue
        yield NewsCase(
            seen=seen, wait=case.wait, window=case.window, is_news=False, weight=0.25 if made else LABELLED,
            source="reply" if made else case.source, language="", fold=case.fold, text=case.text,
        )  # fmt: skip


def fit(cases: Sequence[NewsCase], rows: Array) -> Linear:
    """The model that says how likely a message is news."""
    y = np.array([float(case.is_news) for case in cases])
    weight = np.array([case.weight for case in cases])
    w, bias = fit_logistic(rows, y, weight, PENALTY, np.zeros(rows.shape[1]))
    return Linear(news.FEATURES, tuple(round(float(value), 4) for value in w), round(bias, 4), news.AMOUNTS)


def rows_of(cases: Sequence[NewsCase]) -> Array:
    """The features of all."""
    return np.array([case.row() for case in cases])


def show(cases: Sequence[NewsCase], rows: Array, verbose: bool = False) -> dict[str, Any]:
    """Print, cross-validated over ten parts, what becomes of each kind."""
    figures: dict[str, dict[str, float]] = {}
    chances = np.zeros(len(cases))
    for fold in range(FOLDS):
        learnt = [place for place, case in enumerate(cases) if case.fold != fold]
        model = fit([cases[place] for place in learnt], rows[learnt])
        for place, case in enumerate(cases):
            if case.fold == fold:
                chances[place] = sigmoid(model.score(news.values(case.seen, case.wait, question_of(case.wait, case.window))))
    print("news for all, cross-validated, ten parts")
    for source in sorted({case.source for case in cases}):
        mine = [float(chances[place]) for place, case in enumerate(cases) if case.source == source]
        figures[source] = {
            "taken for news": round(sum(one >= THRESHOLDS["news"] for one in mine) / len(mine), 3),
            "asked about": round(sum(THRESHOLDS["news_doubted"] <= one < THRESHOLDS["news"] for one in mine) / len(mine), 3),
        }
        print(f"  {source:36} {len(mine):4}: " + ", ".join(f"{value:.3f} {what}" for what, value in figures[source].items()))
    if verbose:
        for chance, case in zip(chances, cases, strict=True):
            wrong = chance < THRESHOLDS["news_doubted"] if case.is_news else chance >= THRESHOLDS["news_doubted"]
            if wrong:
                print(f"    {case.source:10} {chance:.2f} {case.language:2} {case.text[:100]!r}")
    return figures
