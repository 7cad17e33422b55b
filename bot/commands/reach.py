"""When a member is told of what is theirs."""

from __future__ import annotations

from bot.commands.context import CommandContext
from bot.domain.durations import Instant
from bot.domain.notifications import NothingLeaves, Telling
from bot.domain.views import Plain, Spans
from bot.queries.preview import begun
from bot.waits.availability import AskingFacts, Availability, QuietRules
from bot.wording.switches import silence_words


def telling(ctx: CommandContext, member: str, channel: str, now: Instant) -> Telling:
    """When a reminder of what is theirs, and waits in a channel (by key), comes to a member."""
    lookups, tx = ctx.snapshot.lookups, ctx.snapshot.tx
    quiet = QuietRules(
        hours_of=ctx.hours_of, budget=ctx.team_budget, switch_of=ctx.switch_of, reaches=lookups.reaches, outside=lookups.outside
    )
    facts = AskingFacts(notified=lambda who, since: tx.notified(who, since, but=()), mentioned=tx.appealed_to)
    people = Availability(quiet=quiet, facts=facts, now=now, about=channel)
    passed = people.passed(member, own=True)
    at = people.rests_until(member) if passed is None else passed.until
    pause = ctx.choices.paused(channel, now)
    if pause is None or (at is not None and at >= pause.until):
        return Telling(at=at, passed=passed, silence=silence(ctx))
    return Telling(at=pause.until, passed=passed, paused=True, silence=silence(ctx))


def silence(ctx: CommandContext) -> NothingLeaves:
    """Why nothing leaves at all, if that is so."""
    if ctx.snapshot.lookups.observing:
        return "observing"
    return "not_begun" if begun(ctx.snapshot) is None else ""


def with_silence(ctx: CommandContext, note: Spans) -> Spans:
    """What more is said below the answer to a choice, and where nothing leaves at all, that."""
    said = silence_words(silence(ctx))
    return (*note, Plain(" "), *said) if said else note
