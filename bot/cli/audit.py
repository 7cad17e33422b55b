"""`realreply audit`: which apps, bots, webhooks and workflows wrote to customers. Changes nothing; the bot may run."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import logs
from bot.cli.problems import Problems
from bot.domain import durations
from bot.domain.durations import DAY, Seconds
from bot.errors import UsageError
from bot.report.audit import as_json, show_audit
from bot.settings.model import Settings
from bot.settings.model import load as load_settings
from bot.wiring import audit as wiring
from bot.wiring import replay as replaying

CONFIG = Path("config.toml")

LONGEST: Seconds = 92 * DAY
"""How long counts are kept."""


def audit(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="An export of Slack or DiscordChatExporter. Without it: the bot's own database."),
    ] = None,
    since: Annotated[str, typer.Option("--since", metavar="SPAN", help="How far back, as in 7d.")] = "30d",
    team: Annotated[
        list[str] | None, typer.Option("--team", metavar="NAME|ID|@FILE", help="With PATH: who is on the team. Repeatable.")
    ] = None,
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The settings (default: config.toml).")] = None,
    channel: Annotated[
        list[str] | None, typer.Option("--channel", metavar="GLOB", help="With PATH: only channels whose name fits. Repeatable.")
    ] = None,
    db: Annotated[Path | None, typer.Option("--db", metavar="FILE", help="The database (default: the settings').")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no platform which apps are there.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object (see docs/audit.md).")] = False,
) -> None:
    """List which apps, bots, webhooks and workflows wrote to customers, and how often: of the bot's database, or of an archive.
    Changes nothing; the bot may run."""
    logs.configure("error", sys.stderr)
    back = _span(since)
    if path is not None:
        if db is not None:
            raise UsageError("audit takes an archive or a database, not both: leave out PATH, or --db.")
        options = replaying.ReplayOptions(
            path=path, team=tuple(team or ()), config=config, channels=tuple(channel or ("*",)), always_on=True, audit=back
        )
        _of_archive(options, as_lines=json)
        return
    for option, given in (("--team", team), ("--channel", channel)):
        if given:
            raise UsageError(f"{option} goes with an archive: name it, or leave {option} out.")
    if back > LONGEST:
        raise UsageError(f"--since {since}: counts are kept for {LONGEST / DAY:.0f} days; ask for 92d at most.")
    if config is None and CONFIG.exists():
        config = CONFIG
    if config is None and db is None:
        says = f"{Path.cwd()}: there are no settings (config.toml) here. Pass --config FILE, --db FILE for a database, or an"
        raise UsageError(f"{says} archive.")
    settings = load_settings(config) if config is not None else Settings()
    asks = not offline and config is not None
    found = asyncio.run(wiring.audit(settings, db or settings.storage.path, back=back, asks=asks))
    if found.unasked is not None:
        _remark(f"Which apps are there couldn't be asked: {found.unasked}")
    if json:
        print(as_json(found.facts))  # as it is: a line of JSON must not be wrapped
    else:
        show_audit(Console(highlight=False), found.facts, zone=found.zone)


def _of_archive(options: replaying.ReplayOptions, *, as_lines: bool) -> None:
    """From an archive: the engine judges it, so that waits are known; where nobody says who is on the team only posts count."""
    problems = Problems(Console(stderr=True, highlight=False))
    waits_known = True
    try:
        facts = asyncio.run(replaying.replay(options, problem=problems)).audit
    except replaying.NoTeam:
        waits_known = False
        facts = asyncio.run(replaying.count_apps(options, problem=problems))
        _remark("The archive doesn't say who is on the team, so who waits wasn't counted. Pass the members with --team NAME.")
    problems.close()
    assert facts is not None, "it was asked for"
    if as_lines:
        print(as_json(facts, waits_known=waits_known))
    else:
        show_audit(Console(highlight=False), facts, zone=UTC)


def _remark(says: str) -> None:
    Console(stderr=True, highlight=False).print(says, style="yellow", markup=False, soft_wrap=True)


def _span(text: str) -> Seconds:
    try:
        return durations.parse(text)
    except ValueError as error:
        raise UsageError(f"--since {text}: {error}") from error
