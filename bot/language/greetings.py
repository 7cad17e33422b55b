"""Whether a text does nothing but greet: what may stand before a name that is called."""

from __future__ import annotations

import re
from functools import cache

from bot.language.cues import load_greetings
from bot.language.folding import fold

LONGEST = 80
"""Characters; what is longer says more."""

_EMOJI = re.compile(r":[\w+-]+:")
_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_MOST_IN_ONE = 5
"""Words of a greeting."""


def only_greets(text: str) -> bool:
    """Whether a text greets, in any language and one greeting after another, and says nothing else. One without words does."""
    if len(text) > LONGEST:
        return False
    words = _WORDS.findall(fold(_EMOJI.sub(" ", text)))
    place = 0
    while place < len(words):
        lengths = range(min(_MOST_IN_ONE, len(words) - place), 0, -1)
        told = next((length for length in lengths if " ".join(words[place : place + length]) in _greetings()), 0)
        if not told:
            return False
        place += told
    return True


@cache
def _greetings() -> frozenset[str]:
    return load_greetings()
