"""The tip that a member is to be shown, if there is one: the latest of theirs that they don't know of."""

from __future__ import annotations

from bot.coaching.auto_dm import LATEST
from bot.domain.tips import APART, STALE, KeptTip, TipKind
from bot.queries.snapshot import Snapshot
from bot.wording.tips import SeenMessage, TipFacts

LOOK_BACK = STALE + LATEST + APART
"""How far before a tip the reports lie that it rests on, at most."""


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
    made = snapshot.tx.tips(member, snapshot.now - STALE)
    # What is for a later day isn't told before. Of other kinds the time is their message's, by the platform's own clock.
    tips = [kept for kept in made if kept.tip.kind is not TipKind.AUTO_DM or kept.tip.at <= snapshot.now]
    kept = tips[-1] if tips else None
    team = snapshot.lookups.team()
    if kept is None or kept.told_at is not None or member not in team.members:
        return None
    if not all(team.may_read(member, one.channel) for one in kept.tip.messages):
        return None  # they left that server's team: it has a customer's name
    return kept if snapshot.lookups.preferences.switch_of(member).wants_tip(kept.tip.kind) else None


def _facts(snapshot: Snapshot, kept: KeptTip) -> TipFacts:
    lookups = snapshot.lookups
    of_them = kept.tip.kind is TipKind.AUTO_DM
    reports = snapshot.tx.auto_dms(kept.tip.at - LOOK_BACK, sender=kept.tip.member) if of_them else ()
    return TipFacts(
        tip=kept.tip,
        apps=tuple(dict.fromkeys(report.app_name for report in reports if report.app_name)),
        messages=tuple(
            SeenMessage(
                channel_name=lookups.channel_name(one.channel),
                at=one.at,
                link=lookups.link_to(one.channel, one.id, one.thread),
            )
            for one in kept.tip.messages
        ),
    )
