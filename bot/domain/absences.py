"""When a member is away, whatever says so: what was said in chat, the team's calendar, their platform (a status, do not disturb).

Who says that they are back ends the absence that runs, and no later one: a calendar or a status can't be told so, hence it is
remembered until that entry ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from bot.domain.durations import Instant
from bot.domain.hours import Interval
from bot.domain.value import value

AbsenceSource = Literal["chat", "calendar", "platform"]
"""What says that somebody is away."""


@value
class KnownAbsence:
    """A member is away from `since` until `until`, as `source` says."""

    since: Instant
    until: Instant
    source: AbsenceSource


@value
class SaidHere:
    """A member was said at `since` to be here, whatever calendar and platform said at that time of a span until `until`."""

    since: Instant
    until: Instant


def known_absences(
    said: Iterable[Interval], calendar: Iterable[Interval], platform: Iterable[Interval], here: SaidHere | None
) -> tuple[KnownAbsence, ...]:
    """All of somebody's absences, in order of their start, without what was ended by saying that they are here."""
    found = [KnownAbsence(since=since, until=until, source="chat") for since, until in said]
    found += _told(calendar, "calendar", here)
    found += _told(platform, "platform", here)
    return tuple(sorted(found, key=lambda one: (one.since, one.until)))


def absence_at(absences: Iterable[KnownAbsence], at: Instant) -> KnownAbsence | None:
    """The absence that runs at an instant, the one that lasts longest; None when they are here."""
    return max((one for one in absences if one.since <= at < one.until), key=lambda one: one.until, default=None)


def next_absence(absences: Iterable[KnownAbsence], at: Instant) -> KnownAbsence | None:
    """The absence that begins next after an instant."""
    return min((one for one in absences if one.since > at), key=lambda one: one.since, default=None)


def _told(spans: Iterable[Interval], source: AbsenceSource, here: SaidHere | None) -> Iterator[KnownAbsence]:
    for since, until in spans:
        if here is not None and _is_ended(since, until, source, here):
            pieces: tuple[Interval, ...] = ((since, min(until, here.since)), (max(since, here.until), until))
        else:
            pieces = ((since, until),)
        yield from (KnownAbsence(since=begins, until=ends, source=source) for begins, ends in pieces if begins < ends)


def _is_ended(since: Instant, until: Instant, source: AbsenceSource, here: SaidHere) -> bool:
    """Whether a span is the one that ran when they were said to be here. A platform tells of a status since it was looked at
    last, so one that covers the rest of that time is the same."""
    return since <= here.since < until or (source == "platform" and since < here.until <= until)
