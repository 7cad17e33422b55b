"""Who is who in a workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.keys import platform_of, server_of
from bot.domain.value import value


class Role(StrEnum):
    """What somebody is in a workspace. An unknown author is a customer: better watched than overlooked."""

    CUSTOMER = "customer"
    MEMBER = "member"
    APP = "app"


CUSTOMER, MEMBER, APP = Role.CUSTOMER, Role.MEMBER, Role.APP
"""The roles by themselves, for what runs many times a message: looking a member of an Enum up costs as much as a small call."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Which accounts on platforms are one member's, who goes by one key everywhere: their id on one of these platforms.

    `by_member` gives a member's account ids by their platforms' names. Who isn't in it has one account, and its id is their key;
    so a team on one platform has nothing in it, and pays nothing for it.
    """

    by_member: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _members: Mapping[str, Mapping[str, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        members: dict[str, dict[str, str]] = {}
        for member, accounts in self.by_member.items():
            for platform, account in accounts.items():
                if account != member:
                    members.setdefault(platform, {})[account] = member
        object.__setattr__(self, "_members", members)

    def member(self, platform: str, account: str) -> str:
        """The key of whose account this is. It is the account's own id for customers, apps, and members with one account."""
        known = self._members.get(platform)
        return account if known is None else known.get(account, account)

    def account(self, platform: str, member: str) -> str | None:
        """A member's account on a platform, by their key. None when they have none there."""
        accounts = self.by_member.get(member)
        return member if accounts is None else accounts.get(platform)


@value
class Team:
    """The members the bot knows of, by key, with who leads and who is on duty (keys, in the order to be asked). `accounts` says
    which accounts on platforms are theirs. Where a platform has several servers with a team each, `servers` says who is on which
    one's, by how the keys of its channels begin; `left` are those that the settings named once and name no more."""

    members: frozenset[str] = frozenset()
    leads: tuple[str, ...] = ()
    duty: tuple[str, ...] = ()
    accounts: Accounts = field(default_factory=Accounts, hash=False)
    servers: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    left: frozenset[str] = frozenset()

    def there(self, channel: str, members: Iterable[str]) -> tuple[str, ...]:
        """Those of these members who can reply in a channel, by its key, in their order: they have an account on its platform,
        and are on the team of its server."""
        platform, server = platform_of(channel), self.servers.get(server_of(channel))
        return tuple(
            member
            for member in members
            if (server is None or member in server) and self.accounts.account(platform, member) is not None
        )

    def place_of(self, channel: str) -> str:
        """With what a channel, by its key, is told of: its server, where servers have a team each, else its platform."""
        server = server_of(channel)
        return server if server in self.servers else platform_of(channel)

    def places_of(self, member: str) -> tuple[str, ...]:
        """The servers that have a team each, and the other platforms, on which a member is; none where no servers have."""
        if not self.servers:
            return ()
        parted = {platform_of(server) for server in self.servers}
        servers = tuple(server for server, there in self.servers.items() if member in there)
        return (*servers, *sorted(self.accounts.by_member.get(member, {}).keys() - parted))

    def may_read(self, member: str, channel: str) -> bool:
        """Whether a member may read what customers write in a channel, by its key: everybody may, but where servers have a team
        each, only who is on that one's, who leads, and who is on the team of a platform that is one. What is kept of a server
        that is left is for leads."""
        if self.left and server_of(channel) in self.left:
            return member in self.leads
        if not self.servers or member in self.leads or member in self.servers.get(server_of(channel), ()):
            return True
        parted = {platform_of(server) for server in self.servers}
        return any(platform not in parted for platform in self.accounts.by_member.get(member, ()))

    def known_to(self, member: str) -> frozenset[str]:
        """Those on the team whom a member is shown: all, but where servers have a team each, who may read what they may."""
        if not self.servers:
            return self.members
        seen = [there for server, there in self.servers.items() if self.may_read(member, f"{server}:")]
        if len(seen) == len(self.servers):
            return self.members
        return self.members.intersection(frozenset(self.leads).union(*seen, (member,)))


def merged(teams: Mapping[str, Team], accounts: Accounts) -> Team:
    """The one team of several platforms, given who is on it on each (by account). Who isn't in `accounts` is put there: so it
    is known which platform they are on; leads and duty are asked in the order they have there. One platform's team stays as it is
    where everybody goes by their id there."""
    if len(teams) == 1 and not accounts.by_member:
        return next(iter(teams.values()))
    known = {member: dict(there) for member, there in accounts.by_member.items()}
    for platform, team in teams.items():
        for account in sorted(team.members):
            if accounts.member(platform, account) not in accounts.by_member:
                known.setdefault(account, {})[platform] = account

    def member_keys(platform: str, people: Iterable[str]) -> frozenset[str]:
        return frozenset(accounts.member(platform, account) for account in people)

    def keys(people: Callable[[Team], Iterable[str]]) -> dict[str, None]:
        found = {accounts.member(platform, account): None for platform, team in teams.items() for account in people(team)}
        return {member: None for member in (*known, *found) if member in found}

    return Team(
        members=frozenset(keys(lambda team: team.members)),
        leads=tuple(keys(lambda team: team.leads)),
        duty=tuple(keys(lambda team: team.duty)),
        accounts=Accounts(known),
        servers={
            server: member_keys(platform, there) for platform, team in teams.items() for server, there in team.servers.items()
        },
        left=frozenset[str]().union(*(team.left for team in teams.values())),
    )
