"""`realreply run` on a Slack on loopback: events a second over HTTP, memory, and how soon a quiet event is stored.

The bot is the real command in a process of its own; Slack and the senders are another. Events are signed as Slack signs them, and
acknowledged by the bot after their commit (`synchronous=FULL`). Reference: slack-bolt's own server with a listener that does
nothing, in a process of its own, flooded in turns with the bot. The machine's noise only ever adds, so runs are to be repeated.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.archives.slack_export import open_archive
from benchmarks.archive import TEAM, make_archive
from bot.domain.events import Posted
from bot.domain.people import Role
from tests.slack_sandbox import Conversation, FakeSlack, Person, RealClock
from tests.slack_sandbox.flood import Flooded, Line, prepare, send
from tests.slack_sandbox.push import Sent
from tests.storage.sqlite.rows import rows_of

FIRST, ALL = 10_000, 100_000
"""Messages after which the memory is looked at."""

AT_ONCE = 32
"""Requests on their way at once."""

CHANNELS, QUIET_CHANNELS = 40, 8
"""Each is read at the start, at Slack's rate: beyond eight, 1.5 seconds each."""

QUIET_RATE, QUIET_SECONDS = 20, 15
PATIENCE = 120.0

SETTINGS = """
[[members]]
name = "Ana"
slack = "{lead}"
lead = true
[team]
customers = []
home_workspace = "{home}"
[reminders]
destination = "support-team"
[storage]
path = "{folder}/realreply.db"
[slack]
mode = "{mode}"
listen = "127.0.0.1:{port}"
bot_token = "file:{folder}/bot"
app_token = "file:{folder}/app"
signing_secret = "file:{folder}/secret"
api = "{api}"
"""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Of a process, in MB: all that is resident, and what is its own alone."""

    resident: float
    own: float

    @staticmethod
    def of(pid: int) -> Memory:
        """As Linux tells it."""
        kilobytes: dict[str, int] = {}
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
            name, _, rest = line.partition(":")
            kilobytes[name] = int(rest.split()[0])
        own = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
        return Memory(resident=kilobytes["Rss"] / 1024, own=own / 1024)

    def __str__(self) -> str:
        return f"{self.resident:.0f} MB ({self.own:.0f} MB its own)"


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@asynccontextmanager
async def bot(fake: FakeSlack, folder: Path, *, mode: str, lead: Person) -> AsyncIterator[tuple[int, str]]:
    """The running command: its process id and where it takes events, once it is ready."""
    folder.mkdir()
    for name, token in (("bot", fake.bot_token), ("app", fake.app_token), ("secret", fake.signing_secret)):
        (folder / name).write_text(token)
        (folder / name).chmod(0o600)
    port = free_port()
    config = folder / "config.toml"
    config.write_text(
        SETTINGS.format(
            folder=folder.resolve(), mode=mode, port=port, api=fake.base_url, lead=lead.id, home=fake.workspace.team.id
        )
    )
    async with running([sys.executable, "-m", "bot", "run", "--config", str(config)], folder / "log", '"ready"') as pid:
        yield pid, f"http://127.0.0.1:{port}/slack/events"


@asynccontextmanager
async def bolt(fake: FakeSlack, folder: Path) -> AsyncIterator[tuple[int, str]]:
    """slack-bolt alone, in a process of its own: its id and where it takes events."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.slack_bolt", str(port), fake.base_url]
    async with running(command, folder / "bolt", "ready") as pid:
        yield pid, f"http://127.0.0.1:{port}/slack/events"


@asynccontextmanager
async def running(command: list[str], log: Path, ready: str, *, times: int = 1) -> AsyncIterator[int]:
    """A process, once `ready` stands so many times in its log, until the block ends. Raises
    RuntimeError with its log when it ends before."""
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(*command, stdout=out, stderr=out, stdin=asyncio.subprocess.DEVNULL)
    try:
        until = time.monotonic() + PATIENCE
        while log.read_text().count(ready) < times:
            if process.returncode is not None or time.monotonic() > until:
                raise RuntimeError(f"{' '.join(command[1:4])} didn't start:\n{log.read_text()[-2000:]}")
            await asyncio.sleep(0.05)
        yield process.pid
    finally:
        if process.returncode is None:
            os.kill(process.pid, signal.SIGTERM)
        await process.wait()


@dataclass
class Workspace:
    """A made workspace on a fake: the people and channels of a made archive, as they are needed."""

    fake: FakeSlack
    people: dict[str, Person]
    channels: list[Conversation]

    @staticmethod
    def on(fake: FakeSlack, events: list[Posted], channels: int) -> Workspace:
        """Everybody who writes in these events, in each of the channels; the team of the archive is at home here."""
        elsewhere = fake.other_team("Reef Hotels")
        authors = {event.message.author: event.message.role for event in events}
        people = {
            author: fake.person(f"P{number:04}", team=None if role is Role.MEMBER else elsewhere)
            for number, (author, role) in enumerate(authors.items())
        }
        everybody, members = list(people.values()), [people[a] for a, role in authors.items() if role is Role.MEMBER]
        places = [fake.channel(f"help-{number}", members=everybody) for number in range(channels)]
        fake.channel("support-team", members=members, private=True)
        return Workspace(fake=fake, people=people, channels=places)

    def lines(self, events: list[Posted]) -> Iterator[Line]:
        """The events as messages here. What was one day of one channel is a channel."""
        number_of: dict[tuple[str, str], int] = {}
        days: dict[tuple[str, int], int] = {}
        for number, event in enumerate(events):
            message = event.message
            day = days.setdefault((message.channel, int(message.at // 86400)), len(days))
            number_of[message.channel, message.id] = number
            thread = number_of.get((message.channel, message.thread)) if message.thread not in (None, message.id) else None
            channel = self.channels[day % len(self.channels)]
            yield Line(channel=channel, author=self.people[message.author], text=message.text, thread=thread)


def sample(messages: int) -> list[Posted]:
    """Messages of a made archive: questions, answers, chatter."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made"
        make_archive(path, int(messages * 1.2), channels=20)
        archive = open_archive(path)
        members = {person.id for person in archive.people.values() if person.names[0] in TEAM}

        def role(person: str, _: object) -> Role:
            return Role.MEMBER if person in members else Role.CUSTOMER

        events = archive.events(role=role, channels=("*",), problem=lambda _: None)
        plain = (event for event in events if isinstance(event, Posted) and not event.message.marks)
        return [event for event, _ in zip(plain, range(messages), strict=False)]


def stored(folder: Path) -> int:
    """How many messages the bot's database holds."""
    return int(rows_of(folder / "realreply.db", "SELECT count(*) FROM messages")[0][0])


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A flood, and the seconds of processor time that the process spent on it."""

    flooded: Flooded
    processor: float

    def __str__(self) -> str:
        flooded = self.flooded
        p50, p99 = (flooded.percentile(part) * 1000 for part in (0.5, 0.99))
        failed = f", {flooded.failed} failed" if flooded.failed else ""
        times = f"{flooded.rate:6,.0f}/s over {flooded.wall:5.1f} s, p50 {p50:5.1f} ms, p99 {p99:5.1f} ms"
        return f"{times}, {self.each * 1e6:4.0f} µs of processor time each{failed}"

    @property
    def each(self) -> float:
        """Seconds of processor time for one request: what other processes on the machine change least."""
        return self.processor / len(self.flooded.seconds)


async def flood(pid: int, target: str, requests: list[Sent]) -> Trial:
    """Send requests to a process."""
    before = spent(pid)
    flooded = await send(target, requests, AT_ONCE)
    return Trial(flooded=flooded, processor=spent(pid) - before)


def spent(pid: int) -> float:
    """Seconds of processor time that a process has taken (proc(5): fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def http(folder: Path, messages: int) -> None:
    """Floods over HTTP, in turns with slack-bolt alone, and the memory after each."""
    events = sample(messages)
    first, rest = events[:FIRST], events[FIRST:]
    async with FakeSlack(clock=RealClock()) as fake:
        here = Workspace.on(fake, events, CHANNELS)
        lead = next(person for author, person in here.people.items() if person.team.id == fake.workspace.team.id)
        async with bot(fake, folder / "http", mode="http", lead=lead) as (pid, target):
            start = Memory.of(pid)
            floods = [await flood(pid, target, prepare(fake, here.lines(first)))]
            after_first = Memory.of(pid)
            async with bolt(fake, folder) as (its_pid, its_target):
                alone = await flood(its_pid, its_target, prepare(fake, here.lines(first)))
            if rest:
                floods.append(await flood(pid, target, prepare(fake, here.lines(rest))))
            after_all = Memory.of(pid)
            count = stored(folder / "http")
    answered = sum(len(trial.flooded.seconds) for trial in floods)
    print(f"HTTP, signed, {AT_ONCE} at once, acknowledged after the commit (wanted: 1,000/s for 10 s, p99 100 ms)")
    for trial in floods:
        print(f"  realreply          {trial}")
    print(f"  slack-bolt alone   {alone}")
    print(f"  ratio              {floods[-1].each / alone.each:.2f} of its processor time")
    print(f"  missing            {answered - count} of {answered:,} acknowledged")
    print("Memory (wanted: 120 MB at most)")
    print(f"  after the start    {start}")
    print(f"  {len(first):,} messages    {after_first}")
    if rest:
        print(f"  {len(events):,} messages   {after_all}")


async def quiet(folder: Path) -> None:
    """Single events at a quiet rate over Socket Mode: from sending to the acknowledgement, which comes after the commit."""
    events = sample(QUIET_RATE * QUIET_SECONDS)
    async with FakeSlack(clock=RealClock()) as fake:
        here = Workspace.on(fake, events, QUIET_CHANNELS)
        lead = next(person for person in here.people.values() if person.team.id == fake.workspace.team.id)
        taken: list[float] = []

        async def say(line: Line) -> None:
            begun = time.perf_counter()
            author = fake.workspace.people[line.author.id]
            await author.says(line.channel, line.text)
            taken.append(time.perf_counter() - begun)

        async with bot(fake, folder / "socket", mode="socket", lead=lead), asyncio.TaskGroup() as tasks:
            for line in here.lines(events):
                tasks.create_task(say(line))
                await asyncio.sleep(1 / QUIET_RATE)
        count = stored(folder / "socket")
    taken.sort()
    p50, p99 = taken[len(taken) // 2] * 1000, taken[int(len(taken) * 0.99)] * 1000
    print(f"Socket Mode, {QUIET_RATE} events a second, from sending to stored (wanted: p50 20 ms)")
    print(f"  realreply          p50 {p50:.1f} ms, p99 {p99:.1f} ms, missing {len(events) - count} of {len(events)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.slack", description=__doc__)
    parser.add_argument("--messages", type=int, default=ALL, help=f"over HTTP in all (default: {ALL:,})")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="realreply-bench-", dir=".") as folder:
        asyncio.run(quiet(Path(folder)))
        asyncio.run(http(Path(folder), asked.messages))


if __name__ == "__main__":
    main()
