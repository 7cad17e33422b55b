"""Trouble of any length: what fails is tried until it arrives, what is given up is tried again, and no open wait is forgotten."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.events import Acted
from bot.domain.outgoing import Address, DeadLetter, Readers
from bot.domain.reasons import ReasonCode
from bot.domain.rules import ChannelRules, Step
from bot.domain.views import View
from bot.domain.writes import AddNotice, NoticeSubject, SaveWait
from bot.errors import Forbidden, Gone, Rejected, RetryLater
from bot.outbox.outages import LONGEST_PAUSE, MOST_ATTEMPTS
from bot.outbox.rate_limits import RateLimits
from bot.outbox.results import LATEST, SOONEST
from bot.ports import WorkspaceChange
from tests.runtime.simulated import (
    CHANNEL,
    TEAM_CHANNEL,
    Courier,
    HandClock,
    House,
    PlainViews,
    a_house,
    assembled,
    posted,
    wait_id,
)
from tests.storage.sqlite.rows import rows_of
from tests.thorough import examples
from tests.waits.world import DAY, HOUR, LADDER, MINUTE, NINE

ONE_STEP = ChannelRules(steps=(Step(after=10 * MINUTE, to="owner"),))
TEN = NINE + 10 * MINUTE
OUTSIDERS = Readers(shared=False, outsiders=True)


def fallbacks(house: House) -> list[str]:
    return [post.view.fallback for post in house.courier.posts.values()]


async def dead(house: House) -> tuple[DeadLetter, ...]:
    return await house.store.read(lambda tx: tx.dead(100))


def fails(house: House, why: Callable[[Address, View], Exception | None]) -> None:
    """From now on deliveries fail as `why` says."""
    plain = Courier.deliver

    async def deliver(address: Address, view: View, keys: tuple[str, ...], *, under: str | None = None) -> str:
        error = why(address, view)
        if error is not None:
            raise error
        return await plain(house.courier, address, view, keys, under=under)

    house.courier.deliver = deliver  # type: ignore[method-assign]


def mends(house: House) -> None:
    fails(house, lambda address, view: None)


# -- an outage


async def test_what_falls_due_in_an_outage_leaves_as_one_message_for_its_channel(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        fails(house, lambda address, view: RetryLater("HTTP 500", after=30))
        for number, name in enumerate(("Ana", "Ben", "Mia")):
            await house.happen(posted(f"c{number}", f"{name}, where is it?", NINE + number * 20 * MINUTE))
            await house.drain(NINE + (number + 1) * 20 * MINUTE)
        await house.drain(NINE + 3 * DAY)
        mends(house)
        await house.drain(NINE + 3 * DAY + LONGEST_PAUSE)
        assert fallbacks(house) == ["c0 and c1 and c2"]
        assert await dead(house) == ()


async def test_a_moments_trouble_makes_one_message_of_nothing(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "and mine?", NINE + 1))
        house.courier.trouble = [RetryLater("HTTP 500", after=0)]
        await house.drain(TEN + HOUR)
        assert sorted(fallbacks(house)) == ["dana", "omar"]


async def test_what_gets_through_wakes_what_waits_elsewhere_on_the_platform(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        house.wants_dm |= {"ana"}
        fails(house, lambda address, view: RetryLater("no connection", after=0, uncertain=False))
        await house.happen(posted("dana", "Ana, where is it?"))
        await house.drain(TEN + 2 * HOUR)
        await house.happen(posted("omar", "and mine?", TEN + 2 * HOUR))
        await house.drain(TEN + 2 * HOUR + 11 * MINUTE)
        mends(house)
        await house.drain(TEN + 3 * HOUR)
        first, second = house.courier.posts.values()
        assert {first.address.kind, second.address.kind} == {"channel", "person"}
        assert second.at - first.at < 5, "not each after a pause of its own"


@pytest.mark.parametrize("uncertain", [True, False])
async def test_of_the_digests_that_an_outage_held_up_only_the_latest_leaves(tmp_path: Path, uncertain: bool) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        fails(house, lambda address, view: RetryLater("down", after=0, uncertain=uncertain))
        slots = [
            AddNotice(kind="digest", key=f"digest:{day}", due_at=NINE + day * DAY, subject=NoticeSubject.DAY) for day in range(4)
        ]
        await house.store.transact(lambda tx: tx.save(slots))
        await house.drain(NINE + 2.5 * DAY)
        mends(house)
        await house.drain(NINE + 2.6 * DAY)
        assert fallbacks(house) == ["digest"]
        await house.drain(NINE + 4 * DAY)
        assert fallbacks(house) == ["digest", "digest"], "the next one comes at its time"


@pytest.mark.parametrize("uncertain", [True, False])
async def test_a_platform_that_is_down_is_not_hammered(tmp_path: Path, uncertain: bool) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        tries = Counter[str]()

        def down(address: Address, view: View) -> Exception:
            tries["post"] += 1
            return RetryLater("down", after=0, uncertain=uncertain)

        fails(house, down)
        await house.happen(
            *(posted(f"c{n}", f"{('Ana', 'Ben', 'Mia')[n % 3]}, hello?", NINE + n * 3 * MINUTE) for n in range(40))
        )
        await house.drain(NINE + DAY)
        newcomers = 40 if uncertain else 0  # what fails may be at fault itself: others are tried, once each
        assert 4 * 23 < tries["post"] < newcomers + 4 * 24 + 20
        assert len(house.courier.searched) < 2 * newcomers + 4 * 24 + 20


async def test_what_was_accepted_in_the_outage_is_found_and_not_doubled(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "and mine?", NINE + MINUTE))
        house.courier.swallowed = [RetryLater("no answer", after=0)]
        await house.step(TEN)
        house.courier.trouble = [RetryLater("no answer", after=0) for _ in range(30)]
        await house.drain(NINE + DAY)
        assert fallbacks(house) == ["dana", "omar"]


# -- a message's own fault


async def test_a_message_the_platform_chokes_on_is_given_up_and_holds_up_nobody_for_long(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        fails(house, lambda address, view: RetryLater("HTTP 500", after=30) if "dana" in view.fallback else None)
        await house.happen(posted("dana", "Ana, where is it?"))
        for number in range(1, 26):
            await house.happen(posted(f"c{number}", "Ben, and mine?", NINE + number * 7 * MINUTE))
        await house.drain(NINE + 6 * HOUR)
        late = {
            post.view.fallback: post.at - (NINE + 10 * MINUTE + int(post.view.fallback[1:]) * 7 * MINUTE)
            for post in house.courier.posts.values()
        }
        assert len(late) == 25 and max(late.values()) < 3 * MINUTE
        (given_up,) = await dead(house)
        assert given_up.reason.code is ReasonCode.TOO_OFTEN and given_up.reason.about[0] == str(MOST_ATTEMPTS)


async def test_of_a_message_that_is_refused_only_who_is_at_fault_is_given_up(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        fails(house, lambda address, view: Rejected("invalid blocks") if "dana" in view.fallback else None)
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "Ana, and mine?", NINE + 1))
        await house.drain(TEN + MINUTE)
        assert fallbacks(house) == ["omar"]
        assert [row.wait for row in await dead(house)] == [wait_id()]


# -- given up, and the customer still waits


@pytest.mark.parametrize(
    "why", [Rejected("invalid blocks"), Gone("archived"), Forbidden("read-only")], ids=lambda why: type(why).__name__
)
async def test_a_last_rung_that_was_given_up_is_tried_again_until_it_arrives(tmp_path: Path, why: Exception) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        fails(house, lambda address, view: why)
        await house.happen(posted("dana", "Ana, where is it?"))
        await house.drain(TEN + 10 * DAY)
        (given_up,) = await dead(house)
        assert given_up.wait == wait_id(), "listed once, however often it was tried"
        tries = rows_of(house.store.path, "SELECT count(*) FROM outgoing")[0][0]
        assert 10 < tries < 20, "an hour later, then more and more seldom, once a day"
        mends(house)
        await house.drain(TEN + 11 * DAY)
        assert fallbacks(house) == ["dana"]
        assert await dead(house) == (), "it is undeliverable no more"
        await house.drain(TEN + 30 * DAY)
        assert len(house.courier.posts) == 1


async def test_a_wait_that_ended_is_not_tried_again(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        fails(house, lambda address, view: Rejected("invalid blocks"))
        await house.happen(posted("dana", "Ana, where is it?"))
        await house.step(TEN)
        mends(house)
        await house.happen(posted("ana", "Dana here", TEN + MINUTE))
        await house.drain(TEN + 2 * DAY)
        assert house.courier.posts == {} and len(await dead(house)) == 1


async def test_a_doubtful_wait_whose_only_rung_was_given_up_is_tried_again(tmp_path: Path) -> None:
    """It doesn't climb: its first rung is its last."""
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        wait = await house.wait(wait_id())
        assert wait is not None
        doubtful = SaveWait(wait=replace(wait, probability=0.6))
        await house.engine.transact(house.store, lambda tx: house.engine.apply(tx, wait.channel, (doubtful,)))
        fails(house, lambda address, view: Forbidden("read-only"))
        await house.drain(TEN + MINUTE)
        assert len(await dead(house)) == 1
        mends(house)
        await house.drain(TEN + SOONEST + MINUTE)
        assert fallbacks(house) == ["dana"]


async def test_what_was_given_up_goes_along_with_the_next_message_to_the_same_people(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        fails(house, lambda address, view: Rejected("invalid blocks"))
        await house.happen(posted("dana", "Ana, where is it?"), posted("pia", "and mine?", NINE + 1))
        await house.drain(TEN + 5)
        mends(house)
        await house.happen(posted("omar", "Ana, hello?", NINE + 20 * MINUTE))
        await house.drain(NINE + 30 * MINUTE)
        assert fallbacks(house) == ["omar and dana"], "pia's is for ben, and comes at its time"
        await house.drain(TEN + SOONEST + MINUTE)
        assert fallbacks(house) == ["omar and dana", "pia"] and await dead(house) == ()


async def test_a_direct_message_that_may_have_arrived_is_followed_by_the_next_one_with_it_in(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        house.wants_dm |= {"ana"}
        await house.happen(posted("dana", "Ana, where is it?"))
        house.courier.trouble = [RetryLater("connection lost", after=0)]
        await house.drain(TEN + MINUTE)
        assert [row.reason.code for row in await dead(house)] == [ReasonCode.UNREADABLE]
        await house.happen(posted("omar", "Ana, hello?", NINE + 20 * MINUTE))
        await house.drain(NINE + 30 * MINUTE)
        assert fallbacks(house) == ["omar and dana"]


async def test_when_the_channel_can_be_posted_to_again_what_was_given_up_leaves_at_once(tmp_path: Path) -> None:
    courier = Courier(HandClock())
    async with a_house(tmp_path / "a.db", rules=ONE_STEP, courier=courier) as house:
        bot = assembled(courier, house.store, PlainViews(), rules=ONE_STEP, activates=False)
        house.due, house.engine = bot.outbox, bot.engine
        courier.readers["team"] = OUTSIDERS
        await house.happen(posted("dana", "Ana, where is it?"))
        await house.step(TEN)
        assert len(await dead(house)) == 1 and courier.posts == {}
        courier.readers.clear()
        await bot.membership.changed("local", WorkspaceChange(readers=TEAM_CHANNEL))
        await house.step(TEN + MINUTE)
        assert fallbacks(house) == ["dana"]


# -- clocks


class Unlimited(RateLimits):
    """Every address takes a message at any time."""

    def wait(self, address: Address) -> float:
        return 0.0


async def test_a_clock_that_was_set_back_holds_up_nothing_that_was_only_put_off(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "and mine?", NINE + MINUTE))
        house.replace_loop(replace(house.sender, limits=Unlimited(house.clock, house.clock.sleep)))
        house.clock.time = now = TEN + DAY  # wrong by a day
        house.courier.swallowed = [RetryLater("no answer", after=0)]
        fails(house, lambda address, view: RetryLater("busy", after=60, uncertain=False) if house.courier.posts else None)
        await house.due.step(now)
        assert await house.next_due() == now + 5
        mends(house)
        for post in house.courier.posts.values():
            post.at -= DAY  # the platform's clock is right
        house.clock.time = TEN + 5 * MINUTE
        await house.due.step(house.clock.time)
        await house.drain(TEN + 8 * MINUTE)
        assert fallbacks(house) == ["dana", "omar"], "neither a day later nor twice"
        assert await house.next_due() is None


# -- no open wait is forgotten


KINDS: dict[str, Callable[[], Exception]] = {
    "none": lambda: RuntimeError,  # type: ignore[dict-item,return-value]
    "down": lambda: RetryLater("HTTP 500", after=0),
    "slow": lambda: RetryLater("slow down", after=30, uncertain=False),
    "mistake": lambda: KeyError("ts"),
    "rejected": lambda: Rejected("invalid blocks"),
    "gone": lambda: Gone("archived"),
    "forbidden": lambda: Forbidden("read-only"),
}


async def forgotten(house: House) -> list[str]:
    """Open waits of which nobody is told, and will be: no row is to leave, and the last rung that there is hasn't left."""
    now = house.clock.now()
    found = []
    statement = "SELECT waits.id, outgoing.state, step FROM outgoing JOIN waits ON no = wait ORDER BY wait, n"
    all_rows = rows_of(house.store.path, statement)
    for wait in await house.store.read(lambda tx: list(tx.open_waits(1000))):
        rows = [(state, step) for id, state, step in all_rows if id == wait.id]
        ahead = any(state in ("pending", "sending") for state, _ in rows)
        if wait.as_of(now).hold is None and not ahead and (not rows or rows[-1][0] != "sent"):
            found.append(f"{wait.customer}: {rows}")
    return found


@pytest.mark.parametrize("seed", range(examples(4, 24)))
async def test_however_things_fail_no_open_wait_is_forgotten_and_nothing_is_doubled(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    async with a_house(tmp_path / "a.db", rules=ChannelRules(steps=LADDER)) as house:
        trouble = {"kind": "none", "share": 1.0}
        find = house.courier.find_delivered

        def why(address: Address, view: View) -> Exception | None:
            hit = trouble["kind"] != "none" and dice.random() < float(trouble["share"])
            if hit and trouble["kind"] == "down" and dice.random() < 0.3:  # taken, and the answer lost
                house.courier.swallowed = [RetryLater("no answer", after=0)]
                return None
            return KINDS[str(trouble["kind"])]() if hit else None

        async def search(address: Address, key: str, since: float) -> str | None:
            if trouble["kind"] in ("down", "slow") and dice.random() < 0.4:
                raise RetryLater("HTTP 500", after=0)
            return await find(address, key, since)

        house.courier.find_delivered = search  # type: ignore[method-assign]
        fails(house, why)
        now, customers = NINE, 0
        for _ in range(60):
            action = dice.choice(
                ("ask", "ask", "answer", "claim", "trouble", "trouble", "mend", "readers", "dm", "restart", "wait")
            )
            if action == "ask":
                customers += 1
                name = dice.choice(("Ana, ", "Ben, ", "Mia, ", ""))
                await house.happen(posted(f"c{customers}", f"{name}where is it?", now))
            elif action in ("answer", "claim"):
                waits = await house.store.read(lambda tx: list(tx.open_waits(1000)))
                if waits and action == "answer":
                    await house.happen(posted("ana", "personal", now, reply_to=dice.choice(waits).messages[0]))
                elif waits:
                    wait = dice.choice(waits)
                    await house.happen(Acted(channel=CHANNEL, wait=wait.id, verb="claim", by="mia", at=now))
            elif action == "trouble":
                trouble = {"kind": dice.choice(list(KINDS)), "share": dice.choice((0.3, 1.0))}
            elif action == "mend":
                trouble = {"kind": "none", "share": 0.0}
            elif action == "readers":
                house.courier.readers["team"] = dice.choice((OUTSIDERS, Readers(shared=False, outsiders=False)))
                house.guard.forget()
            elif action == "dm":
                house.wants_dm ^= {dice.choice(("ana", "ben", "mia"))}
            elif action == "restart":
                house.replace_loop(house.sender)
                await house.store.transact(lambda tx: tx.end_leases(house.clock.now() + 5))
            now = max(now, house.clock.now()) + dice.choice((1.0, MINUTE, 20 * MINUTE, 3 * HOUR, DAY))
            await house.drain(now)
            house.clock.time = now = max(now, house.clock.now())
            assert await forgotten(house) == []
        trouble = {"kind": "none", "share": 0.0}
        house.courier.readers.clear()
        house.guard.forget()
        await house.drain(now + LATEST + 2 * DAY)
        assert await forgotten(house) == []
        still = [wait.customer for wait in await house.store.read(lambda tx: list(tx.open_waits(1000)))]
        told = {name for post in house.courier.posts.values() for name in post.view.fallback.split(" and ")}
        assert set(still) <= told, "everybody who still waits was told of"
        keys = Counter(key for post in house.courier.posts.values() for key in post.keys)
        assert max(keys.values(), default=1) == 1, "nothing left twice"
