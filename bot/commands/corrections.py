"""What a member who corrected something is told: privately, with the way to take it back."""

from __future__ import annotations

from bot.commands.context import CommandContext, ListedWait
from bot.commands.responses import offering, said
from bot.domain.durations import Instant
from bot.domain.events import Says
from bot.domain.views import Button, Code, PersonName, Plain, Spans, Timestamp, View
from bot.domain.waits import Reply, Wait, WaitState
from bot.waits.corrections import Outcome
from bot.wording.ended import SettledFacts, going_on, outcome

STILL_WAITING = "Still waiting"
NEEDS_NONE = "No reply needed"


def told(came: Outcome, listed: ListedWait | None, ctx: CommandContext, now: Instant) -> View:
    """What came of a correction. `listed` is its wait as it is now, where there is one."""
    if came.how == "not_a_customer":
        author = came.author or ""
        who: Spans = (Plain("That was written by "), PersonName(author))
        what = ", who is on the team" if author in ctx.team.members else ", an app"
        return said(ctx, now, *who, Plain(f"{what}: only customers wait."))
    if came.how == "unknown":
        return said(ctx, now, Plain("That message is older than anything I keep, so I can't put it on the list."))
    if listed is None:
        return said(ctx, now, Plain("Nobody is waiting because of that message, so there is nothing to take off the list."))
    handle, wait = listed.handle, listed.wait
    which: Spans = (Code(handle), Plain(", "), PersonName(wait.customer), Plain(f" in #{ctx.channel_name(wait.channel)}"))
    if came.how in ("opened", "reopened", "joined", "waits_already"):
        so: Spans = (*which, Plain(", "), *_listed(came), Plain(", waiting since "), Timestamp(wait.opened_at), Plain("."))
        spans = (*so, *_overruled(came.answered))
        return offering(ctx, now, spans, Button("I'm on it", "claim", handle, "primary"), Button(NEEDS_NONE, "dismiss", handle))
    if came.how == "dismissed":
        spans = (Plain("Thank you. "), *which, Plain(", needs no reply: it is off the list."))
        return offering(ctx, now, spans, Button(STILL_WAITING, "reopen", handle))
    if came.how == "off_already":
        return offering(ctx, now, (*which, Plain(", is off the list already.")), Button(STILL_WAITING, "reopen", handle))
    facts = SettledFacts(wait=wait, handle=handle, now=now, zone=ctx.zone, channel_name=ctx.channel_name(wait.channel))
    over: Spans = (
        *which,
        Plain(", is over already: "),
        *going_on(outcome(facts)),
        Plain(". I've noted that it needed no reply."),
    )
    return said(ctx, now, *over)


def as_it_stands(says: Says, wait: Wait | None) -> Outcome:
    """What came of a correction that was delivered before: what holds of its wait now."""
    if wait is None:
        return Outcome(how="unknown" if says == "waits" else "not_listed")
    if wait.open:
        return Outcome(how="waits_already", wait=wait.id)
    return Outcome(how="off_already" if wait.state is WaitState.DISMISSED else "noted", wait=wait.id)


def _listed(came: Outcome) -> Spans:
    words = {
        "opened": "is on the list now",
        "reopened": "is back on the list",
        "joined": "was on the list; this message belongs to it now",
        "waits_already": "is on the list already",
    }
    return (Plain(words[came.how]),)


def _overruled(answered: Reply | None) -> Spans:
    if answered is None:
        return ()
    whose: Spans = (Plain(" I had taken "), PersonName(answered.by), Plain("'s message of "), Timestamp(answered.at))
    return (*whose, Plain(" for the answer; your word counts."))
