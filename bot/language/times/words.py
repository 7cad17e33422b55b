"""The words that times are made of, in all languages, and the finding of them in a text.

Every list of the section `times` is of a kind (`in`, `day`, `unit`, ...) and has a value within it, which the table here gives:
"tomorrow" is the day 1, "hour" the unit of 3600 seconds. Texts are folded, and their words separated by one space; a hyphen
is a word of its own. Where two languages share a text, it has the meaning that is further down in the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bot.domain.durations import DAY, HOUR, MINUTE
from bot.language.folding import fold
from bot.language.languages import Languages, shipped_languages

MARKERS = frozenset({"in", "within", "by", "before", "at", "on", "next", "this", "first", "end", "past", "fill"})
"""Kinds that say how the time after them is meant."""

LONGEST_PHRASE = 6
"""Words of the longest phrase a list may hold; keeps the matching bounded."""

_WEEKDAYS = {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6}
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ONE_LIST: Mapping[str, float] = {"": 0}

_KINDS: Mapping[str, Mapping[str, float]] = {
    "in": _ONE_LIST, "within": _ONE_LIST, "by": _ONE_LIST, "before": _ONE_LIST, "at": _ONE_LIST, "on": _ONE_LIST,
    "next": _ONE_LIST, "this": _ONE_LIST, "first": _ONE_LIST, "end": _ONE_LIST, "past": _ONE_LIST, "fill": _ONE_LIST,
    "or": _ONE_LIST, "and": _ONE_LIST, "and_half": _ONE_LIST,
    "day": {"today": 0, "tomorrow": 1, "after_tomorrow": 2},
    "weekday": _WEEKDAYS,
    "short_weekday": _WEEKDAYS,
    "month": {name: number for number, name in enumerate(_MONTHS, 1)},
    "part": {"end": 0, "morning": 0, "noon": 0, "afternoon": 0, "evening": 0},
    "week": {
        "this_week": 0, "next_week": 0, "early_next_week": 0, "end_of_next_week": 0, "after_weekend": 0, "next_month": 0,
    },
    "soon": {"soon": HOUR, "moment": 15 * MINUTE},
    "unit": {
        "minute": MINUTE, "hour": HOUR, "hour_or_oclock": HOUR, "hour_sign": HOUR, "day": DAY, "working_day": DAY,
        "week": 7 * DAY,
    },
    "number": {"half": 0.5, "few": 3} | {str(number): number for number in range(1, 61)},
    "am": _ONE_LIST, "pm": _ONE_LIST, "zone": _ONE_LIST, "ordinal": _ONE_LIST, "oclock": _ONE_LIST, "oclock_by_day": _ONE_LIST,
    "no_time": _ONE_LIST,
}  # fmt: skip
"""Kind -> the name of each of its lists, and what that stands for: days from now, a number of the week or year, seconds."""

_STOPS = ".,;!?():"
_TOKEN = re.compile(r"\d{1,2}:\d\d|\d+(?:[.,]\d+)?|[a-z\u00df]+(?:'[a-z]+)*|[-\u2013~]|[^\sa-z\d]")


@dataclass(slots=True)  # freezing would double what it costs to make one, and a sentence has dozens
class TimeWord:
    """A listed word or phrase, or a number, in a text: its kind, its list, its value, where it stands, and its words,
    separated by one space."""

    kind: str
    name: str
    value: float
    start: int
    end: int
    text: str


class TimeWords:
    """The words of times in all languages."""

    __slots__ = ("_dots", "_dotted", "_reach", "meanings", "whole_hour")

    def __init__(self, languages: Languages) -> None:
        lists = {(kind, name): f"{kind}.{name}" if name else kind for kind, names in _KINDS.items() for name in names}
        section = languages.section("times", {*lists.values(), "whole_hour", "dotted"}, fold)
        self.meanings: dict[str, tuple[str, str, float]] = {mark: ("stop", "", 0) for mark in _STOPS}
        """Phrase -> (kind, name of its list, value)."""
        for (kind, name), listed in lists.items():
            for each in section.lists(listed):
                for text in each.texts:
                    words = _words(text)
                    if not 0 < len(words) <= LONGEST_PHRASE:
                        raise each.refuse(text, f"must have 1 to {LONGEST_PHRASE} words")
                    self.meanings[" ".join(words)] = (kind, name, _KINDS[kind][name])
        self._reach: dict[str, int] = {}
        """First word of a phrase -> words in the longest phrase that begins with it; most words of a message begin none."""
        for phrase in self.meanings:
            first = phrase.partition(" ")[0]
            self._reach[first] = max(self._reach.get(first, 0), phrase.count(" ") + 1)
        self.whole_hour = frozenset(" ".join(_words(text)) for text in section.texts("whole_hour"))
        """What makes "hour" one hour, without a number: "within the hour"."""
        self._dotted = section.texts("dotted")
        self._dots = re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, self._dotted)) or '(?!)'})")

    def fold(self, text: str) -> str:
        """A text as times are looked for in it, with "p.m." as "pm  ". Places stay true."""
        folded = fold(text)
        for dotted in self._dotted:
            if dotted in folded:
                return self._dots.sub(lambda found: found[0].replace(".", "").ljust(len(found[0])), folded)
        return folded

    def items(self, text: str) -> list[TimeWord]:
        """The words, phrases and numbers of a folded text, in order, the longest known phrase first; others are "other"."""
        tokens = [(token.group(), token.start(), token.end()) for token in _TOKEN.finditer(text)]
        words = [token if token != "\u2013" else "-" for token, _, _ in tokens]
        reach, meanings = self._reach, self.meanings
        found: list[TimeWord] = []
        index = 0
        while index < len(words):
            for length in range(min(reach.get(words[index], 0), len(words) - index), 0, -1):
                phrase = " ".join(words[index : index + length])
                meaning = meanings.get(phrase)
                if meaning is not None:
                    break
            else:
                length, phrase = 1, words[index]
                meaning = _number(phrase)
            kind, name, value = meaning
            found.append(TimeWord(kind, name, value, tokens[index][1], tokens[index + length - 1][2], phrase))
            index += length
        return found


@cache
def load_time_words(languages: Languages | None = None) -> TimeWords:
    """The words of times in these languages, or in those that ship with the package; compiled once.

    Raises ValueError for a list that doesn't exist and a phrase that is too long.
    """
    return TimeWords(languages or shipped_languages())


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _number(word: str) -> tuple[str, str, float]:
    if not word[0].isdecimal() or not word.isascii():
        return ("-", "", 0) if word == "-" else ("other", "", 0)
    if ":" in word:
        hour, minute = word.split(":")
        valid = int(hour) <= 24 and int(minute) < 60
        return ("time", "", int(hour) * 60 + int(minute)) if valid else ("other", "", 0)
    return ("number", "", float(word.replace(",", "."))) if len(word) <= 6 else ("other", "", 0)
