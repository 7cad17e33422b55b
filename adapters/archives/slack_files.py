"""Where an export's files are: a folder or a zip, perhaps with folders around it. Nothing is ever unpacked to disk."""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from bot.domain.durations import Instant
from bot.errors import NotAnArchive
from bot.ports import Problem

UTF8_NAME = 0x800
"""The flag of a zip's entry that says that its name is UTF-8."""

LARGEST = 512 * 1024 * 1024
"""Bytes of one file at most: a day of a channel is some hundred kB, so more is a mistake or a zip bomb."""

DEEPEST = 4
"""Folders that may lie around an export (unpacking tools like to add one or two)."""

_MOST_FOLDERS = 200
"""Folders looked into while searching for an export below a path."""

_PIECE = 1 << 20
"""Bytes unpacked at a time."""

_CHUNK = 64
"""Packed bytes taken at a time from a damaged member: what is lost at most before the damage."""

LISTS = ("channels.json", "groups.json", "users.json", "org_users.json", "dms.json", "mpims.json")
"""The files with which an export describes itself (Slack: "How to read Slack data exports")."""

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)\.json", re.ASCII)

EXPECTED = (
    "expected a Slack export: a folder or .zip with channels.json, users.json and one folder per channel that holds files "
    "such as 2026-03-02.json"
)

Read = Callable[[str], tuple[bytes, str]]
"""A file's bytes by name, and what was wrong with reading it ("" when all went well)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFile:
    """One day of one channel: `name` is what `Read` takes and what problems show, `starts` its midnight in UTC."""

    folder: str
    name: str
    starts: Instant


@dataclass(slots=True, kw_only=True)
class Layout:
    """What lies in an export. `lists` are those of LISTS that exist, `days` the day files by folder."""

    root: str
    lists: set[str] = field(default_factory=set)
    days: list[DayFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def day_start(name: str) -> Instant | None:
    """The UTC midnight a day file's name stands for; None when it isn't a day file's name. 0 when no such day exists."""
    match = _DAY.fullmatch(name)
    if match is None:
        return None
    try:
        return dt.datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=dt.UTC).timestamp()
    except ValueError:
        return 0.0


class Folder:
    """An export that lies unpacked in a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._root = path

    def layout(self) -> Layout:
        """Find the export at or below the folder and list it. Raises NotAnArchive."""
        level, looked = [self.path], 0
        for _ in range(DEEPEST + 1):
            found: list[tuple[Path, Layout]] = []
            below: list[Path] = []
            for path in level:
                layout, folders, loose = self._list(path)
                if layout.lists & {"channels.json", "groups.json"} or layout.days:
                    found.append((path, layout))
                elif loose and path == self.path:
                    raise NotAnArchive(f"{path} looks like the folder of a single channel: pass the folder that it lies in")
                below.extend(path / name for name in folders)
            if len(found) > 1:
                several = ", ".join(str(path.relative_to(self.path)) for path, _ in found[:5])
                raise NotAnArchive(f"{self.path} holds several exports ({several}): pass one of them")
            if found:
                self._root, layout = found[0]
                return layout
            level, looked = below[: _MOST_FOLDERS - looked], looked + len(level)
        raise NotAnArchive(f"{self.path} holds no export; {EXPECTED}")

    def _list(self, path: Path) -> tuple[Layout, list[str], bool]:
        layout = Layout(root=path.name)
        folders: list[str] = []
        loose = False
        for name, is_folder in _entries(path, layout):
            if not is_folder:
                loose = loose or day_start(name) is not None
                if name in LISTS:
                    layout.lists.add(name)
                continue
            folders.append(name)
            files = [inner for inner, inner_is_folder in _entries(path / name, layout) if not inner_is_folder]
            for inner in files:
                _add_day(layout, name, inner)
            _tell_dayless(layout, name, files)
        return layout, folders, loose

    @contextmanager
    def opened(self) -> Iterator[Read]:
        """Give a function that reads the export's files by name."""
        yield self._read

    def _read(self, name: str) -> tuple[bytes, str]:
        path = self._root / name
        try:
            with path.open("rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    return b"", "is not a regular file; it was skipped"
                if status.st_size > LARGEST:
                    return b"", _too_large(status.st_size)
                return file.read(), ""
        except OSError as error:
            return b"", f"can't be read ({error.strerror or error}); it was skipped"


def _entries(path: Path, layout: Layout) -> list[tuple[str, bool]]:
    """(name, is a folder) of a folder's regular files and folders, by name."""
    found = []
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if not entry.name.startswith("."):
                    is_folder = entry.is_dir()
                    if is_folder or entry.is_file():
                        found.append((entry.name, is_folder))
    except OSError as error:
        layout.problems.append(Problem(where=path.name, what=f"can't be listed ({error.strerror or error}); it was skipped"))
    return sorted(found)


def _add_day(layout: Layout, folder: str, name: str) -> None:
    starts = day_start(name)
    if starts is None:
        return
    shown = f"{folder}/{name}"
    if starts == 0.0:
        layout.problems.append(Problem(where=_visible(shown), what="is named after a day that doesn't exist; it was still read"))
    # macOS writes "ö" as two letters, the list of channels as one.
    layout.days.append(DayFile(folder=unicodedata.normalize("NFC", folder), name=shown, starts=starts))


def _tell_dayless(layout: Layout, folder: str, files: Sequence[str]) -> None:
    """Say so where a folder holds files, and none of a day."""
    others = [name for name in files if name.endswith(".json") and name not in LISTS]
    if others and not any(day_start(name) is not None for name in files):
        what = f"holds no file of a day, such as 2026-03-02.json, only {', '.join(map(_visible, others[:3]))}; it was not read"
        layout.problems.append(Problem(where=f"{_visible(folder)}/", what=what))


def _visible(name: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)


def _too_large(size: int) -> str:
    return f"is {size // (1024 * 1024)} MB large, over the limit of {LARGEST // (1024 * 1024)} MB for one file; it was skipped"


class Zip:
    """An export that is still packed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._root = ""

    def layout(self) -> Layout:
        """Find the export in the zip and list it. Raises NotAnArchive."""
        problems: list[Problem] = []
        with self._open() as archive:
            names = self._names(archive, problems)
        root = self._find_root(names)
        if root is None:
            raise NotAnArchive(f"{self.path} holds no export; {EXPECTED}")
        self._root = root
        layout = Layout(root=root.rstrip("/").rsplit("/", 1)[-1] or self.path.stem, problems=problems)
        inside: dict[str, list[str]] = {}
        for name in sorted(names):
            if name.startswith(root):
                parts = name[len(root) :].split("/")
                if len(parts) == 1 and parts[0] in LISTS:
                    layout.lists.add(parts[0])
                elif len(parts) == 2 and not parts[0].startswith("."):  # folder/day file
                    _add_day(layout, parts[0], parts[1])
                    inside.setdefault(parts[0], []).append(parts[1])
        for folder, files in inside.items():
            _tell_dayless(layout, folder, files)
        return layout

    def _open(self) -> zipfile.ZipFile:
        try:
            archive = zipfile.ZipFile(self.path)
        except OSError as error:
            raise NotAnArchive(f"{self.path} can't be read ({error.strerror or error})") from error
        except Exception as error:  # zipfile lets struct, index, value and decoding errors out of a damaged directory
            raise NotAnArchive(f"{self.path} is a damaged or incomplete zip ({error}): download or copy it again") from error
        files = [info for info in archive.infolist() if _is_file(info)]
        if files and all(info.flag_bits & 1 for info in files):
            archive.close()
            raise NotAnArchive(f"{self.path} is protected by a password: unpack it and pass the folder")
        return archive

    def _names(self, archive: zipfile.ZipFile, problems: list[Problem]) -> dict[str, zipfile.ZipInfo]:
        """The zip's files by clean path. Paths that lead out of it are no part of an export."""
        names: dict[str, zipfile.ZipInfo] = {}
        for info in archive.infolist():
            if not _is_file(info):
                continue
            name = _name_of(info).replace("\\", "/")
            parts = [part for part in name.split("/") if part not in ("", ".")]
            if ".." in parts or name.startswith("/") or (parts and parts[0].endswith(":")):
                problems.append(Problem(where=_visible(name), what="has a path that leads out of the zip; it was skipped"))
            else:
                names.setdefault("/".join(parts), info)
        return names

    def _find_root(self, names: dict[str, zipfile.ZipInfo]) -> str | None:
        """The shallowest folder that holds a list of channels or channel folders with day files, as "" or "folder/"."""
        candidates = set()
        for name in names:
            folder, _, last = name.rpartition("/")
            if last in ("channels.json", "groups.json"):
                candidates.add(folder + "/" if folder else "")
            elif folder and day_start(last) is not None:
                around = folder.rpartition("/")[0]
                candidates.add(around + "/" if around else "")
        fit = [root for root in candidates if root.count("/") <= DEEPEST and not root.startswith("__MACOSX")]
        shallowest = min((root.count("/") for root in fit), default=0)
        best = sorted(root for root in fit if root.count("/") == shallowest)
        if len(best) > 1:
            raise NotAnArchive(f"{self.path} holds several exports ({', '.join(best[:5])}): unpack it and pass one of them")
        return best[0] if best else None

    @contextmanager
    def opened(self) -> Iterator[Read]:
        """Give a function that reads the export's files by name, valid inside the context. Raises NotAnArchive."""
        with self._open() as archive:
            names = self._names(archive, [])

            def read(name: str) -> tuple[bytes, str]:
                info = names.get(self._root + name)
                return (b"", "is missing") if info is None else _unpack(archive, self.path, info)

            yield read


def _name_of(info: zipfile.ZipInfo) -> str:
    """An entry's name. Without its UTF-8 flag the format has names in code page 437, which zipfile takes them for; archivers that
    don't set the flag write UTF-8 all the same, and names that are no UTF-8 stay as they are (APPNOTE.TXT 4.4.4, appendix D)."""
    if info.flag_bits & UTF8_NAME or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _is_file(info: zipfile.ZipInfo) -> bool:
    """Whether an entry is a file. (ZipInfo.is_dir fails on an entry without a name, as damage makes them.)"""
    return info.filename != "" and not info.filename.endswith("/")


def _unpack(archive: zipfile.ZipFile, path: Path, info: zipfile.ZipInfo) -> tuple[bytes, str]:
    """A member's bytes, as many as can be had. No more come out than the directory claims, which is bounded first."""
    if info.flag_bits & 1:
        return b"", "is protected by a password; it was skipped"
    if info.file_size > LARGEST:
        return b"", _too_large(info.file_size)
    try:
        with archive.open(info) as member:
            # In pieces: asked for everything at once, zipfile unpacks up to 2 GB before it looks at the claimed size.
            return b"".join(iter(lambda: member.read(_PIECE), b"")), ""
    except Exception as error:  # besides BadZipFile, a bad member makes zlib, bz2, lzma and struct raise errors of their own
        try:
            with path.open("rb") as file:
                rest = _salvage(file, info, os.fstat(file.fileno()).st_size)
        except OSError:
            rest = b""  # the zip went away meanwhile; the first error tells enough
        return rest, f"is damaged inside the zip ({error}); what could be unpacked was read"


def _salvage(file: BinaryIO, info: zipfile.ZipInfo, size: int) -> bytes:
    """What a damaged member still holds: zipfile gives nothing when the checksum is wrong.

    A member's data follows a header of 30 bytes, its name and an extra field, whose lengths stand at byte 26 (APPNOTE 4.3.7).
    """
    if not 0 <= info.header_offset < size:
        return b""
    file.seek(info.header_offset)
    header = file.read(30)
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        return b""
    name, extra = struct.unpack("<HH", header[26:])
    file.seek(name + extra, os.SEEK_CUR)
    packed = file.read(min(info.compress_size, size))
    if info.compress_type == zipfile.ZIP_STORED:
        return packed
    if info.compress_type != zipfile.ZIP_DEFLATED:
        return b""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    found = bytearray()
    try:
        for start in range(0, len(packed), _CHUNK):
            found += inflate.decompress(packed[start : start + _CHUNK], LARGEST)
            if len(found) > LARGEST:
                break
    except zlib.error:
        pass  # what came before the damage is what can be had; the caller tells of it
    return bytes(found[:LARGEST])


def open_files(path: Path) -> Folder | Zip:
    """The files at a path. Raises NotAnArchive when there is neither a folder nor a zip."""
    if path.is_dir():
        return Folder(path)
    if not path.exists():
        raise NotAnArchive(f"{path} doesn't exist; {EXPECTED}")
    if not path.is_file() or not zipfile.is_zipfile(path):
        raise NotAnArchive(f"{path} is neither a folder nor a zip; {EXPECTED}")
    return Zip(path)
