"""After the last rung a wait ends with a person: digests mention who should reply, then a lead, once, who decides. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain import hours
from bot.domain.durations import DAY, Instant
from bot.domain.hours import Hours
from bot.domain.notifications import Appeal
from bot.domain.people import Team
from bot.domain.waits import Wait
from bot.waits.availability import Availability
from bot.waits.ladder import SURE


def appeal(
    wait: Wait, team: Team, people: Availability, *, earlier: Sequence[Appeal], told_today: Callable[[str], bool]
) -> Appeal | None:
    """Whom a digest mentions now about a wait whose last rung has left; None: nobody, it is only listed.

    `earlier` are those that digests mentioned about it before, `told_today` says whether an earlier digest of the day mentioned
    somebody. A wait the judge isn't sure of had its one question.
    """
    most = people.quiet.digest_mentions
    if not wait.open or wait.hold is not None or wait.probability < SURE or not most or any(one.decides for one in earlier):
        return None
    decides = len(earlier) >= most
    owner = () if wait.owner is None or wait.owner not in team.members else (wait.owner,)
    candidates = team.leads if decides else dict.fromkeys((*owner, *team.duty, *team.leads))
    for member in candidates:
        if member not in wait.not_me and can_be_mentioned(member, people):
            if told_today(member) or (earlier and earlier[-1].at >= _midnight(people.quiet.hours_of(member), people.now)):
                return None  # once a day, each person and each wait: there is another day tomorrow
            return Appeal(wait=wait.id, person=member, at=people.now, decides=decides)
    return None


def can_be_mentioned(member: str, people: Availability) -> bool:
    """Whether a digest may mention somebody: it is a working day of theirs, and they want to be mentioned. What they were told
    today doesn't count, and a mention doesn't either."""
    quiet, now = people.quiet, people.now
    switch, works = quiet.switch_of(member), quiet.hours_of(member)
    if switch.budget == 0 or "digests" not in switch.wanted or (switch.muted_until is not None and switch.muted_until > now):
        return False
    if hours.is_away(works, now):
        return False
    midnight = _midnight(works, now)
    return hours.working_between(works, midnight, _midnight(works, midnight + 1.5 * DAY)) > 0


def _midnight(works: Hours, at: Instant) -> Instant:
    """When the day of an instant began by somebody's clock."""
    local = datetime.fromtimestamp(at, works.zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp()
