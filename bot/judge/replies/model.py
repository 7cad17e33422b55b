"""What kind of reply is a member's message to the wait it belongs to?

Two looks at it. Its own words say what it looks like: a hold, a promise, a redirect, nothing at all, a question back, else an
answer. Then a small model weighs whether it answers this very question: the same words do where they were asked for, and words
that look like nothing may have something to say. What the model isn't sure of is in doubt, and its writer is asked.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from bot.domain.messages import MessageRecord
from bot.domain.reading import Cue, Reading
from bot.domain.waits import ANSWERING, ReplyKind, Wait
from bot.domain.window import Window
from bot.judge.linear import Linear, sigmoid
from bot.judge.replies import features as flag
from bot.judge.replies import news
from bot.judge.replies.context import (
    Question,
    answers_colleague,
    colleague,
    goes_on,
    in_talk,
    names_colleague,
    question_of,
    to_their_face,
)
from bot.judge.replies.kinds import (
    IN_PASSING,
    Impression,
    laughs,
    leaning,
    leaves_it,
    looks_like,
    only_a_file,
    plainly_answers,
    reasons_of_answer,
    welcomes,
)
from bot.judge.replies.values import values
from bot.judge.uncovered import writes_uncovered

ONLY_A_FILE = ("it is a file, and hardly a word with it",)
UNCOVERED = ("it is in a language that isn't covered, so whether it answers can't be told",)
TO_COLLEAGUE = ("it answers a colleague, not the customer",)
EVEN = 0.5
PLAIN = 0.9
KIND_WORDS = ("it is a courtesy in the middle of a talk",)
FOR_ALL = ("it reads like news for all, and answers nobody",)
MAYBE_FOR_ALL = ("it may be news for all, or the answer",)
IN_DOUBT = "whether it answers is in doubt"
READS_EMPTY = "it reads like a reply that says nothing yet, though no word in it is known for that"
LAUGHS = "it laughs, and says little besides"
WELCOMES = "it welcomes somebody, and says little besides"
ASKED_FOR = ("it says what was asked for",)

# Looking a member of an Enum up costs as much as a small call, and these are asked for several times a reply.
_PERSONAL = ReplyKind.PERSONAL
_CLARIFYING = ReplyKind.CLARIFYING
_REDIRECTS = ReplyKind.REDIRECT
_NOTHING = ReplyKind.NOTHING
_REDIRECT_BIT = Cue.REDIRECT.value
_READS_EMPTY = Cue.READS_EMPTY.value


@dataclass(frozen=True, slots=True)
class ReplyWeights:
    """Everything weights_replies.json holds: the model, its thresholds, and where they come from.

    From `answers` on (`answers_in_talk` while the team and the customer are talking; `answers_by_name` where it is said to their
    face; `clarifies` for a question back) a reply that looks like an answer is one; from `doubted` on it is in doubt; below it
    says nothing. From `overrules` on (`overrules_in_talk` while they are talking, or to their face) a reply that looks like
    something else is an answer all the same; from `overrules_doubted` on that is in doubt. From `news` on, what is said to nobody
    is news for all; from `news_doubted` on, what would be an answer is in doubt.
    """

    answers: Linear
    news: Linear
    thresholds: dict[str, float]
    source: str


@cache
def load_reply_weights() -> ReplyWeights:
    """The weights that ship with the package, read once."""
    return parse_reply_weights(json.loads((files("bot.judge") / "weights_replies.json").read_text(encoding="utf-8")))


def parse_reply_weights(content: dict[str, Any]) -> ReplyWeights:
    """Weights from the content of weights_replies.json. Raises ValueError when its features aren't those of this version."""
    return ReplyWeights(
        answers=_linear(content["answers"], flag.FEATURES, flag.AMOUNTS),
        news=_linear(content["news"], news.FEATURES, news.AMOUNTS),
        thresholds=dict(content["thresholds"]),
        source=content["source"],
    )


def _linear(content: dict[str, Any], features: tuple[str, ...], amounts: int) -> Linear:
    weights: dict[str, float] = content["weights"]
    if set(weights) != set(features):
        odd = ", ".join(sorted(set(weights) ^ set(features)))
        raise ValueError(f"weights_replies.json: features differ from this version's: {odd}; train again")
    return Linear(features, tuple(weights[name] for name in features), content["bias"], amounts)


class KindOfReply(NamedTuple):
    """A kind of reply, how likely it is that it answers, and the reasons. `doubtful`: it may be the answer or not, and somebody
    is to be asked; `kind` is then what it would be. `asked_when`: the customer asked for a time, so a time is what answers. (A
    tuple, which is made in a quarter of the time of a frozen dataclass: one is made for each reply.)"""

    kind: ReplyKind
    probability: float
    evidence: tuple[str, ...]
    doubtful: bool = False
    asked_when: bool = False


class ReplyJudge:
    """Judges members' replies."""

    __slots__ = (
        "_answers", "_by_name", "_clarifies", "_doubted", "_in_talk", "_model", "_news", "_news_doubted", "_overrules",
        "_overrules_doubted", "_overrules_in_talk", "_reads_as_news",
    )  # fmt: skip

    def __init__(self, weights: ReplyWeights | None = None) -> None:
        weights = weights if weights is not None else load_reply_weights()
        self._model = weights.answers
        self._answers = weights.thresholds["answers"]
        self._in_talk = weights.thresholds["answers_in_talk"]
        self._by_name = weights.thresholds["answers_by_name"]
        self._clarifies = weights.thresholds["clarifies"]
        self._doubted = weights.thresholds["doubted"]
        self._overrules_in_talk = weights.thresholds["overrules_in_talk"]
        self._overrules = weights.thresholds["overrules"]
        self._overrules_doubted = weights.thresholds["overrules_doubted"]
        self._news = weights.news
        self._reads_as_news = weights.thresholds["news"]
        self._news_doubted = weights.thresholds["news_doubted"]

    def kind(self, seen: MessageRecord, wait: Wait, window: Window, members: Collection[str] = ()) -> KindOfReply:
        """Personal or clarifying when it answers, or may; else what holds the wait, or nothing. `members` are the team's."""
        question = question_of(wait, window)
        spoken_to = colleague(seen, wait, window, members) if seen.reading.addressed else 0
        if seen.reading.rest <= IN_PASSING and answers_colleague(seen, wait, window):
            return KindOfReply(_NOTHING, 0.0, TO_COLLEAGUE, asked_when=question.asks_when)
        talking = in_talk(seen, wait, window)
        leaves = leaves_it(seen.reading, question) and names_colleague(seen, wait, window, members)
        found = self._told(seen, wait, window, question, spoken_to, talking=talking, leaves=leaves)
        words = news.holds_tidings(seen.reading)
        answer = found.kind is _PERSONAL and not found.doubtful
        if talking or not (answer or (words and found.kind is not _REDIRECTS)):
            return found  # nothing that could be news instead
        tidings = self._tidings(seen, wait, window, question)
        if tidings >= self._reads_as_news and words and found.kind is not _REDIRECTS:
            return KindOfReply(_NOTHING, 1.0 - tidings, FOR_ALL, asked_when=question.asks_when)
        if answer and tidings >= (self._news_doubted if words else self._reads_as_news):
            return found._replace(probability=min(found.probability, 1.0 - tidings), evidence=MAYBE_FOR_ALL, doubtful=True)
        return found

    def _tidings(self, seen: MessageRecord, wait: Wait, window: Window, question: Question) -> float:
        """How likely a message is news for all. What names somebody, refers to something or goes on isn't; nor is, for whoever
        reported trouble, that trouble is over."""
        reading = seen.reading
        if reading.rest == 0 or not news.for_nobody(seen) or news.ends_trouble(reading, question) or goes_on(seen, wait, window):
            return 0.0
        likely = sigmoid(self._news.score(news.values(seen, wait, question)))
        return max(likely, self._reads_as_news) if news.only_announces(reading, question) else likely

    def _told(
        self,
        seen: MessageRecord,
        wait: Wait,
        window: Window,
        question: Question,
        spoken_to: int,
        *,
        talking: bool,
        leaves: bool,
    ) -> KindOfReply:
        """What kind of reply it is, as it isn't news."""
        look = looks_like(seen.reading, question, spoken_to, leaves=leaves)
        if look is not None and look.certain and look.kind is not _CLARIFYING:
            return KindOfReply(look.kind, 0.0, look.evidence, asked_when=question.asks_when)
        if look is None and only_a_file(seen.reading):
            return KindOfReply(_PERSONAL, EVEN, ONLY_A_FILE, doubtful=True, asked_when=question.asks_when)
        if writes_uncovered(seen, window):
            return KindOfReply(_PERSONAL, EVEN, UNCOVERED, doubtful=True, asked_when=question.asks_when)
        if (look is None or not look.certain) and plainly_answers(seen.reading, question):
            return KindOfReply(_PERSONAL, PLAIN, ASKED_FOR, asked_when=question.asks_when)
        probability = sigmoid(self._model.score(values(seen, wait, window, question, spoken_to, talking)))
        by_name = to_their_face(seen, wait)
        enough = self._by_name if by_name else self._in_talk if talking else self._answers
        if seen.reading.cues & _REDIRECT_BIT:
            enough = self._answers  # who sends elsewhere says little else, to whomever
        overrules = self._overrules_in_talk if by_name or talking else self._overrules
        lively = by_name or talking
        return self._weighed(seen, look, probability, question, enough, overrules, talking=talking, lively=lively)

    def looks_like_none(self, seen: MessageRecord, wait: Wait, window: Window) -> bool:
        """Whether a message's words alone look like no answer. (Not weighed: it costs as much as the window is long to know the
        conversation as it was at an earlier message's place.)"""
        look = looks_like(seen.reading, question_of(wait, window), 0)
        return look is not None and look.kind not in ANSWERING

    def _weighed(
        self,
        seen: MessageRecord,
        look: Impression | None,
        probability: float,
        question: Question,
        enough: float,
        overrules: float,
        *,
        talking: bool,
        lively: bool,
    ) -> KindOfReply:
        asked_when = question.asks_when
        if look is None or look.kind is _CLARIFYING:
            kind = _PERSONAL if look is None else look.kind
            evidence = reasons_of_answer(seen.reading, question) if look is None else look.evidence
            if probability >= enough or (look is not None and (look.certain or probability >= self._clarifies)):
                why = _little(seen.reading, question) if look is None and not lively else None
                if why is not None:
                    return KindOfReply(kind, probability, (why, IN_DOUBT), doubtful=True, asked_when=asked_when)
                return KindOfReply(kind, probability, evidence, asked_when=asked_when)
            # A laugh takes from what stands beside it, which may still be the answer ("lol, it's the backup").
            light = look is None and seen.reading.rest > 0 and laughs(seen.reading, question)
            if probability >= (self._doubted / 2 if light else self._doubted):
                return KindOfReply(kind, probability, (*evidence, IN_DOUBT), doubtful=True, asked_when=asked_when)
            found = leaning(seen.reading)
            return KindOfReply(found.kind, probability, found.evidence, asked_when=asked_when)
        if look.kind_words and talking and probability >= enough:
            return KindOfReply(_PERSONAL, probability, KIND_WORDS, asked_when=asked_when)
        if probability >= overrules:
            return KindOfReply(_PERSONAL, probability, ASKED_FOR, asked_when=asked_when)
        if probability >= min(self._overrules_doubted, overrules):
            return KindOfReply(_PERSONAL, probability, (*look.evidence, IN_DOUBT), doubtful=True, asked_when=asked_when)
        return KindOfReply(look.kind, probability, look.evidence, asked_when=asked_when)


def _little(reading: Reading, question: Question) -> str | None:
    """Why what seems to answer says hardly anything, if it does so."""
    if reading.cues & _READS_EMPTY:
        return READS_EMPTY
    if laughs(reading, question):
        return LAUGHS
    return WELCOMES if welcomes(reading, question) else None
