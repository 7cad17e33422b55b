"""Does a message offer something: a demo, a trial, a discount, a course? Does it tell of an outage? And which words the addresses
of its links are made of.

Looked at only where a member writes something a tip may be about. What is no offer for sure is none: "you can upgrade to 2.1" is
advice, "book a demo" isn't.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from bot.language.languages import Languages, shipped_languages
from bot.language.scripts import PACKED_LETTER

_LISTS = ("offers", "theirs", "asks", "teasers", "outages")

MOST = 2_000
"""Characters looked at: an offer stands in front."""

BEFORE = 24
"""Characters before an offer in which it shows whether it is one already taken."""

_LINK = re.compile(r"(?:https?://|www\.)\S+")
_ASKS = "?？؟"
_ASKED = re.compile(rf"[^.!;\n。！；{_ASKS}]*[{_ASKS}]")
_SENTENCE = re.compile(rf"[^.!;\n。！；{_ASKS}]+[.!;\n。！；{_ASKS}]?")
_IN_LINK = re.compile(r"[^\W\d_]{3,}")


class _Phrases:
    """Pieces of regular expressions, in scripts with spaces and without."""

    __slots__ = ("_packed", "_spaced")

    def __init__(self, texts: Iterable[str], before: str) -> None:
        spaced: list[str] = []
        packed: list[str] = []
        for text in texts:
            (spaced if PACKED_LETTER.search(text) is None else packed).append(text)
        self._spaced = re.compile(rf"{before}(?:{'|'.join(spaced) or '(?!)'})(?!\w)")
        self._packed = re.compile("|".join(packed) or "(?!)")

    def found_in(self, folded: str) -> bool:
        """Whether one of them stands in a folded text."""
        return self._spaced.search(folded) is not None or self._packed.search(folded) is not None

    def places_in(self, folded: str) -> Iterator[int]:
        """Where they begin in a folded text."""
        for pattern in (self._spaced, self._packed):
            for found in pattern.finditer(folded):
                yield found.start()


class Pitches:
    """How all languages offer something."""

    __slots__ = ("_languages", "_offers", "_outages", "_teasers", "_theirs", "asks")

    def __init__(self, languages: Languages) -> None:
        section = languages.section("pitches", _LISTS, languages.fold_pattern)
        self._languages = languages
        self._offers = _Phrases(section.texts("offers"), r"(?<![\w-])")
        self._theirs = re.compile(rf"(?:{'|'.join(section.texts('theirs')) or '(?!)'})\s*$")
        self._teasers = _Phrases(section.texts("teasers"), r"^[\W_]*(?:\w+[ ,]+)?")
        self._outages = _Phrases(section.texts("outages"), r"(?<![\w-])")
        each = languages.sections("pitches", _LISTS, str)
        self.asks: Final = tuple(" ".join(own.texts("asks")) for own in each)
        """Words of questions that an offer or a link answers, a text a language."""

    def offers(self, text: str) -> bool:
        """Whether a text offers something. What the customer has, or hasn't, is no offer: "your free trial ends on Friday"."""
        folded = self._folded(text)
        return any(self._theirs.search(folded, max(0, at - BEFORE), at) is None for at in self._offers.places_in(folded))

    def tells_trouble(self, text: str) -> bool:
        """Whether a text tells of trouble that everybody has: an outage, works, a delay."""
        return self._outages.found_in(self._folded(text))

    def only_teases(self, text: str) -> bool:
        """Whether all that a text asks only leads to an offer ("have you seen our webinar?")."""
        asked = _ASKED.findall(_LINK.sub(" ", text[:MOST]))
        return bool(asked) and all(self._teasers.found_in(self._languages.fold(each)) for each in asked)

    def beside_offers(self, text: str) -> tuple[str, ...]:
        """The sentences of a text that offer nothing and ask nothing."""
        sentences = _SENTENCE.findall(_LINK.sub(" ", text[:MOST]))
        kept = (each.strip() for each in sentences if each[-1] not in _ASKS and not self.offers(each))
        return tuple(each for each in kept if each)

    def _folded(self, text: str) -> str:
        return self._languages.fold(_LINK.sub(" ", text[:MOST]))


@cache
def shipped_pitches() -> Pitches:
    """The words that ship with the package, read when they are first needed."""
    return Pitches(shipped_languages())


def link_words(text: str) -> str:
    """The words in the addresses of a text's links, parted by blanks."""
    words = (word for link in _LINK.findall(text[:MOST]) for word in _IN_LINK.findall(link.split("://", 1)[-1].partition("/")[2]))
    return " ".join(dict.fromkeys(words))
