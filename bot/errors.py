"""The exception tree: everything realreply raises on purpose.

    RealReplyError
    ├── UsageError              what the caller asked for can't be done as asked (exit code 2)
    │   ├── SettingsError       config.toml has problems; carries all of them
    │   └── NotAnArchive        a path that is no exported conversation
    ├── StorageError            the database file can't be used; says what to do
    │   ├── ForeignDatabase     a file that isn't ours
    │   ├── NewerDatabase       written by a later version of realreply
    │   └── CorruptDatabase     its file is damaged
    ├── Stopping                an event was refused because the bot is being stopped
    └── DeliveryError           what a platform's `deliver` may raise, and nothing else
        ├── RetryLater          come back after `after` seconds
        ├── Gone                the destination no longer exists
        ├── Forbidden           we may not post there (or the guard refuses it)
        ├── Rejected            the platform refuses this very message
        └── AccessLost          the platform refuses us: the token no longer works

Messages are for people: what happened, where, what to do.
"""

from __future__ import annotations


class RealReplyError(Exception):
    """Base of everything raised on purpose; `str(error)` is fit to be shown to a person."""


class UsageError(RealReplyError):
    """What was asked for can't be done as asked. The command line ends with exit code 2."""


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


class ForeignDatabase(StorageError):
    """The file isn't a realreply database; it was left untouched."""


class NewerDatabase(StorageError):
    """The file was written by a later version of realreply; it was left untouched."""


class CorruptDatabase(StorageError):
    """The file is damaged."""


class Stopping(RealReplyError):
    """The bot is being stopped and takes no more events. The platform delivers this one again, or the next start reads it
    back."""


class DeliveryError(RealReplyError):
    """A platform could not take a message."""


class RetryLater(DeliveryError):
    """The platform asks to come back after `after` seconds.

    `uncertain`: the message may have been taken all the same (a dropped connection, a server's error). Only a platform that
    knows better, because it was told to slow down before anything was posted, says False.
    """

    def __init__(self, message: str, *, after: float, uncertain: bool = True) -> None:
        super().__init__(message)
        self.after = after
        self.uncertain = uncertain


class Gone(DeliveryError):
    """The destination no longer exists (archived channel, deleted message)."""


class Forbidden(DeliveryError):
    """We may not post there."""


class Rejected(DeliveryError):
    """The platform refuses this very message; sending it again would not help."""


class AccessLost(DeliveryError):
    """The token no longer works: revoked, its app uninstalled, its account deactivated. Nothing works until somebody acts."""
