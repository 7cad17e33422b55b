"""The answer to a request: what is shown, chosen or done. Pure: a context in, values out; what runs them is in runtime."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.arguments import read
from bot.commands.command import Request
from bot.commands.context import CommandContext
from bot.commands.responses import Act, PrivateSpeech, Response, refusal
from bot.commands.table import COMMANDS
from bot.domain.durations import Instant
from bot.domain.keys import channel_id
from bot.domain.refusal import Permission, Refusal
from bot.domain.tags import with_names
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
    return Response(view=refusal(_readable(came, ctx))) if isinstance(came, Refusal) else came


def _readable(refused: Refusal, ctx: CommandContext) -> Refusal:
    """A refusal in which who was mentioned is named: what repeats a line has them by id."""

    def named(text: str) -> str:
        person, channel = lambda id: ctx.name(ctx.member_of(id)), lambda id: ctx.channel_name(_key(id, ctx)).removeprefix("#")
        return with_names(text, person=person, channel=channel)

    return replace(refused, says=named(refused.says), tries=tuple(map(named, refused.tries)))


def _key(id: str, ctx: CommandContext) -> str:
    return next((key for key in ctx.channels if id in (key, channel_id(key))), id)


def _leads_only(name: str, ctx: CommandContext) -> Refusal:
    """The refusal of what only leads may do, naming them."""
    leads = ", ".join(ctx.name(lead) for lead in ctx.team.leads)
    return Refusal(says=f"{name} is for leads. Please ask {leads}.")
