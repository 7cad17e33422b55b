"""A channel's aggregate: everything a decision may look at. Loaded from storage, changed only by applying writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from bot.domain.durations import Instant, Seconds
from bot.domain.events import Deleted, EarlyEdit, Reacted
from bot.domain.keys import message_key
from bot.domain.messages import Message, MessageRecord
from bot.domain.outgoing import SentReminder
from bot.domain.people import Role, Team
from bot.domain.reply_index import ReplyIndex
from bot.domain.rules import ChannelRules
from bot.domain.thresholds import UNMOVED, Shift, shift_under
from bot.domain.waits import ENDED_CAPACITY, OPEN_CAPACITY, Wait, WaitState
from bot.domain.window import Window
from bot.domain.writes import (
    DropCorrection,
    DropEarly,
    DropMessage,
    DropWait,
    KeepEarly,
    SaveCorrection,
    SaveExchange,
    SaveMessage,
    SaveWait,
    Write,
)
from bot.waits.undo_log import UndoLog

REMEMBER_ENDED: Seconds = 7 * 24 * 3600
"""How long an ended wait stays in a channel's state: its answer may be deleted, its customer may come back."""

NEAR = 32
"""Open waits, the latest, among which a member's message without a reference may find the one it replies to."""

Early = EarlyEdit | Deleted | Reacted


def _nobody_is_away(member: str, at: Instant) -> bool:
    return False


@dataclass(slots=True)
class ChannelState:
    """One channel as decisions see it.

    `waits` holds the open waits and the lately ended ones, by id. `acquainted` maps a customer to the members they know:
    (channel, member) -> (strength, at). `waited` holds the ids of waits that customers had, here or in another channel.
    `is_away` tells whether a member is away at an instant. `names` maps the people seen
    here to what they are called. `shift` is how far members' corrections moved the threshold. `replies_sent` are the replies
    that the team sent lately, in all channels. `sent` are the reminders that left about the wait which a member acts on.
    """

    key: str
    rules: ChannelRules
    team: Team
    window: Window = field(default_factory=Window)
    waits: dict[str, Wait] = field(default_factory=dict)
    early: dict[str, list[Early]] = field(default_factory=dict)
    acquainted: dict[str, dict[tuple[str, str], tuple[float, Instant]]] = field(default_factory=dict)
    waited: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    replies_sent: ReplyIndex = field(default_factory=ReplyIndex)
    is_away: Callable[[str, Instant], bool] = _nobody_is_away
    shift: Shift = UNMOVED
    undo_log: UndoLog = field(default_factory=UndoLog)
    sent: tuple[SentReminder, ...] = ()
    _corrections: dict[str, SaveCorrection] = field(default_factory=dict)
    _open: dict[str, Wait] = field(default_factory=dict)
    _ended: dict[str, None] = field(default_factory=dict)
    _unreplied: dict[str, None] = field(default_factory=dict)
    # Tuples, which are half as large as lists: there are some hundreds in each of a hundred channels.
    _by_message: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _waiting: dict[str, list[str]] = field(default_factory=dict)
    _last_ended: dict[str, str] = field(default_factory=dict)

    def learn(self, corrections: Iterable[SaveCorrection]) -> None:
        """Take over the corrections that storage knows."""
        self._corrections = {correction.message: correction for correction in corrections}
        self.shift = shift_under(self.rules, self._corrections.values())

    def load(self, waits: Iterable[Wait], early: Iterable[Early]) -> None:
        """Take over what storage knows."""
        for wait in waits:
            self._take(wait)
        for event in early:
            self.early.setdefault(event.id, []).append(event)

    def open_waits(self) -> list[Wait]:
        """The waits that are still open, oldest first."""
        return list(self._open.values())

    def waits_of(self, customer: str) -> list[Wait]:
        """The waits of one customer that are still open, oldest first."""
        return [self._open[wait] for wait in self._waiting.get(customer, ())]

    def customers(self) -> set[str]:
        """Everybody who waits, or whose wait a member's word may still be added to."""
        return {*self._waiting, *(self.waits[wait].customer for wait in self._unreplied)}

    def near_waits(self, *references: str | None) -> list[Wait]:
        """The waits a new message may belong to: the latest open ones, and those with a message among the references."""
        near = list(islice(reversed(self._open.values()), NEAR))
        for reference in references:
            if reference is not None and reference in self._by_message:
                known = {wait.id for wait in near}
                near += [wait for wait in self.waits_with(reference) if wait.open and wait.id not in known]
        return near

    def ended_waits(self) -> Iterator[Wait]:
        """The waits that ended lately, the latest first."""
        return (self.waits[wait] for wait in reversed(self._ended))

    def unreplied_waits(self) -> Iterator[Wait]:
        """The lately ended waits that a member's mark, or their customer's own word, ended before anybody wrote."""
        return (self.waits[wait] for wait in self._unreplied)

    def open_wait_of(self, customer: str, message: Message) -> Wait | None:
        """The customer's latest open wait that this message of theirs belongs to: the one it replies to by the platform's own
        reference, else in the same thread, or in a thread of its messages."""
        if message.reply_to is not None:
            theirs = self._waiting.get(customer, ())
            referred = [id for id in self._by_message.get(message.reply_to, ()) if id in theirs]
            if referred:
                return self._open[referred[-1]]
        for wait_id in reversed(self._waiting.get(customer, ())):
            wait = self._open[wait_id]
            if same_place(wait, message):
                return wait
        return None

    def waits_with(self, message: str) -> list[Wait]:
        """Every wait known here that this message opened, extended or replied to."""
        return [self.waits[wait] for wait in self._by_message.get(message, ())]

    def is_newcomer(self, customer: str, wait: str) -> bool:
        """Whether a wait (by id) is the first that a customer has anywhere, and nobody of the team spoke with them before."""
        spoke = any(strength > 0 for strength, _ in self.acquainted.get(customer, {}).values())  # none is left of what was undone
        return not spoke and not self.waited.get(customer, set()) - {wait}

    def last_ended_of(self, customer: str, at: Instant) -> Wait | None:
        """The wait of this customer that ended last, if that was lately."""
        wait = self.waits.get(self._last_ended.get(customer, ""))
        if wait is None or wait.open or wait.ended_at is None or at - wait.ended_at > REMEMBER_ENDED:
            return None
        return wait

    def apply(self, writes: Iterable[Write]) -> None:
        """Make the state what the writes say, as storage does with the same values."""
        for write in writes:
            if isinstance(write, SaveMessage):
                self.window.put(write.seen)
                if write.seen.answers and write.seen.role is Role.MEMBER:
                    self._remember_reply(write.seen)
            elif isinstance(write, SaveWait):
                self._take(write.wait)
            elif isinstance(write, SaveExchange):
                known = self.acquainted.setdefault(write.customer, {})
                known[(write.channel, write.member)] = (write.strength, write.at)
            elif isinstance(write, DropMessage):
                self.window.drop(write.id)
            elif isinstance(write, DropWait):
                self._drop(write.wait)
            elif isinstance(write, KeepEarly):
                self.early.setdefault(write.event.id, []).append(write.event)
            elif isinstance(write, DropEarly):
                self.early.pop(write.id, None)
            elif isinstance(write, SaveCorrection | DropCorrection):
                self._correct(write)

    def restore(self, writes: Iterable[Write]) -> None:
        """Make the state what the writes of the undo log say, as if what they take back had never been decided."""
        for write in writes:
            if isinstance(write, SaveWait):
                self._drop(write.wait.id)
            elif isinstance(write, SaveMessage):
                self.replies_sent.drop(message_key(self.key, write.seen.id))
            elif isinstance(write, DropMessage):
                self.replies_sent.drop(message_key(self.key, write.id))
            self.apply((write,))

    def _correct(self, write: SaveCorrection | DropCorrection) -> None:
        if isinstance(write, DropCorrection):
            self._corrections.pop(write.message, None)
        else:
            known = self._corrections.get(write.message)
            if known is not None and known.says == write.says:
                return  # the same word again changes nothing
            self._corrections[write.message] = write
        self.shift = shift_under(self.rules, self._corrections.values())

    def _remember_reply(self, seen: MessageRecord) -> None:
        customers = [self.waits[wait].customer for wait in seen.answers if wait in self.waits]
        self.replies_sent.add(message_key(self.key, seen.id), customers, seen.reading.fingerprints)

    def _take(self, wait: Wait) -> None:
        before = self.waits.get(wait.id)
        self.waits[wait.id] = wait
        if before is None:
            self.waited.setdefault(wait.customer, set()).add(wait.id)
        if before is None or before.messages != wait.messages or before.replies != wait.replies:
            self._index(before, wait)
        if wait.open and wait.id in self._open:
            self._open[wait.id] = wait  # in its place: they stand in the order in which they opened, as storage gives them
            return
        if before is not None:
            self._ended.pop(wait.id, None)
            self._unreplied.pop(wait.id, None)
            if self._open.pop(wait.id, None) is not None:
                self._waits_no_more(wait)
        if wait.open:
            self._open[wait.id] = wait
            self._waiting.setdefault(wait.customer, []).append(wait.id)
            if len(self._open) > OPEN_CAPACITY:
                self._forget(self._open)
        else:
            self._ended[wait.id] = None
            last = self.waits.get(self._last_ended.get(wait.customer, ""))
            if last is None or _ended_place(last) <= _ended_place(wait):
                self._last_ended[wait.customer] = wait.id
            if not wait.replies and (wait.marked_by is not None or wait.state is WaitState.RESOLVED):
                self._unreplied[wait.id] = None
            if len(self._ended) > ENDED_CAPACITY:
                self._forget(self._ended)

    def _drop(self, id: str) -> None:
        """Forget a wait as if it had never been."""
        wait = self.waits.pop(id, None)
        if wait is None:
            return
        self.waited.get(wait.customer, set()).discard(id)
        self._index(wait, None)
        self._ended.pop(id, None)
        self._unreplied.pop(id, None)
        if self._open.pop(id, None) is not None:
            self._waits_no_more(wait)
        if self._last_ended.get(wait.customer) == id:
            del self._last_ended[wait.customer]
            ended = [self.waits[other] for other in self._ended if self.waits[other].customer == wait.customer]
            if ended:
                self._last_ended[wait.customer] = max(ended, key=_ended_place).id

    def _waits_no_more(self, wait: Wait) -> None:
        theirs = self._waiting[wait.customer]
        theirs.remove(wait.id)
        if not theirs:
            del self._waiting[wait.customer]

    def _forget(self, kept: dict[str, Wait] | dict[str, None]) -> None:
        oldest = next(iter(kept))
        del kept[oldest]
        self._unreplied.pop(oldest, None)
        wait = self.waits.pop(oldest)
        self._index(wait, None)
        if wait.open:
            self._waits_no_more(wait)
        elif self._last_ended.get(wait.customer) == oldest:
            del self._last_ended[wait.customer]

    def _index(self, before: Wait | None, after: Wait | None) -> None:
        """Keep `_by_message` in step with a wait that changed, came (`before` is None) or was forgotten (`after` is None)."""
        old, new = _messages_of(before), _messages_of(after)
        if before is not None and new[: len(old)] != old:
            for message in old:
                waits = tuple(wait for wait in self._by_message[message] if wait != before.id)
                if waits:
                    self._by_message[message] = waits
                else:
                    del self._by_message[message]
            old = ()
        if after is not None:
            for message in new[len(old) :]:
                self._by_message[message] = (*self._by_message.get(message, ()), after.id)


def same_place(wait: Wait, message: Message) -> bool:
    """Whether a customer's message goes on where their wait is: both outside threads, or in the same thread."""
    if message.thread is None:
        return wait.thread is None
    return message.thread == wait.thread or message.thread in wait.messages


def _ended_place(wait: Wait) -> tuple[Instant, Instant, str]:
    """Which of a customer's waits ended last: of those that one message ended, the one that opened last."""
    return (wait.ended_at or 0.0, wait.opened_at, wait.id)


def _messages_of(wait: Wait | None) -> tuple[str, ...]:
    """Each message of a wait once: what a wait grows by mostly stands at the end."""
    if wait is None:
        return ()
    if not wait.replies:
        return wait.messages
    return tuple(dict.fromkeys((*wait.messages, *(reply.message for reply in wait.replies))))
