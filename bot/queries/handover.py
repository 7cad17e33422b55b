"""What a member has open, with whom each of it could go to: for who goes away, whose shift ends, or who left the team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from bot.domain import hours
from bot.domain.durations import DAY, Seconds
from bot.queries.snapshot import ListedWait, Snapshot
from bot.queries.waits import rows
from bot.waits.successors import successor
from bot.wording.handover import HandoverFacts, Proposal

SOON_AWAY: Seconds = 4 * DAY
"""Who will be away that soon hands over because of that: a weekend may lie in between."""


def open_ends(snapshot: Snapshot, member: str) -> tuple[ListedWait, ...]:
    """The open waits that are theirs to answer, or that they promised, took on or put off; or were theirs until they left."""
    left = member not in snapshot.lookups.team().members
    return tuple(
        listed
        for listed in snapshot.open_waits()
        if listed.wait.owner == member
        or (left and listed.wait.owner is None and listed.wait.not_me[-1:] == (member,))
        or (listed.wait.handed_to is None and listed.wait.hold is not None and listed.wait.hold.by == member)
    )


def handover_facts(snapshot: Snapshot, member: str, away: Callable[[str], bool] | None = None) -> HandoverFacts:
    """Their list. `away` says who can't be proposed, where that isn't who is away now."""
    lookups, tx, now = snapshot.lookups, snapshot.tx, snapshot.now
    team = lookups.team()
    load = Counter(listed.wait.owner for listed in snapshot.open_waits() if listed.wait.owner is not None)
    absent = away or (lambda who: hours.is_away(lookups.preferences.hours_of(who), now))
    proposals: list[Proposal] = []
    for row in rows(snapshot, open_ends(snapshot, member)):
        known = {(one.channel, one.member): (one.strength, one.at) for one in tx.exchanges(row.wait.customer)}
        to = successor(row.wait, team, without=(member,), known=known, away=absent, load=load, now=now)
        knows = to is not None and any(who == to for _, who in known)
        if to is not None:
            load[to] += 1  # so that not all of it goes to one
        proposals.append(Proposal(row=row, to=to, name="" if to is None else snapshot.name(to), knows=knows))
    spans = lookups.preferences.hours_of(member).away
    leaves = min((since for since, _ in spans if now < since <= now + SOON_AWAY), default=None)
    return HandoverFacts(leaves=leaves, member=member, proposals=tuple(proposals), now=now, on_team=member in team.members)
