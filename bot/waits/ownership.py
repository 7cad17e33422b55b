"""Whom to ask: the member who should reply to a wait, and why."""

from __future__ import annotations

from bot.domain.durations import Instant
from bot.domain.waits import OwnerReason, ReplyKind, Wait
from bot.waits import acquaintance, holds
from bot.waits.channel_state import ChannelState


def choose(state: ChannelState, wait: Wait, now: Instant) -> tuple[str | None, OwnerReason]:
    """The owner and the reason, strongest first: claimed, assigned, promised, named in the message, partner in the thread,
    best acquaintance, first on duty who can reply there; (None, "team") when nobody stands out.

    Who said "not me" is passed over, and so is who is away now (on vacation, not merely asleep), whatever speaks for them: the
    customer is better off with somebody who is here. So is who is on another server's team only.
    """
    team = state.team
    away = (member for member in team.members if state.is_away(member, now))
    outside = (member for member in team.members if not team.may_read(member, wait.channel)) if team.servers else ()
    passed = (*wait.not_me, *away, *outside)
    claimant = holds.claimant(wait.hold)
    if claimant is not None and claimant not in passed:
        return claimant, "claimed"
    if wait.owner is not None and wait.owner_reason == "claimed" and wait.owner not in passed:
        return wait.owner, "claimed"
    if wait.owner is not None and wait.owner_reason == "assigned" and wait.owner not in passed:
        return wait.owner, "assigned"
    for reply in reversed(wait.replies):
        if reply.kind in (ReplyKind.PROMISE, ReplyKind.HOLDING) and reply.by not in passed:
            return reply.by, "promised"
    for member in wait.named_members:
        if member not in passed:
            return member, "named"
    partner = _thread_partner(state, wait, passed)
    if partner is not None:
        return partner, "thread"
    known = state.acquainted.get(wait.customer)
    if known:
        found = acquaintance.best(known, channel=wait.channel, now=now, without=passed, within=state.team.members or None)
        if found is not None:
            return found[0], "acquaintance"
    for member in team.there(wait.channel, team.duty):
        if member not in passed:
            return member, "duty"
    return None, "team"


def _thread_partner(state: ChannelState, wait: Wait, passed: tuple[str, ...]) -> str | None:
    """The member who spoke last in the wait's thread."""
    if wait.thread is None:
        return None
    for seen in state.window.before(wait.last_message_at, wait.messages[-1]):
        in_thread = wait.thread in (seen.thread, seen.id)
        if in_thread and seen.author in state.team.members and seen.author not in passed:
            return seen.author
    return None
