"""Who is connected over HTTP. Everybody is a stranger until a request of theirs turns out to be signed by Slack.

There is no way to tell Slack's half-sent request from anybody else's, so strangers have little, and make way for whoever comes:
oldest first, for what is Slack's is complete within a moment.
"""

from __future__ import annotations

import asyncio
from typing import Final, Literal

import structlog
from aiohttp import web

from adapters.slack.http.limits import HttpLimits
from bot.domain.durations import Seconds

LONGEST_LINE: Final = 4096
"""Bytes of a request's first line, or of one header. Slack's longest header has 80."""

MOST_HEADERS: Final = 64
"""Slack sends about ten, proxies add some."""

READ_AHEAD: Final = 64 * 1024
"""Bytes of a body beyond which a connection isn't read until somebody takes them."""

LINGER: Seconds = 2.0
"""For which the rest of a small refused request is read and thrown away: then the refusal is seen, not a broken connection."""

SPARE: Final = 16
"""Files left to the rest of the process where it may open too few for all our connections."""

FEWEST: Final = 16
"""Connections, however few files there are."""

TOO_LATE: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

CallerState = Literal["stranger", "served", "idle", "refused"]
"""Of a connection: nothing signed came yet, or not as a whole; a signed request is under way; it was answered; one was
refused."""

log = structlog.get_logger()


class Callers:
    """All who are connected, and the limits for them."""

    def __init__(self, limits: HttpLimits) -> None:
        self.limits = limits
        self._most = limits.connections
        self._all: set[Caller] = set()
        self._strangers: dict[Caller, None] = {}
        """Whose request isn't there as a whole, or not verified yet; the oldest first."""
        self._idle: dict[Caller, None] = {}
        """Who brought a signed request and was answered; the one that has been idle for longest first."""
        self._held = 0
        self._gone = asyncio.Event()

    async def make_room(self, more: int) -> None:
        """Wait until there is room for `more`: strangers who have been there for longest are thrown out, or who is idle. While
        Slack takes all the room, it waits until something is answered."""
        while len(self._all) + more > self._most:
            self._gone.clear()
            if not self.throw_out_one():
                log.warning(
                    "http_full",
                    say="Slack has more requests under way than realreply takes at once; the next wait their turn.",
                    repeats=True,
                )
                await self._gone.wait()

    def throw_out_one(self) -> bool:
        """Break the connection of one who isn't being served; False if there is none. Idle ones come first until strangers have
        half the room: in less of it they would push each other out before they were read, and Slack's next request among them."""
        crowded = len(self._strangers) * 2 >= self._most or not self._idle
        caller = next(iter(self._strangers if crowded else self._idle), None)
        if caller is None:
            return False
        if crowded:
            log.warning(
                "http_crowded",
                say="More connections to slack.listen were opened than it takes at once; the oldest that had brought no whole "
                "request were broken. Slack's requests still come in. Let only your proxy reach that port, and let it buffer.",
                repeats=True,
            )
        caller.break_off()
        return True

    def lower(self) -> None:
        """The process can't have more connections than now, and needs some files for itself: from now on there are fewer."""
        self._most = max(FEWEST, min(self._most, len(self._all) - SPARE))

    def throw_out_unserved(self) -> None:
        """Break every connection that isn't being served."""
        for caller in [*self._strangers, *self._idle]:
            caller.break_off()

    # -- what callers tell

    def came(self, caller: Caller) -> None:
        """Somebody connected."""
        self._all.add(caller)
        self._strangers[caller] = None

    def left(self, caller: Caller) -> None:
        """A connection is gone."""
        self._forget(caller)
        self._all.discard(caller)
        self._gone.set()

    def asks(self, caller: Caller) -> None:
        """Whoever was idle begins another request: a stranger again, until that one is verified."""
        self._idle.pop(caller, None)
        self._strangers[caller] = None

    def holds(self, caller: Caller, more: int) -> None:
        """A stranger sent so many bytes more. Who holds most is thrown out when all hold too much."""
        caller.held += more
        self._held += more
        while self._held > self.limits.unverified:
            greediest = max(self._strangers, key=lambda stranger: stranger.held)
            log.warning(
                "http_bodies_crowded",
                say="Requests that weren't complete held too much memory; the largest were broken off. Slack's requests still "
                "come in. Let only your proxy reach slack.listen, and let it buffer.",
                repeats=True,
            )
            greediest.break_off()

    def lets_go(self, caller: Caller) -> None:
        """What a stranger sent is no longer kept."""
        self._held -= caller.held
        caller.held = 0

    def verified(self, caller: Caller) -> None:
        """Slack signed this caller's request. It is served to the end, whoever else comes."""
        self._forget(caller)

    def answered(self, caller: Caller) -> None:
        """A signed request was answered."""
        if caller in self._all:
            self._idle[caller] = None

    def _forget(self, caller: Caller) -> None:
        self.lets_go(caller)
        self._strangers.pop(caller, None)
        self._idle.pop(caller, None)


class Caller(web.RequestHandler):
    """One connection: aiohttp's, with our limits. It is alone with `request` seconds for each request."""

    __slots__ = ("_callers", "_late", "_state", "held")

    def __init__(self, server: web.Server, callers: Callers, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            server,
            loop=loop,
            access_log=None,  # type: ignore[arg-type]  # what aiohttp itself passes for "none"
            keepalive_timeout=callers.limits.idle,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
            max_headers=MOST_HEADERS,
            lingering_time=LINGER,
            read_bufsize=READ_AHEAD,
            auto_decompress=False,  # Slack compresses nothing, and its signature is over what was sent
        )
        self.held = 0
        self._callers = callers
        self._state: CallerState = "stranger"
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connected: a stranger."""
        super().connection_made(transport)
        self._callers.came(self)
        self._give_time()

    def connection_lost(self, exc: BaseException | None) -> None:
        """The connection is gone, whoever ended it."""
        self._take_time()
        self._callers.left(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Something came in, and is counted before it is looked at."""
        if self._state == "idle":
            self.asks()
        if self._state == "stranger":
            self._callers.holds(self, len(data))
        if self.transport is not None:  # it wasn't thrown out for it
            super().data_received(data)

    def asks(self) -> None:
        """A request begins."""
        if self._state == "idle":
            self._state = "stranger"
            self._callers.asks(self)
            self._give_time()

    def verified(self) -> None:
        """The request is Slack's."""
        self._state = "served"
        self._take_time()
        self._callers.verified(self)

    def answered(self) -> None:
        """The request, which was Slack's, has been answered."""
        self._state = "idle"
        self._callers.answered(self)

    def refused(self) -> None:
        """The request was refused: the rest of it is thrown away as it comes."""
        self._state = "refused"
        self._callers.lets_go(self)

    def break_off(self) -> None:
        """End the connection at once; what was to be sent on it is lost."""
        transport = self.transport
        self._callers.left(self)
        self.force_close()
        if transport is not None:
            transport.abort()

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """Answer what is no HTTP request with 400, and a fault of ours with 500."""
        if status >= 500:
            log.error("http_failed", say="A request of Slack's failed; Slack sends it again.", exc_info=exc, repeats=True)
        else:
            log.info(
                "http_malformed", say="Something that is no HTTP request came to slack.listen. It was refused.", repeats=True
            )
            self.refused()
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun, so it can't become another")
        response = web.Response(status=status)
        response.force_close()
        return response

    def _give_time(self) -> None:
        self._late = self._loop.call_later(self._callers.limits.request, self._is_late)

    def _take_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _is_late(self) -> None:
        log.info(
            "http_late",
            say="A request to slack.listen wasn't there as a whole in time, and was refused. Slack sends its own again.",
            repeats=True,
        )
        if self.held and self.transport is not None:
            self.transport.write(TOO_LATE)
        self.force_close()
