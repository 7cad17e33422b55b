"""For leads: what apps wrote to customers, and a filter of the platform's own against who poses as the team."""

from __future__ import annotations

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.responses import FilterRequest, Response, refusal
from bot.domain.durations import DAY, Instant
from bot.domain.params import Param
from bot.domain.refusal import Refusal
from bot.queries.audit import audit_facts
from bot.wording.audit import audit as audit_view
from bot.wording.automod import ALERT, AUTOMOD, BLOCK

DAYS = {"day": 1, "week": 7, "month": 30}
"""How far an audit looks back."""

NO_FILTERS = Refusal(says="There is nothing I could set up: only Discord has a filter of its own for that.", tries=("audit",))


def audit(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """Which apps, bots, webhooks and workflows wrote where customers read, how often, and who heard from nobody else."""
    return Response(view=audit_view(audit_facts(ctx.snapshot, now - DAYS[given.choice or "month"] * DAY, ctx.who)))


def propose(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Show what could be made, or make it on one server: a button names it, and what is done with what is found."""
    del now
    if not ctx.snapshot.lookups.filters:
        return NO_FILTERS
    does, _, server = (given.text or "").partition(" ")
    request = FilterRequest(server=server, blocks=does == BLOCK) if server and does in (ALERT, BLOCK) else FilterRequest()
    return Response(view=refusal(NO_FILTERS), filters=request)


AUDIT = Command(
    name="audit",
    help="which apps, bots, webhooks and workflows wrote to customers, and how often; of a month, if you name nothing",
    role="lead",
    params=(
        Param(
            name="span",
            kind="choice",
            options=tuple(DAYS),
            required=False,
            wrong="audit takes day, week or month; {} is none of these.",
        ),
    ),
    examples=("audit", "audit week"),
    button=True,
    run=audit,
)

FILTER = Command(
    name=AUTOMOD,
    help="Discord's AutoMod against who poses as the team and writes “DM me”: shows the rule, and makes it if you say so",
    role="lead",
    params=(Param(name="where", kind="text", required=False, hidden=True, most=2),),
    examples=(AUTOMOD,),
    button=True,
    run=propose,
)
