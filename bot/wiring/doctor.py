"""`realreply doctor`: the doctor with the platforms in the settings. Composition only."""

from __future__ import annotations

from collections.abc import Sequence

from bot.doctor.doctor import Doctor
from bot.engine.clock import WallClock
from bot.ports import Clock, Examination
from bot.settings.model import Settings
from bot.wiring.database import look
from bot.wiring.live import team_calendar
from storage.sqlite.version import examined


def doctor(clock: Clock | None = None) -> Doctor:
    """Looks at an installation of this machine."""
    clock = clock or WallClock()

    def platforms(settings: Settings) -> Sequence[Examination]:
        found: list[Examination] = []
        if settings.slack is not None:
            from bot.wiring import slack  # the SDK takes a quarter of a second to load

            found.append(slack.examination(settings, settings.slack, clock=clock))
        if settings.discord is not None:
            from bot.wiring import discord  # so does this one

            found.append(discord.examination(settings, settings.discord, clock=clock))
        return found

    return Doctor(look=look, platforms=platforms, clock=clock, product=examined, calendar=team_calendar)
