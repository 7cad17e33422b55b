"""Events in: collected into groups, decided and stored in one transaction per group, acknowledged after its commit."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

import structlog

from bot.domain.durations import Instant
from bot.domain.events import Event
from bot.engine.engine import Engine, Processed
from bot.engine.group_commit import Failed, GroupCommit
from bot.errors import Stopping, described
from bot.ports import Store

MOST_TOGETHER = 256
"""Events in one transaction: enough to share the cost of a commit, few enough that nobody waits long for theirs."""

log = structlog.get_logger()


def _one_by_one(error: Exception) -> None:
    log.info("group_again", say="An event failed, so its group is dealt with one by one.", error=described(error))


class Inbox:
    """Takes events from adapters. `submit` returns once the event is committed, so that the adapter may acknowledge it.

    `on_due` is called (on the event loop) with the earliest instant at which a group made a reminder fall due, `on_unworded` when
    words may have to be read again from the platform.
    """

    def __init__(self, engine: Engine, store: Store, *, on_due: Callable[[Instant], None] = lambda _: None) -> None:
        self._engine = engine
        self._groups = GroupCommit(engine, store)
        self._on_due = on_due
        self.on_unworded: Callable[[], None] = lambda: None
        self._waiting: deque[tuple[Event, asyncio.Future[Processed]]] = deque()
        self._wake = asyncio.Event()
        self._closing = False

    async def submit(self, event: Event) -> Processed:
        """Have an event decided and stored. Returns after the commit.

        Raises whatever made the event fail; then nothing of it was stored and the platform may deliver it again. Cancelling
        the caller doesn't take the event back.
        """
        if self._closing:
            raise Stopping("realreply is being stopped and takes no more events")
        done: asyncio.Future[Processed] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, done))
        self._wake.set()
        return await done

    def close(self) -> None:
        """Take no more events; `run` ends once those already here are committed."""
        self._closing = True
        self._wake.set()

    async def run(self) -> None:
        """Work until `close`. One task runs this."""
        while True:
            self._wake.clear()
            while self._waiting:
                await self._commit_group()
            if self._closing:
                return
            await self._wake.wait()

    async def _commit_group(self) -> None:
        group = [self._waiting.popleft() for _ in range(min(MOST_TOGETHER, len(self._waiting)))]
        events = [event for event, _ in group]
        try:
            outcomes = await self._groups.commit(events, self._engine.process, start_over=_one_by_one)
        except Exception as error:  # the commit itself failed: every event of the group is told, none is acknowledged
            log.error(
                "group_failed",
                say="A group of events couldn't be committed; none was acknowledged, so the platform will deliver them again.",
                events=len(events),
                error=described(error),
            )
            outcomes = [Failed(error)] * len(events)
        due: Instant | None = None
        for (event, done), outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, Failed):
                log.error(
                    "event_failed",
                    say="An event couldn't be dealt with. Nothing of it was kept; it may be delivered again.",
                    channel=event.channel,
                    key=[event.key.channel, event.key.message, event.key.kind, event.key.edit],
                    error=described(outcome.error),
                )
                if not done.done():
                    done.set_exception(outcome.error)
                continue
            if outcome.next_due is not None and (due is None or outcome.next_due < due):
                due = outcome.next_due
            if outcome.unworded:
                self.on_unworded()
            if not done.done():
                done.set_result(outcome)
        if due is not None:
            self._on_due(due)
