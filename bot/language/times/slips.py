"""Slips of the keyboard in words of time: "firday", "wensday", "untill"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from bot.language.times.words import TimeWords

_WORD = re.compile(r"[^\W\d_]{4,20}")
"""Shorter words are like too many others."""

_KINDS = frozenset({"day", "weekday", "month", "part", "week", "unit"})

_ALIKE = 0.82
"""As "firday" is to "friday"."""


def corrected(text: str, words: TimeWords, bounds: Iterable[str]) -> str:
    """A folded text with each unknown word as the one of a time that it is like; "" where there is none to correct."""
    known = {phrase for phrase, meaning in words.meanings.items() if meaning[0] in _KINDS and phrase.isalpha()}
    known.update(word for word in bounds if word.isalpha())
    changed = False

    def meant(found: re.Match[str]) -> str:
        nonlocal changed
        if found[0] in words.meanings or found[0] in known:
            return found[0]
        near = [word for word in known if word[0] == found[0][0]]  # the first letter is seldom wrong
        alike = get_close_matches(found[0], near, n=1, cutoff=_ALIKE)
        changed = changed or bool(alike)
        return alike[0] if alike else found[0]

    read = _WORD.sub(meant, text)
    return read if changed else ""
