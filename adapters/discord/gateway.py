"""The session with Discord: begun, watched over, and begun anew when it ended by an error.

discord.py resumes and reconnects by itself, but for three cases (2.7.1, tried): an exception in one of its parsers ends
`connect`; so does a first connection that fails; and where Discord accepts a connection and closes it at once it connects again
without any pause. Beginning a session is counted by Discord, a thousand a day; over that it resets the bot's token
(https://docs.discord.com/developers/events/gateway, "Session Start Limit"). So it is asked how many are left.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Any, Final

import discord
import structlog

from adapters.discord.client import API, DiscordClient, Hear, Sight, use_address
from adapters.discord.failures import Waiting
from adapters.discord.options import DiscordOptions
from bot.domain.durations import Instant, Seconds
from bot.errors import AccessLost, DeliveryError, RetryLater, described
from bot.ports import Clock, Sleep

READY_WITHIN: Final[Seconds] = 120.0
"""A session that hasn't told all its servers after so long, in real seconds, isn't going to."""

FEW_LEFT: Final = 50
"""So many sessions are never begun of those that Discord allows in a day: for people who try things, and for other mistakes."""

FIRST_PAUSE: Final[Seconds] = 5.0
LONGEST_PAUSE: Final[Seconds] = 10 * 60.0
"""After these, longer each time, a session is begun anew."""

PATIENT: Final[tuple[Seconds, ...]] = (5.0, 10.0, 20.0, 40.0, 60.0)
"""The pauses after which it is tried again at the start."""

SOUND_AFTER: Final[Seconds] = 10 * 60.0
"""A session that lasted so long is no part of the trouble before it."""

MOST_BREAKS: Final = 8
STORM: Final[Seconds] = 60.0
"""So many broken connections within so long, and the library is stopped: it would go on without a pause."""


class _NoFalseAlarm(logging.Filter):
    """Leaves out "Can't keep up, websocket is 41 s behind". discord.py notes when it sent a heartbeat only after its thread woke
    up again; an answer that is faster is measured from the heartbeat before (2.7.1, gateway.py `KeepAliveHandler.run`). Where it
    is true it says besides that the heartbeat is blocked, or that Discord stopped responding."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith("Can't keep up")


NO_FALSE_ALARM: Final = _NoFalseAlarm()

CLOSED_AT_ONCE: Final = "Discord closes each connection as soon as it is made"

log = structlog.get_logger()


class Gateway:
    """Holds the client of the session there is. `hear` takes its events."""

    def __init__(
        self,
        token: str,
        options: DiscordOptions,
        hear: Hear,
        waiting: Waiting,
        *,
        clock: Clock,
        sleep: Sleep,
        activity: discord.BaseActivity | None = None,
    ) -> None:
        self._token = token
        self._options = options
        self._hear_event = hear
        self._waiting = waiting
        self._clock = clock
        self._sleep = sleep
        logging.getLogger("discord").setLevel(logging.INFO)  # below that it logs what people write
        logging.getLogger("discord.gateway").addFilter(NO_FALSE_ALARM)
        self._activity = activity
        if options.api != API:
            use_address(options.api, options.gateway)
        self._client = self._made(Sight())
        self._session: asyncio.Task[None] | None = None
        self._breaks: deque[Seconds] = deque(maxlen=MOST_BREAKS)
        self._storm = asyncio.Event()
        self._connected = False
        self.heard_at: Instant | None = None
        """When anything came from Discord last over a connection that was whole."""
        self._last_event = ""

    def client(self) -> discord.Client:
        """The client of the session there is, or of the one that ended last."""
        return self._client

    @property
    def sight(self) -> Sight:
        """What the app sees in this session."""
        return self._client.sight

    @property
    def connected(self) -> bool:
        """Whether there is a connection that shows that it lives."""
        return self._connected

    async def open(self) -> None:
        """Log in, connect, and wait until all servers were told. What passes is tried again for some minutes. Raises
        DeliveryError and its kinds."""
        for pause in PATIENT:
            try:
                await self._begin()
                return
            except RetryLater as error:
                if error.after > LONGEST_PAUSE:
                    raise
                say = "Discord can't be had yet; it is tried again."
                log.warning("discord_not_there", say=say, reason=str(error), pause=max(pause, error.after))
                await self._sleep(max(pause, error.after))
        await self._begin()

    async def log_in(self) -> bool:
        """Make sure that Discord can be asked, also where no session was begun: asking takes none. Gives whether there is one.
        Raises DeliveryError and its kinds."""
        if self._session is None and self._client.user is None:
            await self._login(self._client)
        return self._session is not None

    async def go_on(self, lost: Callable[[AccessLost], None]) -> None:
        """Begin the session anew whenever it ends, until Discord lets us in no longer. For ever."""
        pause = FIRST_PAUSE
        while True:
            began = self._clock.elapsed()
            error = await self._ended()
            self._connected = False
            if isinstance(error, AccessLost):
                lost(error)
                return
            if self._clock.elapsed() - began >= SOUND_AFTER:
                pause = FIRST_PAUSE
            log.error(
                "discord_session_ended",
                say="The session with Discord ended by an error; a new one is begun in a moment, and what was missed is read "
                "back.",
                error=str(error) if isinstance(error, DeliveryError) else described(error),
                happened=self._last_event,
                pause=pause,
            )
            pause = await self._again(pause, lost)
            if self._session is None:
                return

    async def _again(self, pause: Seconds, lost: Callable[[AccessLost], None]) -> Seconds:
        """Try to begin a session until one is there, or we are thrown out. Gives the next pause."""
        while True:
            await self._leave()
            await self._sleep(pause)
            pause = min(LONGEST_PAUSE, 2 * pause)
            try:
                await self._begin()
                return pause
            except AccessLost as error:
                lost(error)
                return pause
            except DeliveryError as error:
                if isinstance(error, RetryLater):
                    pause = min(LONGEST_PAUSE, max(pause, error.after))
                say = "A session with Discord couldn't be begun; it is tried again."
                log.warning("discord_session_refused", say=say, reason=str(error), pause=pause)

    async def close(self) -> None:
        """End the session, and let go of the connections."""
        await self._leave()

    # -- one session

    def _made(self, sight: Sight) -> DiscordClient:
        def hear(event: str, args: tuple[Any, ...]) -> None:
            if self._session is not None:  # else one that is being left
                self._hear(event, args)

        return DiscordClient(
            sight,
            hear,
            sleep=self._sleep,
            activity=self._activity,
            ready_timeout=self._options.ready_timeout,
            heartbeat_timeout=self._options.heartbeat_timeout,
        )

    async def _begin(self) -> None:
        """Begin a session with what the app may see by the switches in the portal: asked for more, Discord refuses all."""
        self._breaks.clear()
        self._storm.clear()
        await self._client.close()
        client = self._made(Sight())
        try:
            await self._login(client)
            sight = seen_by(client.application)
            if sight != client.sight:
                await client.close()
                client = self._made(sight)
                await self._login(client)
            await self._insist_on_sessions(client)
        except BaseException:
            await client.close()
            raise
        self._client = client
        self._session = asyncio.create_task(client.connect(), name="discord session")
        try:
            await self._until_ready(client, self._session)
        except BaseException:
            await self._leave()
            raise

    async def _login(self, client: DiscordClient) -> None:
        await self._waiting.answer(client.login(self._token), "logging in")

    async def _insist_on_sessions(self, client: DiscordClient) -> None:
        """Raises RetryLater where too few sessions are left to begin one."""
        _, _, limit = await self._waiting.answer(client.http.get_bot_gateway(), "asking how many sessions are left")
        left, reset = int(limit["remaining"]), int(limit["reset_after"]) / 1000
        if left <= FEW_LEFT:
            hours = reset / 3600
            raise RetryLater(
                f"only {left} sessions with Discord are left for today, and over the limit it resets the token. None is begun "
                f"for "
                f"{hours:.1f} hours: see in the log why so many were, and whether another program uses the token",
                after=max(FIRST_PAUSE, reset),
                uncertain=False,
            )

    async def _until_ready(self, client: DiscordClient, session: asyncio.Task[None]) -> None:
        ready = asyncio.create_task(client.wait_until_ready(), name="discord ready")
        storm = asyncio.create_task(self._storm.wait(), name="discord breaks")
        try:
            await asyncio.wait({ready, session, storm}, timeout=READY_WITHIN, return_when=asyncio.FIRST_COMPLETED)
            if ready.done():
                return
        finally:
            ready.cancel()
            storm.cancel()
        if session.done():
            raise self._of(session)
        if self._storm.is_set():
            raise RetryLater(CLOSED_AT_ONCE, after=FIRST_PAUSE)
        raise RetryLater("Discord didn't tell its servers in time; it is tried again", after=FIRST_PAUSE)

    async def _ended(self) -> Exception:
        """Wait until the session ends, and give why. One that breaks and comes back without end is ended."""
        session = self._session
        assert session is not None, "`open` was called before"
        storm = asyncio.create_task(self._storm.wait(), name="discord breaks")
        try:
            await asyncio.wait({session, storm}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            storm.cancel()
        if session.done():
            return self._of(session)
        return RetryLater(CLOSED_AT_ONCE, after=FIRST_PAUSE)

    def _of(self, session: asyncio.Task[None]) -> DeliveryError:
        """Why a session ended."""
        error = None if session.cancelled() else session.exception()
        match error:
            case discord.PrivilegedIntentsRequired():
                # What the portal says is asked for anew; by then it knows that they are off.
                return RetryLater(
                    "Discord refused what the bot asks to see: Message Content Intent or Server Members Intent was switched off "
                    "(Developer Portal, Bot, Privileged Gateway Intents). It goes on with what is left",
                    after=FIRST_PAUSE,
                )
            case discord.ConnectionClosed() if error.code in _FATAL:
                return AccessLost(f"Discord ended the session ({error.code}): {_FATAL[error.code]}")
            case None:
                return RetryLater("the session with Discord was closed", after=FIRST_PAUSE)
        return RetryLater(f"the session with Discord ended: {described(error)}", after=FIRST_PAUSE)

    async def _leave(self) -> None:
        session, self._session = self._session, None
        self._connected = False
        if session is not None:
            # First: closed while the library still reads, the connection ends with 4000, and Discord keeps the session for a
            # while.
            session.cancel()
            await asyncio.gather(session, return_exceptions=True)
        await self._client.close()

    # -- events

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        """Hand an event on. With "ready" and "resumed" comes since when something may have been missed; None: nothing came yet.
        Only with "ready" it is known what is in the servers."""
        if event == "socket_event_type":
            self._last_event = str(args[0])
            if self._connected:
                self.heard_at = self._clock.now()
            return
        if event in ("disconnect", "connect"):
            self._connected = False
            if event == "disconnect":
                self._note_break()
        elif event in ("ready", "resumed"):
            since, self.heard_at, self._connected = self.heard_at, self._clock.now(), True
            args = (since,)
        self._hear_event(event, args)

    def _note_break(self) -> None:
        now = self._clock.elapsed()
        self._breaks.append(now)
        if len(self._breaks) == MOST_BREAKS and now - self._breaks[0] < STORM:
            self._storm.set()


def seen_by(application: discord.AppInfo | None) -> Sight:
    """What an app may see, by the switches in the portal (https://docs.discord.com/developers/resources/application, "Application
    Flags"; `limited` is what they are called below the size from which Discord looks at an app)."""
    if application is None:
        return Sight()
    flags = application.flags
    return Sight(
        message_content=flags.gateway_message_content or flags.gateway_message_content_limited,
        members=flags.gateway_guild_members or flags.gateway_guild_members_limited,
    )


_FATAL: Final = {
    4004: "the token was reset or is wrong. Make a new one (Developer Portal, Bot), set it and start again",
    4010: "this bot is in more servers than one session may see, which realreply isn't made for. Take it out of some",
    4011: "this bot is in more servers than one session may see, which realreply isn't made for. Take it out of some",
    4012: "this version of realreply speaks to Discord in a way that isn't supported any more. Take a newer one",
    4013: "this version of realreply asks for something that Discord doesn't know. Please report it",
}
"""Close codes after which connecting again would not help, and what would
(https://docs.discord.com/developers/topics/opcodes-and-status-codes, "Gateway Close Event Codes")."""
