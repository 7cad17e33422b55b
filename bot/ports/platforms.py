"""What the bot needs of a platform, what a platform asks of the bot, and what messages say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Literal, Protocol

from bot.domain.durations import Instant
from bot.domain.events import Event
from bot.domain.messages import Message
from bot.domain.outgoing import Address, DueNotice, Readers, WaitInMessage
from bot.domain.people import Role
from bot.domain.views import Form, View
from bot.ports.store.queries import QueryTransaction


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


class Contents(Protocol):
    """What messages say, made from storage at the moment they leave. All methods run inside a transaction."""

    def reminder(self, tx: QueryTransaction, waits: Sequence[WaitInMessage], now: Instant) -> View:
        """A reminder of one or several waits, all still open."""
        ...

    def updated(self, tx: QueryTransaction, waits: Sequence[WaitInMessage], now: Instant) -> View:
        """What a posted reminder of these waits says now that some are over or held: without quotes."""
        ...

    def notice_now(self, tx: QueryTransaction, subject: str, now: Instant) -> View | None:
        """What the post of a notice with this subject says now; None when it stays as it is."""
        ...

    def notice(self, tx: QueryTransaction, notice: DueNotice, now: Instant) -> View | None:
        """A digest or a tip; None when there is nothing to say any more."""
        ...
