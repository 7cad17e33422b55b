"""Socket Mode: the WebSocket side of the fake. https://docs.slack.dev/apis/events-api/using-socket-mode"""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.slack_sandbox.model import Json

MOST = 10
"""Connections per app."""

HEARTBEAT = 10.0
"""Seconds between the pings of the fake, of real time."""


@dataclass(kw_only=True, eq=False)
class Connection:
    """One WebSocket of the app. `waiting` are envelopes that haven't been acknowledged."""

    id: int
    request: web.Request
    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    received: int = 0


class Sockets:
    """All connections of the app, and the envelopes on them."""

    def __init__(self, *, app_id: str, complain: Callable[[str], None]) -> None:
        self.app_id = app_id
        self.connections: list[Connection] = []
        self.enabled = True
        self.tickets: set[str] = set()
        self.opened = 0
        """Connections that ever were: tells a reconnect."""
        self._complain = complain
        self._numbers = itertools.count(1)
        self._changed = asyncio.Event()
        self._turn = 0

    def ticket(self, port: int) -> str:
        """A WebSocket address, good for one connection."""
        ticket = uuid.uuid4().hex
        self.tickets.add(ticket)
        return f"ws://127.0.0.1:{port}/link?ticket={ticket}&app_id={self.app_id}"

    async def link(self, request: web.Request) -> web.StreamResponse:
        """The endpoint: hello, then envelopes out and acknowledgements in."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.Response(status=404, text="invalid ticket")
        self.tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, timeout=1.0)
        await socket.prepare(request)
        if len(self.connections) >= MOST:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        connection = Connection(id=next(self._numbers), request=request, socket=socket)
        self.connections.append(connection)
        self.opened += 1
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self.connections),
                "debug_info": {"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18060},
                "connection_info": {"app_id": self.app_id},
            }
        )
        self._notify()
        try:
            async for frame in socket:
                if frame.type == WSMsgType.TEXT:
                    self._acknowledged(connection, frame.data)
        finally:
            self._gone(connection)
        return socket

    def _acknowledged(self, connection: Connection, text: str) -> None:
        try:
            sent = json.loads(text)
            envelope_id = sent["envelope_id"]
        except (ValueError, KeyError, TypeError):
            self._complain(f"Socket Mode: {text[:200]!r} isn't an acknowledgement")
            return
        waiting = connection.waiting.pop(envelope_id, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(sent.get("payload") or {})

    def _gone(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        for waiting in connection.waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("the connection closed before the acknowledgement"))
        connection.waiting.clear()
        self._notify()

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def connected(self, count: int = 1, *, timeout: float = 5.0) -> None:
        """Waits until at least `count` connections are open; TimeoutError after `timeout` seconds of real time."""
        async with asyncio.timeout(timeout):
            while len(self.connections) < count:
                await self._changed.wait()

    async def disconnected(self, *, timeout: float = 5.0) -> None:
        """Waits until no connection is open."""
        async with asyncio.timeout(timeout):
            while self.connections:
                await self._changed.wait()

    async def send(self, kind: str, payload: Json, *, attempt: int, reason: str, seconds: float) -> tuple[str, Json]:
        """Sends one envelope over one connection; ("", what came back), or why it wasn't acknowledged."""
        if not self.connections:
            return "no connection", {}
        self._turn += 1
        connection = self.connections[self._turn % len(self.connections)]
        envelope: Json = {
            "envelope_id": str(uuid.uuid4()),
            "payload": payload,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = answer
        connection.received += 1
        try:
            await connection.socket.send_json(envelope)
            return "", await asyncio.wait_for(answer, seconds)
        except TimeoutError:
            return "timeout", {}
        except ConnectionError:
            return "connection closed", {}
        finally:
            connection.waiting.pop(envelope["envelope_id"], None)

    async def disconnect(self, reason: str, *, number: int = 0, close: bool = False) -> None:
        """Tells one connection (0 is the oldest) that it will be closed: "warning", "refresh_requested" or "link_disabled"."""
        if reason == "link_disabled":
            self.enabled = False
        if number >= len(self.connections):
            return
        chosen = self.connections[number]
        await chosen.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-fake"}})
        if close:
            await chosen.socket.close()

    async def ping(self) -> None:
        """A ping frame on every connection."""
        for connection in list(self.connections):
            await connection.socket.ping(b"Ping from applink-fake")

    async def cut(self) -> None:
        """Breaks all connections without a word, as a network does."""
        for connection in list(self.connections):
            if connection.request.transport is not None:
                connection.request.transport.abort()
        await self.disconnected()

    async def close(self) -> None:
        """Closes all connections properly."""
        for connection in list(self.connections):
            await connection.socket.close()
