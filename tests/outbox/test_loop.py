"""Reminders that fall due: sent once, followed by the next rung, never about a wait that is over."""

from __future__ import annotations

import asyncio
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.notifications import Unavailable
from bot.domain.outgoing import Attempt, DueReminder
from bot.domain.preferences import OwnSwitch
from bot.domain.rules import ChannelRules, Step
from bot.domain.writes import AddNotice
from bot.errors import Forbidden, RetryLater
from bot.outbox.loop import IN_FLIGHT, LEASE, TOGETHER
from bot.outbox.outages import MOST_ATTEMPTS
from bot.ports import Transaction
from bot.waits.availability import QuietRules
from bot.wording.reasons import sentence
from tests.runtime.simulated import TEAM_CHANNEL, House, a_house, posted, wait_id
from tests.waits.world import DAY, HOUR, MINUTE, NINE


def sent(house: House) -> list[tuple[tuple[str, ...], int]]:
    return [(to, step) for _, to, step, _ in house.courier.delivered]


async def test_the_ladder_climbs_from_owner_to_duty_to_lead_and_ends(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        await house.drain(NINE + 10 * MINUTE - 1)
        assert sent(house) == []
        await house.drain(NINE + 30 * DAY)
        assert sent(house) == [(("ana",), 0), (("ben",), 1), (("mia",), 2)]
        reminders = await house.store.read(lambda tx: tx.sent_reminders(wait_id()))
        assert [reminder.at - NINE for reminder in reminders] == [10 * MINUTE, 2 * HOUR, DAY]
        assert [reminder.ref for reminder in reminders] == ["post-1", "post-2", "post-3"]
        assert len({key for *_, key in house.courier.delivered}) == 3


async def test_an_answer_before_the_time_means_no_reminder_at_all(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "where is it?"), posted("ana", "Dana here", NINE + MINUTE))
        await house.drain(NINE + 30 * DAY)
        assert sent(house) == []


async def test_nothing_leaves_about_a_wait_that_ended_or_was_held_after_the_row_was_written(tmp_path: Path) -> None:
    """The last look before a send, with a row that a faulty write left behind."""
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "where is it?"), posted("ana", "holding", NINE + MINUTE))
        await house.happen(posted("omar", "and mine?", NINE + 2 * MINUTE))
        await house.store.transact(lambda tx: tx.save([_pull(wait_id(), NINE + 3 * MINUTE)]))
        await house.step(NINE + 3 * MINUTE)
        assert sent(house) == []
        assert await house.next_due() == NINE + 12 * MINUTE  # omar's own
        await house.happen(posted("ana", "Dana here", NINE + 4 * MINUTE))
        await house.store.transact(lambda tx: tx.save([_pull(wait_id(), NINE + 5 * MINUTE)]))
        await house.step(NINE + 5 * MINUTE)
        assert sent(house) == []


def _pull(wait: str, due_at: float) -> object:
    from bot.domain.writes import SetReminder

    return SetReminder(wait=wait, step=0, to="owner", due_at=due_at)


async def test_a_platform_that_asks_for_a_pause_gets_it_and_the_key_stays(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "where is it?"))
        house.courier.trouble = [RetryLater("slow down", after=90)]
        now = NINE + 10 * MINUTE
        stepped = await house.step(now)
        assert (stepped.sent, stepped.next_due) == (0, now + 90)
        await house.step(now + 89)
        assert sent(house) == []
        await house.step(now + 90)
        assert [key for *_, key in house.courier.delivered] == [f"{wait_id()}#0.0"]


async def test_pauses_grow_and_however_often_it_fails_the_reminder_is_not_given_up(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ChannelRules(steps=(Step(after=600, to="owner"),))) as house:
        await house.happen(posted("dana", "where is it?"))
        house.courier.trouble = [RetryLater("down", after=0) for _ in range(4 * MOST_ATTEMPTS)]
        pauses, now = [], NINE + 600
        while (await house.step(now)).next_due is not None:
            due = await house.next_due()
            assert due is not None
            pauses.append(due - now)
            now = due
        assert pauses == sorted(pauses) and pauses[0] == 5 and pauses[-1] == 900
        assert sent(house) == [(("ben",), 0)] and len(pauses) == 4 * MOST_ATTEMPTS
        assert await house.store.read(lambda tx: tx.dead(10)) == ()


async def test_a_refused_reminder_is_dead_at_once_and_the_others_go_on(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "and mine?", NINE + 0.5))
        house.courier.trouble = [Forbidden("the channel can be read by customers")]
        await house.step(NINE + 11 * MINUTE)
        assert sent(house) == [(("ben",), 0)]
        (dead,) = await house.store.read(lambda tx: tx.dead(10))
        assert (dead.wait, sentence(dead.reason)) == (wait_id(), "the channel can be read by customers")
        assert await house.next_due() == NINE + 2 * HOUR, "the next rung stays: somebody else may be reached"


async def test_a_crash_between_claim_and_send_gives_the_reminder_back_after_its_lease(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "where is it?"))
        now = NINE + 10 * MINUTE
        await house.store.transact(lambda tx: tx.claim_due(now, limit=10, lease=LEASE))  # ... and then the process died
    async with a_house(tmp_path / "a.db") as house:
        await house.step(now + 1)
        assert sent(house) == []
        await house.step(now + LEASE)
        assert len(sent(house)) == 1


async def test_what_may_have_left_is_looked_for_only_when_the_platform_would_show_it(tmp_path: Path) -> None:
    """Not found a second after it left would be taken for not sent, and it would be sent twice."""
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "where is it?"))
        now = NINE + 10 * MINUTE

        def leave(tx: Transaction) -> None:
            (due,) = tx.claim_due(now, limit=10, lease=1)
            assert isinstance(due, DueReminder)
            tx.mark_leaving([(due, Attempt(address=TEAM_CHANNEL, key=due.key, at=now, to=("ben",)))])

        await house.store.transact(leave)
        await house.step(now + 1)
        assert house.courier.searched == [] and house.courier.posts == {}
        assert await house.next_due() == now + 5
        await house.step(now + 5)
        assert house.courier.searched == [f"{wait_id()}#0.0"]
        assert sent(house) == [(("ben",), 0)]


async def test_a_wait_that_ended_and_came_back_while_its_reminder_was_queued_is_told_of_once(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "where is it?"))
        now = NINE + 10 * MINUTE
        await house.store.transact(lambda tx: tx.claim_due(now, limit=10, lease=LEASE))  # ... and it queues for its turn
        await house.store.transact(lambda tx: tx.save([_pull(wait_id(), now + 2)]))  # the wait came back meanwhile
        await house.step(now + LEASE)
        ((_, _, step, key),) = house.courier.delivered
        assert (step, key) == (0, f"{wait_id()}#0.1"), "the later row says it all"


async def test_a_reminder_waits_for_working_hours_and_its_row_moves_with_it(tmp_path: Path) -> None:
    office = Hours(zone=ZoneInfo("UTC"), week=weekly(range(5), [WorkingSpan(opens=9 * 60, closes=17 * 60)]))
    async with a_house(tmp_path / "a.db", quiet=QuietRules(hours_of=lambda _: office)) as house:
        friday_evening = NINE + 4 * DAY + 8 * HOUR
        await house.happen(posted("dana", "where is it?", friday_evening))
        await house.drain(NINE + 7 * DAY - 1)
        assert sent(house) == []
        await house.drain(NINE + 7 * DAY)
        assert sent(house)[0] == (("ben",), 0)


async def test_what_falls_due_together_where_nobody_can_be_asked_is_one_message_for_the_team(tmp_path: Path) -> None:
    always = Hours(zone=ZoneInfo("UTC"), week=weekly(range(7), [WorkingSpan(opens=0, closes=1440)]))
    quiet = QuietRules(hours_of=lambda _: always, budget=3, switch_of=lambda _: OwnSwitch(budget=0))
    async with a_house(tmp_path / "a.db", quiet=quiet) as house:
        after = (0.0, 1.0, 2.0, 3 * MINUTE, 10 * MINUTE, 10 * MINUTE + 1)
        customers = ("dana", "omar", "pia", "kim", "lee", "sam")
        for customer, late in zip(customers, after, strict=True):
            await house.happen(posted(customer, "Ana, where is it?", NINE + late))
        await house.drain(NINE + HOUR)
        (post,) = house.courier.posts.values()
        assert len(post.keys) == 5, "all within ten minutes"
        assert sent(house) == [((), 0)] * 5


async def test_over_budget_a_colleague_is_asked_and_where_nobody_can_be_the_team_again_and_again(tmp_path: Path) -> None:
    always = QuietRules(
        hours_of=lambda _: Hours(zone=ZoneInfo("UTC"), week=weekly(range(7), [WorkingSpan(opens=0, closes=1440)])), budget=1
    )
    async with a_house(tmp_path / "a.db", quiet=always) as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "Ana, and mine?", NINE + 1))
        await house.drain(NINE + HOUR)
        assert sent(house) == [(("ana",), 0), (("ben",), 0)], "ana's day is full"
        await house.drain(NINE + 3 * HOUR)
        assert sent(house)[2:] == [(("mia",), 1), ((), 1)], "nobody's day has room for omar's second rung"
        await house.drain(NINE + 7 * HOUR + MINUTE)
        assert sent(house)[4:] == [((), 1)] * 2, "the team again, every two hours"
        (skipped,) = [row for row in await house.store.read(lambda tx: tx.sent_reminders(wait_id(NINE + 1))) if row.step == 1][:1]
        assert skipped.asking.days_full and skipped.asking.lead == "mia"
        whys = {one.member: (one.why, one.budget) for one in skipped.asking.passed}
        assert whys == dict.fromkeys(("ana", "ben", "mia"), (Unavailable.FULL, 1))
        await house.drain(NINE + DAY - 1)
        assert sent(house)[-1] == (("ben",), 1), "a new day: somebody is asked"


async def test_without_an_outlet_reminders_are_only_noted(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        house.replace_loop(None)
        await house.happen(posted("dana", "Ana, where is it?"))
        await house.drain(NINE + HOUR)
        assert house.courier.delivered == []
        reminders = await house.store.read(lambda tx: tx.sent_reminders(wait_id()))
        assert [(reminder.to, reminder.ref) for reminder in reminders] == [(("ana",), None)]


async def test_the_live_loop_wakes_for_a_poke_and_stops_when_told(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        asleep, never = asyncio.Event(), asyncio.Event()

        async def sleep(seconds: float) -> None:
            asleep.set()
            await never.wait()

        house.clock.sleep = sleep  # type: ignore[method-assign]
        async with asyncio.timeout(10):
            loop = asyncio.create_task(house.due.run(house.clock))
            await asleep.wait()
            await house.happen(posted("dana", "where is it?"))
            house.clock.time = NINE + 10 * MINUTE
            house.due.poke()
            while not house.courier.delivered:
                await asyncio.sleep(0)
            house.due.stop()
            await loop
        assert sent(house) == [(("ben",), 0)]
        reminders = await house.store.read(lambda tx: tx.sent_reminders(wait_id()))
        assert [reminder.ref for reminder in reminders] == ["post-1"], "settled before it returned"


async def test_the_live_loop_wakes_for_what_a_settled_reminder_made_due(tmp_path: Path) -> None:
    """A send that fails while the loop sleeps must not wait until the loop would have looked anyway."""
    async with a_house(tmp_path / "a.db") as house:
        slept: list[float] = []
        answered = asyncio.Event()

        async def sleep(seconds: float) -> None:
            slept.append(seconds)
            if len(slept) > 1:
                house.due.stop()
            await asyncio.Event().wait()

        async def slow() -> None:
            await answered.wait()

        await house.happen(posted("dana", "where is it?"))
        house.clock.time = NINE + 10 * MINUTE
        house.courier.meanwhile = slow
        house.courier.trouble = [RetryLater("slow down", after=7, uncertain=False)]
        house.clock.sleep = sleep  # type: ignore[method-assign]
        async with asyncio.timeout(10):
            loop = asyncio.create_task(house.due.run(house.clock))
            while not slept:
                await asyncio.sleep(0)
            answered.set()
            await loop
        assert slept[0] == LEASE and slept[1] == 7


async def test_no_more_messages_are_claimed_than_may_be_on_their_way(tmp_path: Path) -> None:
    """What isn't claimed is looked at again when it is: it may have become moot while a slow platform took the others."""
    async with a_house(tmp_path / "a.db") as house:
        house.wants_dm |= {"ana"}
        notices = [AddNotice(kind="tip", key=str(n), due_at=NINE, person="ana") for n in range(IN_FLIGHT + 2 * TOGETHER)]
        await house.store.transact(lambda tx: tx.save(notices))

        async def never() -> None:
            await asyncio.Event().wait()

        house.courier.meanwhile = never
        loop = asyncio.create_task(house.due.run(house.clock))
        for _ in range(200):  # the loop's turn comes between these, as often as it wants one
            await house.store.transact(lambda tx: None)
        left = await house.store.transact(lambda tx: tx.claim_due(NINE, limit=len(notices), lease=LEASE))
        loop.cancel()
        await asyncio.wait((loop,))
        assert len(left) == 2 * TOGETHER
