"""The workspaces of all platforms, asked as one: a channel is asked about where its key says it is, a person wherever they
are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import structlog

from bot.domain.hours import Own
from bot.domain.keys import platform_of
from bot.domain.messages import Message
from bot.domain.people import Team
from bot.domain.waits import Wait
from bot.errors import DeliveryError, RetryLater
from bot.ports import Connection, PresentApps

log = structlog.get_logger()


class Workspaces:
    """`team` gives the one team of all platforms, as it is now."""

    def __init__(self, connections: Sequence[Connection], *, team: Callable[[], Team]) -> None:
        self._connections = {connection.name: connection for connection in connections}
        self._team = team

    def names(self, person: str) -> tuple[str, ...]:
        """What a person is called where they are known; else their id, or nothing, as their platform has it."""
        names: tuple[str, ...] = ()
        for name, connection in self._connections.items():
            account = self._team().accounts.account(name, person)
            names = connection.workspace.names(account) if account is not None else names
            if names and names != (account,):
                break
        return names

    def company(self, person: str) -> str | None:
        """Which other organisation a person comes from, as the first platform that tells has it."""
        for name, connection in self._connections.items():
            account = self._team().accounts.account(name, person)
            found = None if account is None else connection.workspace.company(account)
            if found is not None:
                return found
        return None

    def times(self, person: str) -> Own:
        """A member's time zone and absences, of all platforms they are on; the zone is the first's that knows one."""
        known = [
            connection.workspace.times(account)
            for name, connection in self._connections.items()
            if (account := self._team().accounts.account(name, person)) is not None
        ]
        if len(known) == 1:
            return known[0]
        zone = next((each.zone for each in known if each.zone is not None), None)
        return Own(zone=zone, away=tuple(span for each in known for span in each.away))

    def channel_name(self, channel: str) -> str:
        """What a channel is called, by its key."""
        connection = self._of(channel)
        return channel if connection is None else connection.workspace.channel_name(channel)

    def apps(self) -> tuple[PresentApps, ...]:
        """The apps that each platform lists."""
        return tuple(connection.workspace.apps() for connection in self._connections.values())

    def channels(self) -> Mapping[str, str]:
        """The names of the channels that are looked at, by their keys."""
        found: dict[str, str] = {}
        for connection in self._connections.values():
            found |= connection.workspace.channels()
        return found

    def troubles(self) -> Sequence[tuple[str | None, str]]:
        """What is wrong on the platforms, for a lead to mend, with the server it is about."""
        return [trouble for connection in self._connections.values() for trouble in connection.workspace.troubles()]

    def link(self, wait: Wait) -> str | None:
        """The address of a wait's first message."""
        connection = self._of(wait.channel)
        if connection is None or not wait.messages:
            return None
        return connection.workspace.link(wait.channel, wait.messages[0], wait.thread)

    def link_to(self, channel: str, message: str, thread: str | None) -> str | None:
        """The address of a message; None where its platform isn't there, or has none."""
        connection = self._of(channel)
        return None if connection is None else connection.workspace.link(channel, message, thread)

    async def reread(self, channel: str, message: str, thread: str | None) -> str | None:
        """What a message says now; "" when it is gone or its platform isn't there, None when it can't be asked now."""
        try:
            found = await self._message(channel, message, thread)
        except DeliveryError as error:
            log.info("message_unread", say="A message couldn't be read again; its link is shown.", reason=str(error))
            return None if isinstance(error, RetryLater) else ""
        return "" if found is None else found.text

    async def look_again(self, channel: str, message: str, thread: str | None) -> Message | None:
        """A message as it reads now; None when it is gone, or its platform isn't there or can't be asked now."""
        try:
            return await self._message(channel, message, thread)
        except DeliveryError as error:
            log.info("message_unread", say="A message couldn't be looked at again; it is tried later.", reason=str(error))
            return None

    async def _message(self, channel: str, message: str, thread: str | None) -> Message | None:
        connection = self._of(channel)
        return None if connection is None else await connection.history.message(channel, message, thread)

    def _of(self, channel: str) -> Connection | None:
        return self._connections.get(platform_of(channel))
