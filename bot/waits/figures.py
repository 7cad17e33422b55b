"""What happened to waits, in figures: counted in one pass, in bounded memory."""

from __future__ import annotations

import heapq
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.notifications import counted
from bot.domain.waits import ANSWERING, ReplyKind, Wait, WaitState
from bot.waits import holds

LONGEST = 5
"""How many of the longest waits are shown."""


@dataclass(slots=True)
class Figures:
    """Sums over waits. Of those that are `marked` some are dealt with `in_private`. Times are seconds; `first` counts replies
    of any human kind, `personal` those in own words that answer or ask back. `never` counts customers' ids of waits that nobody
    ever replied to, `claimed` waits that somebody is on, `reminded` reminders per person ("" = the team as a whole), `per_day`
    when they left, by person and day (UTC). `overlooked` and `needless` count what members said was judged wrongly,
    `came_back` customers who asked the same again soon after an answer (None: that isn't known); nobody counts them here."""

    end: Instant
    waits: int = 0
    personally: int = 0
    marked: int = 0
    in_private: int = 0
    redirected: int = 0
    held: int = 0
    automatic_only: int = 0
    helped: int = 0
    resolved: int = 0
    withdrawn: int = 0
    dismissed: int = 0
    overlooked: int = 0
    needless: int = 0
    came_back: int | None = None
    unanswered: int = 0
    claimed: int = 0
    promises: int = 0
    promises_kept: int = 0
    customers: set[str] = field(default_factory=set)
    never: Counter[str] = field(default_factory=Counter)
    reminded: Counter[str] = field(default_factory=Counter)
    reminders: int = 0
    per_day: defaultdict[tuple[str, int], array[float]] = field(default_factory=lambda: defaultdict(lambda: array("d")))
    first: array[float] = field(default_factory=lambda: array("d"))
    personal: array[float] = field(default_factory=lambda: array("d"))
    _longest: list[tuple[Seconds, str, Wait]] = field(default_factory=list)

    def add(self, wait: Wait) -> None:
        """Count a wait."""
        self.waits += 1
        self.customers.add(wait.customer)
        first, personal = wait.first_reply, wait.first_personal
        if first is not None:
            self.first.append(max(0.0, first.at - wait.opened_at))
        if personal is not None:
            self.personal.append(max(0.0, personal.at - wait.opened_at))
        self._count_outcome(wait)
        for kept in promises_of(wait, self.end):
            self.promises += 1
            self.promises_kept += kept
        waited = (wait.ended_at if wait.ended_at is not None else self.end) - wait.opened_at
        entry = (waited, wait.id, wait)
        if len(self._longest) < LONGEST:
            heapq.heappush(self._longest, entry)
        else:
            heapq.heappushpop(self._longest, entry)

    def _count_outcome(self, wait: Wait) -> None:
        if wait.state is WaitState.HELPED:
            self.helped += 1
        elif wait.first_personal is not None:
            self.personally += 1
        elif marked(wait):
            self.marked += 1
            self.in_private += wait.in_private
        elif wait.state is WaitState.RESOLVED:
            self.resolved += 1
        elif wait.state is WaitState.WITHDRAWN:
            self.withdrawn += 1
        elif wait.state is WaitState.DISMISSED:
            self.dismissed += 1
        elif any(reply.kind is ReplyKind.REDIRECT for reply in wait.replies):
            self.redirected += 1
        elif wait.replies:
            self.held += 1
        elif wait.open and holds.claimant(wait.as_of(self.end).hold) is not None:
            self.claimed += 1
        elif wait.automatic_replies:
            self.automatic_only += 1
            self.never[wait.customer] += 1
        else:
            self.unanswered += 1
            self.never[wait.customer] += 1

    def add_reminder(self, to: Sequence[str], at: Instant) -> None:
        """Count a reminder that left at `at`, or would have."""
        self.reminders += 1
        for person in to or ("",):
            self.reminded[person] += 1
            self.per_day[person, int(at // DAY)].append(at)

    def busiest_day(self, person: str) -> int:
        """The most notifications a person got on one day: what leaves together, or shortly after, is one, as in their budget."""
        return max((counted(left) for (who, _), left in self.per_day.items() if who == person), default=0)

    def longest(self) -> list[tuple[Seconds, Wait]]:
        """The longest waits with how long they took (or have taken so far), longest first."""
        return [(waited, wait) for waited, _, wait in sorted(self._longest, key=lambda entry: (-entry[0], entry[1]))]


def promises_of(wait: Wait, end: Instant) -> list[bool]:
    """Of each promise about a wait whether it was kept in time, as far as that is known by `end`: by an answer of anybody on the
    team until it was due. One that was put off before it was due gives way to the next; where nothing needed an answer any more,
    none was broken."""
    made = [(reply.at, reply.until) for reply in wait.replies if reply.kind is ReplyKind.PROMISE and reply.until is not None]
    found: list[bool] = []
    for place, (at, until) in enumerate(made):
        if place + 1 < len(made) and made[place + 1][0] <= until:
            continue
        answers = [reply.at for reply in wait.replies if reply.kind in ANSWERING and reply.at > at]
        if wait.marked_by is not None and wait.ended_at is not None:
            answers.append(wait.ended_at)
        if any(answer <= until for answer in answers):
            found.append(True)
        elif until <= end and (wait.ended_at is None or wait.ended_at > until):
            found.append(False)
    return found


def marked(wait: Wait) -> bool:
    """Whether it counts as answered by a member's word alone."""
    return wait.marked_by is not None and wait.first_personal is None and wait.state is not WaitState.HELPED


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` (0 to 1) of the values don't exceed (nearest rank); None without values."""
    if not values:
        return None
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * share // 1))
    return ordered[int(rank) - 1]
