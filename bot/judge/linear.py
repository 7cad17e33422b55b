"""Logistic models with named features: the whole of what is learnt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from math import exp
from operator import mul
from typing import Any

from bot.domain.judge import Evidence

STEEPEST = 35.0
"""Log odds beyond which a probability is 0 or 1 to machine precision."""

LEAST_EVIDENCE = 0.05
"""Log odds below which a feature isn't worth naming."""


Values = tuple[Sequence[float], Sequence[int]]
"""The features of one case: the amounts, and which flags are up, as their places among the feature names. A case has some
fifteen flags of a hundred, so a list of those costs less to make, to score and to explain than a row of all."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights of one model, in the order of its feature names, and its bias; in log odds."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float
    amounts: int = 0
    """How many features, the first ones, are amounts; all others are flags."""
    _amounts: tuple[float, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_amounts", self.weights[: self.amounts])

    def score(self, values: Values) -> float:
        """The log odds of a case."""
        amounts, flags = values
        weights, raised = self.weights, 0.0
        for place in flags:  # half the cost of sum() over looked-up weights: calling what looks one up costs more than adding it
            raised += weights[place]
        return sum(map(mul, self._amounts, amounts), self.bias) + raised

    def scores(self, cases: Iterable[Values]) -> list[float]:
        """The log odds of each of several cases."""
        weights, shares, bias = self.weights, self._amounts, self.bias
        found: list[float] = []
        for amounts, flags in cases:
            raised = 0.0
            for place in flags:
                raised += weights[place]
            found.append(sum(map(mul, shares, amounts), bias) + raised)
        return found

    def evidence(self, values: Values) -> tuple[Evidence, ...]:
        """The features that mattered, heaviest first."""
        amounts, flags = values
        weights = self.weights
        found = [(place, value, weights[place] * value) for place, value in enumerate(amounts) if value]
        found += [(place, 1.0, weights[place]) for place in flags]
        names = self.names
        kept = [
            Evidence(name=names[place], value=value, weight=weight)
            for place, value, weight in found
            if abs(weight) >= LEAST_EVIDENCE
        ]
        kept.sort(key=lambda item: -abs(item.weight))
        return tuple(kept)


def sigmoid(score: float) -> float:
    """The probability of these log odds."""
    if score > STEEPEST:
        return 1.0
    if score < -STEEPEST:
        return 0.0
    return 1.0 / (1.0 + exp(-score))


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything weights.json holds: the models, the thresholds, and where they come from."""

    expects_reply: Linear
    attribution: Linear
    """For a message that names nobody."""
    attribution_named: Linear
    """For a message that names a customer."""
    thresholds: dict[str, float]
    source: str


def load_weights() -> Weights:
    """The weights that ship with the package."""
    return parse_weights(json.loads((files("bot.judge") / "weights.json").read_text(encoding="utf-8")))


def parse_weights(content: dict[str, Any]) -> Weights:
    """Weights from the content of weights.json. Raises ValueError when its features aren't those of this version."""
    # Here and not at the top: the modules that own the features build on this one.
    from bot.judge.attribution import features as attribution_features
    from bot.judge.expects import features as expects_features

    models = {}
    for name, owner in (
        ("expects_reply", expects_features),
        ("attribution", attribution_features),
        ("attribution_named", attribution_features),
    ):
        features: tuple[str, ...] = owner.FEATURES
        amounts: int = owner.AMOUNTS
        weights: dict[str, float] = content[name]["weights"]
        if set(weights) != set(features):
            odd = ", ".join(sorted(set(weights) ^ set(features)))
            raise ValueError(f"weights.json: {name}: features differ from this version's: {odd}; train again")
        models[name] = Linear(features, tuple(weights[feature] for feature in features), content[name]["bias"], amounts)
    return Weights(
        expects_reply=models["expects_reply"],
        attribution=models["attribution"],
        attribution_named=models["attribution_named"],
        thresholds=dict(content["thresholds"]),
        source=content["source"],
    )
