"""Train the judge of replies: `python -m benchmarks.train_replies --data ../shared/data` writes bot/judge/weights_replies.json.

Learnt from three sources: the labelled messages of the team in the two developers' channels, the first answers of the support
channel (with what its staff said to a waiting customer before them, which the labels don't count as the answer), and made replies
of all kinds (`made_replies.tsv`), since real labels hold few that are no answer. Needs numpy, which the package itself does not.
Figures are cross-validated: the channels over blocks of time and by project, the made replies by question.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import news_cases
from benchmarks.fitting import Array, fit_logistic
from benchmarks.replies_data import GOES_ON, Case, channel_cases, made_cases
from benchmarks.simulate import load_export
from bot.domain.waits import ANSWERING
from bot.judge.linear import Linear
from bot.judge.replies import features as flag
from bot.judge.replies import news
from bot.judge.replies.model import KindOfReply, ReplyJudge, ReplyWeights
from bot.judge.standard import StandardJudge
from bot.language import promises
from bot.waits.reply_kind import may_promise

SOURCE = (
    "irc-disentanglement, CC-BY-4.0: Kummerfeld et al., ACL 2019; support channel: Gouravajhala et al., ALTA 2023. "
    "Developers' support channels: LiveChat2021/LiveChat, MIT. Made: benchmarks/made_replies.tsv, made_announcements.tsv. "
    "Trained by benchmarks/train_replies.py."
)
THRESHOLDS = {
    "answers": 0.54, "answers_in_talk": 0.25, "answers_by_name": 0.15, "clarifies": 0.45, "doubted": 0.3,
    "overrules": 0.92, "overrules_doubted": 0.78, "overrules_in_talk": 0.7, **news_cases.THRESHOLDS,
}  # fmt: skip
PENALTY = 3.0
SUPPORT = "support-export"
MADE_SHARE = 0.5
"""How much of what makes made replies different by the mere number of those that are no answer counts in the end: in the labelled
channels one reply in ten is none, among the made ones two in three."""


def teaches(case: Case) -> bool:
    """A first answer of the support channel whose words hold, or say nothing, teaches nothing, nor does one that sends elsewhere:
    its labels say which message came first, of whatever kind."""
    if case.source != SUPPORT:
        return True
    return case.what != "redirect" and not (case.what == "answer" and case.suspected())


def fit(cases: Sequence[Case], rows: Array) -> tuple[Array, float]:
    """Weights and bias, learnt from what teaches."""
    keep = [place for place, case in enumerate(cases) if teaches(case)]
    made = np.array([[1.0 if cases[place].source == "made" else 0.0] for place in keep])
    x = np.hstack([rows[keep], made])
    y = np.array([float(cases[place].answers) for place in keep])
    weight = np.array([cases[place].weight for place in keep])
    w, bias = fit_logistic(x, y, weight, PENALTY, np.zeros(x.shape[1]))
    return w[:-1], float(bias + MADE_SHARE * w[-1])


NO_NEWS = Linear(news.FEATURES, (0.0,) * len(news.FEATURES), -35.0, news.AMOUNTS)
"""Takes nothing for news: that is cross-validated by itself."""


def weights_of(w: Array, bias: float) -> ReplyWeights:
    """The weights as the judge takes them."""
    answers = Linear(flag.FEATURES, tuple(map(float, w)), bias, flag.AMOUNTS)
    return ReplyWeights(answers=answers, news=NO_NEWS, thresholds=THRESHOLDS, source=SOURCE)


@dataclass
class Tally:
    """How replies were judged, by source."""

    answers: Counter[str]
    others: Counter[str]

    def line(self) -> str:
        """The figures in one line."""
        answers, others = sum(self.answers.values()), sum(self.others.values())
        kept = others - self.others["ended"]
        return (
            f"{others:4} no answers: {kept / max(others, 1):.3f} end nothing ({self.others['asked']} asked about); "
            f"{answers:4} answers: {self.answers['refused'] / max(answers, 1):.3f} refused, "
            f"{self.answers['asked'] / max(answers, 1):.3f} asked about"
        )

    def figures(self) -> dict[str, float]:
        """The same as numbers."""
        answers, others = max(sum(self.answers.values()), 1), max(sum(self.others.values()), 1)
        return {
            "no answers that end nothing": round(1 - self.others["ended"] / others, 3),
            "answers refused": round(self.answers["refused"] / answers, 3),
            "answers asked about": round(self.answers["asked"] / answers, 3),
        }


def outcome(case: Case, kind: KindOfReply) -> str:
    """What becomes of a wait by a reply that is judged so, with the time it may speak of (bot.waits.member_messages)."""
    if may_promise(kind, case.text) and promises.find(case.text, case.seen.at, UTC, None) is not None:
        return "refused"
    return "asked" if kind.doubtful else "ended" if kind.kind in ANSWERING else "refused"


def judged(cases: Sequence[Case], rows: Array, outside: Callable[[Case], object]) -> list[KindOfReply]:
    """Each case judged by a model that saw none with the same `outside`."""
    groups = [outside(case) for case in cases]
    found: dict[int, KindOfReply] = {}
    for group in sorted(set(groups), key=str):
        learnt = [place for place, other in enumerate(groups) if other != group]
        w, bias = fit([cases[place] for place in learnt], rows[learnt])
        judge = ReplyJudge(weights_of(w, bias))
        for place, other in enumerate(groups):
            if other == group:
                found[place] = judge.kind(cases[place].seen, cases[place].wait, cases[place].window, cases[place].members)
    return [found[place] for place in range(len(cases))]


def tallies(cases: Sequence[Case], kinds: Sequence[KindOfReply]) -> dict[str, Tally]:
    """The figures by source; apart what was said when by the labels nobody waited for it."""
    found: dict[str, Tally] = {}
    for case, kind in zip(cases, kinds, strict=True):
        if case.what == GOES_ON:
            continue
        tally = found.setdefault(case.source if case.waiting else f"{case.source}, nobody waits", Tally(Counter(), Counter()))
        (tally.answers if case.answers else tally.others)[outcome(case, kind)] += 1
    return found


def show(title: str, cases: Sequence[Case], kinds: Sequence[KindOfReply]) -> dict[str, Any]:
    """Print the figures of each source."""
    print(title)
    figures = {}
    for source, tally in tallies(cases, kinds).items():
        print(f"  {source:46} {tally.line()}")
        figures[source] = tally.figures()
    return figures


def errors(cases: Sequence[Case], kinds: Sequence[KindOfReply], source: str) -> None:
    """Print what was judged wrongly, of one source."""
    for case, kind in zip(cases, kinds, strict=True):
        result = outcome(case, kind)
        if case.source == source and case.what != GOES_ON and result != ("ended" if case.answers else "refused"):
            waits = "waits" if case.waiting else "-"
            print(f"    {waits:6}{case.what:10} {result:8} {kind.kind.value:10} {kind.probability:.2f} {case.text[:90]!r}")


def main() -> None:
    """Train, show cross-validated figures, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "bot" / "judge" / "weights_replies.json")
    parser.add_argument("--errors", action="append", default=[], help="list what was judged wrongly of this source")
    options = parser.parse_args()
    reader = StandardJudge(replies=weights_of(np.zeros(len(flag.FEATURES)), 0.0))
    cases = [*made_cases(reader)]
    for name in ("support-export", "community-export"):
        for channel in load_export(options.data / name):
            cases += channel_cases(channel, reader)
    rows = np.array([case.row() for case in cases])
    blocks = judged(cases, rows, lambda case: case.fold)
    figures = {"blocks of time, made ones by question": show("cross-validated, ten blocks", cases, blocks)}
    figures["by source"] = show("cross-validated by source", cases, judged(cases, rows, lambda case: case.source))
    for source in options.errors:
        errors(cases, blocks, source)
    w, bias = fit(cases, rows)
    told = [*news_cases.made_news(reader), *news_cases.from_replies(cases)]
    told_rows = news_cases.rows_of(told)
    figures["news for all"] = news_cases.show(told, told_rows, verbose="news" in options.errors)
    tidings = news_cases.fit(told, told_rows)
    content = {
        "source": SOURCE,
        "cross_validated": figures,
        "thresholds": THRESHOLDS,
        "answers": {
            "bias": round(bias, 4),
            "weights": {name: round(float(value), 4) for name, value in zip(flag.FEATURES, w, strict=True)},
        },
        "news": {"bias": tidings.bias, "weights": dict(zip(tidings.names, tidings.weights, strict=True))},
    }
    options.out.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
