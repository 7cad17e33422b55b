"""`realreply run` on a Slack and a Discord on loopback at once, in one process and one database: its memory as messages come in.

Half of the messages go to each platform, in forty channels each. Both fakes and everybody who writes are another process. The
machine's noise doesn't count here; one run tells.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks import discord as on_discord
from benchmarks import slack as on_slack
from benchmarks.slack import ALL, FIRST, Memory, flood, free_port, running, sample
from tests.discord_sandbox import FakeDiscord
from tests.sandbox.clock import RealClock
from tests.slack_sandbox import FakeSlack
from tests.slack_sandbox.flood import prepare

CHANNELS = 40
"""On each platform."""

AT_ONCE = 5_000
"""Messages prepared at once for Slack: signatures are good for five minutes."""

RATE = 1_000
"""Messages a second that Discord's gateway sends."""


def settings(slack: str, discord: str) -> str:
    """The settings of both: Slack's, and of Discord's its own tables."""
    tables = discord[discord.index("[discord]") :]
    return f"{slack}{tables}"


async def measure(messages: int) -> None:
    """One run."""
    events = sample(messages)
    half = len(events) // 2
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place)
        fake = FakeDiscord(clock=RealClock())
        async with fake, FakeSlack(clock=RealClock()) as slack:
            server = on_discord.Server.on(fake, events[half:], channels=CHANNELS)
            workspace = on_slack.Workspace.on(slack, events[:half], CHANNELS)
            home = slack.workspace.team.id
            lead = next(person for person in workspace.people.values() if person.team.id == home)
            tokens = {"bot": slack.bot_token, "app": slack.app_token, "secret": slack.signing_secret, "token": fake.token}
            for name, token in tokens.items():
                (folder / name).write_text(token)
                (folder / name).chmod(0o600)
            port, config = free_port(), folder / "config.toml"
            config.write_text(
                settings(
                    on_slack.SETTINGS.format(
                        folder=folder.resolve(), mode="http", port=port, api=slack.base_url, lead=lead.id, home=home
                    ),
                    on_discord.SETTINGS.format(
                        folder=folder.resolve(), api=fake.api_url, gateway=fake.gateway_url, guild=fake.world.guild().id
                    ),
                )
            )
            command = [sys.executable, "-m", "bot", "run", "--config", str(config)]
            async with running(command, folder / "log", '"ready"', times=2) as pid:
                print(f"Slack and Discord: {len(events):,} messages of {len(server.people) + len(workspace.people)} people")
                print(f"  after the start    {Memory.of(pid)}")
                target, done = f"http://127.0.0.1:{port}/slack/events", 0
                # Prepared piece by piece: a thread that began in an earlier piece is left out.
                lines = [replace(line, thread=None) for line in workspace.lines(events[:half])]
                for upto in sorted({min(FIRST // 2, half), *range(AT_ONCE, half, AT_ONCE), half}):
                    await flood(pid, target, prepare(slack, lines[done:upto]))
                    await server.writes(events[half + done : half + upto], rate=RATE)
                    await on_discord.all_stored(folder, 2 * upto)
                    if upto in (FIRST // 2, half):
                        print(f"  {2 * upto:,} messages    {Memory.of(pid)}")
                    done = upto


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.both", description=__doc__)
    parser.add_argument("--messages", type=int, default=ALL)
    asyncio.run(measure(parser.parse_args().messages))


if __name__ == "__main__":
    main()
