"""Train the judge: `python -m benchmarks.train --data /path/to/shared/data` writes bot/judge/weights.json.

Corpora: irc-disentanglement (CC-BY-4.0; Kummerfeld et al., ACL 2019; the support channel: Gouravajhala et al., ALTA 2023) and two
developers' support channels of LiveChat2021/LiveChat (MIT). Needs numpy, which the package itself does not. Figures are
cross-validated: over ten blocks of time in every channel, and by project (judged by models that saw no message of it).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.elsewhere import LOGS, load_logs
from benchmarks.fitting import Array, Choice, fit_choice, fit_logistic
from benchmarks.simulate import LEADING_NAME, Labelled, Record, load_export, rows_of, run
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.reading import LEADING, Reading
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.attribution import model as attribution
from bot.judge.expects import model as expects_reply
from bot.judge.linear import Linear, Values, Weights, sigmoid
from bot.judge.standard import StandardJudge

SOURCE = (
    "irc-disentanglement, CC-BY-4.0: Kummerfeld et al., ACL 2019; support channel: Gouravajhala et al., ALTA 2023. "
    "Developers' support channels: LiveChat2021/LiveChat, MIT. Trained by benchmarks/train.py."
)

EXPORTS = ("support-export", "support-export-threads", "community-export")
MINUTES = {"community-export": (60, 240)}
"""Minutes after which the figures call a customer late, where it isn't `SOON`."""
SOON = (5, 10, 30)

FOLDS = 10
BINS = 10
"""Of probabilities, for calibration."""
ROUNDS = 3
"""Passes over the data: the first with the gold contexts, the others with the contexts the models themselves make."""

MENTION = re.compile(r"@\w+")
TORN = 0.5
CONTINUES = 240.0
CONTINUATION_WEIGHT = 0.4

# What the corpus can't teach, because it has none of it, starts from these log odds instead of 0.
EXPECTS_PRIOR = {
    "files": 0.8,
    "calls team": 2.0,
    "waiting": 1.0,
    "foreign": 0.8,
    "reply to member": 0.2,
    "reply to customer": -1.0,
    "thread of another customer": -0.8,
    "bare": -0.8,
    "says it is fine, asks nothing": -0.5,
    "names a customer, at the start": -1.5,
    "names a customer, asks": -1.5,
    "names a customer": -1.0,
    "bump": 0.5,
    "talks with a customer": -1.0,
    "talks with a customer, asks": -1.0,
    "customer spoke to them": -0.5,
    "uncovered": 0.5,
    "recording": 0.5,
    "news": -0.5,
    "team asked, tells": 1.0,
    "new here": 0.5,
    "new here, statement": 0.8,
    "team answered, denies": 0.8,
    "team answered, but at length": -0.5,
    "joins customers' talk": -0.5,
}

# The same for what the corpora have a few of, too few to go against what is meant. They are held to these log odds, so that what
# else those few messages show isn't learnt as their lesson. In the three labelled channels (the first without its variant):
EXPECTS_HELD = {
    # One of the three at most is said of a message. What is against the answer at length is a comment more often than not; how
    # much so is learnt beside them.
    "team answered, but": 2.4,
    "team answered, trouble": 1.8,
    "team answered, wish": 2.4,
    "want": 0.3,  # what a wish is worth is said by the two that say where it stands
    "begins with a wish": 1.8,  # 33 of 35
    "begins with trouble": 1.0,  # 68 of 73
    # 5 of 7, the others comments of two developers' regulars. Whoever was here before and says what isn't as it should be has
    # the words of a comment ("the dashboard shows zeros"), but after a silence or a hello they come to the team with it.
    "begins with a statement": 1.7,
    "help or alarm out of the blue": 4.5,  # bare cries ("help!"), where nothing else speaks for it: the channels have none
    "absent, asks nothing": -4.0,  # none
    "for everybody, asks nothing": -1.0,  # 0 of 5: tips and greetings
    "beside another call, advises": -1.5,  # 1 of 7
    "beside another call, asks them": -3.5,  # 0 of 5: it asks the other customer, with all the marks of a question
}
HELD = 25.0
"""How strongly: the penalty of those, where the others' is `expects_penalty`."""

ATTRIBUTION_PRIOR = {
    "named at the start": 3.0,
    "mentioned": 3.0,
    "named inside": 2.0,
    "named in short or misspelt": 2.5,
    "somebody else is named": -1.0,
    "their thread": 6.0,
    "thread of their message": 6.0,
    "thread they wrote in": 1.5,
    "another thread": -1.5,
    "reply to their message": 6.0,
    "reply to another's message": -2.0,
    # Silence says little where nobody else waits, and to whom the wait is (at -2.7 for its logarithm, as #ubuntu has it).
    "silence, only one waiting": 2.6,
    "silence, this member is on it": 1.5,
    "this member is on it": 0.5,
    "promised for about now": 1.5,
    "sorry to be late, they wait long": 2.0,
    # Whoever comes back to what a night piled up begins with the first, most of the time, and goes on in order.
    "first to come in the night": 1.8,
    "next in line after the night": 2.5,
    # Said for all it competes with nobody; what is about something else isn't meant.
    "for everybody, theirs among it": 3.0,
    "for everybody, theirs is another matter": -3.6,
    "nobody, for everybody": 1.0,
    "nobody, announces": 2.0,
    "announces, no word in common": -3.5,
}


Part = tuple[str, int]
"""A block of time in a project."""


@dataclass
class Collected:
    """Rows for training, gathered in one run over a project's channel."""

    project: str
    x: list[list[float]] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)
    part: list[Part] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    choice_part: list[Part] = field(default_factory=list)


def targets_of(plain: Labelled, readings: dict[str, Reading]) -> dict[str, tuple[frozenset[str], float]]:
    """Whom each member's message is meant for: the customers it answers by the labels, else whom it names at the start,
    else (weakly) whom the member just spoke to."""
    answers: dict[str, set[str]] = defaultdict(set)
    for row in plain.gold.values():
        for answer in row["answers"]:
            answers[answer].add(row["customer"])
    roles = {message.author: message.role for message in plain.messages}
    authors = {message.id: message.author for message in plain.messages}
    found: dict[str, tuple[frozenset[str], float]] = {}
    spoke: dict[str, tuple[float, frozenset[str]]] = {}
    for message in plain.messages:
        if message.role is not Role.MEMBER:
            continue
        people: frozenset[str] = frozenset(answers.get(message.id, ()))
        weight = 1.0
        told = plain.members.get(message.id)
        if told is not None and not people:
            # Every one of them is labelled here: for nobody's message is for nobody.
            asked = authors.get(told["to"])
            people = frozenset((asked,)) if asked is not None else frozenset()
            found[message.id] = (people, TORN if told["torn"] else weight)
            continue
        if not people:
            named = [p for p, s in readings[message.id].addressed if s >= LEADING - 2 and roles.get(p) is Role.CUSTOMER]
            people = frozenset(named[:1])
        if not people and message.author in spoke and message.at - spoke[message.author][0] <= CONTINUES:
            people, weight = spoke[message.author][1], CONTINUATION_WEIGHT
        if people:
            found[message.id] = (people, weight)
            spoke[message.author] = (message.at, people)
    return found


def dense(values: Values, width: int) -> list[float]:
    """A case as one number for each of `width` features: what is fitted."""
    amounts, flags = values
    made = [float(amount) for amount in amounts] + [0.0] * (width - len(amounts))
    for place in flags:
        made[place] = 1.0
    return made


def collect(
    data: Labelled, readings: dict[str, Reading], judge_of: Callable[[int], StandardJudge], forced: bool
) -> tuple[Collected, Record]:
    """One run over a channel that notes every decision with its label. `forced`: follow the labels; else the judge."""
    rows = Collected(data.project)
    part_of = {message.id: (data.project, fold(place, data)) for place, message in enumerate(data.messages)}

    def on_customer(seen: MessageRecord, window: Window, waits: Sequence[Wait]) -> float | None:
        label = data.gold[seen.id]
        expects = label["expects"]
        if expects is not None:
            rows.x.append(dense(expects_reply.features(seen, window, waits), len(expects_reply.FEATURES)))
            rows.y.append(float(expects))
            rows.weight.append(TORN if label["torn"] else 1.0)
            rows.part.append(part_of[seen.id])
        return (0.4 if expects is None else float(expects)) if forced else None

    def on_member(seen: MessageRecord, window: Window, waits: Sequence[Wait]) -> Sequence[str] | None:
        target = data.targets.get(seen.id)
        if target is not None:
            people, weight = target
            found = attribution.candidates(seen, window, waits)
            right = np.array([candidate.customer in people for candidate in found], dtype=bool)
            if not right.any():
                right[-1] = True
            width = len(attribution.FEATURES)
            values = np.array([dense(candidate.values, width) for candidate in found], dtype=float)
            rows.choices.append(Choice(values, right, weight, attribution.names_customer(found)))
            rows.choice_part.append(part_of[seen.id])
        if not forced:
            return None
        return sorted(target[0]) if target is not None else []

    record = run(data, judge_of, on_customer, on_member, readings)
    return rows, record


def vector(names: Sequence[str], prior: dict[str, float]) -> Array:
    """A prior as a vector."""
    unknown = set(prior) - set(names)
    if unknown:
        raise SystemExit(f"train: no such feature: {', '.join(sorted(unknown))}")
    return np.array([prior.get(name, 0.0) for name in names])


@dataclass
class Settings:
    """What is chosen by cross-validation."""

    expects_penalty: float = 1.0
    attribution_penalty: float = 20.0
    """For messages that name nobody: how strongly what was learnt elsewhere counts."""
    named_penalty: float = 0.5
    elsewhere_penalty: float = 10.0
    balanced: float = 0.42
    """Short of even odds: a customer who is overlooked costs more than one who is asked about once too often. Cross-validated, it
    finds a tenth more of the waits that nobody answered than .50 does, and opening is no worse in any channel."""
    careful: float = 0.7
    eager: float = 0.3
    answers: float = 0.4
    closes: float = 0.5


def fit(rows: Sequence[Collected], keep: Callable[[Part], bool], settings: Settings, elsewhere: Array) -> Weights:
    """The models of these rows, without the parts that `keep` refuses. `elsewhere`: the weights that the model of messages
    without a name starts from."""
    # A project counts as often as it has messages, not as often as they were gone over.
    times = Counter(r.project for r in rows if r.y)
    x = np.array([v for r in rows for v, p in zip(r.x, r.part, strict=True) if keep(p)])
    y = np.array([v for r in rows for v, p in zip(r.y, r.part, strict=True) if keep(p)])
    weight = np.array([v / times[r.project] for r in rows for v, p in zip(r.weight, r.part, strict=True) if keep(p)])
    penalty = np.array([HELD if name in EXPECTS_HELD else settings.expects_penalty for name in expects_reply.FEATURES])
    w, bias = fit_logistic(x, y, weight, penalty, vector(expects_reply.FEATURES, EXPECTS_PRIOR | EXPECTS_HELD))
    choices = [c for r in rows for c, p in zip(r.choices, r.choice_part, strict=True) if keep(p)]
    prior = vector(attribution.FEATURES, ATTRIBUTION_PRIOR)
    a = fit_choice([c for c in choices if not c.named], settings.attribution_penalty, elsewhere)
    b = fit_choice([c for c in choices if c.named], settings.named_penalty, prior)
    return Weights(
        expects_reply=Linear(expects_reply.FEATURES, tuple(map(float, w)), bias, expects_reply.AMOUNTS),
        attribution=Linear(attribution.FEATURES, tuple(map(float, a)), 0.0, attribution.AMOUNTS),
        attribution_named=Linear(attribution.FEATURES, tuple(map(float, b)), 0.0, attribution.AMOUNTS),
        thresholds={
            "calls_careful": settings.careful,
            "calls_balanced": settings.balanced,
            "calls_eager": settings.eager,
            "answers": settings.answers,
            "closes": settings.closes,
        },
        source=SOURCE,
    )


def blank() -> Weights:
    """Models that know only the priors."""
    return Weights(
        expects_reply=Linear(
            expects_reply.FEATURES,
            tuple(vector(expects_reply.FEATURES, EXPECTS_PRIOR | EXPECTS_HELD)),
            0.0,
            expects_reply.AMOUNTS,
        ),
        attribution=Linear(
            attribution.FEATURES, tuple(vector(attribution.FEATURES, ATTRIBUTION_PRIOR)), 0.0, attribution.AMOUNTS
        ),
        attribution_named=Linear(
            attribution.FEATURES, tuple(vector(attribution.FEATURES, ATTRIBUTION_PRIOR)), 0.0, attribution.AMOUNTS
        ),
        thresholds={"calls_careful": 0.7, "calls_balanced": 0.5, "calls_eager": 0.3, "answers": 0.5, "closes": 0.5},
        source=SOURCE,
    )


def scorer(data: Path) -> ModuleType:
    """score.py, which lies beside the data."""
    spec = importlib.util.spec_from_file_location("score", data.parent / "score" / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_all(data: Labelled, judge: StandardJudge) -> dict[str, Reading]:
    """The reading of every message, with the names known when it came."""
    names: dict[str, tuple[str, ...]] = {}
    found = {}
    for message in data.messages:
        if message.author not in names:
            names = {**names, message.author: data.names[message.author]}
        found[message.id] = judge.read(message, names)
    return found


def without_names(plain: Labelled) -> Labelled:
    """The same channel as if its members never named anybody: what a judge needs to learn for such channels."""
    messages = [_without_names(message) if message.role is Role.MEMBER else message for message in plain.messages]
    return replace(plain, messages=messages)


def _without_names(message: Message) -> Message:
    text = MENTION.sub(" ", message.text) if message.mentions else message.text
    return replace(message, text=LEADING_NAME.sub("", text), mentions=())


def learn_elsewhere(path: Path, settings: Settings) -> Array:
    """The weights of matching messages that name nobody, as the #ubuntu logs have them, from the hand-set prior."""
    judge = StandardJudge(blank())
    choices: list[Choice] = []
    for log in load_logs(path):
        rows, _ = collect(log, read_all(log, judge), lambda _: judge, True)
        choices += [choice for choice in rows.choices if not choice.named]
    return fit_choice(choices, settings.elsewhere_penalty, vector(attribution.FEATURES, ATTRIBUTION_PRIOR))


def fold(place: int, data: Labelled) -> int:
    """The block of time in which a channel's message at this place lies."""
    return place * FOLDS // len(data.messages)


class Trainer:
    """The channels of the labelled exports, cross-validated over blocks of time or by project."""

    def __init__(self, data: Path, settings: Settings) -> None:
        self.settings = settings
        self.score = scorer(data)
        self.exports = [channel for name in EXPORTS for channel in load_export(data / name)]
        reader = StandardJudge(blank())
        self.readings = [read_all(export, reader) for export in self.exports]
        targets: dict[str, dict[str, tuple[frozenset[str], float]]] = {}
        for export, readings in zip(self.exports, self.readings, strict=True):
            # Those of the plain form serve its variant with threads, where names are missing.
            export.targets = targets.setdefault(export.project, targets_of(export, readings))
        self.bare = [without_names(export) for export in self.exports if export.name == export.project]
        self.bare_readings = [read_all(export, reader) for export in self.bare]
        self.elsewhere = learn_elsewhere(data / LOGS, settings)

    @property
    def projects(self) -> list[str]:
        """Each once."""
        return list(dict.fromkeys(export.project for export in self.exports))

    def cross_validate(self, rounds: int = ROUNDS) -> tuple[list[Record], list[StandardJudge]]:
        """The records of all channels, each message judged by models that never saw its block of time."""

        def outside(number: int) -> Callable[[Part], bool]:
            return lambda part: part[1] != number

        keeps = [outside(number) for number in range(FOLDS)]
        return self._cross_validate(keeps, by_fold, rounds)

    def across_projects(self, rounds: int = ROUNDS) -> list[Record]:
        """The records of all channels, each judged by models that saw nothing of its project."""

        def outside(project: str) -> Callable[[Part], bool]:
            return lambda part: part[0] != project

        keeps = [outside(project) for project in self.projects]

        def judge_of(data: Labelled, judges: Sequence[StandardJudge]) -> Callable[[int], StandardJudge]:
            mine = judges[self.projects.index(data.project)]
            return lambda place: mine

        return self._cross_validate(keeps, judge_of, rounds)[0]

    def _cross_validate(
        self,
        keeps: Sequence[Callable[[Part], bool]],
        judge_of: Callable[[Labelled, Sequence[StandardJudge]], Callable[[int], StandardJudge]],
        rounds: int,
    ) -> tuple[list[Record], list[StandardJudge]]:
        judge = StandardJudge(blank())
        rows = [collect(e, r, lambda _: judge, True)[0] for e, r in zip(self.exports, self.readings, strict=True)]
        unnamed = [collect(e, r, lambda _: judge, True)[0] for e, r in zip(self.bare, self.bare_readings, strict=True)]
        for one in unnamed:
            one.x, one.y, one.weight, one.part = [], [], [], []
        self.rows = [*rows, *unnamed]
        for _ in range(rounds):
            judges = [StandardJudge(fit(self.rows, keep, self.settings, self.elsewhere)) for keep in keeps]
            made = [collect(e, r, judge_of(e, judges), False) for e, r in zip(self.exports, self.readings, strict=True)]
            self.judged = [row for row, _ in made]
            self.rows = [*rows, *self.judged, *unnamed]
        return [record for _, record in made], judges

    def figures(self, records: Sequence[Record]) -> dict[str, dict[str, tuple[float, float, float]]]:
        """F1 with precision and recall, as score.py counts them, by export."""
        found = {}
        for name in EXPORTS:
            mine = [(e, r) for e, r in zip(self.exports, records, strict=True) if e.name.split("/")[0] == name]
            gold = [row for export, _ in mine for row in export.gold.values()]
            table = {}
            for minutes in MINUTES.get(name, SOON):
                rows = [row for _, record in mine for row in rows_of(record, minutes * 60)]
                result, _, _ = self.score.score(gold, rows, minutes)
                for column, (p, r) in result.items():
                    key = f"{column} {minutes}" if column in ("reminders", "asked") else column
                    table[key] = (p, r, self.score.f1(p, r))
            found[name] = table
        return found

    def calibration(self, judges: Sequence[StandardJudge]) -> dict[str, tuple[float, float]]:
        """How honest the probability of calling is, by channel: the Brier score, and by how much it is off on average, in ten
        bins (ECE). Each message judged by the models of `cross_validate` that never saw its block of time."""
        found = {}
        for export, rows in zip(self.exports, self.judged, strict=True):
            y = np.array(rows.y)
            models = [judges[block].weights.expects_reply for _, block in rows.part]
            scores = [float(np.dot(x, m.weights)) + m.bias for x, m in zip(rows.x, models, strict=True)]
            p = np.array([sigmoid(score) for score in scores])
            bins = np.minimum((p * BINS).astype(int), BINS - 1)
            off = [abs(float(np.sum(p[bins == b] - y[bins == b]))) for b in range(BINS)]
            found[export.name] = (float(np.mean((p - y) ** 2)), sum(off) / len(y))
        return found


def by_fold(data: Labelled, judges: Sequence[StandardJudge]) -> Callable[[int], StandardJudge]:
    """The judge that never saw the block of time of a message of this channel, by its place."""
    return lambda place: judges[fold(place, data)]


def show(title: str, figures: dict[str, dict[str, tuple[float, float, float]]]) -> None:
    """Print a table."""
    print(title)
    for name, table in figures.items():
        print(f"  {name:24}", "  ".join(f"{c} {p:.3f}/{r:.3f}/{f:.3f}" for c, (p, r, f) in table.items()))


def write(path: Path, weights: Weights, figures: dict[str, Any]) -> None:
    """Write weights.json: readable, names sorted by nothing but the models' own order."""
    content = {
        "source": weights.source,
        "cross_validated": figures,
        "thresholds": weights.thresholds,
        **{
            name: {
                "bias": round(model.bias, 4),
                "weights": {n: round(w, 4) for n, w in zip(model.names, model.weights, strict=True)},
            }
            for name, model in (
                ("expects_reply", weights.expects_reply),
                ("attribution", weights.attribution),
                ("attribution_named", weights.attribution_named),
            )
        },
    }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Train, show cross-validated and in-sample figures, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "bot" / "judge" / "weights.json")
    parser.add_argument("--projects", action="store_true", help="cross-validate by project as well")
    options = parser.parse_args()
    trainer = Trainer(options.data, Settings())
    if options.projects:
        show("cross-validated by project", trainer.figures(trainer.across_projects()))
    records, judges = trainer.cross_validate()
    figures = trainer.figures(records)
    show("cross-validated (10 blocks of time)", figures)
    print("does it call for a reply, cross-validated: Brier score, ECE")
    for name, (brier, off) in trainer.calibration(judges).items():
        print(f"  {name:32} {brier:.3f}  {off:.3f}")
    weights = fit(trainer.rows, lambda _: True, trainer.settings, trainer.elsewhere)
    judge = StandardJudge(weights)
    sample = [collect(e, r, lambda _: judge, False)[1] for e, r in zip(trainer.exports, trainer.readings, strict=True)]
    show("in sample (don't believe)", trainer.figures(sample))
    write(options.out, weights, {n: {c: round(v[2], 3) for c, v in t.items()} for n, t in figures.items()})


if __name__ == "__main__":
    main()
