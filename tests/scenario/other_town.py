"""A second platform beside the one that a scenario is played on: its people are nobody's over there."""

from __future__ import annotations

from adapters.local.platform import LocalPlatform
from bot.domain.people import Team
from bot.ports import Clock


def other_town(clock: Clock) -> LocalPlatform:
    """A town "bay" with Lea of the team and Kim, a customer."""
    town = LocalPlatform(clock=clock, name="bay", team=Team(members=frozenset({"lea"})), destination="team")
    town.channel("ferry")
    town.channel("team", internal=True)
    town.member("lea")
    town.customer("kim")
    return town
