"""Finding people's names in text: in full, shortened, without their trailing digits, or misspelt."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

SHORTEST = 3
"""Letters a name must have to be recognised in shortened or misspelt form, or inside running text."""

LONG = 8
"""From this length on two slips are forgiven, below it one."""

KNOWN_CHANNELS = 64
"""Channels whose index is kept."""


KNOWN_WORDS = 250
"""Words for which an index remembers whose name they are like."""

_NOBODY: tuple[dict[str, str], dict[str, list[str]]] = ({}, {})


class NameIndex:
    """The names of one channel's people, by their lower-case form. Grows with the mapping it is made from."""

    __slots__ = ("_initials", "_liked", "exact", "forms", "known", "size", "source", "stems")

    def __init__(self) -> None:
        self.source: Mapping[str, tuple[str, ...]] = {}
        self.size = 0
        self.known: dict[str, tuple[str, ...]] = {}
        self.exact: dict[str, str] = {}
        self.stems: dict[str, list[str]] = {}
        self.forms: set[str] = set()
        """All of `exact` and `stems`: most words are none of them."""
        self._initials: dict[str, tuple[dict[str, str], dict[str, list[str]]]] = {}
        self._liked: dict[str, str | None] = {}
        """What `like` found, until somebody comes."""

    def follow(self, names: Mapping[str, tuple[str, ...]]) -> None:
        """Become the index of these names. People who are new are added; anything else makes it anew."""
        known = self.known
        self._liked.clear()
        if self.source is names and self.size == len(known) < len(names):
            # The same mapping grew: whoever is new stands at its end.
            for person, given in islice(names.items(), self.size, None):
                self._learn(person, given)
            self.size = len(names)
            return
        fresh = [(person, given) for person, given in names.items() if known.get(person) != given]
        if len(known) + len(fresh) != len(names) or any(person in known for person, _ in fresh):
            self.known, self.exact, self.stems, self.forms, self._initials = {}, {}, {}, set(), {}
            fresh = list(names.items())
        for person, given in fresh:
            self._learn(person, given)
        self.source = names
        self.size = len(names)

    def _learn(self, person: str, given: tuple[str, ...]) -> None:
        self.known[person] = given
        for name in given:
            self._add(person, name.lower().strip().lstrip("@"))

    def _add(self, person: str, name: str) -> None:
        if not name:
            return
        self.exact[name] = person
        self.forms.add(name)
        self._alike(name)[0][name] = person
        first = name.split(" ", 1)[0]
        forms = {first, first.rstrip("0123456789_-|^`"), first.lstrip("_-|^`")}
        if first != name:
            self._stem(first, person)
        for form in sorted(forms - {name}):
            self._stem(form, person)

    def _stem(self, form: str, person: str) -> None:
        if len(form) < SHORTEST:
            return
        self.forms.add(form)
        people = self.stems.setdefault(form, [])
        if person in people:
            people.remove(person)
        people.append(person)
        self._alike(form)[1][form] = people

    def _alike(self, form: str) -> tuple[dict[str, str], dict[str, list[str]]]:
        """The names and stems with the same first letter: only they can be meant by a shortened or misspelt form."""
        return self._initials.setdefault(form[0], ({}, {}))

    def like(self, word: str) -> str | None:
        """The person whose name this word shortens or misspells, the latest newcomer when several fit; None if nobody's.

        Only for words that stand where a name is expected: too loose for running text.
        """
        people = self.stems.get(word)
        if people:
            return people[-1]
        if len(word) < SHORTEST:
            return None
        if word in self._liked:
            return self._liked[word]
        if len(self._liked) >= KNOWN_WORDS:
            self._liked.clear()
        found = self._liked[word] = self._likest(word)
        return found

    def _likest(self, word: str) -> str | None:
        slips = 2 if len(word) >= LONG else 1
        best = None
        exact, stems = self._initials.get(word[0], _NOBODY)
        for name, person in exact.items():
            if name.startswith(word) or within(word, name, slips) or (len(name) > SHORTEST and word.startswith(name)):
                best = person
        if best is None:
            for stem, found in stems.items():
                if within(word, stem, slips):
                    best = found[-1]
        return best


class NameIndexes:
    """The name index of each channel, kept up as its people come."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[str, NameIndex] = {}

    def of(self, channel: str, names: Mapping[str, tuple[str, ...]]) -> NameIndex:
        """The index of these names. A mapping that is the same object and has the same size is taken to be unchanged."""
        index = self._known.get(channel)
        if index is None:
            if len(self._known) >= KNOWN_CHANNELS:
                del self._known[next(iter(self._known))]
            index = self._known[channel] = NameIndex()
        if index.source is not names or index.size != len(names):
            index.follow(names)
        return index


def within(one: str, other: str, slips: int) -> bool:
    """Whether two words differ by at most this many slips: a letter more, less, other, or two swapped
    (the restricted Damerau-Levenshtein distance)."""
    if abs(len(one) - len(other)) > slips or one[:1] != other[:1]:
        return False
    if len(set(one).symmetric_difference(other)) > 2 * slips:
        return False  # a slip changes at most one letter into another; this spares most names the table below
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, previous, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
    return row[-1] <= slips
