"""What changes about servers, channels, roles and people: learnt at once, in the gateway's order, and told to the bot after.

What Discord tells of each is in https://docs.discord.com/developers/events/gateway-events. It tells of a permission that changed
by the channel, role or server that it changed with; a category's by each of its channels.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import discord
import structlog

from adapters.discord.history import DiscordHistory
from adapters.discord.named_roles import RenamedRole
from adapters.discord.people import DiscordPeople
from adapters.discord.places import LONGEST_NAME, DiscordPlaces, Place, ids_of
from adapters.discord.workspace import DiscordWorkspace
from bot.domain.arrivals import CAUGHT_UP
from bot.domain.durations import HOUR, Instant, Seconds
from bot.domain.events import Deleted, Event, Joined, Solved
from bot.domain.gaps import GapReason
from bot.domain.letters import on_one_line
from bot.domain.outgoing import Address
from bot.errors import described
from bot.ports import Clock, Intake, Sleep, WorkspaceChange

TELL_AGAIN: Final[Seconds] = 5.0
"""What the bot couldn't take up is told again after so long."""

SAID_AGAIN: Final[Seconds] = HOUR
"""That a channel can't be seen any more is said at most so often: permissions are tried out, a dozen times in a row."""

MOST_MARKED: Final = 20_000
"""Threads of which it is kept in mind whether they are marked as solved; of others that is told again, which changes nothing."""

log = structlog.get_logger()


class DiscordChanges:
    """Takes what changes. `happen` takes events of channels that such a change is."""

    def __init__(
        self,
        client: Callable[[], discord.Client],
        places: DiscordPlaces,
        people: DiscordPeople,
        history: DiscordHistory,
        workspace: DiscordWorkspace,
        happen: Callable[[Event], None],
        *,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        self._client = client
        self._places = places
        self._people = people
        self._history = history
        self._workspace = workspace
        self._happen = happen
        self._clock = clock
        self._sleep = sleep
        self._news = asyncio.Event()
        self._everywhere = False
        self._readers: set[Address] = set()
        self._away_since: dict[int, Instant] = {}
        self._back: dict[int, Instant] = {}
        self._unread: dict[str, Instant] = {}
        """Channels with a thread that the bot is in again, by their keys, and since when it wasn't."""
        self._here: set[str] = set()
        self._lost_said: dict[str, Instant] = {}
        self._had_destinations: set[str] = set()
        self._roles_said: dict[int, tuple[tuple[str, ...], tuple[RenamedRole, ...]]] = {}
        self._left: dict[int, Instant] = {}
        """Since when the bot is out of private threads, by their ids."""
        self._solved: dict[int, bool] = {}
        """Whether a forum's threads are marked as solved, as far as it is known."""
        people.on_news = self._news.set
        self._heard: dict[str, Callable[..., None]] = {
            "guild_available": self._guild_here,
            "guild_join": self._guild_here,
            "guild_unavailable": self._guild_away,
            "guild_remove": self._guild_gone,
            "guild_update": lambda _before, after: self._may_differ(after),
            "guild_channel_create": self._channel,
            "guild_channel_delete": self._channel,
            "guild_channel_update": lambda _before, after: self._channel(after),
            "guild_role_create": self._role,
            "guild_role_delete": self._role,
            "guild_role_update": lambda _before, after: self._role(after),
            "member_join": self._member_came,
            "member_update": self._member_changed,
            "raw_member_remove": self._member_gone,
            "thread_create": self._thread,
            "thread_join": self._thread_joined,
            "thread_remove": self._thread_left,
            "raw_thread_update": self._thread_changed,
            "raw_thread_delete": self._thread_gone,
        }

    def begin(self) -> None:
        """Take how everything is now as how it was: nothing of it is told."""
        for guild in self._places.guilds():
            self._learn(guild)
        self._here = self._seen()
        self._had_destinations = self._destinations()
        self._people.news()
        self._everywhere = False
        self._readers.clear()

    # -- heard, in the gateway's order; nothing here waits

    def hear(self, event: str, args: tuple[Any, ...]) -> None:
        """Take an event, if it changes something of this."""
        learn = self._heard.get(event)
        if learn is not None:
            learn(*args)

    def look(self) -> None:
        """Something may be another than it was: who is on the team, or what the bot sees."""
        self._news.set()

    def _learn(self, guild: discord.Guild) -> None:
        self._places.forget()
        self._people.take_guild(guild)
        for thread in guild.threads:
            self._thread(thread)

    def _guild_here(self, guild: discord.Guild) -> None:
        if self._places.options(guild.id) is None:
            say = "The bot is in a server that the settings don't name: nothing there is looked at. Take it out, or name it."
            log.warning("discord_guild_unnamed", say=say, guild=guild.id, name=on_one_line(guild.name, LONGEST_NAME))
            return
        self._learn(guild)
        since = self._away_since.pop(guild.id, None)
        if since is not None:
            self._back[guild.id] = since
        self._may_differ(guild)

    def _guild_away(self, guild: discord.Guild) -> None:
        if self._places.options(guild.id) is not None:
            self._away_since.setdefault(guild.id, self._clock.now())
            say = "Discord has an outage of a server: nothing comes from there until it is back. Then what was missed is read."
            log.warning("discord_guild_away", say=say, guild=guild.id)

    def _guild_gone(self, guild: discord.Guild) -> None:
        if self._places.options(guild.id) is None:
            return
        say = "The bot was taken out of a server that the settings name: nothing more is seen of it. `realreply discord invite` "
        log.error("discord_guild_gone", say=say + "prints the link by which it comes back.", guild=guild.id)
        self._people.drop_guild(guild.id)
        self._places.gone(guild.id)
        self._may_differ(guild)

    def _may_differ(self, guild: discord.Guild) -> None:
        """What somebody may there, or sees there, may be another."""
        if self._places.options(guild.id) is not None:
            self._places.forget()
            self._history.permissions_changed()
            self._everywhere = True
            self._news.set()

    def _channel(self, channel: discord.abc.GuildChannel) -> None:
        if self._places.options(channel.guild.id) is None:
            return
        self._places.forget()
        self._history.permissions_changed()
        self._readers.add(Address("discord", "channel", str(channel.id)))
        self._news.set()

    def _role(self, role: discord.Role) -> None:
        if self._places.options(role.guild.id) is not None:
            self._people.take_guild(role.guild)
            self._may_differ(role.guild)
            self.say_roles(role.guild)

    def say_roles(self, guild: discord.Guild) -> None:
        """Say which roles of the settings are gone, or have another name; of each server only what wasn't said before."""
        missing, renamed = self._people.missing_roles(guild), self._people.renamed_roles(guild)
        if (missing, renamed) == self._roles_said.get(guild.id, ((), ())):
            return
        self._roles_said[guild.id] = (missing, renamed)
        if missing:
            say = "There are no such roles in a server: who has them can't be told from a customer. Whoever was on the team by "
            say += "one stays on it until the next start. Correct team_roles."
            log.error("discord_roles_missing", say=say, guild=guild.id, roles=list(missing))
        for role in renamed:
            say = "A role of the team has another name than in the settings. It counts all the same; put its name, or better its "
            say += "id, into team_roles."
            if role.another:
                say = "A role of the team has another name than in the settings, and a new role bears its old one. Whoever has "
                say += "either counts as the team's; put the id of the one that is meant into team_roles."
            log.warning("discord_role_renamed", say=say, guild=guild.id, named=role.there, called=role.now)

    def _member(self, member: discord.Member) -> None:
        if self._places.options(member.guild.id) is None:
            return
        self._people.learn(member, member.guild)
        me = self._client().user
        if me is not None and member.id == me.id:
            self._may_differ(member.guild)
        self._news.set()

    def _member_came(self, member: discord.Member) -> None:
        self._member(member)
        if not member.pending:
            self._tell_came(member)

    def _member_changed(self, before: discord.Member, after: discord.Member) -> None:
        """Whoever joins a server with membership screening is in once they have passed it
        (https://docs.discord.com/developers/resources/guild, "Guild Member Object", `pending`)."""
        self._member(after)
        if before.pending and not after.pending:
            self._tell_came(after)

    def tell_who_came(self) -> None:
        """Tell who came in within the last day: what happened while we weren't here isn't told by Discord. Whom the bot knows of
        already is recognised by when they joined."""
        since = self._clock.now() - CAUGHT_UP
        for guild in self._places.guilds():
            if self._places.greeting(guild) is not None:
                for member in guild.members:
                    if not member.pending and member.joined_at is not None and member.joined_at.timestamp() > since:
                        self._tell_came(member)

    def _tell_came(self, member: discord.Member) -> None:
        place = self._places.greeting(member.guild)
        if place is None or member.joined_at is None:
            return
        role, at = self._people.role_of(member, member.guild), member.joined_at.timestamp()
        self._happen(Joined(channel=place.key, person=str(member.id), role=role, at=at))

    def _tell_went(self, guild: int, user: discord.abc.User) -> None:
        there = self._client().get_guild(guild)
        place = None if there is None else self._places.greeting(there)
        if there is None or place is None or user.bot:
            return
        role, at = self._people.role_of(user, there), self._clock.now()
        self._happen(Joined(channel=place.key, person=str(user.id), role=role, at=at, left=True))

    def _member_gone(self, raw: discord.RawMemberRemoveEvent) -> None:
        if self._places.options(raw.guild_id) is not None:
            self._tell_went(raw.guild_id, raw.user)
            self._people.left(raw.guild_id, str(raw.user.id))
            self._news.set()

    def _thread(self, thread: discord.Thread) -> None:
        if self._places.options(thread.guild.id) is not None:
            self._places.learn(thread)
            solved = self._is_solved(thread.parent, {tag.id for tag in thread.applied_tags})
            was = self._mark(thread.id, solved) if isinstance(thread.parent, discord.ForumChannel) else None
            if was and not solved:  # while the session was broken
                self._tell_mark(Place(guild=thread.guild.id, channel=thread.parent_id, thread=thread.id), solved)

    def _thread_changed(self, raw: discord.RawThreadUpdateEvent) -> None:
        """A thread's name, tags, or whether it is archived changed. discord.py tells of one that it doesn't know, because it was
        archived, as of one that was joined: so what Discord sent is read here (2.7.1, state.py `parse_thread_update`)."""
        guild = self._client().get_guild(raw.guild_id) if self._places.options(raw.guild_id) is not None else None
        if guild is None:
            return
        place = self._places.learn_thread(raw.thread_id, guild, raw.parent_id, str(raw.data.get("name") or ""))
        tags = {int(tag) for tag in raw.data.get("applied_tags") or ()}
        if place.forum:
            solved = self._is_solved(guild.get_channel(raw.parent_id), tags)
            if self._mark(raw.thread_id, solved) is not solved:
                self._tell_mark(place, solved)
        self._readers.add(Address("discord", "channel", str(raw.thread_id)))
        self._news.set()

    def _thread_left(self, thread: discord.Thread) -> None:
        """The bot isn't in a thread any more. A private one it sees only if it manages threads
        (https://docs.discord.com/developers/topics/threads, "Private Threads")."""
        parent = thread.parent
        if self._places.options(thread.guild.id) is None or not thread.is_private():
            return
        if parent is not None and parent.permissions_for(thread.guild.me).manage_threads:
            return
        place, now = self._places.learn(thread), self._clock.now()
        say = "The bot was taken out of a private thread: nothing more is seen of it, and nobody is reminded of who waits there."
        log.warning("thread_lost", say=say, channel=place.key, thread=thread.id)
        self._left[thread.id] = now
        self._happen(Solved(channel=place.key, thread=str(thread.id), at=now, gone=True, starter=False, unseen=True))

    def _thread_joined(self, thread: discord.Thread) -> None:
        self._thread(thread)
        if self._places.options(thread.guild.id) is None or not thread.is_private():
            return
        place, now = self._places.learn(thread), self._clock.now()
        self._happen(Solved(channel=place.key, thread=str(thread.id), at=now, taken_back=True, unseen=True))
        since = self._left.pop(thread.id, None)
        if since is not None:
            self._history.permissions_changed()
            self._unread[place.key] = min(since, self._unread.get(place.key, since))
            self._news.set()

    def _thread_gone(self, raw: discord.RawThreadDeleteEvent) -> None:
        """A thread was deleted, with all that was said in it; of its messages nothing is told. A forum post's first one has its
        id, and goes with it; the message that another thread was made from stays in the channel."""
        self._solved.pop(raw.thread_id, None)
        self._left.pop(raw.thread_id, None)
        guild = self._client().get_guild(raw.guild_id) if self._places.options(raw.guild_id) is not None else None
        if guild is None:
            return
        place, now = Place(guild=raw.guild_id, channel=raw.parent_id, thread=raw.thread_id), self._clock.now()
        post = isinstance(guild.get_channel(raw.parent_id), discord.ForumChannel)
        self._happen(Solved(channel=place.key, thread=str(raw.thread_id), at=now, gone=True, starter=post))
        if post:
            self._happen(Deleted(channel=place.key, id=str(raw.thread_id), at=now))

    def _mark(self, thread: int, solved: bool) -> bool | None:
        """Keep in mind whether a thread is marked as solved. Gives whether it was; None where that wasn't known."""
        was = self._solved.get(thread)
        if was is None and len(self._solved) >= MOST_MARKED:
            del self._solved[next(iter(self._solved))]
        self._solved[thread] = solved
        return was

    def _tell_mark(self, place: Place, solved: bool) -> None:
        self._happen(Solved(channel=place.key, thread=str(place.thread), at=self._clock.now(), taken_back=not solved))

    def _is_solved(self, parent: object, tags: set[int]) -> bool:
        return isinstance(parent, discord.ForumChannel) and bool(tags & self._places.solved_tags(parent))

    # -- told

    def _seen(self) -> set[str]:
        return {Place(guild=one.guild.id, channel=one.id).key for one in self._places.watched()}

    def _destinations(self) -> set[str]:
        return {place.id for place in self._workspace.destinations()}

    async def tell(self, intake: Intake) -> None:
        """Tell the bot what changed, for ever. What it couldn't take up is told again."""
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self._tell(intake)
            except Exception as error:  # a database that fails ends the bot elsewhere; until then nothing is forgotten
                say = "What changed about people and channels couldn't be taken up yet; it is tried again in a moment."
                log.error("discord_changes_not_taken_up", say=say, error=described(error))
                self._people.news_again()
                self._everywhere = True
                self._news.set()
                await self._sleep(TELL_AGAIN)

    async def _tell(self, intake: Intake) -> None:
        everywhere, self._everywhere = self._everywhere, False
        readers, self._readers = self._readers, set()
        team = self._people.news()
        destinations = self._destinations()
        found, lost = bool(destinations - self._had_destinations), self._had_destinations - destinations
        if everywhere or team or found:
            await intake.changed(
                WorkspaceChange(team=team, readers="all" if everywhere or team else None, destination_found=found)
            )
        if not everywhere and not team:
            for address in readers:
                await intake.changed(WorkspaceChange(readers=address))
        self._had_destinations = destinations
        if lost:
            log.error(
                "reminders_nowhere",
                say="A reminders channel is gone, or the bot can't see it any more: nothing is sent there until it is back. Give "
                "the bot's role View Channel there, or set destination to another.",
                channels=sorted(lost),
            )
        await self._tell_channels(intake)

    async def _tell_channels(self, intake: Intake) -> None:
        """Tell of channels that the bot came to see, and read back those of servers that were away."""
        away = {guild for guild in self._places.named() if self._places.is_away(guild)}
        here = self._seen() | {key for key in self._here if ids_of(key)[0] in away}
        for key in sorted(self._here - here):
            now = self._clock.now()
            if now - self._lost_said.get(key, float("-inf")) >= SAID_AGAIN:
                self._lost_said[key] = now
                say = "A channel was deleted, or realreply can't see it any more: nothing more is seen of it."
                log.warning("channel_lost", say=say, channel=key)
            await intake.changed(WorkspaceChange(seek=key))
            self._here.discard(key)
        for key in sorted(here - self._here):
            await intake.changed(WorkspaceChange(joined=key))
            self._here.add(key)
        for guild, since in list(self._back.items()):
            for key in sorted(key for key in here if ids_of(key)[0] == guild):
                await intake.missed(GapReason.DISCONNECTED, since, whole=True, channel=key)
            del self._back[guild]
        for key, since in list(self._unread.items()):
            await intake.missed(GapReason.LEFT, since, whole=True, channel=key)
            self._unread.pop(key)
