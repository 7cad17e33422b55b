"""Bytes of people's words left where nobody needs them any more: searched for raw, in every file of a folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path


def bytes_left(folder: Path, words: Iterable[str], *, without: Iterable[Path] = ()) -> Counter[str]:
    """How many bytes of these words each file of a folder still holds, by its name: the database, its log, copies, whatever is
    there. `words` ought to be such as nobody else would write."""
    wanted = [word.encode() for word in words]
    passed = {path.resolve() for path in without}
    found: Counter[str] = Counter()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.resolve() not in passed:
            content = path.read_bytes()
            count = sum(len(word) * content.count(word) for word in wanted)
            if count:
                found[str(path.relative_to(folder))] += count
    return found
