"""Time zones as people name them beside a clock time ("3pm EST", "9am Pacific", "15:00 UTC+2").

A zone is meant as the wall clock of its place: whoever writes EST in July means what clocks in New York show. What people call
each is the list of its name here in the languages' files.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

ZONES: Mapping[str, str] = {
    "utc": "UTC",
    "us_eastern": "America/New_York", "us_central": "America/Chicago", "us_mountain": "America/Denver",
    "us_pacific": "America/Los_Angeles", "alaska": "America/Anchorage", "hawaii": "Pacific/Honolulu",
    "atlantic": "America/Halifax",
    "brazil": "America/Sao_Paulo", "argentina": "America/Argentina/Buenos_Aires", "colombia": "America/Bogota",
    "mexico": "America/Mexico_City", "chile": "America/Santiago",
    "london": "Europe/London", "lisbon": "Europe/Lisbon", "central_europe": "Europe/Berlin", "eastern_europe": "Europe/Athens",
    "moscow": "Europe/Moscow", "turkey": "Europe/Istanbul", "israel": "Asia/Jerusalem", "south_africa": "Africa/Johannesburg",
    "east_africa": "Africa/Nairobi", "west_africa": "Africa/Lagos", "gulf": "Asia/Dubai", "pakistan": "Asia/Karachi",
    "india": "Asia/Kolkata", "china": "Asia/Shanghai", "hong_kong": "Asia/Hong_Kong", "singapore": "Asia/Singapore",
    "philippines": "Asia/Manila", "indonesia": "Asia/Jakarta", "japan": "Asia/Tokyo", "korea": "Asia/Seoul",
    "australia_east": "Australia/Sydney", "australia_central": "Australia/Adelaide", "australia_west": "Australia/Perth",
    "new_zealand": "Pacific/Auckland",
}  # fmt: skip
"""Name of the list of words -> the zone they mean. Where one abbreviation is several zones, the one that more people live in."""

_FURTHEST = timedelta(hours=14)
"""No zone is further from UTC."""


@cache
def named(name: str) -> tzinfo:
    """The zone of this list."""
    return UTC if name == "utc" else ZoneInfo(ZONES[name])


def from_utc(minutes: int) -> tzinfo | None:
    """The zone that is so many minutes ahead of UTC; None when there is none."""
    ahead = timedelta(minutes=minutes)
    return timezone(ahead) if abs(ahead) <= _FURTHEST else None
