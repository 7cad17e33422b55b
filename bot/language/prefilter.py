"""Which of many patterns can match a text at all? Told by the words they can't do without (language.pattern_needs), before any of
them is tried. Where that can't be told a pattern is always tried: a prefilter may let through, never withhold.

One look a word, remembered by word, says for all patterns at once what the text holds of their needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.language.pattern_needs import FIRST_LOOSE, MOST_NEEDS, WaysToMatch, rarest
from bot.language.scripts import MARKED

START = 2
"""Letters by which pieces are found in a word."""

VOCABULARY = 20_000
"""Words remembered with what they hold; dropped as a whole when full."""

_PLAIN_WORD = re.compile(r"\w[\w'\-]*", re.ASCII)
_WORD = re.compile(rf"\w[\w'\-{MARKED}]*")
_INSIDE = str.maketrans("'-", "  ")
"""What may stand inside what is a word here, and divides words for a pattern."""

_Pieces = dict[str, tuple[tuple[str, int], ...]]
"""First letters -> the pieces that begin with them, each with its needs."""


class Prefilter:
    """Some patterns by what they need, in their order."""

    __slots__ = ("_all", "_always", "_count", "_loose", "_masks", "_pieces", "_whose")

    def __init__(self, patterns: Sequence[WaysToMatch]) -> None:
        self._whose = [number for number, ways in enumerate(patterns) for _ in ways]
        """For each way the pattern that it is one of."""
        self._count = len(self._whose)
        self._all = (1 << self._count) - 1
        self._masks: dict[str, int] = {}
        pieces: dict[str, int] = {}
        always = 0
        for number, needs in enumerate(needs for ways in patterns for needs in ways):
            known = rarest(needs)
            for level in range(MOST_NEEDS):
                bit = 1 << (level * self._count + number)
                if level < len(known):
                    for piece in known[level]:
                        pieces[piece] = pieces.get(piece, 0) | bit
                else:
                    always |= bit
        self._always = always
        """For each way and each of its needs one bit, which is up where it has no such need."""
        self._pieces = _by_start(pieces.items())
        self._loose = _by_start((piece.strip(" "), bits) for piece, bits in pieces.items())
        """The same for words of which nobody can tell where they begin and end."""

    def candidates(self, text: str) -> list[int]:
        """The places of the patterns that may match a text in lower case, in their order."""
        recall = self._masks.get
        held = self._always
        for word in (_PLAIN_WORD if text.isascii() else _WORD).findall(text):
            mask = recall(word)
            if mask is None:
                mask = self._learn(word)
            if mask:
                held |= mask
        count, left = self._count, self._all
        for _ in range(MOST_NEEDS):
            left &= held
            held >>= count
        found: list[int] = []
        while left:
            lowest = left & -left
            number = self._whose[lowest.bit_length() - 1]
            if not found or found[-1] != number:
                found.append(number)
            left ^= lowest
        return found

    def _learn(self, word: str) -> int:
        """What a word holds of the patterns' needs."""
        if word.isascii() or max(word) < FIRST_LOOSE:
            mask = _held(f" {word.translate(_INSIDE)} ", self._pieces)
        else:
            mask = _held(word, self._loose)
        if len(self._masks) >= VOCABULARY:
            self._masks.clear()
        self._masks[word] = mask
        return mask


def _held(word: str, pieces: _Pieces) -> int:
    mask = 0
    find = pieces.get
    for place, letter in enumerate(word):
        for piece, bits in (*find(letter, ()), *find(word[place : place + START], ())):
            if word.startswith(piece, place):
                mask |= bits
    return mask


def _by_start(pieces: Iterable[tuple[str, int]]) -> _Pieces:
    found: dict[str, list[tuple[str, int]]] = {}
    for piece, bits in pieces:
        found.setdefault(piece[:START], []).append((piece, bits))
    return {start: tuple(those) for start, those in found.items()}
