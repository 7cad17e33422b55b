"""A member's own list: for Slack's App Home, a panel of buttons on Discord, and `waiting mine`."""

from __future__ import annotations

from bot.commands.context import CommandContext
from bot.domain.views import View
from bot.queries.home import home_facts
from bot.wording import home as wording


def home(ctx: CommandContext) -> View:
    """The own list of a member who asks, with their figures and settings."""
    return wording.home(home_facts(ctx.snapshot, ctx.who, lead=ctx.is_a == "lead"))
