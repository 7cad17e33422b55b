"""The weights that ship, and the cue files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.resources import files
from types import ModuleType

import pytest

from bot.judge.attribution import features as attribution_features
from bot.judge.expects import features as expects_features
from bot.judge.linear import load_weights, parse_weights


def content() -> dict[str, object]:
    loaded: dict[str, object] = json.loads((files("bot.judge") / "weights.json").read_text())
    return loaded


def test_the_weights_name_their_corpus_and_its_licence() -> None:
    weights = load_weights()
    assert "irc-disentanglement" in weights.source
    assert "CC-BY-4.0" in weights.source


def test_no_feature_is_a_product_or_a_persons_name() -> None:
    names = set(load_weights().expects_reply.names) | set(load_weights().attribution.names)
    assert not [name for name in names if "_" in name or any(letter.isupper() for letter in name)]


@pytest.mark.parametrize("owner", [attribution_features, expects_features])
def test_each_flag_stands_at_the_place_of_its_name(owner: ModuleType) -> None:
    flags = {name: place for name, place in vars(owner).items() if name.isupper() and isinstance(place, int) and name[0] != "_"}
    del flags["AMOUNTS"]
    for constant, place in flags.items():
        spoken = set(re.findall(r"[A-Z]+", owner.FEATURES[place].replace("'s ", " ").upper()))
        assert set(constant.split("_")) <= spoken, (constant, owner.FEATURES[place])
    assert sorted(flags.values()) == list(range(min(flags.values()), len(owner.FEATURES)))


def test_weights_of_another_version_are_refused_with_what_to_do() -> None:
    changed = content()
    del changed["expects_reply"]["weights"]["question mark"]  # type: ignore[index]
    with pytest.raises(ValueError, match=r"question mark.*train again"):
        parse_weights(changed)


def test_nothing_is_loaded_at_import() -> None:
    code = (
        "import builtins, io, sys\n"
        "import bot.judge.standard\n"
        "assert 'numpy' not in sys.modules\n"
        "from importlib import resources\n"
        "resources.files = None\n"
        "import bot.judge.attribution.model, bot.judge.replies.model\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
