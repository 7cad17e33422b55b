"""Are thanks for something that was done, and meant? "Thanks in advance" is for what is still to come, "thanks for nothing" for
nothing.

Looked at only where a customer's message has the cue for thanks. What isn't thanks for sure is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from bot.language.languages import Languages, shipped_languages
from bot.language.scripts import PACKED_LETTER

_LISTS: Final = ("ahead", "bitter", "sour")

MOST: Final = 2_000
"""Characters looked at."""


class Gratitude:
    """How all languages thank for nothing."""

    __slots__ = ("_languages", "_packed", "_sour", "_spaced")

    def __init__(self, languages: Languages) -> None:
        section = languages.section("thanks", _LISTS, languages.fold_pattern)
        texts = [*section.texts("ahead"), *section.texts("bitter")]
        self._languages = languages
        self._spaced = re.compile(rf"(?<![\w-])(?:{_any(text for text in texts if PACKED_LETTER.search(text) is None)})(?!\w)")
        self._sour = re.compile(_any(section.texts("sour")))
        self._packed = re.compile(_any(text for text in texts if PACKED_LETTER.search(text) is not None))

    def is_meant(self, text: str) -> bool:
        """Whether thanks in a text, if there are any, are for something that was done."""
        head = text[:MOST]
        folded = self._languages.fold(head)
        return not (self._sour.search(head) or self._spaced.search(folded) or self._packed.search(folded))


def _any(texts: Iterable[str]) -> str:
    return "|".join(texts) or "(?!)"


@cache
def shipped_gratitude() -> Gratitude:
    """The words that ship with the package, read when they are first needed."""
    return Gratitude(shipped_languages())
