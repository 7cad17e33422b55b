"""A team's Discord as the rest of the bot asks about it: who is on it, what channels are called, where reminders go.

What the settings say comes first; Discord says the rest. It tells nothing of anybody's time: neither zone nor absences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import discord

from adapters.discord.failures import UNKNOWN_PAUSE, Waiting
from adapters.discord.pace import ReadingPace
from adapters.discord.people import DiscordPeople
from adapters.discord.places import LONGEST_NAME, DiscordPlaces, Place, guild_in, ids_of, server_key
from adapters.discord.welcome_bots import welcome_bots
from bot.domain.hours import Own
from bot.domain.keys import channel_id
from bot.domain.letters import on_one_line
from bot.domain.moves import Moves
from bot.domain.outgoing import Address
from bot.domain.people import Team
from bot.errors import AccessLost, DeliveryError, Forbidden, Gone, RetryLater
from bot.ports import PresentApp, PresentApps, Sought

MOST_ASKED: Final = 50
"""People whose names are asked for at once, a request each."""


MOST_LISTED: Final = 10_000
"""People of a server that are looked through for bots where no session tells of them: ten requests."""

UNTOLD: Final = "Discord tells nobody which bots send direct messages: that shows in their settings alone."
UNLISTED: Final = "Which bots are in a server it lists only with the Server Members Intent; these are some of them."


class DiscordWorkspace:
    """Fits `bot.ports.Workspace`. `listed` are the settings' members, leads and duty by their Discord ids; `lists` says whether
    who is in a server can be asked for, `log_in` makes sure that Discord can be asked, and gives whether there is a session."""

    def __init__(
        self,
        client: Callable[[], discord.Client],
        places: DiscordPlaces,
        people: DiscordPeople,
        waiting: Waiting,
        pace: ReadingPace,
        *,
        listed: Team,
        lists: Callable[[], bool],
        log_in: Callable[[], Awaitable[bool]],
    ) -> None:
        self._client = client
        self._places = places
        self._people = people
        self._waiting = waiting
        self._pace = pace
        self._listed = listed
        self._lists = lists
        self._log_in = log_in
        self._asked_apps: tuple[PresentApp, ...] = ()
        self._asked_all = False
        self._answering: Counter[int] = Counter()

    def team(self) -> Team:
        """Who is on the team now. Leads and duty are in the settings; whom they don't name comes from Discord's roles. Who left
        is asked nothing any more, whatever the settings say."""
        listed, members = self._listed, self._people.members()
        return replace(
            listed,
            members=members,
            leads=tuple(lead for lead in listed.leads if lead in members),
            duty=tuple(member for member in listed.duty if member in members),
            servers={server_key(guild): there for guild, there in self._people.by_server().items()},
            left=frozenset(map(server_key, self._places.left())),
        )

    def names(self, person: str) -> tuple[str, ...]:
        """All names of somebody, the one shown first; their id when nobody knows any."""
        return self._people.names(person)

    def company(self, person: str) -> str | None:
        """Discord knows nothing of organisations."""
        return None

    def channels(self) -> Mapping[str, str]:
        """The names of the channels that are looked at, by their keys."""
        return {Place(guild=one.guild.id, channel=one.id).key: one.name for one in self._places.watched()}

    def watches(self, channel: str) -> bool:
        """Whether a channel's messages are looked at at all."""
        return self._places.watches(*ids_of(channel))

    def channel_name(self, channel: str) -> str:
        """What a channel is called, by its key; its id, or its server's name, when it isn't known."""
        server = self._places.left().get(ids_of(channel)[0])
        return self._places.name(channel) or (f"a channel of {server}" if server else channel_id(channel))

    def destination(self, about: str | None = None) -> Address | None:
        """The channel for reminders of the server that this is about; where the settings give it none, or it is about no single
        one, the first that there is. What has a channel of its own goes to no other server's, also while it can't be found."""
        guild = 0 if about is None else guild_in(about)
        own = self._places.destination(guild)
        if own is not None:
            return Address("discord", "channel", str(own))
        options = self._places.options(guild)
        return None if options is not None and options.apart else next(iter(self.destinations()), None)

    def destinations(self) -> Sequence[Address]:
        """The channels for reminders of all servers, in the order of the settings."""
        found = (self._places.destination(guild) for guild in self._places.named())
        return [Address("discord", "channel", str(id)) for id in found if id is not None]

    def servers(self) -> Sequence[str]:
        """The servers that are looked at, where there are several."""
        named = self._places.named()
        return [server_key(guild) for guild in named] if len(named) > 1 else []

    def server_of(self, address: Address) -> str | None:
        """In which of several servers a channel for reminders is."""
        named = self._places.named() if address.kind == "channel" else []
        if len(named) < 2:
            return None
        return next((server_key(guild) for guild in named if str(self._places.destination(guild)) == address.id), None)

    def troubles(self) -> Sequence[tuple[str | None, str]]:
        """Servers that the bot isn't in any more, and roles of the team that are gone, or have another name than in the settings.
        Of a server that is left those are told who are elsewhere: there nothing can be said."""
        several = len(self._places.named()) > 1
        found: list[tuple[str | None, str]] = []
        for id, name in self._places.absent_from().items():
            says = f"realreply isn't in the server {name or id} any more: nothing is seen of it, and nobody there is reminded."
            found.append((None, f"{says} `realreply discord invite` prints the link by which it comes back."))
        for guild in self._places.guilds():
            server, where = server_key(guild.id) if several else None, on_one_line(guild.name, LONGEST_NAME)
            for role in self._people.missing_roles(guild):
                says = f"{where} has no role {role}, which the settings name: by it nobody can be told from a customer."
                found.append((server, f"{says} Please correct team_roles."))
            for renamed in self._people.renamed_roles(guild):
                says = f"The role {renamed.there} of {where} is now called {on_one_line(renamed.now, LONGEST_NAME)}"
                do = "It counts all the same; please put its new name into team_roles."
                if renamed.another:
                    says += f", and a new role is called {renamed.there}"
                    do = "Who has either counts as the team's; please put the id of the one that is meant into team_roles."
                found.append((server, f"{says}. {do}"))
        return found

    def apps(self) -> PresentApps:
        """The bots of the servers that are looked at, but for ours; all of them where members are listed."""
        guilds = self._places.guilds()
        found = [_app(guild, one) for guild in guilds for one in guild.members if one.bot and one.id != guild.me.id]
        complete = self._lists() if guilds else self._asked_all
        return PresentApps(apps=(*found, *self._asked_apps), untold=UNTOLD if complete else f"{UNTOLD} {UNLISTED}")

    async def ask_apps(self) -> None:
        """Where no session was begun, ask each server for its bots. Raises DeliveryError and its kinds."""
        if self._places.guilds():
            return
        user, found, self._asked_all = self._client().user, [], True
        for id in self._places.named():
            try:
                guild = await self._waiting.answer(self._client().fetch_guild(id), "asking about a server", where=str(id))
                members = await self._waiting.answer(_bots(guild), "listing who is in a server", where=str(id))
            except (Gone, Forbidden):
                self._asked_all = False  # the bot isn't in there, or the members intent is off
                continue
            found += [_app(guild, one) for one in members if user is None or one.id != user.id]
        self._asked_apps = tuple(found)

    def link(self, channel: str, message: str, thread: str | None) -> str | None:
        """The address of a message; None in a channel that can't be seen any more. A forum post's first message stands in the
        post."""
        forum = self._places.is_forum(channel)
        if forum is None or (self._places.parent(channel) is None and self._places.is_here(ids_of(channel)[0])):
            return None
        guild, id = ids_of(channel)
        inside = message if forum and thread is None else thread
        return f"https://discord.com/channels/{guild}/{inside or id}/{message}"

    def times(self, person: str) -> Own:
        """Discord tells nobody's."""
        return Own()

    async def ask_times(self, person: str) -> None:
        """There is nothing to ask."""

    async def ask_names(self, people: Collection[str]) -> None:
        """Ask for the people who aren't known yet."""
        for user in self._people.unknown(people)[:MOST_ASKED]:
            await self._pace.turn(int(user))
            try:
                self._people.name(await self._waiting.answer(self._client().fetch_user(int(user)), "asking who somebody is"))
            except AccessLost:
                raise
            except DeliveryError:
                continue  # they are shown by their id

    def recall(self, moves: Moves, learnt: Collection[str]) -> None:
        """Which roles of the team have another name since, and what the servers were called. Channels keep their ids here, for
        good."""
        self._people.recall_roles(learnt)
        self._places.recall_servers(learnt)

    def learnt(self) -> frozenset[str]:
        """Which roles the names in the settings meant, and what the servers are called."""
        return self._people.roles_known | self._places.servers_known

    async def seek(self, channels: Sequence[str], waiting: Collection[str]) -> Sought:
        """Which of the channels in which somebody waits can't be seen any more. A server that has an outage isn't gone."""
        away = {guild for guild in self._places.named() if self._places.is_away(guild)}
        gone = tuple(
            key
            for key in channels
            if key in waiting
            and ids_of(key)[0] not in away
            and ((parent := self._places.parent(key)) is None or not self._places.sees(parent))
        )
        return Sought(gone=gone)

    async def refresh(self) -> None:
        """Look at everybody anew. Where discord.py couldn't list a server's people, which it doesn't say, they are asked for.
        Raises DeliveryError and its kinds."""
        self._places.forget()
        if not await self._log_in():
            await self._glance()
            return
        for guild in self._places.guilds():
            self._people.take_guild(guild)
            if self._lists() and not guild.chunked:
                await self._waiting.answer(self._list(guild), "listing who is in a server", where=str(guild.id))
            elif len(self._places.named()) > 1:
                listed = [int(user) for user in self._listed.members if user.isdecimal()]
                await self._people.ask(guild, listed, self._waiting)

    async def _glance(self) -> None:
        """Where no session was begun, ask what channels there are."""
        for id in self._places.named():
            try:
                guild = await self._waiting.answer(self._client().fetch_guild(id), "asking about a server", where=str(id))
                channels = await self._waiting.answer(guild.fetch_channels(), "listing channels", where=str(id))
            except Gone:
                continue  # the bot isn't in there; `doctor` says so
            self._places.glance(id, channels)

    async def _list(self, guild: discord.Guild) -> None:
        async for member in guild.fetch_members(limit=None):
            self._people.learn(member, guild)

    async def is_here(self, user: int) -> bool:
        """Whether somebody is in a server that is looked at; yes, where Discord can't be asked just now."""
        for guild in self._places.guilds():
            if guild.get_member(user) is not None:
                return True
            try:
                await self._waiting.answer(guild.fetch_member(user), "asking who somebody is", where=str(guild.id))
            except Gone:
                continue
            except DeliveryError:
                pass  # better a report too many than one that somebody from here couldn't make
            return True
        return False

    async def is_member_now(self, user: int, within: int | None = None) -> bool:
        """Whether somebody is on the team, asked of Discord now: of one server, by its id, or (None) of any that is looked at.
        Raises DeliveryError; RetryLater where they may be on that of a server that is away: what is about it can wait until it
        is back. Only for who is being answered that server is asked, too."""
        for guild in self._places.guilds():
            if within not in (None, guild.id):
                continue
            try:
                asking = guild.fetch_member(user)
                member = await self._waiting.answer(asking, "asking who somebody is", where=str(guild.id))
            except Gone:
                self._people.left(guild.id, str(user))
                continue
            self._people.learn(member, guild)
            if self._people.is_team((role.id for role in member.roles), user):
                return True
        away = [guild for guild in self._places.named() if within in (None, guild) and self._places.is_away(guild)]
        for id in away if self._answering[user] else ():
            if await self._is_member_of_away(user, id):
                return True
        if away:
            why = f"Discord has an outage of a server: whether {user} is on its team can't be told until it is over"
            raise RetryLater(why, after=UNKNOWN_PAUSE, uncertain=False)
        return False

    @contextmanager
    def answering(self, user: int) -> Iterator[None]:
        """Within this, somebody who called the bot by themselves is answered."""
        self._answering[user] += 1
        try:
            yield
        finally:
            self._answering[user] -= 1
            self._answering += Counter()  # who is answered no more is forgotten

    async def _is_member_of_away(self, user: int, id: int) -> bool:
        """Whether Discord says of somebody that they are on the team of a server that is away: it may tell of one of which it
        sends nothing. That it doesn't say so means nothing."""
        guild = self._client().get_guild(id)
        if guild is None:
            return False
        try:
            member = await self._waiting.answer(guild.fetch_member(user), "asking who somebody is", where=str(id))
        except DeliveryError:
            return False
        return self._people.is_team((role.id for role in member.roles), user)


async def _bots(guild: discord.Guild) -> list[discord.Member]:
    return [member async for member in guild.fetch_members(limit=MOST_LISTED) if member.bot]


def _app(guild: discord.Guild, bot: discord.Member) -> PresentApp:
    known = welcome_bots().get(str(bot.id))
    return PresentApp(
        id=str(bot.id),
        name=on_one_line(bot.display_name, LONGEST_NAME),
        server=server_key(guild.id),
        server_name=on_one_line(guild.name, LONGEST_NAME),
        welcomes="" if known is None else known.source,
    )
