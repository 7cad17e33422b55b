"""Dates that no calendar has: "31 february", "30.2.2026". What is no time at all isn't said to be one."""

from __future__ import annotations

import re
from datetime import date

from bot.language.times.words import TimeWords

_NUMBERS = re.compile(r"(?<![\d.])(\d{1,2})([./])(\d{1,2})(?:\2(\d{4})?)?(?!\d)")
_BEFORE = re.compile(r"(?<!\d)(\d{1,2})\D{0,5}\Z")
_BEHIND = re.compile(r"\D{0,2}(\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")

_MOST = 99
"""What is written with a dot is meant as a date, whatever its day: "32.12."."""

_LEAP = 2028
"""A year in which every date is that some year has."""


def missing_date(text: str, times: TimeWords) -> str:
    """The part of a folded text that is written as a date and is none; "" where there is no such part."""
    for found in _NUMBERS.finditer(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4] or _LEAP)
        written = max(first, second) <= (_MOST if found[2] == "." else 31) and 1 <= min(first, second) <= 12
        if written and not _is_date(year, second, first) and not _is_date(year, first, second):
            return found[0]
    for item in times.items(text):
        before, behind = _BEFORE.search(text[: item.start]), _BEHIND.match(text[item.end :])
        number = before or behind
        if item.kind != "month" or number is None or not 29 <= int(number[1]) <= 31:
            continue
        year_named = _YEAR.search(text)
        year = _LEAP if year_named is None else int(year_named[1])
        if not _is_date(year, int(item.value), int(number[1])):
            return text[before.start() : item.end] if before is not None else text[item.start : item.end + number.end()]
    return ""


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
