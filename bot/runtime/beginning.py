"""How a bot whose reminders haven't begun comes to the team: it shows what it would have sent, and says if it was here before.

A database that was deleted, or exchanged for an empty one, is made anew at the next start. Nothing in it tells that reminders had
begun; but the posts that stand in the team's channel do. They are remembered again: whoever else reads that channel one day
mustn't find them there.
"""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.marks import NEW, STARTED
from bot.domain.outgoing import Address
from bot.engine.activation import Activation
from bot.errors import DeliveryError
from bot.ports import Connection, QueryTransaction, Store, Transaction

LOOKED_BACK: Seconds = 60 * DAY
"""How far back posts of an earlier run are looked for."""

log = structlog.get_logger()


async def show_preview(store: Store, activation: Activation, connections: Iterable[Connection], now: Instant) -> None:
    """Have the preview posted, unless it was or reminders have begun. Raises StorageError."""
    left = await _left_by_an_earlier_run(connections, now) if await store.read(_asks_for_the_first_time) else []
    if left:
        log.error(
            "begun_anew",
            say="The database is new, but posts of an earlier run stand in the reminders channel: the old database is lost, with "
            "what members chose in chat. Nobody is reminded until a lead lets reminders begin; the preview in that channel says "
            "so. If there is a copy, stop realreply and put it back.",
        )

    def begin(tx: Transaction) -> None:
        for address, ref, at in left:
            tx.remember_post(address, ref, at=at)
        activation.ask(tx, now, anew=bool(left))

    await store.transact(begin)


def _asks_for_the_first_time(tx: QueryTransaction) -> bool:
    return tx.mark(NEW) is not None and tx.mark(STARTED) is None


async def _left_by_an_earlier_run(connections: Iterable[Connection], now: Instant) -> list[tuple[Address, str, Instant]]:
    found: list[tuple[Address, str, Instant]] = []
    for connection in connections:
        try:
            for channel in connection.workspace.destinations():
                found += [(channel, ref, at) for ref, at in await connection.posted_in(channel, now - LOOKED_BACK)]
        except DeliveryError as error:
            say = "It couldn't be looked whether posts of an earlier run stand in the reminders channel."
            log.warning("beginning_unknown", say=say, platform=connection.name, reason=str(error))
    return found
