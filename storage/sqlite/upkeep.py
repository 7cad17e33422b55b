"""What a transaction does for the house itself: marks, leases, what was only noted, and forgetting what is old."""

from __future__ import annotations

import sqlite3

from bot.domain.durations import Instant, Seconds
from bot.domain.messages import MessageRecord
from bot.domain.outgoing import SentReminder
from bot.domain.window import CAPACITY
from storage.sqlite import choices, events, marks, messages, posts, reminders, waits
from storage.sqlite.channels import Channels
from storage.sqlite.pending import WriteBuffer


class Upkeep:
    """The part of an open transaction that isn't about single messages and waits (see transaction.OpenTransaction)."""

    __slots__ = ()

    _channels: Channels
    _connection: sqlite3.Connection
    _pending: WriteBuffer
    _unpack: messages.Unpack

    def replies(self, limit: int) -> tuple[tuple[str, str, MessageRecord], ...]:
        """(channel, customer, message) of what members answered to the latest `limit` waits, oldest first."""
        self._pending.write()
        return messages.replies(self._connection, limit, self._unpack)

    def prune(self, now: Instant, *, keep: Seconds, window: int = CAPACITY) -> int:
        """Forget what is older than `keep` seconds and of no more use: messages outside their channel's last `window`, early
        events whose message never came, and when members were away. Gives how many rows went.
        """
        self._pending.write()
        before = now - keep
        gone = messages.prune(self._connection, before, window) + events.prune(self._connection, before)
        return gone + choices.prune(self._connection, before)

    def prune_waits(self, now: Instant, *, keep: Seconds) -> int:
        """Forget the waits that ended more than `keep` seconds ago, with their reminders and posts. Gives how many went."""
        self._pending.write()
        gone = waits.prune(self._connection, now - keep)
        posts.prune(self._connection)
        return gone

    def read_to(self, channel: str) -> Instant | None:
        """When the latest message that is stored of a channel was posted; None when there is none."""
        self._pending.write()
        number = self._channels.find(self._connection, channel)
        return None if number is None else messages.last_at(self._connection, number)

    def mark(self, name: str) -> tuple[Instant, str | None] | None:
        """(at, by) of a mark, None when it isn't set."""
        return marks.one(self._connection, name)

    def put_mark(self, name: str, at: Instant | None, *, by: str | None = None) -> None:
        """Set a mark; None takes it off."""
        if at is None:
            marks.take_off(self._connection, name)
        else:
            marks.put(self._connection, name, at, by)

    def end_leases(self, shown_from: Instant) -> int:
        """Give back what a process that is gone had leased: at once, or at `shown_from` what may have left. Gives how many rows
        that were."""
        return reminders.end_leases(self._connection, shown_from)

    def noted_since(self, since: Instant) -> tuple[SentReminder, ...]:
        """The reminders that were noted at `since` or later as if they had left, while nothing was sent."""
        self._pending.write()
        return reminders.noted_since(self._connection, since)

    def forget_noted(self) -> int:
        """Forget all reminders that were only noted. Gives how many there were."""
        self._pending.write()
        return reminders.forget_noted(self._connection)

    def update_notices(self, subject: str, *, due_at: Instant) -> bool:
        """Have the posts of a notice brought up to date. True when there are any."""
        return posts.update_notices(self._connection, subject, due_at)
