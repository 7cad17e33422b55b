"""`realreply run` and what belongs to it: the bot on a live platform."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from adapters.slack import manifest as manifests
from bot import logs
from bot.errors import AccessLost, DeliveryError, RetryLater, UsageError
from bot.settings.model import Settings
from bot.settings.model import load as load_settings
from bot.wiring.slack.tokens import wanted

if TYPE_CHECKING:
    from bot.wiring.slack.composition import SlackBot

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
    from bot.wiring.slack import (
        composition as wiring_slack,  # the SDK takes a quarter of a second to load, which `--help` needn't wait for
    )

    if settings.slack is None:
        raise UsageError("There is nothing to run: the settings have no [slack] section. config.example.toml shows one.")
    # What is loaded by now stays: looking through it for garbage every few hundred allocations would hold events up.
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        house = await _started(stack.enter_async_context(wiring_slack.house(settings, observe=observe)), stop)
        if house is None:
            return
        lost = house.lost
        lost.add_done_callback(lambda _: stop.set())
        await house.service.run(house.listener, stop)
    if lost.done():
        instead = "Everything until then is kept. Install the app again, set the new token, and start realreply again."
        raise AccessLost(f"Slack no longer lets realreply in: {lost.result()}. {instead}")


async def _started(starting: Coroutine[Any, Any, SlackBot], stop: asyncio.Event) -> SlackBot | None:
    """The house once it is there; None when the process was told to stop before: asking a Slack that doesn't answer may take
    minutes. Raises what starting raises."""
    start, told = asyncio.create_task(starting, name="starting"), asyncio.create_task(stop.wait(), name="stop")
    try:
        await asyncio.wait((start, told), return_when=asyncio.FIRST_COMPLETED)
        if start.done():
            return start.result()
        return None
    except RetryLater as error:
        why = str(error).replace("; it is tried again", "")
        raise DeliveryError(f"{why}. It was tried for a while; start realreply again when that is mended") from error
    finally:
        told.cancel()
        start.cancel()
        await asyncio.wait((start, told))


@slack.command()
def manifest(
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="The settings it is to fit (default: the defaults).")
    ] = None,
) -> None:
    """Print the manifest of your team's own Slack app."""
    settings = load_settings(config) if config is not None else Settings()
    Console(highlight=False, soft_wrap=True).out(manifests.manifest(wanted(settings)), end="")
