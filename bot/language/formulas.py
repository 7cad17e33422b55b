"""Is a reply made of nothing but the formulas of support desks ("Your request is important to us and an agent will be with you
shortly")?

Whoever writes so says it in ever new sentences, but always with the same words: thanks, regrets, teams, requests, and that
somebody is at work. So the words are looked at one by one: a reply in which hardly any other occurs, and none that says that
something is done or how it is, tells nothing.
"""

from __future__ import annotations

import re
from functools import cache

from bot.language.cues import WORD, words_without_topic
from bot.language.languages import Languages, shipped_languages
from bot.language.scripts import PACKED_LETTER

LEAST = 9
"""Words of the shortest text that is looked at."""

ONE_IN = 10
"""Of so many words one may be another: the name of a company or a product."""

MOST = 600
"""Characters of the longest: formulas are a few sentences."""

PACKED_LEAST = 16
"""Letters of the shortest text in a script without spaces."""

_LISTS = ("words", "tells")
_DIGIT = re.compile(r"\d")
_CONTENT = re.compile(r"[\u30a0-\u30ff\u3400-\u9fff]")
"""The letters of packed scripts that carry content: no hiragana, of which endings and particles are made."""


class Formulas:
    """The formulas of all languages."""

    __slots__ = ("_packed", "_small", "_tells", "_tells_packed", "_words")

    def __init__(self, languages: Languages) -> None:
        section = languages.section("formulas", _LISTS, languages.fold_pattern)
        words, tells = section.texts("words"), section.texts("tells")
        packed = sorted((text for text in words if PACKED_LETTER.search(text) is not None), key=len, reverse=True)
        self._words = re.compile("|".join(text for text in words if PACKED_LETTER.search(text) is None) or "(?!)")
        self._packed = re.compile("|".join(packed) or "(?!)")
        self._tells = re.compile(rf"(?<!\w)(?:{'|'.join(text for text in tells if PACKED_LETTER.search(text) is None)})(?!\w)")
        self._tells_packed = re.compile("|".join(text for text in tells if PACKED_LETTER.search(text) is not None) or "(?!)")
        self._small = frozenset[str]().union(*words_without_topic(languages))

    def hold(self, folded: str) -> bool:
        """Whether a folded text is made of formulas, and tells nothing."""
        if len(folded) > MOST or _DIGIT.search(folded) is not None:
            return False
        if PACKED_LETTER.search(folded) is not None:
            return self._hold_packed(folded)
        words = WORD.findall(folded)
        if len(words) < LEAST:
            return False
        fits, small, more = self._words.fullmatch, self._small, max(len(words) // ONE_IN, 1)
        for word in words:
            if word not in small and fits(word) is None:
                more -= 1
                if more < 0:
                    return False  # as most are, after a few words
        return self._tells.search(folded) is None

    def _hold_packed(self, folded: str) -> bool:
        content = len(_CONTENT.findall(folded))
        if len(folded) < PACKED_LEAST or self._tells_packed.search(folded) is not None:
            return False
        others = len(_CONTENT.findall(self._packed.sub(" ", folded)))
        return others * ONE_IN <= content


@cache
def shipped_formulas() -> Formulas:
    """The words that ship with the package, read when they are first needed."""
    return Formulas(shipped_languages())


def holds_formulas(text: str) -> bool:
    """Whether a text is made of the formulas of the languages that ship with the package, and tells nothing."""
    return shipped_formulas().hold(shipped_languages().fold(text))
