"""Two platforms in one live bot: each has its gates, its gap and its end; what one of them does leaves the other alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.events import Event, Posted
from bot.domain.writes import AddNotice, NoticeSubject
from bot.errors import AccessLost, DeliveryError, Forbidden, Overflow, RetryLater, UsageError
from bot.intake import gates
from bot.intake.backfill import GAP, gap_of
from bot.ports import WorkspaceChange
from tests.runtime.live import Live, SteadyClock, a_live_house
from tests.runtime.simulated import CHANNEL, Courier, Past, posted, wait_id
from tests.waits.world import DAY, HOUR, MINUTE, NINE

BAY = "bay:harbor:help"


def a_bay(clock: SteadyClock, past: Past | None = None) -> Courier:
    """A second platform."""
    past = past or Past()
    past.channels = [BAY]
    return Courier(clock, name="bay", history=past)


def said(courier: Courier) -> list[str]:
    return [post.view.fallback for post in courier.posts.values()]


async def gap(live: Live, platform: str) -> float | None:
    mark = await live.house.store.read(lambda tx: tx.mark(gap_of(platform)))
    return None if mark is None else mark.at


async def stored(live: Live, channel: str) -> int:
    return len((await live.house.store.transact(lambda tx: tx.channel(channel, 10_000))).messages)


async def test_reminders_go_where_the_customer_waits(tmp_path: Path) -> None:
    clock = SteadyClock(NINE)
    bay = a_bay(clock)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past(), beside=[bay]) as live, live.running():
        await live.begin()
        await live.receive(posted("dana", "where is it?"))
        await live.service.platforms["bay"].receive(posted("omar", "and mine?", channel=BAY))
        before = len(live.said)
        await clock.advance(NINE + 10 * MINUTE + 2)
        assert live.said[before:] == ["dana"] and said(bay) == ["omar"]


@pytest.mark.parametrize("error", [AccessLost("no"), DeliveryError("no"), RetryLater("no", after=1), UsageError("no")])
async def test_a_platform_that_can_not_be_had_leaves_the_other_working(tmp_path: Path, error: Exception) -> None:
    clock = SteadyClock(NINE)
    bay = a_bay(clock)
    bay.refusal = error
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past(), beside=[bay]) as live, live.running():
        await live.begin()
        await live.receive(posted("dana", "where is it?"))
        await clock.advance(NINE + 10 * MINUTE + 2)
        assert "dana" in live.said
        (lost,) = [entry for entry in live.logs if entry["event"] == "platform_lost"]
        assert lost["platform"] == "bay" and lost["reason"].startswith("no")


async def test_who_is_thrown_out_of_one_platform_stays_on_the_other_and_keeps_the_reminder(tmp_path: Path) -> None:
    clock = SteadyClock(NINE)
    bay = a_bay(clock)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past(), beside=[bay]) as live, live.running():
        await live.begin()
        await live.service.platforms["bay"].receive(posted("omar", "and mine?", channel=BAY))
        assert bay.intake is not None
        bay.intake.lost(AccessLost("the app was uninstalled"))
        await clock.settle()
        assert bay.intake is None, "nothing more is taken from there"
        await live.receive(posted("dana", "where is it?"))
        digest = AddNotice(kind="digest", key="d", due_at=NINE + 5 * MINUTE, subject=NoticeSubject.DAY)
        await live.house.store.transact(lambda tx: tx.save([digest]))
        live.house.due.poke()
        before = len(live.said)
        await clock.advance(NINE + HOUR)
        assert live.said[before:][:2] == ["digest", "dana"], "digests don't wait for a platform that is gone"
        assert said(bay) == [] and "omar" not in live.said
    bay = a_bay(clock)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past(), beside=[bay]) as live, live.running():
        await clock.advance(NINE + HOUR + 2)
        assert said(bay) == ["omar"]


async def test_a_message_that_finds_us_thrown_out_ends_its_platform_alone(tmp_path: Path) -> None:
    clock = SteadyClock(NINE)
    bay = a_bay(clock)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past(), beside=[bay]) as live, live.running():
        await live.begin()
        bay.trouble.append(AccessLost("the token was revoked"))
        await live.service.platforms["bay"].receive(posted("omar", "and mine?", channel=BAY))
        await live.receive(posted("dana", "where is it?", NINE + MINUTE))
        await clock.advance(NINE + 2 * HOUR)
        assert "dana" in live.said and said(bay) == [] and bay.intake is None
        assert await live.house.store.read(lambda tx: tx.dead(10)) == ()
        pending = await live.house.store.read(lambda tx: tx.pending(wait_id(NINE, BAY)))
        assert pending is not None, "it leaves when we are let in again"


async def test_the_last_platform_that_ends_ends_the_bot(tmp_path: Path) -> None:
    clock = SteadyClock(NINE)
    bay = a_bay(clock)
    with pytest.raises(AccessLost, match="the second"):
        async with a_live_house(tmp_path / "a.db", clock=clock, past=Past(), beside=[bay]) as live, live.running():
            live.platform.lost(AccessLost("the first"))
            await clock.settle()
            live.service.platforms["bay"].lost(AccessLost("the second"))
            await clock.settle()


async def test_while_one_reads_its_past_the_other_takes_events_and_reminds(tmp_path: Path) -> None:
    clock, hold = SteadyClock(NINE), asyncio.Event()
    bay = a_bay(clock, Past(hold=hold))
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past(), beside=[bay]) as live, live.running():
        await live.begin()
        waiting = asyncio.create_task(live.service.platforms["bay"].receive(posted("omar", "and mine?", channel=BAY)))
        await live.receive(posted("dana", "where is it?"))
        before = len(live.said)
        await clock.advance(NINE + 10 * MINUTE + 2)
        assert live.said[before:] == ["dana"] and not waiting.done()
        hold.set()
        await clock.settle()
        assert waiting.done()
        await clock.advance(NINE + 10 * MINUTE + 4)
        assert said(bay) == ["omar"]


async def test_reminders_and_digests_wait_for_the_past_they_are_about(tmp_path: Path) -> None:
    """A wait of an earlier life was answered while nobody was here: nothing is said of it before that is read."""
    clock = SteadyClock(NINE)
    bay = a_bay(clock)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past(), beside=[bay]) as live, live.running():
        await live.begin()
        await live.service.platforms["bay"].receive(posted("omar", "and mine?", channel=BAY))
        digest = AddNotice(kind="digest", key="d", due_at=NINE + 20 * MINUTE, subject=NoticeSubject.DAY)
        await live.house.store.transact(lambda tx: tx.save([digest]))
    clock.time = NINE + HOUR
    hold = asyncio.Event()
    answered = posted("ana", "Omar here", NINE + 5 * MINUTE, channel=BAY)
    bay = a_bay(clock, Past({BAY: [answered]}, hold=hold))
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past(), beside=[bay]) as live, live.running():
        await clock.advance(NINE + HOUR + MINUTE)
        assert live.said == [] and said(bay) == []
        hold.set()
        await clock.advance(NINE + HOUR + 2 * MINUTE)
        assert live.said == ["digest"] and said(bay) == []


async def test_a_gap_on_one_platform_shuts_no_gate_of_the_other(tmp_path: Path) -> None:
    clock = SteadyClock(NINE)
    past = Past()
    bay = a_bay(clock, past)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past(), beside=[bay]) as live, live.running():
        await live.begin()
        past.hold = asyncio.Event()
        await live.service.platforms["bay"].missed(NINE - HOUR, whole=True)
        await clock.settle()
        waiting = asyncio.create_task(live.service.platforms["bay"].receive(posted("omar", "and mine?", channel=BAY)))
        asked = len(live.past.asked)
        await live.receive(posted("dana", "where is it?"))
        assert not waiting.done() and await gap(live, "bay") == NINE - HOUR and await gap(live, "local") is None
        past.hold.set()
        await waiting
        await clock.settle()
        assert await gap(live, "bay") is None and len(live.past.asked) == asked


async def test_a_gap_that_an_earlier_version_noted_counts_for_every_platform(tmp_path: Path) -> None:
    clock = SteadyClock(NINE)
    bay = a_bay(clock)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past(), beside=[bay]) as live, live.running():
        await live.receive(posted("dana", "where is it?"))
        await live.service.platforms["bay"].receive(posted("omar", "and mine?", channel=BAY))
        await live.house.store.transact(lambda tx: tx.put_mark(GAP, NINE - DAY))
    past, there = Past(), Past(trouble={BAY: Forbidden("not now")})
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past, beside=[a_bay(clock, there)]) as live, live.running():
        for asked in (past.asked, there.asked):
            assert asked[-1][1] <= NINE - DAY
        assert await gap(live, "local") is None and await gap(live, "bay") == NINE - DAY
        assert await live.house.store.read(lambda tx: tx.mark(GAP)) is None


class ReadOnce(Past):
    """Can be read no more after the second time."""

    async def since(self, channel: str, mark: float) -> AsyncIterator[Event]:
        if len(self.asked) > 1:
            raise Forbidden("not again")
        async for event in super().since(channel, mark):
            yield event


async def test_a_gap_that_is_noted_while_an_earlier_one_is_read_stays_noted(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), ReadOnce()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        await live.receive(posted("dana", "where is it?"))
        past.hold = asyncio.Event()
        await live.platform.missed(NINE - HOUR, whole=False)
        await clock.settle()
        await live.platform.missed(NINE + HOUR, whole=False)
        past.hold.set()
        await clock.settle()
        assert len(past.asked) == 2 and await gap(live, "local") is not None


async def test_who_comes_into_a_channel_reads_its_past(tmp_path: Path) -> None:
    clock = SteadyClock(NINE)
    bay = a_bay(clock)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past(), beside=[bay]) as live, live.running():
        new = "bay:harbor:new"
        bay.history.channels = [BAY, new]
        await live.service.platforms["bay"].changed(WorkspaceChange(joined=new))
        await clock.settle()
        assert (new, NINE - 30 * DAY) in bay.history.asked


# More events than can wait

MOST_WAITING = 20


@pytest.fixture
def few_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "MOST_WAITING", MOST_WAITING)


class ReadBefore(Past):
    """The first read is done with before what comes meanwhile is in the platform's history."""

    async def since(self, channel: str, mark: float) -> AsyncIterator[Event]:
        first = not self.asked
        async for event in super().since(channel, mark):
            if not first:
                yield event


@pytest.mark.usefixtures("few_may_wait")
async def test_more_events_than_may_wait_are_refused_noted_before_and_read_back(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), ReadBefore(hold=asyncio.Event())
    events = [posted(f"c{number}", "where is it?", NINE + number) for number in range(MOST_WAITING + 30)]
    past.events[CHANNEL] = events
    refused: list[float | None] = []
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():

        async def deliver(event: Posted) -> None:
            try:
                await live.receive(event)
            except Overflow:
                refused.append(await gap(live, "local"))

        clock.time = NINE + len(events)
        tasks = [asyncio.create_task(deliver(event)) for event in events]
        await clock.settle()
        assert sum(not task.done() for task in tasks) == MOST_WAITING, "no more of them are kept"
        assert refused == [NINE + MOST_WAITING] * 30, "remembered before the first was refused, and at no further cost"
        assert past.hold is not None
        past.hold.set()
        await asyncio.gather(*tasks)
        await clock.settle()
        assert await stored(live, CHANNEL) == len(events)
        assert await gap(live, "local") is None


@pytest.mark.usefixtures("few_may_wait")
async def test_what_was_refused_is_read_back_after_a_crash_too(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), Past(hold=asyncio.Event())
    events = [posted(f"c{number}", "where is it?", NINE + number) for number in range(MOST_WAITING + 5)]
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past()) as live, live.running():
        await live.receive(posted("dana", "where is it?", NINE - MINUTE))
    clock.time = NINE + len(events)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live:
        async with live.running():
            tasks = [asyncio.create_task(live.receive(event)) for event in events]
            await clock.settle()
        for task in tasks:  # those that waited died with the process
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    past = Past({CHANNEL: events})
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        assert await stored(live, CHANNEL) == len(events) + 1


async def test_what_two_connections_delivered_out_of_order_is_read_back_after_a_crash(tmp_path: Path) -> None:
    """Omar's message came over the other connection and was stored; Dana's, a bit older, wasn't there yet when we died."""
    clock = SteadyClock(NINE)
    dana, omar = posted("dana", "where is it?", NINE + 59), posted("omar", "and mine?", NINE + 60)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past()) as live, live.running():
        clock.time = NINE + 61
        await live.receive(omar)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past({CHANNEL: [dana, omar]})) as live, live.running():
        assert {wait.customer for wait in await live.waits()} == {"dana", "omar"}
