"""Which roles the settings mean by the names they give: once found, a role is meant whatever it is called later.

Which role a name in the settings meant is kept, over restarts too. So a role that is given another name makes nobody a customer,
also where a new one bears its name by now: both are the team's until somebody corrects the settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import discord

from adapters.discord.options import DiscordOptions
from bot.domain.keys import argument, split_argument
from bot.domain.value import value


@value
class RenamedRole:
    """A role that stands in the settings by the name `there`, and is called `now`. `another`: a new role bears the old name."""

    there: str
    now: str
    another: bool


class NamedRoles:
    """Finds a server's roles by what stands in the settings: an id, or a name."""

    def __init__(self, options: DiscordOptions) -> None:
        self._options = options
        self._meant: dict[tuple[int, str], frozenset[int]] = {}

    def find(self, guild: discord.Guild) -> frozenset[int]:
        """The roles of a server that the settings name; none where it isn't looked at. A name that several roles bear means all
        of them."""
        return frozenset(id for _, ids in self._find(guild) for id in ids)

    def missing(self, guild: discord.Guild) -> tuple[str, ...]:
        """What the settings name, as it stands there, and the server has no role for."""
        return tuple(wanted for wanted, ids in self._find(guild) if not ids)

    def lost(self, guild: discord.Guild) -> tuple[str, ...]:
        """Those of them for which it had one."""
        return tuple(wanted for wanted in self.missing(guild) if (guild.id, _named(wanted)) in self._meant)

    def renamed(self, guild: discord.Guild) -> tuple[RenamedRole, ...]:
        """What the settings name and is called otherwise now."""
        found: list[RenamedRole] = []
        for wanted, ids in self._find(guild):
            roles = [role for role in map(guild.get_role, sorted(ids)) if role is not None]
            others = [role for role in roles if not _bears(role, _named(wanted))]
            found += [RenamedRole(there=wanted, now=role.name, another=len(others) < len(roles)) for role in others]
        return tuple(found)

    @property
    def known(self) -> frozenset[str]:
        """What is to be remembered: which roles were meant by which names, each as a text."""
        return frozenset(
            argument(str(guild), name, str(id)) for (guild, name), ids in self._meant.items() for id in ids if name != str(id)
        )

    def recall(self, known: Iterable[str]) -> None:
        """Take in what was to be remembered, as far as the settings still name it."""
        for text in known:
            parts = split_argument(text)
            if len(parts) == 3 and parts[0].isdecimal() and parts[2].isdecimal():
                guild, name, id = int(parts[0]), parts[1], int(parts[2])
                options = self._options.guild(guild)
                if options is not None and name in map(_named, options.team_roles):
                    self._meant[guild, name] = self._meant.get((guild, name), frozenset()) | {id}

    def _find(self, guild: discord.Guild) -> Iterator[tuple[str, frozenset[int]]]:
        options = self._options.guild(guild.id)
        for wanted in options.team_roles if options is not None else ():
            name = _named(wanted)
            there = [role for role in guild.roles if not role.is_default()]
            named = frozenset(role.id for role in there if _bears(role, name))
            meant = self._meant.get((guild.id, name), frozenset())
            renamed = frozenset(role.id for role in there if role.id in meant) if named.isdisjoint(meant) else frozenset()
            # A role that is gone isn't forgotten while no other bears its name: its server may be half there yet. One that was
            # renamed stays the one that is meant, beside what bears its name by now.
            if renamed or named:
                self._meant[guild.id, name] = renamed or named
            yield wanted, named | renamed


def _bears(role: discord.Role, name: str) -> bool:
    return name in (str(role.id), role.name.casefold())


def _named(wanted: str) -> str:
    return wanted.removeprefix("@").casefold()
