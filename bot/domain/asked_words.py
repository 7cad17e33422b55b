"""Are questions of several customers nearly the same? And does somebody come back with the words of an earlier one?

Compared are the fingerprints of content words which their readings hold anyway (keyed hashes; no text is kept): how many of all
words of two questions both have (Jaccard's index of the two sets), but for those that many questions have.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from bot.domain.durations import Instant
from bot.domain.value import value

SEVERAL: Final = 3
"""Customers from whom on a question is one that is asked again and again."""

ALIKE: Final = 0.5
"""Share of all words of two questions that both must have to be nearly the same."""

IN_COMMON: Final = 3
"""Words that they must both have: short questions are alike by chance. In two support rooms of 803 labelled questions nothing was
taken for the same with this that isn't; with two words the matters of a product were."""

COMMON_TO_MANY: Final = 0.1
"""A word in more than this share of the questions tells nothing of what one is about."""

FEW: Final = 20
"""In this many questions any word may be: bounds the cost as well."""

RETURNED: Final = 0.5
"""Share of the words of the shorter of two questions that the other must have, where somebody comes back with the same."""

RETURNED_WORDS: Final = 2
"""Words that both must have then."""


@value
class AskedWords:
    """What a `customer` asked in a wait, by its id, `at` an instant: as words' fingerprints."""

    wait: str
    customer: str
    at: Instant
    words: frozenset[int]


def asked_alike(asked: Sequence[AskedWords]) -> list[tuple[AskedWords, ...]]:
    """Questions that are nearly the same, of several customers each, oldest first; what most customers asked comes first.

    Each group has a question that all others in it are like: they don't drift from one matter to the next.
    """
    near = _near(asked)
    left = set(range(len(asked)))
    found: list[tuple[AskedWords, ...]] = []
    while True:
        best: tuple[int, int, list[int]] | None = None
        for place in left:
            group = [place, *(other for other in near[place] if other in left)]
            customers = len({asked[each].customer for each in group})
            if customers >= SEVERAL and (best is None or (customers, -place) > (best[0], -best[1])):
                best = (customers, place, group)
        if best is None:
            return found
        left.difference_update(best[2])
        found.append(tuple(sorted((asked[each] for each in best[2]), key=lambda one: (one.at, one.wait))))


def returns_with(words: frozenset[int], before: frozenset[int]) -> bool:
    """Whether somebody who comes back with these words asks what they asked before."""
    common = len(words & before)
    return common >= RETURNED_WORDS and common >= RETURNED * min(len(words), len(before))


def _near(asked: Sequence[AskedWords]) -> list[list[int]]:
    """By the place of each question those that are nearly the same."""
    used = Counter(word for one in asked for word in one.words)
    most = max(FEW, COMMON_TO_MANY * len(asked))
    telling = [[word for word in one.words if used[word] <= most] for one in asked]
    by_word: defaultdict[int, list[int]] = defaultdict(list)
    near: list[list[int]] = [[] for _ in asked]
    for place, words in enumerate(telling):
        common = Counter(other for word in words for other in by_word[word])
        for other, number in common.items():
            if number >= IN_COMMON and number >= ALIKE * (len(words) + len(telling[other]) - number):
                near[place].append(other)
                near[other].append(place)
        for word in words:
            by_word[word].append(place)
    return near
