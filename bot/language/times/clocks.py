"""Clock times as people say them: 3pm, 15h30, at 3, half past three, Viertel nach vier, las tres menos diez, noon; of a range
("between 3 and 5", "3-5pm") its end; and the zone beside one ("9am Pacific", "15:00 UTC+2")."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import tzinfo

from bot.domain.durations import HOUR, MINUTE
from bot.language.times import zones
from bot.language.times.markers import Items, digits, is_of, is_of_hours, kind_of, kinds_before, passed, whole
from bot.language.times.words import TimeWord

NOON, MIDNIGHT = 720, 1440

_OCLOCK = ("oclock", "oclock_by_day")
_AT = frozenset({"at", "by", "before", "after"})
"""Markers that make a bare number an hour."""
_ENDS = (
    "stop", "zone", "day", "weekday", "short_weekday", "part", "at", "on", "in", "by", "this", "fill", "before",
    "week", "next", "from_now",
)  # fmt: skip
"""What may follow a bare hour: anything else is what the number counts."""
_FIVES = frozenset({5, 10, 15, 20, 25})
"""Minutes that people count towards an hour: "20 to 5" is one clock time, "3 to 5" a range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTime:
    """A clock time: minutes after midnight, the index of its last item, its zone if one was named.

    `sure`: the half of the day was said. Otherwise "3" is as it is written, and means the hours in which people are awake.
    `after`: only that it is some time later ("after 3pm"). `written`: with a colon.
    """

    minute: int
    last: int
    sure: bool
    zone: tzinfo | None = None
    after: bool = False
    written: bool = False

    def by_part(self, part: str) -> int:
        """Minutes after midnight, when this part of the day was said as well."""
        if self.sure:
            return self.minute + NOON if part in ("afternoon", "evening") and self.minute < NOON else self.minute
        if part == "morning":
            return self.minute % MIDNIGHT
        if part in ("afternoon", "evening"):
            # "at 12 in the night" is midnight, "at 1 in the night" an hour later: nobody promises those.
            return self.minute + NOON if self.minute < NOON else self.minute
        return self.minute + NOON if self.minute < 7 * 60 else self.minute


def read(items: Items, index: int) -> ClockTime | None:
    """The clock time that starts here, with its zone; of a range its end."""
    kinds = kinds_before(items, index)
    if index >= len(items) or ("past" in kinds and not is_of(items, index - 1, "at")):
        return None
    found = _range(items, index) or _one(items, index)
    if found is None:
        return None
    place = found.last + 1
    zone = _zone(items, place, half_said=is_of(items, found.last, "am", "pm"))
    if zone is not None:
        found = replace(found, last=zone[1], zone=zone[0])
    if "after" in kinds and "by" not in kinds:
        return replace(found, after=True)
    return found


def bare_hour(items: Items, index: int) -> ClockTime | None:
    """A number alone that was typed after a day: "mon 9"."""
    hour = digits(items, index)
    if hour is None or not 1 <= hour <= 24 or index + 1 < len(items):
        return None
    return ClockTime(minute=hour * 60, last=index, sure=hour > 12)


def counts_hours(items: Items, index: int) -> bool:
    """Whether "15h" is a span rather than a time of day: by what stands before it, else by its size."""
    kinds = kinds_before(items, index)
    if kinds & {"in", "within"} and not ("on" in kinds and items[index].value >= 7):
        return True
    return not kinds & _AT and items[index].value < 7


def _range(items: Items, index: int) -> ClockTime | None:
    """The end of two clock times: "between 3 and 5", "from 3 to 5", "3-5pm", "15h-17h"."""
    place = index
    said = False
    while place > 0 and (is_of(items, place - 1, "between") or items[place - 1].kind in ("fill", "at")):
        place -= 1
        said = said or kind_of(items, place) == "between"
    first = _one(items, index)
    start = index if first is None else first.last
    if first is None and whole(items[index]) is None:
        return None
    joined = kind_of(items, start + 1) in ("-", "or") or (
        (said or is_of(items, place, "between")) and is_of(items, start + 1, "and", "or", "by", "at")
    )
    if not joined:
        return None
    second_at = passed(items, start + 1 + (kind_of(items, start + 1) != "at"), "at", "fill")
    second = _one(items, second_at)
    hour, until = whole(items[index]), whole(items[second_at]) if second_at < len(items) else None
    if second is None and said and until is not None and 1 <= until <= 24:
        oclock = second_at + 1 < len(items) and items[second_at + 1].name == "hour_or_oclock"
        if oclock or _ends(items, second_at + 1):
            second = ClockTime(minute=until * 60, last=second_at + oclock, sure=until > 12)
    if second is None or (first is None and (hour is None or hour > 24)):
        return None
    if first is None and not said and not second.sure:
        return None
    begins = first.by_part("") if first is not None else (hour or 0) * 60
    if not second.sure and second.minute <= begins and second.minute + NOON <= MIDNIGHT:
        return ClockTime(minute=second.minute + NOON, last=second.last, sure=True)
    return second


def _one(items: Items, index: int) -> ClockTime | None:
    if not 0 <= index < len(items):
        return None
    item = items[index]
    if item.kind == "part":
        if item.name not in ("noon", "midnight"):
            return None
        minute, last = _quarters(items, index, NOON if item.name == "noon" else MIDNIGHT)
        return ClockTime(minute=minute, last=last, sure=True)
    prefixed = _prefixed(items, index)
    if prefixed is not None:
        return prefixed
    if item.kind == "date":
        return _dotted(items, index)
    if item.kind not in ("number", "time"):
        return None
    return _counted(items, index) or _hour(items, index)


def _prefixed(items: Items, index: int) -> ClockTime | None:
    """ "half past three", "halb vier", "quarter to five"."""
    for kind, minutes in (("half_past", 30), ("half_to", -30), ("quarter_past", 15), ("quarter_to", -15)):
        if is_of(items, index, kind):
            hour = _named_hour(items, passed(items, index + 1, "fill", "at"))
            if hour is not None:
                return ClockTime(minute=hour.minute + minutes, last=hour.last, sure=hour.sure)
    return None


def _counted(items: Items, index: int) -> ClockTime | None:
    """ "ten past four", "20 to 5", "zehn nach halb vier"."""
    minutes = whole(items[index])
    if minutes is None or not 1 <= minutes <= 59:
        return None
    place = index + 1
    if is_of(items, place, "unit") and items[place].value_as("unit") == MINUTE:
        place += 1
    to = is_of(items, place, "minutes_to")
    if not to and not is_of(items, place, "minutes_past"):
        return None
    if to and (minutes not in _FIVES or (items[index].text.isdecimal() and not kinds_before(items, index) & _AT)):
        return None
    base = _prefixed(items, place + 1) or _named_hour(items, passed(items, place + 1, "fill", "at"))
    if base is None:
        return None
    return ClockTime(minute=base.minute + (-minutes if to else minutes), last=base.last, sure=base.sure)


def _named_hour(items: Items, index: int) -> ClockTime | None:
    """An hour that can be nothing else, because "half past" or the like stands before it."""
    hour = whole(items[index]) if index < len(items) else None
    if is_of(items, index, "part") and items[index].name in ("noon", "midnight"):
        return ClockTime(minute=NOON if items[index].name == "noon" else MIDNIGHT, last=index, sure=True)
    if hour is None or not 1 <= hour <= 24:
        return None
    if is_of(items, index + 1, "am", "pm"):
        return _halved(items, hour * 60, index + 1)
    last = index + is_of(items, index + 1, *_OCLOCK)
    if last == index and is_of(items, index + 1, "unit"):
        return None
    return ClockTime(minute=hour * 60, last=last, sure=hour > 12)


def _halved(items: Items, minutes: int, at: int) -> ClockTime | None:
    """With "am" or "pm" at this place."""
    if not 60 <= minutes < 780:
        return None
    return ClockTime(minute=minutes % NOON + (NOON if is_of(items, at, "pm") else 0), last=at, sure=True)


def _dotted(items: Items, index: int) -> ClockTime | None:
    """ "at 3.30." at the end of a sentence, which looks like a date."""
    hour, _, minute = items[index].text.rstrip(".").partition(".")
    if not hour.isdecimal() or not minute.isdecimal() or len(minute) != 2 or int(hour) > 23 or int(minute) > 59:
        return None
    kinds = kinds_before(items, index)
    if "at" in kinds or (kinds & _AT and int(minute) > 12):
        return ClockTime(minute=int(hour) * 60 + int(minute), last=index, sure=False)
    return None


def _hour(items: Items, index: int) -> ClockTime | None:
    """An hour, perhaps with minutes: 15:30, 3pm, 15h30, 15.30 Uhr, three o'clock, at 3, las tres y media."""
    item = items[index]
    hour, minute = _digits_of(item)
    if hour is None and len(item.text) == 4:  # "at 1500", "1500 hrs"
        return _hundreds(items, index)
    if hour is None:
        return None
    minutes = hour * 60 + (minute or 0)
    if is_of(items, index + 1, "am", "pm"):
        return _halved(items, minutes, index + 1)
    if item.kind == "time":
        last = index + (is_of(items, index + 1, "oclock") or _is_sign(items, index + 1))
        return ClockTime(minute=minutes, last=last, sure=hour > 12 or item.text.startswith("0"), written=True)
    follows = items[index + 1] if index + 1 < len(items) else None
    if follows is not None and (follows.kind in _OCLOCK or follows.name in ("hour_or_oclock", "hour_sign")):
        if follows.kind == "unit" and minute is None and counts_hours(items, index):
            return None
        last = index + 1
        rest = items[last + 1] if last + 1 < len(items) else None
        spoken = None if rest is None or is_of(items, last + 2, "unit") else whole(rest)  # "quinze heures trente"
        if rest is not None and spoken is not None and digits(items, last + 1) is None and 5 <= spoken < 60 and minute is None:
            minutes, last = minutes + spoken, last + 1
        elif minute is None and rest is not None and digits(items, last + 1) is not None and rest.start <= follows.end + 1:
            if rest.value < 60:
                minutes, last = minutes + int(rest.value), last + 1
                last += is_of(items, last + 1, "unit") and items[last + 1].start == rest.end
        else:
            minutes, last = _quarters(items, last, minutes)
        if is_of(items, last + 1, "am", "pm"):
            return _halved(items, minutes, last + 1)
        # "15 Uhr" counts 24 hours, "3 Uhr" seldom means the night.
        return ClockTime(minute=minutes, last=last, sure=hour > 12 or (follows.kind == "oclock" and hour >= 7))
    at = bool(kinds_before(items, index) & _AT)
    quartered, last = _quarters(items, index, minutes, words=at)
    if last > index and (at or is_of(items, last, "less_quarter", "and_quarter")):
        if is_of(items, last + 1, "am", "pm"):
            return _halved(items, quartered, last + 1)
        return ClockTime(minute=quartered, last=last, sure=hour > 12)
    kinds = kinds_before(items, index)
    if is_of(items, index - 1, "on_the") and not is_of(items, index - 1, "at"):  # "bis zum 13." is a day
        return None
    if at and hour >= 1 and _ends(items, index + 1) and (not minute or "at" in kinds):
        return ClockTime(minute=minutes, last=index, sure=hour > 12)
    return None


def _hundreds(items: Items, index: int) -> ClockTime | None:
    text = items[index].text
    hours = is_of_hours(items, index + 1)
    marked = "at" in kinds_before(items, index) and _ends(items, index + 1) and text[:2] not in ("19", "20")
    if not text.isdecimal() or not (hours or marked) or int(text[:2]) > 23 or int(text[2:]) not in range(0, 60, 5):
        return None
    return ClockTime(minute=int(text[:2]) * 60 + int(text[2:]), last=index + hours, sure=True)


def _digits_of(item: TimeWord) -> tuple[int | None, int | None]:
    """Hour and minutes (None: none were said) of a number or a time."""
    if item.kind == "number" and not item.text[0].isdecimal():
        value = whole(item) if len(item.text) > 1 or not item.text.isascii() else None  # "a" is no hour
        return (value, None) if value is not None and value <= 24 else (None, None)
    hour, _, minute = item.text.replace(".", ":").partition(":")
    minute = minute.partition(":")[0]
    if not hour.isdecimal() or int(hour) > 24 or (minute and (len(minute) != 2 or not minute.isdecimal() or int(minute) > 59)):
        return None, None
    if int(hour) == 24 and minute and int(minute):
        return None, None
    return int(hour), int(minute) if minute else None


def _quarters(items: Items, last: int, minutes: int, *, words: bool = True) -> tuple[int, int]:
    """With what is added to or taken from an hour after it ("y media", "et quart", "moins dix"): minutes, last item."""
    if is_of(items, last + 1, "and_half"):
        return minutes + 30, last + 1
    if is_of(items, last + 1, "and_quarter"):
        return minutes + 15, last + 1
    if is_of(items, last + 1, "less_quarter"):
        return minutes - 15, last + 1
    if words and last + 2 < len(items):
        more = whole(items[last + 2])
        if more is not None and 5 <= more < 60 and not is_of(items, last + 3, "unit"):
            if is_of(items, last + 1, "less"):
                return minutes - more, last + 2
            spelt = not items[last + 2].text.isdecimal() or (more % 5 == 0 and more > 9 and last + 3 == len(items))
            if is_of(items, last + 1, "and") and spelt:
                return minutes + more, last + 2
    return minutes, last


def _ends(items: Items, index: int) -> bool:
    return index >= len(items) or is_of(items, index, *_ENDS)


def _is_sign(items: Items, index: int) -> bool:
    """The "h" of "15:30 h"."""
    return is_of(items, index, "unit") and items[index].value == HOUR and items[index].name == "hour_sign"


def _zone(items: Items, index: int, *, half_said: bool) -> tuple[tzinfo, int] | None:
    """The zone named here, perhaps in brackets, and the index of its last item."""
    bracket = index < len(items) and items[index].text == "("
    place = index + bracket
    if not is_of(items, place, "zone"):
        return None
    item = items[place]
    # Words of a language, too ("ist", "et"): after "3pm" they can be nothing else, otherwise where no sentence goes on.
    if is_of(items, place, "zone_words") and not half_said and not bracket and not _ends(items, place + 1):
        return None
    name = item.name if item.kind == "zone" else item.also["zone"][0]
    zone, last = zones.named(name), place
    if name == "utc" and place + 2 < len(items) and items[place + 1].text in ("+", "-"):
        sign, amount = items[place + 1], items[place + 2]
        if sign.start == item.end and amount.start == sign.end and amount.kind in ("number", "time"):
            minutes = int(amount.value) if amount.kind == "time" else round(amount.value * 60)
            ahead = zones.from_utc(-minutes if sign.text == "-" else minutes)
            if ahead is not None:
                zone, last = ahead, place + 2
    if bracket and last + 1 < len(items) and items[last + 1].text == ")":
        last += 1
    return zone, last
