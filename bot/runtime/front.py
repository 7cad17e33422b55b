"""What a live platform's surfaces talk to: the `Front` of ports, over the desk and the service, by the clock on the wall."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bot.domain.events import Event
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.views import Form, View
from bot.runtime.interactions import Interactions
from bot.runtime.service import Service


class FrontDesk:
    """Fits `bot.ports.Front`."""

    def __init__(self, service: Service, desk: Interactions) -> None:
        self._service = service
        self._desk = desk
        self._clock = service.clock

    async def receive(self, event: Event) -> object:
        """Something happened. Returns when it is committed; raises what made it fail."""
        return await self._service.receive(event)

    async def command(self, who: str, role: Role, text: str) -> View:
        """A command ("snooze w17 2h")."""
        return await self._desk.run(who, role, text, self._clock.now())

    async def click(self, who: str, role: Role, code: str) -> View:
        """A button or a menu that carries `verb:argument`."""
        return await self._desk.click(who, role, code, self._clock.now())

    async def form(self, who: str, role: Role, code: str) -> Form | None:
        """The form that a button opens; None when it opens none."""
        return await self._desk.form(who, role, code, self._clock.now())

    async def submit(self, who: str, role: Role, code: str, values: Mapping[str, str]) -> View:
        """A form that was filled in and sent."""
        return await self._desk.submit(who, role, code, dict(values), self._clock.now())

    async def home(self, who: str, role: Role) -> View:
        """Somebody's own page."""
        return await self._desk.home(who, role, self._clock.now())

    async def correct(self, who: str, role: Role, message: Message | None, says: Literal["waits", "needs_none"]) -> View:
        """A message was judged wrongly, says a member."""
        channel, id = ("", "") if message is None else (message.channel, message.id)
        now = self._clock.now()
        return await self._desk.correct(who, role, says, channel=channel, message=id, now=now, posted=message)
