"""The `realreply` command. It ends with 0 when all is done, else with a `bot.errors.ExitCode`; docs/slack.md lists them."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer.models import TyperInfo

from bot import __version__, logs
from bot.cli import audit as cli_audit
from bot.cli import discord as cli_discord
from bot.cli import explain as cli_explain
from bot.cli import judge as cli_judge
from bot.cli import local as cli_local
from bot.cli import report as cli_report
from bot.cli import run as cli_run
from bot.cli import waiting as cli_waiting
from bot.cli.problems import Problems
from bot.cli.progress import ProgressBar
from bot.cli.report import keep
from bot.doctor.findings import show as show_findings
from bot.domain import durations
from bot.domain.durations import Seconds
from bot.errors import ExitCode, RealReplyError, UsageError
from bot.report import tables
from bot.report.page.document import page
from bot.report.summary import show_report
from bot.settings.checks import remarks
from bot.settings.model import load as load_settings
from bot.settings.values import require_time_zones
from bot.wiring import replay as wiring
from bot.wiring.doctor import doctor as examiner

CONFIG = Path("config.toml")
"""Where `run` looks for the settings, and `doctor` too when there is such a file."""

F = TypeVar("F", bound=Callable[..., Any])


class CommandLine(typer.Typer):
    """The commands, each listed with all that it says of itself: of a longer help the list would show what fits its line."""

    def command(self, *args: Any, **options: Any) -> Callable[[F], F]:
        """Add the function below as a command."""

        def add(function: F) -> F:
            whole = " ".join((function.__doc__ or "").split())
            return super(CommandLine, self).command(*args, **{"short_help": whole} | options)(function)

        return add


app = CommandLine(
    name="realreply",
    help="Notices customers who are still waiting for a real answer, and asks the right person to give one.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

PathArgument = Annotated[
    Path, typer.Argument(metavar="PATH", help="An export of Slack or DiscordChatExporter: a folder, a zip or a .json file.")
]
TeamOption = Annotated[
    list[str] | None,
    typer.Option(
        "--team",
        metavar="NAME|ID|@FILE",
        help="Who is on the team: a name, an id, a Discord @ROLE, or @FILE with one a line. Repeatable.",
    ),
]
ConfigOption = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="A settings file (see config.example.toml).")]
ChannelOption = Annotated[
    list[str] | None, typer.Option("--channel", metavar="GLOB", help="Only channels whose name fits. Repeatable.")
]


def out() -> Console:
    """Where results go."""
    return Console(highlight=False)


def err() -> Console:
    """Where problems go."""
    return Console(stderr=True, highlight=False)


@app.callback(invoke_without_command=True)
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Notices customers who are still waiting for a real answer, and asks the right person to give one."""
    if version:
        out().print(f"realreply {__version__}")
        raise typer.Exit


@app.command()
def check(config: Annotated[Path, typer.Argument(metavar="CONFIG", help="The settings file.")]) -> None:
    """Check a settings file and name everything that is wrong with it."""
    settings = load_settings(config)
    found = tuple(remarks(settings))
    says = "all right" if not found else "no mistakes, and something to look at:"
    out().print(f"{escape(str(config))}: {says}")
    for remark in found:
        err().print(f"{escape(str(config))}: {escape(remark)}", style="yellow", soft_wrap=True)


@app.command()
def doctor(
    config: ConfigOption = None,
    db: Annotated[Path | None, typer.Option("--db", metavar="FILE", help="The database (default: the settings').")] = None,
) -> None:
    """Look at settings, platforms, database: what is wrong, and what to do about it. Changes nothing; the bot may run."""
    logs.configure("error", sys.stderr)  # what is worth a warning is among the findings
    if config is None and db is None and CONFIG.exists():
        config = CONFIG
    findings = asyncio.run(examiner().examine(config, db))
    show_findings(out(), findings)
    if any(finding.level == "bad" for finding in findings):
        raise typer.Exit(ExitCode.FAILED)


@app.command()
def replay(
    path: PathArgument,
    team: TeamOption = None,
    config: ConfigOption = None,
    channel: ChannelOption = None,
    first_after: Annotated[
        str | None, typer.Option("--first-after", metavar="SPAN", help="When the first reminder falls due, as in 10m.")
    ] = None,
    always_on: Annotated[
        bool, typer.Option("--always-on", help="No working hours, no budget, no digests: every reminder at its time.")
    ] = False,
    until: Annotated[str, typer.Option("--until", metavar="SPAN", help="How long time goes on after the last message.")] = "24h",
    waits: Annotated[Path | None, typer.Option("--waits", metavar="FILE", help="Write every wait as a line of JSON.")] = None,
    db: Annotated[Path | None, typer.Option("--db", metavar="FILE", help="Keep the database (a new file).")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 2 if anything in the archive couldn't be read.")] = False,
    zone: Annotated[str | None, typer.Option("--zone", metavar="ZONE", help="The team's time zone, as in Europe/Berlin.")] = None,
    hours: Annotated[
        str | None, typer.Option("--hours", metavar="HOURS", help='When the team works, as in "mon-fri 09:00-18:00".')
    ] = None,
    duty: Annotated[list[str] | None, typer.Option("--duty", metavar="NAME", help="Who is on duty; may be repeated.")] = None,
    lead: Annotated[list[str] | None, typer.Option("--lead", metavar="NAME", help="Who leads the team; may be repeated.")] = None,
    workspace: Annotated[
        str | None, typer.Option("--workspace", metavar="ADDRESS", help="Your Slack's address, for links: harbor.slack.com.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write the report as one page.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write every wait as a line of a table.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON (see docs/report.md).")] = False,
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave out what people wrote.")] = False,
) -> None:
    """Replay an exported channel: who waited, who answered, which reminders would have gone out."""
    asked = wiring.ReplayOptions(
        path=path,
        team=tuple(team or ()),
        config=config,
        channels=tuple(channel or ("*",)),
        first_after=_span("--first-after", first_after) if first_after is not None else None,
        always_on=always_on,
        until=_span("--until", until),
        waits=waits,
        db=db,
        zone=zone,
        hours=hours,
        duty=tuple(duty or ()),
        leads=tuple(lead or ()),
        workspace=workspace,
        with_text=not no_text and (html is not None or csv is not None or json or out().is_terminal),
        details=html is not None or csv is not None or json,
    )
    problems = Problems(err())
    # What is loaded by now lives as long as the process, and messages make no cycles: looking through them all again and again
    # for garbage would only cost time.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    with ProgressBar(err()) as bar:
        done = asyncio.run(wiring.replay(asked, problem=problems, on_progress=bar.show))
    problems.close()
    if done.skipped:
        named = ", ".join(done.skipped[:3]) + (", ..." if len(done.skipped) > 3 else "")
        err().print(escape(f"Direct messages are never read; left out: {named}"), soft_wrap=True)
    progress = done.progress
    lasted = (progress.last_at or 0.0) - (progress.first_at or 0.0)
    members = _plural(len(done.roster.team.members), "member")
    said = [
        f"{progress.customers_messages} by {_plural(len(progress.customers), 'customer')}",
        f"{progress.members_messages} by the team",
    ]
    if progress.automatic:
        said.append(f"{progress.automatic} automatic")
    lines = (
        f"{_plural(progress.messages, 'message')} in {_channels(done.channels)}, {durations.say(lasted)}",
        ", ".join(said),
        f"the team: {members}, {done.roster.how}",
    )
    if not progress.members_messages and progress.customers_messages:
        says = "nobody on the team wrote anything in what was read, so every customer looks unanswered. Is the team right?"
        err().print(says, style="yellow", soft_wrap=True)
    told = done.report
    if json:
        print(tables.as_json(told))  # as it is: a line of JSON must not be wrapped
    else:
        show_report(out(), told, head=lines)
    title = f"Who waited in {_channels(done.channels)}"
    keep("--html", html, lambda file: file.write(page(told, title)))
    keep("--csv", csv, lambda file: tables.write_csv(file, told))
    if strict and done.problems:
        raise typer.Exit(ExitCode.USAGE)


explain = app.command()(cli_explain.explain)
waiting = app.command()(cli_waiting.waiting)
report = app.command()(cli_report.report)
audit = app.command()(cli_audit.audit)
judge = app.command()(cli_judge.judge)
demo = app.command()(cli_local.demo)
local = app.command()(cli_local.local)
run = app.command()(cli_run.run)
app.registered_groups += [
    TyperInfo(cli_run.slack, name="slack", help="What belongs to Slack."),
    TyperInfo(cli_discord.discord, name="discord", help="What belongs to Discord."),
]


def main() -> None:
    """Run the command line; every mistake becomes a sentence and an exit code, never a traceback."""
    logs.configure("warning", sys.stderr)
    try:
        require_time_zones()
        app()
    except wiring.NoTeam as error:
        _show_likely(error)
        raise SystemExit(error.exit_code) from None
    except RealReplyError as error:
        err().print(escape(str(error)), style="red", soft_wrap=True)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        err().print("stopped")
        raise SystemExit(130) from None
    except BrokenPipeError:  # the reader of our output has gone (`| head`): nothing left to say to it
        sys.stderr.close()
        raise SystemExit(0) from None


def _show_likely(error: wiring.NoTeam) -> None:
    console = err()
    console.print("The archive doesn't say who is on the team, so nobody's reply would count.", style="red")
    if not error.likely:
        console.print("Pass the members with --team NAME (or an id, or @FILE with one name a line).")
        return
    console.print("These people wrote to the most others, so they are probably members:")
    table = Table.grid(padding=(0, 2))
    for name, id, count in error.likely:
        table.add_row("", escape(name), id, f"wrote to {count} people")
    console.print(table)
    first = error.likely[0][0]
    shown = f'"{first}"' if " " in first else first
    console.print(f"Pass those who are (and nobody else), one by one: --team {escape(shown)} --team ...", soft_wrap=True)


def _span(option: str, text: str) -> Seconds:
    try:
        return durations.parse(text)
    except ValueError as error:
        raise UsageError(f"{option} {text}: {error}") from error


def _plural(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _channels(names: tuple[str, ...]) -> str:
    return f"#{names[0]}" if len(names) == 1 else f"{len(names)} channels"
