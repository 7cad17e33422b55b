"""Is a reply a near-copy of what other customers were told before? Only a mark on a reply: it never decides about a wait.

Compared are the fingerprints of the content words that a reading holds anyway (keyed hashes; no text is kept). Names of people of
the channel, greetings, thanks and other light words aren't among them, nor is code; the order of words and sentences doesn't
count. Two replies are alike when most of their words are the same (Jaccard's index of the two sets).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

MOST = 500
"""Replies of a team that are remembered, the latest."""

LEAST_WORDS = 6
"""Content words a reply must have to be compared: people say short things alike without copying them."""

ALIKE = 0.66
"""Share of all words of two replies that both must have to be near-copies of each other."""


MOST_COMPARED = 40
"""Replies one reply is compared with: bounds the cost where everybody always writes about the same."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One reply: whom it went to, and its words."""

    customers: tuple[str, ...]
    words: frozenset[int]


_NONE: list[str] = []


class ReplyIndex:
    """What a team has told its customers lately, as words' fingerprints: bounded, found by word."""

    __slots__ = ("_by_word", "_entries")

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._by_word: dict[int, list[str]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, reply: str, customers: Iterable[str], words: tuple[int, ...]) -> None:
        """Remember a reply (an id, unique over all channels). One that is known, or too short to be compared, changes nothing."""
        if len(words) < LEAST_WORDS or reply in self._entries:
            return
        self._entries[reply] = _Entry(tuple(customers), frozenset(words))
        for word in words:
            self._by_word.setdefault(word, []).append(reply)
        if len(self._entries) > MOST:
            self._forget(next(iter(self._entries)))

    def drop(self, reply: str) -> None:
        """Forget a reply, if it is known."""
        if reply in self._entries:
            self._forget(reply)

    def _forget(self, reply: str) -> None:
        for word in self._entries.pop(reply).words:
            replies = self._by_word[word]
            replies.remove(reply)
            if not replies:
                del self._by_word[word]

    def alike(self, words: tuple[int, ...], customer: str) -> float | None:
        """How alike a near-copy among the replies to anybody but this customer is (ALIKE to 1); None without one.

        A near-copy lacks less than 1 - ALIKE of the words, so it has one of the rarest that many, and one more: only replies
        with one of those are compared (prefix filtering: Chaudhuri, Ganti and Kaushik, ICDE 2006), the latest first.
        """
        total = len(words)
        if total < LEAST_WORDS:
            return None
        by_word, entries = self._by_word, self._entries
        found = sorted([by_word.get(word, _NONE) for word in words], key=len)
        mine = frozenset(words)
        looked: set[str] = set()
        for replies in found[: total - ceil(ALIKE * total) + 1]:
            for reply in reversed(replies):
                if reply in looked:
                    continue
                if len(looked) >= MOST_COMPARED:
                    return None
                looked.add(reply)
                entry = entries[reply]
                common = len(mine & entry.words)
                share = common / (total + len(entry.words) - common)
                if share >= ALIKE and customer not in entry.customers:
                    return share
        return None
