"""How reminders begin: what a new house would have sent, and a lead's word that it may."""

from __future__ import annotations

from bot.commands.context import CommandContext
from bot.commands.responses import Response, said, with_note
from bot.commands.table import Request
from bot.domain.durations import DAY, Instant
from bot.domain.refusal import Refusal
from bot.domain.views import CommandText, PersonName, Plain, Spans, Timestamp
from bot.wording.preview import PreviewFacts, WouldBe
from bot.wording.preview import preview as show


def preview(_request: Request, here: CommandContext, now: Instant) -> Response | Refusal:
    """What would have been sent in the last day, as long as reminders haven't begun."""
    if here.begun.at is not None and not here.begun.observing:
        return Response(view=with_note(here, now, _began(here), CommandText("waiting"), Plain(" shows who waits.")))
    noted = here.begun.noted_since(now - DAY)
    rows = tuple(WouldBe(wait=wait, channel_name=here.channel_name(wait.channel), at=sent.at, to=sent.to) for wait, sent in noted)
    waiting = [listed.wait for listed in here.waits if listed.wait.hold is None]
    facts = PreviewFacts(
        rows=rows,
        waiting=len(waiting),
        old=sum(wait.opened_at < now - DAY for wait in waiting),
        leads=here.team.leads,
        observing=here.begun.observing,
    )
    return Response(view=show(facts))


def start(_request: Request, here: CommandContext, now: Instant) -> Response | Refusal:
    """Let reminders begin."""
    if here.begun.at is not None:
        return Response(view=said(here, now, *_began(here)))
    if here.begun.observing:
        return Refusal(
            says="This run only observes: start realreply without --observe first, then say it again.", tries=("preview",)
        )
    spans: Spans = (
        Plain("Reminders begin now. Who has waited for more than a day is only listed in "),
        CommandText("waiting"),
        Plain("."),
    )
    return Response(view=said(here, now, *spans), starts=True)


def _began(here: CommandContext) -> Spans:
    if here.begun.by is None or here.begun.at is None:
        return (Plain("Reminders are on."),)
    return (Plain("Reminders are on since "), Timestamp(here.begun.at), Plain(", by "), PersonName(here.begun.by), Plain("."))
