"""Times as people say them to the bot ("2h", "tomorrow 9am", "until friday"), in their own zone, always ahead of now.

The reading is done by the `dateparser` library, and by `language.times.expressions`, which reads members' promises. They are
asked together, because each misreads what the other knows: dateparser drops the hour of "tomorrow at 9", takes "5" for a day in
May and "next week" for seven days from now; ours knows no ISO dates and nothing beyond two months. Where ours understands every
word, its day counts; dateparser reads the rest. What can be read in two ways (a bare number, 11/12) is refused.

A day or a week has no clock time: coming back to somebody then means when their work begins, or at 09:00 on a day off.
"""

from __future__ import annotations

import re
import warnings
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import structlog

from bot.domain import durations
from bot.domain.durations import DAY, HOUR, Instant, Seconds
from bot.domain.hours import Hours, day, wall
from bot.domain.refusal import Moment, Refusal, quoted
from bot.language.folding import fold
from bot.language.languages import Languages, shipped_languages
from bot.language.times import expressions as time_expressions
from bot.language.times.words import load_time_words

LONGEST = 60
"""Characters. No time that people say is longer, and a parser of free text should not be given pages."""

FURTHEST: Seconds = 400 * DAY
"""Further ahead is a slip, or a number misread as a year."""

EXAMPLES = ("2h", "tomorrow 9am", "friday", "monday 14:30", "2026-12-01")

_WORK_BEGINS = 9 * 60
_BARE_NUMBER = re.compile(r"\d+")
_AMBIGUOUS = re.compile(r"(?<![\d:.,])\d{1,2}\s*[./]\s*\d{1,2}(?!\s*(?:h|m|d|w)[a-z]*)(?![\d:])")
_MARKS = frozenset({",", ".", "!"})

_STRETCHES = {"this_week": (False, True), "next_week": (True, True), "this_month": (False, False), "next_month": (True, False)}
"""List of words -> whether they mean the next one, and whether it is a week."""

_LISTS = (
    "leading", "at", "at_with_sign", "weekdays", "span_in", "span_numbers", "span_units", "span_and", *_STRETCHES, "no_day",
    "filler",
)  # fmt: skip

_NO_CLOCK = re.compile(r"\b(?:2[4-9]|[3-9]\d|\d{3,}):\d+\b|\b\d{1,2}:[6-9]\d\b")
"""A clock time that no day has."""

log = structlog.get_logger()


class TypedTimeWords:
    """The words of times as they are typed to the bot, in all languages."""

    __slots__ = ("filler", "hour", "languages", "leading", "no_day", "span", "stretches", "weekday_hour")

    def __init__(self, languages: Languages) -> None:
        section = languages.section("typed_times", _LISTS, fold)
        self.languages = languages
        self.filler = section.words("filler")
        self.leading = section.pattern(r"^(?:(?:{leading})\s+)+")
        self.hour = section.pattern(
            r"\b(?:{at})\s+(\d{1,2})(?![\d:.]|\s*[ap]m)\b|\b(?:{at_with_sign})\s+(\d{1,2})\s*h\b",
        )
        self.weekday_hour = section.pattern(r"^(\D*\b(?:{weekdays})[a-z]*)\s+(\d{1,2})$")
        self.span = section.pattern(
            r"(?:(?:{span_in}) )?(?:(?:\d+(?:[.,]\d+)?|{span_numbers}) ?(?:{span_units})(?:,| (?:{span_and}))? ?)+"
        )
        self.no_day = section.pattern(r"\b(?:{no_day})\b")
        """Makes it a part of a day, or a vague span, rather than a whole day."""
        self.stretches = {text: stretch for name, stretch in _STRETCHES.items() for text in section.texts(name)}


@cache
def load_typed_time_words(languages: Languages | None = None) -> TypedTimeWords:
    """The words of typed times in these languages, or in those that ship with the package; compiled once.

    Raises ValueError for a bad entry.
    """
    return TypedTimeWords(languages or shipped_languages())


def read_when(text: str, now: Instant, hours: Hours, *, languages: Languages | None = None) -> Moment | Refusal:
    """The moment after `now` that `text` says, by the clock of `hours`' zone. A refusal says what to write instead; never raises.

    `hours` are the person's own: a day without a clock time is when their work begins on it. `languages`: those that ship with
    the package unless given.
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
    if _AMBIGUOUS.search(bare):
        return Refusal(says=f"{quoted(said)} can be read in two ways.", tries=("1 December", "2026-12-01"))
    try:
        moment = _span(bare, now) or _stretch(bare, now, hours, words) or _moment(bare, now, hours, words)
    except OverflowError:  # the calendar ends there
        return _refused(f"{quoted(said)} is more than a year ahead.")
    if moment is None:
        return _refused(f"I don't understand {quoted(said)} as a time.")
    if moment.at <= now:
        return _refused(f"{quoted(said)} is in the past.")
    if moment.at > now + FURTHEST:
        return _refused(f"{quoted(said)} is more than a year ahead.")
    return moment


def _refused(says: str) -> Refusal:
    return Refusal(says=says, tries=EXAMPLES)


def _span(bare: str, now: Instant) -> Moment | None:
    """ "2h", "1h 30m"."""
    try:
        return Moment(at=now + durations.parse(bare.replace(" ", "")), kind="span")
    except ValueError:  # not written that way; there are others
        return None


def _stretch(bare: str, now: Instant, hours: Hours, words: TypedTimeWords) -> Moment | None:
    """ "next week", "next month", "this week": as calendars have them."""
    stretch = words.stretches.get(bare)
    if stretch is None:
        return None
    ahead, week = stretch
    today = datetime.fromtimestamp(now, hours.zone).date()
    _, following = _bounds(today, week)
    if not ahead:
        return _of_days(today, following, now, hours)
    return _of_days(following, _bounds(following, week)[1], now, hours)


def _bounds(on: date, week: bool) -> tuple[date, date]:
    """The first day of the week or month of a date, and that of the next one."""
    if week:
        monday = on - timedelta(days=on.weekday())
        return monday, monday + timedelta(days=7)
    first = on.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def _moment(bare: str, now: Instant, hours: Hours, words: TypedTimeWords) -> Moment | None:
    zone = hours.zone
    ours = time_expressions.find(bare, now, zone, None, bare=True, languages=words.languages)
    if ours is not None and not _covers(ours.span, bare, words.filler):
        ours = None
    if ours is not None and ours.until is not None and ours.exact:
        return Moment(at=ours.until, kind="span" if words.span.fullmatch(bare) else "clock")
    theirs = _by_dateparser(bare, now, zone, words)
    if theirs is not None and words.span.fullmatch(bare):
        return Moment(at=theirs[0].timestamp(), kind="span")
    if ours is not None and ours.until is not None:
        on = datetime.fromtimestamp(ours.until, zone).date()
        if theirs is not None and theirs[1] == "clock":  # a part of a day, "tomorrow morning", at its usual hour
            local = theirs[0].astimezone(zone)
            usual = wall(zone, on, local.hour * 60 + local.minute)
            return Moment(at=usual if usual > now else ours.until, kind="clock")
        if words.no_day.search(bare):
            return Moment(at=ours.until, kind="clock")
        return _of_days(on, on + timedelta(days=1), now, hours)
    if theirs is None:
        return None
    read, kind = theirs
    if kind == "clock":
        return Moment(at=read.timestamp(), kind="clock")
    on = read.astimezone(zone).date()
    return _of_days(on, on + timedelta(days=1), now, hours)


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

    text = words.hour.sub(lambda found: f"{found[1] or found[2]}:00", bare)
    text = words.weekday_hour.sub(lambda found: f"{found[1]} {found[2]}:00", text)
    local = datetime.fromtimestamp(now, zone).replace(tzinfo=None)
    settings = {"RELATIVE_BASE": local, "PREFER_DATES_FROM": "future", "RETURN_TIME_AS_PERIOD": True}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tries formats that newer versions of Python warn of
            parser = DateDataParser(
                languages=_known_to_dateparser(words.languages.codes), use_given_order=True, settings=settings
            )
            found = parser.get_date_data(text)
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


def zone_named(name: str) -> tzinfo | None:
    """The time zone with this IANA name, letter case aside; None when there is none."""
    known = _zones().get(name.casefold())
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


@cache
def _zones() -> dict[str, str]:
    # A walk through the time zone database: some 10 ms, once.
    return {name.casefold(): name for name in available_timezones()}
