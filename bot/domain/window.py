"""The last messages of a channel, by position. The judge reads context from here; it holds readings, never text."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator

from bot.domain.durations import Instant, Seconds
from bot.domain.messages import MessageRecord

CAPACITY = 200
"""Messages kept per channel: an afternoon of a busy support channel; bounds memory and the judge's cost."""

Worked = Callable[[Instant, Instant], Seconds]
"""How much working time of the team lies between two instants."""


def position(seen: MessageRecord) -> tuple[Instant, str]:
    """A message's place in its channel: its own time, not its arrival."""
    return (seen.at, seen.id)


class Window:
    """A bounded, position-ordered run of recent messages of one channel."""

    __slots__ = ("_by_author", "_by_id", "_capacity", "_entries", "get", "rewrites", "walks", "worked")

    def __init__(self, entries: Iterable[MessageRecord] = (), capacity: int = CAPACITY, worked: Worked | None = None) -> None:
        self._capacity = capacity
        self.worked = worked
        """The team's working time; None where its hours aren't known."""
        self._entries: list[MessageRecord] = []
        self._by_id: dict[str, MessageRecord] = {}
        self.get: Callable[[str], MessageRecord | None] = self._by_id.get
        """The message with this id, if it is still in the window. (The dict's own method: asked some ten times a message.)"""
        self._by_author: dict[str, list[MessageRecord]] = {}
        self.rewrites = 0
        """How often something other than the end changed: what was derived from the order before is then out of date."""
        self.walks: dict[type, object] = {}
        """What the judge worked out from this window, by its class (judge.walk.WindowWalk); worked out anew whenever it is
        missing or out of date."""
        for seen in entries:
            self.put(seen)

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[MessageRecord]:
        return iter(self._entries)

    @property
    def last(self) -> MessageRecord | None:
        """The latest message by position, or None."""
        return self._entries[-1] if self._entries else None

    def put(self, seen: MessageRecord) -> None:
        """Insert a message at its position, or replace the one with its id. The oldest leave when full."""
        if seen.id in self._by_id:
            self.drop(seen.id)
        entries = self._entries
        mine = self._by_author.setdefault(seen.author, [])
        last = entries[-1] if entries else None
        if last is not None and (last.at, last.id) > (seen.at, seen.id):
            insort(entries, seen, key=position)
            insort(mine, seen, key=position)
            self.rewrites += 1
        else:
            entries.append(seen)
            mine.append(seen)
        self._by_id[seen.id] = seen
        if len(entries) > self._capacity:
            self._forget_oldest()

    def including(self, seen: MessageRecord) -> Window:
        """A window of its own with this message in its place, for looking at what follows it."""
        return Window((*self._entries, seen), self._capacity, self.worked)

    def _forget_oldest(self) -> None:
        oldest = self._entries.pop(0)
        del self._by_id[oldest.id]
        mine = self._by_author[oldest.author]
        del mine[0]
        if not mine:
            del self._by_author[oldest.author]

    def drop(self, message: str) -> None:
        """Forget a message; nothing happens if it isn't here."""
        seen = self._by_id.pop(message, None)
        if seen is None:
            return
        index = self._index(seen)
        if 0 < index < len(self._entries) - 1:
            self.rewrites += 1
        del self._entries[index]
        mine = [other for other in self._by_author[seen.author] if other is not seen]
        if mine:
            self._by_author[seen.author] = mine
        else:
            del self._by_author[seen.author]

    def _index(self, seen: MessageRecord) -> int:
        index = bisect_left(self._entries, position(seen), key=position)
        while self._entries[index].id != seen.id:
            index += 1
        return index

    def by(self, author: str) -> list[MessageRecord]:
        """The messages of one author, oldest first. Don't change the list."""
        return self._by_author.get(author, [])

    def authors(self) -> Iterable[str]:
        """Everybody who wrote something that is still in the window."""
        return self._by_author.keys()

    def after(self, at: Instant, id: str) -> list[MessageRecord]:
        """All messages whose position is later, oldest first."""
        index = bisect_left(self._entries, (at, id), key=position)
        return [seen for seen in self._entries[index:] if position(seen) > (at, id)]

    def between(self, last: MessageRecord | None, at: Instant, id: str) -> list[MessageRecord]:
        """The messages after `last`, which is in the window (None: all), and before a position; oldest first."""
        entries = self._entries
        end = self._place(at, id)
        if last is None:
            return entries[:end]
        start = end
        while start and entries[start - 1] is not last:
            start -= 1
        return entries[start:end]

    def before(self, at: Instant, id: str) -> Iterator[MessageRecord]:
        """All messages whose position is earlier, newest first (a generator: stop when you have seen enough)."""
        entries = self._entries
        for place in range(self._place(at, id) - 1, -1, -1):
            yield entries[place]

    def _place(self, at: Instant, id: str) -> int:
        """How many messages stand before a position. Mostly it is that of the last one, or after it: then nothing is searched."""
        entries = self._entries
        if not entries:
            return 0
        last = entries[-1]
        if last.id == id and last.at == at:
            return len(entries) - 1
        return bisect_left(entries, (at, id), key=position) if (last.at, last.id) > (at, id) else len(entries)
