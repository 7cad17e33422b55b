"""Letters that are fit to be kept and shown, whatever platform they come from."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control characters, marks that turn the direction of text, and lone surrogates, which no database takes."""


def _harmless(match: re.Match[str]) -> str:
    letter = match[0]
    if letter in "\u2028\u2029\x85":
        return "\n"
    if letter < "\xa0":
        return "" if letter == "\r" else " "
    return "\ufffd" if "\ud800" <= letter <= "\udfff" else ""


def clean(text: str) -> str:
    """Text without control characters, direction marks and broken letters. Line breaks and tabs stay."""
    return text if text.isprintable() else _UNSAFE.sub(_harmless, text)


def on_one_line(name: str, most: int) -> str:
    """A name fit to be shown on one line, of `most` letters at most; "" when nothing is left of it."""
    if not name.isprintable():
        name = "".join(letter if letter.isprintable() else " " for letter in clean(name))
    return " ".join(name.split())[:most].strip()
