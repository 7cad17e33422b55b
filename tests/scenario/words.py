"""What people said, looked for in raw bytes: in the database, its -wal and -shm, copies, and whatever else lies beside them.

Three words in a row are a trace; fewer may stand there by themselves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

from tests.storage.sqlite.rows import rows_of

TOGETHER = 3
"""Words in a row that are looked for."""

SHORTEST = 12
"""Letters of a trace: a shorter one may be chance."""

OF_WHO_WAITS = "SELECT text FROM texts JOIN waits ON waits.no = texts.wait WHERE waits.state = 'waiting'"


def traces(text: str) -> Iterator[str]:
    """What of a text must not be found."""
    words = text.split()
    for start in range(max(1, len(words) - TOGETHER + 1)):
        run = " ".join(words[start : start + TOGETHER])
        if len(run) >= SHORTEST and run in text:
            yield run


def found(files: Iterable[Path], said: Iterable[str], *, allowed: Iterable[str] = ()) -> list[str]:
    """Traces of what was said in the bytes of files, but for those of what is allowed there."""
    content = b"\0".join(file.read_bytes() for file in files if file.is_file())
    kept = "\n".join(allowed)
    wanted = {run for text in said for run in traces(text) if run not in kept}
    return sorted(run for run in wanted if any(form in content for form in _forms(run)))


def _forms(run: str) -> tuple[bytes, ...]:
    plain = run.encode("utf-8", "surrogatepass")
    return (plain,) if run.isascii() else (plain, json.dumps(run)[1:-1].encode())


def noted(said: list[str], method: Callable[..., Any], at: int) -> Callable[..., Any]:
    """A method that says or edits something: its text, at a place among its arguments, is put down in `said`."""

    @wraps(method)
    def says(self: Any, *arguments: Any, **more: Any) -> Any:
        said.append(arguments[at])
        return method(self, *arguments, **more)

    return says


def kept(path: Path) -> list[str]:
    """The words that the database at `path` keeps, of people who wait."""
    return [text for (text,) in rows_of(path, OF_WHO_WAITS)]


def is_about(code: str, handle: str) -> bool:
    """Whether what a button carries is about the wait with this handle; about any where none is given."""
    return (
        not handle
        or re.search(rf"(?<![A-Za-z0-9]){handle}(?![A-Za-z0-9])", code.replace("%3A", ":").replace("%2F", "/")) is not None
    )
