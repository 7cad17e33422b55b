"""`realreply demo` and `realreply local`: the bot at a made-up firm, with a clock that is moved on at will."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.text import Text

from adapters.local import script
from adapters.local.prompt import Prompt, Session
from adapters.local.scene import Scene
from adapters.local.script import Player
from adapters.local.timeline import Block, Timeline
from bot.domain import durations
from bot.domain.durations import Instant, Seconds
from bot.domain.keys import channel_id
from bot.domain.waits import Wait
from bot.errors import UsageError
from bot.language.times.input import read_when
from bot.outbox.digests import DigestSlot
from bot.ports import QueryTransaction
from bot.queries.figures import counted
from bot.report.terminal import show_summary
from bot.runtime.simulation import Simulation
from bot.waits.figures import Figures
from bot.wiring.local import LocalBot, Plan, stage

PACE: Seconds = 0.1
"""Between lines of the demo on a terminal: eyes can follow, and the day is over in less than 25 s."""

EARLIEST, LATEST = 2000, 2099
"""Years in which a session may begin."""


def zone() -> ZoneInfo:
    """The town's time zone."""
    return ZoneInfo(script.ZONE)


def plan(start: Instant) -> Plan:
    """Harbor, from `start` on."""
    digests = (DigestSlot(days=frozenset(range(5)), minute=script.OPENS),)
    return Plan(
        start=start,
        team=script.TEAM,
        team_hours=script.team_hours(),
        rules=script.RULES,
        reminders_channel=script.TEAM_CHANNEL,
        digests=digests,
    )


def demo(fast: Annotated[bool, typer.Option("--fast", help="No pauses between the lines.")] = False) -> None:
    """Show a made-up working day and the next morning: who waits, who is asked, and what the team sees."""
    console = _console()
    asyncio.run(_demo(console, paced=console.is_terminal and not fast))


def local(
    db: Annotated[
        Path | None, typer.Option("--db", metavar="FILE", help="Keep the database (and FILE.town); a kept one is continued.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--start", metavar="TIME", help=f'When it begins, as in "{script.START}" (Berlin).')
    ] = None,
) -> None:
    """Try it in a terminal: write as any customer or member, use the commands, move the clock on. Reads lines from a pipe too."""
    at = read_start(start) if start is not None else None
    console = _console()
    if db is not None:
        _keep(console, db, at)
        return
    with tempfile.TemporaryDirectory(prefix="realreply-") as folder:
        asyncio.run(_local(console, Path(folder) / "local.db", at))


def _keep(console: Console, db: Path, at: Instant | None) -> None:
    """A session whose database stays. What the town remembers goes beside it: the database knows the bot's posts by their
    references in there."""
    if not db.parent.is_dir():
        raise UsageError(f"--db {db}: there is no folder {db.parent}.")
    journal = db.with_name(db.name + ".town")
    new = not journal.exists()
    try:
        asyncio.run(_local(console, db, at, journal=journal))
    finally:
        if new and journal.exists() and not journal.stat().st_size:
            journal.unlink()  # nothing happened, most likely because the database was refused


def read_start(text: str) -> Instant:
    """ "2026-03-02 09:00", by the clock in Berlin. Raises UsageError."""
    try:
        at = datetime.strptime(text.strip(), script.START_FORM)
    except ValueError as error:
        raise UsageError(f'--start {text[:40]}: write a day and a clock time, as in "{script.START}".') from error
    if not EARLIEST <= at.year <= LATEST:
        raise UsageError(f"--start {text[:40]}: write a year from {EARLIEST} to {LATEST}.")
    return at.replace(tzinfo=zone()).timestamp()


def _console() -> Console:
    for stream in (sys.stdin, sys.stdout):
        # A terminal without Unicode shows question marks, and a pipe may hold any bytes: neither is a reason to stop.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    return Console(highlight=False)


def _print(console: Console, block: Block) -> None:
    for line in block:
        console.print(line, no_wrap=True, overflow="crop", crop=True)


async def _demo(console: Console, *, paced: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="realreply-") as folder:
        async with stage(plan(read_start(script.START)), Path(folder) / "demo.db") as on:
            await show_demo(on, console, paced=paced)


async def show_demo(on: LocalBot, console: Console, *, paced: bool = False) -> None:
    """Play the day with a bot that runs, and print it with the summary and what to try next."""
    town, simulation = on.town, on.simulation
    script.people(town)
    timeline = Timeline(town, zone=zone(), width=console.width, brief=True)

    async def show(blocks: list[Block]) -> None:
        for block in blocks:
            for line in block:
                console.print(line, no_wrap=True, overflow="crop", crop=True)
                if paced:
                    await asyncio.sleep(PACE)

    for paragraph in script.introduction():
        console.print(Text(paragraph))
    await Player(town=town, timeline=timeline, advance=simulation.advance, answers=town.answers, show=show).play()
    await show([[Text(), *timeline.rule("The day in figures")]])
    messages = len(town.channel(script.HELP).messages)
    await _summary(console, simulation, lambda person: next(iter(town.workspace.names(person)), person), messages)
    console.print()
    command = sys.argv[0] if Path(sys.argv[0]).name == "realreply" else "realreply"
    console.print(Text(f"Try it yourself:      {command} local"))
    console.print(Text(f"With a Slack export:  {command} replay export.zip --team NAME"))


async def _summary(console: Console, simulation: Simulation, name: Callable[[str], str], messages: int) -> None:
    now = simulation.clock.now()
    figures = Figures(end=now)

    def collect(tx: QueryTransaction) -> None:
        for _ in counted(tx, figures):
            pass

    def place(wait: Wait) -> str:
        return f"#{channel_id(wait.channel)} {datetime.fromtimestamp(wait.opened_at, zone()):%a %H:%M}"

    await simulation.store.read(collect)
    lasted = now - read_start(script.START)
    head = (f"{messages} messages in #{script.HELP}, {durations.say(lasted)}",)
    show_summary(console, figures, name=name, days=lasted / durations.DAY, head=head, sent="went out", place=place)


async def _local(console: Console, path: Path, start: Instant | None, *, journal: Path | None = None) -> None:
    begin = start if start is not None else read_start(script.START)
    wanted = plan(begin)
    # As the settings have it by default; here everybody is a newcomer at first, so that their ladder is like everybody's.
    rules = replace(wanted.rules, promise_notice=durations.HOUR, close_loop=True, greeted_after=durations.HOUR / 2)
    async with stage(replace(wanted, rules=rules), path, journal=journal) as on:
        await _continue(on, start)
        simulation, town = on.simulation, on.town
        timeline = Timeline(town, zone=zone(), width=console.width, numbered=True)
        scene = Scene(
            town=town,
            simulation=simulation,
            interactions=simulation.platforms[town.name],
            timeline=timeline,
            clock=simulation.clock,
            zone=zone(),
            team=script.TEAM,
            read_when=lambda text, now: read_when(text, now, script.team_hours()),
            channel=script.HELP,
            internal=script.TEAM_CHANNEL,
        )
        prompt = Prompt(
            Session(scene), show=lambda block: _print(console, block), terminal=console.is_terminal and sys.stdin.isatty()
        )
        await prompt.run()


async def _continue(on: LocalBot, start: Instant | None) -> None:
    """Settle the town, and go on where a kept database ends. Raises UsageError for a start that lies before that."""
    simulation, town = on.simulation, on.town
    script.people(town)
    latest, customers = await simulation.store.read(_what_was)
    for customer in customers:
        if customer not in town.people:
            town.customer(customer)
    if start is not None and start < latest:
        ended = datetime.fromtimestamp(latest, zone())
        raise UsageError(f"--start: the database goes on until {ended:%Y-%m-%d %H:%M}. Begin later, or leave --start out.")
    if latest > simulation.clock.now():
        simulation.clock.advance_to(latest + durations.MINUTE)
    await simulation.settle()


def _what_was(tx: QueryTransaction) -> tuple[Instant, set[str]]:
    """(the latest instant a kept database knows of, its customers)."""
    latest, customers = tx.latest(), set[str]()
    for wait in tx.all_waits():
        customers.add(wait.customer)
        latest = max(latest, *(reply.at for reply in wait.replies), 0.0)
    return latest, customers
