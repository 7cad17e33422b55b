"""A member's own list, gathered: for Slack's App Home, a panel of buttons on Discord, and `waiting mine`."""

from __future__ import annotations

from bot.commands.context import CommandContext, ListedWait
from bot.commands.lists import figures_of, rows_of
from bot.commands.preferences import say_hours
from bot.domain.durations import Instant
from bot.domain.hours import Interval
from bot.domain.views import View
from bot.domain.waits import Wait
from bot.wording import home as wording_home
from bot.wording.answers import own_stats, team_stats
from bot.wording.home import HomeFacts

DAYS = 7
"""Days that the figures on the list are of."""


def home(ctx: CommandContext, now: Instant) -> View:
    """The own list of who asks. Who isn't a member reads what the bot is, and nothing is looked up for them."""
    if ctx.is_a == "anyone":
        return wording_home.about()
    own, team = figures_of(ctx, now, days=DAYS)
    return wording_home.home(
        HomeFacts(
            rows=rows_of(mine(ctx), ctx, now),
            is_mine=lambda person: is_mine(person, ctx),
            now=now,
            own=own_stats(own),
            team=team_stats(team, days=DAYS),
            hours=say_hours(ctx.hours_of(ctx.who)),
            dms=ctx.wants_dm,
            away=_away(ctx, now),
            undelivered=ctx.undelivered(wording_home.MOST_DEAD) if ctx.is_a == "lead" else (),
        )
    )


def mine(ctx: CommandContext) -> tuple[ListedWait, ...]:
    """The open waits that are the asker's: theirs to answer, promised by them, or put off by them."""
    return tuple(listed for listed in ctx.waits if _falls_to(listed.wait, ctx))


def is_mine(person: str, ctx: CommandContext) -> bool:
    """Whether an id is the asker, on whichever platform."""
    return person == ctx.who


def _falls_to(wait: Wait, ctx: CommandContext) -> bool:
    if wait.hold is not None and is_mine(wait.hold.by, ctx):
        return True
    return wait.owner is not None and is_mine(wait.owner, ctx)


def _away(ctx: CommandContext, now: Instant) -> Interval | None:
    """The span the asker is away in, else the next one."""
    ahead = [span for span in ctx.choices.away.get(ctx.who, ()) if span[0] > now]
    return ctx.choices.away_now(ctx.who, now) or next(iter(ahead), None)
