"""`realreply waiting`: who is waiting, for people and for other tools. Changes nothing; the bot may run."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import logs
from bot.errors import UsageError
from bot.report.open_waits import as_json, show_open_waits
from bot.settings.model import Settings
from bot.settings.model import load as load_settings
from bot.wiring import waiting as wiring

CONFIG = Path("config.toml")


def waiting(
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The settings (default: config.toml).")] = None,
    db: Annotated[Path | None, typer.Option("--db", metavar="FILE", help="The database (default: the settings').")] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no platform: people and channels go by their ids, and there are no links.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line (see docs/other-tools.md).")] = False,
) -> None:
    """List who is waiting, since when and with whom. Changes nothing; the bot may run."""
    logs.configure("error", sys.stderr)
    if config is None and CONFIG.exists():
        config = CONFIG
    if config is None and db is None:
        says = f"{Path.cwd()}: there are no settings (config.toml) here. Pass --config FILE, or --db FILE for a database alone."
        raise UsageError(says)
    settings = load_settings(config) if config is not None else Settings()
    listing = asyncio.run(wiring.waiting(settings, db or settings.storage.path, names=not offline and config is not None))
    if listing.unnamed is not None:
        says = f"People and channels go by their ids, and there are no links: {listing.unnamed}"
        Console(stderr=True, highlight=False).print(says, style="yellow", markup=False, soft_wrap=True)
    if json:
        for one in listing.found:
            print(as_json(one))  # as it is: a line of JSON must not be wrapped
    else:
        show_open_waits(Console(highlight=False), listing.found, zone=listing.hours.zone, now=listing.now)
