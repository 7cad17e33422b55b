"""Customers to whom somebody of the team had better be introduced, for leads: who stopped asking, who knows only one of us."""

from __future__ import annotations

from bot.domain.durations import DAY, Seconds
from bot.domain.waits import ANSWERING, Wait
from bot.queries.snapshot import Snapshot
from bot.wording.introductions import Introductions, KnowsOne, StoppedAsking

SILENT: Seconds = 30 * DAY
"""Who wrote nothing for so long doesn't ask any more."""

LOST: Seconds = 120 * DAY
"""Whoever asked longer ago than that is gone: no introduction brings them back."""

UNHEARD = 2
"""So many questions in a row that nobody answered, at the end."""

WELL = 2.2
"""The strength of an acquaintance from which on it counts: three exchanges within a quarter, and never fewer."""

QUARTER: Seconds = 90 * DAY
"""Who hasn't been heard of for longer needs nobody else."""

MOST_LOOKED_AT = 200
"""Customers who are looked at, the latest."""

MOST = 10
"""Customers who are listed of each."""


def introductions(snapshot: Snapshot) -> Introductions:
    """Whom to introduce whom to, the latest first. Nobody where the settings leave that out."""
    if not snapshot.lookups.care.introductions:
        return Introductions()
    return Introductions(stopped=_stopped(snapshot), known=_known_by_one(snapshot))


def _stopped(snapshot: Snapshot) -> tuple[StoppedAsking, ...]:
    """Who asked at least twice, heard from nobody, and has been silent for a month."""
    tx, lookups, now = snapshot.tx, snapshot.lookups, snapshot.now
    unheard: dict[str, Wait] = {}
    for customer in tx.fell_silent(now - LOST, now - SILENT, waits=UNHEARD, limit=MOST_LOOKED_AT):
        latest = tx.latest_waits(customer, UNHEARD)
        if len(latest) == UNHEARD and all(map(_went_unheard, latest)) and snapshot.shows(latest[0].channel):
            unheard[customer] = latest[0]
    spoke = tx.wrote(unheard, now - SILENT) if unheard else frozenset[str]()
    return tuple(
        StoppedAsking(
            customer=customer,
            company=lookups.company_of(customer),
            channel_name=lookups.channel_name(wait.channel),
            link=lookups.link_of(wait),
            at=wait.last_message_at,
        )
        for customer, wait in unheard.items()
        if customer not in spoke and customer not in lookups.team().members
    )[:MOST]


def _went_unheard(wait: Wait) -> bool:
    """Whether nobody answered: not a word, or only where else to ask, or that somebody will."""
    return wait.open and wait.possible_answer is None and not any(reply.kind in ANSWERING for reply in wait.replies)


def _known_by_one(snapshot: Snapshot) -> tuple[KnowsOne, ...]:
    """Whom one member alone has dealt with, three times at least; nobody where there is no colleague."""
    lookups, members = snapshot.lookups, snapshot.members()
    if len(members) < 2:
        return ()
    found: list[KnowsOne] = []
    for one in snapshot.tx.known_by_one(lookups.team().members, since=snapshot.now - QUARTER, least=WELL, limit=MOST_LOOKED_AT):
        if not snapshot.shows(one.channel) or one.member not in members or one.customer in lookups.team().members:
            continue
        latest = snapshot.tx.latest_waits(one.customer, 1)
        there = [wait for wait in latest if snapshot.shows(wait.channel)]
        found.append(
            KnowsOne(
                customer=one.customer,
                company=lookups.company_of(one.customer),
                member=one.member,
                channel_name=lookups.channel_name(there[0].channel if there else one.channel),
                link=lookups.link_of(there[0]) if there else None,
                at=one.at,
            )
        )
        if len(found) == MOST:
            break
    return tuple(found)
