"""One open transaction, as the bot sees it (`bot.ports.Transaction`): every method is an aggregate's function."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial

from bot.domain.arrivals import Arrival
from bot.domain.auto_dms import AutoDm
from bot.domain.choice_changes import ChoiceChange
from bot.domain.delay_trial import TrialEntry
from bot.domain.durations import Instant
from bot.domain.duty import CalendarSpans
from bot.domain.events import EventKey
from bot.domain.gaps import Coverage, FailedEvent, Gap
from bot.domain.keys import message_key
from bot.domain.messages import MessageRecord
from bot.domain.moves import ChannelMove
from bot.domain.notifications import Appeal
from bot.domain.outgoing import (
    NOTHING_PAUSED,
    DeadLetter,
    DueReminder,
    HandoverListing,
    Paused,
    SentReminder,
    SkippedReminder,
)
from bot.domain.preferences import Choices, ChoiceWrite
from bot.domain.tips import KeptTip, SaidBefore
from bot.domain.waits import ENDED_CAPACITY, OPEN_CAPACITY, Handover, Wait
from bot.domain.writes import (
    AddNotice,
    BlankText,
    CountPost,
    DropCorrection,
    DropEarly,
    DropMessage,
    DropReminder,
    DropWait,
    KeepAutoDm,
    KeepEarly,
    KeepHandover,
    KeepNote,
    KeepText,
    KeepTip,
    SaveArrival,
    SaveCorrection,
    SaveExchange,
    SaveMessage,
    SaveThanks,
    SaveWait,
    SeeTip,
    SetReminder,
    Write,
)
from bot.errors import StorageError
from bot.ports import (
    ChannelRecord,
    CorrectionCounts,
    Doubles,
    Exchange,
    KeptText,
    Mark,
    PastReply,
    PostsOfSource,
)
from storage.sqlite import (
    acquaintance,
    app_posts,
    arrivals,
    auto_dms,
    calendar,
    choice_changes,
    choices,
    corrections,
    coverage,
    events,
    handover_lists,
    handovers,
    last_known,
    marks,
    messages,
    moves,
    notices,
    notifications,
    outgoing,
    own_record,
    posts,
    texts,
    thanks,
    tips,
    waits,
)
from storage.sqlite.channels import Channels
from storage.sqlite.customers import CustomerQueries
from storage.sqlite.failures import environmental
from storage.sqlite.savepoint import Savepoint
from storage.sqlite.sending import Sending
from storage.sqlite.upkeep import Upkeep
from storage.sqlite.write_buffer import WriteBuffer


class OpenTransaction(Sending, Upkeep, CustomerQueries):
    """The aggregates over one connection while a transaction is open on it. Lives on the connection's thread.

    What its methods do is said in bot.ports.store; here is how. What reads asks the write buffer for its connection.
    """

    __slots__ = ("_buffer", "_channels", "_connection", "_depth", "_failure", "_forgotten", "_unpack")

    def __init__(
        self,
        connection: sqlite3.Connection,
        channels: Channels,
        unpack: messages.Unpack,
        forgotten: events.Forgotten | None = None,
    ) -> None:
        self._connection = connection
        self._channels = channels
        self._forgotten = forgotten or events.Forgotten()
        self._unpack = unpack
        self._buffer = WriteBuffer(connection)
        self._depth = 0
        self._failure: BaseException | None = None

    # -- taken in

    def savepoint(self) -> AbstractContextManager[None]:
        return Savepoint(self)

    def enter(self) -> int:
        """Set a savepoint and give its depth. Use `savepoint`."""
        if not self._connection.in_transaction:
            self._failure = self._failure or StorageError("SQLite gave the transaction up")
            raise StorageError("the transaction is over: SQLite gave it up after an earlier error") from self._failure
        self._buffer.flush()  # what came before the savepoint isn't undone with it
        self._depth += 1
        self._connection.execute(f"SAVEPOINT event_{self._depth}")
        return self._depth

    def leave(self, depth: int, error: BaseException | None) -> None:
        """Release a savepoint, or undo what was written since. Raises, after undoing it, what can't be stored."""
        if error is None:
            try:
                self._buffer.flush()
            except BaseException as refused:
                self.leave(depth, refused)
                raise
        self._depth = depth - 1
        connection = self._connection
        if error is not None:
            self._channels.forget()
            self._forgotten.forget()
            self._buffer.forget()
            if environmental(error):
                self._failure = self._failure or error
            if not connection.in_transaction:  # SQLite rolled everything back by itself: https://sqlite.org/lang_transaction.html
                self._failure = self._failure or error
                return
            connection.execute(f"ROLLBACK TO event_{depth}")
        connection.execute(f"RELEASE event_{depth}")

    def confirm(self) -> None:
        """Write what is buffered. Raises what can't be stored, and the failure that spoiled the transaction, if one did: it must
        not be committed then."""
        if self._failure is not None:
            raise self._failure
        if not self._connection.in_transaction:
            raise StorageError("SQLite gave the transaction up after an earlier error")
        self._buffer.flush()

    def first_time(self, key: EventKey, platform_event: str | None, at: Instant) -> bool:
        connection = self._connection
        no = self._channels.number(connection, key.channel)
        new = events.first_time(connection, no, key, at, platform_event)
        if new and at < self._forgotten.before(connection) and key.kind == "posted":
            # So old that its key would be forgotten: what is kept of the message itself tells.
            opening = message_key(key.channel, key.message)
            return not events.stored(self._buffer.flushed(), no, key.message, opening, at)
        return new

    def reminded(self, waits: Sequence[str]) -> bool:
        return outgoing.reminded(self._buffer.flushed(), waits)

    def channel(self, channel: str, messages: int) -> ChannelRecord:
        connection = self._buffer.flushed()
        no = self._channels.find(connection, channel)
        if no is None:
            return ChannelRecord(messages=(), waits=(), early=())
        window = latest(connection, no, messages, self._unpack)
        ended = waits.ended_in(connection, no, window[0].at, ENDED_CAPACITY) if window else ()
        return ChannelRecord(
            messages=window,
            waits=(*ended, *waits.open_in(connection, no, OPEN_CAPACITY)),
            early=events.early(connection, no, self._unpack),
            corrections=corrections.of(connection, no, channel),
        )

    def replies(self, limit: int) -> tuple[PastReply, ...]:
        return messages.replies(self._buffer.flushed(), limit, self._unpack)

    def written_in(self, wait: Wait) -> tuple[MessageRecord, ...]:
        connection = self._buffer.flushed()
        no = self._channels.find(connection, wait.channel)
        return () if no is None else messages.of_wait(connection, no, wait, self._unpack)

    def said_by(self, member: str, since: Instant, limit: int) -> tuple[SaidBefore, ...]:
        return tips.said_by(self._buffer.flushed(), member, since, limit, self._unpack)

    def customer_wrote(self, channel: str) -> bool:
        no = self._channels.find(self._connection, channel)
        return no is not None and tips.customer_wrote(self._buffer.flushed(), no)

    def choose(self, writes: Iterable[ChoiceWrite], *, by: str = "", at: Instant = 0.0, undoes: int | None = None) -> int | None:
        return choice_changes.save(self._connection, writes, by, at, undoes)

    def move_channel(self, move: ChannelMove) -> Doubles | None:
        connection = self._buffer.flushed()
        # By number and by key: both may be another's now.
        self._buffer.forget()
        self._channels.forget()
        return moves.carry_out(connection, move, self._unpack)

    def put_mark(self, name: str, at: Instant | None, *, by: str | None = None) -> None:
        marks.put(self._connection, name, at, by)

    def coverage(self, channel: str) -> Coverage:
        no = self._channels.find(self._connection, channel)
        return Coverage() if no is None else coverage.one(self._connection, no)

    def coverage_on(self, platform: str) -> dict[str, Coverage]:
        return coverage.of_platform(self._connection, platform)

    def latest_on(self, platform: str) -> Instant | None:
        return coverage.latest(self._buffer.flushed(), platform)

    def put_coverage(self, channel: str, covered: Coverage) -> None:
        coverage.put(self._connection, self._channels.number(self._connection, channel), covered)

    def note_gap(self, gap: Gap) -> None:
        channel = None if gap.channel is None else self._channels.number(self._connection, gap.channel)
        coverage.note_gap(self._connection, gap, channel)

    def close_gaps(self, platform: str, at: Instant) -> tuple[Gap, ...]:
        return coverage.close_gaps(self._connection, platform, at)

    def note_failed(self, failed: FailedEvent) -> None:
        coverage.note_failed(self._connection, failed, self._channels.number(self._connection, failed.channel))

    def failed_on(self, platform: str) -> tuple[FailedEvent, ...]:
        return coverage.failed_on(self._connection, platform)

    def drop_stored_failures(self, channel: str) -> None:
        coverage.drop_stored(self._connection, self._channels.number(self._connection, channel))

    def save(self, writes: Iterable[Write]) -> bool:
        # Much of it is buffered until it is read or the transaction (or savepoint) ends: what SQLite refuses is raised then.
        connection, buffer = self._connection, self._buffer
        number = self._channels.number
        touched = False
        for write in writes:
            # Not a pattern: that costs twice as much, because it also takes every field out by its name.
            if isinstance(write, SaveMessage):
                buffer.message(number(connection, write.channel), write.seen)
            elif isinstance(write, SaveWait):
                if buffer.may_have_posts(write.wait.id):
                    touched |= posts.follow(connection, write.wait)
                buffer.wait(number(connection, write.wait.channel), write.wait)
            elif isinstance(write, SetReminder):
                no = buffer.number(write.wait)
                if write.wait in buffer.without_reminder:
                    outgoing.schedule_first(connection, no, write.wait, write.step, write.to, write.due_at)
                    buffer.without_reminder.discard(write.wait)
                else:
                    outgoing.schedule(connection, no, write.wait, write.step, write.to, write.due_at, write.since)
            elif isinstance(write, DropReminder):
                if write.wait not in buffer.without_reminder:
                    outgoing.withdraw(connection, buffer.number(write.wait))
            elif isinstance(write, BlankText):
                if write.wait not in buffer.without_text:
                    texts.blank(connection, buffer.number(write.wait))
            elif isinstance(write, SaveExchange):
                channel = number(connection, write.channel)
                buffer.exchange(channel, write.member, write.customer, write.strength, write.at)
            elif isinstance(write, AddNotice):
                notices.announce(connection, write)
            elif isinstance(write, KeepText):
                buffer.text(write.wait, write.message, write.text)
            elif isinstance(write, KeepHandover):
                buffer.handover(write.wait, write.handover)
            elif isinstance(write, KeepNote):
                buffer.note(write.wait, write.since, write.note)
            elif isinstance(write, DropMessage):
                buffer.flush()  # it may be among what is buffered
                messages.drop(connection, number(connection, write.channel), write.at, write.id)
                tips.withdraw(connection, number(connection, write.channel), write.id)
                thanks.save(connection, number(connection, write.channel), write.id, ())
            elif isinstance(write, KeepEarly):
                events.keep(connection, number(connection, write.event.channel), write.event)
            elif isinstance(write, DropEarly):
                events.drop(connection, number(connection, write.channel), write.id)
            elif isinstance(write, DropWait):
                buffer.drop_wait(write.wait)
            elif isinstance(write, KeepTip):
                tips.keep(connection, write.tip, partial(number, connection))
            elif isinstance(write, SeeTip):
                tips.see(connection, write.key, write.at)
            elif isinstance(write, CountPost):
                app_posts.count(connection, number(connection, write.channel), write)
            elif isinstance(write, SaveArrival):
                touched |= arrivals.save(connection, number(connection, write.arrival.channel), write.arrival, write.at)
            elif isinstance(write, SaveThanks):
                thanks.save(connection, number(connection, write.channel), write.message, write.thanks)
            elif isinstance(write, KeepAutoDm):
                auto_dms.keep(connection, write.report)
            elif isinstance(write, SaveCorrection | DropCorrection):
                corrections.save(connection, number(connection, write.channel), write)
            else:
                raise TypeError(f"storage doesn't know how to write a {type(write).__name__}")
        return touched

    # -- looked up

    def wait(self, wait: str) -> Wait | None:
        return waits.one(self._buffer.flushed(), wait)

    def waits(self, waits_wanted: Sequence[str]) -> tuple[Wait, ...]:
        return waits.several(self._buffer.flushed(), waits_wanted)

    def waits_of(self, channel: str, message: str) -> tuple[Wait, ...]:
        no = self._channels.find(self._connection, channel)
        return () if no is None else waits.of_message(self._buffer.flushed(), no, message, message_key(channel, message))

    def lost_waits(self) -> tuple[Wait, ...]:
        return waits.lost(self._buffer.flushed())

    def posts_of_sources(self, since: Instant) -> tuple[PostsOfSource, ...]:
        return app_posts.since(self._connection, since)

    def tips(self, member: str, since: Instant) -> tuple[KeptTip, ...]:
        return tips.of_member(self._connection, member, since)  # nothing of them is buffered

    def open_arrivals(self, since: Instant) -> tuple[Arrival, ...]:
        return arrivals.open_since(self._connection, since)  # nothing of them is buffered

    def arrivals_of(self, person: str) -> tuple[Arrival, ...]:
        return arrivals.of_person(self._connection, person)

    def auto_dm(self, message: str, reporter: str) -> AutoDm | None:
        return auto_dms.one(self._connection, message, reporter)

    def auto_dms(self, since: Instant, *, sender: str | None = None) -> tuple[AutoDm, ...]:
        return auto_dms.since(self._connection, since, sender)

    def count_auto_dms(self, since: Instant, *, reporter: str | None = None) -> int:
        return auto_dms.how_many(self._connection, since, reporter)

    def exchanges(self, customer: str) -> tuple[Exchange, ...]:
        return acquaintance.of(self._buffer.flushed(), customer)

    def marks(self, beginning: str) -> tuple[str, ...]:
        return marks.names(self._connection, beginning)

    def mark(self, name: str) -> Mark | None:
        return marks.one(self._connection, name)

    # -- asked for

    def handle(self, wait: str) -> str:
        return f"w{self._buffer.number(wait)}"  # its row number, which never changes

    def wait_by_handle(self, handle: str) -> Wait | None:
        return waits.by_handle(self._buffer.flushed(), handle)

    def all_waits(self) -> Iterator[Wait]:
        return waits.every(self._buffer.flushed())

    def open_waits(self, limit: int) -> tuple[Wait, ...]:
        return waits.open_everywhere(self._buffer.flushed(), limit)

    def last_digest(self, key: str) -> Instant | None:
        return notices.last_digest(self._buffer.flushed(), key)

    def opened_since(self, since: Instant) -> Iterator[Wait]:
        return waits.opened_since(self._buffer.flushed(), since)

    def texts(self, wait: str) -> tuple[KeptText, ...]:
        return texts.of(self._buffer.flushed(), wait)

    def handover(self, wait: str) -> Handover | None:
        return handovers.of(self._buffer.flushed(), wait)

    def handover_listings(self, wait: str, *, but: int) -> tuple[HandoverListing, ...]:
        return handover_lists.of_wait(self._buffer.flushed(), wait, but)

    def note(self, wait: str, since: Instant) -> str:
        return texts.note(self._buffer.flushed(), wait, since)

    def pending(self, wait: str) -> DueReminder | None:
        return outgoing.pending(self._buffer.flushed(), wait)

    def sent_reminders(self, wait: str) -> tuple[SentReminder, ...]:
        return outgoing.sent(self._buffer.flushed(), wait)

    def sent_since(self, person: str, since: Instant) -> int:
        return outgoing.sent_since(self._connection, person, since)

    def notified(self, person: str, since: Instant, *, but: Sequence[int] = ()) -> tuple[Instant, ...]:
        return notifications.notified(self._connection, person, since, but)

    def skipped_reminders(self, wait: str) -> tuple[SkippedReminder, ...]:
        return notifications.skipped(self._buffer.flushed(), wait)

    def appeals(self, wait: str) -> tuple[Appeal, ...]:
        return notifications.appeals_of(self._buffer.flushed(), wait)

    def appeals_in(self, digest: str) -> tuple[Appeal, ...]:
        return notifications.appeals_in(self._buffer.flushed(), digest)

    def reminder_ahead(self, wait: str) -> bool:
        return notifications.ahead(self._buffer.flushed(), wait)

    def appealed_to(self, person: str, since: Instant) -> Instant | None:
        return notifications.appealed_to(self._connection, person, since)

    def left_out(self, wait: str) -> bool:
        return notifications.left_out(self._buffer.flushed(), wait)

    def latest(self) -> Instant:
        return last_known.last_known(self._buffer.flushed())

    def noted_since(self, since: Instant) -> tuple[SentReminder, ...]:
        return outgoing.noted_since(self._buffer.flushed(), since)

    def left_since(self, since: Instant) -> tuple[SentReminder, ...]:
        return own_record.left_since(self._buffer.flushed(), since)

    def trial_entry(self, wait: str) -> TrialEntry | None:
        return own_record.entry_of(self._buffer.flushed(), wait)

    def trial_entries(self, since: Instant) -> tuple[TrialEntry, ...]:
        return own_record.entries(self._buffer.flushed(), since)

    def next_due(self, paused: Paused = NOTHING_PAUSED) -> Instant | None:
        return outgoing.next_due(self._connection, paused)

    def dead(self, limit: int) -> tuple[DeadLetter, ...]:
        return outgoing.dead(self._buffer.flushed(), limit)

    def calendar(self) -> CalendarSpans:
        return calendar.spans(self._connection)

    def arrivals_in(self, notice: str) -> tuple[Arrival, ...]:
        return arrivals.told_in(self._connection, notice)

    def arrival(self, number: int) -> Arrival | None:
        return arrivals.numbered(self._connection, number)

    def arrivals_told(self, channel: str, *, but: str) -> Instant | None:
        return arrivals.told_last(self._connection, channel, but)

    def greeters(self) -> dict[str, Instant]:
        return arrivals.greeters(self._connection)

    def choices(self) -> Choices:
        return choices.every(self._connection)

    def choice_change(self, by: str, number: int | None = None) -> ChoiceChange | None:
        return choice_changes.of(self._connection, by, number)

    def corrections(self, channel: str) -> tuple[SaveCorrection, ...]:
        no = self._channels.find(self._connection, channel)
        return () if no is None else corrections.of(self._connection, no, channel)

    def corrections_since(self, since: Instant) -> CorrectionCounts:
        return corrections.since(self._connection, since)

    def behind(self) -> dict[str, Instant]:
        return coverage.behind(self._connection)

    def gaps(self, limit: int) -> tuple[Gap, ...]:
        return coverage.gaps(self._connection, limit)

    def failed_events(self, limit: int) -> tuple[FailedEvent, ...]:
        return coverage.failed_lately(self._buffer.flushed(), limit)

    def moves(self) -> tuple[ChannelMove, ...]:
        return moves.every(self._connection)

    def channels(self) -> tuple[str, ...]:
        return moves.channels(self._connection)


latest = messages.latest  # `messages` is a count in the method that needs it
