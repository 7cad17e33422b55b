"""Working hours as people write them, in the settings and in chat: "09:00-17:30", "9-5", "9am-5:30pm", "09:00-12:00,
13:00-17:30", "22:00-06:00 next day", with the days they are for: "mon-thu 9-17, fri 9-13".

"9-5" means 09:00-17:00: hours of a clock face that end before they begin end in the afternoon. What can be meant otherwise is
refused with what to write instead: "17:00-09:00" may be a night or a slip, "1-5" may be either half of the day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.hours import WorkingSpan
from bot.domain.refusal import quoted

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

NEXT_DAY = "next day"
"""Behind hours that end on the day after: a night shift says so."""

_NOON, _MIDNIGHT = 12 * 60, 24 * 60
_EARLIEST = 6 * 60
"""Nobody's hours begin earlier in the morning without its being said."""

_TIME = r"(\d{1,2})(?:[:.h](\d{2}))?h? ?([ap]\.?m\.?)?(?![\w:])"
_SPAN = re.compile(
    rf"{_TIME}\s*(?:[-\u2013\u2014]|to\b|until\b|till\b)\s*{_TIME}(\s+(?:the )?next day\b)?", re.IGNORECASE | re.ASCII
)
_BETWEEN = re.compile(r"[\s,;+&]+")
_JOINED = re.compile(r"(?<=[^\W\d_])[+&/](?=[^\W\d_])")
"""What stands between two days: "mon+thu"."""
_WORD = re.compile(r"[^\s,;]+")
_RANGE = re.compile(r"([^\W\d_]{2,9})\.?\s*(?:[-\u2013\u2014]|\bto\b|\bthrough\b)\s*([^\W\d_]{2,9})\.?(?![\w/])", re.IGNORECASE)
_FILLERS = frozenset({"and", "from", "on", "hours"})
_DAY_WORDS = {
    "daily": frozenset(range(7)),
    "everyday": frozenset(range(7)),
    "every day": frozenset(range(7)),
    "weekday": frozenset(range(5)),
    "weekdays": frozenset(range(5)),
    "workday": frozenset(range(5)),
    "workdays": frozenset(range(5)),
    "weekend": frozenset({5, 6}),
    "weekends": frozenset({5, 6}),
}
_DAYS_IN_WORDS = re.compile(r"every\s+day\b|everyday\b|daily\b|week(?:day|end)s?\b|workdays?\b", re.IGNORECASE)
_ALWAYS = re.compile(r"24\s*/\s*7\b")


class UnclearHours(ValueError):
    """Hours that can't be taken as they are written. `written` is what, `instead` what may be written in its place."""

    def __init__(self, says: str, written: str, instead: tuple[str, ...]) -> None:
        super().__init__(says)
        self.written = written
        self.instead = instead


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenHours:
    """What hours were written: spans, each run of them with the days it is for (none: said of no days); the words that are
    neither, in their order."""

    runs: tuple[tuple[frozenset[int], tuple[WorkingSpan, ...]], ...]
    words: tuple[str, ...]


def read_span(text: str) -> WorkingSpan:
    """Read one span. Raises UnclearHours with a sentence."""
    spans = read_spans(text)
    if len(spans) != 1:
        raise UnclearHours(f"{quoted(text)} is more than one span of hours", text, ())
    return spans[0]


def read_spans(text: str) -> tuple[WorkingSpan, ...]:
    """Read spans of one day, in their order. Raises UnclearHours with a sentence."""
    read = read_hours(text)
    if read.words or not read.runs or any(days for days, _ in read.runs):
        raise UnclearHours(
            f'{quoted(text)} are no hours: write for example "09:00-17:30", "09:00-12:00, 13:00-17:30" or, over midnight, '
            f'"22:00-06:00 {NEXT_DAY}"',
            text,
            ("09:00-17:30", "09:00-12:00, 13:00-17:30"),
        )
    return read.runs[0][1]


def read_hours(text: str) -> WrittenHours:
    """Read hours with their days, and what else stands there. Raises UnclearHours with a sentence."""
    runs: list[frozenset[int] | list[WorkingSpan]] = []
    words: list[str] = []
    place = first = 0
    while place < len(text):
        between = _BETWEEN.match(text, place)
        if between is not None:
            place = between.end()
            continue
        span = _SPAN.match(text, place)
        if span is not None:
            if not runs or not isinstance(runs[-1], list):
                runs.append([])
            spans = runs[-1]
            assert isinstance(spans, list)
            one = _span_of(span, spans[-1] if spans else None)
            first = place if not spans else first
            _refuse_overlap(one, spans, text[first : span.end()])
            spans.append(one)
            place = span.end()
            continue
        always = _ALWAYS.match(text, place)
        if always is not None:
            runs += [frozenset(range(7)), [WorkingSpan(opens=0, closes=_MIDNIGHT)]]
            place = always.end()
            continue
        days, place, word = _days_at(text, place)
        if days:
            if runs and isinstance(runs[-1], frozenset):
                runs[-1] |= days
            else:
                runs.append(days)
        elif word.casefold() not in _FILLERS:
            words.append(word)
    return WrittenHours(runs=_paired(runs, text), words=tuple(words))


def read_days(text: str) -> tuple[frozenset[int], tuple[str, ...]]:
    """The days of the week that are named ("mon, thu", "mondays and thursdays", "mon-fri", "every weekday", "daily"), and the
    other words in their order."""
    days: frozenset[int] = frozenset()
    words: list[str] = []
    place, text = 0, _JOINED.sub(" ", text)
    while place < len(text):
        between = _BETWEEN.match(text, place)
        if between is not None:
            place = between.end()
            continue
        found, place, word = _days_at(text, place)
        days |= found
        if not found:
            words.append(word)
    return days, tuple(words)


def day_named(word: str) -> int | None:
    """A day of the week by its name or the beginning of it, 0 = Monday; None when it is none or may be two."""
    found = [index for index, name in enumerate(DAYS) if len(word) >= 2 and name.startswith(word.casefold())]
    return found[0] if len(found) == 1 else None


def days_between(first: int, last: int) -> frozenset[int]:
    """The days from one to the other, over the end of the week where that comes first."""
    return frozenset(day % 7 for day in range(first, last + 1 if last >= first else last + 8))


def _days_at(text: str, place: int) -> tuple[frozenset[int], int, str]:
    """The days that stand here, none where it is no day; where they end, and the word that stands here."""
    in_words = _DAYS_IN_WORDS.match(text, place)
    if in_words is not None:
        return _DAY_WORDS[" ".join(in_words[0].casefold().split())], in_words.end(), in_words[0]
    ranged = _RANGE.match(text, place)
    if ranged is not None:
        first, last = day_named(ranged[1]), day_named(ranged[2])
        if first is not None and last is not None:
            return days_between(first, last), ranged.end(), ranged[0]
    word = _WORD.match(text, place)
    assert word is not None  # what separates words was passed
    name = word[0].rstrip(".:")
    one = day_named(name)
    if one is None and len(name) > 3:  # "mondays", "weds"
        one = day_named(name.removesuffix("s"))
    return frozenset() if one is None else frozenset({one}), word.end(), word[0]


def _paired(
    runs: list[frozenset[int] | list[WorkingSpan]], text: str
) -> tuple[tuple[frozenset[int], tuple[WorkingSpan, ...]], ...]:
    """Each run of spans with the days beside it: those before it where the text begins with days, else those after it."""
    days = [run for run in runs if isinstance(run, frozenset)]
    spans = [tuple(run) for run in runs if not isinstance(run, frozenset)]
    if len(days) <= 1:
        together = tuple(span for run in spans for span in run)
        return ((days[0] if days else frozenset(), together),) if days or together else ()
    if len(spans) <= 1:
        return ((frozenset().union(*days), spans[0] if spans else ()),)
    if len(days) != len(spans):
        raise UnclearHours(
            f'{quoted(text)}: which days are which hours for? Write the days before each, for example "mon-thu 9-17, fri 9-13"',
            text,
            ("mon-thu 9-17, fri 9-13",),
        )
    return tuple(zip(days, spans, strict=True))


def _span_of(found: re.Match[str], before: WorkingSpan | None) -> WorkingSpan:
    written = found[0].strip()
    night = found[7] is not None
    opens, closes = _minutes(found[1], found[2], found[3]), _minutes(found[4], found[5], found[6])
    if opens is None or closes is None or opens >= _MIDNIGHT or closes > _MIDNIGHT:
        raise UnclearHours(
            f"{quoted(written)} are no hours: a day runs from 00:00 to 24:00, and an hour has 60 minutes",
            written,
            ("09:00-17:00",),
        )
    if not night:
        opens, closes = _halves(found, opens, closes, before)
    if opens == closes:
        says = (
            f'{quoted(written)} starts and ends at the same time, so it is no time at all: write "00:00-24:00" for the whole day'
        )
        raise UnclearHours(says, written, ("00:00-24:00",))
    if night and closes > opens:
        says = f'{quoted(written)} would last more than a day: write it without "{NEXT_DAY}"'
        raise UnclearHours(says, written, (_said(opens, closes),))
    if closes < opens and not night and not (found[3] and found[6]):
        instead = f"{_said(opens, closes)} {NEXT_DAY}"
        other = _said(opens, closes + _NOON) if opens < _NOON and opens < closes + _NOON else _said(closes, opens)
        says = f'{quoted(written)} ends before it starts; for a night shift write "{instead}", otherwise "{other}"'
        raise UnclearHours(says, written, (instead, other))
    return WorkingSpan(opens=opens, closes=closes if closes > opens else closes + _MIDNIGHT)


def _refuse_overlap(span: WorkingSpan, others: list[WorkingSpan], written: str) -> None:
    for other in others:
        if span.opens < other.closes and other.opens < span.closes:
            both = _said(min(span.opens, other.opens), max(span.closes, other.closes))
            raise UnclearHours(f"{quoted(written)}: these hours overlap; did you mean {both}?", written, (both,))


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    hours, minutes = int(hour), int(minute or 0)
    if minutes > 59 or (half is not None and not 1 <= hours <= 12):
        return None
    if half is None:
        return hours * 60 + minutes
    return (hours % 12 + (12 if half.lower().startswith("p") else 0)) * 60 + minutes


def _halves(found: re.Match[str], opens: int, closes: int, before: WorkingSpan | None) -> tuple[int, int]:
    """The same with the halves of the day that are meant where they weren't said."""
    written = found[0].strip()
    first_said, last_said = found[3] is not None, found[6] is not None
    if last_said and not first_said and opens <= _NOON:  # "9-5pm", "1-5pm"
        later = opens % _NOON + _NOON
        return (later, closes) if (opens < _EARLIEST or opens == _NOON) and later < closes else (opens, closes)
    if first_said and not last_said:  # "9am-5"
        return opens, closes + _NOON if closes <= opens and closes + _NOON > opens and closes <= _NOON else closes
    by_clock_face = not (found[1].startswith("0") or found[4].startswith("0")) and max(opens, closes) <= _NOON + 59
    if first_said or not by_clock_face or opens == closes:
        return opens, closes
    if opens < _EARLIEST:
        afternoon = opens + _NOON, closes + _NOON if closes <= _NOON else closes
        if before is not None and before.closes <= afternoon[0] < afternoon[1]:
            return afternoon  # "9-12, 1-5"
        after = afternoon if afternoon[0] < afternoon[1] else (opens, closes + _NOON)
        first = (opens, closes) if opens < closes else (opens, closes + _NOON)
        choices = tuple(dict.fromkeys(_said(*each) for each in (after, first)))
        raise UnclearHours(f"{quoted(written)}: did you mean {' or '.join(choices)}?", written, choices)
    return opens, closes + _NOON if closes < opens and closes + _NOON > opens else closes


def _said(opens: int, closes: int) -> str:
    return f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"
