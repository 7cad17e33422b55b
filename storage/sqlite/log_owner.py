"""Whose log lies beside a database. SQLite goes by the name alone, and replays it onto whatever file has that name.

So while a database is open, a note beside it says which one its log belongs to, by what the header in the file says. That changes
only when the log is brought into the file, which our one writer does, and its counter never goes back
(https://sqlite.org/fileformat2.html, 1.3). A copy, or an older state of the same database, is told by it.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.domain.durations import Instant

LOGS = ("-wal", "-shm")
"""What SQLite keeps beside a database for as long as it is open; it deletes both when the last connection is closed."""

NOTE = ".wal-of"
"""What the note is called, after the database's own name. It is deleted with the log."""

LOST = ".lost-wal"
"""What a log is called that was set aside."""

HEADER_BYTES = 100

STEADY = ((0, 18), (40, 44), (68, 72))
"""The parts of a database's header that don't change while we have it open: that it is one, with pages of this size; the schema's
cookie, which VACUUM changes; the application."""

COUNTER = (24, 28)
"""The file change counter. In WAL mode it goes up whenever the first page is written."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What tells one database file, in one state, from another."""

    steady: str
    counter: int

    @classmethod
    def read(cls, file: int) -> Header:
        """That of the open file. Raises OSError."""
        header = os.pread(file, HEADER_BYTES, 0)
        steady = b"".join(header[start:end] for start, end in STEADY)
        return cls(steady=steady.hex(), counter=int.from_bytes(header[slice(*COUNTER)], "big"))

    def became(self, now: Header) -> bool:
        """Whether a file with this header can have come to be the other by what our writer does."""
        return self.steady == now.steady and self.counter <= now.counter


def note(path: Path, header: Header, inode: int) -> None:
    """Note that the log of the database at `path` belongs to the file with this header. Where that can't be written, what was
    noted before holds: the counter has only gone up since."""
    file = path.with_name(path.name + NOTE)
    part = file.with_name(file.name + ".part")
    with suppress(OSError):
        part.write_text(json.dumps([inode, header.steady, header.counter]), encoding="ascii")
        part.replace(file)


def clear(path: Path) -> None:
    """Delete the note, when the log is gone."""
    with suppress(OSError):
        path.with_name(path.name + NOTE).unlink(missing_ok=True)


def set_aside(path: Path) -> None:
    """Give the log at `path` another name if it belongs to another file than that which stands there now. Nobody may have the
    database open, and this process must not: it is opened and closed. Raises OSError."""
    wal = path.with_name(path.name + "-wal")
    if not wal.exists():
        clear(path)
        return
    if belongs(path):
        return
    if wal.stat().st_size:
        lost = path.with_name(path.name + LOST)
        wal.replace(lost)
        os.utime(lost)
        log.warning(
            "log_set_aside",
            say="The log beside the database belongs to another file, which stood there before. It wasn't read into this one, "
            "and is kept for a week. What was written in chat since is read back.",
            database=str(path),
            log=lost.name,
        )
    for end in LOGS:
        path.with_name(path.name + end).unlink(missing_ok=True)
    clear(path)


def belongs(path: Path) -> bool:
    """Whether the log at `path` is that of the file which stands there, as far as a note tells."""
    try:
        inode, steady, counter = json.loads(path.with_name(path.name + NOTE).read_text(encoding="ascii"))
        noted = Header(steady=str(steady), counter=int(counter))
    except (OSError, ValueError, TypeError):  # an earlier version wrote none, and a power cut may leave half of one
        return True
    file = os.open(path, os.O_RDONLY)
    try:
        now = Header.read(file)
        same = os.fstat(file).st_ino == inode
    finally:
        os.close(file)
    # In a folder that was moved to another disk all is the same but the inodes; a killed process may have brought the log into
    # the file without having noted that.
    return noted == now or (same and noted.became(now))


def forget_lost(path: Path, before: Instant) -> bool:
    """Delete a log that was set aside before an instant: there are words in it."""
    lost = path.with_name(path.name + LOST)
    if not lost.exists() or lost.stat().st_mtime >= before:
        return False
    lost.unlink(missing_ok=True)
    return True
