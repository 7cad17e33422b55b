"""The words that times are made of, in all languages, and the finding of them in a text.

Every list of the section `times` is of a kind (`in`, `day`, `unit`, ...) and has a value within it, which the table here gives:
"tomorrow" is the day 1, "hour" the unit of 3600 seconds. Texts are folded, and their words separated by one space; a hyphen
is a word of its own, and so is each letter of a script that isn't spaced. Where a text is in several lists, within a language or
between two, it is of the kind that is furthest down in the table, and of the others besides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.domain.durations import DAY, HOUR, MINUTE
from bot.language.languages import Languages, WordList, shipped_languages
from bot.language.times.zones import ZONES

MARKERS = frozenset({
    "in", "within", "by", "before", "after", "at", "on", "on_the", "next", "this", "first", "start", "mid", "end", "past", "fill",
})  # fmt: skip
"""Kinds that say how the time after them is meant."""

LONGEST_PHRASE = 6
"""Words of the longest phrase a list may hold; keeps the matching bounded."""

_WEEKDAYS = {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6}
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ONE_LIST: Mapping[str, float] = {"": 0}

_KINDS: Mapping[str, Mapping[str, float]] = {
    # Parts of clock times, days and dates. They are asked for where they may stand, so they yield to all below.
    **dict.fromkeys((
        "week_number", "on_after",
        "half_past", "half_to", "quarter_past", "quarter_to", "minutes_past", "minutes_to", "and_quarter", "less_quarter", "less",
    ), _ONE_LIST),
    "nth": {str(number): number for number in range(1, 6)} | {"last": -1},
    **dict.fromkeys(("next_after", "week_later", "from_day", "ordinal", "day_sign", "zone_words"), _ONE_LIST),
    "zone": dict.fromkeys(ZONES, 0.0),
    **dict.fromkeys((
        "from_now", "by_after", "between", "on_the", "start", "mid", "at_hours", "after", "in", "within", "by", "before", "at",
        "on", "next", "this", "first", "end", "past", "fill", "or", "and", "and_half",
    ), _ONE_LIST),
    "day": {"today": 0, "tomorrow": 1, "after_tomorrow": 2},
    "weekday": _WEEKDAYS,
    "next_weekday": _WEEKDAYS,
    "short_weekday": _WEEKDAYS,
    "month": {name: number for number, name in enumerate(_MONTHS, 1)},
    "part": {"end": 0, "morning": 0, "noon": 0, "afternoon": 0, "evening": 0, "midnight": 0},
    "week": {
        "this_week": 0, "end_of_week": 0, "midweek": 0, "before_weekend": 0, "weekend": 0, "after_weekend": 0, "next_week": 0,
        "early_next_week": 0, "end_of_next_week": 0, "week_after_next": 0, "this_month": 0, "end_of_month": 0, "next_month": 0,
        "end_of_next_month": 0, "quarter": 0, "this_year": 0, "end_of_year": 0,
    },
    "feast": {"carnival": 0, "easter": 0, "pentecost": 0, "christmas": 0, "new_year": 0},
    "soon": {"soon": HOUR, "moment": 15 * MINUTE},
    "unit": {
        "minute": MINUTE, "quarter_hour": 15 * MINUTE, "half_hour": 30 * MINUTE, "three_quarter_hour": 45 * MINUTE, "hour": HOUR,
        "hour_or_oclock": HOUR, "hour_sign": HOUR, "day": DAY, "working_day": DAY, "week": 7 * DAY, "fortnight": 14 * DAY,
        "week_alone": 7 * DAY, "month": 30 * DAY,
    },
    "number": {"half": 0.5, "one_and_half": 1.5, "few": 3} | {str(number): number for number in range(1, 61)},
    **dict.fromkeys(("am", "pm", "oclock", "oclock_by_day", "no_time"), _ONE_LIST),
}  # fmt: skip
"""Kind -> the name of each of its lists, and what that stands for: days from now, a number of the week or year, seconds."""

_LISTS = ("whole_hour", "dotted", "date_order")
"""Lists that are of no kind."""

_STOPS = ".,;!?():\u3002\u3001\u0964"
_LETTER = r"a-z\u00df-\u024f\u0900-\u0963\u0970-\u097f"
"""Of scripts that put spaces between words."""
_TOKEN = re.compile(
    r"(?<![\d.])\d{4}([-/.])\d{1,2}\1\d{1,2}(?!\d)(?:t(?=\d))?|(?<![\w.-])\d{1,2}([-/.])\d{1,2}\2\d{2}(?:\d\d)?(?![-/\w]|\.\d)"
    r"|\d{1,2}/\d{1,2}(?![\d/])|\d{1,2}\.\d{1,2}\.(?!\d)|(?<![\d:])\d{1,2}:\d\d(?![\d:])|\d+(?:[.,]\d+)?"
    rf"|[{_LETTER}]+(?:'[{_LETTER}]+)*|[-\u2013~]|[^\s{_LETTER}\d]"
)
_DOT_BEFORE_NUMBER = re.compile(r"[a-z]\. ?\d")
_SHORTENED = frozenset({"weekday", "short_weekday", "month"})
_SHORTEST_JOINED = 8
"""Letters: no weekday with a part of the day is shorter."""
_TENS = frozenset({20.0, 30.0, 40.0, 50.0})
_ALSO: Mapping[str, tuple[str, float]] = {}
_Meaning = tuple[str, str, float, Mapping[str, tuple[str, float]]]

DAY_FIRST, MONTH_FIRST = "dm", "md"
"""How a date in digits is written."""


@dataclass(slots=True)  # freezing would double what it costs to make one, and a sentence has dozens
class TimeWord:
    """A listed word or phrase, a number or a date in digits, in a text: its kind, its list, its value, where it stands, and
    its words, separated by one space. `also`: the other kinds it is of, with their lists and values."""

    kind: str
    name: str
    value: float
    start: int
    end: int
    text: str
    also: Mapping[str, tuple[str, float]]

    def value_as(self, kind: str) -> float | None:
        """What it stands for as a word of this kind; None when it isn't of the kind."""
        if self.kind == kind:
            return self.value
        other = self.also.get(kind)
        return None if other is None else other[1]


class TimeWords:
    """The words of times in all languages."""

    __slots__ = ("_before_number", "_dots", "_dotted", "_fold", "_joined", "_reach", "date_orders", "meanings", "whole_hour")

    def __init__(self, languages: Languages) -> None:
        self._fold = languages.fold
        lists = {(kind, name): f"{kind}.{name}" if name else kind for kind, names in _KINDS.items() for name in names}
        section = languages.section("times", {*lists.values(), *_LISTS}, languages.fold)
        self.meanings: dict[str, _Meaning] = {mark: ("stop", "", 0, _ALSO) for mark in _STOPS}
        """Phrase -> (kind, name of its list, value, its other kinds with their lists and values)."""
        for (kind, name), listed in lists.items():
            for each in section.lists(listed):
                for text in each.texts:
                    words = _words(text)
                    if not 0 < len(words) <= LONGEST_PHRASE:
                        raise each.refuse(text, f"must have 1 to {LONGEST_PHRASE} words")
                    phrase = " ".join(words)
                    before = self.meanings.get(phrase)
                    also = _ALSO if before is None else {**before[3], before[0]: (before[1], before[2])}
                    self.meanings[phrase] = (kind, name, _KINDS[kind][name], also)
        self._reach: dict[str, int] = {}
        """First word of a phrase -> words in the longest phrase that begins with it; most words of a message begin none."""
        for phrase in self.meanings:
            first = phrase.partition(" ")[0]
            self._reach[first] = max(self._reach.get(first, 0), phrase.count(" ") + 1)
        weekdays, parts = self._single("weekday", "day"), self._single("part", "day")
        self._joined = re.compile(f"({weekdays})({parts})")
        """A day with a part of it, as one word: "Freitagnachmittag", "morgenochtend"."""
        self.whole_hour = frozenset(" ".join(_words(text)) for text in section.texts("whole_hour"))
        """What makes "hour" one hour, without a number: "within the hour"."""
        self.date_orders = _orders(section.lists("date_order"))
        """How these languages write a date in digits: `DAY_FIRST`, `MONTH_FIRST` or both."""
        self._dotted = section.texts("dotted")
        self._dots = re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, self._dotted)) or '(?!)'})")
        shortened = {
            text for (kind, _), listed in lists.items() if kind in _SHORTENED for text in section.texts(listed) if len(text) <= 5
        }
        self._before_number = re.compile(
            rf"(?<![a-z])(?:{'|'.join(map(re.escape, sorted(shortened, key=len, reverse=True))) or '(?!)'})\.(?= ?\d)"
        )
        """Months and weekdays with the dot of an abbreviation, which ends no sentence: "Mar. 12"."""

    def _single(self, *kinds: str) -> str:
        """A pattern of the words of these kinds that are one word."""
        texts = (text for text, meaning in self.meanings.items() if meaning[0] in kinds and text.isalpha())
        return "|".join(sorted(texts, key=len, reverse=True)) or "(?!)"

    def fold(self, text: str) -> str:
        """A text as times are looked for in it, with "p.m." as "pm  ". Places stay true."""
        folded = self._fold(text)
        if _DOT_BEFORE_NUMBER.search(folded) is not None:
            folded = self._before_number.sub(lambda found: found[0].replace(".", " "), folded)
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
                if len(phrase) > _SHORTEST_JOINED and meaning[0] == "other":
                    joined = self._joined.fullmatch(phrase)
                    if joined is not None:
                        start, end = tokens[index][1:]
                        middle = start + joined.end(1)
                        found.append(_item(meanings[joined[1]], start, middle, joined[1]))
                        if meanings[joined[2]][0] == "part":  # not in "Montagmorgen", which is no tomorrow
                            found.append(_item(meanings[joined[2]], middle, end, joined[2]))
                        index += 1
                        continue
            item = _item(meaning, tokens[index][1], tokens[index + length - 1][2], phrase)
            index += length
            if item.kind == "number" and 1 <= item.value <= 9 and found and not phrase[0].isdecimal():
                joined_at = _tens_before(found)
                if joined_at is not None:  # "twenty-two", "treinta y cinco"
                    tens = found[joined_at]
                    item = TimeWord("number", "", tens.value + item.value, tens.start, item.end, f"{tens.text} {phrase}", _ALSO)
                    del found[joined_at:]
            if item.kind == "next_weekday":
                found.append(TimeWord("next", "", 0, item.start, item.start, phrase, _ALSO))
                item.kind = "weekday"
            elif item.kind == "number" and item.value >= 1 and not phrase.isascii():
                item.text = f"{item.value:g}"  # a number in letters of its own is as good as digits
            found.append(item)
        return found


@cache
def load_time_words(languages: Languages | None = None) -> TimeWords:
    """The words of times in these languages, or in those that ship with the package; compiled once.

    Raises ValueError for a list that doesn't exist and a phrase that is too long.
    """
    return TimeWords(languages or shipped_languages())


def date_orders(languages: Languages) -> list[tuple[str, ...]]:
    """How each of these languages, in their order, writes a date in digits."""
    names = {f"{kind}.{name}" if name else kind for kind, lists in _KINDS.items() for name in lists}
    return [_orders(each.lists("date_order")) for each in languages.sections("times", {*names, *_LISTS}, languages.fold)]


def _tens_before(found: Sequence[TimeWord]) -> int | None:
    """The place of "twenty" where the next word makes it "twenty-two"; None where none stands there."""
    place = len(found) - 1
    if found[place].kind == "-" or found[place].kind == "and" or "and" in found[place].also:
        place -= 1
    tens = found[place] if place >= 0 else None
    if tens is None or tens.kind != "number" or tens.value not in _TENS or tens.text[0].isdecimal():
        return None
    return place


def _item(meaning: _Meaning, start: int, end: int, text: str) -> TimeWord:
    kind, name, value, also = meaning
    return TimeWord(kind, name, value, start, end, text, also)


def _words(text: str) -> list[str]:
    return [token.group() for token in _TOKEN.finditer(text)]


def _orders(lists: Sequence[WordList]) -> tuple[str, ...]:
    for each in lists:
        for text in each.texts:
            if text not in (DAY_FIRST, MONTH_FIRST):
                raise each.refuse(text, f"must be {DAY_FIRST!r} or {MONTH_FIRST!r}")
    return tuple(dict.fromkeys(text for each in lists for text in each.texts))


def _number(word: str) -> _Meaning:
    if not word[0].isdecimal():
        return ("-", "", 0, _ALSO) if word == "-" else ("other", "", 0, _ALSO)
    if ":" in word:
        hour, minute = word.split(":")[:2]
        valid = int(hour) <= 24 and int(minute) < 60
        return ("time", "", int(hour) * 60 + int(minute), _ALSO) if valid else ("other", "", 0, _ALSO)
    if "/" in word or not word[-1].isdecimal() or word.count("-") or word.count(".") > 1:
        return ("date", "", 0, _ALSO)
    return ("number", "", float(word.replace(",", ".")), _ALSO) if len(word) <= 6 else ("other", "", 0, _ALSO)
