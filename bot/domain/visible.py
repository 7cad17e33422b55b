"""Text as it is shown, wherever that is: cleaned of what can't be seen, and shortened between whole characters. Pure.

Platforms count characters in more than one way; here they are counted as UTF-16 units, which is never less than any of them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable

MOST_READ = 4_000
"""Characters of any text that are looked at: no text on a platform may be longer than that, and the work stays bounded."""

MOST_MARKS = 4
"""Combining marks kept on one letter: what real scripts need. A hundred of them paint over the lines above and below."""

_LONGEST_CLUSTER = 40
"""Code points that are kept together at a cut. The longest emoji that means anything has ten; chains without end are hostile."""

_JOINERS = frozenset("\u200c\u200d")
"""Invisible, but Persian, the scripts of India and many emoji are spelt with them."""

_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")
_UNSEEN = frozenset("\u200c\u200d\ufe0e\ufe0f\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""What leaves nothing to see when it stands alone."""

_ODD = re.compile(r"[^ -~]+")
_BLANK_LINES = re.compile(r"\n\s*\n")
_LOOKS_LIKE_URL = re.compile(r"[a-z][a-z0-9+.-]*://|www\.", re.IGNORECASE)


def clean(text: str, *, lines: bool = False) -> str:
    """The text without what can't be seen: control characters, marks that turn the direction of text, halves of pairs.

    With `lines`, line breaks stay as "\\n" (never more than one blank line); without, they are blanks. Blanks at either end stay.
    """
    if len(text) > MOST_READ:
        text = text[:MOST_READ] + "…"
    if text.isascii() and text.isprintable():
        return text
    text = _ODD.sub(_seen, text.replace("\r\n", "\n"))
    return _BLANK_LINES.sub("\n\n", text) if lines else text.replace("\n", " ")


def _seen(found: re.Match[str]) -> str:
    """What is seen of a run of characters that aren't plain ASCII."""
    if found[0].isalnum():
        return found[0]
    kept: list[str] = []
    marks = 0
    for letter in found[0]:
        kind = unicodedata.category(letter)
        if kind in ("Mn", "Me"):
            marks += 1
            if marks <= MOST_MARKS:
                kept.append(letter)
            continue
        marks = 0
        if letter in _BREAKS:
            kept.append("\n")
        elif letter == "\t" or kind == "Zs":
            kept.append(" ")
        elif kind == "Cs":
            # Half a pair can't be written out as UTF-8, and the platform refuses the whole message.
            kept.append("\ufffd")
        elif kind not in ("Cc", "Cf") or letter in _JOINERS:
            kept.append(letter)
    return "".join(kept)


def is_blank(text: str) -> bool:
    """Whether there is nothing to see: platforms refuse empty texts."""
    return all(letter.isspace() or letter in _UNSEEN for letter in text)


def units(text: str) -> int:
    """How long a text is at most, however it is counted."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, limit: int, *, size: Callable[[str], int] = units) -> str:
    """At most `limit` units of clean text, cut between words where there are any, with "…" for what is left out.

    Nothing that is seen as one character is cut in two: accents, joined emoji, flags. `size` measures what goes out.
    """
    if len(text) <= limit and size(text) <= limit:
        return text
    # One place is kept for the "…". A text never measures less than it has code points.
    longest = bisect_right(range(min(len(text), limit)), limit - 1, key=lambda end: size(text[:end])) - 1
    cut = text[: _between(text, longest)]
    space = max(cut.rfind(" "), cut.rfind("\n"))
    if not text[len(cut)].isspace() and space >= len(cut) // 2:
        cut = cut[:space]
    return cut.rstrip(" \n,;:-") + "…"


def _between(text: str, end: int) -> int:
    """The last place at or before `end` that lies between two characters as people see them."""
    for place in range(end, max(-1, end - _LONGEST_CLUSTER), -1):
        if place == 0 or not _goes_on(text, place):
            return place
    return end


def _goes_on(text: str, place: int) -> bool:
    """Whether what stands at `place` belongs to the character before it."""
    letter = text[place]
    if letter == "\u200d" or text[place - 1] == "\u200d" or unicodedata.category(letter) in ("Mn", "Me", "Mc"):
        return True
    if "\U0001f3fb" <= letter <= "\U0001f3ff" or "\u1160" <= letter <= "\u11ff":
        return True
    if not _is_flag(letter):
        return False
    before = place
    while before > 0 and place - before < _LONGEST_CLUSTER and _is_flag(text[before - 1]):
        before -= 1
    return (place - before) % 2 == 1


def _is_flag(letter: str) -> bool:
    """Two of these make a flag."""
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def is_false_label(label: str, url: str) -> bool:
    """Whether a label shows another address than the link has."""
    return _LOOKS_LIKE_URL.search(label) is not None and label.strip() != url
