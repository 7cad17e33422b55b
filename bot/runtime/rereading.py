"""Words that are missing are read again from the platform: a copy of the database has none, and an edit that came before its
message is kept without its own.

Where a message is gone or can't be read, reminders go on showing its link alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from bot.domain.keys import platform_of
from bot.domain.rules import ChannelRules
from bot.domain.waits import Wait
from bot.domain.writes import KeepText
from bot.ports import Store, Transaction, UnwordedMessage

AT_ONCE = 100
"""Messages that are asked for in one turn; a platform gives about one a second."""

MOST_MISSING = 5_000
"""Messages among which those are looked for: a platform that can't be asked mustn't stand in the others' way."""

log = structlog.get_logger()

Reread = Callable[[str, str, str | None], Awaitable[str | None]]
"""What a message (channel, message, thread) says now: "" when it's gone, None when its platform can't be asked now."""


class Rereading:
    """Reads missing words again, those of the latest waits first."""

    def __init__(self, store: Store, reread: Reread, *, rules_of: Callable[[str], ChannelRules]) -> None:
        self._store = store
        self._reread = reread
        self._rules_of = rules_of

    async def run(self) -> None:
        """Read a number of them again; with what is left it goes on the next time. Raises StorageError."""
        missing = await self._store.transact(_missing)
        silent: set[str] = set()
        asked = found = 0
        for message, wait in missing:
            platform = platform_of(message.wait)
            if platform in silent or asked == AT_ONCE:
                continue
            text = ""
            if self._keeps(message, wait):
                asked += 1
                words = await self._reread(wait.channel, message.message, wait.thread)
                if words is None:
                    silent.add(platform)
                    continue
                text = words
            await self._store.transact(partial(_put, message=message, text=text))
            found += bool(text)
        if asked:
            log.info(
                "words_reread",
                say="Words that were missing were read again from the platform. Where it has none any more, a link is shown.",
                asked=asked,
                found=found,
            )

    def _keeps(self, message: UnwordedMessage, wait: Wait) -> bool:
        return wait.open and message.message in wait.messages and self._rules_of(wait.channel).keep_text


def _missing(tx: Transaction) -> list[tuple[UnwordedMessage, Wait]]:
    found = [(message, tx.wait(message.wait)) for message in tx.unworded(MOST_MISSING)]
    return [(message, wait) for message, wait in found if wait is not None]


def _put(tx: Transaction, message: UnwordedMessage, text: str) -> None:
    if text:
        tx.save([KeepText(wait=message.wait, message=message.message, text=text)])
    else:
        tx.leave_unworded(message)
