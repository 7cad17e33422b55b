"""When digests go out: slots by APScheduler's CronTrigger, each a row in the database with a key of its own.

The rows are put down ahead of time, so a digest exists once per slot whatever restarts in between, and one whose slot passed
while the process was down is due as soon as it is up again. Of several missed ones only the latest is sent: it says all there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from apscheduler.triggers.cron import CronTrigger

from bot.domain.durations import Instant, Seconds
from bot.domain.keys import digest_key
from bot.domain.writes import AddNotice, NoticeSubject
from bot.ports import OutboxTransaction

AHEAD: Seconds = 8 * 24 * 3600
"""How far ahead slots are put down: over a week, so that a weekly one is always there."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSlot:
    """On these days (0 = Monday) at `minute` after midnight. `weekly`: the week's sums instead of who is waiting."""

    days: frozenset[int]
    minute: int
    weekly: bool = False

    @property
    def subject(self) -> NoticeSubject:
        """What the digest tells."""
        return NoticeSubject.WEEK if self.weekly else NoticeSubject.DAY


class Digests:
    """The team's digests, by the clock of `zone`. Where there are several `places` (platforms, or servers with a team each) each
    has its own."""

    def __init__(self, slots: Sequence[DigestSlot], zone: tzinfo, *, places: Sequence[str] = ()) -> None:
        self._zone = zone
        self._places: Sequence[str | None] = tuple(places) if len(places) > 1 else (None,)
        self._triggers = [(slot, _trigger(slot, zone)) for slot in slots if slot.days]

    def slots(self, after: Instant, until: Instant) -> Iterator[tuple[Instant, DigestSlot]]:
        """The slots later than `after` and no later than `until`."""
        for slot, trigger in self._triggers:
            moment = datetime.fromtimestamp(after, self._zone)
            while True:
                fire = trigger.get_next_fire_time(None, moment)
                if fire is None or fire.timestamp() > until:
                    break
                # The first of two: when the clocks go back an hour comes twice, a slot in it once.
                fire = fire.replace(fold=0)
                if fire.timestamp() > after:
                    yield fire.timestamp(), slot
                moment = datetime.combine(fire.date() + timedelta(days=1), time.min, self._zone)

    def plan(self, tx: OutboxTransaction, now: Instant, *, ahead: Seconds = AHEAD) -> None:
        """Put down every slot of the time ahead. One that is there already is left as it is, and what was put down before for
        other times or places is taken back. Of those that were missed while nobody was running, all but the latest are
        withdrawn."""
        planned = [
            AddNotice(kind="digest", key=digest_key(at, slot.subject, place), due_at=at, subject=slot.subject)
            for at, slot in self.slots(now, now + ahead)
            for place in self._places
        ]
        tx.drop_digests(now, but=[notice.key for notice in planned])
        tx.save(planned)


def _trigger(slot: DigestSlot, zone: tzinfo) -> CronTrigger:
    days = ",".join(_DAYS[day] for day in sorted(slot.days))
    return CronTrigger(day_of_week=days, hour=slot.minute // 60, minute=slot.minute % 60, timezone=zone)
