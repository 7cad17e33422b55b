"""`realreply run` on a Discord on loopback: messages a second through the gateway, memory, how soon a quiet message is stored,
and how soon a click is answered.

The bot is the real command in a process of its own; Discord and everybody who writes are another. A gateway waits for nobody: it
sends at a given rate, and everything must be stored in the end, nothing dropped. The machine's noise only ever adds, so runs are
to be repeated.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.slack import PATIENCE, Memory, running, sample, spent, stored
from bot.domain.events import Posted
from bot.domain.people import Role
from tests.discord_sandbox import Channel, FakeDiscord, Person
from tests.sandbox.clock import RealClock

FIRST, ALL = 10_000, 100_000
"""Messages after which the memory is looked at."""

RATE = 1_500
"""Messages a second that the gateway sends."""

AT_ONCE = 25
"""Messages between two looks at the clock."""

CHANNELS = 80
QUIET_RATE, QUIET = 20, 200
BUSY_RATE, CLICKS = 100, 60

SETTINGS = """
[team]
hours = "00:00-24:00"
days = "mon-sun"
[reminders]
destination = "support-team"
[storage]
path = "{folder}/realreply.db"
[discord]
token = "file:{folder}/token"
api = "{api}"
gateway = "{gateway}"
[[discord.guilds]]
id = "{guild}"
team_roles = ["team"]
"""


@dataclass
class Server:
    """A made server on a fake: the people of a made archive, and channels."""

    fake: FakeDiscord
    people: dict[str, Person]
    channels: list[Channel]

    @staticmethod
    def on(fake: FakeDiscord, events: list[Posted], channels: int = CHANNELS) -> Server:
        """Everybody who writes in these events."""
        guild = fake.guild("Harbor")
        fake.role("team")
        authors = {event.message.author: event.message.role for event in events}
        people = {
            author: fake.person(f"P{number:04}", roles=["team"] if role is Role.MEMBER else ())
            for number, (author, role) in enumerate(authors.items())
        }
        lead = next(people[author] for author, role in authors.items() if role is Role.MEMBER)
        del guild.members[guild.owner_id]  # whoever owns a server reads everything in it
        guild.owner_id = lead.id
        places = [fake.channel(f"help-{number}") for number in range(channels)]
        fake.channel("support-team", only=["team"])
        return Server(fake=fake, people=people, channels=places)

    def member(self) -> Person:
        """Somebody on the team."""
        guild = self.fake.world.guild()
        return next(person for person in self.people.values() if guild.members[person.id].roles)

    async def writes(self, events: list[Posted], *, rate: float) -> float:
        """Sends them at this rate; gives the seconds it took."""
        began = time.perf_counter()
        days: dict[tuple[str, int], int] = {}
        for number, event in enumerate(events):
            message = event.message
            day = days.setdefault((message.channel, int(message.at // 86400)), len(days))
            self.fake.put(self.channels[day % len(self.channels)], self.people[message.author], message.text or "…")
            if number % AT_ONCE == 0:
                ahead = began + number / rate - time.perf_counter()
                await asyncio.sleep(max(0.0, ahead))
        return time.perf_counter() - began


@asynccontextmanager
async def bot(fake: FakeDiscord, folder: Path) -> AsyncIterator[int]:
    """The running command, once it is ready."""
    folder.mkdir()
    (folder / "token").write_text(fake.token)
    (folder / "token").chmod(0o600)
    config = folder / "config.toml"
    config.write_text(
        SETTINGS.format(folder=folder.resolve(), api=fake.api_url, gateway=fake.gateway_url, guild=fake.world.guild().id)
    )
    async with running([sys.executable, "-m", "bot", "run", "--config", str(config)], folder / "log", '"ready"') as pid:
        yield pid


async def all_stored(folder: Path, count: int) -> None:
    """Waits until so many messages are stored. Raises RuntimeError when they aren't in time."""
    until = time.monotonic() + PATIENCE
    while stored(folder) < count:
        if time.monotonic() > until:
            raise RuntimeError(f"{stored(folder)} of {count} messages are stored; see {folder / 'log'}")
        await asyncio.sleep(0.01)


async def quiet(server: Server, folder: Path, events: list[Posted]) -> None:
    """How soon a message is stored when little is going on."""
    seconds = []
    have = stored(folder)
    for number, event in enumerate(events[:QUIET]):
        began = time.perf_counter()
        server.fake.put(server.channels[number % CHANNELS], server.people[event.message.author], event.message.text or "…")
        while stored(folder) <= have + number:
            await asyncio.sleep(0.001)
        seconds.append(time.perf_counter() - began)
        await asyncio.sleep(1 / QUIET_RATE)
    print(f"  a quiet message is stored after {percentiles(seconds)}")


async def clicks(server: Server, events: list[Posted]) -> None:
    """How soon a command is acknowledged, and answered, while a hundred messages a second come in."""
    fake, member = server.fake, server.member()
    writing = asyncio.create_task(server.writes(events, rate=BUSY_RATE))
    acknowledged, answered = [], []
    for _ in range(CLICKS):
        began = time.perf_counter()
        asked = asyncio.create_task(member.slash("realreply waiting", channel=server.channels[0], hidden=True))
        known = len(fake.outgoing)
        interaction = await asked
        acknowledged.append(time.perf_counter() - began)
        while not any(sent.what in ("answer", "followup") for sent in fake.outgoing[known:]):
            await asyncio.sleep(0.001)
        answered.append(time.perf_counter() - began)
        assert interaction.answered
        await asyncio.sleep(random.uniform(0.05, 0.15))
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    print(f"  under {BUSY_RATE} messages/s a command is acknowledged after {percentiles(acknowledged)},")
    print(f"  and answered after {percentiles(answered)}")


def percentiles(seconds: list[float]) -> str:
    """The middle, and the worst but one in a hundred, in milliseconds."""
    ordered = sorted(seconds)
    middle, worst = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"p50 {middle * 1000:.1f} ms, p99 {worst * 1000:.1f} ms"


async def measure(messages: int, rate: float) -> None:
    """One run."""
    events = sample(messages)
    fake = FakeDiscord(clock=RealClock())
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place) / "bot"
        async with fake:
            server = Server.on(fake, events)
            async with bot(fake, folder) as pid:
                print(f"Discord: {len(events):,} messages of {len(server.people)} people in {CHANNELS} channels")
                await quiet(server, folder, events)
                await clicks(server, events)
                await asyncio.sleep(0.5)
                have = stored(folder)
                await flood(server, folder, pid, events, rate, have)
        for offence in fake.offences:
            print("Discord would have refused:", offence)


async def flood(server: Server, folder: Path, pid: int, events: list[Posted], rate: float, have: int) -> None:
    """The flood, after `have` other messages."""
    began, done, before = time.perf_counter(), 0, spent(pid)
    for upto in sorted({min(FIRST, len(events)), len(events)}):
        sent = await server.writes(events[done:upto], rate=rate)
        await all_stored(folder, have + upto)
        took = time.perf_counter() - began
        print(f"  {upto:7,} messages at {(upto - done) / sent:,.0f}/s: stored at {upto / took:,.0f}/s, memory {Memory.of(pid)}")
        done = upto
    dropped = (folder / "log").read_text().count("dropped")
    each = (spent(pid) - before) / len(events)
    print(f"  {each * 1e6:.0f} µs of processor time each, which is {1 / each:,.0f}/s of a processor of its own")
    print(f"  missing: {have + len(events) - stored(folder)}, noted as dropped: {dropped}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=ALL)
    parser.add_argument("--rate", type=float, default=RATE, help="messages a second that the gateway sends")
    asked = parser.parse_args()
    asyncio.run(measure(asked.messages, asked.rate))


if __name__ == "__main__":
    main()
