"""How long nobody of the team wrote, as far as it tells something.

Whether a member's message is for somebody depends on how long ago they spoke. But an hour in which the team reads the channel
isn't a night in which it sleeps: a question of Friday evening is as fresh on Monday morning as one of an hour ago. So silence is
counted in the team's working time. Where its hours are told they are asked; where they aren't, what the team wrote shows them: of
a stretch in which no member wrote, however long, only a lull counts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from bot.domain.durations import Instant, Seconds
from bot.domain.window import Worked

LULL: Seconds = 1800.0
"""A stretch without a member's message counts for no more than this: beyond it the length says that nobody was there, and nothing
about whom the next message is for."""

MOST_TIMES = 1_000
"""Members' messages whose times are kept."""


class Silence:
    """The team's silences in one channel, kept up as members write. `worked` says how much working time of the team lies between
    two instants; None: its hours aren't known."""

    __slots__ = ("_all", "_counted", "_last", "_times")

    def __init__(self) -> None:
        self._last: Instant = 0.0
        self._all: Seconds = 0.0
        self._times: list[Instant] = []
        self._counted: list[Seconds] = []
        """By member's message: what counts of the time from their first one up to it."""

    @property
    def since(self) -> Instant:
        """When a member wrote last; 0.0 if none did yet."""
        return self._last

    def broken(self, at: Instant, worked: Worked | None) -> None:
        """A member wrote, later than all before."""
        last = self._last
        if last:
            gap = at - last
            self._all += gap if gap <= LULL else _stretch(last, at, worked)
        self._last = at
        self._times.append(at)
        self._counted.append(self._all)
        if len(self._times) > MOST_TIMES:
            del self._times[: MOST_TIMES // 2], self._counted[: MOST_TIMES // 2]

    def up_to(self, until: Instant, worked: Worked | None) -> Callable[[Instant], Seconds]:
        """What gives, for an instant, how much of the time from it to `until` counts. `until` isn't before the last message of a
        member. (A message is compared with several people who spoke at several times: what they share is worked out once.)"""
        times, counted = self._times, self._counted
        number = len(times)
        everything = self._all + _stretch(self._last, until, worked) if number else 0.0

        def since(at: Instant) -> Seconds:
            if until - at <= LULL:
                return until - at if until > at else 0.0
            place = bisect_right(times, at)
            if place == number:
                return _stretch(at, until, worked)
            first = times[place] - at
            return (first if first <= LULL else _stretch(at, times[place], worked)) + everything - counted[place]

        return since


def _stretch(since: Instant, until: Instant, worked: Worked | None) -> Seconds:
    """What counts of a time in which no member wrote."""
    if until - since <= LULL:
        return until - since
    if worked is None:
        return LULL
    counted = worked(since, until)
    return counted if counted < LULL else LULL
