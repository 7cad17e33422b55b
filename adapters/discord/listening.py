"""How what discord.py tells comes in: translated at once, in the order of the gateway, and handed in from a bounded buffer.

Discord acknowledges nothing, and sends nothing twice but for what it repeats after a RESUME; what waits here when the process
dies is read back by the next start, since the mark until when everything was handed in never passes what still waits. When more
comes than can be stored, the buffer drops it and says so: what was dropped is read back, too. Holding the socket up instead
would cost the connection.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final

import discord
import structlog

from adapters.discord.inbound import DiscordInbound
from adapters.discord.places import DiscordPlaces, Place
from adapters.discord.relays import GONE_WITHIN, Relays
from adapters.discord_format.snowflakes import made_at
from bot.domain.durations import Instant, Seconds
from bot.domain.events import Event
from bot.domain.gaps import FailedEvent, GapReason
from bot.errors import DeliveryError, Stopping, described
from bot.ports import Clock, Intake, Sleep

TOGETHER: Final = 400
"""Events handed in at once: they are stored by the group."""

MOST_WAITING: Final = 20_000
"""Events that wait to be handed in, half a kilobyte each. At 1,500 a second that is the time a disk may take to wake up."""

TELL_AGAIN: Final[Seconds] = 1.0
"""Between two notes that events were dropped, while more and more are."""

LOOK_AGAIN: Final[Seconds] = 0.5
"""Between two looks whether a copy's original is gone."""

log = structlog.get_logger()

Translate = Callable[[Place], tuple[Event, ...]]
"""Makes events of something that happened, once it is known where."""

AskPlace = Callable[[int, int], Awaitable[Place | None]]
"""Asks Discord what the channel or thread with this id is, in this server. Raises DeliveryError."""


class _Unplaced:
    """Something that happened where nobody knows yet what that place is."""

    __slots__ = ("at", "channel", "guild", "kind", "message", "translate")

    def __init__(self, channel: int, guild: int, message: int, kind: str, at: Instant, translate: Translate) -> None:
        self.channel, self.guild, self.message = channel, guild, message
        self.kind, self.at, self.translate = kind, at, translate


class Listening:
    """Takes what happens in channels: messages, edits, deletions, reactions, typing."""

    def __init__(
        self,
        intake: Intake,
        inbound: DiscordInbound,
        relays: Relays,
        places: DiscordPlaces,
        ask_place: AskPlace,
        *,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        self._intake = intake
        self._inbound = inbound
        self._relays = relays
        self._places = places
        self._ask_place = ask_place
        self._clock = clock
        self._sleep = sleep
        self._waiting: deque[tuple[int, Event | _Unplaced | _Unread]] = deque()
        self._under_way: dict[int, Instant] = {}
        """When what isn't stored yet came in, by its number; the oldest first."""
        self._copies: dict[int, Callable[[], None]] = {}
        """What takes up a relay's message, by the one that it may be the copy of, until that is deleted or stands for good."""
        self._number = 0
        self._some = asyncio.Event()
        self._room = asyncio.Semaphore(TOGETHER)
        self._handing: set[asyncio.Task[None]] = set()
        self._dropped_since: Instant | None = None
        self._dropped = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopped = False
        self._heard: dict[str, Callable[..., None]] = {
            "message": self._message,
            "raw_message_edit": self._edit,
            "raw_message_delete": self._deletion,
            "raw_bulk_message_delete": self._deletions,
            "raw_reaction_add": self._reaction,
            "raw_reaction_remove": self._reaction,
            "raw_reaction_clear": self._clearing,
            "raw_reaction_clear_emoji": self._clearing,
            "raw_typing": self._typing,
        }

    def start(self) -> None:
        """Hand in what comes from now on."""
        self._tasks = [
            asyncio.create_task(self._pump(), name="discord events"),
            asyncio.create_task(self._tell_dropped(), name="discord dropped"),
        ]

    async def stop(self) -> None:
        """Take nothing more, and let what is being stored come to an end."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()
        if self._handing:
            await asyncio.wait(self._handing)

    def happen(self, event: Event) -> None:
        """Something happened in a channel that isn't told of by an event of its own."""
        if not self._stopped:
            self._put(event, event.at)

    def until(self, now: Instant) -> Instant:
        """Until when everything that came in is stored."""
        return min(now, next(iter(self._under_way.values()), now))

    # -- heard, in the gateway's order; nothing here waits

    def hear(self, event: str, args: tuple[Any, ...]) -> bool:
        """Take an event, if it is one that happens in a channel."""
        take = self._heard.get(event)
        if take is None:
            return False
        if not self._stopped:
            take(*args)
        return True

    def _message(self, message: discord.Message) -> None:
        guild = message.guild
        if guild is None or self._inbound.is_own(message):
            return
        channel = message.channel
        if isinstance(channel, discord.Thread):
            self._places.learn(channel)

        def translate(place: Place) -> tuple[Event, ...]:
            posted = self._inbound.posted(message, place)
            return () if posted is None else (posted,)

        def take() -> None:
            self._take(channel.id, guild.id, message.id, "posted", made_at(message.id), translate)

        original = self._relays.original_of(message, made_at(message.id))
        if original is None:
            take()
            return
        self._copies[original] = take
        self._number += 1
        self._under_way[self._number] = self._clock.now()
        task = asyncio.create_task(self._wait_for_deletion(original, self._number))
        self._handing.add(task)
        task.add_done_callback(self._handing.discard)

    async def _wait_for_deletion(self, original: int, number: int) -> None:
        """A copy's original is about to be deleted; what stands was repeated by somebody else."""
        until = self._clock.now() + GONE_WITHIN
        while original in self._copies and self._clock.now() < until and not self._stopped:
            await self._sleep(LOOK_AGAIN)
        self._relays.stands(original)
        self._take_copy(original)
        self._under_way.pop(number, None)

    def _take_copy(self, original: int) -> None:
        take = self._copies.pop(original, None)
        if take is not None:
            take()

    def _gone(self, id: int) -> None:
        """A message is about to be told as deleted: what copied it comes first, and carries it on."""
        self._relays.gone(id)
        self._take_copy(id)

    def _edit(self, raw: discord.RawMessageUpdateEvent) -> None:
        message, guild = raw.message, raw.message.guild
        at = message.edited_at
        if guild is None or at is None or self._inbound.is_own(message):
            return

        def translate(place: Place) -> tuple[Event, ...]:
            edited = self._inbound.edited(message, place)
            return () if edited is None else (edited,)

        self._take(message.channel.id, guild.id, message.id, "edited", made_at(message.id), translate)

    def _deletion(self, raw: discord.RawMessageDeleteEvent) -> None:
        if raw.guild_id is not None:
            id = raw.message_id
            self._gone(id)
            self._take(
                raw.channel_id, raw.guild_id, id, "deleted", made_at(id), lambda place: (self._inbound.deleted(id, place),)
            )

    def _deletions(self, raw: discord.RawBulkMessageDeleteEvent) -> None:
        ids = sorted(raw.message_ids)
        if raw.guild_id is not None and ids:
            for id in ids:
                self._gone(id)
            self._take(
                raw.channel_id,
                raw.guild_id,
                ids[0],
                "deleted",
                made_at(ids[0]),
                lambda place: tuple(self._inbound.deleted(id, place) for id in ids),
            )

    def _reaction(self, raw: discord.RawReactionActionEvent) -> None:
        if raw.guild_id is None:
            return

        def translate(place: Place) -> tuple[Event, ...]:
            added = raw.event_type == "REACTION_ADD"
            reacted = self._inbound.reacted(raw.message_id, place, raw.user_id, raw.emoji, account=raw.member, added=added)
            return () if reacted is None else (reacted,)

        self._take(raw.channel_id, raw.guild_id, raw.message_id, "reacted", self._clock.now(), translate)

    def _clearing(self, raw: discord.RawReactionClearEvent | discord.RawReactionClearEmojiEvent) -> None:
        if raw.guild_id is None:
            return
        emoji = getattr(raw, "emoji", None)
        now = self._clock.now()
        self._take(
            raw.channel_id,
            raw.guild_id,
            raw.message_id,
            "unreacted",
            now,
            lambda place: self._inbound.cleared(raw.message_id, place, emoji),
        )

    def _typing(self, raw: discord.RawTypingEvent) -> None:
        # Worth something for a moment only: where it isn't known what the place is, it isn't asked.
        place = None if raw.guild_id is None else self._places.of(raw.channel_id, raw.guild_id)
        if place is not None:
            typing = self._inbound.typing(place, raw.user_id, raw.user, raw.timestamp.timestamp())
            if typing is not None:
                self._put(typing, self._clock.now())

    # -- the buffer

    def _take(self, channel: int, guild: int, message: int, kind: str, at: Instant, translate: Translate) -> None:
        if not self._places.is_here(guild):
            return  # a server that is about to be told of is read back then
        place = self._places.of(channel, guild)
        if place is None:
            self._put(_Unplaced(channel, guild, message, kind, at, translate), at)
            return
        if not self._places.watches(place.guild, place.channel):
            return
        try:
            events = translate(place)
        except Exception as error:  # our mistake with one message must not stop the others
            self._put(_unreadable(place, message, kind, at, error, self._clock.now()), at)
            return
        for event in events:
            self._put(event, at)

    def _put(self, item: Event | _Unplaced | _Unread, at: Instant) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._dropped_since = at if self._dropped_since is None else min(at, self._dropped_since)
            self._dropped.set()
            return
        self._number += 1
        self._under_way[self._number] = self._clock.now()
        self._waiting.append((self._number, item))
        self._some.set()

    async def _pump(self) -> None:
        while True:
            if not self._waiting:
                self._some.clear()
                await self._some.wait()
            await self._room.acquire()
            number, item = self._waiting.popleft()
            task = asyncio.create_task(self._hand_in(number, item))
            self._handing.add(task)
            task.add_done_callback(self._handed)

    def _handed(self, task: asyncio.Task[None]) -> None:
        self._handing.discard(task)
        self._room.release()
        if not task.cancelled() and (error := task.exception()) is not None:
            say = "Something that happened couldn't be handed in; it is read back with the next gap."
            log.error("discord_event_failed", say=say, repeats=True, error=described(error))

    async def _hand_in(self, number: int, item: Event | _Unplaced | _Unread) -> None:
        try:
            if isinstance(item, _Unread):
                await self._intake.unreadable(item.failed)
            elif isinstance(item, _Unplaced):
                for event in await self._placed(item):
                    await self._receive(event)
            else:
                await self._receive(item)
        finally:
            self._under_way.pop(number, None)

    async def _receive(self, event: Event) -> None:
        """Hand an event in. What fails to be stored is kept in mind as missing by who takes it, and read back."""
        try:
            await self._intake.receive(event)
        except Stopping:
            pass  # the next start reads it back
        except Exception as error:
            say = "Something that happened couldn't be stored; it is read back."
            log.warning("discord_event_refused", say=say, repeats=True, channel=event.channel, error=described(error))

    async def _placed(self, item: _Unplaced) -> tuple[Event, ...]:
        """The events, once it is known where they happened: Discord tells of threads that were archived by their id alone."""
        place = self._places.of(item.channel, item.guild)
        if place is None:
            try:
                place = await self._ask_place(item.channel, item.guild)
            except DeliveryError as error:
                say = (
                    "It couldn't be asked which channel a thread belongs to; what happened there is read back with the next gap."
                )
                log.warning("discord_place_unknown", say=say, repeats=True, channel=item.channel, reason=str(error))
                return ()
        if place is None or not self._places.watches(place.guild, place.channel):
            return ()
        try:
            return item.translate(place)
        except Exception as error:
            await self._intake.unreadable(_unreadable(place, item.message, item.kind, item.at, error, self._clock.now()).failed)
            return ()

    async def _tell_dropped(self) -> None:
        """Say that events were dropped, until that is remembered, and again for those dropped meanwhile."""
        while True:
            await self._dropped.wait()
            self._dropped.clear()
            since, self._dropped_since = self._dropped_since, None
            if since is None:
                continue
            log.error(
                "discord_events_dropped",
                say="More happened on Discord than could be stored, and some of it was dropped; it is read back.",
                since=since,
            )
            await self._intake.missed(GapReason.DROPPED, since, whole=True)
            await self._sleep(TELL_AGAIN)


class _Unread:
    """Something that happened, of which we fail to make an event."""

    __slots__ = ("failed",)

    def __init__(self, failed: FailedEvent) -> None:
        self.failed = failed


def _unreadable(place: Place, message: int, kind: str, at: Instant, error: Exception, now: Instant) -> _Unread:
    return _Unread(
        FailedEvent(channel=place.key, message=str(message), kind=kind, edit="", at=at, error=described(error), noted_at=now)
    )
