"""What may be missing of a channel's past, and why. Ids and times only."""

from __future__ import annotations

from enum import StrEnum

from bot.domain.durations import Instant
from bot.domain.value import value


class GapReason(StrEnum):
    """Why events may have been missed."""

    STOPPED = "stopped"
    """The bot didn't run."""
    DISCONNECTED = "disconnected"
    """Nothing came in: there was no connection."""
    RENEWED = "renewed"
    """One of several connections was renewed; the others listened."""
    DROPPED = "dropped"
    """The platform dropped events, and said so."""
    RETRIED = "retried"
    """The platform delivered something again, so that an earlier delivery failed: others may have, too."""
    SILENT = "silent"
    """Nothing was delivered for so long that nobody can tell whether it still would be."""
    REFUSED = "refused"
    """We couldn't store what came in."""
    LEFT = "left"
    """The channel couldn't be seen for a while."""


@value
class Gap:
    """A span in which events may have been missed, from `since` on: on a whole platform, or in one `channel` by its key. It is
    closed when what may be missing was read back."""

    platform: str
    reason: GapReason
    since: Instant
    noted_at: Instant
    channel: str | None = None
    closed_at: Instant | None = None


@value
class Coverage:
    """How much of a channel's past is stored. `first_read_at`: when its first read was through (None: it isn't yet),
    `first_read_to`: how far that has come. `missing_since`: what was posted from then on may be missing (None: nothing is).
    `threads_since`: the same of replies in threads whose first message is older."""

    first_read_at: Instant | None = None
    first_read_to: Instant | None = None
    missing_since: Instant | None = None
    threads_since: Instant | None = None

    @property
    def complete(self) -> bool:
        """Whether all of it is stored that is looked for at once."""
        return self.first_read_at is not None and self.missing_since is None


@value
class FailedEvent:
    """An event that couldn't be stored: which (see events.EventKey), when it happened, and the kind of error, without a word of
    its text."""

    channel: str
    message: str
    kind: str
    edit: str
    at: Instant
    error: str
    noted_at: Instant
