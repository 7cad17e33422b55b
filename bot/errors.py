"""The exception tree: everything realreply raises on purpose.

    RealReplyError                                                                        exit code  1
    ├── UsageError              what the caller asked for can't be done as asked                     2
    │   ├── SettingsError       config.toml has problems; carries all of them
    │   └── NotAnArchive        a path that is no exported conversation
    ├── StorageError            the database file can't be used; says what to do                    74
    │   ├── ForeignDatabase     a file that isn't ours
    │   ├── NewerDatabase       written by a later version of realreply
    │   ├── CorruptDatabase     its file is damaged
    │   ├── DatabaseInUse       another process holds it
    │   ├── DatabaseLost        deleted, replaced or taken away while it was open
    │   └── DiskFull            no room to write                                                    73
    ├── CalendarError           the team's calendar can't be read; never says its address
    ├── Stopping                an event was refused because the bot is being stopped
    └── DeliveryError           what a platform's `deliver` may raise, and nothing else             77
        ├── RetryLater          come back after `after` seconds                                     75
        ├── Unreachable         the platform couldn't be had, and was tried for long enough         75
        ├── Gone                the destination no longer exists
        │   └── OutOfReach      it is archived or out of our sight, and may be there again
        ├── Forbidden           we may not post there (or the guard refuses it)
        │   ├── ReadByOthers    somebody who isn't on the team can read what is posted there
        │   └── DirectMessagesClosed    the person takes no direct messages from us
        ├── Rejected            the platform refuses this very message
        └── AccessLost          the platform refuses us: the token no longer works

Messages are for people: what happened, where, what to do.
"""

from __future__ import annotations

from enum import IntEnum
from traceback import walk_tb
from typing import ClassVar


class ExitCode(IntEnum):
    """What a command ends with, so that a supervisor can tell what may mend itself from what somebody must mend. From 64 on they
    are those of sysexits(3), which `systemctl status` shows by name (NOPERM, TEMPFAIL)."""

    FAILED = 1
    """Anything else: a mistake in realreply, or something that `doctor` found."""
    USAGE = 2
    """The settings, a token's place or the command's arguments are to be corrected."""
    DISK_FULL = 73
    DATABASE = 74
    """The database is missing, replaced, damaged, locked or used by somebody else."""
    UNREACHABLE = 75
    """The platform couldn't be reached at the start, and was tried for minutes. Starting again may help."""
    REFUSED = 77
    """The platform refuses us: the token was revoked, the app uninstalled, a scope is missing."""


class RealReplyError(Exception):
    """Base of everything raised on purpose; `str(error)` is fit to be shown to a person. A command that it ends gives
    `exit_code`."""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED


class UsageError(RealReplyError):
    """What was asked for can't be done as asked."""

    exit_code = ExitCode.USAGE


class SettingsError(UsageError):
    """The settings file has problems.

    `problems` holds one sentence per problem, each naming the key, its line and what to write instead.
    """

    def __init__(self, path: str, problems: tuple[str, ...]) -> None:
        self.path = path
        self.problems = problems
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n".join([f"{path}: {count}", *(f"  {problem}" for problem in problems)]))


class NotAnArchive(UsageError):
    """A path that holds no exported conversation we can read."""


class StorageError(RealReplyError):
    """The database file can't be used."""

    exit_code = ExitCode.DATABASE


class ForeignDatabase(StorageError):
    """The file isn't a realreply database; it was left untouched."""


class NewerDatabase(StorageError):
    """The file was written by a later version of realreply; it was left untouched."""


class CorruptDatabase(StorageError):
    """The file is damaged."""


class DatabaseInUse(StorageError):
    """Another realreply runs on it, or another program holds a lock on it for too long."""


class DatabaseLost(StorageError):
    """The file that was opened isn't there any more under its name, or may not be written any more."""


class DiskFull(StorageError):
    """There is no room on the disk. What was committed is safe; what comes in isn't acknowledged until there is room again."""

    exit_code = ExitCode.DISK_FULL


class CalendarError(RealReplyError):
    """The team's calendar can't be read. Its address, which is a secret, is never in the message."""


class Stopping(RealReplyError):
    """The bot is being stopped and takes no more events. The platform delivers this one again, or the next start reads it
    back."""


class DeliveryError(RealReplyError):
    """A platform could not take a message."""

    exit_code = ExitCode.REFUSED


class RetryLater(DeliveryError):
    """The platform asks to come back after `after` seconds.

    `uncertain`: the message may have been taken all the same (a dropped connection, a server's error). Only a platform that
    knows better, because it was told to slow down before anything was posted, says False.
    """

    exit_code = ExitCode.UNREACHABLE

    def __init__(self, message: str, *, after: float, uncertain: bool = True) -> None:
        super().__init__(message)
        self.after = after
        self.uncertain = uncertain


class Unreachable(DeliveryError):
    """The platform couldn't be had at the start, though it was tried for a while. Starting again later may help."""

    exit_code = ExitCode.UNREACHABLE


class Gone(DeliveryError):
    """The destination no longer exists (deleted message, channel or account)."""


class OutOfReach(Gone):
    """The place is archived, or we can't see it any more; it may be there again, with all that stands in it."""


class Forbidden(DeliveryError):
    """We may not post there."""


class ReadByOthers(Forbidden):
    """Somebody who isn't on the team can read what is posted there, or it is a person who isn't on it.

    `lately`: the platform says so, and we believed otherwise: who is on the team is about to change here, too.
    """

    def __init__(self, message: str, *, lately: bool = False) -> None:
        super().__init__(message)
        self.lately = lately


class DirectMessagesClosed(Forbidden):
    """A person takes no direct messages from us, by their own settings there."""


class Rejected(DeliveryError):
    """The platform refuses this very message; sending it again would not help."""


class AccessLost(DeliveryError):
    """The token no longer works: revoked, its app uninstalled, its account deactivated. Nothing works until somebody acts."""


def described(error: BaseException) -> str:
    """What went wrong, fit to be logged and stored: nobody's words are in it. What is raised on purpose, and what the operating
    system or SQLite says, is told with its message; of anything else that may quote what it was given ('ascii' codec can't encode
    ...), so its kind and its place in the code are told."""
    kind = type(error)
    if isinstance(error, RealReplyError | OSError) or kind.__module__ == "sqlite3":
        return f"{kind.__name__}: {error}"
    place = ""
    for frame, line in walk_tb(error.__traceback__):
        place = f" at {frame.f_globals.get('__name__', '?')}:{line} in {frame.f_code.co_name}"
    return f"{kind.__name__}{place}"
