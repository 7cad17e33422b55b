"""Discord as one of the bot's connections: listened to, posted in, read back, asked who and what is there."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import discord
import structlog

from adapters.discord.askers import DiscordAskers
from adapters.discord.called import CallsOfTheBot
from adapters.discord.changes import DiscordChanges
from adapters.discord.client import Sight
from adapters.discord.delivery import DiscordDelivery
from adapters.discord.failures import Waiting
from adapters.discord.gateway import Gateway
from adapters.discord.history import DiscordHistory
from adapters.discord.inbound import DiscordInbound
from adapters.discord.listening import Listening
from adapters.discord.moderation import DiscordModeration
from adapters.discord.options import DiscordOptions
from adapters.discord.pace import ReadingPace
from adapters.discord.people import DiscordPeople
from adapters.discord.places import DiscordPlaces, Place
from adapters.discord.presence import activity, introduce
from adapters.discord.readers import DiscordReaders
from adapters.discord.relays import Relays
from adapters.discord.surfaces import DiscordSurfaces
from adapters.discord.workspace import DiscordWorkspace
from adapters.discord_format.snowflakes import made_at
from bot.domain.durations import Instant, Seconds
from bot.domain.events import Event
from bot.domain.gaps import GapReason
from bot.domain.keys import post_ref
from bot.domain.outgoing import Address
from bot.errors import AccessLost, DeliveryError, Forbidden, Gone, described
from bot.ports import Clock, Intake, InteractionHandler, Sleep

SETTLE: Final[Seconds] = 2.0
"""How long requests under way are waited for before the connections are closed, in real seconds."""

NOTE_AGAIN: Final[Seconds] = 5.0
"""A gap that couldn't be noted is noted after so long."""

log = structlog.get_logger()


class DiscordConnection:
    """Fits `bot.ports.Connection`."""

    name = "discord"

    def __init__(self, token: str, options: DiscordOptions, *, clock: Clock, sleep: Sleep = asyncio.sleep) -> None:
        self._options = options
        self._clock = clock
        self._sleep = sleep
        self._waiting = Waiting()
        self._gateway = Gateway(token, options, self._hear, self._waiting, clock=clock, sleep=sleep, activity=activity())
        client = self._gateway.client
        pace = ReadingPace(clock=clock, sleep=sleep)
        self._people = DiscordPeople(client, options, clock=clock)
        self._places = DiscordPlaces(client, options)
        self._relays = Relays(options.relays, options.relayed)
        self._inbound = DiscordInbound(
            client, self._people, self._relays, sight=lambda: self._gateway.sight, now=clock.now, marks=options.marks
        )
        self.history = DiscordHistory(
            client,
            self._places,
            self._people,
            self._inbound,
            self._waiting,
            pace,
            clock=clock,
            marks=options.marks,
            first_read=options.first_read,
        )
        self.workspace = DiscordWorkspace(
            client,
            self._places,
            self._people,
            self._waiting,
            pace,
            listed=options.listed,
            lists=lambda: self._gateway.sight.members,
            log_in=self._gateway.log_in,
        )
        self.moderation = DiscordModeration(client, self._places, self._people, self._waiting)
        self._changes = DiscordChanges(
            client,
            self._places,
            self._people,
            self.history,
            self.workspace,
            self._happen,
            clock=clock,
            sleep=sleep,
        )
        readers = DiscordReaders(client, self._waiting, self._people, is_member_now=self.workspace.is_member_now)
        delivery = DiscordDelivery(client, self._waiting, readers, name_of=self._people.shown)
        self.open_direct, self.deliver, self.whisper = delivery.open_direct, delivery.deliver, delivery.whisper
        self.update, self.remove = delivery.update, delivery.remove
        self.can_find, self.find_delivered, self.readers_of = delivery.can_find, delivery.find_delivered, delivery.readers_of
        self._surfaces: DiscordSurfaces | None = None
        self._listening: Listening | None = None
        self._calls: CallsOfTheBot | None = None
        self._intake: Intake | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._gap: asyncio.Task[None] | None = None
        self._gap_since: Instant | None = None
        """Since when something may have been missed that isn't noted yet."""

    # -- listened to

    async def open(self) -> None:
        """Log in, come in, and say what keeps reminders from leaving: that is no reason not to start, for what is asked
        meanwhile is noted all the same. Raises DeliveryError and its kinds."""
        await self._gateway.open()
        self._changes.begin()
        try:
            await self.workspace.refresh()
        except AccessLost:
            raise
        except DeliveryError as error:
            say = "Who is in a server couldn't be listed, so somebody on the team may be taken for a customer until they write."
            log.warning("discord_people_unlisted", say=say, reason=str(error))
        self._changes.begin()
        self._say_what_is_wrong()

    def _say_what_is_wrong(self) -> None:
        sight = self._gateway.sight
        if not sight.message_content:
            log.warning(
                "discord_words_unseen",
                say="The bot sees nobody's words but those of messages that name it: customers who don't are overlooked, and of "
                "members' replies it asks whether they were the answer. Switch on Message Content Intent (Developer Portal, "
                "Bot).",
            )
        if not sight.members:
            log.warning(
                "discord_people_unseen",
                say="The bot can't see who is in a server: of the team it knows whom the settings list, and who has written. "
                "Switch "
                "on Server Members Intent (Developer Portal, Bot), or list the team under [[members]].",
            )
        here = {guild.id for guild in self._places.guilds()}
        for options in self._options.guilds:
            if options.id not in here:
                log.error(
                    "discord_guild_missing",
                    say="The bot isn't in a server that the settings name, or Discord has an outage of it. `realreply discord "
                    "invite` prints the link by which it comes in.",
                    guild=options.id,
                )
        for guild in self._places.guilds():
            self._changes.say_roles(guild)
        if not any(options.destination for options in self._options.guilds):
            say = "No reminder can leave to Discord: name the team's own channel as destination and start again."
            log.warning("no_reminders_channel", say=say)
        elif not self.workspace.destinations():
            log.warning(
                "reminders_channel_missing",
                say="realreply doesn't see the channel for reminders, or there is none of this name. Give its role View Channel "
                "there: until then it watches and only notes.",
            )
        if not self.workspace.team().members:
            log.warning(
                "nobody_on_the_team",
                say="Nobody is on the team, so everybody counts as a customer: name roles in team_roles, or list the team's ids "
                "under [[members]], and start again.",
            )

    @property
    def sight(self) -> Sight:
        """What the app sees in this session."""
        return self._gateway.sight

    @property
    def connected(self) -> bool:
        """Whether there is a connection that shows that it lives."""
        return self._gateway.connected

    async def listen(self, intake: Intake, interactions: InteractionHandler) -> None:
        """Hand in what happens from now on."""
        self._intake = intake
        self._calls = CallsOfTheBot(self._gateway.client, self._places, self._people, self._inbound, self.workspace, interactions)
        asks = DiscordAskers(self._people, self._places, self._inbound, self.workspace)
        self._surfaces = DiscordSurfaces(self._waiting, asks, interactions, name_of=self._people.shown)
        listening = Listening(
            intake, self._inbound, self._relays, self._places, self._ask_place, clock=self._clock, sleep=self._sleep
        )
        listening.start()
        self._listening = listening
        self._changes.look()  # somebody may have left the team while we weren't here
        self._changes.tell_who_came()
        self._tasks = [
            asyncio.create_task(self._gateway.go_on(intake.lost), name="discord"),
            asyncio.create_task(self._changes.tell(intake), name="discord changes"),
            asyncio.create_task(
                introduce(self._gateway.client, self._waiting, auto_dms=self._options.auto_dms, sleep=self._sleep),
                name="discord profile",
            ),
        ]
        for task in self._tasks:
            task.add_done_callback(self._ended)

    async def listened_until(self) -> Instant | None:
        """Until when everything that came in is stored: now, while there is a connection. A gap that isn't noted yet ends it."""
        if self._gap_since is not None:
            return self._gap_since
        if not self._gateway.connected or self._listening is None:
            return self._gateway.heard_at
        return self._listening.until(self._clock.now())

    def _ended(self, task: asyncio.Task[None]) -> None:
        """What goes on for ever ended by a mistake of ours: nobody would hear of it, and nothing would come in."""
        error = None if task.cancelled() else task.exception()
        if error is not None and self._intake is not None:
            why = f"realreply made a mistake with Discord and can't go on there ({described(error)})"
            self._intake.lost(AccessLost(f"{why}. Please report it, and start it again"))

    async def stop(self) -> None:
        """Take no more events. What isn't stored yet is read back by the next start."""
        tasks, self._tasks = self._tasks, []
        for task in (*tasks, *(() if self._gap is None else (self._gap,))):
            task.cancel()
        listening, self._listening = self._listening, None
        if listening is not None:
            await listening.stop()

    async def close(self) -> None:
        """End the session, when what is under way has come to its end."""
        surfaces, self._surfaces = self._surfaces, None
        if surfaces is not None:
            await surfaces.settle(SETTLE)
        await self._waiting.settle(SETTLE)
        await self._gateway.close()

    # -- heard; nothing here waits

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        """Take an event of the gateway. Our mistake with one must not end the session."""
        try:
            if event in ("ready", "resumed"):
                self._came_back(event, args[0])
            elif self._listening is None or not self._listening.hear(event, args):
                self._changes.hear(event, args)
            if event == "interaction" and self._surfaces is not None:
                self._surfaces.hear(args[0])
            if event == "message" and self._calls is not None and self._listening is not None:
                self._calls.hear(args[0])
        except Exception as error:
            say = "Something that Discord told of couldn't be taken in; what it changed may be unknown until the next gap."
            log.error("discord_event_unread", say=say, repeats=True, kind=event, error=described(error))

    def _happen(self, event: Event) -> None:
        if self._listening is not None:
            self._listening.happen(event)

    def _came_back(self, event: str, since: Instant | None) -> None:
        """There is a connection again. A new session is a gap; one that was resumed isn't by Discord's account, and is looked at
        all the same, without holding anything up."""
        self._changes.look()
        if event == "ready":
            self._changes.tell_who_came()
        if since is None or self._intake is None:
            return
        whole = event == "ready" or self._gap_since is not None
        self._gap_since = since if self._gap_since is None else min(since, self._gap_since)
        if self._gap is not None:
            self._gap.cancel()
        self._gap = asyncio.create_task(self._note_gap(self._intake, whole=whole), name="discord gap")

    async def _note_gap(self, intake: Intake, *, whole: bool) -> None:
        while (since := self._gap_since) is not None:
            try:
                await intake.missed(GapReason.DISCONNECTED if whole else GapReason.RENEWED, since, whole=whole)
                self._gap_since = None
            except Exception as error:  # a database that fails ends the bot elsewhere
                say = "A gap couldn't be noted yet; it is tried again in a moment."
                log.error("discord_gap_unnoted", say=say, error=described(error))
                await self._sleep(NOTE_AGAIN)

    async def _ask_place(self, channel: int, guild: int) -> Place | None:
        """What the channel or thread with this id is. Raises DeliveryError."""
        asking = self._gateway.client().fetch_channel(channel)
        try:
            found = await self._waiting.answer(asking, "asking what a channel is", where=str(channel))
        except (Gone, Forbidden):
            return None
        if isinstance(found, discord.Thread):
            self._places.learn(found)
        return self._places.of(channel, guild)

    # -- posted in

    async def posted_in(self, channel: Address, since: Instant) -> list[tuple[str, Instant]]:
        """The posts of ours in a channel since an instant, and when they were posted."""
        guild = next((one for one in self._places.guilds() if one.get_channel(int(channel.id)) is not None), None)
        if guild is None:
            return []
        posts = await self.history.own(int(channel.id), guild.id, since)
        return [(post_ref(channel.id, str(post.id)), made_at(post.id)) for post in posts if post.components or post.embeds]
