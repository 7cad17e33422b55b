"""Reminders that fall due: sent once, followed by the next rung, never about a wait that is over."""

from __future__ import annotations

import asyncio
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app.due import LEASE, MOST_ATTEMPTS
from bot.app.inbox import process_group
from bot.core.events import Event
from bot.core.hours import Hours, Span, weekly
from bot.core.ladder import Quiet
from bot.core.model import ChannelRules, Step
from bot.errors import Forbidden, RetryLater
from tests.app.house import House, a_house, posted, wait_id
from tests.core.world import DAY, HOUR, MINUTE, NINE


async def happen(house: House, *events: Event) -> None:
    await house.engine.transact(house.store, lambda tx: process_group(house.engine, tx, events))


async def drain(house: House, until: float) -> None:
    """Step at every instant at which something is due."""
    while True:
        due = await house.store.read(lambda tx: tx.next_due())
        if due is None or due > until:
            return
        await house.due.step(due)


def sent(house: House) -> list[tuple[tuple[str, ...], int]]:
    return [(to, step) for _, to, step, _ in house.courier.delivered]


async def test_the_ladder_climbs_from_owner_to_duty_to_lead_and_ends(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await happen(house, posted("dana", "Ana, where is it?"))
        await drain(house, NINE + 10 * MINUTE - 1)
        assert sent(house) == []
        await drain(house, NINE + 30 * DAY)
        assert sent(house) == [(("ana",), 0), (("ben",), 1), (("mia",), 2)]
        reminders = await house.store.read(lambda tx: tx.sent_reminders(wait_id()))
        assert [reminder.at - NINE for reminder in reminders] == [10 * MINUTE, 2 * HOUR, DAY]
        assert [reminder.ref for reminder in reminders] == ["post-1", "post-2", "post-3"]
        assert len({key for *_, key in house.courier.delivered}) == 3


async def test_an_answer_before_the_time_means_no_reminder_at_all(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await happen(house, posted("dana", "where is it?"), posted("ana", "Dana here", NINE + MINUTE))
        await drain(house, NINE + 30 * DAY)
        assert sent(house) == []


async def test_nothing_leaves_about_a_wait_that_ended_or_was_held_after_the_row_was_written(tmp_path: Path) -> None:
    """The last look before a send, with a row that a faulty write left behind."""
    async with a_house(tmp_path / "a.db") as house:
        await happen(house, posted("dana", "where is it?"), posted("ana", "holding", NINE + MINUTE))
        await happen(house, posted("omar", "and mine?", NINE + 2 * MINUTE))
        await house.store.transact(lambda tx: tx.save([_pull(wait_id(), NINE + 3 * MINUTE)]))
        await house.due.step(NINE + 3 * MINUTE)
        assert sent(house) == []
        assert await house.store.read(lambda tx: tx.next_due()) == NINE + 12 * MINUTE  # omar's own
        await happen(house, posted("ana", "Dana here", NINE + 4 * MINUTE))
        await house.store.transact(lambda tx: tx.save([_pull(wait_id(), NINE + 5 * MINUTE)]))
        await house.due.step(NINE + 5 * MINUTE)
        assert sent(house) == []


def _pull(wait: str, due_at: float) -> object:
    from bot.core.writes import SetReminder

    return SetReminder(wait=wait, step=0, to="owner", due_at=due_at)


async def test_a_platform_that_asks_for_a_pause_gets_it_and_the_key_stays(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await happen(house, posted("dana", "where is it?"))
        house.courier.trouble = [RetryLater("slow down", after=90)]
        now = NINE + 10 * MINUTE
        stepped = await house.due.step(now)
        assert (stepped.sent, stepped.next_due) == (0, now + 90)
        await house.due.step(now + 89)
        assert sent(house) == []
        await house.due.step(now + 90)
        assert [key for *_, key in house.courier.delivered] == [f"{wait_id()}#0.0"]


async def test_pauses_grow_and_after_many_attempts_the_reminder_is_listed_as_dead(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ChannelRules(steps=(Step(after=600, to="owner"),))) as house:
        await happen(house, posted("dana", "where is it?"))
        house.courier.trouble = [RetryLater("down", after=0) for _ in range(MOST_ATTEMPTS)]
        pauses, now = [], NINE + 600
        while (await house.due.step(now)).next_due is not None:
            due = await house.store.read(lambda tx: tx.next_due())
            assert due is not None
            pauses.append(due - now)
            now = due
        assert pauses == sorted(pauses) and pauses[0] == 5 and pauses[-1] == 900
        assert sent(house) == [] and len(pauses) == MOST_ATTEMPTS - 1


async def test_a_refused_reminder_is_dead_at_once_and_the_others_go_on(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await happen(house, posted("dana", "where is it?"), posted("omar", "and mine?", NINE + 0.5))
        house.courier.trouble = [Forbidden("the channel can be read by customers")]
        await house.due.step(NINE + 11 * MINUTE)
        assert len(sent(house)) == 1


async def test_a_crash_between_claim_and_send_gives_the_reminder_back_after_its_lease(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await happen(house, posted("dana", "where is it?"))
        now = NINE + 10 * MINUTE
        await house.store.transact(lambda tx: tx.claim_due(now, limit=10, lease=LEASE))  # ... and then the process died
    async with a_house(tmp_path / "a.db") as house:
        await house.due.step(now + 1)
        assert sent(house) == []
        await house.due.step(now + LEASE)
        assert len(sent(house)) == 1


async def test_a_reminder_waits_for_working_hours_and_its_row_moves_with_it(tmp_path: Path) -> None:
    office = Hours(zone=ZoneInfo("UTC"), week=weekly(range(5), [Span(opens=9 * 60, closes=17 * 60)]))
    async with a_house(tmp_path / "a.db", quiet=Quiet(hours_of=lambda _: office)) as house:
        friday_evening = NINE + 4 * DAY + 8 * HOUR
        await happen(house, posted("dana", "where is it?", friday_evening))
        await drain(house, NINE + 7 * DAY - 1)
        assert sent(house) == []
        await drain(house, NINE + 7 * DAY)
        assert sent(house)[0] == (("ben",), 0)


async def test_over_budget_the_rung_is_skipped_and_the_next_one_stays(tmp_path: Path) -> None:
    always = Quiet(hours_of=lambda _: Hours(zone=ZoneInfo("UTC"), week=weekly(range(7), [Span(opens=0, closes=1440)])), budget=1)
    async with a_house(tmp_path / "a.db", quiet=always) as house:
        await happen(house, posted("dana", "Ana, where is it?"), posted("omar", "Ana, and mine?", NINE + 1))
        await drain(house, NINE + HOUR)
        assert sent(house) == [(("ana",), 0)]
        await drain(house, NINE + 3 * HOUR)
        assert sent(house) == [(("ana",), 0), (("ben",), 1)]  # ben's budget is one a day too


async def test_without_a_courier_reminders_are_only_noted(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        house.due._courier = None
        await happen(house, posted("dana", "Ana, where is it?"))
        await drain(house, NINE + HOUR)
        assert house.courier.delivered == []
        reminders = await house.store.read(lambda tx: tx.sent_reminders(wait_id()))
        assert [(reminder.to, reminder.ref) for reminder in reminders] == [(("ana",), None)]


class SteppingClock:
    """Every look at it moves it on to just before the instant that was asked for last."""

    def __init__(self) -> None:
        self.time = NINE

    def now(self) -> float:
        return self.time


async def test_the_live_loop_wakes_for_a_poke(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        clock = SteppingClock()
        loop = asyncio.create_task(house.due.run(clock))
        while not house.due._poke.is_set():
            await asyncio.sleep(0)
            await happen(house, posted("dana", "where is it?"))
            clock.time = NINE + 10 * MINUTE
            house.due.poke()
            break
        while not house.courier.delivered:
            await asyncio.sleep(0)
        loop.cancel()
        assert sent(house) == [(("ben",), 0)]
