"""One socket of the gateway and the session it carries: what lies ready to be sent, and how it is compressed."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp import web

INTENTS = {
    "guilds": 1 << 0,
    "members": 1 << 1,
    "moderation": 1 << 2,
    "expressions": 1 << 3,
    "integrations": 1 << 4,
    "webhooks": 1 << 5,
    "invites": 1 << 6,
    "voice_states": 1 << 7,
    "presences": 1 << 8,
    "guild_messages": 1 << 9,
    "guild_reactions": 1 << 10,
    "guild_typing": 1 << 11,
    "direct_messages": 1 << 12,
    "direct_reactions": 1 << 13,
    "direct_typing": 1 << 14,
    "message_content": 1 << 15,
    "scheduled_events": 1 << 16,
    "auto_moderation_configuration": 1 << 20,
    "auto_moderation_execution": 1 << 21,
    "guild_polls": 1 << 24,
    "direct_polls": 1 << 25,
}
PRIVILEGED = ("members", "presences", "message_content")


class Compressor(Protocol):
    """Makes one frame of a message; the context goes on over the connection."""

    def __call__(self, text: bytes) -> bytes: ...


def zlib_stream() -> Compressor:
    """One zlib context a connection; each message ends in a sync flush."""
    context = zlib.compressobj()
    return lambda text: context.compress(text) + context.flush(zlib.Z_SYNC_FLUSH)


def zstd_stream() -> Compressor:
    """The same with zstd; only where the library is installed, as the client's own is."""
    import zstandard

    context = zstandard.ZstdCompressor().compressobj()
    flush: int = zstandard.COMPRESSOBJ_FLUSH_BLOCK
    return lambda text: bytes(context.compress(text) + context.flush(flush))


@dataclass(kw_only=True, eq=False)
class Session:
    """What an IDENTIFY begins, and a RESUME goes on with."""

    id: str
    intents: int
    sequence: int = 0
    sent: deque[tuple[int, str]] = field(default_factory=deque)
    """Events for a RESUME: those that the app hasn't confirmed by a heartbeat."""
    connection: Connection | None = None
    left_at: float | None = None
    over: bool = False
    deaf: bool = False

    def has(self, *intents: str) -> bool:
        """Whether the app asked for all of these intents."""
        wanted = sum(INTENTS[name] for name in intents)
        return self.intents & wanted == wanted


@dataclass(kw_only=True, eq=False)
class Connection:
    """One socket."""

    socket: web.WebSocketResponse
    request: web.Request
    compress: Compressor | None
    outbox: asyncio.Queue[str | bytes | tuple[int, bytes]] = field(default_factory=asyncio.Queue)
    """Text of messages, ping payloads, or a close code with its reason, in order."""
    writer: asyncio.Task[None] | None = None
    session: Session | None = None
    pongs: dict[bytes, asyncio.Event] = field(default_factory=dict)
    received: deque[float] = field(default_factory=deque)
    zombie: bool = False
    closed_by_us: bool = False

    def send(self, op: int, data: Any, *, event: str | None = None, sequence: int | None = None) -> str:
        """Puts a message into the outbox; gives its text."""
        text = json.dumps({"op": op, "d": data, "s": sequence, "t": event}, separators=(",", ":"))
        self.outbox.put_nowait(text)
        return text

    def close(self, code: int, reason: str = "") -> None:
        """Closes when everything before it has left."""
        self.closed_by_us = True
        self.outbox.put_nowait((code, reason.encode()))

    async def write(self) -> None:
        """Sends what is in the outbox, in order, until the connection ends."""
        while not self.socket.closed:
            what = await self.outbox.get()
            try:
                if isinstance(what, tuple):
                    await self.socket.close(code=what[0], message=what[1])
                elif isinstance(what, bytes):
                    await self.socket.ping(what)
                elif self.zombie:
                    pass
                elif self.compress is not None:
                    await self.socket.send_bytes(self.compress(what.encode()))
                else:
                    await self.socket.send_str(what)
            except ConnectionError:
                return
            finally:
                self.outbox.task_done()
