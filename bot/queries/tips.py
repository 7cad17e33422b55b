"""The tip that a member is to be shown, if there is one: the latest of theirs that they don't know of."""

from __future__ import annotations

from bot.domain.tips import STALE, KeptTip
from bot.queries.snapshot import Snapshot
from bot.wording.tips import SeenMessage, TipFacts


def tip_for(snapshot: Snapshot, member: str) -> TipFacts | None:
    """What waits for a member to look at: nothing that leaves, or left, as a direct message, and nothing that they don't want."""
    kept = _latest(snapshot, member)
    return None if kept is None or kept.ahead else _facts(snapshot, kept)


def tip_told(snapshot: Snapshot, member: str, key: str) -> TipFacts | None:
    """What a direct message about the tip with this key tells; None where it isn't the latest any more, or they know of it, or
    don't want it."""
    kept = _latest(snapshot, member)
    return None if kept is None or kept.tip.key != key else _facts(snapshot, kept)


def _latest(snapshot: Snapshot, member: str) -> KeptTip | None:
    tips = snapshot.tx.tips(member, snapshot.now - STALE)
    kept = tips[-1] if tips else None
    if kept is None or kept.told_at is not None or member not in snapshot.lookups.team().members:
        return None
    return kept if snapshot.lookups.preferences.switch_of(member).wants_tip(kept.tip.kind) else None


def _facts(snapshot: Snapshot, kept: KeptTip) -> TipFacts:
    lookups = snapshot.lookups
    return TipFacts(
        tip=kept.tip,
        messages=tuple(
            SeenMessage(
                channel_name=lookups.channel_name(one.channel),
                at=one.at,
                link=lookups.link_to(one.channel, one.id, one.thread),
            )
            for one in kept.tip.messages
        ),
    )
