"""Auto-DM: direct messages came in a member's name that, by the platform's own marks or by two people who don't know of each
other, nobody typed.

The member is told some days later, at an hour that has nothing to do with when it was reported: nobody is to find out who did.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.domain.auto_dms import AutoDm
from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.tips import APART, STALE, KeptTip, Tip, TipKind

REPORTERS: Final = 2
"""People who have to say so, each by themselves, where the platform has no mark. What one alone says is kept, and told nobody."""

SOONEST: Final[Seconds] = 1 * DAY
LATEST: Final[Seconds] = 4 * DAY
"""How long after the report that decides it a member is told."""


def auto_dm(member: str, reports: Sequence[AutoDm], earlier: Sequence[KeptTip], now: Instant, *, chance: float) -> Tip | None:
    """The tip that the reports of a member's direct messages give rise to. `earlier` are the tips they got, or are to get, within
    the last month; `chance`, of 0 to 1, says when it is told. What they were told of before isn't told again."""
    told = max((kept.tip.at for kept in earlier if kept.tip.kind is TipKind.AUTO_DM), default=0.0)
    since = max(told, now - STALE)
    new = [report for report in reports if report.sender == member and (report.reported_at or 0.0) > since]
    if not new or told > now:
        return None
    if not any(report.automatic for report in new) and len({report.reporter for report in new}) < REPORTERS:
        return None
    latest = max((max(kept.tip.at, kept.told_at or 0.0) for kept in earlier), default=0.0)
    free = max(now, latest + APART) if latest else now  # a member gets one tip a week, of whatever kind
    return Tip(
        kind=TipKind.AUTO_DM,
        member=member,
        at=free + SOONEST + chance * (LATEST - SOONEST),
        trigger=new[-1].message,
        count=len({report.message for report in new}),
    )
