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
    """A member was said at `since` to be here, whatever calendar and platform said at that time of a span until `until`.

    `earlier` are the spans that were ended likewise before (said at, until) and aren't over yet: what was ended stays ended.
    """

    since: Instant
    until: Instant
    earlier: tuple[Interval, ...] = ()

    @property
    def ended(self) -> tuple[Interval, ...]:
        """All spans that count no more, each from when that was said until it would have been over."""
        return (*self.earlier, (self.since, self.until))

    @property
    def over_at(self) -> Instant:
        """When nothing that was ended would go on any more."""
        return max(until for _, until in self.ended)

    def again(self, *, now: Instant, until: Instant) -> SaidHere:
        """The same, said once more of a span until `until`."""
        return SaidHere(since=now, until=until, earlier=tuple(span for span in self.ended if span[1] > now))


def known_absences(
    said: Iterable[Interval], calendar: Iterable[Interval], platform: Iterable[Interval], here: SaidHere | None
) -> tuple[KnownAbsence, ...]:
    """All of somebody's absences, in order of their start, without what was ended by saying that they are here."""
    found = [KnownAbsence(since=since, until=until, source="chat") for since, until in said]
    found += _told(calendar, "calendar", here)
    found += _told(platform, "platform", here)
    return tuple(sorted(found, key=lambda one: (one.since, one.until)))


def absence_at(absences: Iterable[KnownAbsence], at: Instant) -> KnownAbsence | None:
    """The absence that runs at an instant, with those that follow it without a break: it ends where the last one does, as what
    says so has it. None when they are here."""
    known = tuple(absences)
    running = max((one for one in known if one.since <= at < one.until), key=lambda one: one.until, default=None)
    return None if running is None else _going_on(running, known)


def next_absence(absences: Iterable[KnownAbsence], at: Instant) -> KnownAbsence | None:
    """The absence that begins next after an instant, likewise."""
    known = tuple(absences)
    ahead = min((one for one in known if one.since > at), key=lambda one: one.since, default=None)
    return None if ahead is None else _going_on(ahead, known)


def _going_on(first: KnownAbsence, known: Iterable[KnownAbsence]) -> KnownAbsence:
    last = first
    for one in sorted(known, key=lambda one: one.since):
        if first.since <= one.since <= last.until < one.until:
            last = one
    return KnownAbsence(since=first.since, until=last.until, source=last.source)


def _told(spans: Iterable[Interval], source: AbsenceSource, here: SaidHere | None) -> Iterator[KnownAbsence]:
    for since, until in spans:
        pieces: list[Interval] = [(since, until)]
        for ended in () if here is None else here.ended:
            if _is_ended(since, until, source, ended):
                pieces = [piece for one in pieces for piece in ((one[0], min(one[1], ended[0])), (max(one[0], ended[1]), one[1]))]
        yield from (KnownAbsence(since=begins, until=ends, source=source) for begins, ends in pieces if begins < ends)


def _is_ended(since: Instant, until: Instant, source: AbsenceSource, ended: Interval) -> bool:
    """Whether a span is the one that ran when they were said to be here. A platform tells of a status since it was looked at
    last, so one that covers the rest of that time is the same."""
    return since <= ended[0] < until or (source == "platform" and since < ended[1] <= until)
