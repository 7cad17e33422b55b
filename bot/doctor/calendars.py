"""What `doctor` says of who is on duty: whether the team's calendar can be read, and what was said in chat."""

from __future__ import annotations

from collections.abc import Callable

from bot.doctor.findings import clock
from bot.domain.durations import DAY, Instant
from bot.domain.duty import DutyPlan
from bot.domain.marks import CALENDAR_FAILS
from bot.errors import CalendarError
from bot.ports import Finding, QueryTransaction, TeamCalendar


async def of_calendar(calendar: TeamCalendar | None, now: Instant) -> list[Finding]:
    """Whether the calendar in the settings, if there is one, can be read now. Its address is in no finding."""
    if calendar is None:
        return []
    try:
        entries = await calendar.entries(now, now + 31 * DAY)
    except CalendarError as error:
        do = "see that the address in [team] duty_calendar is right; what it said last counts meanwhile"
        return [Finding(level="bad", says=f"the team's calendar can't be read: {error}", do=do)]
    says = f"the team's calendar can be read; entries in the next 31 days: {len(entries)}"
    return [Finding(level="good" if entries else "note", says=says, do="" if entries else "nobody is on duty or away by it")]


def of_failing(tx: QueryTransaction) -> list[Finding]:
    """Since when the running bot can't read it."""
    mark = tx.mark(CALENDAR_FAILS)
    if mark is None:
        return []
    says = f"the team's calendar couldn't be read since {clock(mark.at)}: who is on duty and away goes by what it said before"
    return [Finding(level="note", says=says, do="it is tried every quarter of an hour; the log says why it failed")]


def said_on_duty(plan: DutyPlan, name: Callable[[str], str], now: Instant) -> str:
    """What was said in chat of who is on duty."""
    parts = []
    if plan.said is not None and plan.said.holds(now):
        until = "" if plan.said.until is None else f" until {clock(plan.said.until)}"
        parts.append(f"{', '.join(map(name, plan.said.members))}{until}")
    if plan.rotation is not None:
        parts.append(f"{', '.join(map(name, plan.rotation.members))} in turns")
    return "; ".join(parts) or "it is over"
