"""When the world stands still: what the bot is busy with, counted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from adapters.slack.connection import SlackConnection
from bot.ports import Intake, InteractionHandler

ROUNDS = 30
"""Rounds of the event loop without anything under way after which nothing more can come of itself."""

PATIENCE = 20.0
"""Real seconds after which something under way counts as stuck."""


class Busy:
    """Counts what is under way, and tells when nothing is."""

    def __init__(self) -> None:
        self.count = 0
        self._idle = asyncio.Event()

    def counted(self, work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def counting(*given: Any, **named: Any) -> Any:
            self.count += 1
            try:
                return await work(*given, **named)
            finally:
                self.count -= 1
                if not self.count:
                    self._idle.set()

        return counting

    async def over(self) -> None:
        while self.count:
            self._idle.clear()
            await self._idle.wait()


def busy_method(busy: Busy, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """A method that counts as busy while it is under way."""
    counted = busy.counted(method)

    async def calling(self: Any, *given: Any, **named: Any) -> Any:
        return await counted(self, *given, **named)

    return calling


class WatchedConnection(SlackConnection):
    """The bot's own connection, and whether it is listened to."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.listening = asyncio.Event()

    async def listen(self, intake: Intake, interactions: InteractionHandler) -> None:
        await super().listen(intake, interactions)
        self.listening.set()
