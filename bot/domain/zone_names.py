"""Time zones as people write them where a zone is asked for, in the settings and in chat: an IANA name, else what it may mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "cst": ("America/Chicago", "Asia/Shanghai", "America/Havana"),
    "cdt": ("America/Chicago", "America/Havana"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "ast": ("America/Halifax", "Asia/Riyadh"),
    "gst": ("Asia/Dubai", "Atlantic/South_Georgia"),
    "pst": ("America/Los_Angeles", "Asia/Manila"),
    "sst": ("Pacific/Pago_Pago", "Asia/Singapore"),
    "amt": ("America/Manaus", "Asia/Yerevan"),
    "ect": ("America/Guayaquil", "Europe/Paris"),
    "wst": ("Australia/Perth", "Pacific/Apia"),
    "et": ("America/New_York",), "edt": ("America/New_York",),
    "ct": ("America/Chicago",),
    "mt": ("America/Denver",), "mdt": ("America/Denver",),
    "pt": ("America/Los_Angeles", "Europe/Lisbon"), "pdt": ("America/Los_Angeles",),
    "akst": ("America/Anchorage",), "akdt": ("America/Anchorage",), "hdt": ("America/Adak",),
    "adt": ("America/Halifax",), "nst": ("America/St_Johns",), "ndt": ("America/St_Johns",),
    "cest": ("Europe/Berlin", "Europe/Paris", "Europe/Madrid"), "mez": ("Europe/Berlin",), "mesz": ("Europe/Berlin",),
    "eest": ("Europe/Athens", "Europe/Kyiv", "Europe/Helsinki"), "west": ("Europe/Lisbon",),
    "msk": ("Europe/Moscow",), "trt": ("Europe/Istanbul",), "idt": ("Asia/Jerusalem",),
    "brt": ("America/Sao_Paulo",), "art": ("America/Argentina/Buenos_Aires",), "clt": ("America/Santiago",),
    "clst": ("America/Santiago",), "cot": ("America/Bogota",), "pet": ("America/Lima",), "vet": ("America/Caracas",),
    "sast": ("Africa/Johannesburg",), "eat": ("Africa/Nairobi",), "cat": ("Africa/Maputo",), "wat": ("Africa/Lagos",),
    "pkt": ("Asia/Karachi",), "npt": ("Asia/Kathmandu",), "ict": ("Asia/Bangkok",), "wib": ("Asia/Jakarta",),
    "sgt": ("Asia/Singapore",), "hkt": ("Asia/Hong_Kong",), "pht": ("Asia/Manila",), "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "aest": ("Australia/Sydney", "Australia/Brisbane"), "aedt": ("Australia/Sydney",), "acst": ("Australia/Adelaide",),
    "acdt": ("Australia/Adelaide",), "awst": ("Australia/Perth",), "nzst": ("Pacific/Auckland",), "nzdt": ("Pacific/Auckland",),
}  # fmt: skip
"""What abbreviations that are no IANA names are used for, the most people first."""

FIXED: Mapping[str, tuple[str, ...]] = {
    "est": ("America/New_York", "America/Panama"),
    "mst": ("America/Denver", "America/Phoenix"),
    "hst": ("Pacific/Honolulu",),
}
"""Names the database has for zones that never keep summer time: who writes one mostly means a place, which may."""

_OFFSET = re.compile(r"(?:utc|gmt)\s*([+-])\s*0?(\d{1,2})(?::?00)?", re.IGNORECASE)

MOST = 3
"""Names that are offered."""

_CUTOFF = 0.72
"""How alike a name must be to be offered: "Europe/Berlim" is, "IST" and "MST" aren't."""

_SHOWN = 60


@cache
def zone_names() -> Mapping[str, str]:
    """The names that the time zone database has, by their lower case."""
    # A walk through the time zone database: some 10 ms, once.
    return {name.casefold(): name for name in available_timezones()}


def zones_meant(written: str) -> tuple[str, ...]:
    """The zones that may be meant by what is the name of none: an abbreviation, a city, a slip of the keyboard."""
    key = "_".join(written.casefold().split())[:_SHOWN]
    if not key:
        return ()
    listed = ABBREVIATIONS.get(key) or FIXED.get(key)
    if listed is not None:
        return listed
    known = zone_names()
    ahead = _OFFSET.fullmatch(written.strip())
    if ahead is not None:
        fixed = known.get(f"etc/gmt{'-' if ahead[1] == '+' else '+'}{ahead[2]}")
        return () if fixed is None else (fixed,)
    cities = _cities()
    if key in cities:
        return cities[key][:MOST]
    if len(key) <= 4:  # an abbreviation that we don't know is like many, and means none of them
        return ()
    alike = get_close_matches(key, known, n=MOST, cutoff=_CUTOFF)
    towns = get_close_matches(key, cities, n=1, cutoff=_CUTOFF)
    found = [known[name] for name in alike[:1]] or [name for town in towns for name in cities[town]]
    return tuple(found[:MOST])


@cache
def _cities() -> Mapping[str, tuple[str, ...]]:
    """Zones by the last part of their names: those of a continent before old names."""
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(zone_names().values(), key=lambda name: (name.split("/")[0] not in _CONTINENTS, name)):
        city = name.rpartition("/")[2].casefold()
        if "/" in name and not name.startswith(("Etc/", "SystemV/")):
            found[city] = (*found.get(city, ()), name)
    return {city: tuple(name for name in names if name.split("/")[0] in _CONTINENTS) or names for city, names in found.items()}


_CONTINENTS = frozenset({"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"})


def or_of(names: tuple[str, ...]) -> str:
    """ "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
