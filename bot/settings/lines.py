"""Where in a TOML text each value stands: its key path and line.

The standard library's parser gives values without places. This walks over a text that it has accepted already, so it
only has to tell tokens apart, never to judge them. Grammar: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

Path = tuple[str | int, ...]
"""Keys and list positions from the top of the document: ("members", 1, "slack")."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_VALUE = re.compile(r"[^,\]}#\n]*")  # numbers, booleans, dates ("1979-05-27 07:32:00" has a space inside)
_STRINGS = (
    # Three quotes come before one; a closing run may hold up to two quotes that belong to the text.
    ('"""', re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}', re.DOTALL)),
    ("'''", re.compile(r"'''(?:[^']|'(?!''))*'{3,5}", re.DOTALL)),
    ('"', re.compile(r'"(?:[^"\\\n]|\\.)*"')),
    ("'", re.compile(r"'[^'\n]*'")),
)


class Places:
    """Lines of the values of one document, counted from 1."""

    def __init__(self, lines: dict[Path, int]) -> None:
        self._lines = lines

    def __iter__(self) -> Iterator[Path]:
        return iter(self._lines)

    def line(self, path: Path) -> int:
        """The line on which the value at `path` begins, else the line of the nearest thing around it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def locate(text: str) -> Places:
    """The places of all tables, keys and list entries of a TOML text which `tomllib` has read without complaint.

    A dotted key or header places every table it names, where it is named first. Raises RecursionError for values nested
    deeper than the interpreter's stack.
    """
    return Places(_Walk(text).document())


class _Walk:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._counted = 0  # up to where line ends are counted
        self._lines: dict[Path, int] = {}
        self._entries: dict[Path, int] = {}  # arrays of tables: how many [[headers]] so far

    def document(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip(_BLANK) < len(self._text):
            if self._text.startswith("[[", self._at):
                table = self._header(2)
            elif self._text[self._at] == "[":
                table = self._header(1)
            else:
                self._pair(table)
        return self._lines

    def _header(self, brackets: int) -> Path:
        line = self._here()
        self._at += brackets
        *outer, last = self._key()
        self._at += brackets
        path: Path = ()
        for part in outer:
            path = self._inside((*path, part), line)
        path = (*path, last)
        if brackets == 1:
            # The header is where people look for a table, even if a deeper header named it before.
            self._lines[path] = line
            return path
        self._lines.setdefault(path, line)
        self._entries[path] = self._entries.get(path, 0) + 1
        return self._inside(path, line)

    def _inside(self, path: Path, line: int) -> Path:
        """The path of the table that `path` means in a header: of an array of tables, the entry begun last."""
        self._lines.setdefault(path, line)
        if path in self._entries:
            path = (*path, self._entries[path] - 1)
            self._lines.setdefault(path, line)
        return path

    def _pair(self, table: Path) -> None:
        line = self._here()
        path = table
        for part in self._key():
            path = (*path, part)
            self._lines.setdefault(path, line)
        self._skip(_SPACE)
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip(_SPACE)
            bare = _BARE_KEY.match(self._text, self._at)
            if bare is not None:
                parts.append(bare[0])
                self._at = bare.end()
            else:
                parts.append(self._quoted())
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return parts
            self._at += 1

    def _quoted(self) -> str:
        start = self._at
        self._string()
        body = self._text[start + 1 : self._at - 1]
        if self._text[start] == "'":
            return body
        # The escapes of a TOML key are JSON's and \UXXXXXXXX; a raw tab is allowed here and not there.
        return str(json.loads(f'"{_LONG_ESCAPE.sub(_unescape, body)}"', strict=False))

    def _string(self) -> bool:
        """Step over a string, if one begins here."""
        for opening, pattern in _STRINGS:
            if self._text.startswith(opening, self._at):
                found = pattern.match(self._text, self._at)
                if found is None:
                    raise ValueError(f"line {self._here()}: a string that doesn't end")
                self._at = found.end()
                return True
        return False

    def _value(self, path: Path) -> None:
        first = self._text[self._at : self._at + 1]
        if first == "[":
            self._list(path)
        elif first == "{":
            self._inline_table(path)
        elif not self._string():
            self._skip(_PLAIN_VALUE)

    def _list(self, path: Path) -> None:
        self._at += 1
        index = 0
        while self._text[self._skip(_BLANK)] != "]":
            self._lines[(*path, index)] = self._here()
            self._value((*path, index))
            index += 1
            if self._text[self._skip(_BLANK)] == ",":
                self._at += 1
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._text[self._skip(_BLANK)] != "}":
            self._pair(path)
            if self._text[self._skip(_BLANK)] == ",":
                self._at += 1
        self._at += 1

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return self._at

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line


_LONG_ESCAPE = re.compile(r"\\U([0-9A-Fa-f]{8})|\\(.)", re.DOTALL)


def _unescape(found: re.Match[str]) -> str:
    return json.dumps(chr(int(found[1], 16)))[1:-1] if found[1] else found[0]
