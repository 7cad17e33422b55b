"""Events against storage: load the channel, decide, save, apply. The same for live platforms, replay and the demo.

Everything here runs inside a storage transaction, on the storage thread: one event after the other, in order of arrival.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TypeVar

from bot.domain import hours
from bot.domain.accounts import by_member
from bot.domain.context import Context
from bot.domain.durations import Instant, Seconds
from bot.domain.events import Acted, ChannelLost, Corrected, Deleted, EarlyEdit, Edited, Event, Joined, Posted, Reacted, Solved
from bot.domain.keys import channel_of, message_key
from bot.domain.messages import Message
from bot.domain.moves import ChannelMove, Moves
from bot.domain.people import Role, Team
from bot.domain.reply_index import MOST, ReplyIndex
from bot.domain.rules import ChannelRules
from bot.domain.sources import Source
from bot.domain.trace import SILENT, Trace
from bot.domain.waits import Wait
from bot.domain.window import CAPACITY, Window
from bot.domain.writes import AddNotice, CountPost, DropEarly, SetReminder, Write
from bot.engine.arrivals import Welcomes
from bot.engine.coach import Coach
from bot.engine.gratitude import PassedThanks
from bot.ports import IntakeTransaction, Lookup, QueryTransaction, Store, Transaction, Writer
from bot.waits import decide as watching
from bot.waits import doubles, ladder, undo_log
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome

T = TypeVar("T")

LOOK_BACK = 4 * MOST
"""Waits whose replies are looked through, after a start, for what the team has told customers lately."""

MOST_ACQUAINTED = 5_000
"""People whose acquaintances are kept in memory; beyond it all are forgotten, and read again as they are needed."""

MOST_CHANNELS = 128
"""Channel states kept in memory; the least recently used is rebuilt from storage when it is needed again. A full state is
about a quarter of a megabyte. Where all channels are busy and there are more than this, nearly every message has one rebuilt,
which costs four times as much as the message: so there is room for what a large team watches."""

MOST_MEMBERS = 200
"""Members whose names are searched for in every channel, whether they spoke there or not."""

MOST_NAMES = 600
"""People whose names a channel's messages are searched for; more than that haven't spoken here lately."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Processed:
    """What became of an event. `new` is False for a duplicate. `next_due`: the earliest instant at which this event made
    a reminder or the update of a post fall due, if it did. `outcome`: what came of what a member did by hand. `unworded`: what
    the message says now may have to be read again from the platform."""

    new: bool
    next_due: Instant | None = None
    outcome: Outcome | None = None
    unworded: bool = False


DUPLICATE = Processed(new=False)
NOTHING_DUE = Processed(new=True)


class Engine:
    """Decides events and performs reminders' decisions, over a bounded cache of channel states.

    Events come in by account and are decided by member (see domain.accounts). `rules_of` gives a channel's rules by its key,
    `names_of` what a person is called by their id or a member's key.
    """

    def __init__(
        self,
        *,
        context: Context,
        team: Team,
        rules_of: Callable[[str], ChannelRules],
        names_of: Callable[[str], tuple[str, ...]],
    ) -> None:
        self.context = context
        self.team = team
        self.rules_of = rules_of
        self.names_of = names_of
        self.coach: Coach | None = None
        """Who gives tips; None: nobody."""
        self.welcomes: Welcomes | None = None
        """Who notes who came in and is to be greeted; None: nobody."""
        self.passed_thanks: PassedThanks | None = None
        """Who passes customers' thanks on; None: nobody."""
        self.moves = Moves()
        """The channels that go by another key now. Replaced as a whole: it is read on the event loop, too."""
        self._states: OrderedDict[str, ChannelState] = OrderedDict()
        # One for all channels: who helped a customer in one channel knows them in the others, too.
        self._acquainted: dict[str, dict[tuple[str, str], tuple[float, Instant]]] = {}
        # The ids of waits that customers had, as far as they tell who is a newcomer; known of whom `_acquainted` is.
        self._waited: dict[str, set[str]] = {}
        # So is what the team has told customers; read from storage when the first channel is.
        self._replies_sent: ReplyIndex | None = None

    def process(self, tx: IntakeTransaction, event: Event, trace: Trace = SILENT) -> Processed:
        """Decide one event inside `tx` and save what follows. On any exception the channel's state must be evicted."""
        if self.moves:
            event = self.moves.event(event)
        accounts = self.team.accounts
        if accounts.by_member:
            event = by_member(event, accounts)
        # What a member does by hand changes nothing the second time; they are to hear how it is all the same.
        if not tx.first_time(event.key, event.platform_event, event.at) and not isinstance(event, Acted | Corrected):
            trace.say("a duplicate: it was dealt with before")
            return DUPLICATE
        state = self.state(tx, event.channel)
        if isinstance(event, Posted) and event.message.source is not None:
            # Here, since what is decided of it may be undone and decided again.
            tx.save([count_of(event.message, event.message.source)])
        if isinstance(event, Joined):
            return self._take_in_joined(tx, state, event)
        return self._take_in(tx, state, event, trace)

    def _take_in_joined(self, tx: IntakeTransaction, state: ChannelState, event: Joined) -> Processed:
        """Somebody came or went. It depends on no place among messages."""
        writes = () if self.welcomes is None else self.welcomes.joined(tx, state, event)
        if not writes:
            return NOTHING_DUE
        self._learn_names(state, (event.person,))
        due_at = [write.due_at for write in writes if isinstance(write, AddNotice)]
        return Processed(new=True, next_due=min(due_at, default=None) if not self.settle(tx, writes) else event.at)

    def settle(self, tx: Writer, writes: Sequence[Write]) -> bool:
        """Store what became of arrivals, apart from what is decided in a channel: no late event takes it back. True when a post
        is to be brought up to date."""
        if not writes:
            return False
        self._forget_arrivals()
        return tx.save(writes)

    def _take_in(self, tx: IntakeTransaction, state: ChannelState, event: Event, trace: Trace) -> Processed:
        """Decide an event in its place: what was decided about later ones is undone and decided again after it. Where somebody
        has heard of that already it stands, and the event is judged at its place as well as it can be."""
        undone = state.undo_log.after(event)
        if not undone or tx.reminded(undo_log.affected(undone)):
            return self._decide_whole(tx, state, event, trace)
        trace.say(f"comes late: what was decided of {len(undone)} later ones is decided again after it")
        writes = state.undo_log.undo(state, undone)
        tx.save(writes)
        state.restore(writes)
        came_of, due = NOTHING_DUE, None
        for each in undo_log.again(undone, event):
            processed = self._decide_whole(tx, state, each, trace if each is event else SILENT)
            due = _earliest(due, processed.next_due)
            if each is event:
                came_of = processed
        return replace(came_of, next_due=due)

    def _decide_whole(self, tx: IntakeTransaction, state: ChannelState, event: Event, trace: Trace) -> Processed:
        """Decide an event, and what came of its message earlier."""
        self._prepare(tx, state, event)
        # Taken before the decision, which drops what came before its message.
        early = list(state.early.get(event.message.id, ())) if state.early and isinstance(event, Posted) else ()
        due, outcome = self._decide(tx, state, event, trace)
        for overtaken in early:
            trace.say("something about it came earlier:")
            due = _earliest(due, self._decide(tx, state, overtaken, trace)[0])
        if due is None and outcome is None and not early:
            return NOTHING_DUE
        unworded = any(isinstance(overtaken, EarlyEdit) for overtaken in early)
        return Processed(new=True, next_due=due, outcome=outcome, unworded=unworded)

    async def transact(self, store: Store, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a transaction of `store`. If it isn't committed, what is cached of it is forgotten."""
        try:
            return await store.transact(work)
        except BaseException:
            self._states.clear()
            self._acquainted.clear()
            self._waited.clear()
            self._replies_sent = None
            self._forget_arrivals()
            raise

    def regroup(self, team: Team) -> None:
        """The team is another now. Called inside a transaction: decisions before and after it see one team each."""
        if team != self.team:
            self.team = team
            self._states.clear()
            self._acquainted.clear()
            self._waited.clear()

    def move(self, tx: Transaction, move: ChannelMove) -> Instant | None:
        """A channel goes by another key from now on, with everything that is stored of it. What came in under the new key before
        that was known takes its place. Gives since when its messages are to be read again, if they are: some of them may be
        answers to what was known. A move that is known does nothing. If it isn't committed, `moves` are to be put back.
        """
        found = tx.move_channel(move)
        self.recall(tx)
        if found is None:
            return None
        self._states.pop(move.old, None)
        self.evict(move.new)
        self._replies_sent = None
        for known, double in found.waits:
            tx.save(doubles.writes_for(known, double))
            if known.by_channel:  # its reminder was withdrawn when its channel seemed to be gone
                tx.save(ladder.schedule(doubles.one_wait(known, double), self.rules_of(move.new), now=move.at))
        tx.save(doubles.one_exchange(known, double) for known, double in found.exchanges)
        state = self.state(tx, move.new)
        for overtaken in [event for events in state.early.values() for event in events]:
            # An edit, deletion or reaction under the new key of a message that came under the old one.
            message = overtaken.key.message
            if state.window.get(message) is not None or tx.waits_of(move.new, message):
                self.apply(tx, move.new, (DropEarly(channel=move.new, id=message),))
                self._prepare(tx, state, overtaken)
                self._decide(tx, state, overtaken, SILENT)
        return found.read_from

    def recall(self, tx: QueryTransaction) -> None:
        """Take the moves as they are stored."""
        self.moves = Moves(tx.moves())

    def evict(self, channel: str) -> None:
        """Forget what is cached of a channel (its transaction was rolled back)."""
        self._states.pop(channel, None)
        self._acquainted.clear()
        self._waited.clear()
        self._forget_arrivals()

    def _forget_arrivals(self) -> None:
        if self.welcomes is not None:
            self.welcomes.forget()

    def state(self, tx: IntakeTransaction, channel: str) -> ChannelState:
        """A channel's state, from the cache or rebuilt from storage."""
        state = self._states.get(channel)
        if state is not None:
            self._states.move_to_end(channel)
            return state
        record = tx.channel(channel, CAPACITY)
        state = ChannelState(
            key=channel,
            rules=self.rules_of(channel),
            team=self.team,
            window=Window(record.messages, worked=self._worked),
            acquainted=self._acquainted,
            waited=self._waited,
            is_away=self._is_away,
            replies_sent=self._replies_sent_by(tx),
        )
        if state.window.last is not None:
            state.undo_log = undo_log.UndoLog(state.window.last.at)
        state.load(record.waits, record.early)
        state.learn(record.corrections)
        state.names = self._names_in(state)
        if self.welcomes is not None:
            self._learn_names(state, self.welcomes.in_channel(tx, channel))
        self._states[channel] = state
        if len(self._states) > MOST_CHANNELS:
            self._states.popitem(last=False)
        return state

    def _replies_sent_by(self, tx: IntakeTransaction) -> ReplyIndex:
        if self._replies_sent is None:
            self._replies_sent = ReplyIndex()
            for reply in tx.replies(LOOK_BACK):
                seen = reply.message
                self._replies_sent.add(message_key(reply.channel, seen.id), (reply.customer,), seen.reading.fingerprints)
        return self._replies_sent

    def wait(self, tx: Lookup, wait: str) -> Wait | None:
        """A wait by id, from the cache where it is there, else from storage. An id from before a move will do."""
        wait = self.moves.of(wait)
        state = self._states.get(channel_of(wait))
        known = state.waits.get(wait) if state is not None else None
        return known if known is not None else tx.wait(wait)

    def waits(self, tx: Lookup, wanted: Iterable[str]) -> dict[str, Wait]:
        """Several waits by their ids, as `wait` gives them; what isn't in the cache is read in one go."""
        if self.moves:
            asked = {wait: self.moves.of(wait) for wait in wanted}
            known = self._waits(tx, dict.fromkeys(asked.values()))
            return {wait: known[now] for wait, now in asked.items() if now in known}
        return self._waits(tx, wanted)

    def _waits(self, tx: Lookup, wanted: Iterable[str]) -> dict[str, Wait]:
        found: dict[str, Wait] = {}
        missing: list[str] = []
        for wait in wanted:
            state = self._states.get(channel_of(wait))
            known = state.waits.get(wait) if state is not None else None
            if known is not None:
                found[wait] = known
            else:
                missing.append(wait)
        if len(missing) == 1:
            one = tx.wait(missing[0])
            return found if one is None else {**found, one.id: one}
        return found | {wait.id: wait for wait in tx.waits(missing)} if missing else found

    def apply(self, tx: Writer, channel: str, writes: tuple[Write, ...]) -> None:
        """Save writes that were decided outside an event (the due loop), and keep the cached state in step."""
        tx.save(writes)
        state = self._states.get(channel)
        if state is not None:
            state.undo_log.forget()
            state.apply(writes)

    def _prepare(self, tx: Lookup, state: ChannelState, event: Event | EarlyEdit) -> None:
        """Load what the decision may look at beyond the window: old waits the event refers to, who knows its author."""
        if isinstance(event, Posted | Edited):
            message = event.message
            self._recall(tx, state, message.thread, message.reply_to)
            if message.author not in self._acquainted:
                self._learn_acquaintance(tx, message.author)
            if message.author not in state.names:
                self._learn_names(state, (message.author, *message.mentions))
        if not (isinstance(event, Posted) and event.message.role is Role.CUSTOMER):
            # After a restart customers wrote nothing yet, and may be answered: that adds to what is known of them.
            for customer in state.customers().difference(self._acquainted):
                self._learn_acquaintance(tx, customer)
        if isinstance(event, Edited):
            self._recall(tx, state, event.message.id)
        elif isinstance(event, Deleted | Reacted):
            self._recall(tx, state, event.id)
        elif isinstance(event, Corrected):
            self._prepare_correction(tx, state, event)
        elif (isinstance(event, ChannelLost) and event.back) or (isinstance(event, Solved) and event.unseen and event.taken_back):
            state.load([wait for wait in tx.lost_waits() if wait.channel == state.key], ())
        elif isinstance(event, Acted):
            if event.wait not in state.waits:
                wait = tx.wait(event.wait)
                state.load([wait] if wait is not None else [], ())
            state.sent = tx.sent_reminders(event.wait)

    def _prepare_correction(self, tx: Lookup, state: ChannelState, event: Corrected) -> None:
        if not state.waits_with(event.message):
            state.load(tx.waits_of(state.key, event.message), ())
        seen = state.window.get(event.message)
        author = event.posted.author if event.posted is not None else seen.author if seen is not None else None
        if author is not None and author not in self._acquainted:
            self._learn_acquaintance(tx, author)
        if event.posted is not None and event.posted.author not in state.names:
            self._learn_names(state, (event.posted.author, *event.posted.mentions))

    def _recall(self, tx: Lookup, state: ChannelState, *messages: str | None) -> None:
        for message in messages:
            if message is not None and state.window.get(message) is None and not state.waits_with(message):
                state.load(tx.waits_of(state.key, message), ())

    def _names_in(self, state: ChannelState) -> dict[str, tuple[str, ...]]:
        """What the members are called (customers may name one who never spoke here), and whoever spoke here lately."""
        people = chain(islice(sorted(self.team.members), MOST_MEMBERS), state.window.authors())
        return {person: self.names_of(person) for person in people}

    def _worked(self, since: Instant, until: Instant) -> Seconds:
        """The team's working time between two instants. (Asked for on longer silences only.)"""
        return hours.working_between(self.context.hours_of(""), since, until)

    def _is_away(self, member: str, at: Instant) -> bool:
        return hours.is_away(self.context.hours_of(member), at)

    def _learn_acquaintance(self, tx: Lookup, person: str) -> None:
        if len(self._acquainted) >= MOST_ACQUAINTED:
            self._acquainted.clear()
            self._waited.clear()
        found = tx.exchanges(person)
        spoke = any(known.strength > 0 for known in found)  # nothing is left of what was undone
        self._waited[person] = set() if spoke else set(tx.first_waits(person))  # who was answered is no newcomer anyway
        self._acquainted[person] = {(known.channel, known.member): (known.strength, known.at) for known in found}

    def _learn_names(self, state: ChannelState, people: tuple[str, ...]) -> None:
        # The same mapping grows, so that the judge can extend its index; when it gets too large a new one is begun.
        if len(state.names) >= MOST_NAMES:
            state.names = self._names_in(state)
        for person in people:
            if person not in state.names:
                state.names[person] = self.names_of(person)

    def _decide(
        self, tx: IntakeTransaction, state: ChannelState, event: Event | EarlyEdit, trace: Trace
    ) -> tuple[Instant | None, Outcome | None]:
        decision = watching.decide(state, self.context, event, trace)
        writes = decision.writes
        tips: tuple[Write, ...] = ()
        if self.coach is not None and isinstance(event, Posted) and event.message.role is Role.MEMBER:
            tips = self.coach.notice(tx, state, self.context, event.message, writes)
        elif self.passed_thanks is not None and isinstance(event, Posted | Edited) and event.message.role is Role.CUSTOMER:
            tips = self.passed_thanks.notice(state, event.message, writes, edited=isinstance(event, Edited))
        # Posts to be brought up to date are due at once, and so is a tip.
        due = event.at if tx.save(writes) else None
        if tips:
            tx.save(tips)  # apart: what is decided again about a late event gives no tip back
            due = event.at if any(isinstance(write, AddNotice) for write in tips) else due
        if self.welcomes is not None and not isinstance(event, EarlyEdit):
            due = event.at if self.settle(tx, self.welcomes.follow(tx, state, event, writes)) else due
        if isinstance(event, Acted | Corrected):
            state.undo_log.forget()  # what a member decided by hand rests on what they saw
        else:
            state.undo_log.note(state, event, writes)
        state.apply(writes)
        for write in writes:
            if type(write) is SetReminder:
                due = _earliest(due, write.due_at)
        return due, decision.outcome


def count_of(message: Message, source: Source) -> CountPost:
    """What is counted of a post that came through an app or a relay."""
    return CountPost(channel=message.channel, source=source, at=message.at, name=message.app)


def _earliest(one: Instant | None, other: Instant | None) -> Instant | None:
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)
