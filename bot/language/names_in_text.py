"""Whom a text names by where or how the name stands: in front, after a greeting, with an at sign."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.domain.people import Role
from bot.domain.reading import FUZZY, LEADING, MENTIONED, MOST_ADDRESSED, Cue
from bot.language.cues import WORD
from bot.language.names import NameIndex
from bot.language.vocabulary import CUED, Vocabulary

NAME_CHARS = 40
"""Letters a name may have that stands in front."""

LOOK = 4_000
"""Characters searched for at signs."""

_NEXT_NAME = re.compile(r"\s*([,&+/]?)\s*(?:(\w{1,3})\s+(?=@?\w))?(@?)([\w\-|^`\[\]\\{}]+)(\s*[,:;&+/]|\s*$)?")
"""After a name in front: what joins another to it, and what follows that one."""

_BROADCASTS = frozenset({"channel", "here"})
"""The platforms' own ways to call on all, besides words that mean everybody."""

_AT = re.compile(r"@([\w\-|^`\[\]\\{}.]+)")
_CUSTOMER = Role.CUSTOMER
_GREETING_BIT = Cue.GREETING.value
_EVERYBODY_BIT = Cue.EVERYBODY.value
_CALLS_TEAM_BIT = Cue.CALLS_TEAM.value
_STRANGER_BIT = Cue.STRANGER.value


class NamesInText:
    """Finds whom a text names, by the names of a channel's people and by the words that greet, join and call on all."""

    __slots__ = ("_verbs", "_vocabulary")

    def __init__(self, vocabulary: Vocabulary, verbs: Collection[str]) -> None:
        """`verbs`: those that make a name before them their subject."""
        self._vocabulary = vocabulary
        self._verbs = verbs

    def leading(self, stripped: str, index: NameIndex, addressed: dict[str, int], *, tells: bool) -> int:
        """Whom the message starts with, after a greeting or without one. The words to skip then, 0 without a name, -1 when it
        names somebody unknown. `tells`: a member says it, and asks nothing: then "Ben says ..." speaks of Ben, not to him."""
        if not stripped:
            return 0
        head = stripped[: NAME_CHARS + 2]
        first = head.split(None, 1)[0]
        at = first[0] == "@"
        if not at and first[-1] not in ",;" and ":" not in head and first not in index.exact:
            # Nothing that follows can name anybody: most messages begin so.
            if self._greets(first):
                self._others_leading(stripped, len(first), index, addressed, greeted=True)
            return 0
        core = first.lstrip("@").rstrip(":,;")
        rest = head[len(first) :].lstrip(" ")
        marked = first[-1] in ":," or (rest[:1] in (":", ",") and bool(rest))
        exact = index.exact
        person = exact.get(core)
        if person is not None and (at or marked or self._vocabulary[core][0] != CUED):
            if tells and not at and not marked and rest and rest.split(None, 1)[0].rstrip(".,!") in self._verbs:
                return 0
            addressed[person] = LEADING
            place = head.find(core) + len(core)
            if not stripped.startswith(":", place):  # a colon ends the row
                place = self._others_leading(stripped, place, index, addressed)
            return len(WORD.findall(stripped[:place]))
        if at and self._calls_on_all(core):
            return len(WORD.findall(core))
        if not at and self._greets(core):
            self._others_leading(stripped, len(first), index, addressed, greeted=True)
            return 0
        colon = head.find(":")
        before = head[:colon].lstrip("@").strip() if 0 < colon <= NAME_CHARS else ""
        if " " in before:
            person = exact.get(before)
            if person is not None:
                addressed[person] = LEADING
                return len(WORD.findall(before))
        if at or first[-1] == ":" or rest[:1] == ":":
            if not core or (not at and self._vocabulary[core][0] == CUED):
                return 0
            person = index.like(core)
            if person is not None:
                addressed[person] = max(FUZZY, addressed.get(person, 0))
                return len(WORD.findall(core))
            return -1 if len(core) > 1 and (at or not colon_of_code(head, colon)) else 0
        if first[-1] == ",":
            person = index.like(core) if self._vocabulary[core][0] != CUED else None
            if person is not None:
                addressed[person] = max(FUZZY, addressed.get(person, 0))
        return 0

    def _greets(self, word: str) -> bool:
        _, _, alone, _ = self._vocabulary[word]
        return alone is not None and bool(alone[1] & _GREETING_BIT)

    def _others_leading(
        self, stripped: str, place: int, index: NameIndex, addressed: dict[str, int], *, greeted: bool = False
    ) -> int:
        """The names that follow the one in front, up to `place` ("Dana and Omar, ...", "Dana, Omar: ..."), or a greeting. A name
        after the first counts when the row of names ends in a sign, or has its at sign. Gives where the row ends."""
        row: list[str] = []
        end = place
        for _ in range(MOST_ADDRESSED):
            found = _NEXT_NAME.match(stripped, place)
            if found is None:
                break
            joint, word, at, name, ends = found.groups()
            person = index.exact.get(name)
            if person is None or (word and not (row or not greeted)) or (word and not self._is_small(word)):
                break
            if not (joint or word or at or (greeted and not row)):
                break
            row.append(person)
            place = found.end(4)
            if at or ends or (greeted and len(row) == 1):
                for each in row:
                    addressed[each] = LEADING
                end = place
        return end

    def _is_small(self, word: str) -> bool:
        """Whether a word may join two names: one of those that say nothing about a topic."""
        _, _, alone, _ = self._vocabulary[word]
        return alone is not None and alone[4]

    def marked(self, stripped: str, index: NameIndex, addressed: dict[str, int], role: Role) -> int:
        """Whom the text names with an at sign; the cue of calling on all, if it does."""
        cue = 0
        for found in _AT.findall(stripped[:LOOK])[:MOST_ADDRESSED]:
            name = found.rstrip(".")
            person = index.exact.get(name)
            if person is not None:
                addressed[person] = max(MENTIONED, addressed.get(person, 0))
            elif self._calls_on_all(name):
                # A member calls on all so; a customer may only mean "somebody, please".
                cue |= _EVERYBODY_BIT if role is _CUSTOMER else _EVERYBODY_BIT | _CALLS_TEAM_BIT
            else:
                person = index.like(name)
                if person is not None:
                    addressed[person] = max(FUZZY, addressed.get(person, 0))
                elif role is not _CUSTOMER and f" @{name}" in stripped:
                    cue |= _STRANGER_BIT
        return cue

    def _calls_on_all(self, name: str) -> bool:
        """Whether what follows an at sign means all who read it."""
        _, _, alone, _ = self._vocabulary[name]
        return name in _BROADCASTS or (alone is not None and bool(alone[0] & _EVERYBODY_BIT))


def colon_of_code(head: str, colon: int) -> bool:
    """Whether a colon near the start belongs to code, a time or a label ("a::b", "14:05", "key:value") and not to a name."""
    return colon < 0 or colon + 1 >= len(head) or head[colon + 1] != " "
