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

    __slots__ = ("_all", "_always", "_count", "_masks", "_whose")

    def __init__(self, patterns: Sequence[WaysToMatch]) -> None:
        self._whose = [number for number, ways in enumerate(patterns) for _ in ways]
        """For each way the pattern that it is one of."""
        self._count = len(self._whose)
        self._all = (1 << self._count) - 1
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
        self._masks = _Masks(pieces.items())

    def candidates(self, text: str) -> list[int]:
        """The places of the patterns that may match a text in lower case, in their order."""
        held = self._always
        words = (_PLAIN_WORD if text.isascii() else _WORD).findall(text)
        for mask in filter(None, map(self._masks.__getitem__, words)):  # most words hold nothing
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


class _Masks(dict[str, int]):
    """Word -> what it holds of the patterns' needs, told when it is first met."""

    def __init__(self, pieces: Iterable[tuple[str, int]]) -> None:
        super().__init__()
        told = tuple(pieces)
        self._pieces = _by_start(told)
        self._loose = _by_start((piece.strip(" "), bits) for piece, bits in told)
        """The same for words of which nobody can tell where they begin and end."""

    def __missing__(self, word: str) -> int:
        if word.isascii() or max(word) < FIRST_LOOSE:
            mask = _held(f" {word.translate(_INSIDE)} ", self._pieces)
        else:
            mask = _held(word, self._loose)
        if len(self) >= VOCABULARY:
            self.clear()
        self[word] = mask
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
