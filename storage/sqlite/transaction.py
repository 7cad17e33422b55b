"""One open transaction, as the bot sees it (`bot.ports.Transaction`): every method is an aggregate's function."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from types import TracebackType

from bot.domain.durations import Instant, Seconds
from bot.domain.outgoing import Address, Attempt, DeadLetter, Due, DueReminder, Post, SentReminder
from bot.domain.preferences import Choices, ChoiceWrite
from bot.domain.waits import Wait
from bot.domain.writes import (
    AddNotice,
    BlankText,
    DropCorrection,
    DropEarly,
    DropMessage,
    DropReminder,
    KeepEarly,
    KeepText,
    SaveCorrection,
    SaveExchange,
    SaveMessage,
    SaveWait,
    SetReminder,
    Write,
)
from bot.errors import StorageError
from bot.ports import ChannelRecord
from bot.waits.channel_state import ENDED_CAPACITY, OPEN_CAPACITY
from storage.sqlite import acquaintance, choices, corrections, events, messages, posts, reminders, texts, waits
from storage.sqlite.channels import Channels
from storage.sqlite.failures import environmental
from storage.sqlite.pending import WriteBuffer
from storage.sqlite.upkeep import Upkeep

LONGEST_NUMBER = 18
"""Digits of a handle: more don't fit into a row number."""


class OpenTransaction(Upkeep):
    """The aggregates over one connection while a transaction is open on it. Lives on the connection's thread."""

    __slots__ = ("_channels", "_connection", "_depth", "_failure", "_pending", "_unpack")

    def __init__(self, connection: sqlite3.Connection, channels: Channels, unpack: messages.Unpack) -> None:
        self._connection = connection
        self._channels = channels
        self._unpack = unpack
        self._pending = WriteBuffer(connection)
        self._depth = 0
        self._failure: BaseException | None = None

    def savepoint(self) -> AbstractContextManager[None]:
        """A savepoint around one event: an exception inside undoes the event's writes only, and is raised on.

        A failure of the disk or the file isn't the event's: it spoils the whole transaction, even if it's caught outside.
        """
        return _Savepoint(self)

    def enter(self) -> int:
        """Set a savepoint and give its depth. Use `savepoint`."""
        if not self._connection.in_transaction:
            self._failure = self._failure or StorageError("SQLite gave the transaction up")
            raise StorageError("the transaction is over: SQLite gave it up after an earlier error") from self._failure
        self._pending.write()  # what came before the savepoint isn't undone with it
        self._depth += 1
        self._connection.execute(f"SAVEPOINT event_{self._depth}")
        return self._depth

    def leave(self, depth: int, error: BaseException | None) -> None:
        """Release a savepoint, or undo what was written since. Raises, after undoing it, what can't be stored."""
        if error is None:
            try:
                self._pending.write()
            except BaseException as refused:
                self.leave(depth, refused)
                raise
        self._depth = depth - 1
        connection = self._connection
        if error is not None:
            self._channels.forget()
            self._pending.forget()
            if environmental(error):
                self._failure = self._failure or error
            if not connection.in_transaction:  # SQLite rolled everything back by itself: https://sqlite.org/lang_transaction.html
                self._failure = self._failure or error
                return
            connection.execute(f"ROLLBACK TO event_{depth}")
        connection.execute(f"RELEASE event_{depth}")

    def confirm(self) -> None:
        """Write what is pending. Raises what can't be stored, and the failure that spoiled the transaction, if one did: it must
        not be committed then."""
        if self._failure is not None:
            raise self._failure
        if not self._connection.in_transaction:
            raise StorageError("SQLite gave the transaction up after an earlier error")
        self._pending.write()

    def first_time(self, key: tuple[str, str, str, str], platform_event: str | None) -> bool:
        """Record an event's keys. False when either was there before: the event is a duplicate.

        Both are global: one delivery that carries several events needs an id for each of them.
        """
        return events.first_time(self._connection, self._channels.number(self._connection, key[0]), key, platform_event)

    def channel(self, channel: str, messages: int) -> ChannelRecord:
        """A channel's last `messages` messages, its waits and its early events.

        Of the open waits the latest come, oldest first; before them those that ended no earlier than the oldest of the messages,
        in order of their end: no reply to any other is in sight. There are as many of each as a state keeps in memory.
        """
        self._pending.write()
        no = self._channels.find(self._connection, channel)
        if no is None:
            return ChannelRecord(messages=(), waits=(), early=())
        window = latest(self._connection, no, messages, self._unpack)
        ended = waits.ended_in(self._connection, no, window[0].at, ENDED_CAPACITY) if window else ()
        waiting = waits.open_in(self._connection, no, OPEN_CAPACITY)
        return ChannelRecord(
            messages=window,
            waits=(*ended, *waiting),
            early=events.early(self._connection, no),
            corrections=corrections.of(self._connection, no, channel),
        )

    def save(self, writes: Iterable[Write]) -> bool:
        """Perform a decision's writes, in their order. Much of them is pending until somebody reads it or the transaction (or
        savepoint) ends; what SQLite refuses is raised then. True when they left posts to be updated."""
        connection, pending = self._connection, self._pending
        number = self._channels.number
        touched = False
        for write in writes:
            # Not a pattern: that costs twice as much, because it also takes every field out by its name.
            if isinstance(write, SaveMessage):
                pending.message(number(connection, write.channel), write.seen)
            elif isinstance(write, SaveWait):
                if pending.may_have_posts(write.wait.id):
                    touched |= posts.touch(connection, write.wait)
                pending.wait(number(connection, write.wait.channel), write.wait)
            elif isinstance(write, SetReminder):
                schedule = reminders.schedule
                if write.wait in pending.without_reminder:
                    schedule = reminders.schedule_first
                    pending.without_reminder.discard(write.wait)
                schedule(connection, pending.number(write.wait), write.wait, write.step, write.to, write.due_at)
            elif isinstance(write, DropReminder):
                if write.wait not in pending.without_reminder:
                    reminders.withdraw(connection, pending.number(write.wait))
            elif isinstance(write, BlankText):
                if write.wait not in pending.without_text:
                    texts.blank(connection, pending.number(write.wait))
            elif isinstance(write, SaveExchange):
                channel = number(connection, write.channel)
                pending.exchange(channel, write.member, write.customer, write.strength, write.at)
            elif isinstance(write, AddNotice):
                reminders.announce(connection, write)
            elif isinstance(write, KeepText):
                self._keep_text(write)
            elif isinstance(write, DropMessage):
                pending.write()  # it may be among what is pending
                messages.drop(connection, number(connection, write.channel), write.at, write.id)
            elif isinstance(write, KeepEarly):
                events.keep(connection, number(connection, write.event.channel), write.event)
            elif isinstance(write, DropEarly):
                events.drop(connection, number(connection, write.channel), write.id)
            elif isinstance(write, SaveCorrection):
                corrections.save(connection, number(connection, write.channel), write)
            elif isinstance(write, DropCorrection):
                corrections.drop(connection, number(connection, write.channel), write.message)
            else:
                raise TypeError(f"storage doesn't know how to write a {type(write).__name__}")
        return touched

    def _keep_text(self, write: KeepText) -> None:
        waiting = self._pending.open(write.wait)
        no = self._pending.number(write.wait)
        self._pending.without_text.discard(write.wait)
        if waiting is None:
            texts.keep(self._connection, no, write.message, write.text)
        elif waiting:
            texts.put(self._connection, no, write.message, write.text)

    def wait(self, wait: str) -> Wait | None:
        """One wait by id."""
        self._pending.write()
        return waits.one(self._connection, wait)

    def waits(self, waits_wanted: Sequence[str]) -> tuple[Wait, ...]:
        """Several waits by their ids, in no particular order. Unknown ones are left out."""
        self._pending.write()
        return waits.several(self._connection, waits_wanted)

    def waits_of(self, channel: str, message: str) -> tuple[Wait, ...]:
        """The waits a message belongs to, as the customer's message or as a reply, latest first."""
        self._pending.write()
        no = self._channels.find(self._connection, channel)
        return () if no is None else waits.of_message(self._connection, no, message)

    def all_waits(self) -> Iterator[Wait]:
        """All waits in the order they opened, one at a time. To be used up within the transaction."""
        self._pending.write()
        return waits.every(self._connection)

    def open_waits(self, limit: int) -> tuple[Wait, ...]:
        """The open waits of all channels, the latest `limit` of them, oldest first."""
        self._pending.write()
        return waits.open_everywhere(self._connection, limit)

    def opened_since(self, since: Instant) -> Iterator[Wait]:
        """The waits that opened at an instant or later, in order. To be used up within the transaction."""
        self._pending.write()
        return waits.opened_since(self._connection, since)

    def handle(self, wait: str) -> str:
        """The short name of a wait for people: "w" and its row number. Raises StorageError when it was never saved."""
        return f"w{self._pending.number(wait)}"

    def wait_by_handle(self, handle: str) -> Wait | None:
        """The wait with this short name, whether it's over or not."""
        self._pending.write()
        number = handle.removeprefix("w")
        if not (number.isascii() and number.isdigit()) or len(number) > LONGEST_NUMBER:
            return None
        return waits.numbered(self._connection, int(number))

    def choices(self) -> Choices:
        """What members chose in chat."""
        return choices.every(self._connection)

    def choose(self, writes: Iterable[ChoiceWrite]) -> None:
        """Store what members chose in chat, in order."""
        choices.save(self._connection, writes)

    def texts(self, wait: str) -> tuple[tuple[str, str], ...]:
        """(message id, text) of a waiting customer's messages, in order; empty once the wait has ended."""
        self._pending.write()
        return texts.of(self._connection, wait)

    def corrections(self, channel: str) -> tuple[SaveCorrection, ...]:
        """What members said was judged wrongly in a channel, in order of time."""
        no = self._channels.find(self._connection, channel)
        return () if no is None else corrections.of(self._connection, no, channel)

    def corrections_since(self, since: Instant) -> tuple[int, int]:
        """How many messages members said were overlooked, and how many that they need no reply, at an instant or later."""
        return corrections.since(self._connection, since)

    def claim_due(self, now: Instant, *, limit: int, lease: Seconds) -> Sequence[Due]:
        """Lease up to `limit` rows that are due for `lease` seconds, expired leases among them, earliest first."""
        return reminders.claim(self._connection, now, limit, lease)

    def renew(self, due: Due, *, until: Instant) -> bool:
        """Keep a lease until then. False (and nothing changed), as for all below, when the lease was lost meanwhile."""
        return reminders.renew(self._connection, due, until)

    def mark_leaving(self, leaving: Iterable[tuple[Due, Attempt]]) -> None:
        """These go on their way now: until one is settled nobody knows whether it arrived."""
        reminders.mark_leaving(self._connection, leaving)

    def mark_sent(
        self, due: Due, *, at: Instant, to: tuple[str, ...], ref: str | None = None, address: Address | None = None
    ) -> bool:
        """It left; with `ref` and `address` its post is remembered."""
        if (ref is None) != (address is None):
            raise ValueError("a post needs its reference and its address")
        return reminders.mark_sent(self._connection, due, at, to, ref, address)

    def mark_again(self, due: Due, *, due_at: Instant, failed: bool = False, uncertain: bool = False) -> bool:
        """Back to pending, to be tried at `due_at`; `uncertain`: it may have arrived, and stays leased until then."""
        return reminders.mark_again(self._connection, due, due_at, failed, uncertain)

    def mark_moot(self, due: Due, *, reason: str) -> bool:
        """It isn't needed any more."""
        return reminders.mark_moot(self._connection, due, reason)

    def mark_dead(self, due: Due, *, reason: str, refused: bool = False) -> bool:
        """It can't be delivered."""
        return reminders.mark_dead(self._connection, due, reason, refused)

    def dead(self, limit: int) -> tuple[DeadLetter, ...]:
        """What could not be delivered, the latest `limit`, latest first."""
        self._pending.write()
        return reminders.dead(self._connection, limit)

    def post(self, post: int) -> Post | None:
        """A post by its number."""
        self._pending.write()
        return posts.one(self._connection, post)

    def update_post(self, address: Address, ref: str, *, due_at: Instant) -> None:
        """Have a remembered post brought up to date. One that waits for it already isn't put down twice."""
        posts.update(self._connection, address, ref, due_at)

    def left_out(self, wait: str, since: Instant) -> bool:
        """Whether a reminder about a wait was left out at `since` or later because somebody's day was full."""
        self._pending.write()
        return reminders.left_out(self._connection, wait, since)

    def drop_missed_digests(self, now: Instant) -> int:
        """Withdraw the digests whose slot passed unseen, all but the latest of each subject. Gives how many went."""
        return reminders.drop_missed_digests(self._connection, now)

    def next_due(self) -> Instant | None:
        """When the next reminder falls due or the next lease ends; None when nothing is pending."""
        return reminders.next_due(self._connection)

    def sent_since(self, person: str, since: Instant) -> int:
        """How many reminders to a person left at `since` or later."""
        return reminders.sent_since(self._connection, person, since)

    def pending(self, wait: str) -> DueReminder | None:
        """The wait's pending reminder, not leased to anybody."""
        self._pending.write()
        return reminders.pending(self._connection, wait)

    def sent_reminders(self, wait: str) -> tuple[SentReminder, ...]:
        """The reminders about a wait that left, in order."""
        self._pending.write()
        return reminders.sent(self._connection, wait)

    def exchanges(self, customer: str) -> tuple[tuple[str, str, float, Instant], ...]:
        """(channel, member, strength, at) of everybody on the team who has dealt with this customer."""
        self._pending.write()
        return acquaintance.of(self._connection, customer)


latest = messages.latest  # `messages` is a count in the method that needs it


class _Savepoint:
    """`with` around one event. A class, because a generator would cost as much as the two statements."""

    __slots__ = ("_depth", "_transaction")

    def __init__(self, transaction: OpenTransaction) -> None:
        self._transaction = transaction
        self._depth = 0

    def __enter__(self) -> None:
        self._depth = self._transaction.enter()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._transaction.leave(self._depth, error)
