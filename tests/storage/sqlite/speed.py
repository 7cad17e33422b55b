"""What storage costs an event, and whether memory stays flat. Run by hand:

    PYTHONPATH=. python tests/storage/sqlite/speed.py [events]

The mix is a busy channel's: every event in a savepoint, with its keys and its message; every third opens a wait, keeps its
text and sets a reminder; every fourth ends one, blanks its text and withdraws its reminder. Groups of 250, `synchronous=OFF`.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from bot.domain.events import EventKey
from bot.domain.messages import MessageRecord
from bot.domain.people import Role
from bot.domain.reading import Reading, unpack
from bot.domain.waits import Reply, ReplyKind, Wait, WaitState
from bot.domain.writes import BlankText, DropReminder, KeepText, SaveMessage, SaveWait, SetReminder, Write
from bot.ports import Transaction
from storage.sqlite.database import Database

GROUP = 250
STEP = 20.0
TEXT = "The export stops at half of the rows since this morning, and I need it for a meeting at noon. " * 2


def writes(count: int) -> Iterator[tuple[str, list[Write]]]:
    """(message id, the decision's writes) of `count` events in one of ten channels."""
    waiting: deque[Wait] = deque()
    for number in range(count):
        at = 1_700_000_000 + number * STEP
        channel, id = f"slack:T0001:C{number // 500 % 10:04}", f"{at:.6f}"
        reading = Reading(
            cues=number, chars=190, words=38, rest=30, fingerprints=tuple(range(number, number + 20)), addressed=(("U0007", 3),)
        )
        decision: list[Write] = []
        wait = None
        if number % 3 == 0:
            wait = Wait(
                id=f"{channel}/{id}",
                channel=channel,
                customer=f"U{number % 997:04}",
                thread=None,
                messages=(id,),
                opened_at=at,
                last_message_at=at,
                evidence=("asks", "problem"),
            )
            waiting.append(wait)
            decision += [
                SaveWait(wait=wait),
                KeepText(wait=wait.id, message=id, text=TEXT),
                SetReminder(wait=wait.id, step=0, to="owner", due_at=at + 600),
            ]
        if waiting and (number % 4 == 1 or len(waiting) > 1000):
            old = waiting.popleft()
            reply = Reply(message=id, by="U0007", at=at, kind=ReplyKind.PERSONAL)
            ended = replace(old, state=WaitState.ANSWERED, ended_at=at, replies=(reply,), owner="U0007", owner_reason="named")
            decision += [SaveWait(wait=ended), BlankText(wait=old.id), DropReminder(wait=old.id)]
        seen = MessageRecord(
            id=id,
            at=at,
            author="U0001",
            role=Role.CUSTOMER,
            thread=None,
            reply_to=None,
            reading=reading,
            reply_probability=0.9,
            wait=wait.id if wait else None,
        )
        yield id, [SaveMessage(channel=channel, seen=seen), *decision]


async def measure(count: int) -> None:
    """Print the cost of an event and the growth of memory between the first and the last tenth."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speed.db"
        async with await Database.open(path, unpack=unpack, synchronous="OFF") as database:
            stream = writes(count)
            spent: list[float] = []
            cpu = 0.0
            early = 0
            done = 0
            while group := list(islice(stream, GROUP)):

                def work(tx: Transaction, group: list[tuple[str, list[Write]]] = group) -> None:
                    for id, decision in group:
                        with tx.savepoint():
                            channel = decision[0].channel  # type: ignore[union-attr]
                            if tx.first_time(EventKey(channel=channel, message=id, kind="posted"), None, float(id)):
                                tx.save(decision)

                start, busy = time.perf_counter(), time.process_time()
                await database.transact(work)
                cpu += time.process_time() - busy
                spent.append((time.perf_counter() - start) / len(group) * 1e6)
                done += len(group)
                if not early and done >= count // 10:
                    early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            late = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        size = path.stat().st_size
    spent.sort()
    quick, middle = spent[len(spent) // 10], spent[len(spent) // 2]
    print(
        f"µs an event: {sum(spent) / len(spent):.1f} on average, {middle:.1f} median group, {quick:.1f} quickest tenth of groups"
    )
    print(f"{cpu / done * 1e6:.1f} µs of processor time an event")
    print(f"{done} events, {size / done:.0f} bytes an event on disk")
    print(f"peak memory {early / 1024:.1f} MB after a tenth, {late / 1024:.1f} MB at the end")


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
