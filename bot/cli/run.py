"""`realreply run` and what belongs to it: the bot on its live platforms."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.console import Console

from adapters.slack import manifest as manifests
from bot import logs
from bot.settings.model import Settings
from bot.settings.model import load as load_settings
from bot.wiring.build import Timing
from bot.wiring.live import connections, running
from bot.wiring.slack_tokens import wanted

log = structlog.get_logger()

slack = typer.Typer(name="slack", help="What belongs to Slack.", no_args_is_help=True, rich_markup_mode=None)


def run(
    config: Annotated[Path, typer.Option("--config", metavar="FILE", help="The settings.")] = Path("config.toml"),
    observe: Annotated[bool, typer.Option("--observe", help="Watch and judge, and send nothing at all.")] = False,
    level: Annotated[str, typer.Option("--log", metavar="LEVEL", help="debug, info, warning or error.")] = "info",
) -> None:
    """Run the bot until it is told to stop (Ctrl-C, SIGTERM)."""
    logs.configure(level, sys.stderr)
    settings = load_settings(config)
    asyncio.run(serve(settings, observe=observe))


async def serve(settings: Settings, *, observe: bool) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises UsageError, StorageError and DeliveryError with what stands in the way, and
    AccessLost when the last platform throws us out."""
    time = Timing()
    connected = connections(settings, time=time)
    # What is loaded by now stays: looking through it for garbage every few hundred allocations would hold events up.
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(settings, connected, time=time, observe=observe) as (_, service):
        await service.run(stop)
    log.info("stopped", say="Stopped, as it was told to.")


@slack.command()
def manifest(
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="The settings it is to fit (default: the defaults).")
    ] = None,
) -> None:
    """Print the manifest of your team's own Slack app."""
    settings = load_settings(config) if config is not None else Settings()
    Console(highlight=False, soft_wrap=True).out(manifests.manifest(wanted(settings)), end="")
