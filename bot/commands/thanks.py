"""The thanks that customers said to who asks, and whether the team's weekly digest tells of them: only they can choose that."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.responses import Response, said
from bot.commands.switches import own_switch, saved_switch
from bot.domain.durations import Instant
from bot.domain.params import Param
from bot.domain.refusal import Refusal, quoted
from bot.domain.views import Plain, Spans
from bot.queries.thanks import MOST_TOLD, thanks_of
from bot.wording.thanks import SWITCHED_OFF, public_said, thanks_view

_PUBLIC = {"public": True, "public on": True, "public off": False, "private": False}


def thanks(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Who thanked the asker in the last week; with words: whether the weekly digest tells of it."""
    if not ctx.snapshot.lookups.care.thanks:
        return Response(view=said(ctx, now, Plain(SWITCHED_OFF)))
    own = own_switch(ctx.who, ctx, now)
    if given.text is None:
        return Response(view=thanks_view(thanks_of(ctx.snapshot, ctx.who, MOST_TOLD), public=own.thanks_public))
    words = " ".join(given.text.casefold().split())
    on = _PUBLIC.get(words)
    if on is None:
        says = f"thanks takes public on or public off; what is {quoted(given.text)}?"
        return Refusal(says=says, tries=("thanks", "thanks public on", "thanks public off"))
    spans: Spans = public_said(public=on)
    return saved_switch(ctx.who, replace(own, thanks_public=on), ctx, now, spans)


THANKS = Command(
    name="thanks",
    help="who thanked you in the last week, for you alone; public on: the weekly digest tells of it, too",
    params=(
        Param(
            name="what",
            kind="text",
            required=False,
            tells=True,
            written="public on|off",
            question="May the weekly digest tell of it?",
            examples=("public on", "public off"),
            most=3,
        ),
    ),
    examples=("thanks", "thanks public on"),
    button=True,
    changes=True,
    run=thanks,
)
