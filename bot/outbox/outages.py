"""Which addresses take nothing just now, and when each is tried again.

What surely didn't arrive, and what only couldn't be sent or looked for, is never given up: an outage may last for days. All that
falls due for an address meanwhile waits for its next try, together. Only a message that fails again and again while others get
through is at fault itself, and is given up. Nothing here is stored: after a restart it is learnt anew, from shorter pauses on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.durations import Instant, Seconds
from bot.domain.outgoing import Address, Due
from bot.errors import RetryLater
from bot.outbox.address_queues import NEVER, Delivery, InDoubt, OutgoingMessage

FIRST_PAUSE: Seconds = 5
LONGEST_PAUSE: Seconds = 15 * 60

MOST_ATTEMPTS = 12
"""A message that fails these many times, each time after something else got through, is dead, and listed as such."""

NEWCOMERS: Seconds = 60
"""What hasn't been tried yet is tried by itself this long after the last failure, where that may have been the message's own
fault: one message that the platform chokes on must not hold up the others."""

MOST_REMEMBERED = 10_000
"""Rows and addresses kept in mind; far more than are ever due."""


def pause_after(failures: int) -> Seconds:
    """How long to wait after so many failures in a row."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 10))


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTry:
    """When a message that failed is tried again. `given_up`: never, after these many failures of its own."""

    at: Instant
    given_up: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outage:
    """An address whose last message failed: how often in a row, when last, until when nothing is tried. `uncertain`: the failure
    may have been that message's own."""

    failures: int
    at: Instant
    until: Instant
    uncertain: bool


_Place = tuple[Address, str | None]
"""An address; of a post that is brought up to date its reference, too: it waits for nobody else."""


class Outages:
    """What the outbox learns from messages that fail and messages that arrive."""

    def __init__(self) -> None:
        self._outages: dict[_Place, _Outage] = {}
        self._arrived: dict[tuple[Address, bool], Instant] = {}
        """When something arrived last, apart for posts and for updates of posts: one may work without the other."""
        self._platforms: set[str] = set()
        """Where something arrived since the start."""
        self._failed: dict[int, Instant] = {}
        """By row: when its message failed last."""
        self._own: Counter[int] = Counter()
        """By row that leaves by itself and failed once although others got through: its failures since."""
        self._proven: Counter[int] = Counter()
        """By row: those of them before which something else got through."""
        self.alone: set[int] = set()
        """Rows that leave by themselves, because a message with others in it was refused or failed again while others got
        through: which of them is at fault must be found out."""
        self._in_doubt: dict[int, tuple[Address, Due]] = {}

    def wait(self, delivery: Delivery, now: Instant) -> Seconds:
        """How long nothing is tried at the address of a delivery; 0: it may be tried now."""
        place = _place(delivery)
        outage = self._outages.get(place)
        if outage is None or place[1] is not None or now < outage.at:  # the clock was set back: nobody knows how long it has been
            return 0.0
        until = outage.until
        untried = isinstance(delivery, OutgoingMessage) and not any(due.id in self._failed for due in delivery.dues)
        if untried and outage.uncertain:
            until = min(until, outage.at + NEWCOMERS)
        return max(0.0, until - now)

    def failed(self, delivery: Delivery, now: Instant, error: RetryLater) -> NextTry:
        """A message failed, or whether it arrived couldn't be asked."""
        place, dues = _place(delivery), delivery.dues
        own = error.uncertain and isinstance(delivery, OutgoingMessage) and self._is_own(delivery)
        self._tidy()
        for due in dues:
            self._failed[due.id] = now
        if own:
            self.alone.update(due.id for due in dues)
        if len(dues) == 1 and (own or dues[0].id in self._own):
            return self._failed_alone(dues[0].id, now, error, proven=own)
        before = self._outages.get(place)
        failures = 1 if before is None else before.failures + 1
        until = now + max(error.after, pause_after(failures))
        if before is not None and before.at <= now < before.until:  # a newcomer's own try: all go together at the next
            failures, until = before.failures, max(before.until, now + error.after)
        self._outages[place] = _Outage(failures=failures, at=now, until=until, uncertain=error.uncertain)
        return NextTry(at=until)

    def _failed_alone(self, row: int, now: Instant, error: RetryLater, *, proven: bool) -> NextTry:
        """A message failed that is at fault itself, as far as is known: nobody else waits for it."""
        self._own[row] += 1
        self._proven[row] += proven
        given_up = self._proven[row] if self._proven[row] >= MOST_ATTEMPTS else None
        return NextTry(at=now + max(error.after, pause_after(self._own[row])), given_up=given_up)

    def refused_together(self, dues: Sequence[Due]) -> None:
        """A message of several was refused as it is: each of them is tried by itself."""
        self._tidy()
        self.alone.update(due.id for due in dues)

    def arrived(self, delivery: Delivery, now: Instant) -> bool:
        """A message arrived, now or before. True when nothing got through there before, so that what waits elsewhere on the
        platform, or waited at the last start, may go now."""
        place, platform = _place(delivery), delivery.address.platform
        over = self._outages.pop(place, None) is not None or platform not in self._platforms
        self._platforms.add(platform)
        self._arrived[_way(delivery)] = now
        for due in delivery.dues:
            self._failed.pop(due.id, None)
            self._own.pop(due.id, None)
            self._proven.pop(due.id, None)
            self.alone.discard(due.id)
        if over:
            self.try_now(platform)
        return over

    def try_now(self, platform: str | None = None) -> None:
        """Something changed on a platform (None: on any): nothing waits there for a pause to be over."""
        for place, outage in self._outages.items():
            if platform in (None, place[0].platform):
                self._outages[place] = replace(outage, until=outage.at)

    def keep_in_doubt(self, address: Address, dues: Sequence[Due]) -> None:
        """These are looked for later; nobody has them in hand until then."""
        self._tidy()
        self._in_doubt.update((due.id, (address, due)) for due in dues)

    def take_in_doubt(self, platform: str | None = None) -> list[Due]:
        """What was kept to be looked for on a platform (None: on any), to be looked for now."""
        taken = {id: due for id, (address, due) in self._in_doubt.items() if platform in (None, address.platform)}
        for id in taken:
            del self._in_doubt[id]
        return list(taken.values())

    def forget(self) -> None:
        """Everything may be tried at once: the clock was set back, so none of the instants here mean anything."""
        self._outages.clear()
        self._arrived.clear()
        self._failed.clear()

    def _is_own(self, delivery: Delivery) -> bool:
        """Whether something got through there since this failed last."""
        arrived = self._arrived.get(_way(delivery), NEVER)
        return any(self._failed.get(due.id, arrived) < arrived for due in delivery.dues)

    def _tidy(self) -> None:
        for remembered in (self._outages, self._arrived, self._failed, self._own, self._proven, self.alone, self._in_doubt):
            if len(remembered) >= MOST_REMEMBERED:
                remembered.clear()


def _place(delivery: Delivery) -> _Place:
    return delivery.address, None if isinstance(delivery, InDoubt) else delivery.ref


def _way(delivery: Delivery) -> tuple[Address, bool]:
    return delivery.address, _place(delivery)[1] is not None
