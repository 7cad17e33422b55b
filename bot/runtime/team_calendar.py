"""The team's calendar is read every now and then; what it said last is kept and counts, also while it can't be read."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.duty import CalendarSpans
from bot.domain.marks import CALENDAR_FAILS
from bot.domain.people import Team
from bot.engine.engine import Engine
from bot.engine.preferences import Preferences
from bot.engine.shifts import Shifts
from bot.errors import CalendarError
from bot.language.calendar_entries import CalendarPeople, spans_in
from bot.ports import Clock, Store, TeamCalendar, Transaction

AHEAD: Seconds = 62 * DAY
"""How far ahead it is read: who is on duty next, also where a turn lasts a month. While it can't be read, so much is known."""

BEHIND: Seconds = 31 * DAY
"""How far back: absences count in figures of working time."""

log = structlog.get_logger()


class CalendarReading:
    """Reads a calendar (None: the settings name none, so what one said before is forgotten). `team` and `names_of` say who may be
    meant, `people` what the settings say of that; `on_change` is called where somebody else may be on duty or away by it."""

    def __init__(
        self,
        calendar: TeamCalendar | None,
        engine: Engine,
        store: Store,
        preferences: Preferences,
        shifts: Shifts,
        *,
        team: Callable[[], Team],
        names_of: Callable[[str], tuple[str, ...]],
        people: CalendarPeople,
        clock: Clock,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._calendar = calendar
        self._engine = engine
        self._store = store
        self._preferences = preferences
        self._shifts = shifts
        self._team = team
        self._names_of = names_of
        self._people = people
        self._clock = clock
        self._on_change = on_change

    async def run(self) -> None:
        """Read it once. That it can't be read is logged, and remembered for digest and doctor. Raises StorageError."""
        now = self._clock.now()
        if self._calendar is None:
            if self._preferences.calendar != CalendarSpans() or await self._fails_since() is not None:
                await self._keep(CalendarSpans(), now)
            return
        try:
            entries = await self._calendar.entries(now - BEHIND, now + AHEAD)
        except CalendarError as error:
            since = await self._fails_since()
            if since is None:
                await self._store.transact(lambda tx: tx.put_mark(CALENDAR_FAILS, now))
            say = "The team's calendar couldn't be read. What it said last counts; it is tried again every quarter of an hour."
            log.warning("calendar_failed", say=say, reason=str(error), since=now if since is None else since)
            return
        known = self._people
        names = {member: (*known.names.get(member, ()), *self._names_of(member)) for member in sorted(self._team().members)}
        spans = spans_in(entries, CalendarPeople(names=names, emails=known.emails))
        if spans != self._preferences.calendar or await self._fails_since() is not None:
            await self._keep(spans, now)
            say = "The team's calendar says something else than before."
            log.info("calendar_read", say=say, entries=len(entries), shifts=len(spans.duty), absences=len(spans.away))

    async def _fails_since(self) -> Instant | None:
        mark = await self._store.read(lambda tx: tx.mark(CALENDAR_FAILS))
        return None if mark is None else mark.at

    async def _keep(self, spans: CalendarSpans, now: Instant) -> None:
        def work(tx: Transaction) -> None:
            tx.put_calendar(spans)
            tx.put_mark(CALENDAR_FAILS, None)

        await self._store.transact(work)
        await self._preferences.load(self._store)
        await self._engine.transact(self._store, lambda tx: self._shifts.change_over(tx, now))
        self._on_change()
