"""When somebody isn't there, as Slack tells it: a vacation status, do not disturb. Pure.

Sources: docs.slack.dev, /reference/objects/user-object (`status_*`), /reference/methods/dnd.info.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bot.domain.durations import Instant, Seconds
from bot.domain.emoji import canonical

OPEN_END: Final[Seconds] = 86_400.0
"""A vacation status without an end holds for a day from when it was last seen. It is looked at far more often, so that it goes on
for as long as the status stands."""

LONGEST: Final[Seconds] = 366 * 86_400.0
"""A status that ends later than this says nothing about being away now: somebody plays."""

AWAY_EMOJI: Final = frozenset(
    {"palm_tree", "airplane", "airplane_departure", "airplane_arriving", "small_airplane", "beach_with_umbrella"}
    | {"umbrella_on_ground", "desert_island", "camping", "face_with_thermometer", "mask", "baby", "baby_bottle", "luggage"}
)
"""Slack's own suggestions for "Vacationing" and "Out sick" (palm_tree, face_with_thermometer), and what people take besides.
`house` (working remotely), `bus` (commuting) and `spiral_calendar_pad` (in a meeting) are no absence."""

_OVER: Final = re.compile(r"\b(?:back from|no longer|not away)\b", re.IGNORECASE)
"""With these in it a status says the contrary, whatever its emoji."""

_ANOTHER_TIME: Final = re.compile(r"\b(?:planning|soon|before|next|happy)\b", re.IGNORECASE)
"""With these a text alone speaks of another time ("happy holidays", "vacation next week"); beside a fitting emoji it doesn't
matter ("back next Monday")."""

_AWAY_TEXT: Final = re.compile(
    r"\b(?:(?:on )?vacation(?:ing)?|holidays?|o\.?o\.?o|out of (?:the )?office|out sick|sick leave|parental leave|on leave"
    r"|maternity|paternity|pto|day off|away|urlaub|im urlaub|elternzeit|krank|abwesend"
    r"|en cong[eé]s?|cong[eé]s|vacances|absente?|vacaciones|de baja|ausente|f[eé]rias|folga|fuera de la oficina)\b",
    re.IGNORECASE,
)

Why = Literal["vacation", "do_not_disturb"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A span in which somebody shouldn't be reminded, from `since` up to `until`, and what says so."""

    since: Instant
    until: Instant
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTimes:
    """What Slack tells of somebody's time: their zone (IANA name) and when they aren't there, in order."""

    timezone: str | None = None
    absences: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A profile's status: emoji in its neutral spelling, text, and when it ends (0: it doesn't)."""

    emoji: str = ""
    text: str = ""
    ends: Instant = 0.0


def read_status(profile: Mapping[str, object]) -> Status:
    """A profile's status; empty when there is none."""
    emoji, text = profile.get("status_emoji"), profile.get("status_text")
    return Status(
        emoji=canonical(emoji.strip()) if isinstance(emoji, str) else "",
        text=text[:200] if isinstance(text, str) else "",
        ends=_instant(profile.get("status_expiration")),
    )


def vacation(status: Status, now: Instant) -> Absence | None:
    """The absence that a status tells of; None when it tells of none or has ended."""
    if status.ends and status.ends <= now:
        return None
    said = _AWAY_TEXT.search(status.text) and not _ANOTHER_TIME.search(status.text)
    if _OVER.search(status.text) or not (said or status.emoji in AWAY_EMOJI):
        return None
    if status.ends > now + LONGEST:
        return None
    return Absence(since=now, until=status.ends or now + OPEN_END, why="vacation")


def do_not_disturb(told: Mapping[str, object], now: Instant) -> Absence | None:
    """The current or next span of do-not-disturb out of dnd.info (or a `dnd_status`); None when there is none."""
    if told.get("dnd_enabled") is not True:
        return None
    since, until = _instant(told.get("next_dnd_start_ts")), _instant(told.get("next_dnd_end_ts"))
    # Slack gives 1 for both where nothing is scheduled.
    if not since < until or until <= now or until > now + LONGEST:
        return None
    return Absence(since=since, until=until, why="do_not_disturb")


def _instant(value: object) -> Instant:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(value) if 0 <= value < 4_102_444_800 else 0.0
