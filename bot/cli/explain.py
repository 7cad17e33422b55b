"""`realreply explain`: the whole life of a wait in an archive, in the words of *Why?*. Changes nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.problems import Problems
from bot.cli.progress import ProgressBar
from bot.domain import durations
from bot.errors import UsageError
from bot.report.explanation import show_choice, show_features, show_lives, show_unwaited
from bot.report.inquiry import read_inquiry
from bot.wiring import explaining
from bot.wiring import replay as replaying


def explain(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="An export of Slack or DiscordChatExporter: a folder, a zip or a .json file.")
    ],
    about: Annotated[
        str,
        typer.Argument(metavar="WHAT", help="A message's link or id (Slack: ts), a wait's id, or the name of a customer."),
    ],
    team: Annotated[
        list[str] | None,
        typer.Option("--team", metavar="NAME|ID|@FILE", help="Who is on the team, as `replay` takes it. Repeatable."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="A settings file (see config.example.toml).")
    ] = None,
    channel: Annotated[
        list[str] | None, typer.Option("--channel", metavar="GLOB", help="Only channels whose name fits. Repeatable.")
    ] = None,
    first_after: Annotated[
        str | None, typer.Option("--first-after", metavar="SPAN", help="When the first reminder falls due, as in 10m.")
    ] = None,
    always_on: Annotated[
        bool, typer.Option("--always-on", help="No working hours, no budget, no digests: every reminder at its time.")
    ] = False,
    raw: Annotated[bool, typer.Option("--raw", help="Every feature of each judgement, with what it weighs.")] = False,
) -> None:
    """Tell the whole life of a wait: what opened it, what each reply counted as, who was asked, how it ended, and why."""
    wanted = read_inquiry(about)
    asked = replaying.ReplayOptions(
        path=path,
        team=tuple(team or ()),
        config=config,
        channels=tuple(channel or ("*",)),
        first_after=_span(first_after),
        always_on=always_on,
    )
    err, out = Console(stderr=True, highlight=False), Console(highlight=False)
    problems = Problems(err)
    with ProgressBar(err) as bar:
        found = asyncio.run(explaining.explain(wanted, asked, problem=problems, on_progress=bar.show))
    problems.close()
    name, channels = found.replayed.name, found.replayed.channel_names
    if found.choice:
        whose = f"{name(found.waits[0].customer)} waited" if wanted.name is not None else "This message has to do with"
        says = f"{whose} {len(found.waits)} {'times' if wanted.name is not None else 'waits'}."
        show_choice(out, found.waits, says=says, zone=found.zone, name=name, channel_name=lambda key: channels.get(key, key))
    elif raw:
        show_features(out, found.entries, found.waits, name=name)
    elif found.lives:
        show_lives(out, found.lives, name=name)
    else:
        show_unwaited(out, found.entries, zone=found.zone, name=name)


def _span(text: str | None) -> float | None:
    try:
        return None if text is None else durations.parse(text)
    except ValueError as error:
        raise UsageError(f"--first-after {text}: {error}") from error
