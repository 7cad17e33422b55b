"""What leads have paused, as lists and digests tell it."""

from __future__ import annotations

from bot.domain.preferences import EVERYWHERE
from bot.queries.snapshot import Snapshot
from bot.wording.switches import PausedPlace


def paused_places(snapshot: Snapshot, *, ahead: bool = False, place: str | None = None) -> tuple[PausedPlace, ...]:
    """The pauses that run; `ahead`: and those that will begin. For the digest of one `place` those of what it tells of."""
    lookups, now = snapshot.lookups, snapshot.now
    choices = lookups.preferences.choices
    pauses = choices.pauses_ahead(now) if ahead else choices.running_pauses(now)
    return tuple(
        PausedPlace(
            channel_name=None if key == EVERYWHERE else lookups.channel_name(key),
            begins=pause.since if pause.since > now else None,
            until=pause.until,
            by=pause.by,
            key=key or EVERYTHING,
        )
        for key, pause in pauses.items()
        if key == EVERYWHERE or (snapshot.shows(key) and snapshot.lookups.digest_tells(place, key))
    )


EVERYTHING = "all"
"""Everything, as `resume` takes it."""
