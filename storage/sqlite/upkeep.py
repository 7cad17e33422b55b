"""What keeps the database small and in order (`bot.ports.Upkeep`), as part of an open transaction."""

from __future__ import annotations

import sqlite3

from bot.domain.arrivals import REMEMBERED
from bot.domain.auto_dms import KEPT, OPEN_FOR
from bot.domain.durations import Instant, Seconds
from bot.domain.duty import CalendarSpans
from bot.domain.thanks import THANKS_KEPT
from bot.domain.tips import STALE
from bot.ports import UnwordedMessage
from storage.sqlite import (
    acquaintance,
    app_posts,
    arrivals,
    auto_dms,
    calendar,
    choice_changes,
    coverage,
    events,
    messages,
    notices,
    outgoing,
    posts,
    texts,
    thanks,
    tips,
    waits,
)
from storage.sqlite.write_buffer import WriteBuffer


class Upkeep:
    """The methods that prune, over the transaction's own connection and buffer."""

    __slots__ = ()

    _buffer: WriteBuffer
    _connection: sqlite3.Connection
    _forgotten: events.Forgotten

    def prune(self, now: Instant, *, keep: Seconds, window: int) -> int:
        connection, before = self._buffer.flushed(), now - keep
        gone = messages.prune(connection, before, window) + events.prune(connection, before)
        # So long nobody gets the same tip again, however little is kept of messages.
        gone += tips.prune(connection, now - max(keep, STALE))
        gone += app_posts.prune(connection, now - app_posts.KEPT)
        gone += arrivals.prune(connection, now - REMEMBERED)
        gone += thanks.prune(connection, now - min(keep, THANKS_KEPT))
        gone += auto_dms.prune(connection, now - KEPT, now - OPEN_FOR)
        return gone + choice_changes.prune(connection, before) + coverage.prune(connection, before)

    def put_calendar(self, spans: CalendarSpans) -> None:
        calendar.put(self._connection, spans)

    def prune_early_edits(self, before: Instant) -> int:
        return events.prune_edits(self._connection, before)

    def prune_keys(self, *, events_before: Instant, deliveries_before: Instant) -> int:
        return events.forget_keys(self._connection, self._forgotten, events_before, deliveries_before)

    def prune_traces(self, before: Instant) -> int:
        return waits.prune_traces(self._buffer.flushed(), before)

    def prune_waits(self, now: Instant, *, keep: Seconds) -> int:
        connection, before = self._buffer.flushed(), now - keep
        gone = waits.prune(connection, before)
        notices.prune_notices(connection, before)
        acquaintance.prune(connection, before)
        posts.prune(connection, before)
        return gone

    def unworded(self, limit: int) -> tuple[UnwordedMessage, ...]:
        return texts.unworded(self._buffer.flushed(), limit)

    def leave_unworded(self, message: UnwordedMessage) -> None:
        texts.drop(self._buffer.flushed(), self._buffer.number(message.wait), message.message)

    def end_leases(self, shown_from: Instant) -> int:
        return outgoing.end_leases(self._connection, shown_from)
