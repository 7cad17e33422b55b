"""Who only pointed a customer elsewhere left a loop open: the question stands where it was asked. They are asked, once, whether
they close it: in their own list, and by a direct message where they asked for those."""

from __future__ import annotations

from bot.domain.durations import MINUTE, Instant, Seconds
from bot.domain.people import Team
from bot.domain.rules import ChannelRules
from bot.domain.waits import Hold, Reply, ReplyKind, Wait
from bot.waits import holds
from bot.waits.availability import AskingFacts, Availability, QuietRules

ASKED_AFTER: Seconds = 15 * MINUTE
"""How long after it a member is asked by a direct message: they may go on writing, or a colleague answers."""


def pointed_elsewhere(wait: Wait, member: str) -> Reply | None:
    """The last message of a member about a wait, where that only pointed its customer elsewhere; None where it didn't."""
    last = next((reply for reply in reversed(wait.replies) if reply.by == member), None)
    return last if last is not None and last.kind is ReplyKind.REDIRECT else None


def in_question(wait: Wait, rules: ChannelRules) -> Hold | None:
    """What holds a wait because somebody pointed its customer elsewhere, if they are asked about that."""
    hold = wait.hold
    return hold if rules.close_loop and hold is not None and holds.leaves_open(hold) else None


def asked_at(
    wait: Wait, rules: ChannelRules, team: Team, quiet: QuietRules, *, now: Instant, facts: AskingFacts
) -> Instant | None:
    """When who pointed a wait's customer elsewhere is to be asked by a direct message, once: now, or later, while that holds the
    wait. None: they aren't, but in their list."""
    hold = in_question(wait, rules)
    if hold is None or hold.by not in team.members or hold.by in wait.not_me:
        return None
    if not quiet.direct(hold.by) or hold.until in facts.asked_of_loops():
        return None
    from_ = hold.since + min(ASKED_AFTER, (hold.until - hold.since) / 2)
    at: Instant | None = max(from_, quiet.paused(wait.channel, now) or from_)
    if at is not None and at <= now:
        people = Availability(quiet=quiet, facts=facts, now=now)
        free = people.passed(hold.by, own=True) is None
        at = (people.rests_until(hold.by) or now) if free else people.back(hold.by, own=True)
    return at if at is not None and at < hold.until else None
