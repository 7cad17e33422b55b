"""Everything there is, and how it is looked up: guilds, channels, users, roles, messages."""

from __future__ import annotations

import re

from tests.discord_sandbox import permissions
from tests.discord_sandbox.model import DM, Channel, Guild, Member, Message, Numbering, Role, User, Webhook


class World:
    """The contents of the fake. Names are looked up for tests only; the API knows ids."""

    def __init__(self, *, bot: User, application_id: str) -> None:
        self.numbering = Numbering()
        self.bot = bot
        self.application_id = application_id
        self.users: dict[str, User] = {bot.id: bot}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.webhooks: dict[str, Webhook] = {}

    def guild(self, key: str | Guild | None = None) -> Guild:
        """A guild by id or name, or itself; the first one if nothing is said."""
        if isinstance(key, Guild):
            return key
        if key is None:
            return next(iter(self.guilds.values()))
        if key in self.guilds:
            return self.guilds[key]
        for guild in self.guilds.values():
            if guild.name == key:
                return guild
        raise KeyError(f"there is no guild {key!r}")

    def guild_of(self, channel: Channel) -> Guild | None:
        """The guild a channel is in; None of a DM."""
        return self.guilds[channel.guild_id] if channel.guild_id is not None else None

    def channel(self, key: str | Channel) -> Channel:
        """A channel or thread by id, by name with or without #, or itself."""
        if isinstance(key, Channel):
            return key
        if key in self.channels:
            return self.channels[key]
        for channel in self.channels.values():
            if channel.name == key.removeprefix("#") and not channel.deleted:
                return channel
        raise KeyError(f"there is no channel {key!r}")

    def user(self, key: str | User) -> User:
        """A user by id or any of their names (any case), or itself."""
        if isinstance(key, User):
            return key
        if key in self.users:
            return self.users[key]
        for user in self.users.values():
            if key.lower() in (user.username.lower(), user.name.lower()):
                return user
        raise KeyError(f"there is nobody called {key!r}")

    def role(self, guild: Guild, key: str | Role) -> Role:
        """A role by id or name, or itself."""
        if isinstance(key, Role):
            return key
        if key in guild.roles:
            return guild.roles[key]
        for role in guild.roles.values():
            if role.name.lower().removeprefix("@") == key.lower().removeprefix("@"):
                return role
        raise KeyError(f"there is no role {key!r}")

    def message(self, channel: str | Channel, id: str) -> Message:
        """A message that hasn't been deleted; KeyError otherwise."""
        found = self.channel(channel).messages[id]
        if found.deleted:
            raise KeyError(f"the message {id} is deleted")
        return found

    def dm(self, user: User) -> Channel:
        """The DM between the bot and somebody; made when first asked for."""
        for channel in self.channels.values():
            if channel.kind == DM and channel.recipient == user.id:
                return channel
        id = str(int(user.id) + 1)
        while id in self.channels:
            id = str(int(id) + 1)
        made = Channel(id=id, kind=DM, name=f"dm-{user.username}", recipient=user.id)
        self.channels[made.id] = made
        return made

    def between(self, one: User, other: User) -> Channel:
        """The direct messages of two, in which the bot isn't; made when first asked for."""
        both = tuple(sorted((one.id, other.id)))
        for channel in self.channels.values():
            if channel.between == both:
                return channel
        id = str(int(one.id) + int(other.id))
        made = self.channels[id] = Channel(id=id, kind=DM, name=f"dm-{one.username}-{other.username}", between=both)
        return made

    def member_of(self, channel: Channel, user_id: str) -> Member | None:
        """Somebody as a member of the channel's guild."""
        guild = self.guild_of(channel)
        return guild.members.get(user_id) if guild is not None else None

    def may(self, user_id: str, channel: Channel, *names: str, now: float) -> bool:
        """Whether somebody may do all of this in a channel."""
        guild = self.guild_of(channel)
        if guild is None:
            return user_id in (channel.between or (self.bot.id, channel.recipient))
        return permissions.may(guild, channel, guild.members.get(user_id), *names, now=now)

    def readers(self, channel: Channel, *, now: float) -> set[str]:
        """Everybody who can read a channel at this moment, the bot too."""
        guild = self.guild_of(channel)
        if guild is None:
            return set(channel.between) or {self.bot.id, *([channel.recipient] if channel.recipient else [])}
        return {id for id in guild.members if self.may(id, channel, "VIEW_CHANNEL", now=now)}

    def wire(self, text: str, guild: Guild | None) -> str:
        """Text as it travels: `@Name` of known people and roles becomes a mention, `#name` of known channels a link."""

        def mention(found: re.Match[str]) -> str:
            name = found[1]
            try:
                return f"<@{self.user(name).id}>"
            except KeyError:
                pass
            for role in guild.roles.values() if guild is not None else ():
                if role.name.lower() == name.lower():
                    return f"<@&{role.id}>"
            return found[0]

        return re.sub(r"(?<![\w.<])@([\w.-]*\w)", mention, text)

    def named(self, text: str, guild: Guild | None) -> tuple[list[str], list[str], bool]:
        """Ids of users and roles that a text names, and whether it says @everyone or @here."""
        users = [id for id in dict.fromkeys(re.findall(r"<@!?(\d+)>", text)) if id in self.users]
        roles = [id for id in dict.fromkeys(re.findall(r"<@&(\d+)>", text)) if guild is not None and id in guild.roles]
        return users, roles, re.search(r"@(everyone|here)\b", text) is not None
