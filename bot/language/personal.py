"""What a reply shows of whether it was written for one person: a template's marks that are still in it, whom it greets, and who
speaks, "I" or "we".

The words are the section `personal` of each language's file. Looked at when somebody asks for it, never when a message comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bot.domain.value import value
from bot.domain.visible import clean
from bot.language.cues import words_without_topic
from bot.language.folding import fold
from bot.language.languages import Languages, WordSection, shipped_languages
from bot.language.scripts import MARKED, PACKED_LETTER

MOST = 4_000
"""Characters that are looked at: what is longer than that was hardly typed."""

LONGEST_MARK = 40
"""Characters between the two ends of a template's mark."""

MOST_MARKS = 5
"""Marks of a template that are told of."""

_LISTS = ("i", "we", "places", "insert", "anybody", "salutations")

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_WORD = re.compile(rf"(?:[^\W\d_]|[{MARKED}])+")

_WIDE = rf"[^\n{{}}<>%\[\]]{{1,{LONGEST_MARK}}}"
_INSIDE = re.compile(
    rf"(?<!\$)\{{\{{-?({_WIDE})-?\}}\}}|\$\{{({_WIDE})\}}|<<({_WIDE})>>|\*\|({_WIDE})\|\*"
    rf"|(?<![\w\\/%])%%?([A-Za-z_][A-Za-z_ .\-]{{1,{LONGEST_MARK}}})%%?(?![\w\\/%])"
)
"""Marks that hardly anything but a template has: what stands in them need only tell of a name or the like."""

_WHOLE = re.compile(rf"\[({_WIDE})\](?![(\[:])|(?<![/\w{{$<])(?:\{{({_WIDE})\}}|<([A-Z]{_WIDE})>)(?![/\w}}>])")
"""Marks that have other uses, too (links, paths, what is to be typed): what stands in them must be such a place, whole."""

_PARTS = re.compile(r"[\s._\-:|]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_GREETED = re.compile(rf"\s*((?:[^\W\d_]|[{MARKED}])+(?: (?:[^\W\d_]|[{MARKED}])+)?)[ \t]+,")
"""A greeting, then a blank, then a comma: between them stood a name that nobody filled in."""


@value
class PersonalReading:
    """What a reply shows by itself. `marks` are those of a template, as they stand; `anybody` is whom it greets, where that is
    everybody and nobody ("Dear customer"); `greets_nobody` a greeting from which the name is missing ("Hi ,"); `only_we`: who
    speaks says "we" and never "I"; `says_i`: they say "I". `links` is how much of it is links, from 0 to 1."""

    marks: tuple[str, ...] = ()
    anybody: str = ""
    greets_nobody: str = ""
    only_we: bool = False
    says_i: bool = False
    links: float = 0.0


class _Speaker:
    """How one language says "I" and "we", and the words by which it is known."""

    __slots__ = ("_known", "_own", "_own_packed", "_we", "_we_packed")

    def __init__(self, own: WordSection, known: frozenset[str]) -> None:
        own_words, we_words = own.words("i"), own.words("we")
        self._own = own_words
        self._we = we_words
        self._own_packed = tuple(word for word in own_words if PACKED_LETTER.search(word) is not None)
        self._we_packed = sorted((word for word in we_words if PACKED_LETTER.search(word) is not None), key=len, reverse=True)
        self._known = known | own_words | we_words

    def known_in(self, words: frozenset[str], text: str) -> int:
        """How many words of this language a text holds."""
        packed = sum(text.count(word) for word in (*self._own_packed, *self._we_packed))
        return len(words & self._known) + packed

    def says(self, words: frozenset[str], text: str) -> tuple[bool, bool]:
        """Whether a text says "I", and whether it says "we"."""
        if not self._we_packed:
            return not self._own.isdisjoint(words), not self._we.isdisjoint(words)
        rest = text
        for word in self._we_packed:  # "we" is written with the letter of "I" and one more
            rest = rest.replace(word, " ")
        return any(word in rest for word in self._own_packed), rest != text


class PersonalWords:
    """How all languages speak of oneself, greet anybody, and call a template's places."""

    __slots__ = ("_anybody", "_insert", "_places", "_salutations", "_speakers")

    def __init__(self, languages: Languages) -> None:
        section = languages.section("personal", _LISTS, languages.fold)
        self._places = tuple(f" {text} " for text in section.texts("places"))
        self._insert = section.words("insert")
        self._salutations = section.words("salutations")
        self._anybody = section.pattern(r"\b(?:{anybody})\b")
        known = words_without_topic(languages)
        each = zip(languages.sections("personal", _LISTS, languages.fold), known, strict=True)
        self._speakers = [_Speaker(own, words) for own, words in each]

    def read(self, text: str) -> PersonalReading:
        """What a reply shows by itself. Never raises; its cost is bounded."""
        whole = clean(text[:MOST], lines=True)
        written = sum(map(len, whole.split()))
        linked = sum(map(len, _LINK.findall(whole)))
        seen = _LINK.sub(" ", _CODE.sub(" ", whole))
        folded = fold(seen)
        greeted = _GREETED.match(seen)
        nobody = greeted is not None and fold(greeted[1]).split()[-1] in self._salutations
        anybody = self._anybody.search(folded)
        words = frozenset(_WORD.findall(folded))
        says_i, says_we = self._speaker(words, folded)
        return PersonalReading(
            marks=tuple(dict.fromkeys(self._marks(seen)))[:MOST_MARKS],
            anybody="" if anybody is None else seen[anybody.start() : anybody.end()],
            greets_nobody=greeted[0].strip() if greeted is not None and nobody else "",
            only_we=says_we and not says_i,
            says_i=says_i,
            links=linked / written if written else 0.0,
        )

    def _speaker(self, words: frozenset[str], folded: str) -> tuple[bool, bool]:
        """Whether it says "I" and "we", by the language that most of its words are of; where several may be it, only what all of
        them say."""
        counted = [(each.known_in(words, folded), each) for each in self._speakers]
        most = max((number for number, _ in counted), default=0)
        said = [each.says(words, folded) for number, each in counted if number == most and most]
        return any(own for own, _ in said), bool(said) and all(we for _, we in said)

    def _marks(self, seen: str) -> Iterator[str]:
        for found in _INSIDE.finditer(seen):
            inside = _spaced(next(part for part in found.groups() if part is not None))
            if any(place in inside for place in self._places):
                yield found[0]
        for found in _WHOLE.finditer(seen):
            inside = _spaced(next(part for part in found.groups() if part is not None))
            if inside in self._places or not self._insert.isdisjoint(inside.split()[:1]):
                yield found[0]


def _spaced(inside: str) -> str:
    """What stands in a mark, as words between blanks: "contact.firstName" is " contact first name "."""
    parts = [part for part in _PARTS.split(fold(_HUMP.sub(" ", inside))) if part]
    return f" {' '.join(parts)} "


@cache
def load_personal_words(languages: Languages | None = None) -> PersonalWords:
    """These languages' words. Raises ValueError for a bad entry. None: those that ship with the package."""
    return PersonalWords(languages or shipped_languages())
