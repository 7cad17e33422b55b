"""How Slack's events come in over Socket Mode, with two connections, and when Slack was heard last.

Slack ends a socket every few hours and the SDK closes the old one before it has a new one; with two there is always one that
listens (https://docs.slack.dev/apis/events-api/using-socket-mode). Whenever one was away, what happened since is read back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from aiohttp import ClientError
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from adapters.slack import failures
from adapters.slack.web import of_answer
from bot.domain.durations import Instant, Seconds
from bot.domain.gaps import GapReason
from bot.ports import Clock

CONNECTIONS: Final = 2

PING: Seconds = 5.0
"""Between two pings of a connection, in real seconds."""

log = structlog.get_logger()

SILENT: Seconds = 5 * 60
"""When Slack posts to us and was silent for so long, it may not have reached us: with the first event after it the channels are
read back. Less than the six minutes after which Slack gives an event up, so that none that it gave up goes unnoticed."""

LATE_HELLO: Seconds = 1
"""A connection that says hello so late after the start may have come after the past was read: it is read again."""

GapHandler = Callable[[GapReason, Instant, bool], Awaitable[None]]
"""Events since an instant may have been missed. True: nothing at all came in."""


class Sockets:
    """Socket Mode, over `CONNECTIONS` connections."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        clock: Clock,
        on_gap: GapHandler,
        *,
        connections: int = CONNECTIONS,
        ping: Seconds = PING,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._clock = clock
        self._on_gap = on_gap
        self._connections = connections
        self._ping = ping
        self._handlers: list[AsyncSocketModeHandler] = []
        self._heard: dict[int, Instant] = {}
        self._begun: Instant = clock.now()
        self._greeted: dict[int, tuple[object, Instant]] = {}
        """The session of each connection that said hello, and when."""
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect. Raises DeliveryError when Slack doesn't let us."""
        # Asked once by ourselves: the SDK would go on trying for ever with a token that is wrong.
        try:
            await self._app.client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            # Not chained: the SDK's error holds the request, and with it the token.
            raise of_answer("apps.connections.open", error.response, where="the app token") from None
        except (ClientError, OSError, TimeoutError) as error:
            raise failures.broken("apps.connections.open", error) from error
        self._begun = self._clock.now()
        for number in range(self._connections):
            handler = AsyncSocketModeHandler(self._app, self._app_token, ping_interval=self._ping, logger=_quiet())
            client: SocketModeClient = handler.client
            client.message_listeners.append(self._listener(number))
            self._handlers.append(handler)
            await handler.connect_async()  # type: ignore[no-untyped-call]
        self._watch = asyncio.create_task(self._look(), name="sockets")

    async def stop(self) -> None:
        """Disconnect. What isn't acknowledged yet Slack delivers again."""
        if self._watch is not None:
            self._watch.cancel()
        await asyncio.gather(*(_close(handler) for handler in self._handlers), return_exceptions=True)
        for handler in self._handlers:
            session = handler.client.aiohttp_client_session
            if not session.closed:
                await session.close()
        self._handlers.clear()

    def _listener(self, number: int) -> Callable[[Any, dict[str, Any], str | None], Awaitable[None]]:
        async def heard(_client: Any, message: dict[str, Any], _raw: str | None) -> None:
            since = self._heard.get(number)
            if message.get("type") == "hello":
                # First remembered that something is missing, then that we listen again.
                since = self._begun if number not in self._greeted else since
                if since is not None and (number in self._greeted or self._clock.now() - since >= LATE_HELLO):
                    await self._back(number, since)
                self._greeted[number] = (self._session(number), self._clock.now())
            self._heard[number] = self._clock.now()

        return heard

    def _session(self, number: int) -> object:
        client: SocketModeClient = self._handlers[number].client
        return client.current_session

    async def _listens(self, number: int) -> bool:
        """Whether a connection is there and has said hello: one that hasn't may have been away for long."""
        session, _ = self._greeted.get(number, (None, 0.0))
        return session is not None and session is self._session(number) and await self._handlers[number].client.is_connected()

    async def _back(self, number: int, since: Instant) -> None:
        """A connection is there again. While another one listened all the time nothing should be missing; that it isn't is made
        sure."""
        others = [other for other, (_, greeted) in self._greeted.items() if other != number and greeted <= since]
        alone = not any([await self._listens(other) for other in others])
        log.info("slack_reconnected", say="A connection to Slack was renewed; what may have been missed is read back.")
        await self._on_gap(GapReason.DISCONNECTED if alone else GapReason.RENEWED, since, alone)

    async def heard_until(self) -> Instant | None:
        """Now, while a connection is alive; else when one was last."""
        if any([await self._listens(number) for number in self._greeted]):
            return self._clock.now()
        return max(self._heard.values(), default=None)

    async def _look(self) -> None:
        """Keep in mind until when each connection was alive: what is read back begins there."""
        while True:
            await asyncio.sleep(self._ping)
            for number in list(self._greeted):
                if await self._listens(number):
                    self._heard[number] = self._clock.now()


class Heard(AsyncMiddleware):
    """Notes when Slack was heard last (by a request whose signature was right, where that counts), and that something may be
    missing when it was silent for long before."""

    def __init__(self, clock: Clock, on_gap: GapHandler, *, posts_to_us: bool) -> None:
        self._clock = clock
        self._on_gap = on_gap
        self._posts_to_us = posts_to_us
        self.at: Instant = clock.now()

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        """Note it, and go on. Events alone count: commands and clicks come by another way, and say nothing about that of
        events."""
        if req.body.get("type") == "event_callback":
            since = self.at
            if self._posts_to_us and self._clock.now() - since >= SILENT:
                await self._on_gap(GapReason.SILENT, since, False)
            self.at = self._clock.now()
        return await next()


async def _close(handler: AsyncSocketModeHandler) -> None:
    await handler.client.close()  # type: ignore[no-untyped-call]


def _quiet() -> logging.Logger:
    """The SDK's own log. It would write whole events, messages and all, at DEBUG."""
    quiet = logging.getLogger("adapters.slack.sdk")
    quiet.setLevel(logging.WARNING)
    return quiet
