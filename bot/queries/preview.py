"""Whether reminders have begun, and what would have been sent as long as they haven't."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.durations import DAY, Instant
from bot.domain.marks import BEGUN_ANEW, STARTED
from bot.domain.waits import Wait
from bot.queries.snapshot import Snapshot
from bot.wording.preview import PreviewFacts, WouldBe

MOST_COUNTED = 100_000
"""Open waits that are counted, the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """When reminders began, and by whose word (None: they always did)."""

    at: Instant
    by: str | None = None


def begun(snapshot: Snapshot) -> Begun | None:
    """Whether reminders have begun; None when a lead hasn't let them yet."""
    if not snapshot.lookups.begins_by_lead:
        return Begun(at=0.0)
    started = snapshot.tx.mark(STARTED)
    return None if started is None else Begun(at=started.at, by=started.by)


def preview_facts(snapshot: Snapshot, place: str | None = None) -> PreviewFacts:
    """What would have been sent in the last day, and who waits now; for one `place`, where servers have a team each, its own."""
    lookups, tx, now = snapshot.lookups, snapshot.tx, snapshot.now

    def told(wait: Wait) -> bool:
        return snapshot.shows(wait.channel) and lookups.digest_tells(place, wait.channel)

    noted = tx.noted_since(now - DAY)
    waits = {wait.id: wait for wait in tx.waits(tuple({sent.wait for sent in noted}))}
    would_be = tuple(
        WouldBe(wait=wait, channel_name=lookups.channel_name(wait.channel), at=sent.at, to=sent.to)
        for sent in noted
        if (wait := waits.get(sent.wait)) is not None and told(wait)
    )
    waiting = [wait for wait in tx.open_waits(MOST_COUNTED) if wait.as_of(now).hold is None and told(wait)]
    return PreviewFacts(
        rows=would_be,
        waiting=len(waiting),
        old=sum(wait.opened_at < now - DAY for wait in waiting),
        leads=lookups.team().leads,
        observing=lookups.observing,
        anew=tx.mark(BEGUN_ANEW) is not None,
    )
