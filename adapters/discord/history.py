"""Reading back: what was missed while away, and what a message says now.

Only what may have something new is asked for. Each channel and each active thread tells its latest message
(https://docs.discord.com/developers/resources/channel, "Channel Object"; it may be gone: then a request is made for nothing). A
thread in which something was written is either active or was archived since, so that replies are found however old their thread
is. What was edited, deleted or marked meanwhile doesn't show there: messages of customers who wait are looked at one by one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from heapq import heappop, heappush
from typing import Any, Final

import discord
import structlog

from adapters.discord.failures import PostGone, Waiting
from adapters.discord.inbound import DiscordInbound
from adapters.discord.options import FIRST_READ
from adapters.discord.pace import ReadingPace
from adapters.discord.people import DiscordPeople
from adapters.discord.places import DiscordPlaces, Parent, Place
from adapters.discord_format.snowflakes import first_of, made_at
from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.emoji import canonical
from bot.domain.events import Deleted, Event, Reacted, Solved
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.errors import Forbidden, Gone
from bot.ports import Clock

PAGE: Final = 100
"""Messages that Discord gives at once at most."""

MOST_REACTED: Final = 100
"""People who put one emoji on a message that are asked for."""

MARKED_LATELY: Final[Seconds] = 14 * DAY
"""Posts in which nobody wrote for so long aren't looked at for a mark that was taken off: a wait that it ended is kept for a
week."""

MOST_PRIVATE: Final = 100
"""Private archived threads of a channel that are looked at, the latest made."""

log = structlog.get_logger()

Where = discord.abc.Messageable
"""What messages are read from: a channel or a thread."""


class DiscordHistory:
    """Fits `bot.ports.History`. `marks` are the emoji that mean something when a member puts them."""

    threads: Seconds = 0.0
    """Late replies in older threads are found with all others."""

    def __init__(
        self,
        client: Callable[[], discord.Client],
        places: DiscordPlaces,
        people: DiscordPeople,
        inbound: DiscordInbound,
        waiting: Waiting,
        pace: ReadingPace,
        *,
        clock: Clock,
        marks: frozenset[str] = frozenset(),
        first_read: Seconds = FIRST_READ,
    ) -> None:
        self._client = client
        self._places = places
        self._people = people
        self._inbound = inbound
        self._waiting = waiting
        self._pace = pace
        self._clock = clock
        self._marks = marks
        self.first_read = first_read
        self._denied: set[int] = set()
        self._has_private: set[int] = set()

    # -- what may be read

    def readable(self) -> Sequence[str]:
        """The keys of the channels whose past can be read. One that was refused isn't asked for again until somebody changed what
        the bot may."""
        return [
            Place(guild=guild.id, channel=channel.id).key
            for guild in self._places.guilds()
            for channel in self._places.parents(guild)
            if channel.id not in self._denied and self._places.reads(channel)
        ]

    def permissions_changed(self) -> None:
        """What the bot may somewhere is another now: what was refused is asked for again."""
        self._denied.clear()

    def _parent(self, channel: str) -> Parent:
        """A channel that may be read. Raises Gone and Forbidden."""
        parent = self._places.parent(channel)
        if parent is None:
            raise Gone("the channel isn't there any more, or the bot can't see it")
        if parent.id in self._denied or not self._places.reads(parent):
            raise Forbidden(f"the bot may not read what was written in #{parent.name}: give its role Read Message History there")
        return parent

    # -- read back

    async def since(
        self,
        channel: str,
        mark: Instant,
        *,
        parents: Instant | None = None,
        threads: Sequence[str] = (),
        below: Sequence[str] = (),
    ) -> AsyncIterator[Event]:
        """All events of a channel and its threads after `mark`, oldest first, with members' marks on what customers wrote; then
        what became of the messages `below` which there may be replies, which are those of customers who wait. A thread is read
        when its beginning's turn comes. Raises DeliveryError and its kinds; what came before an error was given."""
        parent = self._parent(channel)
        waited_in = {int(id) for id in (*threads, *below) if id.isdecimal()}
        ready: list[tuple[int, int, tuple[Event, ...]]] = []
        left = sorted(await self._threads(parent, mark, waited_in), key=lambda thread: (made_at(thread.id), thread.id))
        read: set[int] = set()

        async def begun_by(at: Instant) -> None:
            while left and made_at(left[0].id) <= at:
                await self._read_thread(left.pop(0), mark, ready, read)

        if not isinstance(parent, discord.ForumChannel) and _has_news(parent.last_message_id, mark):
            place = Place(guild=parent.guild.id, channel=parent.id)
            async for page in self._pages(parent, parent.id, mark):
                await self._know(parent.guild, page)
                for message in page:
                    await begun_by(made_at(message.id))
                    while ready and ready[0][0] < message.id:
                        for event in heappop(ready)[2]:
                            yield event
                    read.add(message.id)
                    for event in await self._events(message, place):
                        yield event
        while left:
            first = left[0].id
            while ready and ready[0][0] < first:
                for event in heappop(ready)[2]:
                    yield event
            await begun_by(made_at(first))
        while ready:
            for event in heappop(ready)[2]:
                yield event
        for event in self._marks_taken_back(parent):
            yield event
        async for event in self._looked_at(parent, {int(id) for id in below if id.isdecimal()} - read, mark):
            yield event

    async def _threads(self, parent: Parent, mark: Instant, waited_in: set[int]) -> list[discord.Thread]:
        """The threads of a channel in which something may have been written since `mark`."""
        if isinstance(parent, discord.VoiceChannel | discord.StageChannel):
            return []
        found = {
            thread.id: thread for thread in parent.threads if _has_news(thread.last_message_id, mark) or made_at(thread.id) > mark
        }
        if any(thread.is_private() for thread in parent.threads):
            self._has_private.add(parent.id)
        for thread in await self._archived(parent, mark):
            found.setdefault(thread.id, thread)
        if isinstance(parent, discord.TextChannel) and (parent.id in self._has_private or waited_in):
            for thread in await self._archived(parent, mark, private=True):
                found.setdefault(thread.id, thread)
        for thread in found.values():
            self._places.learn(thread)
        return list(found.values())

    async def _archived(
        self, parent: discord.TextChannel | discord.ForumChannel, mark: Instant, *, private: bool = False
    ) -> list[discord.Thread]:
        """The threads that were archived since `mark`: Discord lists them by when they were, the latest first; private ones by
        when they were made."""

        async def collect() -> list[discord.Thread]:
            found: list[discord.Thread] = []
            if private:
                assert isinstance(parent, discord.TextChannel), "forums have public threads only"
                listed = parent.archived_threads(private=True, joined=True, limit=MOST_PRIVATE)
            else:
                listed = parent.archived_threads(limit=None)
            async for thread in listed:
                if thread.archive_timestamp.timestamp() > mark:
                    if _has_news(thread.last_message_id, mark):
                        found.append(thread)
                elif not private:
                    break
            return found

        await self._pace.turn(-parent.id)  # another limit than that of its messages
        found: list[discord.Thread] = await self._asked(collect(), "listing archived threads", parent.id)
        return found

    async def _read_thread(
        self,
        thread: discord.Thread,
        mark: Instant,
        ready: list[tuple[int, int, tuple[Event, ...]]],
        read: set[int],
    ) -> None:
        """Read a thread, and put what is in it among what is `ready` to be given in its turn. One that is gone holds nothing, one
        that may not be read is left until that changes."""
        if thread.id in self._denied:
            return
        place = self._places.learn(thread)
        last = 0
        try:
            async for page in self._pages(thread, thread.id, mark):
                await self._know(thread.guild, page)
                for message in page:
                    last = message.id
                    read.add(message.id)
                    events = await self._events(message, place)
                    if events:
                        heappush(ready, (message.id, len(ready), events))
        except (Gone, Forbidden) as error:
            say = "A thread couldn't be read: it was deleted, or the bot may not see it."
            log.info("thread_unread", say=say, repeats=True, thread=thread.id, reason=str(error))
            return
        forum = thread.parent
        if last and made_at(thread.id) > mark and isinstance(forum, discord.ForumChannel):
            solved = self._places.solved_tags(forum)
            if any(tag.id in solved for tag in thread.applied_tags):
                # When it was marked isn't told. What was read of it, from its beginning, it settles.
                event = Solved(channel=place.key, thread=str(thread.id), at=made_at(last))
                heappush(ready, (last, len(ready), (event,)))

    async def _pages(self, where: Where, id: int, mark: Instant) -> AsyncIterator[list[discord.Message]]:
        """The messages of a channel or thread since `mark`, oldest first, page by page."""
        after = max(0, first_of(mark) - 1)
        while True:
            await self._pace.turn(id)
            history = where.history(limit=PAGE, after=discord.Object(after), oldest_first=True)
            page = await self._asked(_all(history), "reading messages", id)
            if page:
                yield page
            if len(page) < PAGE:
                return
            after = page[-1].id

    async def _asked(self, request: Any, doing: str, id: int) -> Any:
        """What Discord answers about a channel or thread. What it refuses isn't asked again. Raises DeliveryError."""
        try:
            return await self._waiting.answer(request, doing, where=str(id), needs="View Channel, Read Message History")
        except Forbidden:
            self._denied.add(id)
            raise

    async def _know(self, guild: discord.Guild, page: Sequence[discord.Message]) -> None:
        """Ask who these authors are: messages of the past don't tell the roles of their authors."""
        authors = {one.author.id for one in page if one.webhook_id is None and not one.author.bot}
        await self._people.ask(guild, authors, self._waiting)

    async def _events(self, message: discord.Message, place: Place) -> tuple[Event, ...]:
        """What a message of the past tells of: itself, and members' marks on it if it is a customer's."""
        posted = self._inbound.posted(message, place)
        if posted is None:
            return ()
        return (posted, *(await self._marks_on(message, place) if posted.message.role is Role.CUSTOMER else ()))

    async def _marks_on(self, message: discord.Message, place: Place) -> tuple[Reacted, ...]:
        found: list[Reacted] = []
        for reaction in message.reactions:
            emoji = reaction.emoji if isinstance(reaction.emoji, str) else reaction.emoji.name
            name = canonical(emoji or "")
            if name not in self._marks:
                continue
            await self._pace.turn(message.id)
            listing = _all(reaction.users(limit=MOST_REACTED))
            users = await self._asked(listing, "asking who reacted", place.thread or place.channel)
            if message.guild is not None:
                await self._people.ask(message.guild, {user.id for user in users}, self._waiting)
            at = made_at(message.id)
            found += [
                Reacted(channel=place.key, id=str(message.id), by=str(user.id), by_member=True, emoji=name, at=at, timed=False)
                for user in users
                if self._people.role_of(user, message.guild) is Role.MEMBER
            ]
        return tuple(found)

    def _marks_taken_back(self, parent: Parent) -> list[Solved]:
        """That posts aren't marked as solved, of those in which somebody wrote lately: the mark may have been taken off while
        nobody listened, and Discord doesn't tell. Where it wasn't on this changes nothing."""
        if not isinstance(parent, discord.ForumChannel) or not (solved := self._places.solved_tags(parent)):
            return []
        now = self._clock.now()
        return [
            Solved(channel=self._places.learn(thread).key, thread=str(thread.id), at=now, taken_back=True)
            for thread in parent.threads
            if _has_news(thread.last_message_id, now - MARKED_LATELY)
            if not any(tag.id in solved for tag in thread.applied_tags)
        ]

    async def _looked_at(self, parent: Parent, ids: set[int], mark: Instant) -> AsyncIterator[Event]:
        """What became of customers' messages since `mark`: deleted, edited, or marked by a member. Where a wait's first message
        has a thread, its others may stand in there. One that may not be looked for isn't said to be deleted."""
        inside: list[int] = []
        for id in sorted(ids):
            own = id if isinstance(parent, discord.ForumChannel) else None
            try:
                found = await self._found(parent, id, (own, *reversed(inside)))
            except Forbidden as error:
                log.info("message_unread", say="A message couldn't be looked at again.", repeats=True, reason=str(error))
                continue
            if found is None:
                yield Deleted(channel=Place(guild=parent.guild.id, channel=parent.id).key, id=str(id), at=self._clock.now())
                continue
            place, message = found
            if place.thread == id or message.flags.has_thread:
                inside.append(id)
            edited = self._inbound.edited(message, place)
            if edited is not None and edited.at > mark:
                yield edited
            for event in await self._marks_on(message, place):
                yield event

    async def _found(self, parent: Parent, id: int, threads: Sequence[int | None]) -> tuple[Place, discord.Message] | None:
        """A message, wherever it stands of these threads and (None) the channel itself."""
        for thread in threads:
            place, where = self._stands(parent, id, thread)
            try:
                message = await self._fetched(where, id)
            except Gone:
                continue
            if message is not None:
                return place, message
        return None

    # -- one message

    async def message(self, channel: str, message: str, thread: str | None) -> Message | None:
        """A message as it reads now, or None when it is gone. Raises DeliveryError and its kinds."""
        place, where = self._stands(self._parent(channel), int(message), None if thread is None else int(thread))
        found = await self._fetched(where, int(message))
        return None if found is None else self._inbound.message(found, place)

    def _stands(self, parent: Parent, message: int, thread: int | None) -> tuple[Place, Where]:
        """Where a message stands. A forum post's first message stands in the post, which has the same id."""
        if thread is None and isinstance(parent, discord.ForumChannel):
            thread = message
        if thread is None:
            assert not isinstance(parent, discord.ForumChannel)
            return Place(guild=parent.guild.id, channel=parent.id), parent
        known = self._places.of(thread, parent.guild.id)
        forum = isinstance(parent, discord.ForumChannel)
        place = known or Place(guild=parent.guild.id, channel=parent.id, thread=thread, forum=forum)
        return place, self._client().get_partial_messageable(thread, guild_id=parent.guild.id)

    async def _fetched(self, where: Where, id: int) -> discord.Message | None:
        await self._pace.turn(id)
        try:
            found: discord.Message = await self._waiting.answer(where.fetch_message(id), "reading a message", where=str(id))
        except PostGone:
            return None
        return found

    async def own(self, channel: int, guild: int, since: Instant) -> list[discord.Message]:
        """Our own messages in a channel since an instant, of many the latest page. Raises DeliveryError."""
        where = self._client().get_partial_messageable(channel, guild_id=guild)
        await self._pace.turn(channel)
        after = discord.Object(max(0, first_of(since) - 1))
        page = await self._asked(_all(where.history(limit=PAGE, after=after, oldest_first=False)), "reading messages", channel)
        return [message for message in page if self._inbound.is_own(message) and not message.flags.ephemeral]


def _has_news(latest: int | None, mark: Instant) -> bool:
    """Whether the latest message of a channel or thread may be later than `mark`."""
    return latest is not None and made_at(latest) >= mark


async def _all(items: AsyncIterator[Any]) -> list[Any]:
    return [item async for item in items]
