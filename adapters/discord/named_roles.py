"""Which roles the settings mean by the names they give: once found, a role is meant whatever it is called later.

Which role a name in the settings meant is kept, over restarts too, and holds as long as no other role bears that name. So a role
that is given another name makes nobody a customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import discord

from adapters.discord.options import DiscordOptions
from bot.domain.keys import argument, split_argument


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

    def renamed(self, guild: discord.Guild) -> tuple[tuple[str, str], ...]:
        """What the settings name and is called otherwise now: (there, now)."""
        return tuple(
            (wanted, role.name)
            for wanted, ids in self._find(guild)
            for role in map(guild.get_role, sorted(ids))
            if role is not None and _named(wanted) not in (str(role.id), role.name.casefold())
        )

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
            found = frozenset(role.id for role in there if name in (str(role.id), role.name.casefold()))
            if not found:  # where another one bears the name by now, it is that one
                meant = self._meant.get((guild.id, name), frozenset())
                found = frozenset(role.id for role in there if role.id in meant)
            if found:  # a role that is gone isn't forgotten while no other bears its name: its server may be half there yet
                self._meant[guild.id, name] = found
            yield wanted, found


def _named(wanted: str) -> str:
    return wanted.removeprefix("@").casefold()
