"""Voice messages and clips are looked at again until their platform has written down what is said in them.

A platform transcribes a recording after it was posted, and tells of that by events that need rights we don't ask for. So the
message is read again a few times, ever more slowly: those of customers who wait, and those of members that may be the answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import structlog

from bot.domain.durations import MINUTE, Instant, Seconds
from bot.domain.events import Edited
from bot.domain.messages import Message, MessageRecord
from bot.domain.reading import Cue
from bot.engine.engine import Engine
from bot.intake.inbox import Inbox
from bot.ports import Clock, Store, Transaction

LOOKS: Final[tuple[int, ...]] = (1, 2, 4, 8, 16, 32)
"""How many minutes after a recording it is looked at. Slack takes seconds for a short one, and gives some up."""

MOST_WAITS: Final = 500
"""Open waits that are looked through, the latest."""

log = structlog.get_logger()

LookAgain = Callable[[str, str, str | None], Awaitable[Message | None]]
"""A message (channel, message, thread) as it reads now; None when it is gone or its platform can't be asked now."""


class Recordings:
    """Looks at recordings again; to be run every minute."""

    def __init__(self, engine: Engine, store: Store, inbox: Inbox, look: LookAgain, *, clock: Clock) -> None:
        self._engine = engine
        self._store = store
        self._inbox = inbox
        self._look = look
        self._clock = clock

    async def run(self) -> None:
        """What is written down by now comes in as an edit of its message. Raises StorageError."""
        now = self._clock.now()
        heard = 0
        for channel, seen in await self._store.transact(partial(self._unheard, now=now)):
            message = await self._look(channel, seen.id, seen.thread)
            if message is not None and message.text and not message.recording:
                await self._inbox.submit(Edited(message=message, at=now))
                heard += 1
        if heard:
            log.info("recordings_heard", say="What is said in recordings was read, now that it is written down.", messages=heard)

    def _unheard(self, tx: Transaction, now: Instant) -> list[tuple[str, MessageRecord]]:
        found: dict[tuple[str, str], MessageRecord] = {}
        oldest: Seconds = (LOOKS[-1] + 1) * MINUTE
        for wait in tx.open_waits(MOST_WAITS):
            maybe = wait.possible_answer
            if max(wait.last_message_at, maybe.at if maybe is not None else 0.0) < now - oldest:
                continue
            window = self._engine.state(tx, wait.channel).window
            for id in (*wait.messages, *((maybe.message,) if maybe is not None else ())):
                seen = window.get(id)
                if seen is not None and seen.reading.has(Cue.RECORDING) and int((now - seen.at) // MINUTE) in LOOKS:
                    found[wait.channel, id] = seen
        return [(channel, seen) for (channel, _), seen in found.items()]
