"""Reading JSON that may be damaged: whatever is complete is kept, and what was wrong is told.

A day file of an export is a list of objects. When it doesn't parse as a whole, every complete object before and after the
damage is rescued: after each failure the search resumes at the next place where an object of the list plausibly starts.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from adapters.slack_format.text import describe

_OBJECT_ON_A_LINE = re.compile(r"\n([ \t]*)\{")
_LATEST_FAILURE = 10_000
"""Failed attempts before a file is given up: keeps hostile files from costing minutes."""

_SHOWN = 60
"""Characters of a foreign encoding error or value shown at most."""

_decoder = json.JSONDecoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What was wrong with a file: `place` ("line 3 column 7", or "" for the whole file) and `what`."""

    place: str
    what: str


def decode(data: bytes) -> tuple[str, tuple[Remark, ...]]:
    """Bytes as text. UTF-8 is expected (RFC 8259, 8.1); UTF-16 and single-byte encodings are recognised and remarked."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode_wide(data, "utf-16")
    if data.startswith(b"\xef\xbb\xbf"):
        text, remarks = decode(data[3:])
        return text, (Remark(place="", what="starts with a byte order mark, which JSON doesn't allow; it was left out"), *remarks)
    head = data[:64]
    if len(head) >= 4 and head.count(0) * 3 >= len(head):
        # A JSON file starts with ASCII, so in UTF-16 without a mark every other byte is zero: which half tells the order.
        return _decode_wide(data, "utf-16-le" if head[1] == 0 else "utf-16-be")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        place = f"line {data.count(10, 0, error.start) + 1}"
        return _decode_odd(data, place)


def _decode_wide(data: bytes, encoding: str) -> tuple[str, tuple[Remark, ...]]:
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    return text, (Remark(place="", what="is written in UTF-16 where UTF-8 is expected; it was read as UTF-16"),)


def _decode_odd(data: bytes, place: str) -> tuple[str, tuple[Remark, ...]]:
    """Not UTF-8. Mostly UTF-8 with a few damaged bytes keeps its other letters; otherwise it is a Western single-byte file."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    sound = sum(1 for letter in text if letter > "\x7f") - broken
    if sound * 4 >= broken:
        return text, (Remark(place=place, what=f"has bytes that aren't UTF-8; {broken} unreadable letters were replaced"),)
    text = data.decode("cp1252", errors="replace")
    return text, (Remark(place=place, what="isn't UTF-8; it was read as Windows-1252 (Latin-1), so some letters may be wrong"),)


def read_list(data: bytes, thing: str) -> tuple[list[object], tuple[Remark, ...]]:
    """The entries of a file that should hold a JSON list, and what was wrong with it. `thing` names an entry ("message")."""
    if not data.strip(b" \t\r\n\x00"):
        return [], (Remark(place="", what=f"is empty; a list of {thing}s was expected"),)
    text, remarks = decode(data)
    try:
        value: object = json.loads(text)
    except RecursionError:
        entries, spots = rescue(text)
        return entries, (*remarks, Remark(place="", what=_damage("nested too deeply", len(entries), spots, thing)))
    except json.JSONDecodeError as error:
        entries, spots = rescue(text)
        where = f"line {error.lineno} column {error.colno}"
        return entries, (*remarks, Remark(place=where, what=_damage(error.msg, len(entries), spots, thing)))
    except ValueError as error:  # a number of thousands of digits
        entries, spots = rescue(text)
        return entries, (*remarks, Remark(place="", what=_damage(str(error)[:_SHOWN], len(entries), spots, thing)))
    if type(value) is list:
        return value, remarks
    return _unwrap(value, thing, remarks)


def _damage(reason: str, rescued: int, spots: int, thing: str) -> str:
    saved = f"1 complete {thing} was" if rescued == 1 else f"{rescued} complete {thing}s were"
    where = "" if spots <= 1 else f" (the first of {spots} damaged places)"
    return f"broken JSON, {reason}{where}; {saved} rescued"


def _unwrap(value: object, thing: str, remarks: tuple[Remark, ...]) -> tuple[list[object], tuple[Remark, ...]]:
    """A file that holds something else than a list: a list inside an object, or one entry by itself, is still used."""
    what = f"holds {describe(value)} where a list of {thing}s was expected"
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, list) and inner and all(isinstance(entry, dict) for entry in inner) and "ts" not in value:
                return inner, (*remarks, Remark(place="", what=f"{what}; the list under {key[:_SHOWN]!r} was read instead"))
        if "ts" in value or "id" in value:
            return [value], (*remarks, Remark(place="", what=f"{what}; it was read as one {thing}"))
    return [], (*remarks, Remark(place="", what=f"{what}; it was skipped"))


def rescue(text: str) -> tuple[list[object], int]:
    """All complete objects of a damaged list, in order, and the number of damaged places."""
    indent = min((match.group(1) for match in _OBJECT_ON_A_LINE.finditer(text)), key=len, default=None)
    opening = None if indent is None else f"\n{indent}{{"
    found: list[object] = []
    place = spots = failures = 0
    certain = True  # whether the next brace must be an entry of the list: nothing but separators came since the last one
    while failures < _LATEST_FAILURE:
        start = text.find("{", place)
        if start < 0:
            break
        between = text[place:start]
        certain = certain and '"' not in between
        aligned = opening is not None and text.startswith(opening, start - len(opening) + 1) and start >= len(opening) - 1
        if not (certain or _may_start(text, start)):
            place = start + 1
            continue
        try:
            value, end = _decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            spots += certain
            failures += 1
            place, certain = start + 1, False
            continue
        if value and (certain or aligned or _is_entry(value)):  # an empty pair of braces is some text's, never a message
            found.append(value)
            place, certain = end, True
        else:
            place = start + 1
    return found, max(spots, 1)


def _may_start(text: str, start: int) -> bool:
    """Whether a brace could open an entry of the list rather than the value of a key."""
    before = start - 1
    while before >= 0 and text[before] in " \t\r\n":
        before -= 1
    return before < 0 or text[before] != ":"


def _is_entry(value: object) -> bool:
    """Whether an object found inside damage is a message, and not a part of one (an attachment, a reaction, an edit)."""
    if not isinstance(value, dict):
        return False
    if "ts" in value:
        return value.get("type") == "message" or ("user" in value and "text" in value)
    return "id" in value and "name" in value and ("profile" in value or "members" in value or "created" in value)
