"""How reminders begin: what a new house would have sent, and a lead's word that it may."""

from __future__ import annotations

from bot.commands.command import Arguments
from bot.commands.context import CommandContext
from bot.commands.responses import Response, said, with_note
from bot.domain.durations import DAY, Instant
from bot.domain.refusal import Refusal
from bot.domain.views import CommandText, PersonName, Plain, Spans, Timestamp
from bot.wording.preview import PreviewFacts, WouldBe
from bot.wording.preview import preview as show


def preview(_given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """What would have been sent in the last day, as long as reminders haven't begun."""
    if ctx.begun.at is not None and not ctx.begun.observing:
        return Response(view=with_note(ctx, now, _began(ctx), CommandText("waiting"), Plain(" shows who waits.")))
    noted = ctx.begun.noted_since(now - DAY)
    rows = tuple(WouldBe(wait=wait, channel_name=ctx.channel_name(wait.channel), at=sent.at, to=sent.to) for wait, sent in noted)
    waiting = [listed.wait for listed in ctx.waits if listed.wait.hold is None]
    facts = PreviewFacts(
        rows=rows,
        waiting=len(waiting),
        old=sum(wait.opened_at < now - DAY for wait in waiting),
        leads=ctx.team.leads,
        observing=ctx.begun.observing,
    )
    return Response(view=show(facts))


def start(_given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Let reminders begin."""
    if ctx.begun.at is not None:
        return Response(view=said(ctx, now, *_began(ctx)))
    if ctx.begun.observing:
        return Refusal(
            says="This run only observes: start realreply without --observe first, then say it again.", tries=("preview",)
        )
    spans: Spans = (
        Plain("Reminders begin now. Who has waited for more than a day is only listed in "),
        CommandText("waiting"),
        Plain("."),
    )
    return Response(view=said(ctx, now, *spans), starts=True)


def _began(ctx: CommandContext) -> Spans:
    if ctx.begun.by is None or ctx.begun.at is None:
        return (Plain("Reminders are on."),)
    return (Plain("Reminders are on since "), Timestamp(ctx.begun.at), Plain(", by "), PersonName(ctx.begun.by), Plain("."))
