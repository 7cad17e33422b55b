"""What a member's own list holds: for Slack's App Home, a panel of buttons on Discord, and `waiting mine`."""

from __future__ import annotations

from bot.domain.hours import Interval
from bot.domain.waits import Wait
from bot.queries.figures import figures_of
from bot.queries.snapshot import ListedWait, Snapshot
from bot.queries.waits import rows
from bot.wording.home import MOST_DEAD, HomeFacts, Undelivered

DAYS = 7
"""Days that the figures on the list are of."""


def own_waits(snapshot: Snapshot, member: str) -> tuple[ListedWait, ...]:
    """The open waits that are a member's: theirs to answer, promised by them, put off by them, or perhaps answered by them."""
    return tuple(listed for listed in snapshot.open_waits() if _falls_to(listed.wait, member))


def home_facts(snapshot: Snapshot, member: str, *, lead: bool) -> HomeFacts:
    """A member's own list with their figures and settings. `lead`: with what couldn't be delivered, too."""
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
        switch=preferences.switch_of(member),
        team_budget=snapshot.lookups.budget,
        away=_away(snapshot, member),
        undelivered=undelivered(snapshot, MOST_DEAD) if lead else (),
    )


def undelivered(snapshot: Snapshot, most: int) -> tuple[Undelivered, ...]:
    """The messages that were given up, out of the latest `most`, latest first; those alike are one."""
    tx = snapshot.tx
    found = (
        Undelivered(
            what=dead.what,
            reason=dead.reason,
            handle=None if dead.wait is None else tx.handle(dead.wait),
            perhaps=dead.address is not None,
        )
        for dead in tx.dead(most)
    )
    return tuple(dict.fromkeys(found))


def _falls_to(wait: Wait, member: str) -> bool:
    perhaps_answered = wait.possible_answer is not None and wait.possible_answer.by == member
    return wait.owner == member or (wait.hold is not None and wait.hold.by == member) or perhaps_answered


def _away(snapshot: Snapshot, member: str) -> Interval | None:
    """The span a member is away in, else the next one."""
    choices = snapshot.lookups.preferences.choices
    ahead = (span for span in choices.away.get(member, ()) if span[0] > snapshot.now)
    return choices.away_now(member, snapshot.now) or next(ahead, None)
