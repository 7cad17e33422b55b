"""Who on the team knows a customer: from counts and times of exchanges, never from what was said."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.durations import Instant
from bot.queries.snapshot import Snapshot
from bot.waits import acquaintance


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquainted:
    """A member who knows a customer, in all channels."""

    member: str
    strength: float
    """The decayed count of their exchanges, as of now (see waits.acquaintance)."""
    last: Instant
    """When they last had to do with each other."""


def who_knows(snapshot: Snapshot, customer: str) -> tuple[Acquainted, ...]:
    """The members who know a customer, best first."""
    members = snapshot.lookups.team().members
    known: dict[str, tuple[float, Instant]] = {}
    for one in snapshot.exchanges(customer):
        if one.member in members:
            total, last = known.get(one.member, (0.0, one.at))
            known[one.member] = (total + acquaintance.decayed(one.strength, one.at, snapshot.now), max(last, one.at))
    ranked = sorted(known.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))
    return tuple(Acquainted(member=member, strength=strength, last=last) for member, (strength, last) in ranked)
