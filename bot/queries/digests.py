"""What the team's digests tell: who is waiting, and the week in sums."""

from __future__ import annotations

from bot.domain.durations import HOUR, WEEK
from bot.queries.snapshot import Snapshot
from bot.queries.waits import rows
from bot.waits.figures import Figures
from bot.wording.digest import DigestFacts, WeekFacts

MOST_IN_DIGEST = 500
"""Open waits a digest looks at, the latest; it lists far fewer."""


def digest_facts(snapshot: Snapshot) -> DigestFacts:
    """Who is waiting, for the digest of a day."""
    listed = rows(snapshot, snapshot.open_waits(MOST_IN_DIGEST), with_unsent=True)
    lookups = snapshot.lookups
    unread = {lookups.channel_name(channel): since for channel, since in lookups.held_since(snapshot.now - HOUR).items()}
    return DigestFacts(rows=listed, now=snapshot.now, zone=lookups.preferences.hours_of("").zone, unread=unread)


def week_facts(snapshot: Snapshot) -> WeekFacts:
    """The sums of the last seven days beside those of the seven before."""
    now, tx = snapshot.now, snapshot.tx
    last, before = Figures(end=now), Figures(end=now - WEEK)
    for wait in tx.opened_since(now - 2 * WEEK):
        if wait.opened_at <= now:
            (last if wait.opened_at > now - WEEK else before).add(wait)
    open_now = len(tx.open_waits(MOST_IN_DIGEST))
    return WeekFacts(figures=last, open_now=open_now, before=before if before.waits else None)
