"""The spelling in which times and promises are looked for: lower case, without accents, with straight apostrophes
and ASCII digits."""

from __future__ import annotations

import unicodedata

_ALPHABETS = 0x250
"""Code points below which letters of the Latin alphabets lie."""

_KANA = range(0x3040, 0x3100)
"""Letters whose marks aren't accents: without them they are others."""

_FULL_WIDTH = (0xFF01, 0xFF5E)
"""The ASCII characters as wide as ideographs."""

_SPACES = (0xA0, 0x2009, 0x202F, 0x3000)


class _Folding(dict[int, str]):
    """Character -> folded character, worked out when first met; for `str.translate`."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        lowered = char.lower()
        folded = lowered if code in _KANA else unicodedata.normalize("NFD", lowered)[0] if len(lowered) == 1 else lowered[0]
        if not folded.isascii():
            if folded.isdecimal():
                folded = str(unicodedata.decimal(folded))
            elif _FULL_WIDTH[0] <= ord(folded) <= _FULL_WIDTH[1]:
                folded = unicodedata.normalize("NFKC", folded)
        if code < _ALPHABETS:  # remember letters, not everything that a hostile text may hold
            self[code] = folded
        return folded


_folding = _Folding(
    {ord(quote): "'" for quote in "\u2019\u2018\u02bc\u00b4"} | {0xA0: " ", 0x2009: " ", 0x202F: " ", 0x3000: " "}
)


def fold(text: str) -> str:
    """A text folded character by character, so that places stay true."""
    return text.lower() if text.isascii() else text.translate(_folding)


def fold_pattern(pattern: str) -> str:
    r"""A piece of a regular expression folded: its accents only, because \s and \S differ."""
    return "".join(char if char.isascii() else fold(char) for char in pattern)
