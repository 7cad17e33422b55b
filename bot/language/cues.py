"""The cue phrases of all languages, for one pass over a message's words: keyed by their first word, longest first.

Written out they are some seventy thousand, most of which nobody ever says. So those that begin with a word are made when that
word is first met: half a second less before the first message is read.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from bot.domain.reading import Cue
from bot.language.clauses import HELPFUL
from bot.language.languages import Languages, WordList, WordSection, shipped_languages
from bot.language.scripts import MARKED, PACKED_LETTER, PackedPhrases

LONGEST_PHRASE = 6
"""Words of the longest phrase a cue file may hold; keeps the matching bounded."""

MOST_STRANGE = 30_000
"""Words remembered that begin no phrase; forgotten as a whole when there are more."""

_EITHER = re.compile(r"\{([^{}]*)\}")
"""In a phrase: any one of what stands between the braces, divided by bars."""

WORD = re.compile(rf"\w[\w'\-{MARKED}]*")
"""A word: letters, digits, underscores, then apostrophes and hyphens too, and the marks of India's letters."""

_BITS: dict[str, tuple[int, int]] = {
    # name in the files: (bit anywhere, bit when it starts the message)
    "ask": (0, Cue.ASK_START.value),
    "ask_openly": (0, Cue.ASKS_OPENLY.value),
    "ask_fact": (0, Cue.ASKS_FACT.value),
    "ask_who": (0, Cue.ASKS_WHO.value),
    "ask_why": (0, Cue.ASKS_WHY.value),
    "ask_inside": (Cue.ASK_IN.value, 0),
    "request": (Cue.REQUEST.value, 0),
    "help": (Cue.HELP.value, 0),
    "want": (Cue.WANT.value, 0),
    "problem": (Cue.PROBLEM.value, 0),
    "negation": (Cue.NEGATION.value, 0),
    "thanks": (Cue.THANKS.value, 0),
    "ack": (Cue.ACK_IN.value, Cue.ACK_START.value),
    "yes": (0, Cue.YES_START.value),
    "no": (0, Cue.NO_START.value),
    "praise": (Cue.PRAISE.value, 0),
    "solved": (Cue.SOLVED.value, 0),
    "will": (Cue.WILL.value, 0),
    "greeting": (0, Cue.GREETING.value),
    "farewell": (Cue.FAREWELL.value, 0),
    "laugh": (Cue.LAUGH.value, 0),
    "filler": (0, 0),
    "apology": (Cue.APOLOGY.value, 0),
    "bump": (Cue.BUMP.value, 0),
    "hedge": (Cue.HEDGE.value, 0),
    "own": (Cue.OWN.value, 0),
    "narrates": (Cue.NARRATES.value, 0),
    "advice": (Cue.ADVICE.value, 0),
    "advice_start": (0, Cue.ADVICE.value),
    "you": (Cue.YOU.value, 0),
    "holding": (Cue.HOLDING.value, 0),
    # Said in passing these mean something else ("60 a minute", "click on it", "thanks for checking").
    "holding_start": (0, Cue.HOLDING.value),
    "promise": (Cue.PROMISE.value, 0),
    "asks_for": (Cue.ASKS_FOR.value, 0),
    "waiting": (Cue.WAITING.value, 0),
    "welcome": (Cue.WELCOME.value, 0),
    "receipt": (Cue.RECEIPT.value, 0),
    "passed_on": (Cue.PASSED_ON.value, 0),
    "absent": (Cue.ABSENT.value, 0),
    "absent_start": (0, Cue.ABSENT.value),
    "no_answer": (Cue.NO_ANSWER.value, 0),
    "everybody": (Cue.EVERYBODY.value, 0),
    "same": (Cue.SAME.value, 0),
    "contrast": (Cue.CONTRAST.value, 0),
    "late": (Cue.LATE.value, 0),
    "urgent": (Cue.URGENT.value, 0),
    "news": (Cue.NEWS.value, 0),
    # What a product does or is, and why: most answers hold such a word. What one thinks or feels: most small talk does.
    "fact": (Cue.FACT.value, 0),
    "remark": (Cue.REMARK.value, 0),
    "announces": (Cue.ANNOUNCES.value, 0),
    "announces_start": (0, Cue.ANNOUNCES.value),
    "tidings": (Cue.TIDINGS.value, 0),
    "asks_around": (Cue.ASKS_AROUND.value, 0),
    # Of a colleague by name it says that they are to be asked ("ask", "knows that").
    "leaves_to": (Cue.LEAVES_TO.value, 0),
    "topic": (0, 0),
    "ask_when": (Cue.WHEN.value, 0),
    "when": (Cue.WHEN.value, 0),
    "ask_where": (Cue.ASKS_WHERE.value, 0),
    "stop": (0, 0),
}

_QUESTION_END = "question_end"
_VERBS = "verbs_of_somebody"
_POINTS = "points_to"
_ENDS_QUESTION = r"(?:{question_end})[\u3002.!~\u301c\u2026]*(?:\s|$)"
"""Particles that ask at the end of a sentence, where its script has no need of a question mark."""

_LIGHT = frozenset({"thanks", "ack", "yes", "no", "praise", "greeting", "farewell", "laugh", "filler", "apology", "welcome"})
"""Lists whose words say nothing about a topic: a message of nothing else is bare."""

_GO_ON = frozenset({"ack", "yes", "no", "greeting", "filler", "laugh", "apology", "thanks"})
"""Lists after which the message still counts as starting ("ok thanks, how do I ...")."""


_ASKS = (
    Cue.ASK_START.value | Cue.ASK_IN.value | Cue.ASKS_OPENLY.value | Cue.ASKS_FACT.value | Cue.ASKS_WHO.value | Cue.ASKS_WHY.value
    | Cue.OWN.value | Cue.YOU.value | Cue.WILL.value
)  # fmt: skip

_BESIDES = (
    Cue.RECEIPT.value | Cue.PASSED_ON.value | Cue.ABSENT.value | Cue.NO_ANSWER.value | Cue.EVERYBODY.value | Cue.SAME.value
    | Cue.CONTRAST.value | Cue.LATE.value | Cue.URGENT.value | Cue.NEWS.value | Cue.ASKS_AROUND.value
    | Cue.LEAVES_TO.value
)  # fmt: skip
"""What a phrase shows besides what its first words say anyway: "thanks for the report" thanks, "sorry for the delay" is sorry."""


@dataclass(slots=True)
class Phrase:
    """What one phrase means: bits anywhere, bits at the start, whether it carries no content, whether the start goes on.
    `whole`: what it takes over from others is in it."""

    anywhere: int = 0
    start: int = 0
    light: bool = False
    goes_on: bool = False
    stop: bool = False
    whole: bool = False


Meaning = tuple[int, int, bool, bool, bool]
"""A phrase, compiled: bits anywhere, bits at the start, light, goes on, stop."""

Longer = dict[str, tuple[Meaning | None, "Longer | None"]]
"""How phrases that begin alike go on: by the next word, what they mean if they end with it, and how longer ones go on."""

TOPIC: Meaning = (0, 0, False, False, False)
"""A word that means nothing here but what it is about, and begins phrases."""

SMALL: Meaning = (0, 0, False, False, True)
"""A word that says nothing about a topic, and nothing else: half of all words."""

CueEntry = tuple[Meaning | None, Longer | None]
"""What a word means alone, and how the longer phrases go on that it begins."""


class Beginnings:
    """What some phrases begin with: the words that are one alone, and the first two of longer ones."""

    __slots__ = ("_alone", "_pairs")

    def __init__(self, begun: Collection[tuple[str, ...]]) -> None:
        self._alone = frozenset(words[0] for words in begun if len(words) == 1)
        self._pairs = frozenset(words for words in begun if len(words) > 1)

    def found_in(self, words: Sequence[str]) -> list[str]:
        """The words of a text with which one of the phrases may begin. (Far quicker than to read them.)"""
        alone, pairs = self._alone, self._pairs
        found = [] if alone.isdisjoint(words) else [word for word in words if word in alone]
        if not pairs.isdisjoint(pairwise(words)):
            found += [first for first, second in pairwise(words) if (first, second) in pairs]
        return found


class CuePhrases:
    """All cue phrases as they are listed, by the words they may begin with; written out for those that are asked for."""

    __slots__ = ("_listed", "_meanings", "_solved")

    def __init__(self, section: WordSection) -> None:
        self._meanings: dict[Meaning, Meaning] = {SMALL: SMALL}
        """Each meaning once: ten thousand words share some hundreds, and what is shared is likelier to be at hand."""
        self._listed: dict[str, list[tuple[str, WordList, str]]] = {}
        for cue in _BITS:
            for listed in section.lists(cue):
                for text in listed.texts:
                    for first in _first_words(text):
                        self._listed.setdefault(first, []).append((cue, listed, text))
        solved = {text for listed in self._listed.values() for cue, _, text in listed if _BITS[cue][0] & Cue.SOLVED.value}
        self._solved = frozenset(_words(way) for text in solved for way in _ways(text))

    def first_words(self) -> Sequence[str]:
        """The words that phrases begin with."""
        return tuple(self._listed)

    def beginning(self, bits: int) -> Beginnings:
        """What phrases begin with that may show one of these cues by themselves or by a shorter one that they begin with."""
        shown = {cue for cue, (anywhere, start) in _BITS.items() if (anywhere | start) & bits}
        texts = {text for listed in self._listed.values() for cue, _, text in listed if cue in shown}
        begun = {tuple(WORD.findall(way)[:2]) for text in texts for way in _ways(text)}
        return Beginnings(begun)

    def packed(self) -> Iterator[str]:
        """The words with letters of packed scripts in any phrase."""
        texts = {text for listed in self._listed.values() for _, _, text in listed if PACKED_LETTER.search(text) is not None}
        return (word for text in texts for way in _ways(text) for word in WORD.findall(way))

    def check(self) -> None:
        """Raise ValueError for a phrase that is too long or has no word."""
        for first in self._listed:
            self._beginning_with(first)

    def entry(self, first: str) -> CueEntry | None:
        """What a word means alone, and the longer phrases it begins; None if it begins none."""
        if first not in self._listed:
            return None
        alone: Meaning | None = None
        longer: Longer = {}
        written = self._beginning_with(first)
        for words, phrase in written.items():
            self._complete(words, phrase, written)
            made = (phrase.anywhere, phrase.start, phrase.light, phrase.goes_on, phrase.stop)
            meaning = self._meanings.setdefault(made, made)
            if len(words) == 1:
                alone = meaning
            else:
                _lengthen(longer, words[1:], meaning)
        return alone, longer or None

    def _beginning_with(self, first: str) -> dict[tuple[str, ...], Phrase]:
        written: dict[tuple[str, ...], Phrase] = {}
        for cue, listed, text in self._listed.get(first, ()):
            for way in _ways(text):
                words = _words(way)
                if not 0 < len(words) <= LONGEST_PHRASE:
                    raise listed.refuse(way, f"must have 1 to {LONGEST_PHRASE} words")
                if words[0] == first:
                    _add(written.setdefault(words, Phrase()), cue)
        return written

    def _complete(self, words: tuple[str, ...], phrase: Phrase, written: Mapping[tuple[str, ...], Phrase]) -> None:
        """A longer phrase hides the shorter one it begins with, so it takes over what that one says ("can you share" asks, as
        "can you" does): whether it asks, or everything, where it only adds to it."""
        if phrase.whole:
            return
        phrase.whole = True
        adds = bool(phrase.anywhere & _BESIDES) and not (phrase.anywhere | phrase.start) & ~(_BESIDES | _ASKS)
        for length in range(1, len(words)):
            shorter = written.get(words[:length])
            if shorter is not None:
                self._complete(words[:length], shorter, written)
                # (That a fix was released is no announcement.)
                taken = ~Cue.ANNOUNCES.value if adds else _ASKS
                phrase.anywhere |= shorter.anywhere & taken
                phrase.start |= shorter.start & taken
                phrase.goes_on |= shorter.goes_on and adds
        if phrase.anywhere & Cue.NEWS.value and not phrase.anywhere & Cue.SOLVED.value:
            # Whoever says that "it is fixed" says that it is solved.
            inside = (words[begin:end] for begin in range(1, len(words)) for end in range(begin + 1, len(words) + 1))
            if any(part in self._solved for part in inside):
                phrase.anywhere |= Cue.SOLVED.value


class CueEntries(dict[str, CueEntry | None]):
    """Word -> its entry, made when it is first met; None for a word that begins no phrase."""

    def __init__(self, phrases: CuePhrases) -> None:
        super().__init__()
        self._phrases = phrases
        self._strange: list[str] = []

    def __missing__(self, word: str) -> CueEntry | None:
        entry = self._phrases.entry(word)
        if entry is None:
            if len(self._strange) >= MOST_STRANGE:
                for each in self._strange:
                    del self[each]
                self._strange.clear()
            self._strange.append(word)
        self[word] = entry
        return entry


class Cues:
    """All cue phrases by their first word; the verbs that make a name before them their subject; the words that only
    point to a link; the phrases by which runs of packed
    letters are cut; what ends a question without a mark."""

    def __init__(self, section: WordSection) -> None:
        self._phrases = CuePhrases(section)
        self.entries = CueEntries(self._phrases)
        self.verbs = section.words(_VERBS)
        self.points = section.words(_POINTS)
        self.question_end = section.pattern(_ENDS_QUESTION)

    @property
    def first_words(self) -> Sequence[str]:
        """The words that phrases begin with."""
        return self._phrases.first_words()

    @cached_property
    def helpful(self) -> Beginnings:
        """What the phrases begin with without which no clause helps (language.clauses), gathered when first asked for."""
        return self._phrases.beginning(HELPFUL)

    @cached_property
    def packed(self) -> PackedPhrases:
        """The phrases by which runs of packed letters are cut, gathered when the first one is met."""
        return PackedPhrases(self._phrases.packed())

    def check(self) -> None:
        """Raise ValueError for a phrase that is too long or has no word."""
        self._phrases.check()


@cache
def load_cues(languages: Languages | None = None) -> Cues:
    """The cue phrases of these languages. Raises ValueError for a cue that doesn't exist and a phrase that is too long. None: of
    those that ship with the package, whose phrases the tests have checked."""
    given = languages or shipped_languages()
    cues = Cues(given.section("cues", {*_BITS, _QUESTION_END, _VERBS, _POINTS}, given.spell))
    if languages is not None:
        cues.check()
    return cues


def load_greetings() -> frozenset[str]:
    """The greetings of the languages that ship with the package, folded and written out."""
    given = shipped_languages()
    listed = given.section("cues", {*_BITS, _QUESTION_END, _VERBS, _POINTS}, given.fold).texts("greeting")
    return frozenset(way for text in listed for way in _ways(text))


def words_without_topic(languages: Languages) -> list[frozenset[str]]:
    """Of each language the words that carry no topic (`stop`), where they stand alone, folded: by them a language is known."""
    sections = languages.sections("cues", {*_BITS, _QUESTION_END, _VERBS, _POINTS}, languages.fold)
    return [frozenset(text for text in own.texts("stop") if " " not in text and "{" not in text) for own in sections]


def beginnings_by_language() -> dict[str, frozenset[str]]:
    """By the codes of the languages that ship with the package: the words with which their cue phrases begin, but for those
    that stand between braces. They tell what language a text is in where there is no better way."""
    given = shipped_languages()
    sections = given.sections("cues", {*_BITS, _QUESTION_END, _VERBS, _POINTS}, given.spell)
    found = {}
    for code, section in zip(given.codes, sections, strict=True):
        texts = (text for cue in _BITS for text in section.texts(cue))
        found[code] = frozenset(text.partition(" ")[0] for text in texts if "{" not in text)
    return found


def _words(way: str) -> tuple[str, ...]:
    """The words of a phrase. (A few thousand words make up all phrases: each is kept once.)"""
    return tuple(map(sys.intern, WORD.findall(way)))


def _add(phrase: Phrase, cue: str) -> None:
    anywhere, start = _BITS[cue]
    phrase.anywhere |= anywhere
    phrase.start |= start
    phrase.light |= cue in _LIGHT
    phrase.goes_on |= cue in _GO_ON
    phrase.stop |= cue in {"stop", "filler"}


def _lengthen(longer: Longer, words: tuple[str, ...], meaning: Meaning) -> None:
    """Add a phrase by the words that it goes on with."""
    word, rest = words[0], words[1:]
    ends, more = longer.get(word, (None, None))
    if rest:
        more = more if more is not None else {}
        _lengthen(more, rest, meaning)
        longer[word] = (ends, more)
    else:
        longer[word] = (meaning, more)


def _ways(text: str) -> list[str]:
    """A phrase written out: "{one|a} moment" is "one moment" and "a moment"."""
    found = _EITHER.search(text)
    if found is None:
        return [text]
    return [way for part in found[1].split("|") for way in _ways(text[: found.start()] + part + text[found.end() :])]


def _first_words(text: str) -> set[str]:
    """The words that a phrase may begin with, as few of its ways written out as tell them."""
    first = WORD.search(text)
    found = _EITHER.search(text)
    if found is None or (first is not None and first.end() < found.start()):
        return {first[0] if first is not None else ""}
    begun, rest = text[: found.start()], text[found.end() :]
    return {word for part in found[1].split("|") for word in _first_words(begun + part + rest)}
