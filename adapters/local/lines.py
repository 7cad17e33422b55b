"""Text made safe for a terminal, and broken into lines that fit.

Whatever people write is shown, never obeyed: control characters appear as their pictures, marks that turn the direction of text
and other invisible ones are taken out, and nothing is read as markup. Widths are counted on the safe side (a terminal may show
less than was counted, never more), because terminals disagree about joined emoji and characters newer than themselves.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from rich.style import Style
from rich.text import Text

Run = tuple[str, Style]
"""Safe text in one style."""

LEAST_WIDTH = 20
"""Columns below which nothing can be laid out."""

MOST_MARKS = 4
"""Combining marks kept on one letter: what real scripts need. A hundred of them paint over the lines above and below."""

_JOINERS = frozenset("\u200c\u200d")
"""Invisible, but Persian, the scripts of India and many emoji are spelt with them."""

_BREAKS = frozenset("\n\v\f\x85\u2028\u2029")
_EMOJI_FORM = "\ufe0f"
_UNKNOWN = "\ufffd"


def safe(text: str, *, lines: bool = False) -> str:
    """The text with nothing in it that a terminal obeys. With `lines`, line breaks stay as "\\n"; without, they are blanks."""
    kept: list[str] = []
    marks = 0
    for letter in text.replace("\r\n", "\n"):
        if " " <= letter <= "~":
            kept.append(letter)
            marks = 0
            continue
        kind = unicodedata.category(letter)
        if letter in _BREAKS:
            kept.append("\n" if lines else " ")
        elif letter == "\t" or kind == "Zs":
            kept.append(" ")
        elif kind == "Cc":
            kept.append(_picture(letter))
        elif kind == "Cs":
            # Half a pair can't be written out as UTF-8 at all.
            kept.append(_UNKNOWN)
        elif kind in ("Mn", "Me"):
            marks += 1
            if marks <= MOST_MARKS:
                kept.append(letter)
            continue
        elif kind != "Cf" or letter in _JOINERS:
            kept.append(letter)
        else:
            continue
        marks = 0
    return "".join(kept)


def _picture(letter: str) -> str:
    code = ord(letter)
    return "\u2421" if code == 0x7F else (chr(0x2400 + code) if code < 0x20 else _UNKNOWN)


def safe_url(url: str) -> str | None:
    """The address if it can be put into a terminal's link as it is, else None: plain ASCII without blanks, http or https."""
    plain = all("!" <= letter <= "~" for letter in url)
    return url if plain and url.startswith(("https://", "http://")) else None


def columns(text: str) -> int:
    """How many columns a terminal needs at most for safe text."""
    if text.isascii():
        return len(text)
    return sum(_columns(letter) for letter in text)


def _columns(letter: str) -> int:
    if letter == _EMOJI_FORM:
        return 1
    kind = unicodedata.category(letter)
    if kind in ("Mn", "Me", "Cf"):
        return 0
    # Characters Python doesn't know yet are most likely new emoji; private ones are whatever the font makes of them.
    return 2 if kind in ("Cn", "Co") or unicodedata.east_asian_width(letter) in ("W", "F") else 1


def wrap(runs: Sequence[Run], width: int, *, first: Text | None = None, rest: Text | None = None) -> list[Text]:
    """Break runs into lines of at most `width` columns: at line breaks, then between words, then inside words too long.

    `first` stands before the first line and `rest` before the others; both must be as wide as each other and leave room. Always
    gives at least one line.
    """
    first, rest = first or Text(), rest or Text()
    room = max(2, width - columns(rest.plain))
    lines: list[Text] = []
    line, used = first.copy(), 0
    for kind, piece in _pieces(runs):
        if kind == "break":
            lines.append(line)
            line, used = rest.copy(), 0
            continue
        needed = sum(columns(text) for text, _ in piece)
        if kind == "blank":
            # A blank that doesn't fit is where the line ends; one at the start of a continued line is dropped.
            if used and used + needed <= room:
                _append(line, piece)
                used += needed
            continue
        if used and used + needed > room:
            lines.append(line)
            line, used = rest.copy(), 0
        for text, style in piece:
            for part in _parts(text, room, used):
                if used + columns(part) > room:
                    lines.append(line)
                    line, used = rest.copy(), 0
                line.append(part, style)
                used += columns(part)
    lines.append(line)
    for finished in lines:
        finished.rstrip()
    return lines


def _append(line: Text, piece: Iterable[Run]) -> None:
    for text, style in piece:
        line.append(text, style)


def _pieces(runs: Sequence[Run]) -> Iterator[tuple[str, list[Run]]]:
    """("word" | "blank" | "break", runs): a word may change its style in the middle."""
    word: list[Run] = []
    for text, style in runs:
        start = 0
        for place, letter in enumerate(text):
            if letter not in " \n":
                continue
            if place > start:
                word.append((text[start:place], style))
            if word:
                yield "word", word
                word = []
            yield ("break", []) if letter == "\n" else ("blank", [(" ", style)])
            start = place + 1
        if start < len(text):
            word.append((text[start:], style))
    if word:
        yield "word", word


def _parts(text: str, room: int, used: int) -> Iterator[str]:
    """A word's text in parts that each fit: the first into what is left of the line, the others into a line of their own."""
    left, part, taken = room - used, "", 0
    for letter in text:
        wide = _columns(letter)
        if part and taken + wide > left:
            yield part
            left, part, taken = room, "", 0
        part += letter
        taken += wide
    if part:
        yield part
