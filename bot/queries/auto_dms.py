"""What was reported of auto-DMs, as sums by app: for leads, and without any person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.coaching.check import alike
from bot.domain.auto_dms import AutoDm, AutoDmSort
from bot.domain.durations import DAY, Instant
from bot.ports import Lookup
from bot.queries.snapshot import Snapshot
from bot.wording.auto_dms import AutoDmSource

MOST_SOURCES = 10
"""Apps that are named, those of which most was reported."""

MOST_COMPARED = 100
"""Messages of one app that are compared with each other, the latest."""


def auto_dms_told(tx: Lookup, since: Instant, reader: str | None = None) -> list[AutoDm]:
    """What was reported since an instant, as far as `reader`, a member, may know of it by sums: without what came in their own
    name. A sum that grows soon after they wrote to somebody would tell them who reported it; a tip does so days later."""
    return [report for report in tx.auto_dms(since) if reader is None or report.sender != reader]


def auto_dm_sources(snapshot: Snapshot, reader: str, *, days: int) -> tuple[AutoDmSource, ...]:
    """The apps by which reported direct messages came in the last days, most first, as far as `reader` may know; what has no
    app's mark is one sum, last, whoever sent it."""
    by_source: dict[tuple[str, str], dict[str, AutoDm]] = {}
    for report in auto_dms_told(snapshot.tx, snapshot.now - days * DAY, reader):
        # A message that several people report is one; what it was says who said anything about it.
        of_source = by_source.setdefault((report.platform if report.app else "", report.app), {})
        if report.message not in of_source or report.sort is not AutoDmSort.UNSAID:
            of_source[report.message] = report
    found = [_source(platform, app, list(reports.values())) for (platform, app), reports in by_source.items()]
    found.sort(key=lambda one: (not one.app, -one.messages, one.app_name, one.app))
    return tuple(found[:MOST_SOURCES])


def _source(platform: str, app: str, reports: Sequence[AutoDm]) -> AutoDmSource:
    sorts = Counter(report.sort for report in reports)
    return AutoDmSource(
        app=app,
        app_name=reports[-1].app_name,
        platform=platform,
        messages=len(reports),
        sorts=tuple((sort, sorts[sort]) for sort in AutoDmSort if sorts[sort]),
        alike=_most_alike(reports[-MOST_COMPARED:]),
    )


def _most_alike(reports: Sequence[AutoDm]) -> int:
    """How many of the messages say nearly the same as one of them, that one included."""
    words = [report.words for report in reports]
    return max((sum(alike(frozenset(mine), theirs) for theirs in words) for mine in words), default=0)
