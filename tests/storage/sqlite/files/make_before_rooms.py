"""Makes `before-rooms.db.gz`, a database as the version before bot/ was divided into rooms left it (commit 0136f6c).

Run it in a checkout of that commit, with its packages, not here: `python make_before_rooms.py before-rooms.db`, then `gzip -9n`.
It is kept to say what is in the file and where that came from. All people are made up.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

from bot.app.delivery import Destination, Outlet
from bot.app.due import DueLoop
from bot.app.engine import Engine
from bot.app.guard import Guard
from bot.app.inbox import Failed, process_group
from bot.app.limits import Limits
from bot.core.choices import OwnHours, SetAway, SetDm, SetHours, SetWatch
from bot.core.context import Context
from bot.core.events import Acted, Corrected, Deleted, Event, Posted, Reacted
from bot.core.hours import ALWAYS, Span, weekly
from bot.core.ladder import Quiet
from bot.core.model import ChannelRules, Message, Role, Step, Team, Watch
from bot.core.outgoing import Address
from bot.core.writes import AddNotice
from bot.judge.reading import unpack
from storage.database import Database
from tests.app.house import Courier, HandClock, PlainViews

from bot.errors import Rejected, RetryLater
from bot.judge.standard import StandardJudge

HELP, RANDOM = "slack:T0HARBOR:C0HELP", "slack:T0HARBOR:C0RANDOM"
TEAM_CHANNEL = Address("channel", "C0TEAM")
TEAM = Team(members=frozenset({"U0ANA", "U0BEN", "U0MIA"}), leads=("U0MIA",), duty=("U0BEN",))
NAMES = {"U0ANA": "Ana", "U0BEN": "Ben", "U0MIA": "Mia", "U0DANA": "Dana", "U0OMAR": "Omar", "U0KIM": "Kim", "U0LEE": "Lee"}
NINE = 1_772_442_000.0  # Monday 2 March 2026, 9:00 UTC
MINUTE, HOUR = 60.0, 3600.0
BUDGET = 2


class Made:
    def __init__(self, store: Database, key: bytes) -> None:
        self.store = store
        self.courier = Courier(HandClock(time=NINE))
        self.clock = self.courier.clock
        self.courier.name = "slack"
        self.wants_dm = {"U0MIA"}
        self.engine = Engine(
            context=Context(judge=StandardJudge(key=key), hours_of=lambda _: ALWAYS),
            team=TEAM,
            rules_of=lambda _: ChannelRules(steps=(Step(after=10 * MINUTE, to="owner"), Step(after=2 * HOUR, to="lead"))),
            names_of=lambda person: (NAMES[person],) if person in NAMES else (),
        )
        guard = Guard(self.courier, is_member=TEAM.members.__contains__, wants_dm=self.wants_dm.__contains__, clock=self.clock)
        outlet = Outlet(
            guard=guard,
            views=PlainViews(),
            destination=Destination(channel=lambda: TEAM_CHANNEL, wants_dm=self.wants_dm.__contains__),
            limits=Limits(self.clock, self.clock.sleep),
            clock=self.clock,
            sleep=self.clock.sleep,
        )
        self.due = DueLoop(self.engine, store, outlet, quiet=Quiet(hours_of=lambda _: ALWAYS, budget=BUDGET))

    async def happen(self, *events: Event) -> None:
        for outcome in await self.engine.transact(self.store, lambda tx: process_group(self.engine, tx, events)):
            if isinstance(outcome, Failed):
                raise outcome.error

    async def says(self, author: str, text: str, at: float, channel: str = HELP, thread: str | None = None) -> None:
        role = Role.MEMBER if author in TEAM.members else Role.CUSTOMER
        id = f"{at:.6f}"
        message = Message(channel=channel, id=id, at=at, author=author, role=role, text=text, thread=thread)
        await self.happen(Posted(message=message, platform_event=f"Ev{id}"))

    async def step(self, now: float) -> None:
        self.clock.time = max(self.clock.time, now)
        await self.due.step(now)


def wait(at: float, channel: str = HELP) -> str:
    return f"{channel}/{at:.6f}"


async def make(path: Path) -> None:
    async with await Database.open(path, unpack=unpack) as store:
        made = Made(store, await store.key("fingerprints"))

        # w1: asked, reminded, claimed: the update of its post is pending.
        await made.says("U0DANA", "Ana, my export stops at half of the rows. Can you have a look, please?", NINE)
        await made.step(NINE + 10 * MINUTE)
        claim = Acted(channel=HELP, wait=wait(NINE), verb="claim", by="U0ANA", at=NINE + 20 * MINUTE)
        await made.happen(claim)

        # w2: asked, reminded, answered, and its post says so.
        await made.says("U0OMAR", "Ben, why do I get error 403 when I open the invoice page?", NINE + 30 * MINUTE)
        await made.step(NINE + 40 * MINUTE)
        await made.says(
            "U0BEN", "Omar, your role had no right to read invoices. I changed that; please sign in again.", NINE + 45 * MINUTE
        )
        await made.step(NINE + 46 * MINUTE)

        # w3: somebody's day is full: left out, and the next rung stays.
        await made.says("U0KIM", "Ana, how do I add a second address to my account?", NINE + HOUR)
        await made.step(NINE + HOUR + 10 * MINUTE)
        await made.says("U0LEE", "Ana, does the import work with semicolons?", NINE + HOUR + 20 * MINUTE)
        await made.step(NINE + HOUR + 30 * MINUTE)

        # w5: refused for good. w6: it may have arrived.
        await made.says("U0NOA", "Where can I find the list of all my orders?", NINE + 2 * HOUR, RANDOM)
        made.courier.trouble.append(Rejected("is_archived"))
        await made.step(NINE + 2 * HOUR + 10 * MINUTE)
        await made.says("U0RIA", "Is there a way to delete my old project?", NINE + 4 * HOUR, RANDOM)
        made.courier.swallowed.append(RetryLater("the answer got lost", after=5, uncertain=True))
        await made.step(NINE + 4 * HOUR + 10 * MINUTE)

        # w7: snoozed. w8: dismissed, and said to need no reply.
        await made.says("U0EVE", "How can I change the language of my reports?", NINE + 5 * HOUR, RANDOM)
        until = NINE + 30 * HOUR
        snooze = Acted(
            channel=RANDOM, wait=wait(NINE + 5 * HOUR, RANDOM), verb="snooze", by="U0MIA", at=NINE + 5 * HOUR + 60, until=until
        )
        await made.happen(snooze)
        await made.says("U0IAN", "Why is the sky over the harbor so grey today?", NINE + 6 * HOUR, RANDOM)
        late = NINE + 6 * HOUR + 60
        await made.happen(Corrected(channel=RANDOM, message=f"{NINE + 6 * HOUR:.6f}", by="U0MIA", at=late, says="needs_none"))

        # Early: its message never came. Notices: one posted, one for later, a tip that nobody asked for.
        await made.happen(
            Deleted(channel=HELP, id=f"{NINE + 7 * HOUR:.6f}", at=NINE + 7 * HOUR, platform_event="Ev-early"),
            Reacted(channel=HELP, id=f"{NINE + 7 * HOUR:.6f}", by="U0ANA", by_member=True, emoji="eyes", at=NINE + 7 * HOUR + 1),
        )
        notices = (
            AddNotice(kind="digest", key="digest:1:day", due_at=NINE + 7 * HOUR, subject="day"),
            AddNotice(kind="digest", key="digest:2:day", due_at=NINE + 31 * HOUR, subject="day"),
            AddNotice(kind="tip", key="tip:1", due_at=NINE + 7 * HOUR, subject="redirect", person="U0BEN"),
        )
        await made.engine.transact(store, lambda tx: tx.save(notices))
        await made.step(NINE + 7 * HOUR)

        # As it was when the process died: one reminder on its way, one that isn't due yet, a post that isn't up to date.
        await made.says("U0PIA", "Mia, how do I export my orders as a file?", NINE + 8 * HOUR)
        made.wants_dm.clear()  # what was sent to her alone couldn't be looked for
        made.courier.swallowed.append(RetryLater("the answer got lost", after=60, uncertain=True))
        await made.step(NINE + 8 * HOUR + 10 * MINUTE)
        await made.says("U0SAM", "Where do I see which plan I am on?", NINE + 8 * HOUR + 10 * MINUTE + 30, RANDOM)
        at = NINE + 8 * HOUR + 11 * MINUTE
        await made.happen(
            Acted(channel=HELP, wait=wait(NINE + HOUR), verb="claim", by="U0BEN", at=at),
            Acted(channel=HELP, wait=wait(NINE + HOUR + 20 * MINUTE), verb="not_me", by="U0ANA", at=at),
        )

        # What was chosen in chat, and the marks.
        choices = (
            SetAway(member="U0BEN", since=NINE + 24 * HOUR, until=NINE + 72 * HOUR, by="U0BEN", at=NINE),
            SetDm(member="U0MIA", on=True, by="U0MIA", at=NINE),
            SetHours(
                member="U0ANA",
                hours=OwnHours(zone="Europe/Berlin", week=weekly(range(4), [Span(opens=540, closes=1020)])),
                by="U0ANA",
                at=NINE,
            ),
            SetWatch(channel=HELP, watch=Watch.EVERYTHING, by="U0MIA", at=NINE),
            SetWatch(channel="slack:T0HARBOR:C0LOUNGE", watch="nothing", by="U0MIA", at=NINE),
        )
        await store.transact(lambda tx: tx.choose(choices))
        await store.transact(lambda tx: tx.put_mark("started", NINE - HOUR, by="U0MIA"))
        await store.transact(lambda tx: tx.put_mark("gap", NINE + 7 * HOUR + 30))
        await store.check()


if __name__ == "__main__":
    with suppress(FileNotFoundError):
        Path(sys.argv[1]).unlink()
    asyncio.run(make(Path(sys.argv[1])))
