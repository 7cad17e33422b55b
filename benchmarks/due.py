"""How late reminders leave when 100,000 are pending, beside APScheduler with one job per reminder in memory.

Ours is everything: the database (`synchronous=FULL`), the last look at the wait, the wording, the guard, one message and one
destination per reminder, and its record. The platform answers at once. APScheduler's job only notes the time. Lateness is counted
from the instant a reminder was due to the instant the platform (or the job) was called; a stall is how much longer than asked
a sleeping task slept.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.local.platform import LocalPlatform
from adapters.local.workspace import LocalWorkspace
from bot.domain.hours import ALWAYS
from bot.domain.keys import wait_of as about
from bot.domain.outgoing import Address, Readers
from bot.domain.people import Team
from bot.domain.reading import unpack
from bot.domain.rules import ChannelRules, Step
from bot.domain.views import View
from bot.domain.waits import Wait
from bot.domain.writes import KeepText, SaveWait, SetReminder, Write
from bot.judge.standard import StandardJudge
from bot.ports import Clock
from bot.wiring.build import Policy, Timing, build
from storage.sqlite.database import Database

PENDING = 100_000
RATE, SECONDS = 100, 5
AT_ONCE = 1000
FAR = 24 * 3600.0
HEARTBEAT = 0.002
CHANNELS = 100


@dataclass
class Measured:
    """Latenesses and the longest stall, in seconds."""

    lateness: list[float] = field(default_factory=list)
    stall: float = 0.0
    wanted: int = 0

    def row(self, what: str, who: str) -> str:
        """A line of the table, in milliseconds."""
        late = sorted(self.lateness)
        if not late:
            return f"{what:<22} {who:<12} nothing left"
        p50, p99 = late[len(late) // 2], late[min(len(late) - 1, int(len(late) * 0.99))]
        figures = "".join(f"{value * 1000:9.1f}" for value in (p50, p99, late[-1], self.stall))
        lost = self.wanted - len(late)
        return f"{what:<22} {who:<12}{figures}{lost:8}"


class Nameless(LocalWorkspace):
    """People are called by their ids."""

    def names(self, person: str) -> tuple[str, ...]:
        """The id."""
        return (person,)


class Nowhere(LocalPlatform):
    """A platform that takes everything at once and notes how late it was."""

    def __init__(self, clock: Clock, team: Team) -> None:
        super().__init__(clock=clock, team=team)
        self.workspace = Nameless(self, team, None)
        self.due: dict[str, float] = {}
        self.lateness: list[float] = []

    async def open_direct(self, person: Address) -> None:
        """There is nothing to open."""

    async def deliver(self, address: Address, view: View, keys: tuple[str, ...], *, under: str | None = None) -> str:
        """Note how late each is."""
        now = time.time()
        self.lateness += [now - self.due[about(key)] for key in keys]
        return keys[0]

    async def update(self, address: Address, ref: str, view: View) -> None:
        """Nothing changes here."""

    async def remove(self, address: Address, ref: str) -> None:
        """Nothing is removed here."""

    def can_find(self, address: Address) -> bool:
        """Nothing can."""
        return False

    async def find_delivered(self, address: Address, key: str, since: float, *, under: str | None = None) -> str | None:
        """Nothing is found."""
        return None

    async def readers_of(self, address: Address) -> Readers:
        """Only the team."""
        return Readers(shared=False, outsiders=False)


def wait_of(number: int, opened_at: float) -> Wait:
    """A customer's wait, owned by a member of its own."""
    channel, message = f"local:bench:c{number % CHANNELS}", f"{opened_at:.6f}.{number}"
    return Wait(
        id=f"{channel}/{message}",
        channel=channel,
        customer=f"d{number}",
        thread=None,
        messages=(message,),
        opened_at=opened_at,
        last_message_at=opened_at,
        owner=f"m{number % AT_ONCE}",
        owner_reason="named",
        ladder_start=opened_at,
    )


def reminders(first: int, dues: list[float]) -> tuple[list[Write], dict[str, float]]:
    """Writes for one wait and reminder per instant, and when each wait's is due."""
    writes: list[Write] = []
    due: dict[str, float] = {}
    for number, at in enumerate(dues, first):
        wait = wait_of(number, at - 3600)
        text = KeepText(wait=wait.id, message=wait.messages[0], text="Where is the crate that left Rotterdam on Friday?")
        writes += [SaveWait(wait=wait), text, SetReminder(wait=wait.id, step=0, to="owner", due_at=at)]
        due[wait.id] = at
    return writes, due


async def heartbeat(measured: Measured) -> None:
    """Sleep again and again, and note the longest that it took too long."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(HEARTBEAT)
        measured.stall = max(measured.stall, time.perf_counter() - before - HEARTBEAT)


def instants(start: float) -> dict[str, list[float]]:
    """When reminders are due in each of the two trials."""
    return {
        f"{RATE} due a second": [start + n / RATE for n in range(RATE * SECONDS)],
        f"{AT_ONCE:,} due at once": [start] * AT_ONCE,
    }


async def ours(folder: Path) -> dict[str, Measured]:
    """Both trials through the due loop."""
    timing = Timing()
    platform = Nowhere(timing.clock, Team(members=frozenset(f"m{n}" for n in range(AT_ONCE))))
    rules = ChannelRules(steps=(Step(after=3600, to="owner"),))
    policy = Policy(hours_of=lambda _, __: ALWAYS, rules_of=lambda _: rules, dm_of=lambda _: True)
    results = {}
    async with await Database.open(folder / "due.db", unpack=unpack) as store:
        far = time.time() + FAR
        for first in range(0, PENDING, 5000):
            writes, _ = reminders(first, [far + n for n in range(5000)])
            await store.transact(lambda tx, writes=writes: tx.save(writes))  # type: ignore[misc]
        numbers = PENDING
        for what in instants(0):
            loop = build([platform], store, policy, judge=StandardJudge(), time=timing, activates=False).outbox
            dues = instants(time.time() + 1.0)[what]
            writes, platform.due = reminders(numbers, dues)
            numbers += len(dues)
            await store.transact(lambda tx, writes=writes: tx.save(writes))  # type: ignore[misc]
            platform.lateness = []
            measured = results[what] = Measured(wanted=len(dues))
            running = asyncio.create_task(loop.run(timing.clock))
            await asyncio.sleep(max(0.0, dues[0] - time.time() - 0.2))
            beating = asyncio.create_task(heartbeat(measured))
            await asyncio.sleep(dues[-1] - time.time() + 1.5)
            beating.cancel()
            loop.stop()
            await running
            measured.lateness = platform.lateness
    return results


async def apschedulers() -> dict[str, Measured]:
    """Both trials with one job per reminder, in memory, and APScheduler's defaults."""
    results = {}
    scheduler = AsyncIOScheduler(timezone=UTC)
    lateness: list[float] = []

    async def job(due: float) -> None:
        lateness.append(time.time() - due)

    def add(due: float) -> None:
        scheduler.add_job(job, "date", run_date=datetime.fromtimestamp(due, UTC), args=(due,))

    far = time.time() + FAR
    for n in range(PENDING):
        add(far + n)
    scheduler.start()
    try:
        for what in instants(0):
            lateness.clear()
            scheduler.pause()
            for due in (dues := instants(time.time() + 2.0)[what]):
                add(due)
            scheduler.resume()
            measured = results[what] = Measured(wanted=len(dues))
            await asyncio.sleep(max(0.0, dues[0] - time.time() - 0.2))
            beating = asyncio.create_task(heartbeat(measured))
            await asyncio.sleep(dues[-1] - time.time() + 1.5)
            beating.cancel()
            measured.lateness = list(lateness)
    finally:
        scheduler.shutdown(wait=False)
    return results


def main() -> None:
    """Run both and print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="realreply-bench-") as folder:
        mine = asyncio.run(ours(Path(folder)))
    theirs = asyncio.run(apschedulers())
    print(f"Lateness with {PENDING:,} pending reminders, in ms (aims: p99 50 and 250, stall 50)")
    print(f"{'':<22} {'':<12}" + "".join(f"{name:>9}" for name in ("p50", "p99", "worst", "stall")) + f"{'lost':>8}")
    for what, measured in mine.items():
        print(measured.row(what, "realreply"))
        print(theirs[what].row(what, "APScheduler"))


if __name__ == "__main__":
    sys.exit(main())
