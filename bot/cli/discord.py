"""`realreply discord`: what belongs to Discord."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from adapters.discord.invite import INTENTS, POSTS, READS, for_oneself, invitation
from bot import logs
from bot.errors import RetryLater, Unreachable, UsageError
from bot.settings.model import Settings
from bot.settings.model import load as load_settings

discord = typer.Typer(name="discord", help="What belongs to Discord.", no_args_is_help=True, rich_markup_mode=None)


@discord.callback()
def group() -> None:
    """What belongs to Discord."""


@discord.command()
def invite(
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="The settings: the app is that of the token in there.")
    ] = None,
    app: Annotated[
        str | None,
        typer.Option("--app", metavar="ID", help="The application's id instead (Developer Portal, General Information)."),
    ] = None,
) -> None:
    """Print the link that lets the bot into a server, and what to switch on for it."""
    logs.configure("error", sys.stderr)
    settings = load_settings(config) if config is not None else Settings()
    guilds = () if settings.discord is None else tuple(int(guild.id) for guild in settings.discord.guilds)
    id = _app(app) if app is not None else asyncio.run(_ask(settings))
    console = Console(highlight=False, soft_wrap=True)
    for guild in guilds or (None,):
        console.out(invitation(id, guild))
    console.out("")
    console.out("It asks for: " + ", ".join((*READS.values(), *POSTS.values())) + ".")
    console.out("Switch on, in the Developer Portal under Bot, Privileged Gateway Intents:")
    for intent in INTENTS:
        console.out(f"- {intent.name}; without it {intent.without}")
    console.out("Set Install Link to None under Installation, then switch Public Bot off: nobody but you can use the link then.")
    if settings.reports.auto_dms:
        console.out("")
        console.out("For whoever wants to report auto-DMs, customers too (“Report an auto-DM” in a message's menu, under Apps):")
        console.out(for_oneself(id))
        console.out("It takes User Install ticked under Installation, and Public Bot left on: in servers that you don't name")
        console.out("the bot does nothing. Without it: auto_dms = false under [reports].")


def _app(id: str) -> int:
    if not (id.isascii() and id.isdecimal()):
        raise UsageError(f"--app {id}: an application's id is a number (Developer Portal, General Information)")
    return int(id)


async def _ask(settings: Settings) -> int:
    """The id of the app that the token in the settings belongs to. Raises UsageError and DeliveryError and its
    kinds."""
    if settings.discord is None:
        raise UsageError(
            "Which app is meant? Pass --config FILE with a [discord] section, or --app ID (see the Developer Portal)."
        )
    from bot.wiring.discord import app_behind  # the SDK takes a quarter of a second to load

    try:
        return await app_behind(settings, settings.discord)
    except RetryLater as error:
        says = str(error).replace("; it is tried again", "").rstrip(".")
        todo = "Try again in a moment, or pass --app ID (Developer Portal, General Information): then Discord isn't asked."
        raise Unreachable(f"{says}. {todo}") from error
