"""What stands around a word of time: the markers before it, and whether a word is of a kind."""

from __future__ import annotations

from collections.abc import Sequence, Set

from bot.language.times.calendar import Mode
from bot.language.times.words import MARKERS, TimeWord

Items = Sequence[TimeWord]


_AFTER_AT = ("number", "time", "part", "half_past", "half_to", "quarter_past", "quarter_to")
"""What a marker stands before that is a number as well."""


def is_of(items: Items, index: int, *kinds: str) -> bool:
    """Whether the item is there and of one of these kinds, first of all or besides."""
    if not 0 <= index < len(items):
        return False
    item = items[index]
    return item.kind in kinds or (bool(item.also) and any(kind in item.also for kind in kinds))


def is_of_hours(items: Items, index: int) -> bool:
    """Whether the item makes the number before it hours of a clock."""
    return is_of(items, index, "oclock", "oclock_by_day") or (
        index < len(items) and items[index].name in ("hour_or_oclock", "hour_sign")
    )


def kind_of(items: Items, index: int) -> str:
    """What the item is first of all; "" where there is none."""
    return items[index].kind if 0 <= index < len(items) else ""


def is_marker(items: Items, index: int) -> bool:
    """Whether it may say how the time after it is meant."""
    item = items[index]
    if item.kind in MARKERS:
        return True
    if not item.also:
        return False
    if "at_hours" in item.also:
        return kind_of(items, index + 1) == "number" and is_of_hours(items, index + 2)
    # What is a number as well marks one: "um 9".
    return not MARKERS.isdisjoint(item.also) and (item.kind != "number" or is_of(items, index + 1, *_AFTER_AT))


def before(items: Items, index: int) -> list[TimeWord]:
    """The markers (in, by, next, the ...) that stand directly before an item."""
    first = index
    while first > 0 and is_marker(items, first - 1):
        first -= 1
    return list(items[first:index])


def kinds_before(items: Items, index: int) -> Set[str]:
    """The kinds of the markers directly before an item."""
    found: set[str] = set()
    while index > 0 and is_marker(items, index - 1):
        index -= 1
        item = items[index]
        found.add(item.kind)
        if item.also:
            found.update(MARKERS.intersection(item.also))
            if "at_hours" in item.also:
                found.add("at")
    return found


def passed(items: Items, index: int, *kinds: str) -> int:
    """The first place from `index` on that holds no item of these kinds."""
    while is_of(items, index, *kinds):
        index += 1
    return index


def whole(item: TimeWord) -> int | None:
    """The whole number that an item is, in digits or as a word."""
    if item.kind == "number" and item.value == int(item.value) and "." not in item.text and "," not in item.text:
        return int(item.value)
    return None


def digits(items: Items, index: int) -> int | None:
    """The number in digits that stands here."""
    if not 0 <= index < len(items) or items[index].kind != "number" or not items[index].text.isdecimal():
        return None
    return int(items[index].text)


def mode_of(kinds: Set[str]) -> Mode:
    """How the day after these markers is meant."""
    return "before" if "before" in kinds else "by" if kinds & {"by", "within", "end"} else "after" if "after" in kinds else "on"
