"""Who is on duty now: the engine's team always says so, whatever says it (settings, calendar, turns, chat).

The team is looked at again inside the transaction in which what is due is claimed, so that a rung that falls due when a shift
changes asks whoever is on duty from then on. Whose shift ended is told what they still have open: with the same commit that makes
the change, and once, also when nobody was running at that instant.
"""

from __future__ import annotations

import json
from dataclasses import replace

from bot.domain import keys
from bot.domain.durations import DAY, Instant
from bot.domain.duty import CalendarSpans, DutyPlan, OnDuty, looked_at_again, on_duty
from bot.domain.marks import DUTY
from bot.domain.people import Team
from bot.domain.writes import AddNotice, NoticeSubject
from bot.engine.engine import Engine
from bot.engine.preferences import Preferences
from bot.ports import OutboxTransaction

NEVER: Instant = float("inf")


class Shifts:
    """Keeps the engine's team in step with who is on duty. `Engine.team` is, when this is made, what the settings say."""

    def __init__(self, engine: Engine, preferences: Preferences) -> None:
        self._engine = engine
        self._preferences = preferences
        self._team = engine.team
        self._members = engine.team.duty
        self._seen: tuple[DutyPlan, CalendarSpans] | None = None
        self.changes_at: Instant = NEVER
        """When somebody else may be on duty, at the earliest."""

    def on_duty(self, at: Instant, plan: DutyPlan | None = None) -> OnDuty:
        """Who is on duty at an instant, by what is chosen, or by another plan."""
        chosen = self._preferences.choices.duty_plan if plan is None else plan
        return on_duty(self._team, chosen, self._preferences.calendar, at)

    def regroup(self, tx: OutboxTransaction, team: Team, now: Instant) -> None:
        """The team is another now, as platforms and settings say. Called inside a transaction. Whoever left it leaves what they
        have open to the leads."""
        before, self._team, self._seen = self._team, team, None
        self._members = on_duty(team, self._preferences.choices.duty_plan, self._preferences.calendar, now).members
        self._engine.regroup(replace(team, duty=self._members))
        self.change_over(tx, now)
        for member in sorted(before.members - team.members):
            self._hand_over(tx, member, now)

    def change_over(self, tx: OutboxTransaction, now: Instant) -> Instant | None:
        """Put on duty who is on duty at `now`, and give when to look again. Called inside a transaction; cheap where nothing
        changed."""
        said = (self._preferences.choices.duty_plan, self._preferences.calendar)
        if self._seen != said or now >= self.changes_at:
            self._put_on_duty(tx, *said, now)
        return None if self.changes_at == NEVER else self.changes_at

    def _put_on_duty(self, tx: OutboxTransaction, plan: DutyPlan, calendar: CalendarSpans, now: Instant) -> None:
        self._seen, self.changes_at = (plan, calendar), looked_at_again(plan, calendar, now) or NEVER
        members = on_duty(self._team, plan, calendar, now).members
        if members != self._members:
            self._members = members
            self._engine.regroup(replace(self._team, duty=members))
        if not self._team.members:  # no platform has told yet who is there
            return
        mark = tx.mark(DUTY)
        known = tuple(json.loads(mark.by)) if mark is not None and mark.by is not None else ()
        if known == members:
            return
        tx.put_mark(DUTY, now, by=json.dumps(members))
        for member in known:
            if member not in members and member in self._team.members:
                self._hand_over(tx, member, now)

    def _hand_over(self, tx: OutboxTransaction, member: str, now: Instant) -> None:
        here = member in self._team.members
        to = member if here else next(iter(self._team.leads), None)
        # Who isn't there any more is missed at every start: a lead is told once a day at most.
        key = keys.handover_key(member, now if here else now // DAY * DAY)
        notice = AddNotice(kind="tip", key=key, due_at=now, subject=NoticeSubject.HANDOVER, person=to)
        tx.save([notice])
