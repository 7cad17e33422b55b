"""What may be missing is remembered whatever happens, read back by channel, and holds up nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.events import Event
from bot.domain.gaps import GapReason
from bot.domain.people import Role
from bot.domain.writes import AddNotice, NoticeSubject
from bot.errors import Forbidden, RetryLater, StorageError
from bot.intake.backfill import OVERLAP
from bot.ports import WorkspaceChange
from tests.runtime.live import Live, Past, SteadyClock, a_live_house
from tests.runtime.simulated import CHANNEL, Courier, posted
from tests.waits.world import DAY, HOUR, MINUTE, NINE

OTHER = "local:harbor:other"


async def behind(live: Live) -> dict[str, float]:
    return dict(await live.house.store.read(lambda tx: tx.behind()))


async def test_a_quiet_channel_that_was_read_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    clock = SteadyClock(NINE)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past()) as live, live.running():
        await live.begin()
    clock.time = NINE + 2 * HOUR
    past = Past({CHANNEL: [posted("dana", "where is it?", NINE + HOUR)]})
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        assert past.asked == [(CHANNEL, NINE - OVERLAP)]
        await clock.advance(NINE + 2 * HOUR + MINUTE)
        assert live.said == ["dana"], "a first read would have been silent"


async def test_the_next_start_reads_from_when_the_last_life_was_complete(tmp_path: Path) -> None:
    clock = SteadyClock(NINE)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past()) as live, live.running():
        await live.receive(posted("dana", "where is it?", NINE))
        clock.time = NINE + 5 * HOUR
        await live.platform.beat()
        live.house.courier.heard = NINE + 5 * HOUR
        clock.time = NINE + 6 * HOUR
        await live.receive(posted("omar", "and mine?", NINE + 6 * HOUR))  # stored; it says nothing of what came before
        await live.platform.beat()
    past = Past()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        assert past.asked[0] == (CHANNEL, NINE + 5 * HOUR - OVERLAP)


async def test_what_the_database_refused_keeps_the_mark_where_it_is_until_it_is_written_down(tmp_path: Path) -> None:
    clock = SteadyClock(NINE)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past()) as live, live.running():
        await live.receive(posted("dana", "where is it?", NINE))
        store = live.house.store

        async def fails(_: object) -> None:
            raise StorageError("the disk is full")

        clock.time = NINE + HOUR
        store.transact = fails  # type: ignore[method-assign,assignment]
        with pytest.raises(StorageError):
            await live.receive(posted("omar", "and mine?", NINE + HOUR))
        with pytest.raises(StorageError):
            await live.platform.beat()
        del store.transact  # type: ignore[method-assign]
        clock.time = NINE + 2 * HOUR
        live.past.hold = asyncio.Event()
        await live.platform.beat()
        assert await behind(live) == {CHANNEL: NINE + HOUR}
        live.past.events[CHANNEL] = [posted("omar", "and mine?", NINE + HOUR)]
        live.past.hold.set()
        await clock.advance(NINE + 2 * HOUR + MINUTE)
        assert await behind(live) == {} and {wait.customer for wait in await live.waits()} == {"dana", "omar"}


async def test_only_the_channel_that_is_being_read_is_held(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), OneIsSlow(channels=[CHANNEL, OTHER])
    past.slow.set()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        await live.begin()
        await live.receive(posted("dana", "where is it?", NINE))
        await live.receive(posted("omar", "and mine?", NINE, channel=OTHER))
        before = len(live.said)
        past.slow.clear()
        await live.platform.missed(GapReason.DISCONNECTED, NINE, whole=True)
        await clock.advance(NINE + 9 * MINUTE)
        await clock.advance(NINE + 11 * MINUTE)
        assert live.said[before:] == ["dana"]
        (line,) = [entry for entry in live.logs if entry["event"] == "reminders_wait"]
        assert line["channels"] == [OTHER]
        past.slow.set()
        await clock.settle()
        await clock.advance(NINE + 12 * MINUTE)
        assert live.said[before:] == ["dana", "omar"]


class OneIsSlow(Past):
    """One channel takes as long as `slow` isn't set."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.slow = asyncio.Event()

    async def since(self, channel: str, mark: float, **more: Any) -> AsyncIterator[Event]:
        if channel == OTHER:
            await self.slow.wait()
        async for event in super().since(channel, mark, **more):
            yield event


async def test_channels_in_which_somebody_waits_are_read_first(tmp_path: Path) -> None:
    names = [f"local:harbor:{name}" for name in ("a", "b", "c", "d")]
    clock = SteadyClock(NINE)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past(channels=names)) as live, live.running():
        await live.receive(posted("dana", "where is it?", NINE, channel=names[2]))
    past = Past(channels=names)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        assert past.asked[0][0] == names[2] and len(past.asked) == 4


async def test_what_can_not_be_read_for_long_is_told_in_the_digest_and_tried_again(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), Past()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        await live.begin()
        await live.receive(posted("dana", "where is it?", NINE))
        past.trouble[CHANNEL] = RetryLater("Slack has trouble of its own", after=1)
        await live.platform.missed(GapReason.DISCONNECTED, NINE, whole=True)
        await clock.advance(NINE + 2 * HOUR)
        assert list(live.bot.outbox.held_since(clock.time - HOUR)) == [CHANNEL]
        digest = AddNotice(kind="digest", key="d", due_at=clock.time, subject=NoticeSubject.DAY)
        await live.house.store.transact(lambda tx: tx.save([digest]))
        live.house.due.poke()
        before = len(live.said)
        await clock.advance(clock.time + 2)
        assert live.said[before:] == ["digest"], "it waited ten minutes at most"
        tries = len(past.asked)
        assert 10 <= tries <= 20, "every ten minutes, sooner at first"
        del past.trouble[CHANNEL]
        await clock.advance(clock.time + 10 * MINUTE)
        assert live.said[before + 1 :] == ["dana"] and live.bot.outbox.held_since(clock.time) == {}


async def test_an_event_that_can_never_be_stored_is_noted_without_a_word_of_it_and_read_again(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), Past()
    poisoned = posted("dana", "SECRET where is it?", NINE)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        decide = live.bot.engine.process

        def fails(tx: Any, event: Any, *more: Any) -> Any:
            if getattr(event, "message", None) == poisoned.message:
                raise ValueError(f"can't deal with {event.message.text}")
            return decide(tx, event, *more)

        live.bot.engine.process = fails  # type: ignore[method-assign]
        with pytest.raises(ValueError, match="SECRET"):
            await live.receive(poisoned)
        (failed,) = await live.house.store.read(lambda tx: tx.failed_events(9))
        assert (failed.channel, failed.message, failed.at) == (CHANNEL, poisoned.message.id, NINE)
        assert failed.error.startswith("ValueError at ") and "SECRET" not in failed.error
        clock.time = NINE + DAY
        await live.platform.beat()
    past.events[CHANNEL] = [poisoned]
    clock.time = NINE + 2 * DAY
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        assert await live.house.store.read(lambda tx: tx.failed_events(9)) == ()
        assert [wait.customer for wait in await live.waits()] == ["dana"]


async def test_a_first_read_goes_on_where_a_crash_cut_it_short(tmp_path: Path) -> None:
    clock = SteadyClock(NINE)
    events = [posted(f"c{number}", "where is it?", NINE - DAY + number) for number in range(450)]
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Stumbling({CHANNEL: events})) as live, live.running():
        covered = await live.house.store.transact(lambda tx: tx.coverage(CHANNEL))
        assert covered.first_read_at is None and covered.first_read_to == events[199].at
    past = Past({CHANNEL: events})
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        assert past.swept[0] == (CHANNEL, events[199].at)
        stored = await live.house.store.transact(lambda tx: len(tx.channel(CHANNEL, 1000).messages))
        assert stored == 450 and await behind(live) == {}


class Stumbling(Past):
    """Fails after three hundred messages."""

    async def since(self, channel: str, mark: float, **more: Any) -> AsyncIterator[Event]:
        count = 0
        async for event in super().since(channel, mark, **more):
            count += 1
            if count > 300:
                raise RetryLater("not now", after=1)
            yield event


async def test_what_was_missed_while_we_were_out_of_a_channel_is_read_when_we_are_back(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), Past()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        await live.platform.beat()
        past.channels = []
        clock.time = NINE + HOUR
        await live.platform.beat()
        clock.time = NINE + 5 * HOUR
        await live.platform.beat()
        past.channels = [CHANNEL]
        past.events[CHANNEL] = [posted("dana", "where is it?", NINE + 2 * HOUR)]
        await live.platform.changed(WorkspaceChange(joined=CHANNEL))
        await clock.settle()
        assert past.asked[-1] == (CHANNEL, NINE - OVERLAP)
        assert [wait.customer for wait in await live.waits()] == ["dana"]


async def test_late_replies_in_older_threads_are_looked_for_after_a_whole_gap_and_else_every_few_hours(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), Past()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        await live.begin()
        assert past.swept == []
        await live.platform.missed(GapReason.RENEWED, NINE - HOUR, whole=False)
        await clock.settle()
        assert past.swept == []
        live.platform.backfill.sweep()
        await clock.settle()
        assert past.swept == [(CHANNEL, NINE - HOUR - OVERLAP)]
        live.platform.backfill.sweep()
        await clock.settle()
        assert len(past.swept) == 1, "nothing is missing any more"
        await live.platform.missed(GapReason.DISCONNECTED, NINE, whole=True)
        await clock.settle()
        assert past.swept[1:] == [(CHANNEL, NINE - OVERLAP)]


async def test_where_nothing_came_in_for_five_minutes_the_channels_are_looked_at(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), Past()
    courier = Courier(clock)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past, courier=courier) as live, live.running():
        courier.heard = NINE
        past.events[CHANNEL] = [posted("dana", "where is it?", NINE + MINUTE)]
        asked = len(past.asked)
        for minute in range(1, 45):
            clock.time = NINE + minute * MINUTE
            await live.platform.beat()
            await clock.settle()
        assert len(past.asked) - asked == 8
        assert [wait.customer for wait in await live.waits()] == ["dana"]
        (line,) = [entry for entry in live.logs if entry["event"] == "silence_hid_events"]
        assert line["new"] == 1


async def test_a_clock_that_was_ahead_makes_the_next_start_leave_nothing_out(tmp_path: Path) -> None:
    clock = SteadyClock(NINE)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=Past()) as live, live.running():
        await live.receive(posted("dana", "where is it?", NINE))
        live.house.courier.heard = NINE + DAY  # by a clock that is a day ahead
        await live.platform.beat()
    clock.time = NINE + HOUR
    past = Past({CHANNEL: [posted("omar", "and mine?", NINE + MINUTE)]})
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        assert {wait.customer for wait in await live.waits()} == {"dana", "omar"}


async def test_what_is_missed_while_older_threads_are_swept_is_swept_again(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), SweepIsSlow()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        await live.platform.missed(GapReason.DISCONNECTED, NINE - HOUR, whole=True)
        await clock.settle()
        await live.platform.missed(GapReason.DISCONNECTED, NINE, whole=True)
        await clock.settle()
        assert len(past.swept) == 1
        past.slow.set()
        await clock.settle()
        assert len(past.swept) == 2
        assert (await live.house.store.transact(lambda tx: tx.coverage(CHANNEL))).threads_since is None


class SweepIsSlow(Past):
    """Older threads take as long as `slow` isn't set."""

    def __init__(self) -> None:
        super().__init__()
        self.slow = asyncio.Event()

    async def since(self, channel: str, mark: float, **more: Any) -> AsyncIterator[Event]:
        before = len(self.swept)
        async for event in super().since(channel, mark, **more):
            yield event
        if len(self.swept) > before:
            await self.slow.wait()


async def test_a_channel_that_was_refused_at_the_start_is_tried_again(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), Past({CHANNEL: [posted("dana", "where is it?", NINE - MINUTE)]})
    past.trouble[CHANNEL] = Forbidden("not now")
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        assert await live.waits() == ()
        past.trouble.clear()
        await clock.advance(NINE + MINUTE)
        assert [wait.customer for wait in await live.waits()] == ["dana"]


async def test_a_channel_that_is_found_by_and_by_is_read(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), Past()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        past.channels = [CHANNEL, OTHER]
        past.events[OTHER] = [posted("dana", "where is it?", NINE - MINUTE, channel=OTHER)]
        await live.platform.beat()
        await clock.settle()
        assert [wait.channel for wait in await live.waits()] == [OTHER]


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_was_written_while_a_channel_was_unwatched_is_never_asked_for(tmp_path: Path, restarted: bool) -> None:
    clock, past = SteadyClock(NINE), Past()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        await live.begin()
        await live.receive(posted("ana", "Good morning all", NINE))
        await live.bot.interactions["local"].command("mia", Role.MEMBER, "unwatch #help")
        await live.platform.beat()
        past.events[CHANNEL] = [posted("dana", "where is it?", NINE + MINUTE)]
        clock.time = NINE + 2 * DAY
        await live.platform.beat()
        if not restarted:
            await watched_again(live)
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        if restarted:
            await watched_again(live)


async def watched_again(live: Live) -> None:
    await live.bot.interactions["local"].command("mia", Role.MEMBER, "watch #help questions")
    await live.platform.beat()
    await live.platform.missed(GapReason.RENEWED, live.clock.time, whole=False)
    await live.clock.settle()
    assert live.past.asked[-1] == (CHANNEL, NINE + 2 * DAY - OVERLAP) and await live.waits() == ()


async def test_a_gap_that_is_noted_while_its_channel_is_read_keeps_it_held(tmp_path: Path) -> None:
    clock, past = SteadyClock(NINE), ReadTwice()
    async with a_live_house(tmp_path / "a.db", clock=clock, past=past) as live, live.running():
        await live.begin()
        await live.receive(posted("dana", "where is it?", NINE))
        past.hold = asyncio.Event()
        await live.platform.missed(GapReason.DISCONNECTED, NINE, whole=True)
        await clock.settle()
        await live.platform.missed(GapReason.DISCONNECTED, NINE + MINUTE, whole=True)
        past.hold.set()
        await clock.advance(NINE + 11 * MINUTE)
        assert live.said[1:] == [] and list(live.bot.outbox.held_since(clock.time)) == [CHANNEL]


class ReadTwice(Past):
    """Can be read at the start and once more; then the platform has trouble."""

    async def since(self, channel: str, mark: float, **more: Any) -> AsyncIterator[Event]:
        if len(self.asked) > 1:
            raise RetryLater("not now", after=1)
        async for event in super().since(channel, mark, **more):
            yield event
