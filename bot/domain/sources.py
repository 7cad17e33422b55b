"""Through what a post came that no person wrote by hand: which app, and by what way. It rests on the platform's marks alone."""

from __future__ import annotations

from enum import StrEnum

from bot.domain.durations import DAY, Instant
from bot.domain.value import value


class SourceKind(StrEnum):
    """By what way an app posts, as far as its platform tells. Stored: a kind that is out of use needs a migration."""

    BOT = "bot"
    """As itself."""
    WEBHOOK = "webhook"
    """Through an address that anybody may post to who has it, under a name of its own choice."""
    WORKFLOW = "workflow"
    """A workflow that somebody in the workspace put together."""
    COMMAND = "command"
    """It answers a command that somebody gave in the channel."""


@value
class Source:
    """An app (by its platform's id), bot, webhook or workflow through which a post came. `trusted`: the settings say that people
    speak through it, so that the post is a person's words."""

    id: str
    kind: SourceKind
    trusted: bool = False


def day_of(at: Instant) -> int:
    """The day (UTC) under which what was posted at an instant is counted."""
    return int(at // DAY)
