"""Where the files of a Discord export lie: one file, a folder or a zip of them. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from bot.errors import NotAnArchive
from bot.ports import Problem

_HEAD: Final = 4096
"""Bytes in which an export shows what it is."""

_SMALL: Final = 1 << 20
"""A file of so many bytes is read at once: a forum is thousands of them, which can't all stay open."""

_SIGN: Final = re.compile(r'^\ufeff?\s*\{\s*"(?:guild|channel|dateRange|exportedAt|messages|messageCount)"\s*:')

_LOOKED_AT: Final = 200
"""Files looked into for telling what kind of archive a folder is."""


def looks_like_discord(head: bytes) -> bool:
    """Whether a file begins as DiscordChatExporter begins one."""
    wide = head[:64].count(0) * 3 >= max(len(head[:64]), 4)
    order = "utf-16-le" if head[1:2] == b"\0" or head.startswith(b"\xff\xfe") else "utf-16-be"
    text = head.decode(order if wide else "utf-8", "replace")
    return _SIGN.match(text) is not None and ('"channel"' in text or '"messages"' in text)


class Opener(Protocol):
    """Opens a file of an export by its name. Raises OSError, and whatever a damaged zip raises."""

    def __call__(self, name: str) -> BinaryIO:
        """Open a file."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordFiles:
    """The files of an export by name, in order, and what was wrong with others that lie there."""

    path: Path
    names: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    @contextmanager
    def opened(self) -> Iterator[Opener]:
        """Give a function that opens the files, valid inside the context."""
        if self.path.is_dir() or not zipfile.is_zipfile(self.path):
            around = self.path if self.path.is_dir() else self.path.parent
            yield lambda name: _file(around / name)
            return
        with zipfile.ZipFile(self.path) as archive:
            yield lambda name: _member(archive, name)


def _file(path: Path) -> BinaryIO:
    if path.stat().st_size <= _SMALL:
        return io.BytesIO(path.read_bytes())
    return path.open("rb")


def _member(archive: zipfile.ZipFile, name: str) -> BinaryIO:
    opened = archive.open(name)
    assert opened.readable()
    return opened  # type: ignore[return-value]  # it reads as any binary file does


def find_discord_files(path: Path) -> DiscordFiles | None:
    """The files of a Discord export at a path; None where nothing there looks like one. Raises NotAnArchive."""
    try:
        if path.is_dir():
            names = sorted(
                found.relative_to(path).as_posix()
                for found in path.rglob("*.json")
                if found.is_file() and not any(part.startswith(".") for part in found.relative_to(path).parts)
            )
            return _chosen(path, names)
        if not path.is_file():
            return None
        if not zipfile.is_zipfile(path):
            return _chosen(path, [path.name])
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if info.filename.endswith(".json")]
            if infos and all(info.flag_bits & 1 for info in infos):
                return None  # what reads Slack's zips says what to do
            return _chosen(path, sorted(info.filename for info in infos if not info.filename.startswith("__MACOSX")))
    except OSError as error:
        raise NotAnArchive(f"{path} can't be read ({error.strerror or error})") from error
    except zipfile.BadZipFile as error:
        raise NotAnArchive(f"{path} is a damaged or incomplete zip ({error}): download or copy it again") from error


def _chosen(path: Path, names: Sequence[str]) -> DiscordFiles | None:
    found: list[str] = []
    problems: list[Problem] = []
    with DiscordFiles(path=path, names=()).opened() as opener:
        for number, name in enumerate(names):
            if number >= _LOOKED_AT and not found:
                return None
            trouble = _trouble(opener, name)
            if trouble == "":
                found.append(name)
            else:
                problems.append(Problem(where=name, what=f"{trouble}; it was skipped"))
    return DiscordFiles(path=path, names=tuple(found), problems=tuple(problems)) if found else None


def _trouble(opener: Callable[[str], BinaryIO], name: str) -> str:
    try:
        with opener(name) as file:
            head = file.read(_HEAD)
    except Exception as error:  # a damaged zip makes zlib, bz2, lzma and zipfile raise errors of their own
        return f"can't be read ({error})"
    if not head:
        return "is empty"
    return "" if looks_like_discord(head) else "is no channel that DiscordChatExporter wrote"
