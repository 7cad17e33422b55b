"""Auto-DMs: direct messages that nobody typed to whom they went, as somebody reported them. No bot can look there by itself.

What is kept is who sent it, when, and fingerprints: of its words, of the message, and of who reported it. Its text never is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.domain.durations import DAY, HOUR, Instant, Seconds
from bot.domain.value import value

KEPT: Final[Seconds] = 90 * DAY
"""How long a report is kept."""

OPEN_FOR: Final[Seconds] = HOUR
"""How long the form of a report may stay open."""

MOST_OF_ONE: Final = 10
"""Reports of one person within a day."""

MOST_OF_ALL: Final = 200
"""Reports of everybody within a day: anybody who gets a direct message may report one."""

MOST_WORDS: Final = 200
"""Fingerprints of words that are kept of one message."""

APP_NAME: Final = 60
"""Letters that are kept of an app's name: it names itself."""


class AutoDmSort(StrEnum):
    """What it was, by whom it was sent to. Stored: one that is out of use needs a migration."""

    WELCOME = "welcome"
    PITCH = "pitch"
    SUPPORT = "support"
    OTHER = "other"
    UNSAID = ""


@value
class DirectMessage:
    """A direct message as a platform hands it in with a report. `id` is the platform's own, different for each of its messages;
    `author` the account that sent it. `marks` is the platform's hard evidence that an app made it, `app` that app's id, and
    `app_name` what it is called; empty for a person's own words. `ours`: this bot sent it. Its `text` is read and forgotten."""

    id: str
    at: Instant
    author: str
    text: str = ""
    marks: tuple[str, ...] = ()
    app: str = ""
    app_name: str = ""
    ours: bool = False


@value
class AutoDm:
    """A reported direct message, as it is kept. `message` and `reporter` are fingerprints: the same message, or person, has the
    same one; `words` are those of its words. `sender` is the member in whose name it came, by key; None for an app's own account
    and for who isn't on the team. `app` and `app_name` tell the app that the platform's marks name. `reported_at` None: its form
    is open."""

    platform: str
    message: str
    reporter: str
    sent_at: Instant
    opened_at: Instant
    reported_at: Instant | None = None
    sender: str | None = None
    app: str = ""
    app_name: str = ""
    sort: AutoDmSort = AutoDmSort.UNSAID
    words: tuple[int, ...] = ()

    @property
    def automatic(self) -> bool:
        """Whether the platform itself says that an app made it."""
        return bool(self.app)
