"""How single values are written in config.toml: spans, hours, days, zones, calendars, secrets.

Every reader takes what the TOML parser gives and returns the value or raises ValueError with what to write instead.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot import logs
from bot.domain.durations import Seconds
from bot.domain.hours import WorkingSpan
from bot.domain.written_hours import UnclearHours, read_spans
from bot.domain.zone_names import FIXED, or_of, zone_names, zones_meant
from bot.errors import UsageError

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
LONGEST_SPAN: Final = 3650 * DAY
"""Seconds: ten years. Longer is a slip of the finger, and later arithmetic with dates would overflow."""

LONGEST_SECRET: Final = 8192
"""Bytes. No token is near it; a file that is longer isn't the one that was meant."""

LONGEST_NAME: Final = 200
"""Characters; no platform allows longer names."""

_FULL_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS: Final[dict[str, int]] = {"d": DAY, "h": HOUR, "m": MINUTE, "s": 1}
_SPAN: Final = re.compile(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", re.ASCII)
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Public holidays: ISO 3166 country, and the part of the country where they differ ("DE", "BY")."""

    country: str
    subdivision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Where a secret is kept, never the secret itself: this value may be printed and logged."""

    kind: Literal["env", "file"]
    place: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.place}"

    def reveal(self) -> str:
        """The secret as it is now. From this moment on it is cut out of all logs.

        Raises UsageError, which names the place, when nothing is kept there.
        """
        secret = (self._from_environment() if self.kind == "env" else self._from_file()).strip()
        logs.redact(secret)
        if not secret:
            raise UsageError(f"{self} is empty; put the secret there.")
        if any(letter.isspace() or not letter.isprintable() for letter in secret):
            raise UsageError(f"{self} holds more than one word; keep the secret alone there.")
        return secret

    @property
    def exposed(self) -> bool:
        """Whether it is kept in a file that others on this machine can open. Windows' permissions aren't looked at."""
        if self.kind != "file" or os.name != "posix":
            return False
        try:
            return bool(Path(self.place).stat().st_mode & 0o077)
        except OSError:  # reading it will say why
            return False

    def _from_environment(self) -> str:
        secret = os.environ.get(self.place)
        if secret is None:
            raise UsageError(f"The environment variable {self.place} isn't set; the settings name it as {self}.")
        return secret

    def _from_file(self) -> str:
        try:
            with Path(self.place).open("rb") as file:
                raw = file.read(LONGEST_SECRET + 1)
        except OSError as error:
            raise UsageError(f"The secret file {self.place} can't be read: {error.strerror or error}.") from error
        if len(raw) > LONGEST_SECRET:
            raise UsageError(f"The secret file {self.place} is longer than {LONGEST_SECRET} bytes; keep the secret alone there.")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            # `from None`: the original carries the file's bytes.
            raise UsageError(f"The secret file {self.place} isn't text (byte {error.start} isn't UTF-8).") from None


def show(value: object) -> str:
    """A value as it stands in the file, short enough for a sentence, with anything that looks like a secret cut out."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = logs.redacted(value)
        text = text if len(text) <= 40 else text[:37] + "..."
        return '"' + "".join(letter if letter.isprintable() else "?" for letter in text) + '"'
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, int) and abs(value) >= 10**30:
        return "a number of very many digits"  # Python refuses to write out more than 4300
    return str(value)[:40]


def _text(value: object, example: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{show(value)} is not a text; write for example {example}")
    return value.strip()


def read_span(value: object) -> Seconds:
    """ "1h30m" -> 5400. Units d, h, m, s, largest first. Bare numbers are refused: nobody can tell minutes from seconds."""
    example = '"10m", "2h", "1d" or "1h30m"'
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"{show(value)} has no unit; write for example {example}")
    text = _text(value, example).replace(" ", "")
    found = _SPAN.fullmatch(text)
    if found is None or not text:
        hint = " has no unit" if re.fullmatch(r"\d+", text) else " is not a span of time"
        raise ValueError(f"{show(value)}{hint}; write for example {example}")
    seconds = sum(int(number or 0) * unit for number, unit in zip(found.groups(), _UNITS.values(), strict=True))
    if not 0 < seconds <= LONGEST_SPAN:
        raise ValueError(f"{show(value)} is out of range; write more than nothing and at most ten years, for example {example}")
    return float(seconds)


def read_span_or_none(value: object) -> Seconds:
    """Like `read_span`, and "0" switches off what the span is of."""
    if value == "0" or (value == 0 and not isinstance(value, bool)):
        return 0.0
    return read_span(value)


def read_time(value: object) -> int:
    """ "09:30" -> 570, minutes after midnight; "24:00" is the day's end."""
    text = _text(value, '"09:00"')
    found = _TIME.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2]) if found else -1
    if found is None or int(found[2]) > 59 or minutes > 24 * 60:
        raise ValueError(f'{show(value)} is not a time of day; write hours and minutes on 24 hours, for example "09:00"')
    return minutes


def read_moment(value: object) -> int:
    """A time of day at which something happens: "24:00", which is tomorrow's, is refused."""
    minutes = read_time(value)
    if minutes == 24 * 60:
        raise ValueError('"24:00" is the next day\'s start; write "00:00" and that day')
    return minutes


def read_hours(value: object) -> tuple[WorkingSpan, ...]:
    """ "09:00-17:30", or with a break "09:00-12:00, 13:00-17:30". A night shift says so: "22:00-06:00 next day"; without the
    words an end before its start is a slip."""
    try:
        return read_spans(_text(value, '"09:00-17:30"'))
    except UnclearHours as unclear:
        # The sentence names what it is about.
        raise ValueError(logs.redacted(str(unclear))) from unclear


def read_days(value: object) -> frozenset[int]:
    """ "mon-fri", "mon, wed-thu" -> days of the week, 0 = Monday."""
    text = _text(value, '"mon-fri"').lower()
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = (word.strip() for word in part.replace("–", "-").partition("-"))
        ends = [_day(first, value), _day(last, value) if dash else _day(first, value)]
        if ends[0] > ends[1]:  # sat-mon
            days.update(range(ends[0], 7))
            ends[0] = 0
        days.update(range(ends[0], ends[1] + 1))
    return frozenset(days)


def _day(word: str, value: object) -> int:
    # "monday" and "tues" are as clear as "mon".
    found = [index for index, full in enumerate(_FULL_DAYS) if len(word) >= 3 and full.startswith(word)]
    if not found:
        raise ValueError(f'{show(value)} names days in a way that can\'t be read; write for example "mon-fri" or "mon, wed, fri"')
    return found[0]


def read_zone(value: object) -> str:
    """An IANA time zone by name, spelt as the database spells it."""
    text = _text(value, '"Europe/Berlin"')
    if text in zone_names().values() and text.casefold() not in FIXED:
        return text
    listed = text.casefold() in zone_names() and text.casefold() not in FIXED
    meant = (zone_names()[text.casefold()],) if listed else zones_meant(text)
    named = tuple(f'"{name}"' for name in meant)
    hint = f"did you mean {or_of(named)}?" if meant else 'write one of the IANA database, for example "Europe/Berlin" or "UTC"'
    raise ValueError(f"{show(value)} is not a time zone; {hint}")


def require_time_zones() -> None:
    """Raise UsageError when this Python finds no time zone database, neither the system's nor the package `tzdata`."""
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        raise UsageError(
            "This Python finds no time zone database, so no working hours can be told. Install it: `pip install tzdata`, or the "
            "system's package tzdata."
        ) from None


def read_calendar(value: object) -> Calendar:
    """ "DE" or "DE-BY": ISO 3166 country, optionally its subdivision."""
    import holidays  # 4 MB of memory, which only whoever names a calendar is to pay

    country, dash, part = _text(value, '"DE" or "US-CA"').upper().partition("-")
    parts = {code: names for code, names in holidays.list_supported_countries().items() if len(code) == 2}.get(country)
    if parts is None:
        raise ValueError(f'{show(value)} names no country whose holidays are known; write for example "DE" or "US-CA"')
    if not dash:
        return Calendar(country=country)
    for known in parts:
        if known.upper() == part:
            return Calendar(country=country, subdivision=known)
    hint = f"known are {', '.join(parts)}" if parts else f'write "{country}"'
    raise ValueError(f'"{country}" has no part {show(part)} with holidays of its own; {hint}')


def read_secret(value: object, folder: Path | None) -> Secret:
    """ "env:NAME" or "file:PATH" (from `folder`, when it isn't absolute). Messages never repeat the value: it may be a secret."""
    instead = 'write "env:NAME" (a variable of the environment) or "file:PATH" (a file that holds it alone)'
    text = value.strip() if isinstance(value, str) else ""
    kind, _colon, place = text.partition(":")
    if kind == "env" and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,127}", place) and not _looks_secret(place):
        return Secret(kind="env", place=place)
    if kind == "file" and place and place.isprintable() and not _looks_secret(place):
        return Secret(kind="file", place=str((folder or Path()) / place))
    if kind in ("env", "file"):
        raise ValueError(f"what follows {kind}: is no {'name of a variable' if kind == 'env' else 'path'}; {instead}")
    raise ValueError(f"a secret must not stand in this file; {instead}, and make a new one if this file was ever shared")


def _looks_secret(text: str) -> bool:
    return logs.redacted(text) != text or re.fullmatch(r"[0-9a-f]{24,}", text) is not None


def read_path(value: object, folder: Path | None) -> Path:
    """A path, from `folder` (that of the settings file) when it isn't absolute."""
    if isinstance(value, Path):  # the default
        return (folder or Path()) / value
    text = _text(value, '"realreply.db"')
    if not text or not text.isprintable():
        raise ValueError(f"{show(value)} is not a path")
    return (folder or Path()) / text


def read_name(value: object) -> str:
    """A name or id: text that isn't blank, without the blanks around it."""
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError(f'{show(value)} is a number; names and ids are texts: write "{show(value)}"')
    text = _text(value, 'a text in quotes: "..."')
    if not text or not text.isprintable() or len(text) > LONGEST_NAME:
        raise ValueError(f"{show(value)} is not a name; write 1 to {LONGEST_NAME} characters on one line")
    return text


def read_id(value: object, *, kind: str, pattern: str, example: str) -> str:
    """An id of one platform. People put names where ids belong; names can be taken by anybody."""
    text = read_name(value)
    if re.fullmatch(pattern, text, re.ASCII) is None:
        raise ValueError(f'{show(value)} is not {kind}; write it like "{example}"')
    return text


def read_channel(value: object) -> str:
    """A channel's name or id, or a glob over names; a leading # is decoration."""
    text = read_name(value).removeprefix("#")
    if not text:
        raise ValueError('"#" alone names no channel; write for example "support" or "help-*"')
    return text


def read_channels(value: object) -> tuple[str, ...]:
    """Channels' names or ids, or globs over names."""
    if not isinstance(value, list | tuple) or not value:
        raise ValueError(f'{show(value)} is not a list of channels; write for example ["help", "ask-*"]')
    return tuple(map(read_channel, value))


def read_emoji(value: object) -> str:
    """An emoji's name without colons, or the character itself."""
    text = read_name(value).strip(":")
    if not text or any(letter.isspace() for letter in text):
        raise ValueError(f'{show(value)} is not an emoji; write its name, for example "eyes"')
    return text


def read_domain(value: object) -> str:
    """An e-mail domain in lower case: "harbor.example"."""
    text = read_name(value).lower().removeprefix("@")
    if re.fullmatch(r"[^\s@.]+(\.[^\s@.]+)+", text) is None:
        raise ValueError(f'{show(value)} is not an e-mail domain; write it like "harbor.example"')
    return text


def read_email(value: object) -> str:
    """An e-mail address in lower case: "ana@harbor.example"."""
    text = read_name(value).lower()
    if re.fullmatch(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+", text) is None:
        raise ValueError(f'{show(value)} is not an e-mail address; write it like "ana@harbor.example"')
    return text


def read_endpoint(value: object) -> tuple[str, int]:
    """ "127.0.0.1:3000" -> ("127.0.0.1", 3000): an address of this machine and a port. "[::1]:3000" for IPv6."""
    text = _text(value, '"127.0.0.1:3000"')
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or re.fullmatch(r"[0-9A-Za-z.:-]+", host) is None or re.fullmatch(r"\d{1,5}", port) is None:
        raise ValueError(f'{show(value)} is not an address and a port; write for example "127.0.0.1:3000"')
    if not 0 < int(port) < 2**16:
        raise ValueError(f"{show(value)} has no such port; ports go from 1 to 65535")
    return host, int(port)


def read_api(value: object) -> str:
    """The address of a platform's methods, ending in "/". Tokens go there, so anything but this machine must be https."""
    text = _text(value, '"https://slack.com/api/"')
    found = re.fullmatch(r"(https?)://([^/\s?#]+)(/[^\s?#]*)?", text)
    if found is None:
        raise ValueError(f'{show(value)} is not an address of methods; write for example "https://slack.com/api/"')
    if found[1] == "http" and re.fullmatch(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", found[2]) is None:
        raise ValueError(f"{show(value)} would send the tokens in the clear; write https://, or an address of this machine")
    return text if text.endswith("/") else text + "/"


def read_gateway(value: object) -> str:
    """The address of Discord's gateway. The token goes there, so anything but this machine must be wss."""
    text = _text(value, '"wss://gateway.discord.gg/"')
    found = re.fullmatch(r"(wss?)://([^/\s?#]+)(/[^\s?#]*)?", text)
    if found is None:
        raise ValueError(f'{show(value)} is not the address of a gateway; write for example "wss://gateway.discord.gg/"')
    if found[1] == "ws" and re.fullmatch(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", found[2]) is None:
        raise ValueError(f"{show(value)} would send the token in the clear; write wss://, or an address of this machine")
    return text


def read_choice(value: object, words: Iterable[str]) -> str:
    """One of a few words."""
    words = tuple(words)
    one_of = ", ".join(f'"{word}"' for word in words)
    text = _text(value, one_of)
    if text in words:
        return text
    alike = nearest(text, words)
    raise ValueError(f"{show(value)} is none of {one_of}" + (f'; did you mean "{alike}"?' if alike else "; choose one of them"))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None."""
    by_lower = {name.lower(): name for name in known}
    found = get_close_matches(word.lower()[:60], by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None
