"""Many signed messages at once, for measuring: from sending to the 200."""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.slack_sandbox.model import Conversation, Json, Message, Profile
from tests.slack_sandbox.push import Sent, encoded

if TYPE_CHECKING:
    from tests.slack_sandbox.fake import FakeSlack

MOST = 200_000
"""Requests in one flood: it is a measurement, not an attack."""

LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)\r\n")


@dataclass(frozen=True, kw_only=True)
class Flooded:
    """What a flood measured: seconds of each request, in order of size, and of the whole."""

    seconds: tuple[float, ...]
    failed: int
    wall: float

    def percentile(self, part: float) -> float:
        """Seconds within which `part` (0 to 1) of the requests were answered."""
        return self.seconds[min(len(self.seconds) - 1, int(part * len(self.seconds)))]

    @property
    def rate(self) -> float:
        """Answered requests per second."""
        return len(self.seconds) / self.wall if self.wall else 0.0


@dataclass(frozen=True, kw_only=True)
class Line:
    """A message to be sent. `thread` is the number of the line that began its thread."""

    channel: str | Conversation
    author: Profile
    text: str
    thread: int | None = None


def prepare(fake: FakeSlack, lines: Iterable[Line]) -> list[Sent]:
    """Stores messages in their channels, so that a backfill finds them, and signs a request for each. Signatures are good for
    five minutes."""
    requests: list[Sent] = []
    written: list[Message] = []
    for line in lines:
        conversation = fake.workspace.conversation(line.channel)
        who = line.author
        body: Json = {"client_msg_id": str(uuid.uuid4()), "text": line.text, "user": who.id, "team": who.team.id}
        thread = None if line.thread is None else written[line.thread].ts
        message, _ = fake.put(conversation, body, thread=thread, quiet=True)
        written.append(message)
        around: Json = {"channel": conversation.id, "event_ts": message.ts, "channel_type": conversation.kind}
        if thread is not None:
            around["thread_ts"] = thread
        raw, content_type = encoded("events_api", fake.announcer.envelope({**message.body, **around}, conversation))
        requests.append(Sent(headers=fake.http.signed(raw, content_type), body=raw))
    return requests


async def send(target: str, requests: Sequence[Sent], concurrency: int) -> Flooded:
    """Sends requests over `concurrency` connections, each the next as soon as its last was answered, without retries.

    Speaks just enough HTTP itself: a client that costs as much as the app would measure the client.
    """
    parts = urlsplit(target)
    host, port = parts.hostname or "", parts.port or 80
    start_line = f"POST {parts.path} HTTP/1.1\r\nHost: {host}:{port}\r\n"
    wires = []
    for sent in requests:
        headers = "".join(f"{name}: {value}\r\n" for name, value in sent.headers.items())
        wires.append(f"{start_line}{headers}Content-Length: {len(sent.body)}\r\n\r\n".encode() + sent.body)
    taken: list[float] = []
    failed = 0
    queue = iter(wires)

    async def worker() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection(host, port)
        try:
            for wire in queue:
                begun = time.perf_counter()
                writer.write(wire)
                head = await reader.readuntil(b"\r\n\r\n")
                length = LENGTH.search(head)
                if length is not None:
                    await reader.readexactly(int(length[1]))
                if head.startswith(b"HTTP/1.1 200 "):
                    taken.append(time.perf_counter() - begun)
                else:
                    failed += 1
        finally:
            writer.close()
            await writer.wait_closed()

    start = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(concurrency)))
    return Flooded(seconds=tuple(sorted(taken)), failed=failed, wall=time.perf_counter() - start)


async def flood(
    fake: FakeSlack, count: int, concurrency: int, *, channel: str | Conversation, author: Profile | None = None
) -> Flooded:
    """Sends `count` messages with `concurrency` at once to `fake.http_target`."""
    if not 1 <= count <= MOST or not 1 <= concurrency <= 1000:
        raise ValueError(f"floods have 1 to {MOST} messages, 1 to 1000 at once")
    target = fake.http_target
    if target is None:
        raise ValueError("a flood needs fake.http_target")
    conversation = fake.workspace.conversation(channel)
    who = author or next(fake.workspace.people[m] for m in conversation.members if m != fake.workspace.bot.id)
    lines = (Line(channel=conversation, author=who, text=f"Question {number}?") for number in range(count))
    return await send(target, prepare(fake, lines), concurrency)
