"""Replies with their labels: what `benchmarks.train_replies` learns from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.simulate import Labelled
from benchmarks.train import dense, read_all
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.reading import Reading
from bot.domain.waits import ANSWERING, Wait
from bot.domain.window import Window
from bot.judge.replies import features as flag
from bot.judge.replies.context import colleague, in_talk, question_of
from bot.judge.replies.kinds import looks_like
from bot.judge.replies.values import values
from bot.judge.standard import StandardJudge

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
    waiting: bool = True
    """Whether by the labels its customer was still waiting then. To whom nobody owes an answer no wait can be ended."""

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
                waiting = answers or any(
                    messages == span and all(by_id[one].at >= message.at for one in answered) for span, answered in spans
                )
                if earlier:
                    yield Case(
                        seen=seen, wait=wait_of(earlier), window=Window(window), answers=answers, what=what, weight=weight,
                        source=channel.project, fold=fold, text=message.text, members=members, waiting=waiting,
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
            only_elsewhere = all(channel.gold[one.id]["kind"] == "redirect" for one in messages)
            yield (messages, False, "redirect", FIRST) if only_elsewhere else (messages, True, "answer", FIRST)
        elif answers and messages[-1].at < message.at < by_id[answers[0]].at and seen.reading.names(messages[0].author):
            yield messages, False, "remark", REMARK
