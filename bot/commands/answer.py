"""The answer to a request: what is shown, chosen or done. Pure: a context in, values out; what runs them is in runtime."""

from __future__ import annotations

from bot.commands.arguments import read
from bot.commands.command import Request
from bot.commands.context import CommandContext
from bot.commands.responses import Act, PrivateSpeech, Response, refusal
from bot.commands.table import COMMANDS
from bot.domain.durations import Instant
from bot.domain.refusal import Permission, Refusal
from bot.wording.answers import for_the_team

_RANK: dict[Permission, int] = {"anyone": 0, "member": 1, "lead": 2}


def answer(request: Request | Refusal, ctx: CommandContext, now: Instant) -> Response | Act:
    """What comes of a request. Somebody outside the team gets the same sentence whatever they asked, mistakes included."""
    if ctx.is_a == "anyone":
        return Response(view=for_the_team())
    if isinstance(request, Refusal):
        return Response(view=refusal(request))
    command = COMMANDS[request.verb]
    if _RANK[ctx.is_a] < _RANK[command.role]:
        return Response(view=refusal(_leads_only(command.name, ctx)))
    given, refused = read(command, request, ctx, now)
    if refused is not None and given.wait is not None and command.open_only and not given.wait.wait.open:
        # However the rest of it was meant, there is nothing to do.
        speech = PrivateSpeech(ctx=ctx, now=now, handle=given.wait.handle)
        return Response(view=speech.over(given.wait.wait))
    came = command.run(given, ctx, now) if refused is None else refused
    return Response(view=refusal(came)) if isinstance(came, Refusal) else came


def _leads_only(name: str, ctx: CommandContext) -> Refusal:
    """The refusal of what only leads may do, naming them."""
    leads = ", ".join(ctx.name(lead) for lead in ctx.team.leads)
    return Refusal(says=f"{name} is for leads. Please ask {leads}.")
