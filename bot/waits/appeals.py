"""After the last rung a wait ends with a person: digests mention who should reply, then a lead, once, who decides. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from bot.domain.durations import HOUR, Instant, Seconds
from bot.domain.hours import Hours
from bot.domain.notifications import Appeal
from bot.domain.people import Team
from bot.domain.waits import Wait
from bot.waits.availability import Availability
from bot.waits.ladder import SURE

SOON: Seconds = HOUR
"""Who begins work within this time may be mentioned: a digest comes before the day begins."""


def appeal(
    wait: Wait,
    team: Team,
    people: Availability,
    *,
    earlier: Sequence[Appeal],
    told_today: Callable[[str], bool],
    again: int = 0,
    unreached: Collection[str] = (),
) -> Appeal | None:
    """Whom a digest mentions now about a wait whose last rung has left; None: nobody, it is only listed.

    `earlier` are those that digests mentioned about it before, `told_today` says whether an earlier digest of the day mentioned
    somebody, `again` how often its last rung came once more, because no digest met anybody (see `opening`); whoever is
    `unreached` no digest can mention. A wait the judge isn't sure of had its one question.
    """
    candidates, decides = _candidates(wait, team, people, earlier, again, unreached)
    for member in candidates:
        if can_be_mentioned(member, people):
            if told_today(member) or (earlier and earlier[-1].at >= _midnight(people.quiet.hours_of(member), people.now)):
                return None  # once a day, each person and each wait: there is another day tomorrow
            if people.rests_until(member) is not None:
                return None  # told something a moment ago
            return Appeal(wait=wait.id, person=member, at=people.now, decides=decides)
    return None


def opening(
    wait: Wait,
    team: Team,
    people: Availability,
    *,
    earlier: Sequence[Appeal],
    again: int = 0,
    unreached: Collection[str] = (),
) -> Instant | None:
    """When the last rung comes once more for want of anybody whom a digest could mention now: as soon as one of them begins work
    today. None where a digest can mention one, or nobody works today."""
    candidates, _ = _candidates(wait, team, people, earlier, again, unreached)
    willing = [member for member in candidates if _wants_mentions(member, people)]
    if any(can_be_mentioned(member, people) for member in willing):
        return None
    found = [
        opens
        for member in willing
        if (opens := people.opens(member)) is not None
        and _midnight(people.quiet.hours_of(member), opens) == _midnight(people.quiet.hours_of(member), people.now)
    ]
    return min(found, default=None)


def _candidates(
    wait: Wait, team: Team, people: Availability, earlier: Sequence[Appeal], again: int, unreached: Collection[str]
) -> tuple[Sequence[str], bool]:
    """Who may be mentioned, best first, and whether it is to decide: who should reply, as often as the settings say, then who
    leads; at once, where everybody passed it on. Where nobody leads everybody does. Who has no account where the customer waits
    can't reply there, and is named only where it is theirs."""
    most, times = people.quiet.digest_mentions, len(earlier) + again
    over = times > most or any(one.decides for one in earlier)
    if not wait.open or wait.hold is not None or wait.probability < SURE or not most or over:
        return (), False
    everybody = sorted(team.members - set(unreached))
    here = team.there(wait.channel, everybody)
    owner = () if wait.owner is None or wait.owner not in everybody else (wait.owner,)
    ranked = dict.fromkeys((*owner, *(member for member in (*team.duty, *team.leads, *here) if member in here)))
    left = [one for one in ranked if one not in wait.not_me]
    if times < most and left:
        return left, False
    leads = [lead for lead in team.leads if lead not in unreached] or everybody
    return sorted(leads, key=lambda member: (member in wait.not_me, member not in here)), True


def can_be_mentioned(member: str, people: Availability) -> bool:
    """Whether a digest may mention somebody: they are at work, or soon will be, and they want to be mentioned. What they were
    told today doesn't count, and a mention doesn't either."""
    opens = people.opens(member)
    return opens is not None and opens - people.now <= SOON and _wants_mentions(member, people)


def _wants_mentions(member: str, people: Availability) -> bool:
    switch = people.quiet.switch_of(member)
    muted = switch.muted_until is not None and switch.muted_until > people.now
    return switch.budget != 0 and "digests" in switch.wanted and not muted


def _midnight(works: Hours, at: Instant) -> Instant:
    """When the day of an instant began by somebody's clock."""
    local = datetime.fromtimestamp(at, works.zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp()
