"""Kills `realreply run` again and again while people write on a Slack and on a Discord on loopback, both in one process and one
database, and examines what is left of each. Who is on the team is so on both, with one budget.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import replace
from pathlib import Path

from bot.domain.keys import platform_of
from bot.domain.marks import STARTED
from bot.domain.reading import unpack
from storage.sqlite.database import Database
from tests.discord_sandbox import FakeDiscord
from tests.process import discord_ordeal, slack_ordeal
from tests.process.discord_ordeal import LONGEST, SHORTEST
from tests.process.lives import DATABASE, Lives
from tests.process.report import Report, Rows, read_rows
from tests.process.slack_ordeal import OnceOnly
from tests.process.slack_victim import CONFIG
from tests.process.told import LADDER, command, settled
from tests.sandbox.clock import RealClock
from tests.slack_sandbox import FakeSlack

GAP = 0.9
"""Seconds between two questions on Slack: the same two people are asked there and on Discord."""

SETTINGS = """
[team]
hours = "00:00-24:00"
days = "mon-sun"
[[members]]
name = "Ana"
slack = "U0ANA"
discord = "{ana}"
lead = true
[[members]]
name = "Ben"
slack = "U0BEN"
discord = "{ben}"
duty = true
[[channels]]
match = "*"
watch = "everything"
[reminders]
steps = [{steps}]
budget = 100
destination = "support-team"
digest = []
[storage]
path = "{path}"
[slack]
bot_token = "file:bot.token"
app_token = "file:app.token"
api = "{slack}"
[discord]
token = "file:discord.token"
api = "{discord}"
gateway = "{gateway}"
[[discord.guilds]]
id = "{guild}"
team_roles = ["team"]
"""


async def prepare(folder: Path, slack: FakeSlack, discord: FakeDiscord, ana: str) -> Path:
    """A settings file for a team on both, and a database in which reminders have begun."""
    tokens = {"bot.token": slack.bot_token, "app.token": slack.app_token, "discord.token": discord.token}
    for name, token in tokens.items():
        (folder / name).write_text(token)
        (folder / name).chmod(0o600)
    text = SETTINGS.format(
        steps=", ".join(f'{{ after = "{after}", to = "{to}" }}' for after, to in LADDER),
        path=DATABASE,
        ana=ana,
        ben=discord.world.user("Ben").id,
        slack=slack.base_url,
        discord=discord.api_url,
        gateway=discord.gateway_url,
        guild=discord.world.guild().id,
    )
    (folder / CONFIG).write_text(text)
    async with await Database.open(folder / DATABASE, unpack=unpack) as store:
        await store.transact(lambda tx: tx.put_mark(STARTED, time.time(), by="U0ANA"))
    return folder / CONFIG


def run(folder: Path, *, kills: int, seed: int, long: bool = False) -> Report:
    """Let people write on both while the process is killed at least `kills` times, and a little longer; then examine what is
    there. `long`: there is time for answers to be lost all along."""
    started = time.monotonic()
    report = asyncio.run(_run(folder, kills, random.Random(seed), long))
    report.seconds = time.monotonic() - started
    return report


async def _run(folder: Path, kills: int, chance: random.Random, long: bool) -> Report:
    report, over = Report(), asyncio.Event()
    discord = FakeDiscord(clock=RealClock(), nonce_seconds=0.0)
    discord.identifies_left = 10**6
    async with FakeSlack(clock=OnceOnly()) as slack, discord, Lives("tests.process.both_victim", folder) as lives:
        on_slack, on_discord = slack_ordeal.a_town(slack, gap=GAP), discord_ordeal.a_server(discord)
        slack_ordeal.trouble(slack, long=long)
        discord_ordeal.trouble(discord, long=long)
        config = await prepare(folder, slack, discord, on_discord.ana.id)
        telling = [asyncio.create_task(story.goes_on(over)) for story in (on_slack, on_discord)]
        await lives.are_killed(report, kills, (SHORTEST, LONGEST), chance)
        slack.trouble.clear()
        discord.trouble.clear()
        async with command(config, report):
            over.set()
            await asyncio.gather(*telling)
            await settled(folder / DATABASE, (on_slack, on_discord), report)
        await _examine(folder, on_slack, on_discord, report)
    return report


async def _examine(folder: Path, on_slack: slack_ordeal.Story, on_discord: discord_ordeal.Story, report: Report) -> None:
    path = folder / DATABASE
    async with await Database.open(path, unpack=unpack) as store:
        await store.check()
        waits = await store.read(lambda tx: list(tx.all_waits()))
        dead = await store.read(lambda tx: tx.dead(100))
    report.wrong += [f"given up: {row}" for row in dead]
    rows = read_rows(path)
    theirs = {name: [wait for wait in waits if platform_of(wait.channel) == name] for name in ("slack", "discord")}
    slack_ordeal.examine(on_slack, rows_on("slack", rows), theirs["slack"], report)
    discord_ordeal.examine(on_discord, rows_on("discord", rows), theirs["discord"], report)


def rows_on(platform: str, rows: Rows) -> Rows:
    """What is about one platform's waits."""
    return replace(rows, reminders=[row for row in rows.reminders if platform_of(row.wait) == platform])
