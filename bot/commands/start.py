"""How reminders begin: what a new house would have sent, and a lead's word that it may."""

from __future__ import annotations

from bot.commands.command import Arguments
from bot.commands.context import CommandContext
from bot.commands.responses import Response, said, with_note
from bot.domain.durations import Instant
from bot.domain.refusal import Refusal
from bot.domain.views import CommandText, PersonName, Plain, Spans, Timestamp
from bot.queries.preview import Begun, begun, preview_facts
from bot.wording.preview import preview as preview_view


def preview(_given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """What would have been sent in the last day, as long as reminders haven't begun."""
    began = begun(ctx.snapshot)
    if began is not None and not ctx.snapshot.lookups.observing:
        return Response(view=with_note(ctx, now, _began(began), CommandText("waiting"), Plain(" shows who waits.")))
    return Response(view=preview_view(preview_facts(ctx.snapshot)))


def start(_given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Let reminders begin."""
    began = begun(ctx.snapshot)
    if began is not None:
        return Response(view=said(ctx, now, *_began(began)))
    if ctx.snapshot.lookups.observing:
        return Refusal(
            says="This run only observes: start realreply without --observe first, then say it again.", tries=("preview",)
        )
    spans: Spans = (
        Plain("Reminders begin now. Who has waited for more than a day is only listed in "),
        CommandText("waiting"),
        Plain("."),
    )
    return Response(view=said(ctx, now, *spans), starts=True)


def _began(began: Begun) -> Spans:
    if began.by is None:
        return (Plain("Reminders are on."),)
    return (Plain("Reminders are on since "), Timestamp(began.at), Plain(", by "), PersonName(began.by), Plain("."))
