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
from bot.language.cues import beginnings_by_language, words_without_topic
from bot.language.folding import fold
from bot.language.languages import Languages, WordSection, shipped_languages
from bot.language.scripts import MARKED, PACKED_LETTER

MOST = 4_000
"""Characters that are looked at: what is longer than that was hardly typed."""

LONGEST_MARK = 40
"""Characters between the two ends of a template's mark."""

MOST_MARKS = 5
"""Marks of a template that are told of."""

_LISTS = ("i", "we", "ours", "maybe_i", "places", "of_templates", "insert", "anybody", "regrets", "salutations")

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_QUOTED = re.compile(
    r"“[^”\n]{1,200}”|(?<!\w)\"[^\"\n]{1,200}\"(?!\w)|«[^»\n]{1,200}»|„[^“”\n]{1,200}[“”]|「[^」\n]{1,200}」|^>.*$", re.MULTILINE
)
_GONE = "\u2026"
"""Stands for what isn't the writer's own: code, links, what they quote."""

_WORD = re.compile(rf"(?<![\w-])(?:[^\W\d_]|[{MARKED}])+(?![\d_-])")

_WIDE = rf"[^\n{{}}<>%\[\]]{{1,{LONGEST_MARK}}}"
_INSIDE = re.compile(
    rf"(?<!\$)\{{\{{-?({_WIDE})-?\}}\}}|\$\{{({_WIDE})\}}|<<({_WIDE})>>|\*\|({_WIDE})\|\*"
    rf"|(?<![\w\\/%])%%?([A-Za-z_][A-Za-z_ .\-]{{1,{LONGEST_MARK}}})%%?(?![\w\\/%])"
)
"""Marks that hardly anything but a template has: what stands in them need only tell of a name or the like."""

_WHOLE = re.compile(rf"\[({_WIDE})\](?![(\[:])|(?<![/\w{{$<])(?:\{{({_WIDE})\}}|<([A-Z]{_WIDE})>)(?![/\w}}>])")
"""Marks that have other uses, too (links, paths, what is to be typed): what stands in them must be such a place, whole."""

_NAMELESS = re.compile(r"(?<![\w.])[Xx]{2,}(?![\w-])")
"""A name's place, where it stands after a greeting."""

_SENTENCE_END = re.compile(r"[.!?\n。！？]\s*")
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

    __slots__ = ("_known", "_maybe", "_more", "_ours_packed", "_own", "_own_packed", "_we", "_we_packed")

    def __init__(self, own: WordSection, known: frozenset[str], more: frozenset[str]) -> None:
        own_words, we_words = own.words("i"), own.words("we")
        self._own = own_words
        self._we = we_words
        self._own_packed = tuple(word for word in own_words if PACKED_LETTER.search(word) is not None)
        self._we_packed = sorted((word for word in we_words if PACKED_LETTER.search(word) is not None), key=len, reverse=True)
        ours = own.words("ours")
        self._ours_packed = tuple(word for word in ours if PACKED_LETTER.search(word) is not None)
        self._maybe = own.words("maybe_i")
        self._known = known | own_words | we_words | ours | self._maybe
        self._more = more

    def known_in(self, words: frozenset[str], text: str) -> tuple[int, int]:
        """How many words of this language a text holds; where that is as many as of another, how many that cues begin with."""
        packed = sum(text.count(word) for word in (*self._own_packed, *self._we_packed))
        return len(words & self._known) + packed, len(words & self._more)

    def says(self, words: frozenset[str], text: str) -> tuple[bool, bool, bool]:
        """Whether a text says "I", whether it may, and whether it says "we"."""
        if not self._we_packed:
            says_i = not self._own.isdisjoint(words)
            return says_i, says_i or not self._maybe.isdisjoint(words), not self._we.isdisjoint(words)
        own = text
        for word in self._ours_packed:
            own = own.replace(word, " ")
        rest = own
        for word in self._we_packed:  # "we" is written with the letter of "I" and one more
            rest = rest.replace(word, " ")
        says_i = any(word in rest for word in self._own_packed)
        return says_i, says_i, rest != own


class PersonalWords:
    """How all languages speak of oneself, greet anybody, and call a template's places."""

    __slots__ = ("_anybody", "_insert", "_inserted", "_of_templates", "_places", "_regrets", "_salutations", "_speakers")

    def __init__(self, languages: Languages) -> None:
        section = languages.section("personal", _LISTS, languages.fold)
        self._places = tuple(f" {text} " for text in section.texts("places"))
        self._insert = section.words("insert")
        shouted = "|".join(re.escape(word.upper()) for word in sorted(self._insert) if word.upper() != word)
        self._inserted = re.compile(rf"\b(?:{shouted or '(?!)'})((?: [^\W\d_]+){{1,3}})(?!\w)")
        self._of_templates = section.pattern(r"\b(?:{of_templates})\b")
        self._salutations = section.words("salutations")
        self._anybody = section.pattern(r"\b(?:{anybody})\b")
        self._regrets = section.pattern(r"\b(?:{regrets})\b")
        known, begin = words_without_topic(languages), beginnings_by_language()
        more = [frozenset(map(languages.fold, begin.get(code, ()))) for code in languages.codes]
        each = zip(languages.sections("personal", _LISTS, languages.fold), known, more, strict=True)
        self._speakers = [_Speaker(*lists) for lists in each]

    def read(self, text: str) -> PersonalReading:
        """What a reply shows by itself. Never raises; its cost is bounded."""
        whole = clean(text[:MOST], lines=True)
        written = sum(map(len, whole.split()))
        linked = sum(map(len, _LINK.findall(whole)))
        seen = _QUOTED.sub(_GONE, _LINK.sub(_GONE, _CODE.sub(_GONE, whole)))
        folded = fold(seen)
        greeted = _GREETED.match(seen)
        nobody = greeted is not None and fold(greeted[1]).split()[-1] in self._salutations
        anybody = self._anybody.search(folded)
        words = frozenset(_WORD.findall(folded))
        says_i, may_say_i, says_we = self._speaker(words, folded)
        return PersonalReading(
            marks=tuple(dict.fromkeys(self._marks(seen)))[:MOST_MARKS],
            anybody="" if anybody is None else seen[anybody.start() : anybody.end()],
            greets_nobody=greeted[0].strip() if greeted is not None and nobody else "",
            only_we=says_we and not may_say_i,
            says_i=says_i,
            links=linked / written if written else 0.0,
        )

    def regrets(self, text: str) -> bool:
        """Whether a text is sorry as desks are: for "the inconvenience"."""
        return self._regrets.search(fold(text[:MOST])) is not None

    def same_language(self, text: str, other: str) -> bool:
        """Whether two texts are in one language, as far as their words tell: those that no word tells of may be in any."""
        mine, theirs = self._languages_of(text), self._languages_of(other)
        return not mine or not theirs or not mine.isdisjoint(theirs)

    def _languages_of(self, text: str) -> frozenset[int]:
        folded = fold(_LINK.sub(_GONE, clean(text[:MOST], lines=True)))
        return frozenset(map(id, self._likely(frozenset(_WORD.findall(folded)), folded)))

    def _likely(self, words: frozenset[str], folded: str) -> list[_Speaker]:
        counted = [(each.known_in(words, folded), each) for each in self._speakers]
        most = max((number for number, _ in counted), default=(0, 0))
        return [each for number, each in counted if number == most and most[0]]

    def _speaker(self, words: frozenset[str], folded: str) -> tuple[bool, bool, bool]:
        """Whether it says "I", may say so, and says "we", by the language that most of its words are of; where several may be it,
        only what all of them say."""
        said = [each.says(words, folded) for each in self._likely(words, folded)]
        says_i = bool(said) and all(own for own, _, _ in said)
        return says_i, any(may for _, may, _ in said), bool(said) and all(we for _, _, we in said)

    def _marks(self, seen: str) -> Iterator[str]:
        for found in self._places_in(seen):
            before, after = _SENTENCE_END.split(seen[: found.start()])[-1], _SENTENCE_END.split(seen[found.end() :])[0]
            if self._of_templates.search(fold(f"{before} {after}")) is None:  # else it speaks of them
                yield found[0]

    def _places_in(self, seen: str) -> Iterator[re.Match[str]]:
        for found in _INSIDE.finditer(seen):
            inside = _spaced(next(part for part in found.groups() if part is not None))
            if any(place in inside for place in self._places):
                yield found
        for found in _WHOLE.finditer(seen):
            inside = _spaced(next(part for part in found.groups() if part is not None))
            if inside in self._places or not self._insert.isdisjoint(inside.split()[:1]) or self._is_place_of(inside):
                yield found
        for found in self._inserted.finditer(seen):
            inside = _spaced(found[1])
            if found[1].isupper() and any(inside.startswith(place) for place in self._places):
                yield found
        for found in _NAMELESS.finditer(seen):
            greeting = fold(seen[: found.start()]).split()[-2:]
            if not self._salutations.isdisjoint(greeting):
                yield found

    def _is_place_of(self, inside: str) -> bool:
        """Whether it names a place of somebody or something: "customer's name"."""
        return "'s " in inside and any(inside.endswith(place) for place in self._places)


def _spaced(inside: str) -> str:
    """What stands in a mark, as words between blanks: "contact.firstName" is " contact first name "."""
    parts = [part for part in _PARTS.split(fold(_HUMP.sub(" ", inside))) if part]
    return f" {' '.join(parts)} "


@cache
def load_personal_words(languages: Languages | None = None) -> PersonalWords:
    """These languages' words. Raises ValueError for a bad entry. None: those that ship with the package."""
    return PersonalWords(languages or shipped_languages())
