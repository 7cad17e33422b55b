"""How well members know customers, from ids and times only: a decayed count of exchanges."""

from __future__ import annotations

from collections.abc import Container, Mapping

from bot.domain.durations import Instant, Seconds

HALF_LIFE: Seconds = 90 * 24 * 3600
"""An exchange counts half after a quarter: people change projects, and a year-old exchange should lose to last week's."""

ELSEWHERE = 0.5
"""What an exchange in another channel counts: the same customer, but perhaps another matter."""

ACQUAINTED = 0.4
"""The least strength at which somebody counts as knowing a customer: one exchange in this channel within four months."""


def decayed(strength: float, at: Instant, now: Instant) -> float:
    """`strength` as of `at`, worth at `now`: halved for each HALF_LIFE in between. Never grows for an earlier `now`."""
    return float(strength * 0.5 ** (max(0.0, now - at) / HALF_LIFE))


def after_exchange(known: tuple[float, Instant] | None, now: Instant) -> float:
    """The strength after one more exchange at `now`."""
    return 1.0 + (decayed(known[0], known[1], now) if known else 0.0)


def best(
    known: Mapping[tuple[str, str], tuple[float, Instant]],
    *,
    channel: str,
    now: Instant,
    without: Container[str] = (),
    within: Container[str] | None = None,
) -> tuple[str, float] | None:
    """The member who knows a customer best, with the strength, or None when nobody knows them well enough.

    `known` maps (channel, member) to (strength, at). Members in `without` are passed over, and everybody outside `within`
    if it is given. Ties go to who spoke with the customer last, then to the smaller id, so that the answer is always the same.
    """
    sums: dict[str, tuple[float, Instant]] = {}
    for (where, member), (strength, at) in known.items():
        if member in without or (within is not None and member not in within):
            continue
        worth = strength * 0.5 ** ((now - at) / HALF_LIFE) if now > at else strength  # `decayed`, without the call
        if where != channel:
            worth *= ELSEWHERE
        before = sums.get(member)
        sums[member] = (worth, at) if before is None else (before[0] + worth, max(before[1], at))
    if not sums:
        return None
    member, (strength, _) = min(sums.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))
    return (member, strength) if strength >= ACQUAINTED else None
