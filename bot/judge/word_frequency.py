"""In how many messages of a channel each word came up: what makes a word that two messages share telling, or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from math import log

from bot.domain.reading import MOST_FINGERPRINTS

MOST_WAITING = 200
"""Messages whose words wait to be counted: bounds what is kept where nobody ever asks for them."""


class WordFrequency:
    """Counts word fingerprints, when somebody asks for them: the words of many messages at once cost a third of what they
    cost one by one, and after a change to the window nobody may ask before the next."""

    __slots__ = ("_counts", "_most", "_waiting")

    def __init__(self, most: int) -> None:
        """`most`: fingerprints counted before counting starts afresh."""
        self._most = most
        self._counts: Counter[int] = Counter()
        self._waiting: list[tuple[int, ...]] = []

    def add(self, words: Iterable[tuple[int, ...]]) -> None:
        """The words of further messages, in their order."""
        self._waiting += words
        if len(self._waiting) > MOST_WAITING:
            self._count()

    def _count(self) -> None:
        counts, waiting = self._counts, self._waiting
        if len(counts) + MOST_FINGERPRINTS * len(waiting) <= self._most:
            counts.update(chain.from_iterable(waiting))
        else:
            for prints in waiting:
                if len(counts) > self._most:
                    counts.clear()
                counts.update(prints)
        waiting.clear()

    def rarities(self, words: Iterable[int], messages: int) -> list[float]:
        """How telling each word is after so many messages: near 1 when it is new, near 0 when every message has it."""
        count, all_of_them = self.counts().get, log(3.0 + messages)
        return [1.0 - log(1.0 + count(word, 0)) / all_of_them for word in words]

    def at(self, messages: int) -> Rarities:
        """The same by word, for who asks for some of them several times before the next message is added."""
        return Rarities(self, messages)

    def counts(self) -> Counter[int]:
        """In how many messages each word came up. Don't change them."""
        if self._waiting:
            self._count()
        return self._counts


class Rarities(dict[int, float]):
    """Word fingerprint -> how telling it is after so many messages, worked out when it is first asked for."""

    __slots__ = ("_all", "_frequency")

    def __init__(self, frequency: WordFrequency, messages: int) -> None:
        self._frequency = frequency
        self._all = log(3.0 + messages)

    def __missing__(self, word: int) -> float:
        found = self[word] = 1.0 - log(1.0 + self._frequency.counts().get(word, 0)) / self._all
        return found
