"""Did a peer help? In channels where customers answer each other: which open wait does a customer's message answer?

Two questions, two small models. First, whom is the message meant for: the people named or lately heard compete with "goes on
with what its author said before" and "starts something new" (a softmax). Then, for each of them who waits: does it answer
the very thing they wait for, or something else they have been talking about since?
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import exp
from typing import Any

from bot.domain.judge import Attribution, Evidence
from bot.domain.messages import MessageRecord
from bot.domain.reading import Cue
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.cue_sets import WANTS_ANSWER
from bot.judge.linear import Linear, Values, sigmoid
from bot.judge.peers import features as flag
from bot.judge.peers.conversation import LEAST, Addressee, PeerConversation
from bot.judge.peers.help import help_values
from bot.judge.peers.new_topic import nobody, own
from bot.judge.peers.values import PeerMessageContext, persons

NO_LINKS: Mapping[str, int] = {}

WHOM = "meant for them"
"""What the features of the first question are called in the evidence of the second."""

LINKED = 0.97
"""Probability that a message is meant for somebody whose message it refers to, when they left the window."""

PERHAPS = 0.2
"""Probability of being meant for the asker from which a message is taken for what they thank for, naming nobody."""

EVEN = 0.5

_OVER = Cue.THANKS.value | Cue.SOLVED.value


@dataclass(frozen=True, slots=True)
class PeerWeights:
    """Everything weights_peers.json holds."""

    person: Linear
    person_named: Linear
    own: Linear
    nobody: Linear
    help: Linear
    help_named: Linear
    helps: float
    helps_named: float
    """The probability from which a message is taken to have helped whom it doesn't name, and whom it names."""
    source: str


def load_peer_weights() -> PeerWeights:
    """The weights that ship with the package."""
    return parse_peer_weights(json.loads((files("bot.judge") / "weights_peers.json").read_text(encoding="utf-8")))


def parse_peer_weights(content: dict[str, Any]) -> PeerWeights:
    """Weights from the content of weights_peers.json. Raises ValueError when its features aren't those of this version."""
    models = {}
    for name, (features, amounts) in flag.MODELS.items():
        weights: dict[str, float] = content[name]["weights"]
        if set(weights) != set(features):
            odd = ", ".join(sorted(set(weights) ^ set(features)))
            raise ValueError(f"weights_peers.json: {name}: features differ from this version's: {odd}; train again")
        models[name] = Linear(features, tuple(weights[feature] for feature in features), content[name]["bias"], amounts)
    thresholds = content["thresholds"]
    return PeerWeights(**models, helps=thresholds["helps"], helps_named=thresholds["helps_named"], source=content["source"])


class Helped:
    """How likely a message answers one open wait; its evidence is worked out when somebody asks."""

    __slots__ = ("_meant", "_model", "_values", "named", "probability", "wait")

    def __init__(
        self, wait: str, model: Linear, values: Values, probability: float, named: bool, meant: tuple[Linear, Values] | None
    ) -> None:
        self.wait = wait
        self._meant = meant
        self.named = named
        self.probability = probability
        self._model = model
        self._values = values

    def evidence(self) -> tuple[Evidence, ...]:
        """The features that mattered, heaviest first: of its being an answer, then of its being meant for them."""
        found = self._model.evidence(self._values)
        if self._meant is None:
            return found
        model, values = self._meant
        whom = model.evidence(values)
        return found + tuple(Evidence(name=f"{WHOM}: {item.name}", value=item.value, weight=item.weight) for item in whom)


@dataclass(slots=True)
class Candidates:
    """Everything a message may be meant for, with feature values: what training looks at."""

    people: list[str]
    persons: list[Values]
    own: Values | None
    nobody: Values
    named: bool


def candidates(seen: MessageRecord, conversation: PeerConversation, linked: Mapping[str, int] = NO_LINKS) -> Candidates:
    """What a message may be meant for. `linked`: the people whose message it refers to by the platform's own means, with the
    flag that says how."""
    context = PeerMessageContext(seen, conversation, linked)
    people = context.candidates()
    rows, common = persons(context, people)
    return Candidates(people, rows, own(context), nobody(context, common, not people), context.top > 1)


class PeerJudge:
    """Judges who speaks to whom among peers, over the window of a channel."""

    def __init__(self, weights: PeerWeights | None = None) -> None:
        self.weights = weights if weights is not None else load_peer_weights()

    def choose(self, seen: MessageRecord, conversation: PeerConversation, linked: Mapping[str, int] = NO_LINKS) -> Addressee:
        """Whom a message is meant for."""
        found = candidates(seen, conversation, linked)
        weights = self.weights
        model = weights.person_named if found.named else weights.person
        scores = [model.score(values) for values in found.persons]
        mine = weights.own.score(found.own) if found.own is not None else None
        new = weights.nobody.score(found.nobody)
        top = max(*scores, new, mine if mine is not None else new)
        raised = [exp(score - top) for score in scores]
        mine_raised = exp(mine - top) if mine is not None else 0.0
        new_raised = exp(new - top)
        total = sum(raised) + mine_raised + new_raised
        return Addressee(
            {person: value / total for person, value in zip(found.people, raised, strict=True)},
            mine_raised / total,
            new_raised / total,
            dict(zip(found.people, found.persons, strict=True)),
            found.named,
        )

    def _before(self, window: Window, seen: MessageRecord) -> PeerConversation:
        return PeerConversation.before(window, seen, self._begin)

    def _begin(self, rewrites: int) -> PeerConversation:
        return PeerConversation(rewrites, self._whom)

    def _whom(self, entry: MessageRecord, conversation: PeerConversation, window: Window) -> Addressee:
        """Whom a message of the window is meant for, which was most likely judged just now."""
        known = conversation.upcoming
        if (
            known is not None
            and known[0].id == entry.id
            and known[0].reading is entry.reading
            and known[0].reply_probability == entry.reply_probability
        ):
            return known[1]
        return self.choose(entry, conversation, linked_in(entry, window))

    def attribute(self, seen: MessageRecord, window: Window, waits: Sequence[Wait]) -> list[Helped]:
        """Which of the open waits of others does this message answer? Likeliest first."""
        if not waits:
            return []  # what was said meanwhile is caught up with when somebody waits again
        conversation = self._before(window, seen)
        linked = linked_in(seen, window, waits)
        choice = self.choose(seen, conversation, linked)
        conversation.upcoming = (seen, choice)
        found: list[Helped] = []
        meant = choice.people
        for wait in waits:
            customer = wait.customer
            if customer not in meant and customer not in linked:
                continue  # what most waits come to
            probability = meant.get(customer, 0.0)
            if customer in linked and customer not in conversation.people:
                probability = LINKED  # they have been silent for so long that nothing else is known of them
            if probability < LEAST or customer == seen.author:
                continue
            named = bool(seen.reading.names(wait.customer))
            values = help_values(seen, conversation, window, probability, wait)
            model = self.weights.help_named if named else self.weights.help
            why = choice.why.get(wait.customer)
            whom = None if why is None else (self.weights.person_named if choice.named else self.weights.person, why)
            found.append(Helped(wait.id, model, values, sigmoid(model.score(values)), named, whom))
        found.sort(key=lambda item: -item.probability)
        return found

    def helps(self, attribution: Attribution) -> bool:
        """Whether an attribution is over the threshold at which the bot asserts it."""
        named = getattr(attribution, "named", False)
        return attribution.probability >= (self.weights.helps_named if named else self.weights.helps)

    def thanked(self, seen: MessageRecord, wait: Wait, window: Window) -> str | None:
        """The message of another customer that this one's thanks go to, if they end their open wait."""
        cues = seen.reading.cues
        if not cues & _OVER or cues & WANTS_ANSWER:
            return None
        conversation = self._before(window, seen)
        asker = conversation.people.get(wait.customer)
        place = conversation.places.get(wait.messages[0])
        if asker is None or place is None:
            return None
        if any(line.n > place and line.own < EVEN for line in asker.lines):
            return None  # they have been speaking of something else since
        named = {person for person, _ in seen.reading.addressed}
        best, found = PERHAPS if not named else 0.0, 0
        for n, who, probability in asker.received:
            if n > place and (not named or who in named) and probability >= best:
                best, found = probability, n
        return next((message for message, n in conversation.places.items() if n == found), None) if found else None


def linked_in(seen: MessageRecord, window: Window, waits: Sequence[Wait] = ()) -> Mapping[str, int]:
    """The people whose message this one replies to, or whose thread it stands in, with the flag that says how."""
    if seen.thread is None and seen.reply_to is None:
        return NO_LINKS
    found: dict[str, int] = {}
    for reference, how in ((seen.thread, flag.THREAD_OF_THEIRS), (seen.reply_to, flag.REPLY_TO_THEIRS)):
        if reference is None:
            continue
        target = window.get(reference)
        if target is not None:
            found[target.author] = how
        for wait in waits:
            if reference in wait.messages or (reference == wait.thread and how == flag.THREAD_OF_THEIRS):
                found.setdefault(wait.customer, how)
    found.pop(seen.author, None)
    return found
