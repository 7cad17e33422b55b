"""Many signed messages at once, for measuring: from sending to the 200."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fakes.slack.model import Conversation, Json, Profile
from tests.fakes.slack.push import Sent, encoded

if TYPE_CHECKING:
    from tests.fakes.slack.fake import FakeSlack

MOST = 200_000
"""Requests in one flood: it is a measurement, not an attack."""


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


async def flood(
    fake: FakeSlack, count: int, concurrency: int, *, channel: str | Conversation, author: Profile | None = None
) -> Flooded:
    """Sends `count` messages with `concurrency` at once to `fake.http_target`. They are made and signed beforehand, stored in
    the channel too, so that a backfill finds them, and sent without retries.
    """
    if not 1 <= count <= MOST or not 1 <= concurrency <= 1000:
        raise ValueError(f"floods have 1 to {MOST} messages, 1 to 1000 at once")
    target = fake.http_target
    if target is None:
        raise ValueError("a flood needs fake.http_target")
    conversation = fake.workspace.conversation(channel)
    who = author or next(fake.workspace.people[m] for m in conversation.members if m != fake.workspace.bot.id)
    requests = []
    for number in range(count):
        body: Json = {"client_msg_id": str(uuid.uuid4()), "text": f"Question {number}?", "user": who.id, "team": who.team.id}
        message, _ = fake.put(conversation, body, quiet=True)
        around: Json = {"channel": conversation.id, "event_ts": message.ts, "channel_type": conversation.kind}
        raw, content_type = encoded("events_api", fake.announcer.envelope({**message.body, **around}, conversation))
        requests.append(Sent(headers=fake.http.signed(raw, content_type), body=raw))
    session = await fake.http.session()
    taken: list[float] = []
    failed = 0
    queue = iter(requests)

    async def worker() -> None:
        nonlocal failed
        for sent in queue:
            start = time.perf_counter()
            async with session.post(target, data=sent.body, headers=sent.headers) as response:
                await response.read()
            if response.status == 200:
                taken.append(time.perf_counter() - start)
            else:
                failed += 1

    start = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(concurrency)))
    return Flooded(seconds=tuple(sorted(taken)), failed=failed, wall=time.perf_counter() - start)
