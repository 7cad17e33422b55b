"""One big JSON object with a list of messages in it, read piece by piece: memory holds a message, not the file.

What is damaged is told, and reading goes on at the next message.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from adapters.archives.tolerant_json import Remark
from adapters.slack_format.text import describe

_PIECE: Final = 1 << 16
"""Bytes read at a time."""

_LARGEST: Final = 64 * 1024 * 1024
"""Letters of one message at most. One with thousands of reactions, each with who put it, has some millions."""

_NEAR: Final = 64
"""An error so near to the end of what was read may be there only because the rest is missing as yet."""

_MESSAGE: Final = re.compile(r'\{\s*"id"\s*:\s*"[^"]*"\s*,\s*"type"\s*:')
"""How a message begins, and nothing inside of one."""

_MESSAGES: Final = re.compile(r'"messages"\s*:\s*(?=\[)')

_decoder = json.JSONDecoder()


class _Pieces:
    """The text of a file, as far as it was read. `place` is where reading stands in `text`."""

    def __init__(self, file: BinaryIO, tell: Callable[[Remark], None]) -> None:
        self._file = file
        self._tell = tell
        self._decoder: codecs.IncrementalDecoder | None = None
        self.text = ""
        self.place = 0
        self.ended = False

    def fill(self, most: int = _PIECE) -> bool:
        """Read on; False at the end of the file."""
        if self.ended:
            return False
        try:
            data = self._file.read(most)
        except Exception as error:  # a damaged zip makes zlib, bz2, lzma and zipfile raise errors of their own
            self._tell(Remark(place="", what=f"can't be read to its end ({error}); what came before was read"))
            data = b""
        self.ended = not data
        self.text = self.text[self.place :] + self._decoded(data)
        self.place = 0
        return not self.ended

    def _decoded(self, data: bytes) -> str:
        if self._decoder is None:
            self._decoder = codecs.getincrementaldecoder(self._encoding(data))()
        try:
            return self._decoder.decode(data, not data)
        except UnicodeDecodeError:
            self._tell(Remark(place="", what="has bytes that aren't UTF-8; unreadable letters were replaced"))
            strict, self._decoder = self._decoder, codecs.getincrementaldecoder("utf-8")("replace")
            self._decoder.setstate(strict.getstate())
            return self._decoder.decode(data, not data)

    def _encoding(self, data: bytes) -> str:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:64].count(0) * 3 >= max(len(data[:64]), 4):
            self._tell(Remark(place="", what="is written in UTF-16 where UTF-8 is expected; it was read as UTF-16"))
            return "utf-16" if data[0] > 0x7F else "utf-16-le" if data[1] == 0 else "utf-16-be"
        return "utf-8-sig"

    def peek(self) -> str:
        """The next letter that is no blank; "" at the end."""
        while True:
            while self.place < len(self.text):
                if self.text[self.place] not in " \t\r\n":
                    return self.text[self.place]
                self.place += 1
            if not self.fill():
                return self.text[self.place : self.place + 1]

    def value(self) -> object:
        """The JSON value that stands next. Raises ValueError where there is none."""
        self.peek()
        while True:
            try:
                found: object
                found, end = _decoder.raw_decode(self.text, self.place)
            except json.JSONDecodeError as error:
                unfinished = error.pos >= len(self.text) - _NEAR or error.msg.startswith("Unterminated string")
                if (
                    not unfinished
                    or len(self.text) - self.place > _LARGEST
                    or not self.fill(max(_PIECE, len(self.text) - self.place))
                ):
                    raise
                continue
            except RecursionError as error:
                raise ValueError("nested too deeply") from error
            if end == len(self.text) and self.fill():
                continue  # a number may go on
            self.place = end
            return found

    def seek(self, wanted: re.Pattern[str], start: int) -> re.Match[str] | None:
        """Go on to where something like this stands, from `start` letters further on; None where it doesn't come any more."""
        self.place = min(self.place + start, len(self.text))
        while True:
            match = wanted.search(self.text, self.place)
            if match is not None:
                self.place = match.start()
                return match
            self.place = max(self.place, len(self.text) - 300)
            if not self.fill():
                return None


def read_messages(
    file: BinaryIO, *, head: Callable[[dict[str, object]], None], tell: Callable[[Remark], None]
) -> Iterator[tuple[int, object]]:
    """The messages of a file, with their numbers. `head` gets what stands before them."""
    text = _Pieces(file, tell)
    fields: dict[str, object] = {}
    if not _find_list(text, fields, tell):
        head(fields)
        tell(Remark(place="", what="holds no list of messages; it was skipped"))
        return
    head(fields)
    text.place += 1
    number = 0
    while (letter := text.peek()) not in ("]", ""):
        if letter == ",":
            text.place += 1
            continue
        number += 1
        try:
            yield number, text.value()
        except ValueError as error:
            says = error.msg if isinstance(error, json.JSONDecodeError) else str(error)[:60]
            if text.ended and text.seek(_MESSAGE, 1) is None:
                tell(
                    Remark(place=f"message {number}", what=f"is cut off ({says}), and so is the file; those before it were read")
                )
                return
            tell(Remark(place=f"message {number}", what=f"is broken JSON ({says}); it was skipped"))
            if not text.ended and text.seek(_MESSAGE, 1) is None:
                return
    if letter == "":
        tell(Remark(place=f"message {number}", what="is the last in a file without an end: the export was cut off"))


def _find_list(text: _Pieces, fields: dict[str, object], tell: Callable[[Remark], None]) -> bool:
    """Read what stands before the list of messages, and stop at its bracket."""
    if text.peek() != "{":
        tell(Remark(place="", what="is empty" if text.peek() == "" else "holds no object, which an export of a channel is"))
        return False
    text.place += 1
    try:
        while (letter := text.peek()) not in ("}", ""):
            if letter == ",":
                text.place += 1
                continue
            key = text.value()
            if not isinstance(key, str) or text.peek() != ":":
                raise ValueError(f"{describe(key)} where a key was expected")
            text.place += 1
            if key == "messages" and text.peek() == "[":
                return True
            fields[key] = text.value()
    except ValueError as error:
        tell(Remark(place="", what=f"begins with broken JSON ({str(error)[:60]}); its messages were looked for"))
        found = text.seek(_MESSAGES, 0)
        if found is not None:
            text.place = found.end()
            return True
    return False
