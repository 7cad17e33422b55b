"""An append-only file of what happened on the embedded platform: one JSON object a line.

A process that is killed while it writes leaves half a line at the end. Nobody was told that it is there, so it is cut off when
the file is opened again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.errors import UsageError


class Journal:
    """`sync`: every line is on the disk before `append` returns."""

    def __init__(self, path: Path, *, sync: bool = False) -> None:
        self.path = path
        self._sync = sync
        try:
            _cut_half_a_line(path)
            # People's words are in it: for the owner's eyes only, like the database.
            self._file = open(path, "ab", buffering=0, opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115
        except OSError as error:
            raise UsageError(
                f"{path}: the journal can't be written ({error.strerror}). Check the folder and its rights."
            ) from error

    def append(self, entry: dict[str, Any]) -> None:
        """Write one entry. It is in the file, as a whole, when this returns."""
        self._file.write((json.dumps(entry, ensure_ascii=False) + "\n").encode())
        if self._sync:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file. Closing twice does nothing."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def read(path: Path) -> Iterator[dict[str, Any]]:
    """All entries of a journal, in order; none when there is no file. Raises UsageError, naming the line, for what isn't one."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            try:
                entry = json.loads(line)
            except ValueError as error:
                raise UsageError(
                    f"{path}, line {number}: this is no journal of realreply ({error}). Name another file."
                ) from error
            if not isinstance(entry, dict):
                raise UsageError(f"{path}, line {number}: this is no journal of realreply. Name another file.")
            yield entry


def _cut_half_a_line(path: Path) -> None:
    if not path.exists():
        return
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0:
            step = min(end, 4096)
            file.seek(end - step)
            found = file.read(step).rfind(b"\n")
            if found >= 0:
                file.truncate(end - step + found + 1)
                return
            end -= step
        file.truncate(0)
