"""What leads have paused, as lists and digests tell it."""

from __future__ import annotations

from bot.domain.preferences import EVERYWHERE
from bot.queries.snapshot import Snapshot
from bot.wording.switches import PausedPlace


def paused_places(snapshot: Snapshot) -> tuple[PausedPlace, ...]:
    """The pauses that run."""
    lookups = snapshot.lookups
    running = lookups.preferences.choices.running_pauses(snapshot.now)
    return tuple(
        PausedPlace(
            channel_name=None if key == EVERYWHERE else lookups.channel_name(key),
            until=pause.until,
            by=pause.by,
            key=key or EVERYTHING,
        )
        for key, pause in running.items()
    )


EVERYTHING = "all"
"""Everything, as `resume` takes it."""
