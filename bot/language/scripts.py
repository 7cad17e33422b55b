"""Scripts that are written without spaces between words, or with letters that take marks: what the patterns of this room have to
know of them, and how a run of such letters is cut into words.

Japanese, Chinese, Thai and the like are packed: a sentence is one run of letters. A run is cut at the phrases that the
languages' files list, each time the longest that fits. What lies between is cut by kind of letter: foreign words in katakana
as they are, Chinese characters into pairs that overlap (so that two messages about the same matter share some, wherever the
run began); what is left of hiragana is grammar and stands for a word of no topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

PACKED = (
    "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3005-\\u3007\\u3040-\\u30ff\\u31f0-\\u31ff\\u3400-\\u9fff\\uf900-\\ufaff"
)
"""Letters of packed scripts, for a class of a regular expression."""

MARKED = "\\u0900-\\u0963\\u0966-\\u0dff\\u200c\\u200d"
"""Letters of India's scripts with the marks that belong to them, which no pattern of Python's takes for parts of a word."""

WIDE = "\\uff01-\\uffef\\u3000"
"""Full-width and half-width forms of other characters."""

EDGE = rf"(?:\b|(?<=[{PACKED}{MARKED}])|(?=[{PACKED}{MARKED}]))"
r"""Like `\b`, and true beside any letter of these scripts: there a word's edge can't be told, or is told wrongly."""

FIRST_PACKED = "\u0e00"
"""No letter of a script with short words lies beyond: two letters are a topic there."""

PACKED_LETTER = re.compile(f"[{PACKED}]")
UNUSUAL_LETTER = re.compile(f"[{PACKED}{MARKED}{WIDE}]")
"""Characters whose spelling is to be made one before anything is looked for."""

_HAN = "\\u0e00-\\u17ff\\u3005-\\u3007\\u3400-\\u9fff\\uf900-\\ufaff"
"""Chinese characters, and the scripts of which we know no more."""
_PIECES = re.compile(rf"[\u3040-\u309f]+|[\u30a0-\u30ff\u31f0-\u31ff]+|[{_HAN}]+|[^\u3040-\u30ff\u31f0-\u31ff{_HAN}]+")
_HIRAGANA = range(0x3040, 0x30A0)
_KATAKANA = range(0x30A0, 0x3200)


@dataclass(frozen=True, slots=True, kw_only=True)
class CutWords:
    """Words that runs of packed letters were cut into. `doubled` of them are pairs that only join two others."""

    words: list[str]
    doubled: int


class PackedPhrases:
    """The phrases by which runs of packed letters are cut."""

    __slots__ = ("_lengths", "_listed")

    def __init__(self, listed: Iterable[str]) -> None:
        self._listed = frozenset(text for text in listed if PACKED_LETTER.search(text) is not None)
        lengths: dict[str, set[int]] = {}
        for text in self._listed:
            lengths.setdefault(text[0], set()).add(len(text))
        self._lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
        """First letter -> the lengths of the phrases that begin with it, longest first."""

    def cut(self, words: Iterable[str]) -> CutWords:
        """The words, with runs of packed letters cut. Takes time in proportion to their letters."""
        found: list[str] = []
        doubled = 0
        for word in words:
            if PACKED_LETTER.search(word) is None:
                found.append(word)
            else:
                doubled += self._cut(word, found)
        return CutWords(words=found, doubled=doubled)

    def _cut(self, run: str, found: list[str]) -> int:
        doubled = 0
        begun = place = 0
        while place < len(run):
            for length in self._lengths.get(run[place], ()):
                phrase = run[place : place + length]
                if phrase in self._listed:
                    doubled += _pieces(run[begun:place], found)
                    found.append(phrase)
                    begun = place = place + length
                    break
            else:
                place += 1
        return doubled + _pieces(run[begun:], found)


def _pieces(between: str, found: list[str]) -> int:
    """Cut what lies between listed phrases by kind of letter. Gives how many pairs only join two others."""
    doubled = 0
    for piece in _PIECES.findall(between):
        first = piece[0]
        if ord(first) in _HIRAGANA:
            found.append(first)
        elif first < FIRST_PACKED or ord(first) in _KATAKANA or len(piece) < 3:
            found.append(piece)
        else:
            found += [piece[n : n + 2] for n in range(len(piece) - 1)]
            doubled += len(piece) - 1 - (len(piece) + 1) // 2
    return doubled
