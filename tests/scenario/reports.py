"""What somebody off the team may read when they report an auto-DM: these lines, and none that tells anything."""

from __future__ import annotations

from adapters.discord.surfaces import NOT_HERE
from bot.wording.auto_dms import (
    ALREADY,
    FULL,
    FULL_FOR_ALL,
    GONE,
    NOT_DIRECT,
    OURS,
    OWN,
    SORTS,
    THANKS,
    report_form,
)

LINES = frozenset(
    {"Report an auto-DM", "Cancel", "Save", "Close", "realreply", "What was it?", *SORTS.values(), report_form("").inputs[0].hint}
    | {THANKS, *(f"{THANKS} As: {label[0].lower()}{label[1:]}." for label in SORTS.values())}
    | {ALREADY, FULL, FULL_FOR_ALL, GONE, NOT_DIRECT, NOT_HERE, OURS, OWN}
)


def is_of_a_report(said: str) -> bool:
    """Whether something that was shown says nothing but that."""
    return all(line in LINES for line in said.splitlines())
