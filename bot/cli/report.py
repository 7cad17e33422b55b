"""`realreply report`: the figures of a running bot's database. Changes nothing; the bot may run."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console

from bot import logs
from bot.domain import durations
from bot.errors import UsageError
from bot.report import tables
from bot.report.page.document import page
from bot.report.summary import show_report
from bot.settings.model import Settings
from bot.settings.model import load as load_settings
from bot.wiring import report as wiring

CONFIG = Path("config.toml")


def report(
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The settings (default: config.toml).")] = None,
    db: Annotated[Path | None, typer.Option("--db", metavar="FILE", help="The database (default: the settings').")] = None,
    since: Annotated[str, typer.Option("--since", metavar="SPAN", help="How far back, as in 30d or 12w.")] = "30d",
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write the report as one page.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write every wait as a line of a table.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON (see docs/report.md).")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no platform: people and channels go by their ids, and there are no links.")
    ] = False,
) -> None:
    """Say who waited lately, how long, and how it ended, in figures or as a page. Changes nothing; the bot may run."""
    logs.configure("error", sys.stderr)
    if config is None and CONFIG.exists():
        config = CONFIG
    if config is None and db is None:
        says = f"{Path.cwd()}: there are no settings (config.toml) here. Pass --config FILE, or --db FILE for a database alone."
        raise UsageError(says)
    settings = load_settings(config) if config is not None else Settings()
    try:
        back = durations.parse(since)
    except ValueError as error:
        raise UsageError(f"--since {since}: {error}") from error
    details = html is not None or csv is not None or json
    names = not offline and config is not None
    told, unnamed = asyncio.run(wiring.report(settings, db or settings.storage.path, back=back, names=names, details=details))
    if unnamed is not None:
        says = f"People and channels go by their ids, and there are no links: {unnamed}"
        Console(stderr=True, highlight=False).print(says, style="yellow", markup=False, soft_wrap=True)
    title = f"Who waited in the last {durations.say(back)}"
    if json:
        print(tables.as_json(told))  # as it is: a line of JSON must not be wrapped
    else:
        show_report(Console(highlight=False), told, head=(f"{title}: waits that began then or are still open",))
    keep("--html", html, lambda file: file.write(page(told, title)))
    keep("--csv", csv, lambda file: tables.write_csv(file, told))


def keep(option: str, path: Path | None, write: Callable[[TextIO], object]) -> None:
    """Write a file that was asked for, and say where it is. Raises UsageError."""
    if path is None:
        return
    try:
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            write(file)
    except OSError as error:
        says = f"{option} {path}: can't write the file ({error.strerror}). Make the folder first, or name another file."
        raise UsageError(says) from error
    Console(stderr=True, highlight=False).print(f"{path} is written.", markup=False, soft_wrap=True)
