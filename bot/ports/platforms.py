"""What the bot needs of a platform, and what a platform asks of the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Literal, Protocol

from bot.domain.durations import Instant, Seconds
from bot.domain.events import Event
from bot.domain.messages import Message
from bot.domain.outgoing import Address, Readers
from bot.domain.people import Role
from bot.domain.views import Form, View

HISTORY_LAG: Seconds = 5
"""A platform's history may lack a message for so long after it was taken (a guess on the safe side: nobody states a figure). One
that may have left more recently isn't looked for yet: not found would be taken for not sent, and it would be doubled."""


class Platform(Protocol):
    """Where members read. All methods raise DeliveryError and its kinds only. Nobody but the guard calls `deliver` and
    `update` (see outbox.guard)."""

    @property
    def name(self) -> str:
        """ "slack", "discord", "local"."""
        ...

    async def deliver(self, address: Address, view: View, keys: tuple[str, ...]) -> str:
        """Post a message and give its reference. `keys` are those of everything it says; the first is the message's own, and
        the one it can be found by."""
        ...

    async def update(self, address: Address, ref: str, view: View) -> None:
        """Replace what a post says. Notifies nobody."""
        ...

    def can_find(self, address: Address) -> bool:
        """Whether what was posted there can be read back. Where it can't, nothing is ever sent twice."""
        ...

    async def find_delivered(self, address: Address, key: str, since: Instant) -> str | None:
        """The reference of the message posted under a key at `since` or later, if there is one."""
        ...

    async def audience(self, address: Address) -> Readers:
        """Who can read a channel, asked of the platform now."""
        ...


class History(Protocol):
    """What a platform remembers of its channels. Raises DeliveryError and its kinds only."""

    def since(self, channel: str, mark: Instant, *, parents_since: Instant) -> AsyncIterator[Event]:
        """Everything posted in a channel (by key) later than `mark`, in order of time: messages outside threads, and in the
        threads whose first message was posted at `parents_since` or later."""
        ...


class Front(Protocol):
    """What a platform's surfaces ask of the bot. `role` is the platform's word on who asks; views are for who asked alone."""

    async def receive(self, event: Event) -> object:
        """Something happened. Returns when it is committed; raises what made it fail, and then nothing of it was kept."""
        ...

    async def command(self, who: str, role: Role, text: str) -> View:
        """A command ("snooze w17 2h")."""
        ...

    async def click(self, who: str, role: Role, code: str) -> View:
        """A button or a menu that carries `verb:argument`."""
        ...

    async def form(self, who: str, role: Role, code: str) -> Form | None:
        """The form that a button opens; None when it opens none."""
        ...

    async def submit(self, who: str, role: Role, code: str, values: Mapping[str, str]) -> View:
        """A form that was filled in and sent."""
        ...

    async def home(self, who: str, role: Role) -> View:
        """Somebody's own page."""
        ...

    async def correct(self, who: str, role: Role, message: Message | None, says: Literal["waits", "needs_none"]) -> View:
        """A message was judged wrongly, says a member. None: it can't be read, or isn't looked at for who asks."""
        ...
