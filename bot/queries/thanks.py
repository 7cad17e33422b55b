"""The thanks that a member reads of in their own list, and those that the weekly digest tells of."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.durations import WEEK
from bot.domain.thanks import SHOWN, Thanks
from bot.queries.snapshot import Snapshot
from bot.wording.thanks import ThanksRow

MOST_OWN = 2
"""Thanks that stand on a member's own list, the latest."""

MOST_TOLD = 20
"""Thanks that are listed to who asks for them."""

MOST_PUBLIC = 5
"""Thanks that a weekly digest tells of."""

MOST_EACH = 3
"""Of those to the same member, so that nobody's fill it."""


def thanks_of(snapshot: Snapshot, member: str, most: int = MOST_OWN) -> tuple[ThanksRow, ...]:
    """The thanks to a member of the last week, the latest of them first."""
    if not snapshot.lookups.care.thanks or member not in snapshot.lookups.team().members:
        return ()
    found = snapshot.tx.thanks_to(member, snapshot.now - SHOWN, most)
    return tuple(_row(snapshot, thanks) for thanks in found if snapshot.shows(thanks.channel))


def public_thanks(snapshot: Snapshot, told: Callable[[str], bool]) -> tuple[ThanksRow, ...]:
    """The week's thanks to those who agreed that the digest tells of them, in channels of which it tells, oldest first."""
    lookups = snapshot.lookups
    if not lookups.care.thanks:
        return ()
    found: list[Thanks] = []
    for member in sorted(snapshot.members()):
        if lookups.preferences.switch_of(member).thanks_public:
            theirs = snapshot.tx.thanks_to(member, snapshot.now - WEEK, MOST_TOLD)
            found += [thanks for thanks in theirs if told(thanks.channel)][:MOST_EACH]
    found.sort(key=lambda thanks: (-thanks.at, thanks.member))
    return tuple(_row(snapshot, thanks) for thanks in reversed(found[:MOST_PUBLIC]))


def _row(snapshot: Snapshot, thanks: Thanks) -> ThanksRow:
    lookups = snapshot.lookups
    link = lookups.link_to(thanks.channel, thanks.message, thanks.thread)
    return ThanksRow(thanks=thanks, channel_name=lookups.channel_name(thanks.channel), link=link)
