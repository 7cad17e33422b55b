"""Two platforms in one live bot: each has its gates, its gaps and its end; what one of them does leaves the other alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.events import Event
from bot.domain.gaps import GapReason
from bot.domain.keys import platform_of
from bot.domain.writes import AddNotice, NoticeSubject
from bot.errors import AccessLost, DeliveryError, Forbidden, RetryLater, UsageError
from bot.intake import gates
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
    """Since when something of a platform's channels may be missing."""
    behind = await live.house.store.read(lambda tx: tx.behind())
    return min((at for channel, at in behind.items() if platform_of(channel) == platform), default=None)


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
        assert live.said[before:] == ["dana"] and said(bay) == []
        assert waiting.done(), "it was let in after a moment, for the platform wants its answer"
        hold.set()
        await clock.settle()
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
        await live.service.platforms["bay"].missed(GapReason.DISCONNECTED, NINE - HOUR, whole=True)
        await clock.settle()
        waiting = asyncio.create_task(live.service.platforms["bay"].receive(posted("omar", "and mine?", channel=BAY)))
        asked = len(live.past.asked)
        await live.receive(posted("dana", "where is it?"))
        assert not waiting.done() and await gap(live, "bay") == NINE - HOUR and await gap(live, "local") is None
        past.hold.set()
        await waiting
        await clock.settle()
        assert await gap(live, "bay") is None and len(live.past.asked) == asked


class ReadOnce(Past):
    """Can be read no more after the second time."""

    async def since(self, channel: str, mark: float, **more: Any) -> AsyncIterator[Event]:
        if len(self.asked) > 1:
            raise Forbidden("not again")
        async for event in super().since(channel, mark, **more):
            yield event


async def test_a_gap_that_is_noted_while_an_earlier_one_is_read_stays_noted(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), ReadOnce()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        await live.receive(posted("dana", "where is it?"))
        past.hold = asyncio.Event()
        await live.platform.missed(GapReason.RENEWED, NINE - HOUR, whole=False)
        await clock.settle()
        await live.platform.missed(GapReason.RENEWED, NINE + HOUR, whole=False)
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


async def test_more_events_than_may_wait_are_let_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "MOST_WAITING", 20)
    clock, past = SteadyClock(NINE), Past(hold=asyncio.Event())
    events = [posted(f"c{number}", "where is it?", NINE + number) for number in range(50)]
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        tasks = [asyncio.create_task(live.receive(event)) for event in events]
        await clock.settle()
        assert sum(not task.done() for task in tasks) == 20 and await stored(live, CHANNEL) == 30
        await clock.advance(NINE + 2)
        assert all(task.done() for task in tasks) and await stored(live, CHANNEL) == 50
        assert past.hold is not None
        past.hold.set()


async def test_what_two_connections_delivered_out_of_order_is_read_back_after_a_crash(tmp_path: Path) -> None:
    """Omar's message came over the other connection and was stored; Dana's, a bit older, wasn't there yet when we died."""
    clock = SteadyClock(NINE)
    dana, omar = posted("dana", "where is it?", NINE + 59), posted("omar", "and mine?", NINE + 60)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past()) as live, live.running():
        clock.time = NINE + 61
        await live.receive(omar)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past({CHANNEL: [dana, omar]})) as live, live.running():
        assert {wait.customer for wait in await live.waits()} == {"dana", "omar"}
