"""Who could go on with a wait that somebody hands over: who knows the customer, who is on duty, who has least to do. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bot.domain.durations import Instant
from bot.domain.people import Team
from bot.domain.waits import Wait
from bot.waits import acquaintance
from bot.waits.availability import Strengths, strengths


def successor(
    wait: Wait,
    team: Team,
    *,
    without: Iterable[str],
    known: Strengths,
    away: Callable[[str], bool],
    load: Mapping[str, int],
    now: Instant,
) -> str | None:
    """The colleague to be proposed; None where nobody is here. `known`: who knows the customer, `load`: how many waits are whose.
    Who is away or said "not me" isn't proposed, and leads last among equals."""
    worth = strengths(known, wait.channel, now)
    duty = {member: place for place, member in enumerate(team.duty)}
    here = frozenset(team.there(wait.channel, team.members))
    left_out = {*without, *wait.not_me}

    def rank(member: str) -> tuple[object, ...]:
        strength = worth.get(member, 0.0)
        familiar = strength if strength >= acquaintance.ACQUAINTED else 0.0
        lead = member in team.leads
        return (member not in here, -familiar, duty.get(member, len(duty)), load.get(member, 0), lead, member)

    left = (one for one in team.members if one not in left_out and not away(one) and team.may_read(one, wait.channel))
    return min(left, key=rank, default=None)
