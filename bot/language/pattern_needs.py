r"""What a text must hold for a regular expression to match it: pieces of words, told from the pattern's own text.

`\b(?:write|mail)(?:ing)? (?:us|support)\b` needs a word that begins with "write" or "mail", and the whole word "us" or "support".
Nothing has to be listed by hand or kept in step. What can't be told is left out: a need may say too little, never too much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.language.scripts import MARKED

Need = frozenset[str]
"""Pieces of words, one of which any text that a pattern matches holds. A space before or after a piece: there the word begins or
ends."""

WaysToMatch = tuple[tuple[Need, ...], ...]
"""What a pattern needs: all needs of one of these ways. A way without needs: nothing can be told."""

MOST_NEEDS = 3
"""Needs of one way that are looked for: the rarest ones."""

MOST_WAYS = 12
"""Alternatives of a pattern that are told apart; of more, what they have in common is looked for."""

RARITY = 0.3
"""How much rarer a piece is for each letter more, roughly: only the order of needs depends on it."""

FIRST_LOOSE = "\u0900"
"""From this character on lie the scripts in which a word's edges can't be told."""

_UNTOLD: WaysToMatch = ((),)
_PIECE = re.compile(rf"\w[\w{MARKED}]*")
_PLACE = re.compile(r"\{([a-z_.]+)\}")
_REPEATS = ("*", "+", "?", "{")
_REPEATED = re.compile(r"(?:([*+?])|\{(\d*)(,\d*)?\})[?+]?")
_GROUP = re.compile(r"\((?:\?(?::|P<\w+>))?(?!\?)")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_NO_LETTERS = re.compile(r"\[-?(?:\\[sW\-.,;:!?/()\[\]+*]|[\s.,;:!?/()+*…])+-?\]")
_CODE = re.compile(r"\\u([\da-f]{4})")

_LITERAL = re.compile(r"[^\\\[\](){}.^$|*+?]+")

_LETTERS, _EDGE, _LOOK, _GAP, _ANY, _GROUPED = range(6)
"""Kinds of parts: characters as they are; a place where a word begins or ends; a look aside, which takes no character; a
character that is no letter; one or none of any kind; a group of alternatives."""


class UnknownNotation(Exception):
    """A notation that isn't known here: what the pattern needs can't be told."""


class _Part(NamedTuple):
    """A part of a pattern. `least`: how often it must occur; `again`: whether it may more than once."""

    kind: int
    letters: str = ""
    ways: tuple[tuple[_Part, ...], ...] = ()
    least: int = 1
    again: bool = False


class Needs:
    """What patterns need, told from their texts. `texts` gives what stands for the name of a list in a pattern's text."""

    __slots__ = ("_lists", "_texts")

    def __init__(self, texts: Callable[[str], Iterable[str]]) -> None:
        self._texts = texts
        self._lists: dict[str, _Part] = {}

    def of(self, pattern: str) -> WaysToMatch:
        """What the text of a match must hold, by each way in which it may come about."""
        try:
            parsed = self._parsed(pattern)
        except UnknownNotation:
            return _UNTOLD
        found = tuple(tuple(_needs(way, left, right)) for way, left, right in _opened(parsed))
        return found if len(found) <= MOST_WAYS else (_any_of(found),)

    def _parsed(self, pattern: str) -> tuple[tuple[_Part, ...], ...]:
        ways, place = self._either(pattern, 0)
        if place != len(pattern):
            raise UnknownNotation
        return ways

    def _listed(self, name: str) -> _Part:
        if name not in self._lists:
            ways: list[tuple[_Part, ...]] = []
            for text in self._texts(name):
                try:
                    ways += self._parsed(text)
                except UnknownNotation:
                    ways.append((_Part(_ANY),))
            self._lists[name] = _Part(_GROUPED, ways=tuple(ways))
        return self._lists[name]

    def _either(self, pattern: str, place: int) -> tuple[tuple[tuple[_Part, ...], ...], int]:
        """The alternatives that stand from a place on up to the end of their group, and that end."""
        ways: list[tuple[_Part, ...]] = []
        while True:
            parts, place = self._sequence(pattern, place)
            ways.append(parts)
            if pattern[place : place + 1] != "|":
                return tuple(ways), place
            place += 1

    def _sequence(self, pattern: str, place: int) -> tuple[tuple[_Part, ...], int]:
        parts: list[_Part] = []
        while place < len(pattern) and pattern[place] not in "|)":
            literal = _LITERAL.match(pattern, place)
            if literal is not None:
                place = literal.end()
                letters = literal[0]
                if len(letters) > 1 and pattern[place : place + 1] in _REPEATS:
                    # What follows repeats the last one only.
                    parts.append(_Part(_LETTERS, letters[:-1]))
                    letters = letters[-1]
                part = _Part(_LETTERS, letters)
            else:
                part, place = self._part(pattern, place)
            repeated = _REPEATED.match(pattern, place)
            if repeated is not None:
                place = repeated.end()
                sign, least, _ = repeated.groups()
                fewest = 0 if sign in ("*", "?") else 1 if sign == "+" else int(least or 0)
                part = _Part(part.kind, part.letters, part.ways, min(fewest, part.least), sign != "?")
            parts.append(part)
        return tuple(parts), place

    def _part(self, pattern: str, place: int) -> tuple[_Part, int]:
        """The part that begins at a place, and where it ends."""
        sign = pattern[place]
        if sign == "\\":
            return _escaped(pattern, place)
        if sign == "[":
            found = _CLASS.match(pattern, place)
            if found is None:
                raise UnknownNotation
            return _Part(_GAP if _NO_LETTERS.fullmatch(found[0]) is not None else _ANY), found.end()
        if sign == "(":
            return self._group(pattern, place)
        if sign == "{":
            listed = _PLACE.match(pattern, place)
            if listed is None:
                raise UnknownNotation
            return self._listed(listed[1]), listed.end()
        return _Part(_EDGE if sign in "^$" else _ANY if sign == "." else _LETTERS, sign), place + 1

    def _group(self, pattern: str, place: int) -> tuple[_Part, int]:
        begins = _GROUP.match(pattern, place)
        if begins is not None:
            ways, end = self._either(pattern, begins.end())
            part = _Part(_GROUPED, ways=ways)
        elif pattern.startswith(("(?=", "(?!", "(?<=", "(?<!"), place):
            # What stands beside a match, or mustn't: no part of it.
            end = self._either(pattern, place + (4 if pattern[place + 2] == "<" else 3))[1]
            part = _Part(_LOOK)
        else:
            raise UnknownNotation
        if pattern[end : end + 1] != ")":
            raise UnknownNotation
        return part, end + 1


def _escaped(pattern: str, place: int) -> tuple[_Part, int]:
    code = _CODE.match(pattern, place)
    if code is not None:
        return _Part(_LETTERS, chr(int(code[1], 16))), code.end()
    escaped = pattern[place + 1 : place + 2]
    if not escaped or escaped.isdigit() or escaped in ("x", "N", "U"):
        raise UnknownNotation
    if not escaped.isalnum():
        return _Part(_LETTERS, escaped), place + 2
    kind = _EDGE if escaped in "bAZ" else _GAP if escaped in "sW" else _LOOK if escaped == "B" else _ANY
    return _Part(kind), place + 2


def _opened(ways: Sequence[tuple[_Part, ...]]) -> Iterator[tuple[tuple[_Part, ...], bool, bool]]:
    """The alternatives of a pattern, those of a group that is the whole of one among them, each with whether a word surely
    begins before and ends after it."""
    for parts in ways:
        grouped = [part for part in parts if part.kind not in (_EDGE, _LOOK)]
        if len(grouped) == 1 and grouped[0].kind == _GROUPED and grouped[0].least and not grouped[0].again:
            place = parts.index(grouped[0])
            left, right = _after(parts[:place], False), _before(parts[place + 1 :], False)
            yield from ((way, left, right) for way in grouped[0].ways)
        else:
            yield parts, False, False


def _needs(parts: Sequence[_Part], left: bool, right: bool) -> Iterator[Need]:
    """The needs of parts in a row; whether a word surely begins before and ends after them."""
    if len(parts) == 1 and parts[0].kind == _LETTERS and parts[0].least and not parts[0].again:
        yield from _pieces(parts[0].letters, left, right)  # as most alternatives are
        return
    run: list[str] = []
    begins = ends = False
    rights = [right]
    for part in reversed(parts[1:]):
        rights.append(_begun(part, rights[-1]))
    for part, after in zip(parts, reversed(rights), strict=True) if parts else ():
        if part.kind == _LETTERS and part.least:
            begins = begins if run else left
            run.append(part.letters)
            ends = after and not part.again
        if run and (part.kind != _LETTERS or not part.least or part.again):
            # (Where a letter may be left out, or a part follows, the run's end was told when its last letter was met.)
            yield from _pieces("".join(run), begins, ends)
            run.clear()
        if part.kind == _GROUPED and part.least:
            inner_left = left and (not part.again or _ended(part, False))
            inner_right = after and (not part.again or _begun(part, False))
            yield from _any_of([tuple(_needs(way, inner_left, inner_right)) for way in part.ways])
        left = _ended(part, left)
    if run:
        yield from _pieces("".join(run), begins, ends)


def _after(parts: Iterable[_Part], edge: bool) -> bool:
    """Whether no letter surely stands right before the place after these parts. `edge`: whether that holds before them."""
    for part in parts:
        edge = _ended(part, edge)
    return edge


def _before(parts: Sequence[_Part], edge: bool) -> bool:
    """Whether no letter surely stands right after the place before these parts."""
    for part in reversed(parts):
        edge = _begun(part, edge)
    return edge


def _ended(part: _Part, edge: bool) -> bool:
    return _bounded(part, edge, -1, _after)


def _begun(part: _Part, edge: bool) -> bool:
    return _bounded(part, edge, 0, _before)


def _bounded(part: _Part, edge: bool, side: int, beside: Callable[[Sequence[_Part], bool], bool]) -> bool:
    kind = part.kind
    if kind == _LETTERS:
        letter = part.letters[side]
        found = letter < FIRST_LOOSE and not (letter.isalnum() or letter == "_")
    elif kind == _LOOK:
        return edge
    elif kind == _GROUPED:
        found = all(beside(way, edge and not part.again) for way in part.ways)
    else:
        found = kind in (_EDGE, _GAP)
    return found and (edge or part.least > 0)


def _pieces(run: str, begins: bool, ends: bool) -> Iterator[Need]:
    """The needs of characters in a row: each piece of a word among them."""
    for found in _PIECE.finditer(run):
        piece = found[0]
        if piece < FIRST_LOOSE:
            before = " " if begins or found.start() else ""
            piece = f"{before}{piece} " if ends or found.end() < len(run) else before + piece
        yield frozenset((piece,))


def _any_of(ways: Sequence[tuple[Need, ...]]) -> tuple[Need, ...]:
    """What all ways have in common: the rarest need of each, together; then the second rarest of each, and so on. Nothing where
    one of them needs nothing."""
    if len(ways) == 1:
        return ways[0]
    levels = zip(*map(rarest, ways), strict=False)
    return tuple(frozenset[str]().union(*level) for level in levels)


def rarest(needs: Iterable[Need]) -> list[Need]:
    """The needs that the fewest texts meet."""
    return sorted(needs, key=_commonness)[:MOST_NEEDS]


def _commonness(need: Need) -> float:
    """About how often a text holds one of these pieces: for comparing only."""
    return sum(RARITY ** len(piece) for piece in need)
