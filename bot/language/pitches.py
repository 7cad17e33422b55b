"""Does a message offer something: a demo, a trial, a discount, a course? And which words the addresses of its links are made of.

Looked at only where a member writes something a tip may be about. What is no offer for sure is none: "you can upgrade to 2.1" is
advice, "book a demo" isn't.
"""

from __future__ import annotations

import re
from functools import cache

from bot.language.languages import Languages, shipped_languages
from bot.language.scripts import PACKED_LETTER

_LISTS = ("offers",)

MOST = 2_000
"""Characters looked at: an offer stands in front."""

_LINK = re.compile(r"(?:https?://|www\.)\S+")
_IN_LINK = re.compile(r"[^\W\d_]{3,}")


class Pitches:
    """How all languages offer something."""

    __slots__ = ("_languages", "_offers", "_offers_packed")

    def __init__(self, languages: Languages) -> None:
        section = languages.section("pitches", _LISTS, languages.fold_pattern)
        self._languages = languages
        spaced = [text for text in section.texts("offers") if PACKED_LETTER.search(text) is None]
        packed = [text for text in section.texts("offers") if PACKED_LETTER.search(text) is not None]
        self._offers = re.compile(rf"(?<![\w-])(?:{'|'.join(spaced) or '(?!)'})(?!\w)")
        self._offers_packed = re.compile("|".join(packed) or "(?!)")

    def offers(self, text: str) -> bool:
        """Whether a text offers something."""
        folded = self._languages.fold(_LINK.sub(" ", text[:MOST]))
        return self._offers.search(folded) is not None or self._offers_packed.search(folded) is not None


@cache
def shipped_pitches() -> Pitches:
    """The words that ship with the package, read when they are first needed."""
    return Pitches(shipped_languages())


def link_words(text: str) -> str:
    """The words in the addresses of a text's links, parted by blanks."""
    words = (word for link in _LINK.findall(text[:MOST]) for word in _IN_LINK.findall(link.split("://", 1)[-1].partition("/")[2]))
    return " ".join(dict.fromkeys(words))
