"""A transaction's writes that wait for its end: what one event stores and the next one changes is written once, and what is
alike is written together. That costs half of writing it as it comes."""

from __future__ import annotations

import sqlite3
from typing import Any

from bot.domain.durations import Instant
from bot.domain.messages import MessageRecord
from bot.domain.waits import Handover, Wait
from bot.errors import StorageError
from storage.sqlite import acquaintance, handovers, messages, texts, waits
from storage.sqlite.flushed import Flushed


class WriteBuffer:
    """Messages, waits and acquaintances of one transaction that are not in the database yet.

    A new wait is stored at once, because its row number is needed; how it changes then, and its links, are buffered. After a
    rollback everything here must be forgotten.
    """

    __slots__ = (
        "_connection",
        "_exchanges",
        "_flushed",
        "_links",
        "_messages",
        "_numbers",
        "_stored",
        "_unposted",
        "_waits",
        "without_reminder",
        "without_text",
    )

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._flushed = Flushed(connection)
        self._messages: list[tuple[Any, ...]] = []
        self._waits: dict[str, tuple[int, Wait]] = {}
        self._exchanges: dict[tuple[str, int, str], tuple[float, Instant]] = {}
        self._numbers: dict[str, int] = {}
        """Row numbers of waits that were looked up or stored."""
        self._links: dict[str, dict[str, str]] = {}
        """What is stored in `wait_messages` of waits that this transaction wrote."""
        self._stored: dict[str, Wait] = {}
        """The waits that this transaction wrote, as they were written last."""
        self._unposted: set[str] = set()
        """Waits made in this transaction, unless something was posted in it, too."""
        self.without_text: set[str] = set()
        """Waits made in this transaction that have no text: none needs to be looked for."""
        self.without_reminder: set[str] = set()
        """The same for reminders."""

    def forget(self) -> None:
        """Forget everything: what was stored of it was rolled back."""
        self._messages.clear()
        self._waits.clear()
        self._exchanges.clear()
        self._numbers.clear()
        self._links.clear()
        self._stored.clear()
        self._unposted.clear()
        self.without_text.clear()
        self.without_reminder.clear()

    def message(self, channel: int, seen: MessageRecord) -> None:
        """A message as it is now."""
        self._messages.append(messages.row(channel, seen))

    def exchange(self, channel: int, member: str, customer: str, strength: float, at: Instant) -> None:
        """An acquaintance as it is now."""
        self._exchanges[(customer, channel, member)] = (strength, at)

    def wait(self, channel: int, wait: Wait) -> None:
        """A wait as it is now."""
        id = wait.id
        before = self._waits.get(id)
        if before is not None:
            # The link of a message that was deleted meanwhile was perhaps never stored, but its text was.
            for gone in set(before[1].messages).difference(wait.messages):
                texts.drop(self._connection, self.number(id), gone)
        elif id not in self._numbers and len(wait.messages) == 1 and not wait.replies:
            no = waits.insert(self._connection, channel, wait)
            if no is not None:
                self._numbers[id] = no
                self._links[id] = {}
                self._stored[id] = wait
                self._unposted.add(id)
                self.without_text.add(id)
                self.without_reminder.add(id)
        self._waits[id] = (channel, wait)

    def text(self, wait: str, message: str, text: str) -> None:
        """What a waiting customer wrote: it isn't buffered, and not kept once the wait has ended."""
        waiting, no = self.open(wait), self.number(wait)
        self.without_text.discard(wait)
        if waiting is None:
            texts.keep(self._connection, no, message, text)
        elif waiting:
            texts.put(self._connection, no, message, text)

    def handover(self, wait: str, handover: Handover | None) -> None:
        """How a wait was handed over, kept in the same way."""
        self.without_text.discard(wait)
        handovers.keep(self.flushed(), self.number(wait), handover)

    def note(self, wait: str, since: Instant, note: str) -> None:
        """A member's note on the hold of a wait that began at `since`, kept in the same way."""
        self.without_text.discard(wait)
        texts.keep_note(self.flushed(), self.number(wait), since, note)

    def drop_wait(self, wait: str) -> None:
        """A wait isn't any more, nor what belongs to it."""
        self.flush()
        waits.drop(self._connection, wait)
        for known in (self._numbers, self._links, self._stored):
            known.pop(wait, None)
        for marked in (self._unposted, self.without_text, self.without_reminder):
            marked.discard(wait)

    def may_have_posts(self, wait: str) -> bool:
        """Whether a message of ours may tell of a wait: not of one that was just made."""
        return wait not in self._unposted

    def posted(self) -> None:
        """Something was posted: it may tell of waits that were made in this transaction, too."""
        self._unposted.clear()

    def open(self, wait: str) -> bool | None:
        """Whether a buffered wait is open; None when it isn't buffered."""
        found = self._waits.get(wait)
        return None if found is None else found[1].open

    def number(self, wait: str) -> int:
        """The row number of a wait. Raises StorageError when it was never saved: its SaveWait must come first."""
        no = self._numbers.get(wait)
        if no is None:
            no = waits.number(self._connection, wait)
            if no is None and wait in self._waits:
                self._write_waits()
                return self._numbers[wait]
            if no is None:
                raise StorageError(f"{wait}: nothing can be stored of a wait that was never saved")
            self._numbers[wait] = no
        return no

    def flushed(self) -> Flushed:
        """The connection, to read with: everything that was saved is in the database now."""
        self.flush()
        return self._flushed

    def flush(self) -> None:
        """Store everything that is buffered."""
        if self._waits:
            self._write_waits()
        if self._messages:
            messages.save(self._connection, self._messages)
            self._messages.clear()
        if self._exchanges:
            rows = [(*who, *what) for who, what in self._exchanges.items()]
            acquaintance.save(self._connection, rows)
            self._exchanges.clear()

    def _write_waits(self) -> None:
        connection = self._connection
        new: list[tuple[int, str, str]] = []
        for id, (channel, wait) in self._waits.items():
            stored = self._links.get(id)
            no = self._numbers.get(id)
            if stored is None or no is None:
                found = waits.linked(connection, id)
                if found is None:
                    no = waits.insert(connection, channel, wait)
                    assert no is not None
                    stored = {}
                else:
                    no, stored = found
                    waits.update(connection, no, wait)
                self._numbers[id] = no
            elif self._stored.get(id) is not wait:
                waits.update(connection, no, wait)
            links = waits.links(wait)
            if links != stored:
                self._unlink(no, stored, links)
                new += [(no, message, link) for message, link in links.items() if stored.get(message) != link]
            self._links[id] = links
            self._stored[id] = wait
        waits.link(connection, new)
        self._waits.clear()

    def _unlink(self, no: int, stored: dict[str, str], links: dict[str, str]) -> None:
        for message, link in stored.items():
            if links.get(message) == link:
                continue
            waits.unlink(self._connection, no, message)
            if message not in links:
                texts.drop(self._connection, no, message)
