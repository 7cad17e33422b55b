"""The process that is killed: the embedded platform, the engine, the inbox, the due loop, a database that survives power cuts.

`python -m tests.process.victim FOLDER` forks lives (see zygote). The time of the story runs faster than the clock on the wall,
and goes on while nobody lives.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from adapters.local.platform import LocalPlatform
from bot.domain.durations import Seconds
from bot.domain.events import Posted
from bot.domain.hours import ALWAYS
from bot.domain.messages import Message
from bot.domain.outgoing import Address
from bot.domain.people import Role, Team
from bot.domain.rules import ChannelRules, Step
from bot.domain.views import View
from bot.intake.inbox import Inbox
from bot.wiring.build import Policy, Timing, build
from storage.sqlite.database import Database
from tests.process import zygote
from tests.waits.world import NINE, Said, ScriptedJudge

SPEED = 600.0
"""Seconds of the story in a second: ten minutes."""

LEASE: Seconds = 300
"""Half a second on the wall: longer than most lives, so that leases outlive their owners."""

LADDER = (Step(after=120, to="owner"), Step(after=480, to="duty"), Step(after=1800, to="lead"))
TEAM = Team(members=frozenset({"ana", "ben", "mia"}), leads=("mia",), duty=("ben",))
OVERLAP = 20
"""Messages that are delivered again after a restart, though they were acknowledged."""

DWELL: Seconds = 0.012
"""Seconds on the wall that the platform takes before and after a post: room for a kill in between."""


class StoryClock:
    """The time of the story, the same for all lives."""

    def __init__(self, started: float) -> None:
        self._started = started

    def now(self) -> float:
        return NINE + (time.time() - self._started) * SPEED

    def elapsed(self) -> float:
        return self.now()

    async def sleep(self, seconds: Seconds) -> None:
        await asyncio.sleep(seconds / SPEED)


class SlowTown(LocalPlatform):
    """Posting takes a moment on both sides of being posted; now and then the connection breaks after it."""

    async def deliver(self, address: Address, view: View, keys: tuple[str, ...], *, under: str | None = None) -> str:
        await asyncio.sleep(DWELL)
        if len(self.posts) % 15 == 14:
            self.stumble("dropped")
        try:
            return await super().deliver(address, view, keys, under=under)
        finally:
            await asyncio.sleep(DWELL)


def posted(line: dict[str, str | float]) -> Posted:
    author, at = str(line["by"]), float(line["at"])
    role = Role.MEMBER if author in TEAM.members else Role.CUSTOMER
    message = Message(
        channel=f"local:harbor:{line['channel']}", id=f"{at:.6f}", at=at, author=author, role=role, text=str(line["text"])
    )
    return Posted(message=message)


async def live(folder: Path) -> None:
    """One life: deliver the messages whose time has come, remind, and end when nothing is left."""
    script = [json.loads(line) for line in (folder / "script.jsonl").read_text().splitlines()]
    clock = StoryClock(float((folder / "started").read_text()))
    async with await Database.open(folder / "realreply.db", unpack=Said.unpack) as store:  # type: ignore[arg-type]
        town = SlowTown(clock=clock, team=TEAM, destination="team", path=folder / "town.jsonl", sync=True, sleep=clock.sleep)
        town.channel("team", internal=True)
        for person in sorted(TEAM.members | {str(line["by"]) for line in script}):
            (town.member if person in TEAM.members else town.customer)(person)
        policy = Policy(hours_of=lambda _, __: ALWAYS, rules_of=lambda _: ChannelRules(steps=LADDER))
        time = Timing(clock=clock, sleep=clock.sleep)
        bot = build([town], store, policy, judge=ScriptedJudge(), time=time, activates=False, lease=LEASE)  # type: ignore[arg-type]
        inbox, due = bot.inbox, bot.outbox
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(inbox.run())
            tasks.create_task(due.run(clock))
            await deliver(script, folder / "acknowledged", clock, inbox)
            while await store.read(lambda tx: tx.next_due()) is not None:
                await clock.sleep(60)
            due.stop()
            inbox.close()


async def deliver(script: list[dict[str, str | float]], acknowledged: Path, clock: StoryClock, inbox: Inbox) -> None:
    """What a platform does: deliver each message when it is written, several at once, and again what may not have been taken."""
    done = int(acknowledged.read_text() or 0) if acknowledged.exists() else 0
    place = max(0, done - OVERLAP)
    while place < len(script):
        ready = place
        while ready < len(script) and float(script[ready]["at"]) <= clock.now() and ready - place < 20:
            ready += 1
        if ready == place:
            await clock.sleep(float(script[place]["at"]) - clock.now())
            continue
        await asyncio.gather(*(inbox.submit(posted(line)) for line in script[place:ready]))
        place = ready
        part = acknowledged.with_suffix(".part")
        part.write_text(str(place))
        part.replace(acknowledged)


def main(folder: Path) -> None:
    """Fork a life for each line that comes in."""
    zygote.serve(lambda: asyncio.run(live(folder)), folder / "log")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
