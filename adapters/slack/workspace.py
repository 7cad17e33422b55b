"""A team's Slack as the rest of the bot asks about it: who is on it, who is there when, what channels are called, where
reminders go.

What the settings say comes first; Slack says the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.slack.directory import Directory
from adapters.slack.links import permalink
from bot.domain.hours import Interval, Own
from bot.domain.keys import channel_id
from bot.domain.moves import Moves
from bot.domain.outgoing import Address
from bot.domain.people import Team
from bot.ports import PresentApps, Sought

UNTOLD: Final = (
    "Slack tells a bot with as few scopes as mine neither which apps are installed nor which may write direct messages "
    "(chat:write, im:write): an admin sees both under Tools & settings, Manage apps."
)


class SlackWorkspace:
    """Fits `bot.ports.Workspace`. `listed` are the settings' members, leads and duty by their Slack ids, `wanted` the id or
    name of the channel for reminders, None when the settings name none."""

    def __init__(self, directory: Directory, *, listed: Team, wanted: str | None) -> None:
        self._directory = directory
        self._listed = listed
        self._absences: dict[str, tuple[Interval, ...]] = {}
        self.wanted = wanted

    def team(self) -> Team:
        """Who is on the team now. Leads and duty are in the settings; whom they don't name comes from Slack. Who is gone there is
        asked nothing any more, whatever the settings say."""
        listed, members = self._listed, self._directory.members()
        return replace(
            listed,
            members=members,
            leads=tuple(lead for lead in listed.leads if lead in members),
            duty=tuple(member for member in listed.duty if member in members),
        )

    def names(self, person: str) -> tuple[str, ...]:
        """All names of somebody, the one shown first; their id when nobody knows any."""
        return self._directory.names(person)

    def company(self, person: str) -> str | None:
        """What the organisation is called that somebody comes from, through Slack Connect."""
        return self._directory.company(person)

    def channels(self) -> Mapping[str, str]:
        """The names of the channels the bot is in, by their keys, but for the one it posts in."""
        return {key: info.name for key, info in self._directory.channels().items() if self.watches(key)}

    def watches(self, channel: str) -> bool:
        """Whether a channel's messages are looked at at all: the bot's own posts to the team are nothing to watch. While it
        isn't known what a channel is called, nobody can tell which rules hold there; once it is, its past is read."""
        if self._directory.is_unmet(channel_id(channel)):
            return False
        to = self.destination()
        return to is None or channel_id(channel) != to.id

    def apps(self) -> PresentApps:
        """Slack lists none to a bot with as few scopes as ours."""
        return PresentApps(untold=UNTOLD)

    async def ask_apps(self) -> None:
        """There is nothing to ask."""

    def channel_name(self, channel: str) -> str:
        """What a channel is called, by its key; its id when it isn't known."""
        id = channel_id(channel)
        return self._directory.channel_name(id) or id

    def destinations(self) -> Sequence[Address]:
        """The one there is, once the bot is in it."""
        to = self.destination()
        return () if to is None else (to,)

    def servers(self) -> Sequence[str]:
        """All of it is one."""
        return ()

    def server_of(self, address: Address) -> str | None:
        """All of it is one."""
        return None

    def destination(self, about: str | None = None) -> Address | None:
        """The team's channel for reminders, once the bot is in it."""
        if self.wanted is None:
            return None
        wanted = self._directory.current(self.wanted)
        for info in self._directory.channels().values():
            if wanted in (info.id, info.name) and not info.archived:
                return Address("slack", "channel", info.id)
        return None

    def troubles(self) -> Sequence[tuple[str | None, str]]:
        """What is wrong is said in the log and by `doctor`."""
        return ()

    def link(self, channel: str, message: str, thread: str | None) -> str | None:
        """The address of a message; None in a channel that can't be reached any more."""
        if channel in self._directory.gone:
            return None
        return permalink(self._directory.url, channel_id(channel), message, thread)

    def times(self, person: str) -> Own:
        """Somebody's time zone by their profile, and when they aren't there: vacation, do not disturb."""
        return Own(zone=self._zone(person), away=self._absences.get(person, ()))

    def _zone(self, person: str) -> ZoneInfo | None:
        known = self._directory.timezone(person)
        try:
            return None if known is None else ZoneInfo(known)
        except (ZoneInfoNotFoundError, ValueError):  # a zone this machine doesn't know: the team's clock is a fair guess
            return None

    async def ask_times(self, person: str) -> None:
        """Ask for somebody's absences, if what is known is older than ten minutes or was said to have changed."""
        times = await self._directory.person_times(person)
        self._absences[person] = tuple((absence.since, absence.until) for absence in times.absences)

    async def ask_names(self, people: Collection[str]) -> None:
        """Ask for the people who aren't known yet, such as customers from other organisations, and what those are called. Who
        can't be asked for stays unknown."""
        await self._directory.acquaint(people, within=None)

    def recall(self, moves: Moves, learnt: Collection[str]) -> None:
        """Channels that were given another id before."""
        self._directory.recall(moves)

    def learnt(self) -> frozenset[str]:
        """Slack can be asked for everything again."""
        return frozenset()

    async def seek(self, channels: Sequence[str], waiting: Collection[str]) -> Sought:
        """What became of channels that the bot isn't in any more. Raises AccessLost."""
        return await self._directory.seek(channels, waiting)

    async def refresh(self) -> None:
        """Ask for everybody and every channel anew. Raises DeliveryError and its kinds."""
        await self._directory.start()
