"""Where things happen on Discord: servers, channels, threads and forum posts, and which of them are looked at.

Channels are the parents; a thread's messages belong to its parent's key, and the thread is told by its id. That is the id of the
message it was made from, and of a forum post's first message (https://docs.discord.com/developers/topics/threads). Only ids are
kept: at every READY discord.py makes all its objects anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import discord

from adapters.discord.options import DiscordOptions, GuildOptions
from bot.domain.keys import ChannelKey, argument, split_argument
from bot.domain.letters import on_one_line
from bot.domain.value import value

MOST_THREADS: Final = 20_000
"""Threads whose channel is kept in mind; of others it is asked again."""

LONGEST_NAME: Final = 80

_SERVER: Final = "server"
"""What the texts begin with by which the names of servers are remembered; those of roles begin with a server's id."""

Parent = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.ForumChannel
"""Whatever holds messages or posts: text and announcement channels, voice channels with their chats, forums and media
channels."""

PARENTS: Final = (discord.TextChannel, discord.VoiceChannel, discord.StageChannel, discord.ForumChannel)


@value
class Place:
    """Where a message stands: a server, a channel of it, and the thread there, if it is in one. `forum`: the thread is a post of
    a forum, whose `title` may hold the only question."""

    guild: int
    channel: int
    thread: int | None = None
    forum: bool = False
    title: str = ""

    @property
    def key(self) -> str:
        """The channel's key."""
        return channel_key(self.guild, self.channel)


def channel_key(guild: int, channel: int) -> str:
    """A channel's key in events: "discord:41771983423143937:127121515262115840"."""
    return ChannelKey(platform="discord", workspace=str(guild), channel=str(channel)).spell()


def ids_of(key: str) -> tuple[int, int]:
    """The server and the channel in a key; zeros where it is none of Discord's."""
    known = ChannelKey.parse(key)
    if known.platform != "discord" or not (known.workspace.isdecimal() and known.channel.isdecimal()):
        return 0, 0
    return int(known.workspace), int(known.channel)


def server_key(guild: int) -> str:
    """What the keys of a server's channels begin with, which is its own: "discord:41771983423143937"."""
    return f"discord:{guild}"


def guild_in(key: str) -> int:
    """The server in its own key, or in a channel's; zero where it is none of Discord's."""
    platform, _, rest = key.partition(":")
    id = rest.partition(":")[0]
    return int(id) if platform == "discord" and id.isascii() and id.isdecimal() else 0


@value
class _ThreadOf:
    guild: int
    parent: int
    forum: bool
    title: str


class DiscordPlaces:
    """Knows the channels and threads of the servers that are looked at."""

    def __init__(self, client: Callable[[], discord.Client], options: DiscordOptions) -> None:
        self._client = client
        self._options = options
        self._threads: dict[int, _ThreadOf] = {}
        self._destinations: dict[int, int | None] = {}
        self._last_destinations: dict[int, int | None] = {}
        self._names: dict[str, str] = {}
        self._server_names: dict[int, str] = {}
        self._forums: set[str] = set()
        self._watched: dict[tuple[int, int], bool] = {}

    def forget(self) -> None:
        """Channels, roles or permissions changed, or the session is another: what was worked out of them is worked out anew."""
        self._destinations.clear()
        self._watched.clear()

    # -- servers and channels

    def guilds(self) -> list[discord.Guild]:
        """The servers that are looked at and are there now."""
        client = self._client()
        found = (client.get_guild(options.id) for options in self._options.guilds)
        return [guild for guild in found if guild is not None and not guild.unavailable]

    def named(self) -> list[int]:
        """The servers that the settings name."""
        return [options.id for options in self._options.guilds]

    def is_away(self, guild: int) -> bool:
        """Whether it can't be told what is in a server: it has an outage, or the session has just begun."""
        client = self._client()
        there = client.get_guild(guild)
        return not client.is_ready() if there is None else bool(there.unavailable)

    def absent_from(self) -> dict[int, str]:
        """The servers that the settings name and the bot isn't in, by what they were called last; "" where that isn't known."""
        absent = (id for id in self.named() if self._client().get_guild(id) is None and not self.is_away(id))
        return {id: self._server_names.get(id, "") for id in absent}

    def left(self) -> dict[int, str]:
        """The servers that the settings named once and name no more, by what they were called last."""
        named = self.named()
        return {id: name for id, name in self._server_names.items() if id not in named}

    @property
    def servers_known(self) -> frozenset[str]:
        """What is to be remembered: what the servers are called, each as a text. Of one that is left nobody tells any more."""
        self._server_names |= {guild.id: on_one_line(guild.name, LONGEST_NAME) for guild in self.guilds()}
        return frozenset(argument(_SERVER, str(id), name) for id, name in self._server_names.items())

    def recall_servers(self, known: Iterable[str]) -> None:
        """Take in what was to be remembered."""
        for text in known:
            parts = split_argument(text)
            if len(parts) == 3 and parts[0] == _SERVER and parts[1].isdecimal():
                self._server_names[int(parts[1])] = parts[2]

    def is_here(self, guild: int) -> bool:
        """Whether a server is looked at, and it is known what is in it."""
        there = self._client().get_guild(guild) if self._options.guild(guild) is not None else None
        return there is not None and not there.unavailable

    def guild(self, key: str) -> discord.Guild | None:
        """The server in a channel's key, if it is there."""
        id, _ = ids_of(key)
        return self._client().get_guild(id) if self._options.guild(id) is not None else None

    def parents(self, guild: discord.Guild) -> list[Parent]:
        """The channels of a server that the bot sees."""
        return [channel for channel in guild.channels if isinstance(channel, PARENTS) and self.sees(channel)]

    def sees(self, channel: Parent) -> bool:
        """Whether the bot sees a channel, and hears what is written there."""
        return channel.permissions_for(channel.guild.me).view_channel

    def reads(self, channel: Parent) -> bool:
        """Whether the bot may read a channel's past. Without the permission Discord answers with nothing at all, as if nothing
        were there (https://docs.discord.com/developers/resources/message, "Get Channel Messages")."""
        may = channel.permissions_for(channel.guild.me)
        voice = isinstance(channel, discord.VoiceChannel | discord.StageChannel)
        return may.view_channel and may.read_message_history and (may.connect or not voice)

    def parent(self, key: str) -> Parent | None:
        """The channel with this key, if it is there."""
        guild, (_, id) = self.guild(key), ids_of(key)
        channel = guild.get_channel(id) if guild is not None else None
        return channel if isinstance(channel, PARENTS) else None

    def destination(self, guild: int) -> int | None:
        """A server's channel for reminders, by its id, if it is there and the bot sees it. While the server can't be had it is
        where it was."""
        if not self.is_here(guild):
            return self._last_destinations.get(guild)
        if guild not in self._destinations:
            there = self._client().get_guild(guild)
            found = None if there is None else self._destination(there)
            self._destinations[guild] = self._last_destinations[guild] = None if found is None else found.id
        return self._destinations[guild]

    def gone(self, guild: int) -> None:
        """The bot isn't in a server any more."""
        self._last_destinations.pop(guild, None)

    def name(self, key: str) -> str | None:
        """What a channel is called; while its server can't be had, what it was called. None: it was never seen."""
        channel = self.parent(key)
        if channel is not None:
            self._note(key, channel)
        return self._names.get(key)

    def is_forum(self, key: str) -> bool | None:
        """Whether a channel is a forum; None where it was never seen."""
        return key in self._forums if self.name(key) is not None else None

    def glance(self, guild: int, channels: Iterable[object]) -> None:
        """Take in what the channels of a server are called, where no session tells it."""
        for channel in channels:
            if isinstance(channel, PARENTS):
                self._note(channel_key(guild, channel.id), channel)

    def _note(self, key: str, channel: Parent) -> None:
        self._names[key] = channel.name
        if isinstance(channel, discord.ForumChannel):
            self._forums.add(key)

    def _destination(self, guild: discord.Guild) -> Parent | None:
        options = self._options.guild(guild.id)
        wanted = options.destination if options is not None else None
        if wanted is None:
            return None
        name = wanted.removeprefix("#").casefold()
        found = [one for one in self.parents(guild) if not isinstance(one, discord.ForumChannel)]
        by_id = (one for one in found if wanted == str(one.id))
        return next(by_id, None) or next((one for one in found if one.name.casefold() == name), None)

    def watches(self, guild: int, channel: int) -> bool:
        """Whether a channel's messages are looked at at all: it is among those that the settings name, and not where reminders
        go."""
        known = self._watched.get((guild, channel))
        if known is None:
            known = self._watched[guild, channel] = self._is_watched(guild, channel)
        return known

    def _is_watched(self, guild: int, channel: int) -> bool:
        options = self._options.guild(guild)
        there = self._client().get_guild(guild) if options is not None else None
        known = there.get_channel(channel) if there is not None else None
        if options is None or there is None or not isinstance(known, PARENTS) or not options.fits(channel, known.name):
            return False
        return self.destination(guild) != channel

    def watched(self) -> Iterator[Parent]:
        """The channels that are looked at and seen, of all servers."""
        for guild in self.guilds():
            yield from (channel for channel in self.parents(guild) if self.watches(guild.id, channel.id))

    def greeting(self, guild: discord.Guild) -> Place | None:
        """The channel in which who joins a server is greeted: where Discord itself tells of them, if it is one of those, else the
        first of them; None where there is none."""
        options = self._options.guild(guild.id)
        if options is None or not options.greeted:
            return None
        found = [
            one
            for one in sorted(self.parents(guild), key=lambda one: (one.position, one.id))
            if options.greets(one.id, one.name) and self.watches(guild.id, one.id)
        ]
        chosen = next((one for one in found if one == guild.system_channel), found[0] if found else None)
        return None if chosen is None else Place(guild=guild.id, channel=chosen.id)

    def options(self, guild: int) -> GuildOptions | None:
        """What the settings say about a server."""
        return self._options.guild(guild)

    # -- threads

    def of(self, channel: int, guild: int) -> Place | None:
        """The place with this channel's or thread's id; None where it isn't known what it is, or its server isn't looked at."""
        there = self._client().get_guild(guild) if self._options.guild(guild) is not None else None
        found = there.get_channel_or_thread(channel) if there is not None else None
        if isinstance(found, discord.Thread):
            self.learn(found)
        elif isinstance(found, PARENTS):
            return Place(guild=guild, channel=channel)
        known = self._threads.get(channel)
        if known is None or known.guild != guild:
            return None
        return Place(guild=guild, channel=known.parent, thread=channel, forum=known.forum, title=known.title)

    def learn(self, thread: discord.Thread) -> Place:
        """Take in a thread that was met."""
        return self.learn_thread(thread.id, thread.guild, thread.parent_id, thread.name)

    def learn_thread(self, id: int, guild: discord.Guild, parent: int, title: str) -> Place:
        """Take in a thread by what is told of it."""
        forum = isinstance(guild.get_channel(parent), discord.ForumChannel)
        if id not in self._threads and len(self._threads) >= MOST_THREADS:
            del self._threads[next(iter(self._threads))]
        self._threads[id] = _ThreadOf(guild=guild.id, parent=parent, forum=forum, title=title)
        return Place(guild=guild.id, channel=parent, thread=id, forum=forum, title=title)

    def solved_tags(self, forum: discord.ForumChannel) -> frozenset[int]:
        """The tags of a forum that say that a post is solved, by the settings."""
        options = self._options.guild(forum.guild.id)
        wanted = {tag.casefold() for tag in options.solved_tags} if options is not None else set()
        return frozenset(tag.id for tag in forum.available_tags if str(tag.id) in wanted or tag.name.casefold() in wanted)
