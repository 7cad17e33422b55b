"""What whoever sends does with rows and posts (`bot.ports.OutboxTransaction`), as part of an open transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence

from bot.domain.delay_trial import TrialEntry
from bot.domain.durations import Instant, Seconds
from bot.domain.keys import HandoverKey
from bot.domain.notifications import Appeal, Asking
from bot.domain.outgoing import (
    NOTHING_PAUSED,
    Address,
    Attempt,
    Due,
    DueNotice,
    DueRemoval,
    LivePost,
    Paused,
    Post,
    SentReminder,
)
from bot.domain.reasons import Reason
from bot.domain.writes import NoticeSubject
from storage.sqlite import arrivals, handover_lists, keys, notices, notifications, outgoing, own_record, posts, removals
from storage.sqlite.write_buffer import WriteBuffer


class Sending:
    """The methods that lease, settle and follow what leaves, over the transaction's own connection and buffer."""

    __slots__ = ()

    _buffer: WriteBuffer
    _connection: sqlite3.Connection

    def claim_due(self, now: Instant, *, limit: int, lease: Seconds, paused: Paused = NOTHING_PAUSED) -> Sequence[Due]:
        return outgoing.claim(self._connection, now, limit, lease, paused)

    def renew(self, due: Due, *, until: Instant) -> bool:
        return outgoing.renew(self._connection, due, until)

    def mark_leaving(self, leaving: Iterable[tuple[Due, Attempt]]) -> None:
        outgoing.mark_leaving(self._connection, leaving)

    def note_asking(self, due: Due, asking: Asking) -> None:
        notifications.note_asking(self._connection, due, asking)

    def list_handover(self, due: DueNotice, waits: Iterable[str]) -> None:
        handover_lists.put(self._buffer.flushed(), due.id, waits)
        self._buffer.posted()

    def team_asked_at(self, *, but: Sequence[int] = ()) -> Instant | None:
        return notifications.team_asked_at(self._connection, but)

    def reminders_due(self, after: Instant, until: Instant) -> Instant | None:
        return notifications.reminders_due(self._connection, after, until)

    def appeal(self, digest: str, appeals: Iterable[Appeal]) -> None:
        notifications.appeal(self._buffer.flushed(), digest, appeals)

    def mark_sent(
        self,
        due: Due,
        *,
        at: Instant,
        to: tuple[str, ...],
        ref: str | None = None,
        address: Address | None = None,
        under: int | None = None,
    ) -> bool:
        if (ref is None) != (address is None):
            raise ValueError("a post needs its reference and its address")
        if ref is not None:
            self._buffer.posted()
        if isinstance(due, DueNotice) and due.subject is NoticeSubject.HANDOVER:  # what it tells of is in no earlier one any more
            self.update_handovers(HandoverKey.parse(due.key).member, due_at=at)
        sent = outgoing.mark_sent(self._connection, due, at, to, ref, address, under)
        if sent and isinstance(due, DueNotice) and due.subject is NoticeSubject.ARRIVALS:
            arrivals.follow_settled(self._connection, due.key, at)
        return sent

    def mark_again(self, due: Due, *, due_at: Instant, failed: bool = False, uncertain: bool = False) -> bool:
        return outgoing.mark_again(self._connection, due, due_at, failed, uncertain)

    def mark_moot(self, due: Due, *, reason: Reason) -> bool:
        return outgoing.mark_moot(self._connection, due, reason)

    def mark_dead(self, due: Due, *, reason: Reason, refused: bool = False) -> bool:
        return outgoing.mark_dead(self._connection, due, reason, refused)

    def key_of(self, name: str) -> bytes:
        return keys.one(self._connection, name)

    def enter_trial(self, entry: TrialEntry) -> None:
        own_record.enter(self._buffer.flushed(), entry)

    def drop_given_up(self, due: Due) -> None:
        outgoing.drop_given_up(self._connection, due)

    def claim_given_up(self, now: Instant, *, lease: Seconds, paused: Paused = NOTHING_PAUSED) -> Sequence[Due]:
        return outgoing.claim_given_up(self._connection, now, lease, paused)

    def wake(self, now: Instant, *, given_up: bool) -> int:
        return outgoing.wake(self._connection, now, given_up)

    def post(self, post: int) -> Post | None:
        return posts.one(self._buffer.flushed(), post)

    def update_post(self, address: Address, ref: str, *, due_at: Instant) -> None:
        posts.update(self._connection, address, ref, due_at)

    def update_given_up(self, *, due_at: Instant, places: Collection[Address] | None = None) -> int:
        return posts.update_given_up(self._connection, due_at, places)

    def asked(self, wait: str, *, but: Due) -> tuple[SentReminder, ...]:
        return outgoing.asked(self._buffer.flushed(), wait, but)

    def live_post(self, wait: str, address: Address) -> LivePost | None:
        return posts.live(self._buffer.flushed(), wait, address)

    def update_posts_of(self, wait: str, *, due_at: Instant, but: tuple[Address, str] | None = None) -> None:
        posts.update_full(self._buffer.flushed(), wait, due_at, but=but)

    def post_gone(self, post: int, *, at: Instant) -> None:
        posts.gone(self._connection, post, at)

    def update_notices(self, subject: NoticeSubject, *, due_at: Instant) -> bool:
        return posts.update_notices(self._connection, subject, due_at)

    def update_handovers(self, member: str, *, due_at: Instant) -> None:
        for post in handover_lists.posts_of(self._buffer.flushed(), member):
            self._connection.execute(posts.UPDATE, (post, due_at))

    # -- removed

    def remember_post(self, address: Address, ref: str, *, at: Instant) -> None:
        posts.number(self._connection, address, ref, at)

    def places(self) -> tuple[Address, ...]:
        return removals.places(self._connection)

    def has_posts(self, address: Address) -> bool:
        return removals.any_at(self._connection, address)

    def remove_posts(self, address: Address, *, due_at: Instant) -> int:
        return removals.put_down(self._connection, address, due_at)

    def claim_removals(self, now: Instant, *, limit: int, lease: Seconds, rest: Seconds) -> Sequence[DueRemoval]:
        return removals.claim(self._connection, now, limit, lease, rest)

    def remove_again(self, removal: DueRemoval, *, due_at: Instant | None) -> None:
        removals.again(self._connection, removal.post, due_at)

    def mark_removed(self, removal: DueRemoval, *, at: Instant) -> tuple[tuple[str, int], ...]:
        return removals.done(self._buffer.flushed(), removal.post, at)

    def drop_digests(self, now: Instant, *, but: Sequence[str]) -> int:
        return notices.drop_digests(self._connection, now, but)

    def forget_noted(self) -> int:
        return outgoing.forget_noted(self._connection)
