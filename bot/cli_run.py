"""`realreply run` and what belongs to it: the bot on a live platform."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from adapters.slack import manifest as manifests
from bot import logs
from bot.errors import AccessLost, UsageError
from bot.settings import Settings
from bot.settings import load as load_settings
from bot.wiring_tokens import wanted

slack = typer.Typer(name="slack", help="What belongs to Slack.", no_args_is_help=True, rich_markup_mode=None)


def run(
    config: Annotated[Path, typer.Option("--config", metavar="FILE", help="The settings.")] = Path("config.toml"),
    observe: Annotated[bool, typer.Option("--observe", help="Watch and judge, and send nothing at all.")] = False,
    log: Annotated[str, typer.Option("--log", metavar="LEVEL", help="debug, info, warning or error.")] = "info",
) -> None:
    """Run the bot until it is told to stop (Ctrl-C, SIGTERM)."""
    logs.configure(log, sys.stderr)
    settings = load_settings(config)
    asyncio.run(serve(settings, observe=observe))


async def serve(settings: Settings, *, observe: bool) -> None:
    """Run a house until SIGTERM or SIGINT. Raises UsageError, StorageError and DeliveryError with what stands in the way, and
    AccessLost when the platform throws us out."""
    from bot import wiring_slack  # the SDK takes a quarter of a second to load, which `--help` needn't wait for

    if settings.slack is None:
        raise UsageError("There is nothing to run: the settings have no [slack] section. config.example.toml shows one.")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with wiring_slack.house(settings, observe=observe) as house:
        lost = house.lost
        lost.add_done_callback(lambda _: stop.set())
        await house.service.run(house.listener, stop)
    if lost.done():
        instead = "Everything until then is kept. Install the app again, set the new token, and start realreply again."
        raise AccessLost(f"Slack no longer lets realreply in: {lost.result()}. {instead}")


@slack.command()
def manifest(
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="The settings it is to fit (default: the defaults).")
    ] = None,
) -> None:
    """Print the manifest of your team's own Slack app."""
    settings = load_settings(config) if config is not None else Settings()
    Console(highlight=False, soft_wrap=True).out(manifests.manifest(wanted(settings)), end="")
