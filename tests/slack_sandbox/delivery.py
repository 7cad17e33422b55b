"""Events and interactions on their way to the app: one try, then the documented retries.

https://docs.slack.dev/apis/events-api/#error-handling: at once, after one minute, after five minutes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.sandbox.clock import Clock
from tests.slack_sandbox.model import Json
from tests.slack_sandbox.push import Push
from tests.slack_sandbox.sockets import Sockets
from tests.slack_sandbox.trouble import Trouble

RETRIES = (0.0, 60.0, 300.0)
"""Seconds after a failed try, of the fake's clock."""


@dataclass(kw_only=True, eq=False)
class Delivery:
    """One event or interaction. `tries` has one entry per attempt: "" for acknowledged, else what went wrong."""

    kind: str
    payload: Json
    tries: list[str] = field(default_factory=list)
    answer: Json = field(default_factory=dict)
    acknowledged: bool = False
    given_up: bool = False

    @property
    def event(self) -> Json:
        """The inner event, or the interaction itself."""
        inner: Json = self.payload.get("event", self.payload)
        return inner


class Courier:
    """Takes deliveries to the app, over HTTP if a target is set, else over one of the sockets."""

    def __init__(
        self,
        *,
        clock: Clock,
        sockets: Sockets,
        push: Push,
        trouble: Trouble,
        seconds: float,
        retries: Sequence[float] = RETRIES,
    ) -> None:
        self.clock = clock
        self.sockets = sockets
        self.push = push
        self.trouble = trouble
        self.seconds = seconds
        self.retries = tuple(retries)
        self.deliveries: list[Delivery] = []
        self.held: list[Delivery] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, kind: str, payload: Json) -> tuple[Delivery, asyncio.Task[None]]:
        """Sends in the background; the task ends with the first try (and the retry that follows at once)."""
        delivery = Delivery(kind=kind, payload=payload)
        self.deliveries.append(delivery)
        return delivery, self.spawn(self._first(delivery), name=f"deliver {kind}")

    def spawn(self, work: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        """A task that `settle` waits for."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @property
    def busy(self) -> bool:
        """Whether something is on its way."""
        return bool(self._tasks)

    async def settle(self) -> None:
        """Waits until nothing is on its way; retries that wait for the clock don't count."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def _first(self, delivery: Delivery) -> None:
        if self.trouble.shuffled > 0 and delivery.kind == "events_api":
            self.held.append(delivery)
            self.trouble.shuffled -= 1
            if self.trouble.shuffled:
                return
            held, self.held = self.held[::-1], []
            for late in held:
                await self.attempt(late)
            return
        await self.attempt(delivery)
        if self.trouble.duplicates > 0 and delivery.kind == "events_api" and delivery.acknowledged:
            self.trouble.duplicates -= 1
            await self._try(delivery, attempt=0, reason="")

    async def _try(self, delivery: Delivery, *, attempt: int, reason: str) -> str:
        way = self.push if self.push.target is not None else self.sockets
        failed, answer = await way.send(delivery.kind, delivery.payload, attempt=attempt, reason=reason, seconds=self.seconds)
        delivery.tries.append(failed)
        if not failed:
            delivery.acknowledged = True
            delivery.answer = answer
        elif answer.get("no_retry"):
            delivery.given_up = True
        return failed

    async def attempt(self, delivery: Delivery, number: int = 0, reason: str = "") -> None:
        """The try with this number and what follows it at once; later retries hang on the clock."""
        failed = await self._try(delivery, attempt=number, reason=reason)
        if not failed or delivery.given_up:
            return
        if delivery.kind != "events_api" or number >= len(self.retries):
            delivery.given_up = True
            return
        why = failed if failed in ("timeout", "http_timeout", "http_error", "connection_failed") else "connection_failed"
        wait = self.retries[number]
        if wait == 0:
            await self.attempt(delivery, number + 1, why)
        else:
            self.clock.at(self.clock.now() + wait, lambda: self.attempt(delivery, number + 1, why))

    async def close(self) -> None:
        """Gives up whatever is on its way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
