"""Whether the files under an open database are still those that were opened, under their names, and may be written."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.errors import DatabaseLost
from storage.sqlite.lock import Inode, Lock

LOGS = ("-wal", "-shm")
"""What SQLite keeps beside a database for as long as it is open; it deletes both when the last connection is closed."""

HEADER_BYTES = 100

STEADY = ((0, 18), (40, 44), (68, 72))
"""The parts of a database's header that don't change while we have it open: that it is one, with pages of this size; the schema's
cookie, which VACUUM (and so every copy of ours) changes; the application (https://sqlite.org/fileformat2.html, 1.3)."""

ANOTHER = "If that was meant, start realreply again; it must not run while its database is exchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFiles:
    """How the files stood when they were opened.

    Looked at by `os.stat` alone, and through the descriptor that the lock holds anyway: to open and close the file would drop
    SQLite's own locks on it (see lock).
    """

    lock: Lock
    inode: Inode
    logs: tuple[tuple[str, Inode], ...]
    header: tuple[bytes, ...]

    @classmethod
    def of(cls, lock: Lock) -> OpenedFiles:
        """How they stand now. To be called once a connection has the database open. Raises DatabaseLost."""
        path = lock.path
        logs = tuple((end, _inode(path.with_name(path.name + end), path, deleted=_no_log(path, end))) for end in LOGS)
        return cls(lock=lock, inode=_inode(path, path, deleted=_deleted(path)), logs=logs, header=_header(lock))

    @property
    def written_over(self) -> bool:
        """Whether something else was written into the file. What our log holds mustn't be added to that: it would be neither
        the one nor the other. Raises DatabaseLost when the file can't be read; False once the lock was released."""
        return self.lock.file is not None and _header(self.lock) != self.header

    def discard_logs(self) -> None:
        """Delete our log, which SQLite would take for that of what stands in the file now. To be called once all is closed."""
        for end, inode in self.logs:
            log = self.lock.path.with_name(self.lock.path.name + end)
            with suppress(OSError, DatabaseLost):
                if _inode(log, self.lock.path, deleted="") == inode:
                    log.unlink()

    def look(self) -> None:
        """Raises DatabaseLost when a file isn't the one that was opened, or may not be written, and DatabaseInUse when the lock
        beside it was deleted and somebody else came in."""
        path = self.lock.path
        if not path.parent.is_dir():
            raise DatabaseLost(f"{path}: its folder is gone, or the disk it is on. {_bring_back(path)}")
        if _inode(path, path, deleted=_deleted(path)) != self.inode:
            raise DatabaseLost(f"{path}: another file was put in its place while realreply ran on the old one. {ANOTHER}")
        for end, inode in self.logs:
            log = path.with_name(path.name + end)
            if _inode(log, path, deleted=_no_log(path, end)) != inode:
                raise DatabaseLost(f"{path}: another {log.name} was put beside it while realreply ran. {ANOTHER}")
        if self.written_over:
            raise DatabaseLost(f"{path}: something else was written over it while realreply ran on it. {ANOTHER}")
        if not os.access(path, os.R_OK | os.W_OK) or not os.access(path.parent, os.W_OK | os.X_OK) or is_read_only(path):
            raise DatabaseLost(
                f"{path}: it may not be written any more. Let the user that realreply runs as write the file and its folder, and "
                f"start it again"
            )
        self.lock.renew()


def _inode(file: Path, path: Path, *, deleted: str) -> Inode:
    try:
        status = file.stat()
    except FileNotFoundError:
        raise DatabaseLost(deleted) from None
    except OSError as error:
        raise DatabaseLost(f"{path}: {file.name} can't be looked at any more ({error.strerror}). Check the disk") from error
    return status.st_dev, status.st_ino


def _header(lock: Lock) -> tuple[bytes, ...]:
    if lock.file is None:
        return ()
    try:
        header = os.pread(lock.file, HEADER_BYTES, 0)
    except OSError as error:
        raise DatabaseLost(f"{lock.path}: it can't be read any more ({error.strerror}). Check the disk") from error
    return tuple(header[start:end] for start, end in STEADY)


def is_read_only(path: Path) -> bool:
    """Whether the file system is mounted to be read only."""
    if not hasattr(os, "statvfs"):
        return False
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _deleted(path: Path) -> str:
    return f"{path}: the database was deleted or moved away while realreply ran on it. {_bring_back(path)}"


def _bring_back(path: Path) -> str:
    return (
        f"Put it back, or the latest copy, as {path.name}, and start realreply again. Without one it begins anew: it reads the "
        f"channels again, and reminders wait for a lead's click"
    )


def _no_log(path: Path, end: str) -> str:
    return (
        f"{path}: {path.name}{end} beside it, which belongs to it, was deleted while realreply ran. What it held has been "
        f"written into the database; start realreply again, and leave that file alone while it runs"
    )
