"""What the bot needs of an exported conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.domain.events import Event
from bot.domain.messages import Message
from bot.domain.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in an archive that couldn't be read as it stands: where (file and place), what, and what was done."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePerson:
    """Somebody an archive knows. `home` is their workspace id when the archive says it; `guest` = restricted account,
    `stranger` = from another organisation (Slack Connect). `names`: the one shown first, then other names; `roles`: the names of
    those they have on a server (Discord)."""

    id: str
    names: tuple[str, ...]
    home: str | None = None
    app: bool = False
    guest: bool = False
    stranger: bool = False
    deleted: bool = False
    timezone: str | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveChannel:
    """A channel of an archive. `key` is its key in events, `name` what people call it. `shared`: externally shared."""

    key: str
    id: str
    name: str
    shared: bool = False


class Archive(Protocol):
    """An exported conversation, read as a stream."""

    @property
    def platform(self) -> Literal["slack", "discord"]:
        """The platform it was exported from."""
        ...

    @property
    def people(self) -> Mapping[str, ArchivePerson]:
        """Everybody the archive lists, by id. Authors that it doesn't list are found only by reading."""
        ...

    @property
    def channels(self) -> Sequence[ArchiveChannel]:
        """The channels, by name."""
        ...

    @property
    def home(self) -> str | None:
        """The workspace id the export was made in, when it can be told."""
        ...

    @property
    def skipped(self) -> Sequence[str]:
        """Ids and names of the conversations that are there and never read: direct messages."""
        ...

    def events(
        self,
        *,
        role: Callable[[str, Message], Role],
        channels: Sequence[str] = ("*",),
        problem: Callable[[Problem], None],
    ) -> Iterator[Event]:
        """All events of the channels whose name matches one of the globs, merged over channels in order of time.

        `role` says what the author of a message is (called with the person's id and the message as read so far, whose
        own role is CUSTOMER); posts with `marks` are APP without asking. Whatever can't be read is passed to `problem`
        and reading goes on.
        """
        ...
