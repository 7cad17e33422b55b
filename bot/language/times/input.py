"""Times as people say them to the bot ("2h", "tomorrow 9am", "until friday"), in their own zone, always ahead of now.

The grammar of `language.times.expressions`, which reads members' promises, reads these as well, up to a year ahead. Only what it
knows nothing of goes to the `dateparser` library, which misreads weekdays and zones: what ours understood in part is refused
rather than guessed. What can be read in two ways (a bare number, 11/12, a Friday that is a Thursday) is refused with both.

A day or a week has no clock time: coming back to somebody then means when their work begins, or at 09:00 on a day off.
"""

from __future__ import annotations

import re
import warnings
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from bot.domain import durations
from bot.domain.durations import DAY, HOUR, Instant, Seconds
from bot.domain.hours import Hours, day, wall
from bot.domain.refusal import Moment, Refusal, WrongTime, quoted
from bot.domain.zone_names import zone_names
from bot.language.folding import fold
from bot.language.languages import Languages, WordSection, shipped_languages
from bot.language.times import expressions as time_expressions
from bot.language.times.calendar_dates import missing_date
from bot.language.times.slips import corrected
from bot.language.times.words import load_time_words

LONGEST = 60
"""Characters. No time that people say is longer, and a parser of free text should not be given pages."""

FURTHEST: Seconds = 400 * DAY
"""Further ahead is a slip, or a number misread as a year."""

EXAMPLES = ("2h", "tomorrow 9am", "friday", "monday 14:30", "2026-12-01")

ABSENCE_LISTS = tuple(
    f"absence.{name}"
    for name in (
        "from",
        "from_after",
        "until",
        "until_after",
        "through",
        "through_after",
        "to",
        "for",
        "and",
        "whole",
        "now",
        "why",
        "lunch",
    )
)
"""Lists of the words that bound a span: `bot.language.times.bounds`."""

_WORK_BEGINS = 9 * 60
_BARE_NUMBER = re.compile(r"\d+")
_MARKS = frozenset({",", ".", "!"})

_LISTS = ("leading", "filler", "because", "years", *ABSENCE_LISTS)

_USUAL = {"morning": 9 * 60, "afternoon": 15 * 60, "evening": 20 * 60}
"""When a part of a day is, for somebody who asks to be reminded in it."""

_NOON, _MIDNIGHT, _EVENING = 12 * 60, 24 * 60, 18 * 60
_EARLIEST = 8 * 60
"""A morning begins no later than a working day that begins at noon would have it."""

_NO_CLOCK = re.compile(r"\b(?:2[4-9]|[3-9]\d|\d{3,}):\d+\b|\b\d{1,2}:[6-9]\d\b")
"""A clock time that no day has."""

_COUNTED = re.compile(r"(\d+)\s*([^\W\d_]+)")
_YEAR: Seconds = 365 * DAY
_SHORTEST = {unit: durations.parse(f"1{unit}") for unit in "wdhms"}
"""How long the units are that are written as one letter."""

_ISO = re.compile(r"(?<![\d-])(\d{4})-(\d{1,2})-(\d{1,2})(?![\d-])")

log = structlog.get_logger()


class TypedTimeWords:
    """The words of times as they are typed to the bot, in all languages."""

    __slots__ = ("because", "bounds", "filler", "languages", "leading", "years")

    def __init__(self, languages: Languages) -> None:
        section = typed_lists(languages)
        self.languages = languages
        self.because = section.words("because")
        """What begins a reason: a number before it is of the time, rather than of what follows."""
        self.years = section.words("years")
        listed = (section.texts(name) for name in ("leading", *ABSENCE_LISTS))
        self.bounds = frozenset(text for texts in listed for text in texts if " " not in text)
        """What bounds a time or a span."""
        self.filler = section.words("filler")
        self.leading = section.pattern(r"^(?:(?:{leading})\s+)+")


def typed_lists(languages: Languages) -> WordSection:
    """The lists of typed times, of all languages together."""
    return languages.section("typed_times", _LISTS, fold)


@cache
def load_typed_time_words(languages: Languages | None = None) -> TypedTimeWords:
    """The words of typed times in these languages, or in those that ship with the package; compiled once.

    Raises ValueError for a bad entry.
    """
    return TypedTimeWords(languages or shipped_languages())


def read_when(
    text: str, now: Instant, hours: Hours, *, ours_alone: bool = False, languages: Languages | None = None
) -> Moment | Refusal:
    """The moment after `now` that `text` says, by the clock of `hours`' zone. A refusal says what to write instead; never raises.

    `hours` are the person's own: a day without a clock time is when their work begins on it. `ours_alone`: dateparser isn't
    asked, since the text may be half of something. `languages`: those that ship with the package unless given.
    """
    words = load_typed_time_words(languages)
    said = " ".join(text.split())
    if not said:
        return _refused("Until when?")
    if len(said) > LONGEST:
        return _refused("That is too long for a time.")
    folded = load_time_words(languages).fold(said.replace("’", "'")).strip(" .,!")
    bare = words.leading.sub("", folded)
    if _BARE_NUMBER.fullmatch(bare):
        return Refusal(
            says=f"{quoted(said)} of what? Say the unit, or a clock time.", tries=(f"{bare[:4]}m", f"{bare[:4]}h", "15:00")
        )
    wrong = _NO_CLOCK.search(bare)
    if wrong is not None:
        return Refusal(says=f"There is no {quoted(wrong[0])} on a clock.", tries=("tomorrow 9:00", "15:30"))
    numbers = _ISO.search(bare)
    if numbers is not None and not _is_date(*(int(part) for part in numbers.groups())):
        return Refusal(says=f"There is no {quoted(numbers[0])} in the calendar.", tries=EXAMPLES[:-1])
    counted = _COUNTED.fullmatch(bare)
    if counted is not None and not int(counted[1]):
        return _refused(f"{quoted(said)} is no time at all.", "no_time")
    if counted is not None and _is_beyond(counted, words):
        return _too_far(said)
    try:
        moment = _years(counted, words, now) or _span(bare, now) or _moment(bare, said, now, hours, words, ours_alone=ours_alone)
        if moment is None and bare != folded:  # "until april"
            moment = _moment(folded, said, now, hours, words, ours_alone=ours_alone)
    except OverflowError:  # the calendar ends there
        return _too_far(said)
    if moment is None:
        missing = missing_date(folded, load_time_words(languages))
        if missing:
            return Refusal(says=f"There is no {quoted(missing)} in the calendar.", tries=EXAMPLES[:-1])
        meant = "" if ours_alone else corrected(folded, load_time_words(languages), words.bounds)
        if meant and isinstance(read_when(meant, now, hours, ours_alone=True, languages=languages), Moment):
            return slip(said, meant)
        return _refused(f"I don't understand {quoted(said)} as a time.")
    if isinstance(moment, Refusal):
        return moment
    if moment.at <= now:
        return _refused(f"{quoted(said)} is in the past.", "past")
    return moment if moment.at <= now + FURTHEST else _too_far(said)


def slip(said: str, meant: str) -> Refusal:
    """What was typed is no time, but like one."""
    return Refusal(
        says=f"I don't understand {quoted(said)} as a time. Did you mean {quoted(meant)}?", tries=(meant,), meant=meant
    )


def _is_date(year: int, month: int, day_of_month: int) -> bool:
    try:
        date(year, month, day_of_month)
    except ValueError:
        return False
    return True


def _refused(says: str, wrong: WrongTime = "") -> Refusal:
    return Refusal(says=says, tries=EXAMPLES, wrong_time=wrong)


def _too_far(said: str) -> Refusal:
    return _refused(f"{quoted(said)} is more than a year ahead.", "too_far")


def _years(counted: re.Match[str] | None, words: TypedTimeWords, now: Instant) -> Moment | None:
    """ "1 year"."""
    if counted is None or counted[2] not in words.years:
        return None
    return Moment(at=now + int(counted[1]) * _YEAR, kind="span")


def _is_beyond(counted: re.Match[str], words: TypedTimeWords) -> bool:
    """Whether so many of a unit are longer than anything that is planned."""
    number, unit = int(counted[1]), counted[2]
    return number * _YEAR > FURTHEST if unit in words.years else unit in _SHORTEST and number * _SHORTEST[unit] > FURTHEST


def _span(bare: str, now: Instant) -> Moment | None:
    """ "2h", "1h 30m"."""
    try:
        return Moment(at=now + durations.parse(bare.replace(" ", "")), kind="span")
    except ValueError:  # not written that way; there are others
        return None


def _moment(
    bare: str, said: str, now: Instant, hours: Hours, words: TypedTimeWords, *, ours_alone: bool
) -> Moment | Refusal | None:
    zone = hours.zone
    ours = _ours(bare, now, hours, words)
    if ours is not None and _covers(ours.span, bare, words.filler):
        return _understood(ours, said, now, hours)
    if ours_alone:
        return None
    theirs = _by_dateparser(bare, now, zone, words)
    in_words = ours is not None and any(map(str.isalpha, bare[slice(*ours.span)]))
    if theirs is None or (in_words and theirs[0].timestamp() > now):
        return None
    read, kind = theirs
    if kind == "clock":
        return Moment(at=read.timestamp(), kind="clock")
    on = read.astimezone(zone).date()
    return _of_days(on, on + timedelta(days=1), now, hours)


def _ours(bare: str, now: Instant, hours: Hours, words: TypedTimeWords) -> time_expressions.TimeExpression | None:
    return time_expressions.find(
        bare, now, hours.zone, hours, bare=True, typed=True, furthest=FURTHEST, languages=words.languages
    )


def _understood(found: time_expressions.TimeExpression, said: str, now: Instant, hours: Hours) -> Moment | Refusal:
    """The moment that our grammar read."""
    zone = hours.zone
    if found.readings:
        ways = [_dated(on, found, zone) for on in found.readings]
        return Refusal(says=f"{quoted(said)} can be read in two ways: {' or '.join(ways)}?", tries=tuple(ways))
    if found.manner == "span" and found.length is not None:
        return Moment(at=now + found.length, kind="span")
    usual = _USUAL.get(found.part)
    if found.manner == "part" and usual is not None and found.days is not None:
        return _of_part(found, usual, now, hours)
    if found.part == "end" and found.days is not None and found.until is not None:
        last = found.days[1] - timedelta(days=1)
        spans = day(hours, last)
        ends = spans[-1][1] if spans and spans[-1][1] > found.until else wall(zone, found.days[1], 0)
        return Moment(at=found.until, kind="end", stretch=(found.until, ends))
    if found.manner in ("day", "span") and found.days is not None and found.part != "end":
        first, following = found.days
        if wall(zone, following, 0) <= now:
            return Moment(at=wall(zone, first, 0), kind="clock")
        return _of_days(max(first, datetime.fromtimestamp(now, zone).date()), following, now, hours)
    return Moment(at=found.meant if found.until is None else found.until, kind="clock")


def _of_part(found: time_expressions.TimeExpression, usual: int, now: Instant, hours: Hours) -> Moment:
    """A part of a day: a morning from when work begins up to noon, an afternoon from then until it ends."""
    on = found.days[0] if found.days is not None else datetime.fromtimestamp(now, hours.zone).date()
    spans = day(hours, on)
    noon, midnight, evening = (wall(hours.zone, on, minute) for minute in (_NOON, _MIDNIGHT, _EVENING))
    if found.part == "morning":
        opens = spans[0][0] if spans and spans[0][0] < noon else wall(hours.zone, on, _EARLIEST)
        stretch = opens, noon
    elif found.part == "afternoon":
        stretch = noon, spans[-1][1] if spans and noon < spans[-1][1] <= midnight else evening
    else:
        stretch = evening, midnight
    at = wall(hours.zone, on, usual)
    at = at if at > now else found.until or at
    ends = max(stretch[1], at) if now < stretch[1] else stretch[1]
    return Moment(at=at, kind="part", stretch=(stretch[0], ends))


def _dated(on: date, found: time_expressions.TimeExpression, zone: tzinfo) -> str:
    """A date as somebody may type it again."""
    clock = f" {datetime.fromtimestamp(found.meant, zone):%H:%M}" if found.manner == "clock" else ""
    return f"{on.day} {on:%B}{clock}"


def _covers(span: tuple[int, int], text: str, filler: frozenset[str]) -> bool:
    """Whether nothing of the text but small words lies outside a span."""
    return all(word in filler or word in _MARKS for part in (text[: span[0]], text[span[1] :]) for word in part.split())


def _of_days(first: date, following: date, now: Instant, hours: Hours) -> Moment:
    """The days from `first` up to, and without, `following`."""
    zone = hours.zone
    spans = [span for n in range((following - first).days) for span in day(hours, first + timedelta(days=n))]
    last = following - timedelta(days=1)
    # When no work begins in it any more, what is left of it: before work ends, else the evening.
    instants = [start for start, _ in spans]
    instants += [wall(zone, first, _WORK_BEGINS)] if not spans else [spans[-1][1] - HOUR, spans[-1][1]]
    instants += [wall(zone, last, hour * 60) for hour in (17, 20, 23)]
    at = next((instant for instant in instants if instant > now), wall(zone, following, 0))
    return Moment(at=at, kind="stretch", stretch=(wall(zone, first, 0), wall(zone, following, 0)))


def _by_dateparser(
    bare: str, now: Instant, zone: tzinfo, words: TypedTimeWords
) -> tuple[datetime, Literal["clock", "day"]] | None:
    """What dateparser reads, and whether a clock time was said; None when it doesn't understand, or only a month or a year."""
    from dateparser.date import DateDataParser  # a quarter of a second, for the first time that needs it

    local = datetime.fromtimestamp(now, zone).replace(tzinfo=None)
    settings = {"RELATIVE_BASE": local, "PREFER_DATES_FROM": "future", "RETURN_TIME_AS_PERIOD": True}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tries formats that newer versions of Python warn of
            parser = DateDataParser(
                languages=_known_to_dateparser(words.languages.codes), use_given_order=True, settings=settings
            )
            found = parser.get_date_data(bare)
    except Exception as error:  # a library for free text, given anything people type: a slip of its own must not be theirs
        log.warning("time_unreadable", say="The date parser failed on a time somebody typed; it was refused.", error=repr(error))
        return None
    if found.date_obj is None or found.period in ("month", "year"):
        return None
    read = found.date_obj
    if read.tzinfo is None:
        # A spring night's gap moves to its end, as everywhere else.
        read = datetime.fromtimestamp(wall(zone, read.date(), read.hour * 60 + read.minute) + read.second, UTC)
    return read, "day" if found.period in ("day", "week") else "clock"


@cache
def _known_to_dateparser(codes: tuple[str, ...]) -> list[str]:
    """The languages that dateparser reads as well, in their order; it refuses to work when it is given another."""
    from dateparser.data.languages_info import language_order

    return [code for code in codes if code in language_order]


def weekday_named(word: str, *, languages: Languages | None = None) -> int | None:
    """A day of the week by its name in any of the languages, 0 = Monday; None when it is none."""
    words = load_time_words(languages)
    meaning = words.meanings.get(words.fold(word).strip(" ."))
    return int(meaning[2]) if meaning is not None and meaning[0] in ("weekday", "short_weekday") else None


def zone_named(name: str) -> tzinfo | None:
    """The time zone with this IANA name, letter case aside; None when there is none."""
    known = zone_names().get(name.casefold())
    if known is None:
        return None
    try:
        return ZoneInfo(known)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        log.warning(
            "zone_unreadable",
            say="A time zone is listed but can't be read; tzdata may be damaged.",
            zone=known,
            error=repr(error),
        )
        return None
