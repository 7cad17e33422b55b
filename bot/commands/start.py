"""How reminders begin: what a new house would have sent, and a lead's word that it may."""

from __future__ import annotations

from bot.commands.context import Snapshot
from bot.commands.responses import Answer, said, with_note
from bot.commands.table import Request
from bot.domain.model import Instant
from bot.domain.refusal import Refusal
from bot.domain.views import Plain, Spans, Typed, When, Who
from bot.wording.preview import DAY, PreviewFacts, WouldBe
from bot.wording.preview import preview as show


def preview(_request: Request, here: Snapshot, now: Instant) -> Answer | Refusal:
    """What would have been sent in the last day, as long as reminders haven't begun."""
    if here.begun.at is not None and not here.begun.observing:
        return Answer(view=with_note(here, now, _began(here), Typed("waiting"), Plain(" shows who waits.")))
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
    return Answer(view=show(facts))


def start(_request: Request, here: Snapshot, now: Instant) -> Answer | Refusal:
    """Let reminders begin."""
    if here.begun.at is not None:
        return Answer(view=said(here, now, *_began(here)))
    if here.begun.observing:
        return Refusal(
            says="This run only observes: start realreply without --observe first, then say it again.", tries=("preview",)
        )
    spans: Spans = (
        Plain("Reminders begin now. Who has waited for more than a day is only listed in "),
        Typed("waiting"),
        Plain("."),
    )
    return Answer(view=said(here, now, *spans), starts=True)


def _began(here: Snapshot) -> Spans:
    if here.begun.by is None or here.begun.at is None:
        return (Plain("Reminders are on."),)
    return (Plain("Reminders are on since "), When(here.begun.at), Plain(", by "), Who(here.begun.by), Plain("."))
