"""Those who make trouble for the HTTP server, as a process of their own: `python -m tests.process.http_trouble KIND PORT SECRET`.

Prints a line when it has begun, makes trouble until its input ends, and prints what it was answered. Imports little: it is to
begin soon.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

PATH = "/slack/events"
ALL = "all at once"

BODY, DECLARED = 1_900_000, 4_000_000
"""Bytes of a body that are sent, and that are announced."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How much of it. `files` is how many the process may have open, `seconds` how long each kind lasts, `again` how long whoever
    is thrown out waits, `gap` the seconds between two events."""

    half_open: int
    half_bodies: int
    files: int
    seconds: float
    again: float
    gap: float
    at_once: bool = False
    """All kinds together."""


FULL = Scale(half_open=1200, half_bodies=400, files=1024, seconds=12.0, again=3.0, gap=0.05)
QUICK = Scale(half_open=200, half_bodies=24, files=96, seconds=4.0, again=2.0, gap=0.05, at_once=True)


@dataclass(kw_only=True)
class Trouble:
    """Who makes trouble at `port`, until `over`."""

    port: int
    secret: str
    scale: Scale
    answers: Counter[int] = field(default_factory=Counter)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def again_and_again(self, count: int, once: Callable[[], Awaitable[None]]) -> None:
        """`count` of them at once, each again and again."""

        async def one(number: int) -> None:
            await asyncio.sleep(number / count)  # not all in one instant
            while not self.over.is_set():
                with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
                    await once()
                await asyncio.sleep(self.scale.again)

        tasks = [asyncio.create_task(one(number)) for number in range(count)]
        await self.over.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def sends(self, *parts: bytes, every: float = 0.0, holds: bool = False) -> None:
        """Send something, and read to the end of the answer; or hold the connection until one is thrown out."""
        async with asyncio.timeout(60.0):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for part in parts:
                writer.write(part)
                await writer.drain()
                if every:
                    await asyncio.sleep(every)
            async with asyncio.timeout(None if holds else 20.0):
                answer = await reader.read(65536)
            self.answers[status_of(answer)] += 1
        except (ConnectionError, TimeoutError):
            self.answers[0] += 1
        finally:
            writer.close()

    def signed(self, body: bytes, *, kind: str = "application/json", secret: str = "", age: float = 0) -> bytes:
        """A whole request, signed with the app's secret or with another."""
        stamp = str(int(time.time() - age))
        return request_of(
            body,
            f"Content-Type: {kind}",
            f"X-Slack-Request-Timestamp: {stamp}",
            f"X-Slack-Signature: {_signature(secret or self.secret, stamp, body)}",
        )

    # -- kinds

    async def half_open(self) -> None:
        """Requests that never get beyond their first headers."""
        await self.again_and_again(self.scale.half_open, lambda: self.sends(_HEAD, holds=True))

    async def mute(self) -> None:
        """Connections on which nothing is ever said."""
        await self.again_and_again(self.scale.half_open, lambda: self.sends(holds=True))

    async def slow_headers(self) -> None:
        """A header every half second, for ever."""
        headers = [f"X-Slow-{number}: {number}\r\n".encode() for number in range(100)]
        await self.again_and_again(self.scale.half_open // 4, lambda: self.sends(_HEAD, *headers, every=0.5, holds=True))

    async def half_bodies(self) -> None:
        """Bodies that stop in the middle, unsigned."""
        await self._half_bodies("Content-Type: application/json")

    async def half_bodies_in_disguise(self) -> None:
        """Bodies that stop in the middle, with headers like Slack's."""
        await self._half_bodies(
            "Content-Type: application/json",
            f"X-Slack-Request-Timestamp: {int(time.time())}",
            f"X-Slack-Signature: v0={'0' * 64}",
        )

    async def _half_bodies(self, *headers: str) -> None:
        lines = "".join(f"{header}\r\n" for header in headers)
        parts = _parts(b"x" * BODY)
        for length in (DECLARED, BODY + 100_000):
            head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{lines}Content-Length: {length}\r\n\r\n".encode()
            send = lambda head=head: self.sends(head, *parts, holds=True)  # noqa: E731
            if length == DECLARED:
                first = asyncio.create_task(self.again_and_again(self.scale.half_bodies // 2, send))
        await self.again_and_again(self.scale.half_bodies // 2, send)
        await first

    async def endless_chunks(self) -> None:
        """Chunked bodies without an end."""
        stamp = f"X-Slack-Request-Timestamp: {int(time.time())}\r\nX-Slack-Signature: v0={'0' * 64}\r\n"
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{stamp}Transfer-Encoding: chunked\r\n\r\n".encode()
        chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
        await self.again_and_again(self.scale.half_bodies // 4, lambda: self.sends(head, *[chunk] * 200, holds=True))

    async def malformed(self) -> None:
        """What is no HTTP, or not what a server should take for it."""
        await self._in_turn(
            request_of(b"{}", "Content-Length: 3"),
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(64) + b"\r\n\r\n",
            b"POST " + PATH.encode() + b" HTTP/9.9\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"POST /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
            f"POST {PATH} HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n".encode(),
            f"POST {PATH} HTTP/1.1\r\nHost: x\r\nX: {'y' * 50_000}\r\n\r\n".encode(),
            f"POST {PATH} HTTP/1.1\r\n{''.join(f'X-{n}: y' + chr(13) + chr(10) for n in range(1000))}\r\n".encode(),
            f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode(),
            f"POST {PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".encode(),
            f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n".encode(),
        )

    async def unsigned(self) -> None:
        """Whole requests that aren't Slack's."""
        body = json.dumps({"type": "event_callback", "event": {"type": "message"}}).encode()
        await self._in_turn(
            request_of(body, "Content-Type: application/json"),
            self.signed(body, secret="another"),
            self.signed(body, age=400),
            request_of(body, "X-Slack-Request-Timestamp: soon", "X-Slack-Signature: v0=1"),
            request_of(b"[" * 100_000, "Content-Type: application/json"),
            request_of(b"a=1&" * 1000, "Content-Type: application/x-www-form-urlencoded"),
            request_of(b"\xff\xfe\x00", "Content-Type: text/plain; charset=no-such"),
            request_of(body, "Content-Type: application/json", "Content-Encoding: gzip"),
            f"GET {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
            b"GET /.env HTTP/1.1\r\nHost: x\r\n\r\n",
        )

    async def pipelined(self) -> None:
        """Many requests in one go."""
        await self._in_turn(request_of(b"{}", "Content-Type: application/json") * 200)

    async def expecting(self) -> None:
        """Who waits to be told to go on, and doesn't."""
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n".encode()
        await self.again_and_again(self.scale.half_bodies, lambda: self.sends(head, holds=True))

    async def signed_rubbish(self) -> None:
        """Signed as Slack signs, and not what Slack sends."""
        await self._in_turn(
            self.signed(b'{"a":' * 20_000),
            self.signed(b"[1, 2]"),
            self.signed(b'"text"'),
            self.signed(b"\xff\xfe"),
            self.signed(b"{", kind="text/plain"),
            self.signed(b"payload=%7B", kind="application/x-www-form-urlencoded"),
        )

    async def _in_turn(self, *requests: bytes) -> None:
        turn = iter(range(sys.maxsize))
        await self.again_and_again(self.scale.half_bodies // 4, lambda: self.sends(requests[next(turn) % len(requests)]))

    async def all_at_once(self) -> None:
        """Every kind."""
        await asyncio.gather(*(kind(self) for kind in KINDS.values()))


KINDS: dict[str, Callable[[Trouble], Awaitable[None]]] = {
    "half open": Trouble.half_open,
    "mute": Trouble.mute,
    "slow headers": Trouble.slow_headers,
    "half bodies": Trouble.half_bodies,
    "disguised bodies": Trouble.half_bodies_in_disguise,
    "endless chunks": Trouble.endless_chunks,
    "malformed": Trouble.malformed,
    "unsigned": Trouble.unsigned,
    "pipelined": Trouble.pipelined,
    "expecting": Trouble.expecting,
    "signed rubbish": Trouble.signed_rubbish,
}

_HEAD = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n".encode()


def request_of(body: bytes, *headers: str) -> bytes:
    """A whole request."""
    lines = "".join(f"{header}\r\n" for header in headers)
    return f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _parts(body: bytes) -> list[bytes]:
    return [body[at : at + 65536] for at in range(0, len(body), 65536)]


def status_of(answer: bytes) -> int:
    """The HTTP status; 0 for nothing."""
    return int(answer[9:12]) if answer[:9] in (b"HTTP/1.1 ", b"HTTP/1.0 ") else 0


def _signature(secret: str, stamp: str, body: bytes) -> str:
    return "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()


async def _make(name: str, port: int, secret: str, scale: Scale) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    trouble = Trouble(port=port, secret=secret, scale=scale)
    making = asyncio.create_task(trouble.all_at_once() if name == ALL else KINDS[name](trouble))
    print("begun", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    trouble.over.set()
    await making
    print(json.dumps(trouble.answers))


def main() -> None:
    """Make trouble of one kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=[ALL, *KINDS])
    parser.add_argument("port", type=int)
    parser.add_argument("secret")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    asyncio.run(_make(asked.kind, asked.port, asked.secret, QUICK if asked.quick else FULL))


if __name__ == "__main__":
    main()
