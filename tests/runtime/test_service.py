"""The life of a live house: what was missed is read back first, a new house asks before it reminds, stopping loses nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.domain.gaps import Coverage, GapReason
from bot.domain.outgoing import Attempt, DueReminder
from bot.domain.waits import WaitState
from bot.errors import AccessLost, Forbidden
from bot.intake.backfill import OVERLAP
from bot.ports import Transaction
from bot.runtime import service
from tests.runtime.live import Live, Past, SteadyClock, a_live_house
from tests.runtime.simulated import CHANNEL, TEAM_CHANNEL, posted, wait_id
from tests.waits.world import DAY, HOUR, MINUTE, NINE


async def test_a_new_house_reads_the_past_silently_and_shows_a_lead_what_it_would_have_sent(tmp_path: Path) -> None:
    past = Past({CHANNEL: [posted("dana", "where is it?", NINE - 2 * HOUR), posted("omar", "hello?", NINE - 3 * DAY)]})
    past.events[CHANNEL].sort(key=lambda event: event.at)
    async with a_live_house(tmp_path / "a.db", clock=SteadyClock(NINE), past=past) as live, live.running():
        assert {wait.customer for wait in await live.waits()} == {"dana", "omar"}
        assert live.said == ["digest"]  # the preview; no reminder
        noted = await live.house.store.read(lambda tx: tx.noted_since(NINE - DAY))
        assert [sent.at for sent in noted if sent.wait == wait_id(NINE - 2 * HOUR)][:1] == [NINE - 2 * HOUR + 10 * MINUTE]
        await live.clock.advance(NINE + 2 * HOUR)
        assert live.said == ["digest"]


async def test_when_a_lead_says_so_young_waits_are_reminded_of_and_old_ones_only_listed(tmp_path: Path) -> None:
    past = Past({CHANNEL: [posted("omar", "hello?", NINE - 3 * DAY), posted("dana", "where is it?", NINE - 2 * HOUR)]})
    async with a_live_house(tmp_path / "a.db", clock=SteadyClock(NINE), past=past) as live, live.running():
        await live.begin()
        await live.clock.advance(NINE + 2)  # a channel takes one message a second
        assert live.said == ["digest", "dana"]
        await live.clock.advance(NINE + 2 * HOUR)
        assert set(live.said) == {"digest", "dana"}
        assert await live.house.store.read(lambda tx: tx.noted_since(0.0)) == ()


async def test_what_was_asked_and_answered_while_away_raises_nothing_and_what_is_open_counts_from_its_own_time(
    tmp_path: Path,
) -> None:
    clock, past = SteadyClock(NINE), Past()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        await live.begin()
        await live.receive(posted("dana", "first?"))
    past.events[CHANNEL] = [
        posted("ana", "Dana here", NINE + MINUTE),
        posted("omar", "and mine?", NINE + 2 * MINUTE),
        posted("ben", "Omar here", NINE + 3 * MINUTE),
        posted("lea", "anyone?", NINE + 5 * MINUTE),
        posted("kim", "me too?", NINE + 6 * MINUTE),
    ]
    clock.time = NINE + HOUR
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        assert live.said == ["lea and kim"]  # in one message, though they fell due at different times
        (mark,) = [mark for channel, mark in past.asked[1:] if channel == CHANNEL]
        assert mark == NINE - OVERLAP
        assert {wait.opened_at for wait in await live.waits()} == {NINE + 5 * MINUTE, NINE + 6 * MINUTE}


async def covered(live: Live, channel: str = CHANNEL) -> Coverage:
    return await live.house.store.transact(lambda tx: tx.coverage(channel))


async def test_what_happens_while_the_past_is_read_waits_a_moment_and_is_not_acknowledged(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), Past({CHANNEL: [posted("dana", "where is it?", NINE - MINUTE)]}, hold=asyncio.Event())
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        answered = asyncio.create_task(live.receive(posted("ana", "Dana here", NINE)))
        await live.clock.settle()
        assert live.house.courier.intake is not None and not answered.done()
        assert (await covered(live)).first_read_at is None
        assert past.hold is not None
        past.hold.set()
        await live.clock.settle()
        assert answered.done() and await live.waits() == ()
        assert await covered(live) == Coverage(first_read_at=NINE)
        wait = await live.house.wait(wait_id(NINE - MINUTE))
        assert wait is not None and wait.state is WaitState.ANSWERED


async def test_a_channel_in_which_something_happens_is_read_before_the_others(tmp_path: Path) -> None:
    names = [f"local:harbor:{name}" for name in ("a", "b", "c", "d")]
    clock, past = SteadyClock(NINE), Past(hold=asyncio.Event(), channels=names)
    live_house = a_live_house(tmp_path / "a.db", clock=clock, past=past)
    async with live_house as live, live.running():
        taken = asyncio.create_task(live.receive(posted("dana", "where is it?", NINE, channel=names[3])))
        await live.clock.settle()
        assert past.hold is not None
        past.hold.set()
        await taken
        assert [channel for channel, _ in past.asked[:2]] == [names[0], names[3]]


async def test_a_first_read_that_was_cut_short_goes_on_and_old_waits_stay_off_the_ladder(tmp_path: Path) -> None:
    old, young = posted("omar", "hello?", NINE - 3 * DAY), posted("dana", "where is it?", NINE - 2 * HOUR)
    clock, past = SteadyClock(NINE), Past({CHANNEL: [old, young]})
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past()) as live, live.running():
        await live.begin()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past(channels=[])) as live, live.running():
        # As a crash leaves it: half of the past stored, nothing settled.
        await live.house.store.transact(lambda tx: tx.put_coverage(CHANNEL, Coverage(first_read_to=old.at)))
        live.house.due.hold("local", None)
        await live.receive(old)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        await live.clock.advance(NINE + 2 * MINUTE)
        assert live.said == ["dana"] and past.swept[-1] == (CHANNEL, old.at), "it goes on where it was cut short"


async def test_a_gap_is_remembered_until_it_is_read_back(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), Past()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        await live.begin()
        await live.receive(posted("dana", "where is it?", NINE))
        past.trouble[CHANNEL] = Forbidden("not now")
        await live.platform.missed(GapReason.DISCONNECTED, NINE - 2 * HOUR, whole=True)
        await live.clock.settle()
        assert await live.house.store.read(lambda tx: tx.behind()) == {CHANNEL: NINE - 2 * HOUR}
    del past.trouble[CHANNEL]
    past.events[CHANNEL] = [posted("omar", "mine?", NINE - HOUR)]
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        assert past.asked[-1] == (CHANNEL, NINE - 2 * HOUR - OVERLAP)
        assert {wait.customer for wait in await live.waits()} == {"dana", "omar"}
        assert await live.house.store.read(lambda tx: tx.behind()) == {}
        assert all(gap.closed_at is not None for gap in await live.house.store.read(lambda tx: tx.gaps(10)))


async def test_a_channel_that_can_not_be_read_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    other = "local:harbor:other"
    past = Past(
        {other: [posted("dana", "where is it?", NINE - MINUTE, channel=other)]},
        trouble={CHANNEL: Forbidden("no")},
        channels=[CHANNEL, other],
    )
    live_house = a_live_house(tmp_path / "a.db", clock=SteadyClock(NINE), past=past)
    async with live_house as live, live.running():
        assert [wait.channel for wait in await live.waits()] == [other]
        await live.receive(posted("omar", "mine?", NINE))
        assert {wait.customer for wait in await live.waits()} == {"dana", "omar"}


async def test_observing_sends_nothing_and_afterwards_reminders_go_on_for_who_waits_since_less_than_a_day(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), Past()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        await live.begin()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past, observe=True) as live, live.running():
        await live.receive(posted("dana", "where is it?", NINE))
        await live.clock.advance(NINE + HOUR)
        assert live.said == []
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        assert live.said == ["dana"]


async def test_being_thrown_out_ends_the_house_and_keeps_the_reminder(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), Past()
    with pytest.raises(AccessLost):
        async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
            await live.begin()
            await live.receive(posted("dana", "where is it?", NINE))
            live.house.courier.trouble.append(AccessLost("the token was revoked"))
            await live.clock.advance(NINE + 10 * MINUTE)
    clock.time += HOUR
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        assert live.said == ["dana"]
        assert await live.house.store.read(lambda tx: tx.dead(10)) == ()


async def test_what_was_on_its_way_is_looked_for_once_the_platform_would_show_it(tmp_path: Path) -> None:
    """It may have been taken at the very end of the last process, long after it was put on its way."""
    clock, past = SteadyClock(NINE), Past()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        await live.begin()
        await live.receive(posted("dana", "where is it?", NINE))
    left = NINE + 10 * MINUTE

    def leave(tx: Transaction) -> None:
        (due,) = tx.claim_due(left, limit=9, lease=HOUR)
        assert isinstance(due, DueReminder)
        tx.mark_leaving([(due, Attempt(address=TEAM_CHANNEL, key=due.key, at=left, to=("ben",)))])

    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live:
        await live.house.store.transact(leave)
    clock.time = left + 20
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        assert live.house.courier.searched == []
        await live.clock.advance(left + 25)
        assert len(live.house.courier.searched) == 1 and live.said == ["dana"]


async def test_stopping_takes_no_more_events_and_finishes_those_that_are_in(tmp_path: Path) -> None:
    async with a_live_house(tmp_path / "a.db", clock=SteadyClock(NINE), past=Past()) as live:
        async with live.running():
            taken = asyncio.create_task(live.receive(posted("dana", "where is it?", NINE)))
            await asyncio.sleep(0)
        assert live.house.courier.intake is None
        assert (await asyncio.gather(taken, return_exceptions=True))[0] is not None
        assert len(await live.waits()) == 1


async def test_a_platform_that_does_not_answer_when_we_hang_up_keeps_nothing_else_from_being_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LEAVING", 0.05)
    async with a_live_house(tmp_path / "a.db", clock=SteadyClock(NINE), past=Past()) as live:
        async with live.running():
            await live.begin()
            live.house.courier.stop = asyncio.Event().wait  # type: ignore[method-assign,assignment]
            late = asyncio.create_task(live.receive(posted("dana", "where is it?", NINE)))
            await asyncio.sleep(0)
        assert late.done() and len(await live.waits()) == 1
        said = [entry["event"] for entry in live.logs]
        assert "left_without_answer" in said and "stopped_midway" not in said
