"""Who is who on Discord: who is on the team, by their roles and the settings, and what people are called.

Every message of a server tells the roles that its author has then; what is known of a member may be behind. discord.py takes
those over silently, so that its `member_update` shows no change any more (2.7.1, member.py `_update_from_message`): who was on
the team is kept here, and compared. Somebody whom discord.py doesn't know isn't somebody who left: its list may be incomplete.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final

import discord
import structlog

from adapters.discord.failures import Waiting
from adapters.discord.named_roles import NamedRoles, RenamedRole
from adapters.discord.options import DiscordOptions
from adapters.discord.relays import name_of_spoken
from bot.domain.durations import Seconds
from bot.domain.letters import on_one_line
from bot.domain.people import Role
from bot.errors import DeliveryError
from bot.ports import Clock

MOST_PEOPLE: Final = 20_000
"""People whose names are kept in mind at once, some three hundred bytes each."""

MOST_LEFT: Final = 5_000
"""People who left, or lost their roles, of whom it is kept in mind that they were on the team: what they wrote before may be read
later."""

MOST_ASKED: Final = 100
"""People asked for in one request (https://docs.discord.com/developers/events/gateway-events, "Request Guild Members")."""

ASK_AGAIN: Final[Seconds] = 60 * 60.0

NAME_LENGTH: Final = 80

log = structlog.get_logger()

Somebody = discord.abc.User | discord.Object
"""Somebody with their names, or by their id alone."""


class DiscordPeople:
    """Knows who is on the team. Ids are Discord's, as text; servers go by their number."""

    def __init__(self, client: Callable[[], discord.Client], options: DiscordOptions, *, clock: Clock) -> None:
        self._client = client
        self._options = options
        self._clock = clock
        self._ask_at: dict[tuple[int, int], Seconds] = {}
        self._named_roles = NamedRoles(options)
        self._team_roles: dict[int, frozenset[int]] = {}
        self._kept: dict[int, frozenset[str]] = {}
        self._team: dict[int, set[str]] = {}
        self._were: dict[tuple[int, str], None] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._told: tuple[frozenset[str], dict[int, frozenset[str]]] | None = None
        self.on_news: Callable[[], None] = lambda: None
        """Called when somebody came to be on the team, or is on it no more."""

    # -- roles

    def team_roles(self, guild: discord.Guild) -> frozenset[int]:
        """The roles of a server whose people are the team, by the settings; none where it isn't looked at."""
        known = self._team_roles.get(guild.id)
        if known is None:
            known = self._team_roles[guild.id] = self._named_roles.find(guild)
        return known

    def missing_roles(self, guild: discord.Guild) -> tuple[str, ...]:
        """The roles that the settings name and the server doesn't have."""
        return self._named_roles.missing(guild)

    def renamed_roles(self, guild: discord.Guild) -> tuple[RenamedRole, ...]:
        """The roles of the team that are called otherwise than the settings name them."""
        return self._named_roles.renamed(guild)

    @property
    def roles_known(self) -> frozenset[str]:
        """Which role each name in the settings meant, to be remembered."""
        return self._named_roles.known

    def recall_roles(self, known: Iterable[str]) -> None:
        """What was to be remembered: a role that has another name since is still meant."""
        self._named_roles.recall(known)
        self._team_roles.clear()

    def is_team(self, roles: Iterable[int], user: int) -> bool:
        """Whether somebody with these roles is on the team."""
        id = str(user)
        if id in self._options.customers:
            return False
        if id in self._options.listed.members:
            return True
        if any(id in kept for kept in self._kept.values()):
            return True
        team = frozenset().union(*self._team_roles.values())
        return any(role in team for role in roles)

    def calls_team(self, guild: discord.Guild, role: int) -> bool:
        """Whether naming a role calls on the team: it is the team's, or the bot's own."""
        if role in self.team_roles(guild):
            return True
        own = guild.self_role
        return own is not None and own.id == role

    def role_of(self, account: Somebody, guild: discord.Guild | None) -> Role:
        """What somebody is, as far as they are known here. Of a member the roles are those of what came last from them."""
        id = str(account.id)
        if id in self._options.customers:
            return Role.CUSTOMER
        if id in self._options.listed.members:
            return Role.MEMBER
        if guild is None:
            return Role.CUSTOMER
        member = account if isinstance(account, discord.Member) else guild.get_member(account.id)
        if member is not None and member.bot:
            return Role.APP
        if member is None:
            was = id in self._team.get(guild.id, ()) or (guild.id, id) in self._were
            return Role.MEMBER if was else Role.CUSTOMER
        if any(member.get_role(role) is not None for role in self.team_roles(guild)) or id in self._kept.get(guild.id, ()):
            return Role.MEMBER
        return Role.CUSTOMER

    # -- learnt

    def learn(self, account: Somebody, guild: discord.Guild | None) -> Role:
        """Take in somebody who was met, and give what they are."""
        self.name(account)
        role = self.role_of(account, guild)
        if guild is not None and isinstance(account, discord.Member) and not account.bot:
            self._settle(guild.id, str(account.id), role is Role.MEMBER)
        return role

    def name(self, account: Somebody) -> None:
        """Take in what somebody is called: in a server, everywhere, and by which they are found."""
        if isinstance(account, discord.Object):
            return
        display, everywhere = account.display_name, getattr(account, "global_name", None) or ""
        names = tuple(dict.fromkeys(name for each in (display, everywhere, account.name) if (name := _clean(each))))
        id = str(account.id)
        if self._names.get(id) == names:
            return
        if len(self._names) >= MOST_PEOPLE:
            for old in list(self._names)[: MOST_PEOPLE // 10]:
                del self._names[old]
        self._names[id] = names

    def left(self, guild: int, user: str) -> None:
        """Somebody isn't in a server any more."""
        if user in self._kept.get(guild, ()):
            self._kept[guild] -= {user}
        self._settle(guild, user, False)

    def take_guild(self, guild: discord.Guild) -> None:
        """Look at everybody of a server anew. Who isn't known there now stays what they were, unless all of them are known. While
        a role that the settings name is gone, whoever was on the team stays on it: they are no customers by that."""
        self._team_roles.pop(guild.id, None)
        roles, before = self.team_roles(guild), self._team.get(guild.id, set())
        unseen = set() if guild.chunked else {user for user in before if guild.get_member(int(user)) is None}
        found = {
            str(member.id) for role in map(guild.get_role, roles) if role is not None for member in role.members if not member.bot
        }
        had_role = {user for user in before | self._kept.get(guild.id, frozenset()) if guild.get_member(int(user)) is not None}
        kept = frozenset(had_role - found - self._options.listed.members) if self._named_roles.lost(guild) else frozenset()
        self._kept[guild.id] = kept
        for user in before - found - unseen - kept:
            self._settle(guild.id, user, False)
        self._team[guild.id] = found | unseen | kept
        for member in guild.members:
            if str(member.id) in self._team[guild.id] or str(member.id) in self._options.listed.members:
                self.name(member)

    def drop_guild(self, guild: int) -> None:
        """The bot isn't in a server any more. Its team is what it was: nobody left because we can't see them."""
        self._team_roles.pop(guild, None)
        self._kept.pop(guild, None)

    def _settle(self, guild: int, user: str, on_team: bool) -> None:
        team = self._team.setdefault(guild, set())
        if on_team is (user in team):
            return
        if on_team:
            team.add(user)
        else:
            team.discard(user)
            self._remember(guild, user)
        self.on_news()

    def _remember(self, guild: int, user: str) -> None:
        if len(self._were) >= MOST_LEFT:
            del self._were[next(iter(self._were))]
        self._were[guild, user] = None

    async def ask(self, guild: discord.Guild, users: Collection[int], waiting: Waiting) -> None:
        """Ask who these are in a server, unless everybody there is known: by their ids that takes no permission. Who isn't there
        any more isn't asked for again for a while. Never raises on Discord's account."""
        if guild.chunked:
            return
        now = self._clock.elapsed()
        wanted = sorted(id for id in users if guild.get_member(id) is None and self._ask_at.get((guild.id, id), now) <= now)
        for start in range(0, len(wanted), MOST_ASKED):
            ids = wanted[start : start + MOST_ASKED]
            if len(self._ask_at) >= MOST_PEOPLE:
                self._ask_at.clear()
            self._ask_at.update(dict.fromkeys(((guild.id, id) for id in ids), now + ASK_AGAIN))
            query = guild.query_members(user_ids=ids, limit=MOST_ASKED, cache=True)
            try:
                for member in await waiting.answer(query, "asking who somebody is", where=str(guild.id)):
                    self.learn(member, guild)
            except DeliveryError as error:
                say = "Discord couldn't be asked who somebody is. Until it can they are what was known of them, else a customer."
                log.warning("discord_people_unknown", say=say, repeats=True, people=len(ids), reason=str(error))

    # -- asked

    def members(self) -> frozenset[str]:
        """Who is on the team: whom the settings name, but for who is surely in none of its servers any more, and who has a role
        of it."""
        listed = {user for user in self._options.listed.members if self._may_be_here(user)}
        found = listed.union(*self._team.values())
        me = self._client().user
        return frozenset(found - self._options.customers - ({str(me.id)} if me is not None else set()))

    def by_server(self) -> dict[int, frozenset[str]]:
        """Who is on the team in each server, where several are looked at."""
        named = [one.id for one in self._options.guilds]
        if len(named) < 2:
            return {}
        members = self.members()
        return {id: members.intersection(self._team.get(id, ())) | self._listed_in(id, members) for id in named}

    def _listed_in(self, guild: int, members: frozenset[str]) -> frozenset[str]:
        """Whom the settings name and who is in a server; or may be, where not everybody there is known."""
        there = self._client().get_guild(guild)
        listed = self._options.listed.members & members
        if there is None:
            return frozenset(user for user in listed if user in self._team.get(guild, ()))
        return frozenset(user for user in listed if there.get_member(int(user)) is not None or self._unknown(there, user))

    def _unknown(self, guild: discord.Guild, user: str) -> bool:
        return not guild.chunked and (guild.id, int(user)) not in self._ask_at

    def _may_be_here(self, user: str) -> bool:
        guilds = [self._client().get_guild(one.id) for one in self._options.guilds]
        return not guilds or any(
            guild is None or not guild.chunked or guild.get_member(int(user)) is not None for guild in guilds
        )

    def news(self) -> bool:
        """Whether who is on the team is another than when this was asked last."""
        now = (self.members(), self.by_server())
        changed = now != self._told
        self._told = now
        return changed

    def news_again(self) -> None:
        """What was told last couldn't be taken up: it is news again."""
        self._told = None

    def names(self, user: str) -> tuple[str, ...]:
        """All names of somebody, the one shown first; their id when nobody knows any."""
        known = self._names.get(user)
        if known is None and user.isdecimal():
            account = self._account(int(user))
            if account is not None:
                self.name(account)
                known = self._names.get(user)
        return known or (name_of_spoken(user) or user,)

    def unknown(self, users: Collection[str]) -> list[str]:
        """Which of these nobody has a name for."""
        return [user for user in users if user.isdecimal() and self.names(user) == (user,)]

    def shown(self, user: str) -> str:
        """What is shown for somebody."""
        return self.names(user)[0]

    def _account(self, user: int) -> discord.abc.User | None:
        client = self._client()
        for options in self._options.guilds:
            guild = client.get_guild(options.id)
            member = guild.get_member(user) if guild is not None else None
            if member is not None:
                return member
        return client.get_user(user)


def _clean(name: str) -> str:
    return on_one_line(name, NAME_LENGTH)
