"""Who is on duty now: the engine's team always says so, whatever says it (settings, calendar, turns, chat).

The team is looked at again inside the transaction in which what is due is claimed, so that a rung that falls due when a shift
changes asks whoever is on duty from then on. Whose shift ended is told what they still have open: with the same commit that makes
the change, and once, also when nobody was running at that instant.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from bot.domain import hours, keys
from bot.domain.durations import DAY, HOUR, Instant, Seconds
from bot.domain.duty import CalendarSpans, DutyPlan, OnDuty, looked_at_again, on_duty
from bot.domain.marks import DUTY
from bot.domain.people import Team
from bot.domain.writes import AddNotice, NoticeSubject, SaveWait
from bot.engine.engine import Engine
from bot.engine.preferences import Preferences
from bot.ports import OutboxTransaction

NEVER: Instant = float("inf")

LONG_AWAY: Seconds = 4 * HOUR
"""Who is away for longer by the calendar hands over before."""

MOST_FREED = 2_000
"""Open waits that are looked at when somebody leaves."""


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
        for place, gone in _gone(before, team).items():
            for member in sorted(gone):
                # Who isn't there any more is missed at every start: a lead is told once a day at most.
                key = keys.HandoverKey(member=member, at=now // DAY * DAY, why="left", place=place)
                self._tell(tx, key, self._lead_here(now, place), now)
            if gone:
                self._free(tx, gone, place)

    def change_over(self, tx: OutboxTransaction, now: Instant) -> Instant | None:
        """Put on duty who is on duty at `now`, and give when to look again. Called inside a transaction; cheap where nothing
        changed."""
        said = (self._preferences.choices.duty_plan, self._preferences.calendar)
        if self._seen != said or now >= self.changes_at:
            self._put_on_duty(tx, *said, now)
        return None if self.changes_at == NEVER else self.changes_at

    def _put_on_duty(self, tx: OutboxTransaction, plan: DutyPlan, calendar: CalendarSpans, now: Instant) -> None:
        self._seen, self.changes_at = (plan, calendar), looked_at_again(plan, calendar, now) or NEVER
        self._take_leave(tx, calendar, now)
        members = on_duty(self._team, plan, calendar, now).members
        if members != self._members:
            self._members = members
            self._engine.regroup(replace(self._team, duty=members))
        if not self._team.members:  # no platform has told yet who is there
            return
        mark = tx.mark(DUTY)
        known = tuple(json.loads(mark.by)) if mark is not None and mark.by is not None else ()
        if mark is not None and known == members:
            return
        tx.put_mark(DUTY, now, by=json.dumps(members))
        # Between two shifts those are on duty whom the settings name: what the one who left told them is all they have of it.
        before, after = (on_duty(self._team, plan, calendar, at).source for at in (now - 1, now))
        why: keys.HandoverWhy = "gap" if before == "settings" and after != "settings" else "shift"
        for member in sorted({*known} ^ {*members}):
            tx.update_handovers(member, due_at=now)  # a list is closed while they are on duty
        for member in known:
            if member not in members and member in self._team.members:
                since = now if mark is None else mark.at
                self._tell_them(tx, keys.HandoverKey(member=member, at=now, why=why, since=since), now)

    def _take_leave(self, tx: OutboxTransaction, calendar: CalendarSpans, now: Instant) -> None:
        """Whoever will be away by the calendar is told what they have open while they still work: an hour of it is left."""
        for span in calendar.away:
            if span.since <= now or span.until - span.since < LONG_AWAY or span.member not in self._team.members:
                continue
            at = hours.working_before(self._preferences.hours_of(span.member), span.since, HOUR) or span.since
            if at > now:
                self.changes_at = min(self.changes_at, at)
                continue
            self._tell_them(tx, keys.HandoverKey(member=span.member, at=span.since, why="away"), now)

    def _free(self, tx: OutboxTransaction, gone: frozenset[str], place: str) -> None:
        """What is somebody's who left is the team's again: posts and lists say so, and the next rung asks who is here."""
        for wait in tx.open_waits(MOST_FREED):
            here = not place or self._team.place_of(wait.channel) == place
            if here and wait.owner is not None and wait.owner in gone:
                others = tuple(member for member in wait.not_me if member != wait.owner)
                freed = replace(wait, owner=None, owner_reason="team", handed=None, not_me=(*others, wait.owner))
                self._engine.apply(tx, wait.channel, (SaveWait(wait=freed),))

    def _lead_here(self, now: Instant, place: str) -> str | None:
        """A lead who can be told (of a server or platform: one who is there), the first of those at work, else who is back
        soonest; None: the team as a whole is told."""
        reachable = [
            lead
            for lead in self._team.leads
            if (not place or place in self._team.places_of(lead))
            and self._preferences.wants(lead, "reminders", now)
            and not self._away(lead, now)
        ]
        at_work = (lead for lead in reachable if hours.is_open(self._preferences.hours_of(lead), now))
        return next(at_work, next(iter(reachable), None))

    def _away(self, member: str, now: Instant) -> bool:
        return hours.is_away(self._preferences.hours_of(member), now)

    def _tell_them(self, tx: OutboxTransaction, key: keys.HandoverKey, now: Instant) -> None:
        """Have a member told what they have open: where servers have a team each, in each of it what is open there."""
        for place in self._team.places_of(key.member) or ("",):
            self._tell(tx, replace(key, place=place), key.member, now)

    def _tell(self, tx: OutboxTransaction, key: keys.HandoverKey, to: str | None, now: Instant) -> None:
        """Have somebody (None: the team) told what a member has open."""
        tx.save([AddNotice(kind="tip", key=key.spell(), due_at=now, subject=NoticeSubject.HANDOVER, person=to)])


def _gone(before: Team, after: Team) -> Mapping[str, frozenset[str]]:
    """Who isn't on the team any more, by the server or platform on whose team they were, where servers have a team each; else
    under "". Which servers these were isn't known of somebody who left before the start: then it is each."""
    left = before.members - after.members
    if not after.servers:
        return {"": left}
    gone = {server: (before.servers.get(server, frozenset()) | left) - there for server, there in after.servers.items()}
    parted = {keys.platform_of(server) for server in after.servers}
    others = {platform for member in left for platform in before.accounts.by_member.get(member, ())} - parted
    return gone | dict.fromkeys(sorted(others), left)
