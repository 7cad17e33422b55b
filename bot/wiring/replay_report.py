"""What a replay's report rests on, and what it shows beside the figures: hours, duty, questions, links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from fnmatch import fnmatchcase

from adapters.slack.links import permalink
from bot.domain.events import Posted
from bot.domain.hours import Hours
from bot.domain.keys import channel_id
from bot.domain.people import Role
from bot.domain.waits import Wait
from bot.errors import UsageError
from bot.ports import Archive
from bot.queries.report import QUESTION_LENGTH
from bot.settings import values
from bot.settings.model import Settings
from bot.wiring.roster import Roster

ENOUGH_TO_GUESS = 20
"""Messages of the team from which on it is guessed who is on duty."""

DUTY_SHARE = 0.2
MOST_ON_DUTY = 3

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def with_times(settings: Settings, *, zone: str | None, hours: str | None) -> Settings:
    """The settings with another time zone, or other hours ("09:00-18:00", "mon-sat 09:00-18:00"). Raises UsageError."""
    changed: dict[str, object] = {}
    if zone is not None:
        try:
            changed["time_zone"] = values.read_zone(zone)
        except ValueError as error:
            raise UsageError(f"--zone: {error}") from error
    if hours is not None:
        days, _, spans = hours.strip().rpartition(" ") if hours[:1].isalpha() else ("", "", hours)
        try:
            changed["hours"] = values.read_hours(spans)
            if days:
                changed["days"] = values.read_days(days)
        except ValueError as error:
            raise UsageError(f'--hours: {error}. Write as in "09:00-18:00" or "mon-sat 09:00-18:00".') from error
    return settings.model_copy(update={"team": settings.team.model_copy(update=changed)}) if changed else settings


def guessed_duty(archive: Archive, people: Roster, channels: Sequence[str]) -> tuple[str, ...]:
    """Who most likely is on duty, when nobody says: those who write most of what the team writes. Nobody where that is little."""
    written: Counter[str] = Counter()
    for event in archive.events(role=people.role, channels=channels, problem=lambda _: None):
        if isinstance(event, Posted) and event.message.role is Role.MEMBER and not event.message.marks:
            written[event.message.author] += 1
    total = written.total()
    if total < ENOUGH_TO_GUESS:
        return ()
    return tuple(member for member, count in written.most_common(MOST_ON_DUTY) if count >= DUTY_SHARE * total)


def questions(archive: Archive, people: Roster, channels: Sequence[str], wanted: Collection[str]) -> dict[str, str]:
    """How the questions of these waits begin, by the wait's id. Read once more from the archive: a replay's database keeps no
    words."""
    found: dict[str, str] = {}
    if not wanted:
        return found
    for event in archive.events(role=people.role, channels=channels, problem=lambda _: None):
        if isinstance(event, Posted):
            message = event.message
            wait = f"{message.channel}/{message.id}"
            if wait in wanted and wait not in found and message.text.strip():
                found[wait] = message.text.strip()[:QUESTION_LENGTH]
    return found


def links(archive: Archive, workspace: str | None) -> Callable[[Wait], str | None]:
    """Where a wait's first message is: by the workspace's address, else by its id, which leads to the channel."""
    home = archive.home
    address = None if workspace is None else _address(workspace)

    def link(wait: Wait) -> str | None:
        channel = channel_id(wait.channel)
        if archive.platform == "discord":
            known = home is not None and home.isdigit()
            return f"https://discord.com/channels/{home}/{channel}/{wait.opening}" if known else None
        if address is not None:
            return permalink(address, channel, wait.opening, wait.thread)
        if home is not None and home[:1] in ("T", "E") and home.isalnum():
            return f"https://app.slack.com/client/{home}/{channel}"
        return None

    return link


def _address(written: str) -> str:
    name = written.strip().removeprefix("https://").rstrip("/").casefold()
    host = name if "." in name else f"{name}.slack.com"
    if not fnmatchcase(host, "*.slack.com") or not all(each.isalnum() or each in "-." for each in host):
        raise UsageError(f"--workspace {written[:60]}: write your workspace's address, as in harbor.slack.com.")
    return f"https://{host}/"


def said_hours(hours: Hours, *, always_on: bool) -> str:
    """The team's hours in words, the same days together."""
    if always_on:
        return "round the clock (--always-on)"
    told: dict[str, list[str]] = {}
    for day, spans in enumerate(hours.week):
        if spans:
            said = ", ".join(f"{_minute(span.opens)}–{_minute(span.closes)}" for span in spans)
            told.setdefault(said, []).append(DAY_NAMES[day])
    return "; ".join(f"{' '.join(days)} {said}" for said, days in told.items()) or "never"


def _minute(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"
