"""What others can read is removed, whatever is under way at that moment and however often it fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from bot.domain.outgoing import Address, Readers
from bot.domain.rules import ChannelRules, Step
from bot.errors import AccessLost, Forbidden, Gone, RetryLater
from bot.outbox.removals import REFUSED_PAUSE, TOGETHER, UNKNOWN_PAUSE
from tests.runtime.simulated import TEAM_CHANNEL, House, a_house, posted
from tests.storage.sqlite.rows import rows_of
from tests.waits.world import DAY, HOUR, MINUTE, NINE

ONE_STEP = ChannelRules(steps=(Step(after=10 * MINUTE, to="owner"),))
TEN = NINE + 10 * MINUTE
SHARED = Readers(shared=True, outsiders=None)


async def settle(house: House) -> None:
    """Do all that can be done now."""
    for _ in range(20):
        stepped = await house.step(house.clock.time)
        if stepped.next_due is None or stepped.next_due > house.clock.time:
            return
    raise AssertionError("it never comes to rest")


async def a_post(house: House) -> None:
    await house.happen(posted("dana", "Ana, where is it?"))
    await house.step(TEN)
    assert len(house.courier.posts) == 1


async def expose(house: House, readers: Readers = SHARED) -> None:
    """Others can read the team's channel, and the bot is told."""
    house.courier.readers["team"] = readers
    house.guard.forget(TEAM_CHANNEL)
    house.due.look(TEAM_CHANNEL)


async def test_what_is_being_sent_while_its_channel_is_shared_goes_too(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        house.courier.meanwhile = lambda: expose(house)
        await a_post(house)
        house.courier.meanwhile = None
        await settle(house)
        assert house.courier.posts == {} and house.courier.removed == ["post-1"]


async def test_what_was_in_doubt_goes_when_it_is_found(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        house.courier.swallowed = [RetryLater("the connection broke", after=5)]
        await house.happen(posted("dana", "Ana, where is it?"))
        await house.step(TEN)
        await expose(house)
        await settle(house)
        assert len(house.courier.posts) == 1, "nobody knows of it yet"
        await house.drain(TEN + 5 * MINUTE)
        await settle(house)
        assert house.courier.posts == {}


async def test_it_is_tried_until_it_is_done(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await a_post(house)
        house.courier.trouble = [RetryLater("no answer", after=60)] * 50
        await expose(house)
        await settle(house)
        await house.drain(TEN + 2 * HOUR)
        assert house.courier.posts == {}


@pytest.mark.parametrize("error", [Gone("the channel is archived"), ValueError("an adapter's mistake")])
async def test_where_it_is_refused_for_good_it_is_tried_again_and_told_once(tmp_path: Path, error: Exception) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await a_post(house)
        house.courier.trouble = [error] * 3
        await expose(house)
        with structlog.testing.capture_logs() as lines:
            await settle(house)
            await house.drain(TEN + 5 * REFUSED_PAUSE)
        assert house.courier.posts == {}
        assert len([line for line in lines if line["event"] == "post_not_removed"]) == 1


async def test_a_place_that_stays_gone_is_left_alone_after_a_day_until_its_readers_change(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await a_post(house)
        house.courier.trouble = trouble = [Gone("the channel is archived") for _ in range(500)]
        await expose(house)
        await settle(house)
        await house.drain(TEN + 3 * DAY)
        left = len(trouble)
        assert left > 480, "ever more rarely"
        await house.drain(TEN + 30 * DAY)
        assert len(trouble) == left
        trouble.clear()
        await expose(house)
        await settle(house)
        assert house.courier.posts == {}


async def test_where_posts_cannot_be_deleted_nothing_is_left_in_them(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await a_post(house)
        house.courier.trouble = [Forbidden("compliance")]
        await expose(house)
        await settle(house)
        ((ref, view),) = house.courier.updates
        assert ref == "post-1" and "dana" not in repr(view)
        await house.happen(posted("ana", "Dana: here", TEN + 60))
        await house.drain(TEN + DAY)
        assert len(house.courier.updates) == 1


async def test_while_it_cannot_be_told_who_reads_it_nothing_is_removed_and_it_is_asked_again(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await a_post(house)
        await expose(house, Readers(shared=None, outsiders=None))
        await settle(house)
        assert len(house.courier.posts) == 1
        house.courier.readers["team"] = SHARED
        house.clock.time += UNKNOWN_PAUSE + MINUTE
        await settle(house)
        assert house.courier.posts == {}


async def test_hundreds_of_posts_go_a_few_at_a_time_and_hold_nothing_else_up(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        count = 2 * TOGETHER + 5
        for number in range(count):
            asked = NINE + number * MINUTE
            await house.happen(posted(f"d{number}", "Ana, where is it?", asked))
            await house.step(asked + 10 * MINUTE)
        assert len(house.courier.posts) == count
        latest = f"post-{count}"
        await expose(house)
        for _ in range(2):
            await house.step(house.clock.time)
        assert len(house.courier.removed) == TOGETHER and house.courier.removed[0] == latest
        begun = house.clock.time
        await house.drain(begun + 5 * MINUTE)
        assert sorted(house.courier.removed) == sorted(f"post-{number + 1}" for number in range(count))


async def test_who_throws_us_out_is_told_and_the_post_is_not_forgotten(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        lost: list[str] = []
        house.due.on_lost = lambda platform, _: lost.append(platform)
        await a_post(house)
        house.courier.trouble = [AccessLost("revoked")]
        await expose(house)
        await settle(house)
        assert lost == ["local"] and len(house.courier.posts) == 1
        await house.drain(TEN + 5 * MINUTE)
        assert house.courier.posts == {}


async def test_who_was_told_of_in_that_post_alone_is_reminded_of_where_that_may_be(tmp_path: Path) -> None:
    """It was the last rung, so that nothing else would come."""
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        house.wants_dm |= {"ana"}
        await a_post(house)
        assert [post.address for post in house.courier.posts.values()] == [Address("local", "person", "ana")]
        house.courier.readers["ana"] = Readers(shared=False, outsiders=True)
        team = house.engine.team
        house.engine.regroup(replace(team, members=team.members - {"ana"}))
        house.guard.forget()
        house.due.look()
        await settle(house)
        await house.drain(TEN + MINUTE)
        ((ref, post),) = house.courier.posts.items()
        assert (ref, post.address, post.view.addressed) == ("post-2", TEAM_CHANNEL, ("ben",))


async def test_a_clock_that_is_set_back_puts_no_removal_off(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await a_post(house)
        house.courier.trouble = [RetryLater("no answer", after=60)]
        await expose(house)
        await settle(house)
        assert len(house.courier.posts) == 1
        house.clock.set_back(DAY)
        house.clock.time += MINUTE
        await settle(house)
        assert house.courier.posts == {}


async def test_nothing_is_removed_where_only_the_team_reads(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db", rules=ONE_STEP) as house:
        await a_post(house)
        house.due.look()
        house.due.look(TEAM_CHANNEL)
        await settle(house)
        assert house.courier.removed == []
        assert rows_of(house.store.path, "SELECT remove_at, removed_at FROM posts") == [(None, None)]
