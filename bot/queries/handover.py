"""What a member has open, with whom each of it could go to: for who goes away, whose shift ends, or who left the team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from bot.domain import hours
from bot.domain.durations import HOUR, Instant, Seconds
from bot.domain.keys import HandoverKey
from bot.domain.outgoing import HandoverList
from bot.domain.waits import OwnerReason, ReplyKind, Wait
from bot.queries.snapshot import ListedWait, Snapshot
from bot.queries.waits import rows, settled_facts
from bot.waits.successors import successor
from bot.wording.handover import HandoverFacts, Proposal

TOLD_LATELY: Seconds = 4 * HOUR
"""Whose shift ended twice within so short a time reads of a wait once: a calendar was changed, or the second one is short."""

TAKEN_ON: Final[tuple[OwnerReason, ...]] = ("claimed", "assigned", "promised")
"""Why a wait is somebody's by what they, or a colleague, said."""


def open_ends(snapshot: Snapshot, member: str, place: str = "") -> tuple[ListedWait, ...]:
    """The open waits that are theirs to answer, or that they promised, took on or put off; or were theirs until they left. With a
    `place` (a server or a platform) only those there."""
    left, team = not _is_on_team(snapshot, member, place), snapshot.lookups.team()
    return tuple(
        listed
        for listed in snapshot.open_waits()
        if not place or team.place_of(listed.wait.channel) == place
        if listed.wait.owner == member
        or (left and listed.wait.owner is None and listed.wait.not_me[-1:] == (member,))
        or (listed.wait.handed_to is None and listed.wait.hold is not None and listed.wait.hold.by == member)
    )


def handover_facts(
    snapshot: Snapshot,
    member: str,
    away: Callable[[str], bool] | None = None,
    waits: Iterable[ListedWait] | None = None,
    *,
    posted: bool = False,
    place: str = "",
) -> HandoverFacts:
    """Their list: of all that they have open, or of these `waits`, all of one `place` where that is given. `away` says who
    can't be proposed, where that isn't who is away now. What is `posted` where servers have
    a team each quotes nobody: its readers may not be where they wrote."""
    lookups, tx, now = snapshot.lookups, snapshot.tx, snapshot.now
    team = lookups.team()
    load = Counter(listed.wait.owner for listed in snapshot.open_waits() if listed.wait.owner is not None)
    absent = away or (lambda who: hours.is_away(lookups.preferences.hours_of(who), now))
    proposals: list[Proposal] = []
    for row in rows(snapshot, open_ends(snapshot, member) if waits is None else waits):
        known = {(one.channel, one.member): (one.strength, one.at) for one in tx.exchanges(row.wait.customer)}
        to = successor(row.wait, team, without=(member,), known=known, away=absent, load=load, now=now)
        knows = to is not None and any(who == to for _, who in known)
        if to is not None:
            load[to] += 1  # so that not all of it goes to one
        shown = replace(row, texts=()) if posted and team.servers else row
        proposals.append(Proposal(row=shown, to=to, name="" if to is None else snapshot.name(to), knows=knows))
    return HandoverFacts(member=member, proposals=tuple(proposals), now=now, on_team=_is_on_team(snapshot, member, place))


def list_facts(snapshot: Snapshot, key: str, notice: int) -> HandoverFacts | None:
    """The list that a notice (by its key and row) is; None where it isn't needed any more: they are on duty again, or away by
    now, or won't be after all."""
    occasion = HandoverKey.parse(key)
    member, now, place = occasion.member, snapshot.now, occasion.place
    if snapshot.lookups.team().servers and not place:
        return None  # put down when one team had all servers: nobody reads what is open on all of them
    if occasion.why in ("shift", "gap") and member in snapshot.lookups.team().duty:
        return None
    if occasion.why == "away" and (occasion.at <= now or not _will_be_away(snapshot, occasion)):
        return None
    untold = [listed for listed in open_ends(snapshot, member, place) if not _is_told(snapshot, listed.wait, occasion, notice)]
    return replace(handover_facts(snapshot, member, waits=untold, posted=True, place=place), occasion=occasion)


def list_facts_now(snapshot: Snapshot, listed: HandoverList) -> HandoverFacts:
    """What has become of a list that was posted: what of it is theirs still, and what isn't. Nothing is to be handed over by it
    while they are on duty again, nor what a later list tells of."""
    occasion = HandoverKey.parse(listed.key)
    member, place = occasion.member, occasion.place
    still = {one.wait.id: one for one in open_ends(snapshot, member, place)}
    open_yet = {wait for wait in listed.waits if wait in still}
    told_later = {wait for wait in open_yet if _is_told_later(snapshot, wait, occasion, listed.at)}
    on_duty = occasion.why in ("shift", "gap") and member in snapshot.lookups.team().duty
    if open_yet and (on_duty or told_later == open_yet):
        nothing = handover_facts(snapshot, member, waits=(), place=place)
        return replace(nothing, occasion=occasion, closed="duty" if on_duty else "later")
    listed = replace(listed, waits=tuple(wait for wait in listed.waits if wait not in told_later))
    theirs = [still[wait] for wait in listed.waits if wait in still]
    facts = handover_facts(snapshot, member, waits=theirs, posted=True, place=place)
    done = [snapshot.listed(wait) for wait in snapshot.tx.waits(listed.waits) if wait.id not in still]
    settled = tuple((settled_facts(snapshot, one.wait), snapshot.tx.handover(one.wait.id)) for one in done)
    return replace(facts, occasion=occasion, settled=settled)


def _is_on_team(snapshot: Snapshot, member: str, place: str) -> bool:
    team = snapshot.lookups.team()
    return member in team.servers.get(place, team.members)


def _is_told_later(snapshot: Snapshot, wait: str, occasion: HandoverKey, at: Instant) -> bool:
    listings = snapshot.tx.handover_listings(wait, but=0)
    left = occasion.why == "left"
    return any(one.member == occasion.member and (one.why == "left") == left and one.at > at for one in listings)


def _will_be_away(snapshot: Snapshot, occasion: HandoverKey) -> bool:
    absences = snapshot.lookups.preferences.absences_of(occasion.member)
    return any(one.since <= occasion.at < one.until for one in absences)


def _is_told(snapshot: Snapshot, wait: Wait, occasion: HandoverKey, notice: int) -> bool:
    """Whether a list tells of a wait already: theirs, just now, and nothing has come since by which it is theirs; where they
    were on duty only between two shifts, that of whoever was before, unless they took it on; of who left, any such list."""
    member, now = occasion.member, snapshot.now
    listings = snapshot.tx.handover_listings(wait.id, but=notice)
    if occasion.why == "left":
        return any(one.member == member and one.why == "left" for one in listings)
    mine = [one.at for one in listings if one.member == member and one.why != "left" and one.at > now - TOLD_LATELY]
    if mine and _taken_at(wait, member) <= mine[-1]:
        return True
    taken = wait.owner == member and wait.owner_reason in TAKEN_ON
    theirs = any(one.at >= occasion.since for one in listings if one.member != member)
    return occasion.why == "gap" and theirs and not taken and _taken_at(wait, member) < occasion.since


def _taken_at(wait: Wait, member: str) -> Instant:
    """When a member took a wait on last: claimed it, put it off, promised an answer, was handed it. 0 where they didn't."""
    held = () if wait.hold is None or wait.hold.by != member else (wait.hold.since,)
    handed = () if wait.handed is None or wait.handed.to != member else (wait.handed.at,)
    promised = (reply.at for reply in wait.replies if reply.by == member and reply.kind is ReplyKind.PROMISE)
    return max((*held, *handed, *promised), default=0.0)
