"""How a member's reminders reach them, as they choose it in chat: `dm`."""

from __future__ import annotations

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.responses import Response, said, with_note
from bot.domain.durations import Instant
from bot.domain.params import Param
from bot.domain.preferences import SetDm
from bot.domain.views import CommandText, Plain

UNSET = "unset"


def dm(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """Whether reminders come as direct messages."""
    word = given.choice
    if word is None:
        how = "Your reminders come as direct messages." if ctx.wants_dm else "You get no direct messages from me."
        return Response(view=with_note(ctx, now, (Plain(how),), CommandText("dm on"), Plain(" or "), CommandText("dm off")))
    on = None if word == UNSET else word == "on"
    chosen = SetDm(member=ctx.who, on=on, by=ctx.who, at=now)
    return Response(view=said(ctx, now, Plain(how_reached(on))), choices=(chosen,))


def how_reached(on: bool | None) -> str:
    """What somebody chose about direct messages; None: nothing."""
    if on is None:
        return "Direct messages are as the settings file says again."
    if on:
        return "Your reminders and tips come as direct messages from now on."
    return "No direct messages: your reminders stay in the team's channel and on your own list."


DM = Command(
    name="dm",
    help="have your reminders as direct messages, or not",
    params=(Param(name="dm", kind="choice", options=("on", "off", UNSET), required=False, tells=True),),
    examples=("dm on", "dm off"),
    button=True,
    changes=True,
    run=dm,
)
