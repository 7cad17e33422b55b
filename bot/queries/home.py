"""What a member's own list holds: for Slack's App Home, a panel of buttons on Discord, and `waiting mine`."""

from __future__ import annotations

from bot.domain.absences import KnownAbsence, next_absence
from bot.domain.keys import channel_of
from bot.domain.marks import DM_CLOSED
from bot.domain.waits import Wait
from bot.domain.writes import NoticeSubject
from bot.queries.arrivals import own_arrivals
from bot.queries.figures import figures_of
from bot.queries.introductions import introductions
from bot.queries.pauses import paused_places
from bot.queries.snapshot import ListedWait, Snapshot
from bot.queries.thanks import thanks_of
from bot.queries.waits import asked_last, rows
from bot.waits.handed_on import taken_from
from bot.wording.home import MOST_DEAD, MOST_HELD, MOST_OTHERS, HomeFacts, TeamNow, Undelivered

DAYS = 7
"""Days that the figures on the list are of."""


def own_waits(snapshot: Snapshot, member: str) -> tuple[ListedWait, ...]:
    """The open waits that are a member's: theirs to answer, promised by them, put off by them, perhaps answered by them, or those
    about which they were asked last; and those that were theirs until a colleague handed them on."""
    return tuple(
        listed for listed in snapshot.open_waits() if _falls_to(snapshot, listed.wait, member) or taken_from(listed.wait, member)
    )


def home_facts(snapshot: Snapshot, member: str, *, lead: bool) -> HomeFacts:
    """A member's own list with their figures and settings. `lead`: with how the team stands and what couldn't be delivered."""
    preferences = snapshot.lookups.preferences
    own, team = figures_of(snapshot, member, days=DAYS)
    return HomeFacts(
        rows=rows(snapshot, own_waits(snapshot, member)),
        member=member,
        now=snapshot.now,
        own=own,
        team=team,
        hours=preferences.hours_of(member),
        dms=preferences.wants_dm(member),
        dms_closed=_closed(snapshot, member),
        switch=preferences.switch_of(member),
        switched_by=by if (by := preferences.choices.switched_by.get(member)) != member else None,
        team_budget=snapshot.lookups.budget,
        away=_away(snapshot, member),
        trial=preferences.choices.running_trial(snapshot.now),
        undelivered=undelivered(snapshot, MOST_DEAD) if lead else (),
        team_now=_team_now(snapshot, member) if lead else None,
        thanks=thanks_of(snapshot, member),
        greetings=own_arrivals(snapshot, member),
        introductions=introductions(snapshot) if lead else None,
        troubles=[
            says for server, says in snapshot.lookups.troubles() if lead and (server is None or snapshot.shows(f"{server}:"))
        ],
    )


def _closed(snapshot: Snapshot, member: str) -> bool:
    """Whether a member takes no direct messages from us somewhere, as it turned out."""
    accounts = snapshot.lookups.team().accounts
    names = (name.removeprefix(DM_CLOSED).partition(":") for name in snapshot.tx.marks(DM_CLOSED))
    return any(accounts.member(platform, account) == member for platform, _, account in names)


def undelivered(snapshot: Snapshot, most: int) -> tuple[Undelivered, ...]:
    """The messages that were given up, out of the latest `most`, latest first; those alike are one. A tip is for its member
    alone: it waits in their own list then, and nobody else is told that there was one."""
    tx = snapshot.tx
    found = (
        Undelivered(
            what=dead.what,
            reason=dead.reason,
            handle=None if dead.wait is None else tx.handle(dead.wait),
            perhaps=dead.address is not None,
        )
        for dead in tx.dead(most)
        if dead.subject is not NoticeSubject.TIP and (dead.wait is None or snapshot.shows(channel_of(dead.wait)))
    )
    return tuple(dict.fromkeys(found))


def _team_now(snapshot: Snapshot, member: str) -> TeamNow:
    """How the team stands, for this lead."""
    lookups, now = snapshot.lookups, snapshot.now
    every = snapshot.open_waits()
    waiting = [listed for listed in every if listed.wait.hold is None]
    not_theirs = [listed for listed in every if not _falls_to(snapshot, listed.wait, member)]
    others = [listed for listed in not_theirs if listed.wait.hold is None]
    quiet = [listed for listed in not_theirs if listed.wait.hold is not None]
    preferences, team = lookups.preferences, lookups.team()
    until = lookups.on_duty(now, None).until
    absent = [(each, span.until) for each in sorted(snapshot.members()) if (span := preferences.away_now(each, now)) is not None]
    return TeamNow(
        waiting=len(waiting),
        others=rows(snapshot, others[:MOST_OTHERS]),
        quiet=rows(snapshot, quiet[:MOST_HELD]),
        held=len(every) - len(waiting),
        pauses=paused_places(snapshot, ahead=True),
        duty=team.duty,
        duty_until=until,
        next_duty=() if until is None else lookups.on_duty(until, None).members,
        away=tuple(sorted(absent, key=lambda pair: pair[1])),
        watched=tuple(
            (name, preferences.watched(key), preferences.choices.paused(key, now) is not None)
            for key, name in sorted(snapshot.channels().items(), key=lambda pair: pair[1])
        ),
    )


def _falls_to(snapshot: Snapshot, wait: Wait, member: str) -> bool:
    if wait.owner == member or (wait.handed_to is None and wait.hold is not None and wait.hold.by == member):
        return True
    if wait.possible_answer is not None and wait.possible_answer.by == member:
        return True
    return member in asked_last(snapshot, wait)


def _away(snapshot: Snapshot, member: str) -> KnownAbsence | None:
    """The absence a member is in, else the next one."""
    preferences = snapshot.lookups.preferences
    return preferences.away_now(member, snapshot.now) or next_absence(preferences.absences_of(member), snapshot.now)
