"""What judging costs: seconds inside the judge per message, over whole replays through the real engine.

`python -m benchmarks.judging [--messages N] [--shared ../shared]`: a made archive with a team; where labelled chat logs lie in
`../shared`, also those, as a channel where everybody is a customer and peers may answer. Aim: 60 µs a message on average.
Time is the thread's own processor time: what else runs on the machine doesn't count.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.irc_logs import load
from benchmarks.live import sample
from bot.domain.context import Context
from bot.domain.events import Posted
from bot.domain.hours import ALWAYS
from bot.domain.people import Role, Team
from bot.domain.rules import ChannelRules
from bot.engine.engine import Engine
from bot.intake.replay import Replay
from bot.judge.standard import StandardJudge
from bot.ports import Problem
from bot.waits.ladder import QuietRules
from bot.wiring.database import database

METHODS = (
    "read", "expects_reply", "calls", "closes", "belongs", "overlooked", "attribute", "answers", "peers", "helps", "thanked",
    "reply_kind", "canned",
)  # fmt: skip
AIM = 60e-6


@dataclass(slots=True)
class Spent:
    """Calls and seconds of each method; what one calls of another counts once."""

    calls: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    inside: bool = False
    clock: float = 0.0
    """What it costs to look at the clock, in seconds a call; taken off."""

    def of(self, name: str) -> float:
        """Seconds in a method."""
        return max(0.0, self.seconds[name] - self.calls[name] * self.clock)

    def all(self) -> float:
        """Seconds in all methods."""
        return sum(map(self.of, self.seconds))


def clock_cost() -> float:
    """Seconds that a measured call costs by itself: the least of several rounds."""
    rounds = []
    for _ in range(5):
        spent = Spent({"nothing": 0}, {"nothing": 0.0})
        nothing = _timed(spent, "nothing", lambda *_: None)
        for _ in range(2_000):
            nothing(1, 2, 3)
        rounds.append(spent.seconds["nothing"] / 2_000)
    return min(rounds)


def timed(judge: StandardJudge) -> Spent:
    """Make a judge count the time it takes."""
    spent = Spent(clock=clock_cost())
    for name in METHODS:
        method = getattr(judge, name, None)
        if method is not None:
            spent.calls[name], spent.seconds[name] = 0, 0.0
            setattr(judge, name, _timed(spent, name, method))
    return spent


def _timed(spent: Spent, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    def call(*given: Any) -> Any:
        if spent.inside:
            return method(*given)
        spent.inside = True
        started = time.thread_time()
        try:
            return method(*given)
        finally:
            spent.seconds[name] += time.thread_time() - started
            spent.calls[name] += 1
            spent.inside = False

    return call


async def measure(events: Sequence[Posted], *, peers: bool) -> Spent:
    """Replay events and give what judging took."""
    # The real replay streams its archive; the events that are all held here shouldn't be walked by the garbage collector.
    gc.collect()
    gc.freeze()
    judge = StandardJudge()
    spent = timed(judge)
    members = frozenset(event.message.author for event in events if event.message.role is Role.MEMBER)
    rules = ChannelRules(peers_may_answer=peers)
    engine = Engine(
        context=Context(judge=judge, hours_of=lambda _: ALWAYS),
        team=Team(members=members),
        rules_of=lambda _: rules,
        names_of=lambda person: (person,),
    )
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory(prefix="realreply-judging-") as folder:
        async with database(Path(folder) / "judging.db") as store:
            run = Replay(engine, store, quiet=QuietRules(hours_of=lambda _: ALWAYS, budget=None), problem=problems.append)
            await run.run(events, until=0)
    if problems:
        raise RuntimeError(f"{len(problems)} messages couldn't be judged, the first: {problems[0]}")
    return spent


def show(what: str, messages: int, runs: Sequence[Spent]) -> None:
    """Print the best run."""
    best = min(runs, key=Spent.all)
    total = best.all() / messages
    print(f"{what}: {total * 1e6:.1f} µs a message (aim {AIM * 1e6:.0f}), {messages:,} messages")
    for name in sorted(best.seconds, key=best.of, reverse=True):
        if best.calls[name]:
            seconds = best.of(name)
            each = seconds / best.calls[name]
            print(f"  {name:14} {seconds / messages * 1e6:6.1f} µs a message, {best.calls[name]:7,} times {each * 1e6:6.1f} µs")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judging", description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000, help="messages of the made archive (default: 20,000)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, the best of which counts (default: 3)")
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="where data/ is")
    options = parser.parse_args()
    events = sample(options.messages)
    show("made archive", len(events), [asyncio.run(measure(events, peers=False)) for _ in range(options.rounds)])
    path = options.shared / "data" / "irc-dev.jsonl.gz"
    if path.exists():
        logs = [Posted(message=message) for log in load(path) for message in log.messages]
        show("chat logs, peers may answer", len(logs), [asyncio.run(measure(logs, peers=True)) for _ in range(options.rounds)])
        show("chat logs, nobody may answer", len(logs), [asyncio.run(measure(logs, peers=False)) for _ in range(options.rounds)])
    else:
        print(f"chat logs: {path} isn't there")


if __name__ == "__main__":
    main()
