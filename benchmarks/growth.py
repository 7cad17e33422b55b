"""How large the file gets: `python -m benchmarks.growth` lives through years of messages at the default settings, and copies it.

Nine million messages through the judge would take an hour, so what is decided is made up, and stored with the storage's own
writes, with each day's housekeeping: what is measured is the file, not the judge. Of a day's messages (5,000, in 50 channels)
27 % open a wait, as in the labelled support channels; 97 % of those are answered within the hour by a member, a tenth of all
after a reminder, and 3 % by nobody, until a lead takes them off the list after two weeks. Of 2,000 customers a quarter are others
a year later.

Then a copy is made beside a writer that commits as fast as it can: how long a commit takes at most, and how far the -wal grows.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.domain.durations import DAY, HOUR, MINUTE, Instant
from bot.domain.events import EventKey
from bot.domain.keys import message_key
from bot.domain.messages import MessageRecord
from bot.domain.outgoing import Address
from bot.domain.people import Role
from bot.domain.reading import Cue, Reading, unpack
from bot.domain.waits import Reply, ReplyKind, Wait, WaitState
from bot.domain.window import CAPACITY
from bot.domain.writes import BlankText, DropReminder, KeepText, SaveExchange, SaveMessage, SaveWait, SetReminder, Write
from bot.ports import Transaction
from bot.runtime.jobs import DELIVERIES, EARLY_EDITS, Retention
from storage.sqlite.database import Database

FIRST_DAY = datetime(2026, 1, 5, tzinfo=UTC).timestamp()
CHANNELS, MEMBERS, CUSTOMERS = 50, 12, 2_000
OPENING, NEVER_ANSWERED, REMINDED = 0.27, 0.03, 0.1
TAKEN_OFF = 14 * DAY
TEXT = "Good morning, the weekly report of our second harbour returns an empty list since the update, is that known?"
TEAM = Address("slack", "channel", "C0TEAM0001")
DEFAULT = Retention(messages=30 * DAY, waits=400 * DAY)
GROUP = 250
"""Events a transaction."""


@dataclass
class Years:
    """Made-up days, and who waits."""

    messages_a_day: int
    random: random.Random = field(default_factory=lambda: random.Random(5))
    unanswered: deque[Wait] = field(default_factory=deque)
    answers: deque[tuple[Instant, Wait]] = field(default_factory=deque)
    number: int = 0

    def day(self, first: Instant) -> Iterator[tuple[EventKey, Instant, str, list[Write], str | None]]:
        """The events of a day: key, instant, the platform's id, what is stored, and the wait that is reminded of."""
        chance = self.random
        writes: list[Write]
        while self.unanswered and self.unanswered[0].opened_at < first - TAKEN_OFF:
            gone = self.unanswered.popleft()
            self.number += 1
            ended = _changed(gone, WaitState.DISMISSED, first)
            key = EventKey(channel=gone.channel, message=gone.id, kind="acted:dismiss", edit=f"U0MEMBER001/{first}")
            yield (
                key,
                first,
                f"Ev{self.number:010}",
                [SaveWait(wait=ended), BlankText(wait=gone.id), DropReminder(wait=gone.id)],
                None,
            )
        step = DAY / self.messages_a_day
        answers = self.answers
        for place in range(self.messages_a_day):
            self.number += 1
            at = round(first + place * step + chance.random() * step * 0.9, 6)
            id = f"{at:.6f}"
            if answers and answers[0][0] <= at:
                yield self._answer(answers.popleft()[1], at, f"U0MEMBER{chance.randrange(MEMBERS):03}")
                continue
            # Most write in a channel of their own, as customers with a shared channel do.
            who = chance.randrange(CUSTOMERS) + int((first - FIRST_DAY) // DAY) * CUSTOMERS // 4 // 365
            customer, place_of = f"U0{who:09}", who if chance.random() < 0.9 else chance.randrange(CHANNELS)
            channel = f"slack:T0HARBOR001:C0CHANNEL{place_of * 7919 % CHANNELS:03}"
            if chance.random() >= OPENING / (1 - OPENING):
                yield self._event(channel, id, at, [SaveMessage(channel=channel, seen=self._seen(id, at, customer))], None)
                continue
            wait = Wait(
                id=message_key(channel, id),
                channel=channel,
                customer=customer,
                thread=None,
                messages=(id,),
                opened_at=at,
                last_message_at=at,
                owner=f"U0MEMBER{chance.randrange(MEMBERS):03}",
                owner_reason="acquaintance",
                probability=chance.random(),
                evidence=("content", "asks for something", "lower start", "new here"),
                ladder_start=at,
            )
            reminded = chance.random() < REMINDED
            writes = [
                SaveWait(wait=wait),
                KeepText(wait=wait.id, message=id, text=TEXT),
                SetReminder(wait=wait.id, step=0, to="owner", due_at=at + 30 * MINUTE),
                SaveMessage(channel=channel, seen=self._seen(id, at, customer, wait.id)),
            ]
            if chance.random() < NEVER_ANSWERED:
                self.unanswered.append(wait)
            else:
                answers.append((at + HOUR * chance.random(), wait))
            yield self._event(channel, id, at, writes, wait.id if reminded else None)

    def _answer(self, wait: Wait, at: Instant, member: str) -> tuple[EventKey, Instant, str, list[Write], str | None]:
        id = f"{at:.6f}"
        reply = Reply(message=id, by=member, at=at, kind=ReplyKind.PERSONAL, probability=self.random.random())
        ended = _changed(wait, WaitState.ANSWERED, at, reply)
        writes: list[Write] = [
            SaveWait(wait=ended),
            BlankText(wait=wait.id),
            DropReminder(wait=wait.id),
            SaveExchange(channel=wait.channel, member=member, customer=wait.customer, strength=1.5, at=at),
            SaveMessage(channel=wait.channel, seen=self._seen(id, at, member, answers=(wait.id,))),
        ]
        return self._event(wait.channel, id, at, writes, None)

    def _event(
        self, channel: str, id: str, at: Instant, writes: list[Write], reminded: str | None
    ) -> tuple[EventKey, Instant, str, list[Write], str | None]:
        return EventKey(channel=channel, message=id, kind="posted"), at, f"Ev{self.number:010}", writes, reminded

    def _seen(self, id: str, at: Instant, author: str, wait: str | None = None, answers: tuple[str, ...] = ()) -> MessageRecord:
        prints = tuple(self.random.getrandbits(32) for _ in range(10))
        reading = Reading(
            cues=int(Cue.QUESTION_MARK | Cue.HELP), chars=len(TEXT), words=18, rest=12, questions=1, fingerprints=prints
        )
        role = Role.MEMBER if answers else Role.CUSTOMER
        return MessageRecord(
            id=id,
            at=at,
            author=author,
            role=role,
            thread=None,
            reply_to=None,
            reading=reading,
            reply_probability=0.6,
            wait=wait,
            answers=answers,
        )


def _changed(wait: Wait, state: WaitState, at: Instant, *replies: Reply) -> Wait:
    values = {name: getattr(wait, name) for name in Wait.__slots__}
    return Wait(**values | {"state": state, "ended_at": at, "replies": replies})


async def live_through(store: Database, years: Years, day: int) -> None:
    """A day: its events, the reminders that leave, and the housekeeping."""
    first = FIRST_DAY + day * DAY
    events = list(years.day(first))
    for start in range(0, len(events), GROUP):
        group = events[start : start + GROUP]

        def work(tx: Transaction, group: list[tuple[EventKey, Instant, str, list[Write], str | None]] = group) -> None:
            for key, at, delivery, writes, reminded in group:
                if not tx.first_time(key, delivery, at):
                    continue
                tx.save(writes)
                if reminded is not None:
                    for due in tx.claim_due(at + HOUR, limit=1, lease=MINUTE):
                        tx.mark_sent(due, at=at, to=("U0MEMBER001",), ref=f"{at:.6f}", address=TEAM)

        await store.transact(work)
    now = first + DAY

    def prune(tx: Transaction) -> None:
        tx.prune(now, keep=DEFAULT.messages, window=CAPACITY)
        tx.prune_waits(now, keep=DEFAULT.waits)
        tx.prune_traces(now - DEFAULT.messages)
        tx.prune_early_edits(now - EARLY_EDITS)

    await store.transact(prune)
    while await store.transact(lambda tx: tx.prune_keys(events_before=now - DEFAULT.keys, deliveries_before=now - DELIVERIES)):
        pass


async def grow(path: Path, years: float, messages_a_day: int, say: Console) -> float:
    """Make a file; gives the bytes it has at most."""
    largest = 0
    made = Years(messages_a_day)
    async with await Database.open(path, unpack=unpack, synchronous="OFF") as store:
        for day in range(int(years * 365)):
            await live_through(store, made, day)
            if day % 365 == 364:
                await store.checkpoint()
                largest = max(largest, path.stat().st_size)
                say.print(f"after {(day + 1) // 365} years: {path.stat().st_size / 1e6:.0f} MB")
    return float(max(largest, path.stat().st_size))


def _one(tx: Transaction, key: EventKey, at: Instant, delivery: str, writes: list[Write]) -> None:
    if tx.first_time(key, delivery, at):
        tx.save(writes)


@dataclass(kw_only=True)
class Commits:
    """How commits went: seconds each, and the largest -wal, bytes."""

    seconds: list[float] = field(default_factory=list)
    wal: int = 0

    def at(self, part: float) -> float:
        """Milliseconds that so large a part of the commits took at most."""
        ranked = sorted(self.seconds)
        return ranked[min(len(ranked) - 1, int(part * len(ranked)))] * 1e3


async def commits(store: Database, path: Path, until: asyncio.Event, rate: float) -> Commits:
    """Commit one event after the other, `rate` a second, with `synchronous=FULL`."""
    made, found, wal = Years(5_000), Commits(), path.with_name(path.name + "-wal")
    events = made.day(FIRST_DAY + 3000 * DAY)
    while not until.is_set():
        key, at, delivery, writes, _ = next(events)

        begun = time.perf_counter()
        await store.transact(partial(_one, key=key, at=at, delivery=delivery, writes=writes))
        found.seconds.append(time.perf_counter() - begun)
        found.wal = max(found.wal, wal.stat().st_size if wal.exists() else 0)
        await asyncio.sleep(max(0.0, 1 / rate - found.seconds[-1]))
    return found


async def copy(path: Path, rate: float) -> tuple[float, int, Commits, Commits]:
    """Seconds that a copy takes, its bytes, and the commits alone and beside it."""
    target = path.with_name("copy.db")
    target.unlink(missing_ok=True)
    async with await Database.open(path, unpack=unpack) as store:
        await store.checkpoint()
        ended = asyncio.Event()
        alone = asyncio.create_task(commits(store, path, ended, rate))
        await asyncio.sleep(5)
        ended.set()
        before = await alone
        ended = asyncio.Event()
        beside = asyncio.create_task(commits(store, path, ended, rate))
        begun = time.perf_counter()
        await store.backup(target)
        seconds = time.perf_counter() - begun
        ended.set()
        return seconds, target.stat().st_size, before, await beside


def main() -> None:
    """Grow, copy and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--years", type=float, default=5.0)
    parser.add_argument("--messages", type=int, default=5_000, help="messages a day (default: 5,000)")
    parser.add_argument("--rate", type=float, default=100.0, help="commits a second beside the copy (default: 100)")
    parser.add_argument("--keep", type=Path, help="leave the file here; one that is there is only copied")
    options = parser.parse_args()
    console = Console(width=130)
    with tempfile.TemporaryDirectory(prefix="realreply-growth-", dir=".") as folder:
        path: Path = options.keep or Path(folder) / "grown.db"
        begun = time.perf_counter()
        largest = path.stat().st_size if path.exists() else asyncio.run(grow(path, options.years, options.messages, console))
        took = time.perf_counter() - begun
        seconds, size, before, beside = asyncio.run(copy(path, options.rate))
    table = Table("what", "measured", "wanted")
    table.add_row(
        f"the file after {options.years:g} years of {options.messages:,} messages a day ({took:.0f} s)",
        f"{largest / 1e6:.0f} MB",
        "400 MB",
    )
    table.add_row(f"a copy of it, {size / 1e6:.0f} MB", f"{seconds:.1f} s", "")
    table.add_row(
        f"{len(beside.seconds):,} commits beside it: p50, p99, longest",
        f"{beside.at(0.5):.1f}, {beside.at(0.99):.1f}, {beside.at(1):.1f} ms",
        "longest 50 ms",
    )
    table.add_row("the same with nothing beside", f"{before.at(0.5):.1f}, {before.at(0.99):.1f}, {before.at(1):.1f} ms", "")
    table.add_row("the -wal meanwhile", f"{beside.wal / 1e6:.1f} MB", "256 MB: the copy is given up")
    console.print(table)


if __name__ == "__main__":
    main()
