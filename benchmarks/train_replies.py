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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fitting import Array, fit_logistic
from benchmarks.simulate import Labelled, load_export
from benchmarks.train import dense, read_all
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.reading import Reading
from bot.domain.waits import ANSWERING, Wait
from bot.domain.window import Window
from bot.judge.linear import Linear
from bot.judge.replies import features as flag
from bot.judge.replies.context import colleague, in_talk, question_of
from bot.judge.replies.kinds import looks_like
from bot.judge.replies.model import KindOfReply, ReplyJudge, ReplyWeights
from bot.judge.replies.values import values
from bot.judge.standard import StandardJudge
from bot.language import promises
from bot.waits.member_messages import may_promise

SOURCE = (
    "irc-disentanglement, CC-BY-4.0: Kummerfeld et al., ACL 2019; support channel: Gouravajhala et al., ALTA 2023. "
    "Developers' support channels: LiveChat2021/LiveChat, MIT. Made replies: benchmarks/made_replies.tsv. "
    "Trained by benchmarks/train_replies.py."
)
MADE = Path(__file__).with_name("made_replies.tsv")
TEAM = frozenset({"ana", "ben", "mia"})
FOLDS = 10

ANSWERS = ("personal", "clarifying", "answer")
"""Labels of a reply that ends a wait."""

FIRST = 3.0
"""Weight of the labelled channels' first answers, and of their replies that are none."""

REMARK = 0.5
"""Weight of what staff said to a waiting customer before the labelled answer (some of it answers in part), of what goes on after
it, and of talk that is to nobody in particular."""

GOES_ON = "goes on"
"""Called so: what comes after the first answer. When it does, the wait is over: it counts in no figure."""

NAMED_EVERY = 4
"""Of the made replies every fourth names the customer, as most of those in the labelled channels do."""

THRESHOLDS = {
    "answers": 0.55, "answers_in_talk": 0.25, "answers_by_name": 0.15, "clarifies": 0.45, "doubted": 0.3,
    "overrules": 0.9, "overrules_doubted": 0.75, "overrules_in_talk": 0.7,
}  # fmt: skip
PENALTY = 3.0
MADE_SHARE = 0.5
"""How much of what makes made replies different by the mere number of those that are no answer counts in the end: in the labelled
channels one reply in ten is none, among the made ones two in three."""


@dataclass(frozen=True)
class Case:
    """One reply with its wait and what was before it. `answers` is its label, `what` the label's own word."""

    seen: MessageRecord
    wait: Wait
    window: Window
    answers: bool
    what: str
    weight: float
    source: str
    fold: int
    text: str
    members: frozenset[str]

    def row(self) -> list[float]:
        """Its features, as numbers."""
        question = question_of(self.wait, self.window)
        spoken_to = colleague(self.seen, self.wait, self.window, self.members)
        talking = in_talk(self.seen, self.wait, self.window)
        return dense(values(self.seen, self.wait, self.window, question, spoken_to, talking), len(flag.FEATURES))

    def suspected(self) -> bool:
        """Whether its words look like anything but an answer."""
        question = question_of(self.wait, self.window)
        look = looks_like(self.seen.reading, question, colleague(self.seen, self.wait, self.window, self.members))
        if look is None or look.kind in ANSWERING:
            return False
        return not (look.kind_words and in_talk(self.seen, self.wait, self.window))


def record_of(message: Message, reading: Reading) -> MessageRecord:
    """What is kept of a message."""
    return MessageRecord(
        id=message.id, at=message.at, author=message.author, role=message.role, thread=message.thread,
        reply_to=message.reply_to, reading=reading,
    )  # fmt: skip


def wait_of(messages: Sequence[Message]) -> Wait:
    """The wait of these messages of one customer."""
    first, last = messages[0], messages[-1]
    return Wait(
        id=f"C/{first.id}", channel="C", customer=first.author, thread=first.thread, messages=tuple(one.id for one in messages),
        opened_at=first.at, last_message_at=last.at,
    )  # fmt: skip


def made_cases(judge: StandardJudge, path: Path = MADE) -> Iterator[Case]:
    """The made replies, each in a channel of its own."""
    names = {name.lower(): (name,) for name in ("Ana", "Ben", "Mia", "Dana")}
    question, number = "", 0
    for place, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if line.startswith("?"):
            question, number = line[2:], number + 1
        elif line and not line.startswith("#"):
            kind, text = line.split("\t")
            named = place % NAMED_EVERY == 0 and not text.startswith("@")
            asked = Message(channel="C", id="1", at=1.0, author="dana", role=Role.CUSTOMER, text=question)
            said = f"Dana: {text}" if named else text
            reply = Message(channel="C", id="2", at=301.0, author="ana", role=Role.MEMBER, text=said, thread="1")
            seen = record_of(asked, judge.read(asked, names))
            yield Case(
                seen=record_of(reply, judge.read(reply, names)), wait=wait_of([asked]), window=Window([seen]),
                answers=kind in ANSWERS, what=kind, weight=1.0, source="made", fold=number % FOLDS, text=text, members=TEAM,
            )  # fmt: skip


def channel_cases(channel: Labelled, judge: StandardJudge) -> Iterator[Case]:
    """The labelled replies of a channel."""
    readings = read_all(channel, judge)
    by_id = {message.id: message for message in channel.messages}
    spans = _spans(channel, by_id)
    members = frozenset(message.author for message in channel.messages if message.role is Role.MEMBER)
    window = Window()
    for place, message in enumerate(channel.messages):
        seen = record_of(message, readings[message.id])
        if message.role is Role.MEMBER:
            fold = place * FOLDS // len(channel.messages)
            for messages, answers, what, weight in _labels(channel, message, seen, by_id, spans):
                earlier = [one for one in messages if one.at < message.at]
                if earlier:
                    yield Case(
                        seen=seen, wait=wait_of(earlier), window=Window(window), answers=answers, what=what, weight=weight,
                        source=channel.project, fold=fold, text=message.text, members=members,
                    )  # fmt: skip
        window.put(seen)


def _spans(channel: Labelled, by_id: dict[str, Message]) -> list[tuple[list[Message], tuple[str, ...]]]:
    """The labelled waits: a customer's messages that call for a reply and share their answers, with those."""
    found: dict[tuple[str, ...], list[Message]] = {}
    for row in channel.gold.values():
        if row["expects"] == 1:
            key = (row["customer"], *row["answers"])
            found.setdefault(key if row["answers"] else (*key, row["message"]), []).append(by_id[row["message"]])
    return [(messages, tuple(answer for answer in key[1:] if answer in by_id)) for key, messages in found.items()]


def _labels(
    channel: Labelled,
    message: Message,
    seen: MessageRecord,
    by_id: dict[str, Message],
    spans: Sequence[tuple[list[Message], tuple[str, ...]]],
) -> Iterator[tuple[list[Message], bool, str, float]]:
    if channel.members:
        told = channel.members.get(message.id)
        if told is None or told["torn"]:
            return
        if told["to"] in by_id:
            asked = by_id[told["to"]]
            messages = next((span for span, _ in spans if asked in span), [asked])
            first = told["kind"] not in ANSWERS or any(message.id in answers for _, answers in spans)
            yield messages, told["kind"] in ANSWERS, told["kind"] if first else GOES_ON, FIRST if first else REMARK
        elif told["kind"] in ("nothing", "to_team"):
            last = next((one for one in reversed(channel.messages) if one.role is Role.CUSTOMER and one.at < message.at), None)
            if last is not None:
                yield [last], False, told["kind"], REMARK
        return
    for messages, answers in spans:
        if message.id in answers:
            yield messages, True, "answer", FIRST
        elif answers and messages[-1].at < message.at < by_id[answers[0]].at and seen.reading.names(messages[0].author):
            yield messages, False, "remark", REMARK


def fit(cases: Sequence[Case], rows: Array) -> tuple[Array, float]:
    """Weights and bias. A first answer of the support channel whose words hold, or say nothing, teaches nothing: its labels say
    which message came first, of whatever kind."""
    keep = [
        place for place, case in enumerate(cases) if not (case.what == "answer" and case.source != "made" and case.suspected())
    ]
    made = np.array([[1.0 if cases[place].source == "made" else 0.0] for place in keep])
    x = np.hstack([rows[keep], made])
    y = np.array([float(cases[place].answers) for place in keep])
    weight = np.array([cases[place].weight for place in keep])
    w, bias = fit_logistic(x, y, weight, PENALTY, np.zeros(x.shape[1]))
    return w[:-1], float(bias + MADE_SHARE * w[-1])


def weights_of(w: Array, bias: float) -> ReplyWeights:
    """The weights as the judge takes them."""
    return ReplyWeights(
        answers=Linear(flag.FEATURES, tuple(map(float, w)), bias, flag.AMOUNTS), thresholds=THRESHOLDS, source=SOURCE
    )


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
    """The figures by source. In the support channel only what the labels call the answer counts, and only by words that don't
    hold: which of its other messages answer nothing they don't say."""
    found: dict[str, Tally] = {}
    for case, kind in zip(cases, kinds, strict=True):
        if case.what == GOES_ON:
            continue
        tally = found.setdefault(case.source, Tally(Counter(), Counter()))
        (tally.answers if case.answers else tally.others)[outcome(case, kind)] += 1
    return found


def show(title: str, cases: Sequence[Case], kinds: Sequence[KindOfReply]) -> dict[str, Any]:
    """Print the figures of each source."""
    print(title)
    figures = {}
    for source, tally in tallies(cases, kinds).items():
        print(f"  {source:18} {tally.line()}")
        figures[source] = tally.figures()
    return figures


def errors(cases: Sequence[Case], kinds: Sequence[KindOfReply], source: str) -> None:
    """Print what was judged wrongly, of one source."""
    for case, kind in zip(cases, kinds, strict=True):
        result = outcome(case, kind)
        if case.source == source and case.what != GOES_ON and result != ("ended" if case.answers else "refused"):
            print(f"    {case.what:10} {result:8} {kind.kind.value:10} {kind.probability:.2f} {case.text[:90]!r}")


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
    content = {
        "source": SOURCE,
        "cross_validated": figures,
        "thresholds": THRESHOLDS,
        "answers": {
            "bias": round(bias, 4),
            "weights": {name: round(float(value), 4) for name, value in zip(flag.FEATURES, w, strict=True)},
        },
    }
    options.out.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
