"""Whether the files under an open database are still those that were opened, under their names, and may be written."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.errors import DatabaseLost
from storage.sqlite import log_owner
from storage.sqlite.lock import Inode, Lock
from storage.sqlite.log_owner import LOGS, Header

ANOTHER = "If that was meant, start realreply again; it must not run while its database is exchanged"


@dataclass(slots=True, kw_only=True)
class OpenedFiles:
    """How the files stood when they were opened, and the database itself when our log was last brought into it.

    Looked at by `os.stat` alone, and through the descriptor that the lock holds anyway: to open and close the file would drop
    SQLite's own locks on it (see lock).
    """

    lock: Lock
    inode: Inode
    logs: tuple[tuple[str, Inode], ...]
    header: Header | None
    written_at: int
    """In nanoseconds: when the file was last written."""

    @classmethod
    def of(cls, lock: Lock) -> OpenedFiles:
        """How they stand now. To be called once a connection has the database open. Raises DatabaseLost."""
        path = lock.path
        logs = tuple((end, _inode(path.with_name(path.name + end), path, deleted=_no_log(path, end))) for end in LOGS)
        inode = _inode(path, path, deleted=_deleted(path))
        files = cls(lock=lock, inode=inode, logs=logs, header=_header(lock), written_at=_written_at(lock))
        files._note()
        return files

    @property
    def written_over(self) -> bool:
        """Whether something else was written into the file. What our log holds mustn't be added to that: it would be neither
        the one nor the other. Raises DatabaseLost when the file can't be read; False once the lock was released."""
        noted, now = self.header, _header(self.lock)
        return noted is not None and now is not None and not noted.became(now)

    @property
    def displaced(self) -> bool:
        """Whether our file is no longer that which has its name."""
        try:
            return _inode(self.lock.path, self.lock.path, deleted="") != self.inode
        except DatabaseLost:
            return True

    def require_unspoiled(self) -> None:
        """Raises DatabaseLost when something else was written into the file."""
        if self.written_over:
            raise DatabaseLost(f"{self.lock.path}: something else was written over it while realreply ran on it. {ANOTHER}")

    def follow(self) -> bool:
        """Note how the file stands if our log was brought into it. To be called by the writer after whatever may do that; True
        when it was."""
        try:
            written_at, header = _written_at(self.lock), _header(self.lock)
        except DatabaseLost:  # `look` tells; what was just committed was
            return False
        if written_at == self.written_at and header == self.header:  # the clock of a file system goes in steps of milliseconds
            return False
        self.written_at, self.header = written_at, header
        self._note()
        return True

    def _note(self) -> None:
        if self.header is not None and not self.displaced:
            log_owner.note(self.lock.path, self.header, self.inode[1])

    def discard_logs(self) -> None:
        """Delete our log, which SQLite would take for that of what stands there now. To be called once all is closed."""
        for end, inode in self.logs:
            log = self.lock.path.with_name(self.lock.path.name + end)
            with suppress(OSError, DatabaseLost):
                if _inode(log, self.lock.path, deleted="") == inode:
                    log.unlink()

    def clear_note(self) -> None:
        """Delete the note of whose the log is, if there is none any more. To be called once all is closed."""
        if not self.lock.path.with_name(self.lock.path.name + LOGS[0]).exists():
            log_owner.clear(self.lock.path)

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
        self.require_unspoiled()
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


def _header(lock: Lock) -> Header | None:
    if lock.file is None:
        return None
    try:
        return Header.read(lock.file)
    except OSError as error:
        raise DatabaseLost(f"{lock.path}: it can't be read any more ({error.strerror}). Check the disk") from error


def _written_at(lock: Lock) -> int:
    if lock.file is None:
        return 0
    try:
        return os.fstat(lock.file).st_mtime_ns
    except OSError as error:
        raise DatabaseLost(f"{lock.path}: it can't be looked at any more ({error.strerror}). Check the disk") from error


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
