r"""Which of many patterns can match a text at all? Told by the words they can't do without, before any of them is tried.

`\b(?:write|mail)(?:ing)? (?:us|support)\b` needs "write" or "mail", and "us" or "support": a text in which no word holds one of
the first, or none holds one of the second, spares the pattern. What a pattern needs is worked out from its text, so nothing has
to be listed by hand or kept in step. Where that can't be told the pattern is always tried: a prefilter may let through, never
withhold.

One look a word, remembered by word, says for all patterns at once what the text holds of their needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.language.scripts import MARKED

Need = frozenset[str]
"""Pieces of words, one of which any text that a pattern matches holds."""

MOST_NEEDS = 3
"""Needs of one pattern that are looked for: the rarest ones."""

START = 2
"""Letters by which pieces are found in a word."""

RARITY = 0.3
"""How much rarer a piece is for each letter more, roughly: only the order of needs depends on it."""

VOCABULARY = 20_000
"""Words remembered with what they hold; dropped as a whole when full."""

_PLAIN_WORD = re.compile(r"\w[\w'\-]*", re.ASCII)
_WORD = re.compile(rf"\w[\w'\-{MARKED}]*")
_PIECE = re.compile(rf"\w[\w{MARKED}]*")
_PLACE = re.compile(r"\{([a-z_.]+)\}")
_REPEATED = re.compile(r"(?:([*+?])|\{(\d*)(?:,\d*)?\})[?+]?")
_GROUP = re.compile(r"\((?:\?(?::|P<\w+>))?(?!\?)")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_CODE = re.compile(r"\\u([\da-f]{4})")


class UnknownNotation(Exception):
    """A notation that isn't known here: what the pattern needs can't be told."""


class Needs:
    """What patterns need, told from their texts. `texts` gives what stands for the name of a list in a pattern's text."""

    __slots__ = ("_known", "_texts")

    def __init__(self, texts: Callable[[str], Iterable[str]]) -> None:
        self._texts = texts
        self._known: dict[str, tuple[Need, ...]] = {}

    def of(self, pattern: str) -> tuple[Need, ...]:
        """What the text of a match must hold, each of these. None that can't be told, or are too little to tell anything."""
        try:
            needs, place = self._either(pattern, 0)
        except UnknownNotation:
            return ()
        return needs if place == len(pattern) else ()

    def any_of(self, patterns: Iterable[str]) -> tuple[Need, ...]:
        """What the text of a match of any of these patterns must hold."""
        return _any_of([self.of(pattern) for pattern in patterns])

    def _listed(self, name: str) -> tuple[Need, ...]:
        if name not in self._known:
            self._known[name] = self.any_of(self._texts(name))
        return self._known[name]

    def _either(self, pattern: str, place: int) -> tuple[tuple[Need, ...], int]:
        """The needs of what stands from a place on up to the end of its group, and that end."""
        ways: list[tuple[Need, ...]] = []
        while True:
            needs, place = self._sequence(pattern, place)
            ways.append(needs)
            if pattern[place : place + 1] != "|":
                return _any_of(ways), place
            place += 1

    def _sequence(self, pattern: str, place: int) -> tuple[tuple[Need, ...], int]:
        needs: list[Need] = []
        run: list[str] = []
        while place < len(pattern) and pattern[place] not in "|)":
            letter, inner, place = self._item(pattern, place)
            repeated = _REPEATED.match(pattern, place)
            if repeated is not None:
                place = repeated.end()
                sign, least = repeated.groups()
                if sign in ("*", "?") or (sign is None and not int(least or 0)):
                    letter, inner = None, ()
            if letter is not None:
                run.append(letter)
                if repeated is None:
                    continue
            needs += _pieces(run)
            needs += inner
            run = []
        return (*needs, *_pieces(run)), place

    def _item(self, pattern: str, place: int) -> tuple[str | None, tuple[Need, ...], int]:
        """One letter, or what a group needs, and where it ends."""
        sign = pattern[place]
        if sign == "\\":
            code = _CODE.match(pattern, place)
            if code is not None:
                return chr(int(code[1], 16)), (), code.end()
            escaped = pattern[place + 1 : place + 2]
            if escaped.isdigit() or escaped in ("x", "N", "U"):
                raise UnknownNotation
            return None if escaped.isalnum() else escaped, (), place + 2
        if sign == "[":
            found = _CLASS.match(pattern, place)
            if found is None:
                raise UnknownNotation
            return None, (), found.end()
        if sign == "(":
            return None, *self._group(pattern, place)
        if sign == "{":
            listed = _PLACE.match(pattern, place)
            if listed is None:
                raise UnknownNotation
            return None, self._listed(listed[1]), listed.end()
        return None if sign in ".^$" else sign, (), place + 1

    def _group(self, pattern: str, place: int) -> tuple[tuple[Need, ...], int]:
        begins = _GROUP.match(pattern, place)
        if begins is not None:
            needs, end = self._either(pattern, begins.end())
        elif pattern.startswith(("(?=", "(?!", "(?<=", "(?<!"), place):
            # What stands beside a match, or mustn't: no part of it.
            needs, end = (), self._either(pattern, place + (4 if pattern[place + 2] == "<" else 3))[1]
        else:
            raise UnknownNotation
        if pattern[end : end + 1] != ")":
            raise UnknownNotation
        return needs, end + 1


def _pieces(run: Sequence[str]) -> Iterator[Need]:
    """The needs of letters in a row: each piece of a word among them."""
    return (frozenset((piece,)) for piece in _PIECE.findall("".join(run)))


def _any_of(ways: Sequence[tuple[Need, ...]]) -> tuple[Need, ...]:
    """What all ways have in common: the rarest need of each, together; then the second rarest of each, and so on. Nothing where
    one of them needs nothing."""
    if len(ways) == 1:
        return ways[0]
    rarest = [sorted(needs, key=_commonness)[:MOST_NEEDS] for needs in ways]
    return tuple(frozenset[str]().union(*level) for level in zip(*rarest, strict=False))


def _commonness(need: Need) -> float:
    """About how often a text holds one of these pieces: for comparing only."""
    return sum(RARITY ** len(piece) for piece in need)


class Prefilter:
    """Some patterns by their needs, in their order."""

    __slots__ = ("_all", "_always", "_count", "_masks", "_pieces")

    def __init__(self, patterns: Sequence[tuple[Need, ...]]) -> None:
        self._count = len(patterns)
        self._all = (1 << self._count) - 1
        self._masks: dict[str, int] = {}
        pieces: dict[str, int] = {}
        always = 0
        for number, needs in enumerate(patterns):
            rarest = sorted(needs, key=_commonness)[:MOST_NEEDS]
            for level in range(MOST_NEEDS):
                bit = 1 << (level * self._count + number)
                if level < len(rarest):
                    for piece in rarest[level]:
                        pieces[piece] = pieces.get(piece, 0) | bit
                else:
                    always |= bit
        self._always = always
        """For each pattern and each of its needs one bit, which is up where it has no such need."""
        by_start: dict[str, list[tuple[str, int]]] = {}
        for piece, mask in pieces.items():
            by_start.setdefault(piece[:START], []).append((piece, mask))
        self._pieces = {start: tuple(found) for start, found in by_start.items()}

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
            found.append(lowest.bit_length() - 1)
            left ^= lowest
        return found

    def _learn(self, word: str) -> int:
        """What a word holds of the patterns' needs."""
        mask = 0
        find = self._pieces.get
        for place, letter in enumerate(word):
            for piece, bits in (*find(letter, ()), *find(word[place : place + START], ())):
                if word.startswith(piece, place):
                    mask |= bits
        if len(self._masks) >= VOCABULARY:
            self._masks.clear()
        self._masks[word] = mask
        return mask
