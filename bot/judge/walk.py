"""Going over a channel's window in order, message by message: what both judges keep of the conversations in it.

Everything here can be worked out again from the window alone, and is when the window changes anywhere but at its end.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import ClassVar, Self

from bot.domain.messages import MessageRecord
from bot.domain.window import Window, position
from bot.judge.word_frequency import WordFrequency

HABIT = 0.15
"""Share of the latest message in a moving average: about the last dozen messages count."""


class Participant:
    """One person in a channel: their own last two messages, and how often they name somebody.

    `n` counts the channel's messages, so differences are numbers of messages between.
    """

    __slots__ = ("before", "habit", "last", "last_n", "messages")

    def __init__(self) -> None:
        self.last: MessageRecord | None = None
        self.before: MessageRecord | None = None
        self.last_n = -1
        self.messages = 0
        self.habit = 0.5
        """How often this person names somebody in what they write, a moving average."""


class WindowWalk(ABC):
    """What is worked out from a window by going over its messages, up to but not including the one being judged. A window
    keeps one of each kind and goes on with it; see `before`."""

    __slots__ = ("frequency", "last", "n", "rewrites")

    MOST_WORDS: ClassVar[int]
    """Word fingerprints counted per channel before counting starts afresh."""

    def __init__(self, rewrites: int) -> None:
        self.rewrites = rewrites
        self.n = 0
        """Messages gone over."""
        self.last: MessageRecord | None = None
        self.frequency = WordFrequency(self.MOST_WORDS)

    @abstractmethod
    def take(self, entries: Iterable[MessageRecord], window: Window) -> None:
        """Move on over the next messages."""

    def rarities(self, words: Iterable[int]) -> list[float]:
        """How telling each word is here: near 1 when it is new, near 0 when every message has it."""
        return self.frequency.rarities(words, self.n)

    def reach(self, window: Window, seen: MessageRecord) -> bool:
        """Move on to right before a message's place. False when that lies behind, or when this isn't what the window says
        any more."""
        last = self.last
        if self.rewrites != window.rewrites:
            return False
        if last is not None:
            if (last.at, last.id) >= (seen.at, seen.id) or window.get(last.id) is not last:
                return False
            if last is window.last:
                return True
        self.take(window.between(last, seen.at, seen.id), window)
        return True

    @classmethod
    def before(cls, window: Window, seen: MessageRecord, begin: Callable[[int], Self] | None = None) -> Self:
        """The conversations as they were right before a message's place in the window. `begin` makes an empty one, where its
        class alone doesn't suffice."""
        known = window.walks.get(cls)
        if isinstance(known, cls) and known.reach(window, seen):
            return known
        made = (begin or cls)(window.rewrites)
        made.reach(window, seen)
        latest = window.last
        if latest is None or position(latest) <= (seen.at, seen.id):
            window.walks[cls] = made
        return made


def shared_words(prints: set[int], entries: Iterable[MessageRecord | None]) -> set[int]:
    """The word fingerprints that a message has in common with any of the others."""
    shared: set[int] = set()
    for entry in entries:
        if entry is not None and not prints.isdisjoint(entry.reading.fingerprints):
            shared |= prints.intersection(entry.reading.fingerprints)
    return shared
