"""Messages leave: together where they belong together, at each channel's rate, never twice; and they follow what becomes of
their wait."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.events import Acted, Deleted, Event
from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.outgoing import Address, DueReminder
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.rules import ChannelRules, Step
from bot.domain.views import Quote
from bot.domain.writes import AddNotice, NoticeSubject
from bot.errors import Gone, Rejected, RetryLater
from bot.intake.inbox import Inbox
from bot.outbox.address_queues import MOST_SINGLE, Item, together
from bot.outbox.loop import LEASE, TOGETHER
from bot.waits.availability import QuietRules
from tests.runtime.simulated import CHANNEL, TEAM_CHANNEL, Courier, HandClock, House, a_house, posted, wait_id
from tests.storage.sqlite.rows import rows_of
from tests.waits.world import HOUR, MINUTE, NINE

ONE_STEP = ChannelRules(steps=(Step(after=10 * MINUTE, to="owner"),))
TEN = NINE + 10 * MINUTE
ROUND_THE_CLOCK = Hours(zone=ZoneInfo("UTC"), week=weekly(range(7), [WorkingSpan(opens=0, closes=1440)]))


def fallbacks(house: House) -> list[str]:
    return [post.view.fallback for post in house.courier.posts.values()]


def states(house: House) -> list[tuple[str, str]]:
    return [(kind, state) for kind, state in rows_of(house.store.path, "SELECT kind, state FROM outgoing ORDER BY id")]


# -- together


async def test_waits_of_one_person_that_fall_due_together_are_one_message(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await house.happen(
            posted("dana", "Ana, where is it?"), posted("omar", "Ana, and mine?", NINE + 1), posted("kim", "hello?", NINE + 2)
        )
        stepped = await house.step(TEN + 2)
        assert stepped.sent == 3
        first, second = house.courier.posts.values()
        assert (first.view.addressed, first.keys) == (("ana",), (f"{wait_id()}#0.0", f"{wait_id(NINE + 1)}#0.0"))
        assert second.view.addressed == ("ben",)


async def test_a_message_with_several_waits_counts_once_in_a_persons_day(tmp_path: Path) -> None:
    async with a_house(
        tmp_path / "a.db", rules=ONE_STEP, quiet=QuietRules(hours_of=lambda _: ROUND_THE_CLOCK, budget=2)
    ) as house:
        for hour in range(3):
            asked = NINE + hour * HOUR
            await house.happen(posted(f"d{hour}", "Ana, where is it?", asked), posted(f"o{hour}", "Ana, and mine?", asked + 1))
            await house.step(asked + 10 * MINUTE + 1)
        assert [len(post.keys) for post in house.courier.posts.values()] == [2, 2, 2]
        asked = [post.view.addressed for post in house.courier.posts.values()]
        assert asked == [("ana",), ("ana",), ("ben",)], "her day is full, and a colleague is asked"


async def test_different_messages_of_one_moment_count_against_the_budget_too(tmp_path: Path) -> None:
    rules = ChannelRules(steps=(Step(after=10 * MINUTE, to="owner"), Step(after=20 * MINUTE, to="duty")))
    async with a_house(tmp_path / "a.db", rules=rules, quiet=QuietRules(hours_of=lambda _: ROUND_THE_CLOCK, budget=1)) as house:
        house.engine.team = replace(house.engine.team, duty=("ben", "mia"))
        house.wants_dm |= {"ben"}  # his own leaves at another address, at the same time
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "and mine?", NINE + 10 * MINUTE))
        await house.step(TEN)
        await house.step(NINE + 20 * MINUTE)  # dana's goes to both on duty, omar's would go to ben alone, who has had his
        assert [post.view.addressed for post in house.courier.posts.values()] == [("ana",), ("ben", "mia"), ()]


async def test_more_than_a_handful_for_one_channel_become_one_message(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        names = ("Ana", "Ben", "Mia", "Ana", "Ben", "Mia")
        events = [posted(f"c{n}", f"{name}, where is it?", NINE + n) for n, name in enumerate(names)]
        await house.happen(*events)
        await house.step(TEN + 10)
        (post,) = house.courier.posts.values()
        assert len(post.keys) == len(names) > MOST_SINGLE
        assert set(post.view.addressed) == {"ana", "ben", "mia"}
        reminders = await house.store.read(lambda tx: tx.sent_reminders(wait_id(NINE + 1)))
        assert [reminder.to for reminder in reminders] == [("ben",)], "each wait keeps whom it was for"


def test_what_goes_together() -> None:
    def row(id: int, *to: str) -> Item:
        return Item(due=DueReminder(id=id, key=str(id), wait="w", step=0, to="owner", due_at=0.0, attempt=1), to=to)

    def grouped(*rows: tuple[Address, Item]) -> list[list[int]]:
        return [[ready.due.id for ready in found] for _, found in together(rows)]

    team, other, ana = (
        Address("local", "channel", "team"),
        Address("local", "channel", "other"),
        Address("local", "person", "ana"),
    )
    assert grouped((team, row(1, "ana")), (team, row(2, "ben")), (team, row(3, "ana"))) == [[1, 3], [2]]
    assert grouped((team, row(1, "ana")), (other, row(2, "ana"))) == [[1], [2]]
    assert grouped((team, row(1)), (ana, row(2, "ana")), (team, row(3))) == [[1, 3], [2]]
    five = [(team, row(n, f"m{n}")) for n in range(5)]
    assert grouped(*five) == [[0], [1], [2], [3], [4]]
    assert grouped(*five, (other, row(5, "ana")), (team, row(6, "m1"))) == [[0, 1, 6, 2, 3, 4], [5]]


# -- where to


async def test_who_asked_for_direct_messages_gets_them_and_groups_stay_in_the_channel(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        house.wants_dm |= {"ana"}
        await house.happen(posted("dana", "Ana, where is it?"))
        await house.drain(NINE + 3 * HOUR)
        assert [post.address for post in house.courier.posts.values()] == [Address("local", "person", "ana"), TEAM_CHANNEL]


async def test_without_any_channel_a_reminder_is_listed_as_undeliverable_with_what_to_do(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        house.courier.workspace.to = None
        await house.happen(posted("dana", "where is it?"))
        await house.step(TEN)
        (dead,) = await house.store.read(lambda tx: tx.dead(10))
        assert dead.reason == Reason(code=ReasonCode.NOWHERE) and not house.courier.posts


async def test_digests_and_tips_leave_once_and_a_tip_never_goes_to_a_channel(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        house.wants_dm |= {"ana"}
        notices = [
            AddNotice(kind="digest", key="digest:1", due_at=NINE),
            AddNotice(kind="digest", key="digest:1", due_at=NINE + 1),
            AddNotice(kind="digest", key="digest:2", due_at=NINE, subject=NoticeSubject.WEEK),
            AddNotice(kind="tip", key="tip:ana", due_at=NINE, person="ana"),
            AddNotice(kind="tip", key="tip:ben", due_at=NINE, person="ben"),
        ]
        await house.store.transact(lambda tx: tx.save(notices))
        await house.step(NINE + 2)
        posts = [(post.address, post.view.fallback) for post in house.courier.posts.values()]
        assert posts == [(TEAM_CHANNEL, "digest"), (Address("local", "person", "ana"), "tip")]
        assert states(house) == [("digest", "sent"), ("digest", "moot"), ("tip", "sent"), ("tip", "moot")]


# -- how fast


async def test_one_channel_takes_a_message_a_second_and_others_need_not_wait_for_it(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        house.wants_dm |= {"mia"}
        await house.happen(
            posted("dana", "Ana, where is it?"), posted("omar", "and mine?", NINE + 1), posted("kim", "Mia, hello?", NINE + 2)
        )
        await house.step(TEN + 2)
        assert [(post.address.id, post.at - TEN) for post in house.courier.posts.values()] == [
            ("team", 2),
            ("mia", 2),
            ("team", 3),
        ]


async def test_a_slow_channel_holds_up_nobody_else(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        house.wants_dm |= {"mia"}
        release = asyncio.Event()
        calls = 0

        async def only_the_first_hangs() -> None:
            nonlocal calls
            calls += 1
            if calls == 1:
                await release.wait()

        house.courier.meanwhile = only_the_first_hangs
        await house.happen(posted("dana", "Ana, where is it?"), posted("kim", "Mia, hello?", NINE + 2))
        async with asyncio.timeout(10):
            step = asyncio.create_task(house.step(TEN + 2))
            while not house.courier.posts:
                await asyncio.sleep(0)
            assert fallbacks(house) == ["kim"]
            release.set()
            await step
        assert fallbacks(house) == ["kim", "dana"]


async def test_what_was_answered_while_it_waited_for_its_turn_does_not_leave(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "and mine?", NINE + 1))
        house.courier.meanwhile = lambda: house.happen(posted("mia", "Omar here", TEN + 1)) if not house.courier.posts else no()
        await house.step(TEN + 1)
        assert fallbacks(house) == ["dana"]


async def no() -> None:
    return None


async def test_a_pause_the_platform_asks_for_goes_for_the_whole_channel(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "and mine?", NINE + 1))
        house.courier.trouble = [RetryLater("slow down", after=90, uncertain=False)]
        stepped = await house.step(TEN + 1)
        assert house.courier.posts == {} and stepped.next_due == TEN + 91, "the second wasn't even tried"
        await house.drain(TEN + 200)
        assert sorted(fallbacks(house)) == ["dana", "omar"] and house.courier.searched == []


# -- never twice


async def test_after_a_crash_the_platform_is_asked_before_anything_is_sent_again(tmp_path: Path) -> None:
    courier = Courier(HandClock())
    async with a_house(tmp_path / "a.db", courier=courier) as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        courier.swallowed = [asyncio.CancelledError()]  # the process ends between the post and its record  # type: ignore[list-item]
        with suppress(asyncio.CancelledError):
            await house.step(TEN)
    async with a_house(tmp_path / "a.db", courier=courier) as house:
        await house.step(TEN + LEASE - 1)
        assert courier.searched == []
        await house.step(TEN + LEASE)
        assert courier.searched == [f"{wait_id()}#0.0"]
        assert fallbacks(house) == ["dana"]
        (sent,) = await house.store.read(lambda tx: tx.sent_reminders(wait_id()))
        assert (sent.at, sent.to, sent.ref) == (TEN, ("ana",), "post-1")
        assert await house.next_due() == NINE + 2 * HOUR, "the next rung follows"


async def test_what_never_arrived_is_sent_after_the_crash(tmp_path: Path) -> None:
    courier = Courier(HandClock())
    async with a_house(tmp_path / "a.db", courier=courier) as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "Ana, and mine?", NINE + 1))
        courier.trouble = [asyncio.CancelledError()]  # type: ignore[list-item]
        with suppress(asyncio.CancelledError):
            await house.step(TEN + 1)
    async with a_house(tmp_path / "a.db", courier=courier) as house:
        await house.happen(posted("ana", "Dana here", TEN + 2))
        await house.step(TEN + 1 + LEASE)
        assert courier.searched == [f"{wait_id()}#0.0"], "one message, one question"
        assert [post.keys for post in courier.posts.values()] == [(f"{wait_id(NINE + 1)}#0.0",)], "dana has been answered"


async def test_a_failure_that_leaves_it_open_is_looked_up_and_a_clear_refusal_is_not(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        house.courier.swallowed = [RetryLater("connection lost", after=0)]
        await house.step(TEN)
        await house.drain(TEN + 5)
        assert len(house.courier.posts) == 1 and len(house.courier.searched) == 1
        (sent,) = await house.store.read(lambda tx: tx.sent_reminders(wait_id()))
        assert sent.ref == "post-1"


async def test_an_adapters_mistake_is_taken_for_an_open_outcome_and_others_go_on(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "and mine?", NINE + 1))
        house.courier.swallowed = [KeyError("ts")]
        await house.step(TEN + 1)
        await house.drain(TEN + 60)
        assert sorted(fallbacks(house)) == ["dana", "omar"]
        assert states(house) == [("reminder", "sent"), ("reminder", "sent")]


async def test_a_direct_message_that_may_have_arrived_is_not_sent_twice_but_listed(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        house.wants_dm |= {"ana"}
        await house.happen(posted("dana", "Ana, where is it?"))
        house.courier.trouble = [RetryLater("slow down", after=1, uncertain=False), RetryLater("connection lost", after=0)]
        await house.step(TEN)
        await house.drain(TEN + HOUR)
        assert house.courier.posts == {}
        (dead,) = await house.store.read(lambda tx: tx.dead(10))
        assert dead.wait == wait_id() and dead.address == Address("local", "person", "ana")
        assert dead.reason == Reason(code=ReasonCode.UNREADABLE)
        await house.drain(NINE + 2 * HOUR)
        assert [post.view.addressed for post in house.courier.posts.values()] == [("ben",)]


async def test_if_nobody_can_say_whether_it_arrived_it_is_asked_again_later(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        house.courier.swallowed = [RetryLater("connection lost", after=0)]
        await house.step(TEN)
        house.courier.trouble = [RetryLater("history is busy", after=20, uncertain=False)]
        await house.drain(TEN + 5)
        assert await house.next_due() == TEN + 25
        await house.drain(TEN + 25)
        assert len(house.courier.searched) == 2 and len(house.courier.posts) == 1
        assert states(house) == [("reminder", "sent")]


async def test_a_lease_that_ran_out_while_waiting_for_a_turn_sends_nothing(tmp_path: Path) -> None:
    """Somebody else has the row by then."""
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "and mine?", NINE + 1))

        async def somebody_else_takes_over() -> None:
            if not house.courier.posts:
                house.clock.time += LEASE
                await house.store.transact(lambda tx: tx.claim_due(house.clock.time, limit=10, lease=LEASE))

        house.courier.meanwhile = somebody_else_takes_over
        await house.step(TEN + 1)
        assert fallbacks(house) == ["dana"]


async def test_a_message_that_cannot_be_worded_fails_alone(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "and mine?", NINE + 1))
        house.views.poisoned |= {wait_id()}
        await house.step(TEN + 1)
        assert fallbacks(house) == ["omar"]
        house.views.poisoned.clear()
        await house.drain(TEN + MINUTE)
        assert fallbacks(house) == ["omar", "dana"]


async def test_when_the_database_fails_the_step_fails_and_nothing_is_doubled_after_it(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        transact = house.store.transact
        calls = 0

        async def failing(work: object) -> object:
            nonlocal calls
            calls += 1
            if calls == 2:
                raise OSError("the disk is full")
            return await transact(work)  # type: ignore[arg-type]

        house.store.transact = failing  # type: ignore[method-assign,assignment]
        with pytest.raises(OSError, match="full"):
            await house.step(TEN)
        house.store.transact = transact  # type: ignore[method-assign]
        await house.step(TEN + LEASE)
        assert len(house.courier.posts) == 1
        assert states(house) == [("reminder", "sent")]


# -- and follow what becomes of their wait


async def reminded(house: House) -> None:
    """Dana's reminder has been posted."""
    await house.happen(posted("dana", "Ana, where is it?"))
    await house.step(TEN)
    assert house.courier.posts["post-1"].view.nodes[-1] == Quote("Ana, where is it?")


async def test_a_posted_reminder_says_how_its_wait_ended_without_the_quote(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await reminded(house)
        await house.happen(posted("ana", "Dana in Rotterdam", TEN + MINUTE))
        due = await house.next_due()
        assert due == TEN + MINUTE, "at once"
        await house.drain(TEN + 2 * MINUTE)
        ((ref, view),) = house.courier.updates
        assert (ref, view.fallback) == ("post-1", "dana: answered")
        assert await house.next_due() is None


async def test_whoever_performs_updates_is_woken_for_them(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await reminded(house)
        woken: list[float] = []
        inbox = Inbox(house.engine, house.store, on_due=woken.append)
        running = asyncio.create_task(inbox.run())
        await inbox.submit(posted("ana", "Dana in Rotterdam", TEN + MINUTE))
        inbox.close()
        await running
        assert woken == [TEN + MINUTE]


async def test_a_change_does_not_wait_for_an_update_that_was_put_off(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await reminded(house)
        await house.happen(posted("ana", "Dana here", TEN + 1))
        house.courier.trouble = [RetryLater("busy", after=0)]
        await house.step(TEN + 1)
        assert await house.next_due() == TEN + 6
        await house.happen(Deleted(channel=CHANNEL, id=f"{TEN + 1:.6f}", at=TEN + 2))
        await house.step(TEN + 3)
        assert [view.fallback for _, view in house.courier.updates] == ["dana: waiting"]


async def test_posts_follow_holds_and_reopening_and_changes_between_are_one_update(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await reminded(house)
        await house.happen(Acted(channel=CHANNEL, wait=wait_id(), verb="claim", by="mia", at=TEN + 1))
        await house.step(TEN + 1)
        await house.happen(posted("ana", "Dana in Rotterdam", TEN + 10))
        await house.happen(Deleted(channel=CHANNEL, id=f"{TEN + 10:.6f}", at=TEN + 20))
        await house.step(TEN + 20)
        await house.step(TEN + 30)
        assert [view.fallback for _, view in house.courier.updates] == ["dana: on hold", "dana: waiting"]
        asked = [(post.view.addressed, post.under) for post in house.courier.posts.values()]
        assert asked == [(("ana",), None), (("mia",), "post-1")], "once it is known who is asked now"


async def test_a_customers_further_words_reach_the_post_as_one_update(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await reminded(house)
        for second in range(0, 10, 2):
            await house.happen(posted("dana", "hello?", TEN + MINUTE + second))
        await house.drain(TEN + 2 * MINUTE)
        assert len(house.courier.updates) == 1 and len(house.courier.posts) == 1


async def test_every_post_of_a_wait_is_updated_and_a_merged_one_tells_of_all_its_waits(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"), posted("omar", "Ana, and mine?", NINE + 1))
        await house.step(TEN + 1)
        await house.drain(NINE + 3 * HOUR)
        assert [post.under for post in house.courier.posts.values()] == [None, "post-1", "post-1"]  # then each to ben on its own
        house.courier.updates.clear()
        await house.happen(posted("ana", "Dana here", NINE + 3 * HOUR))
        await house.drain(NINE + 3 * HOUR + 10)
        assert sorted((ref, view.fallback) for ref, view in house.courier.updates) == [
            ("post-1", "dana: answered; omar: waiting"),
            ("post-2", "dana: answered"),
        ]


async def test_an_answer_while_the_reminder_is_on_its_way_reaches_the_post(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        house.courier.meanwhile = lambda: house.happen(posted("ana", "Dana here", TEN + 1))
        await house.step(TEN)
        await house.drain(TEN + MINUTE)
        assert [view.fallback for _, view in house.courier.updates] == ["dana: answered"]


@pytest.mark.parametrize(
    ("meanwhile", "says"),
    [
        (Acted(channel=CHANNEL, wait=wait_id(), verb="claim", by="ana", at=TEN + 1), "dana: on hold"),
        (Acted(channel=CHANNEL, wait=wait_id(), verb="snooze", by="ben", at=TEN + 1, until=TEN + HOUR), "dana: on hold"),
        (Acted(channel=CHANNEL, wait=wait_id(), verb="not_me", by="ana", at=TEN + 1), "dana: waiting"),
        (posted("ben", "perhaps in Rotterdam", TEN + 1), "dana: waiting"),
    ],
    ids=["claimed", "put off", "somebody else's", "perhaps answered"],
)
async def test_what_else_changes_while_the_reminder_is_on_its_way_reaches_the_post_too(
    tmp_path: Path, meanwhile: Event, says: str
) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        house.courier.meanwhile = lambda: house.happen(meanwhile)
        await house.step(TEN)
        house.courier.meanwhile = None
        await house.step(TEN + 2)
        await house.step(TEN + 3)
        assert [(ref, view.fallback) for ref, view in house.courier.updates] == [("post-1", says)]


async def test_what_a_post_does_not_tell_leaves_it_alone(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        house.courier.meanwhile = lambda: house.happen(posted("omar", "the blue one", TEN + 1))
        await house.step(TEN)
        house.courier.meanwhile = None
        await house.step(TEN + 2)
        assert len(house.courier.posts) == 1 and house.courier.updates == []


async def test_what_its_customer_goes_on_writing_meanwhile_reaches_it(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        house.courier.meanwhile = lambda: house.happen(posted("dana", "the blue one", TEN + 1))
        await house.step(TEN)
        house.courier.meanwhile = None
        await house.step(TEN + 2)
        assert len(house.courier.posts) == 1 and len(house.courier.updates) == 1


async def test_an_answer_between_a_crash_and_finding_the_post_reaches_it(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, where is it?"))
        house.courier.swallowed = [RetryLater("connection lost", after=0)]
        await house.step(TEN)
        await house.happen(posted("ana", "Dana here", TEN + 1))
        await house.drain(TEN + MINUTE)
        assert len(house.courier.posts) == 1
        assert [view.fallback for _, view in house.courier.updates] == ["dana: answered"]


async def test_the_update_of_a_deleted_post_is_done_and_other_troubles_are_as_with_reminders(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await reminded(house)
        await house.happen(posted("ana", "Dana here", TEN + 1))
        house.courier.trouble = [RetryLater("busy", after=0), Gone("deleted")]
        await house.step(TEN + 1)
        await house.drain(TEN + MINUTE)
        assert house.courier.updates == []
        assert states(house) == [("reminder", "sent"), ("update", "moot")]
        await house.happen(Deleted(channel=CHANNEL, id=f"{TEN + 1:.6f}", at=TEN + 2 * MINUTE))
        await house.step(TEN + 2 * MINUTE)
        assert [post.under for post in house.courier.posts.values()] == [None, None], "nobody reads the first: it is posted anew"
        await house.happen(posted("ana", "Dana here", TEN + 3 * MINUTE))
        house.courier.trouble = [Rejected("too long")]
        await house.step(TEN + 3 * MINUTE)
        (dead,) = await house.store.read(lambda tx: tx.dead(10))
        assert (dead.what, dead.reason) == ("update", Reason(code=ReasonCode.REFUSED, about=("too long",)))


async def test_an_update_that_must_wait_makes_room_for_a_later_one(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await reminded(house)
        await house.happen(posted("ana", "Dana here", TEN + 1))
        update = house.courier.update

        async def busy(address: Address, ref: str, view: object) -> None:
            house.courier.update = update  # type: ignore[method-assign]
            await house.happen(Deleted(channel=CHANNEL, id=f"{TEN + 1:.6f}", at=TEN + 2))
            raise RetryLater("busy", after=0)

        house.courier.update = busy  # type: ignore[method-assign,assignment]
        await house.step(TEN + 1)
        await house.drain(TEN + MINUTE)
        assert [view.fallback for _, view in house.courier.updates] == ["dana: waiting"]


async def test_a_hundred_and_more_at_once_all_leave(tmp_path: Path) -> None:
    courier = Courier(HandClock())
    async with a_house(tmp_path / "a.db", rules=ONE_STEP, courier=courier) as house:
        count = 2 * TOGETHER + 50
        await house.happen(*(posted(f"c{n}", "where is it?", NINE + n / 1000) for n in range(count)))
        while (await house.step(TEN + 1)).next_due is not None:
            continue
        keys = [key for post in courier.posts.values() for key in post.keys]
        assert len(keys) == len(set(keys)) == count
        assert len(courier.posts) == 3


async def test_what_queues_up_for_a_channel_becomes_one_message(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        count = 3 * TOGETHER
        await house.happen(*(posted(f"c{n}", "where is it?", NINE + n / 1000) for n in range(count)))
        house.clock.time = TEN + 1
        all_are_claimed = asyncio.Event()

        async def until_all_are_claimed() -> None:
            await all_are_claimed.wait()
            house.courier.meanwhile = None

        house.courier.meanwhile = until_all_are_claimed

        async def sleep(seconds: float) -> None:
            all_are_claimed.set()
            if seconds > 2:  # the loop has nothing left to claim
                while len(house.courier.posts) < 2:
                    await asyncio.sleep(0)
                house.due.stop()
                await asyncio.Event().wait()
            await moves_on(seconds)

        moves_on, house.clock.sleep = house.clock.sleep, sleep  # type: ignore[method-assign]
        async with asyncio.timeout(20):
            await house.due.run(house.clock)
        assert [len(post.keys) for post in house.courier.posts.values()] == [TOGETHER, count - TOGETHER]
        assert {state for _, state in states(house)} == {"sent"}


async def test_told_to_stop_what_waits_for_its_channels_turn_goes_back_and_leaves_after_the_next_start(tmp_path: Path) -> None:
    pending = "SELECT due_at FROM outgoing WHERE state = 'pending' AND lease_until IS NULL ORDER BY due_at"
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await house.happen(*(posted(f"c{n}", "where is it?", NINE + n / 10) for n in range(3)))
        due = [at for (at,) in rows_of(house.store.path, pending)]

        async def sleep(seconds: float) -> None:
            await asyncio.Event().wait()

        async def until(what: str, count: int) -> None:
            while rows_of(house.store.path, f"SELECT count(*) FROM outgoing WHERE {what}") != [(count,)]:
                await asyncio.sleep(0)

        house.clock.sleep = sleep  # type: ignore[method-assign]
        async with asyncio.timeout(20):
            house.clock.time = NINE + 10 * MINUTE
            running = asyncio.create_task(house.due.run(house.clock))
            await until("state = 'sent'", 1)
            for number in (1, 2):  # the one waits for the channel's turn, the other behind it
                house.clock.time = NINE + 10 * MINUTE + number / 10
                house.due.poke()
                await until("state = 'sending'", number)
            house.due.stop()
            await running
        assert [post.view.fallback for post in house.courier.posts.values()] == ["c0"]
        assert [at for (at,) in rows_of(house.store.path, pending)] == due[1:]
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await house.step(NINE + 20 * MINUTE)
        assert [post.view.fallback for post in house.courier.posts.values()] == ["c1 and c2"]


async def test_nothing_is_refused_for_good_that_only_the_guard_could_not_find_out(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        asked = house.courier.readers_of

        async def broken(address: Address) -> object:
            raise KeyError("channel")

        house.courier.readers_of = broken  # type: ignore[method-assign,assignment]
        await house.happen(posted("dana", "where is it?"))
        await house.step(TEN)
        assert house.courier.posts == {}
        house.courier.readers_of = asked  # type: ignore[method-assign]
        await house.drain(TEN + HOUR)
        assert len(house.courier.posts) == 1 and house.courier.searched == []


async def test_text_is_never_in_what_is_stored_to_be_sent(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "Ana, is the blue crate in Rotterdam?"))
        house.courier.swallowed = [RetryLater("connection lost", after=0)]
        await house.step(TEN)
        rows = rows_of(house.store.path, "SELECT * FROM outgoing LEFT JOIN posts ON posts.no = outgoing.post")
        assert rows and "blue crate" not in repr(rows)
