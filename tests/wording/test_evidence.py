"""What the judge went by is told in sentences, whatever it was."""

from __future__ import annotations

from bot.judge.linear import load_weights
from bot.wording.evidence import AGAINST, FEATURES, sentences


def test_whatever_speaks_for_a_reply_being_wanted_has_a_sentence() -> None:
    model = load_weights().expects_reply
    silent = [
        name
        for name, weight in zip(model.names, model.weights, strict=True)
        if name not in FEATURES and (weight > 0 or name not in AGAINST)
    ]
    assert silent == []


def test_each_sentence_stands_once() -> None:
    assert sentences(["want", "unknown", "begins with a wish", "want"]) == (FEATURES["want"], FEATURES["begins with a wish"])
