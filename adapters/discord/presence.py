"""What the bot says of itself on Discord: the line below its name, the text of its profile, its commands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import discord
import structlog

from adapters.discord.commands import sync_if_changed
from adapters.discord.failures import Waiting
from bot.domain.durations import Seconds
from bot.errors import DeliveryError, RetryLater
from bot.ports import Sleep

STATUS: Final = "Looks for who still waits for an answer"

DESCRIPTION: Final = (
    "A tool of the team here. It notices which customers are still waiting for an answer, and asks somebody on the team to reply "
    "in their own words. It never writes to customers, and keeps what they wrote only while they wait."
)
"""Of the bot's profile, which everybody can open: what it does and what it keeps. Discord takes 400 characters."""

TRY_AGAIN: Final[Seconds] = 60.0
TRY_AGAIN_AT_MOST: Final[Seconds] = 3600.0

log = structlog.get_logger()


def activity() -> discord.CustomActivity:
    """The line below the bot's name."""
    return discord.CustomActivity(STATUS)


async def introduce(
    client: Callable[[], discord.Client], waiting: Waiting, *, auto_dms: bool = True, sleep: Sleep = asyncio.sleep
) -> None:
    """Register the commands (`auto_dms`: with the one that reports these), and say in the profile what the bot is where nothing
    is said there yet. What Discord can't take just now is tried again, ever more slowly; what it refuses is logged."""
    pause = TRY_AGAIN
    while True:
        try:
            await sync_if_changed(client, waiting, auto_dms=auto_dms)
            await _describe(client, waiting)
            return
        except RetryLater as error:
            say = "The commands couldn't be registered with Discord yet; it is tried again."
            log.info("discord_commands_late", say=say, seconds=pause, reason=str(error))
            await sleep(max(pause, error.after))
            pause = min(TRY_AGAIN_AT_MOST, 2 * pause)
        except DeliveryError as error:
            say = "The commands couldn't be registered with Discord, so that /realreply may be missing or old there."
            log.error("discord_commands_refused", say=say, reason=str(error))
            return


async def _describe(client: Callable[[], discord.Client], waiting: Waiting) -> None:
    """Say what the bot is. Whatever its owner wrote there stays."""
    known = await waiting.answer(client().application_info(), "asking what the profile says")
    if not known.description:
        await waiting.answer(known.edit(description=DESCRIPTION), "saying what the bot is in its profile")
