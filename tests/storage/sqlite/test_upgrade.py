"""A database of an earlier version is upgraded by this one: everything is there, a copy was made before, and going on works.

`files/make_before_rooms.py` says what is in the file. What is asserted here holds whatever migrations have come since.
"""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.context import Context
from bot.domain.events import Acted, Deleted, Posted, Reacted
from bot.domain.gaps import Coverage
from bot.domain.hours import ALWAYS, WorkingSpan, weekly
from bot.domain.messages import Message
from bot.domain.outgoing import Address
from bot.domain.people import Role, Team
from bot.domain.preferences import OwnHours
from bot.domain.reading import unpack
from bot.domain.rules import ChannelRules, Step, Watch
from bot.domain.waits import HoldKind, WaitState
from bot.domain.writes import NoticeSubject
from bot.engine.engine import Engine
from bot.judge.standard import StandardJudge
from bot.outbox.address_queues import Destination, Sender
from bot.outbox.guard import Guard
from bot.outbox.loop import OutboxLoop
from bot.outbox.rate_limits import RateLimits
from bot.ports import Mark, QueryTransaction
from bot.waits.availability import ROUND_THE_CLOCK
from bot.wording.reasons import sentence
from storage.sqlite import migrate
from storage.sqlite.database import Database
from tests.runtime.simulated import Courier, HandClock, PlainViews
from tests.storage.sqlite.rows import rows_of

BEFORE = Path(__file__).parent / "files" / "before-rooms.db.gz"

HELP, RANDOM = "slack:T0HARBOR:C0HELP", "slack:T0HARBOR:C0RANDOM"
NINE = 1_772_442_000.0
MINUTE, HOUR = 60.0, 3600.0
TEAM = Team(members=frozenset({"U0ANA", "U0BEN", "U0MIA"}), leads=("U0MIA",), duty=("U0BEN",))
TEAM_CHANNEL = Address("slack", "channel", "C0TEAM")
ENDED = NINE + 8 * HOUR + 11 * MINUTE
"""When the process that made the file ended."""


def id_of(at: float, channel: str = HELP) -> str:
    return f"{channel}/{at:.6f}"


ON_ITS_WAY = id_of(NINE + 8 * HOUR)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "kept.db"
    path.write_bytes(gzip.decompress(BEFORE.read_bytes()))
    return path


async def upgraded(path: Path) -> Database:
    return await Database.open(path, unpack=unpack, synchronous="OFF")


async def test_a_copy_is_made_before(kept: Path) -> None:
    waits = "SELECT id, state, owner FROM waits ORDER BY no"
    before, then = rows_of(kept, waits), rows_of(kept, "PRAGMA user_version")[0][0]
    newest = len(migrate.migrations())
    await (await upgraded(kept)).close()
    assert rows_of(kept, "PRAGMA user_version") == [(newest,)]
    copy = kept.with_name(f"{kept.name}.before-v{newest}")
    assert copy.exists() == (then < newest)
    if copy.exists():
        assert rows_of(copy, "PRAGMA user_version") == [(then,)]
        assert rows_of(copy, waits) == before


async def test_the_waits_are_there_with_all_that_is_known_of_them(kept: Path) -> None:
    def look(tx: QueryTransaction) -> None:
        waits = {tx.handle(wait.id): wait for wait in tx.all_waits()}
        assert [wait.customer for wait in waits.values()] == [
            *("U0DANA", "U0OMAR", "U0KIM", "U0LEE", "U0NOA", "U0RIA", "U0EVE", "U0IAN", "U0PIA", "U0SAM"),
        ]
        states = [wait.state for wait in waits.values()]
        assert [n for n, state in enumerate(states, 1) if state is not WaitState.WAITING] == [2, 8]
        assert (states[1], states[7]) == (WaitState.ANSWERED, WaitState.DISMISSED)
        dana, omar, kim, lee, eve = (waits[handle] for handle in ("w1", "w2", "w3", "w4", "w7"))
        assert (dana.id, dana.messages, dana.opened_at) == (id_of(NINE), (f"{NINE:.6f}",), NINE)
        assert dana.hold is not None and (dana.hold.kind, dana.hold.by) == (HoldKind.CLAIM, "U0ANA")
        assert (dana.owner, dana.owner_reason, kim.owner_reason, lee.not_me) == ("U0ANA", "claimed", "claimed", ("U0ANA",))
        assert [(reply.by, reply.kind) for reply in omar.replies] == [("U0BEN", "personal")]
        assert eve.hold is not None and (eve.hold.kind, eve.hold.until) == (HoldKind.SNOOZE, NINE + 30 * HOUR)
        assert [text.text for text in tx.texts(kim.id)] == ["Ana, how do I add a second address to my account?"]
        assert tx.texts(omar.id) == ()
        assert tx.waits_of(HELP, f"{NINE + 45 * MINUTE:.6f}") == (omar,)
        assert len(tx.open_waits(99)) == 8 and tx.wait_by_handle("w3") == kim

    async with await upgraded(kept) as db:
        await db.read(look)
        await db.check()


async def test_what_left_is_still_to_leave_or_never_will_is_there(kept: Path) -> None:
    def look(tx: QueryTransaction) -> None:
        first, again = tx.sent_reminders(id_of(NINE))
        assert (first.step, first.at, first.to, first.ref) == (0, NINE + 10 * MINUTE, ("U0ANA",), "post-1")
        assert (again.step, again.to, again.ref) == (1, ("U0MIA",), "post-6")
        assert [tx.sent_since(member, NINE) for member in ("U0ANA", "U0BEN", "U0MIA")] == [2, 2, 1]
        sam, ria = id_of(NINE + 8 * HOUR + 10 * MINUTE + 30, RANDOM), id_of(NINE + 4 * HOUR, RANDOM)
        pending = tx.pending(sam)
        assert pending is not None and (pending.step, pending.to, pending.key) == (0, "owner", f"{sam}#0.0")
        assert tx.pending(ria) is None and tx.pending(ON_ITS_WAY) is None
        assert tx.left_out(id_of(NINE + HOUR + 20 * MINUTE)), "somebody's day was full"
        assert not tx.left_out(ria)
        dead = tx.dead(99)
        assert len(dead) == 4 and {letter.what for letter in dead} == {"reminder"}
        refused = next(letter for letter in dead if letter.due_at == NINE + 2 * HOUR + 10 * MINUTE)
        assert refused.wait == id_of(NINE + 2 * HOUR, RANDOM) and refused.address is None
        assert sentence(refused.reason) == "is_archived"
        assert sum(letter.address is not None and letter.address.id == "U0MIA" for letter in dead) == 3
        assert tx.next_due() == ENDED, "the update of a post"

    async with await upgraded(kept) as db:
        await db.read(look)


async def test_what_was_chosen_marked_and_corrected_is_there(kept: Path) -> None:
    async with await upgraded(kept) as db:
        choices = await db.read(lambda tx: tx.choices())
        assert choices.away == {"U0BEN": ((NINE + 24 * HOUR, NINE + 72 * HOUR),)} and choices.dm == {"U0MIA": True}
        week = weekly(range(4), [WorkingSpan(opens=540, closes=1020)])
        assert choices.hours == {"U0ANA": OwnHours(zone="Europe/Berlin", week=week)}
        assert choices.watch == {HELP: Watch.EVERYTHING, "slack:T0HARBOR:C0LOUNGE": "nothing"}
        assert await db.read(lambda tx: tx.mark("started")) == Mark(at=NINE - HOUR, by="U0MIA")
        (correction,) = await db.read(lambda tx: tx.corrections(RANDOM))
        assert (correction.says, correction.by, correction.judged) == ("needs_none", "U0MIA", True)
        (known,) = await db.read(lambda tx: tx.exchanges("U0OMAR"))
        assert (known.channel, known.member, known.at) == (HELP, "U0BEN", NINE + 45 * MINUTE)
        record = await db.transact(lambda tx: tx.channel(HELP, 100))
        assert [type(event) for event in record.early] == [Deleted, Reacted]
        assert len(record.messages) == 6 and record.messages[0].author == "U0DANA" and record.messages[0].reading.words > 5
        # The gap that was noted came before the latest message: what was written since is read back.
        latest = NINE + 8 * HOUR + 10 * MINUTE + 30
        covered = await db.transact(lambda tx: tx.coverage(RANDOM))
        assert covered == Coverage(first_read_at=latest, missing_since=NINE + 7 * HOUR + 30)
        assert await db.read(lambda tx: tx.mark("gap")) is None
        digest = await db.transact(lambda tx: tx.post(6))
        assert digest is not None and (digest.address, digest.ref, digest.notices) == (
            TEAM_CHANNEL,
            "post-7",
            (NoticeSubject.DAY,),
        )
        (reply,) = await db.transact(lambda tx: tx.replies(100))
        assert (reply.customer, reply.message.author) == ("U0OMAR", "U0BEN")


@dataclass
class Running:
    """The bot on the upgraded file, with a platform that has forgotten what it was sent."""

    store: Database
    engine: Engine
    outbox: OutboxLoop
    courier: Courier

    async def step(self, now: float) -> None:
        self.courier.clock.time = max(self.courier.clock.time, now)
        await self.outbox.step(now)

    async def happens(self, *events: Posted | Acted) -> list[bool]:
        """Whether each was new."""
        return await self.engine.transact(self.store, lambda tx: [self.engine.process(tx, event).new for event in events])


@asynccontextmanager
async def running(path: Path) -> AsyncIterator[Running]:
    async with await upgraded(path) as store:
        courier = Courier(HandClock(time=ENDED), name="slack")
        clock = courier.clock
        guard = Guard({"slack": courier}, team=lambda: TEAM, wants_dm=lambda _: False, clock=clock)
        engine = Engine(
            context=Context(judge=StandardJudge(key=await store.key("fingerprints")), hours_of=lambda _: ALWAYS),
            team=TEAM,
            rules_of=lambda _: ChannelRules(steps=(Step(after=10 * MINUTE, to="owner"), Step(after=2 * HOUR, to="lead"))),
            names_of=lambda _: (),
        )
        sender = Sender(
            guard=guard,
            views=PlainViews(),
            destination=Destination(channels={"slack": lambda _: TEAM_CHANNEL}, wants_dm=lambda _: False, team=lambda: TEAM),
            limits=RateLimits(clock, clock.sleep),
            clock=clock,
            sleep=clock.sleep,
        )
        yield Running(store, engine, OutboxLoop(engine, store, sender, quiet=ROUND_THE_CLOCK), courier)


async def test_going_on_works(kept: Path) -> None:
    async with running(kept) as bot:
        await bot.store.transact(lambda tx: tx.end_leases(ENDED))
        await bot.step(ENDED)
        # The claim that was made just before the end reaches the post of that wait's reminder.
        assert [(ref, view.fallback) for ref, view in bot.courier.updates] == [("post-3", "U0KIM: on hold")]
        # What was on its way is looked for by its key, and sent when it isn't there; what came due meanwhile leaves, too.
        assert bot.courier.searched == [f"{ON_ITS_WAY}#0.0"]
        sent = {key for post in bot.courier.posts.values() for key in post.keys}
        assert sent == {f"{ON_ITS_WAY}#0.0", f"{id_of(NINE + HOUR + 20 * MINUTE)}#0.2"}


async def test_a_reminder_due_later_leaves_and_its_post_follows_its_wait(kept: Path) -> None:
    sam = id_of(NINE + 8 * HOUR + 10 * MINUTE + 30, RANDOM)
    async with running(kept) as bot:
        await bot.step(NINE + 8 * HOUR + 21 * MINUTE)
        (ref,) = [ref for ref, post in bot.courier.posts.items() if f"{sam}#0.0" in post.keys]
        at = NINE + 8 * HOUR + 30 * MINUTE
        text = "Sam, you are on the small plan. You see it under Billing, at the top of the page."
        reply = Message(channel=RANDOM, id=f"{at:.6f}", at=at, author="U0BEN", role=Role.MEMBER, text=text, mentions=("U0SAM",))
        assert await bot.happens(Posted(message=reply)) == [True]
        await bot.step(at + 1)
        assert (ref, True) in [(updated, "U0SAM: answered" in view.fallback) for updated, view in bot.courier.updates]


async def test_old_posts_follow_too_and_what_was_known_is_still_known(kept: Path) -> None:
    at = NINE + 8 * HOUR + 30 * MINUTE
    text = "Ana, my export stops at half of the rows. Can you have a look, please?"
    dana = Message(channel=HELP, id=f"{NINE:.6f}", at=NINE, author="U0DANA", role=Role.CUSTOMER, text=text)
    async with running(kept) as bot:
        assert await bot.happens(Posted(message=dana, platform_event="another delivery")) == [False]
        again = Acted(channel=HELP, wait=id_of(NINE + 30 * MINUTE), verb="reopen", by="U0MIA", at=at)
        assert await bot.happens(again) == [True]
        await bot.step(at)
        assert ("post-2", "U0OMAR: waiting") in [(ref, view.fallback) for ref, view in bot.courier.updates]
