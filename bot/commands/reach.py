"""Whether a member can be told of what is theirs at once."""

from __future__ import annotations

from bot.commands.context import CommandContext
from bot.domain.durations import Instant
from bot.domain.notifications import PassedOver
from bot.waits.availability import AskingFacts, Availability, QuietRules


def passed_now(ctx: CommandContext, member: str, now: Instant) -> PassedOver | None:
    """Why a reminder that is theirs doesn't come to a member now; None where it does."""
    quiet = QuietRules(hours_of=ctx.hours_of, budget=ctx.team_budget, switch_of=ctx.switch_of)
    facts = AskingFacts(notified=lambda who, since: ctx.snapshot.tx.notified(who, since, but=()))
    return Availability(quiet=quiet, facts=facts, now=now).passed(member, own=True)
