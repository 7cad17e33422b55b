"""The latest decisions of a channel, so that those that rest on what a late event changes can be taken back and made anew.

Position in a channel is an event's own time. When one comes whose place lies behind others that were decided already, these are
undone, the latest first, and decided once more after it: the end is then the same as if it had come in time. Only so much is kept
as platforms deliver late, in memory alone; and nothing is undone that people have heard of (see `Engine`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.domain.durations import Instant, Seconds
from bot.domain.events import Deleted, EarlyEdit, Edited, Event, Posted, Reacted
from bot.domain.messages import MessageRecord
from bot.domain.waits import Wait
from bot.domain.writes import (
    DropEarly,
    DropMessage,
    DropReminder,
    DropWait,
    KeepEarly,
    KeepText,
    SaveExchange,
    SaveMessage,
    SaveWait,
    Write,
)
from bot.waits import ladder

if TYPE_CHECKING:
    from bot.waits.channel_state import ChannelState

MOST: Final = 64
"""Decisions that are remembered of a channel."""

LATE: Final[Seconds] = 30 * 60
"""How long they are. Slack's last try comes six minutes after an event; what is read back after a longer silence comes in order,
before anything new of its channel."""

NEVER: Final[Instant] = float("-inf")

Known = MessageRecord | Wait | tuple[float, Instant] | tuple[EarlyEdit | Deleted | Reacted, ...] | None
"""What something was before a decision; None: it wasn't there."""


@dataclass(slots=True)
class Entry:
    """One decision: its event, and what was there before of everything that it changed, by kind and id."""

    event: Event | EarlyEdit
    before: dict[tuple[str, ...], Known] = field(default_factory=dict)


class UndoLog:
    """The latest decisions of one channel, in the order in which they were made."""

    __slots__ = ("_beyond", "_entries", "_latest")

    def __init__(self, beyond: Instant = NEVER) -> None:
        """`beyond`: the latest thing that was decided and isn't remembered."""
        self._entries: deque[Entry] = deque()
        self._beyond = beyond
        self._latest = beyond

    def note(self, state: ChannelState, event: Event | EarlyEdit, writes: Iterable[Write]) -> None:
        """Remember a decision, before `state` takes the writes over."""
        entry = Entry(event)
        before = entry.before
        for write in writes:
            kind = type(write)
            if kind is SaveMessage:
                before.setdefault(("message", write.seen.id), state.window.get(write.seen.id))  # type: ignore[union-attr]
            elif kind is SaveWait:
                before.setdefault(("wait", write.wait.id), state.waits.get(write.wait.id))  # type: ignore[union-attr]
            elif isinstance(write, DropMessage):
                before.setdefault(("message", write.id), state.window.get(write.id))
            elif isinstance(write, SaveExchange):
                known = state.acquainted.get(write.customer, {}).get((write.channel, write.member))
                before.setdefault(("exchange", write.channel, write.member, write.customer), known)
            elif isinstance(write, KeepEarly):
                id = write.event.id
                before.setdefault(("early", id), tuple(state.early.get(id, ())))
            elif isinstance(write, DropEarly):
                before.setdefault(("early", write.id), tuple(state.early.get(write.id, ())))
        self._entries.append(entry)
        self._latest = max(self._latest, event.at)
        while self._entries and (len(self._entries) > MOST or self._entries[0].event.at < self._latest - LATE):
            self._beyond = max(self._beyond, self._entries.popleft().event.at)

    def forget(self) -> None:
        """What was decided so far stands: people have heard of it, or have acted on it themselves."""
        self._beyond = self._latest
        self._entries.clear()

    def after(self, event: Event) -> list[Entry]:
        """The decisions to be undone for an event to take its place, the latest first. None where it comes in time, where its
        place lies further back than is remembered, and for what isn't about a message."""
        if event.at >= self._latest or event.at <= self._beyond or not isinstance(event, Posted | Edited | Deleted | Reacted):
            return []
        found = list(self._entries)
        first = next((n for n, entry in enumerate(found) if entry.event.at > event.at), len(found))
        # What was decided after the first of them rests on it, whatever its own place.
        return found[first:][::-1]

    def undo(self, state: ChannelState, undone: Iterable[Entry]) -> list[Write]:
        """The writes that take decisions back (see `after`); they are remembered no longer."""
        before: dict[tuple[str, ...], Known] = {}
        for entry in undone:
            before |= entry.before
            self._entries.remove(entry)
        self._latest = max((entry.event.at for entry in self._entries), default=self._beyond)
        texts: dict[str, str] = {}
        for entry in self._entries:
            if isinstance(entry.event, Posted | Edited):
                texts[entry.event.message.id] = entry.event.message.text
        return [write for key, known in before.items() for write in _restored(state, key, known, texts)]


def affected(undone: Iterable[Entry]) -> list[str]:
    """The waits that decisions changed, by id."""
    return list({key[1]: None for entry in undone for key in entry.before if key[0] == "wait"})


def again(undone: Iterable[Entry], event: Event) -> list[Event]:
    """What is to be decided once more, with the late event in its place: each once, by time. An edit that overtook its message
    was decided twice, the second time by what was kept of it; now it comes whole, and after its message."""
    whole = (entry.event for entry in (*undone, Entry(event)) if not isinstance(entry.event, EarlyEdit))
    events = {each.key: each for each in whole}
    return sorted(events.values(), key=lambda each: (each.at, not isinstance(each, Posted)))


def _restored(state: ChannelState, key: tuple[str, ...], known: Known, texts: dict[str, str]) -> Iterator[Write]:
    kind, id, *_ = key
    if kind == "message":
        now = state.window.get(id)
        if isinstance(known, MessageRecord):
            yield SaveMessage(channel=state.key, seen=known)
        elif now is not None:
            yield DropMessage(channel=state.key, id=id, at=now.at)
    elif kind == "wait":
        if not isinstance(known, Wait):
            yield DropWait(wait=id)
            return
        yield SaveWait(wait=known)
        now_open = state.waits[id].open if id in state.waits else False
        if not known.open:
            yield DropReminder(wait=id)
            return
        yield from ladder.schedule(known, state.rules, now=known.opened_at)
        if not now_open and state.rules.keep_text:
            yield from (KeepText(wait=id, message=each, text=texts[each]) for each in known.messages if texts.get(each))
    elif kind == "exchange":
        _, channel, member, customer = key
        strength, at = known if isinstance(known, tuple) and known and isinstance(known[0], float) else (0.0, 0.0)
        yield SaveExchange(channel=channel, member=member, customer=customer, strength=strength, at=at)
    else:
        yield DropEarly(channel=state.key, id=id)
        for event in known if isinstance(known, tuple) else ():
            assert isinstance(event, EarlyEdit | Deleted | Reacted)
            yield KeepEarly(event=event)
