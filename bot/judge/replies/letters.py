"""Does a reply read like those that say nothing yet, by its letters? For languages other than English, where no word is known
that says so.

The lists hold what some people say; what others say they miss, most of all in the languages whose lists are short. A logistic
model of letter sequences (of one to five letters, and of words and pairs of them), learnt from made replies, sees in some of it
what kind of reply it is. It is right too seldom to refuse anything: what it finds is asked about, once.

It looks only at what a member says in a few words of which no list knows anything, and its weights are read when the first such
text comes.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from array import array
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any
from zlib import crc32

from bot.domain.reading import LEADING, Cue, Reading
from bot.judge.replies.kinds import TELLTALE
from bot.language.cues import WORD, beginnings_by_language

SIZE = 32_768
"""Weights: sequences are counted by a hash, and those that share one share its weight."""

LONGEST = 5
"""Letters of the longest sequence that isn't a word."""

MOST_CHARS = 200
"""A longer reply isn't looked at: it says something."""

ENGLISH = "en"

_DECIDED = (
    TELLTALE | Cue.YES_START.value | Cue.NO_START.value | Cue.SOLVED.value | Cue.LINK.value | Cue.CODE.value
    | Cue.ADVICE.value | Cue.NEWS.value | Cue.PRECISE.value | Cue.FACT.value | Cue.FILES.value | Cue.UNCOVERED.value
)  # fmt: skip
"""Where one of these is known of a reply, its words decide."""

_READS_EMPTY = Cue.READS_EMPTY.value

_LINK = re.compile(r"https?://\S+")
_MENTION = re.compile(r"@[\w.-]+")
_NUMBER = re.compile(r"\d+")
_SPACES = re.compile(r"\s+")
_QUOTES = re.compile("[«»„“”\"‘’']")
_WORD = re.compile(r"\w+")
_FIRST_NAME = re.compile(r"\s*@?[\w.-]+\s*[:,\u3001\uff0c\uff1a]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterModel:
    """The weights of letter sequences, by their hash, in steps of `scale`; from `least` on (the sum over the root of how many
    there are) a reply reads like an answer."""

    weights: Sequence[int]
    scale: float
    bias: float
    least: float
    source: str

    def score(self, text: str) -> float:
        """How much a text reads like an answer, in log odds."""
        places = sequences(text)
        weighed: int = sum(map(self.weights.__getitem__, places))
        return self.bias + self.scale * weighed / math.sqrt(len(places))

    def mark(self, reading: Reading, text: str) -> Reading:
        """The reading of a text, marked where it reads like a reply that says nothing yet."""
        said = _FIRST_NAME.sub("", text, count=1) if any(strength == LEADING for _, strength in reading.addressed) else text
        return replace(reading, cues=reading.cues | _READS_EMPTY) if self.score(said) < self.least else reading


def undecided(reading: Reading) -> bool:
    """Whether a reply says something, and nothing by which its words would decide what kind it is."""
    return reading.rest > 0 and reading.chars <= MOST_CHARS and not reading.cues & _DECIDED


def sequences(text: str) -> set[int]:
    """The letter sequences of a text, by their hash. Links, names and numbers count as one sign each."""
    said = unicodedata.normalize("NFKC", text).lower()
    said = _NUMBER.sub("0", _MENTION.sub("@", _LINK.sub("\x01", said)))
    said = _QUOTES.sub("'", _SPACES.sub(" ", said)).strip()[:MOST_CHARS]
    said = f" {said} "
    found = {said[start : start + length] for length in range(1, LONGEST + 1) for start in range(len(said) - length + 1)}
    words = _WORD.findall(said)
    found.update(f"\x02{word}" for word in words)
    found.update(f"\x02{first} {second}" for first, second in pairwise(words))
    found.update((f"\x03{said[1:5]}", f"\x04{said[-5:-1]}", f"\x05{(len(said) ** 2).bit_length()}"))
    return {crc32(each.encode("utf-8", "surrogatepass")) % SIZE for each in found}


def reads_as_english(text: str) -> bool:
    """Whether a text is in English, as far as its small words tell, or nothing tells what language it is in."""
    english, others = _small_words()
    words = set(WORD.findall(text.lower().replace("’", "'")))
    theirs = len(words & others)
    if not text.isascii():
        theirs += sum(not word.isascii() for word in words - others)
    return len(words & english) >= theirs


@cache
def _small_words() -> tuple[frozenset[str], frozenset[str]]:
    """Words with which phrases begin in English alone, and those of the other languages alone."""
    by_language = beginnings_by_language()
    english = by_language.pop(ENGLISH)
    others = frozenset[str]().union(*by_language.values())
    return english - others, others - english


@cache
def load_letters() -> LetterModel:
    """The weights that ship with the package, read once."""
    return parse_letters(json.loads((files("bot.judge") / "weights_letters.json").read_text(encoding="utf-8")))


def parse_letters(content: Mapping[str, Any]) -> LetterModel:
    """Weights from the content of weights_letters.json. Raises ValueError when they aren't as many as this version has."""
    weights = array("b", b64decode(content["weights"]))
    if len(weights) != SIZE:
        raise ValueError(f"weights_letters.json: {len(weights)} weights, this version has {SIZE}; train again")
    return LetterModel(
        weights=weights, scale=content["scale"], bias=content["bias"], least=content["least"], source=content["source"]
    )
