"""Who and what is in the town, as the bot asks about it, and what the town remembers of its channels."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.events import Event, Posted
from bot.domain.hours import Own
from bot.domain.keys import channel_id
from bot.domain.messages import Message
from bot.domain.moves import Moves
from bot.domain.outgoing import Address
from bot.domain.people import Role, Team
from bot.ports import PresentApp, PresentApps, Sought

if TYPE_CHECKING:
    from adapters.local.platform import LocalPlatform


class LocalWorkspace:
    """Fits `bot.ports.Workspace`. `team` is who is on the team, `wanted` the name of the channel for reminders, None for none."""

    def __init__(self, town: LocalPlatform, team: Team, wanted: str | None) -> None:
        self._town = town
        self._team = team
        self._wanted = wanted

    def team(self) -> Team:
        """Who is on the team."""
        return self._team

    def names(self, person: str) -> tuple[str, ...]:
        """What a person is called; empty for a stranger."""
        known = self._town.people.get(person)
        return (known.name,) if known is not None else ()

    def company(self, person: str) -> str | None:
        """The town knows nobody's company."""
        return None

    def channels(self) -> Mapping[str, str]:
        """The names of the channels that aren't for the team only, by their keys."""
        return {channel.key: channel.id for channel in self._town.channels.values() if not channel.internal}

    def watches(self, channel: str) -> bool:
        """Whether a channel's messages are looked at."""
        return channel_id(channel) != self._wanted

    def apps(self) -> PresentApps:
        """The town's apps."""
        return PresentApps(
            apps=tuple(PresentApp(id=one.id, name=one.name) for one in self._town.people.values() if one.role is Role.APP)
        )

    async def ask_apps(self) -> None:
        """There is nothing to ask."""

    def channel_name(self, channel: str) -> str:
        """A channel's name, which is its id."""
        return channel_id(channel)

    def destination(self, about: str | None = None) -> Address | None:
        """The team's channel."""
        return None if self._wanted is None else Address(self._town.name, "channel", self._wanted)

    def destinations(self) -> Sequence[Address]:
        """The one there is."""
        to = self.destination()
        return () if to is None else (to,)

    def servers(self) -> Sequence[str]:
        """All of it is one."""
        return ()

    def server_of(self, address: Address) -> str | None:
        """All of it is one."""
        return None

    def troubles(self) -> Sequence[tuple[str | None, str]]:
        """Nothing is ever wrong."""
        return ()

    def link(self, channel: str, message: str, thread: str | None) -> str | None:
        """The address of a message. It leads nowhere: the town has no web site."""
        return f"https://{self._town.workspace_id}.example/{channel.rpartition(':')[2]}/{message}"

    def times(self, person: str) -> Own:
        """The town knows nobody's hours."""
        return Own()

    async def ask_names(self, people: Collection[str]) -> None:
        """Everybody here is known."""

    async def ask_times(self, person: str) -> None:
        """There is nobody to ask."""

    def recall(self, moves: Moves, learnt: Collection[str]) -> None:
        """Channels go by their names here, for good."""

    def learnt(self) -> frozenset[str]:
        """Nothing changes its name."""
        return frozenset()

    async def seek(self, channels: Sequence[str], waiting: Collection[str]) -> Sought:
        """Every channel is where it was."""
        return Sought()

    async def refresh(self) -> None:
        """There is nothing to ask: the town is in this process."""


class LocalHistory:
    """Fits `bot.ports.History`: messages as they read now. Reactions aren't kept."""

    first_read: Seconds = 30 * DAY
    threads: Seconds = 30 * DAY

    def __init__(self, town: LocalPlatform) -> None:
        self._town = town

    def readable(self) -> Sequence[str]:
        """The keys of the channels that aren't archived."""
        return [channel.key for channel in self._town.channels.values() if not channel.archived]

    async def since(
        self,
        channel: str,
        mark: Instant,
        *,
        parents: Instant | None = None,
        threads: Sequence[str] = (),
        below: Sequence[str] = (),
    ) -> AsyncIterator[Event]:
        """Every message of a channel later than `mark`, in order of time, replies in any thread too. Raises what `stumble` asked
        for."""
        await self._town.go_wrong()
        messages = sorted(self._town.find(channel).messages.values(), key=lambda message: message.at)
        for message in messages:
            if message.at > mark:
                yield Posted(message=message)

    async def message(self, channel: str, message: str, thread: str | None) -> Message | None:
        """A message as it reads now."""
        return self._town.find(channel).messages.get(message)
