"""Where a team is on two platforms each has its own digest, which tells of who waits there; and whoever is to be mentioned is
reached where they have an account."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from adapters.local.people import BotPost
from bot.domain.keys import digest_key
from bot.domain.rules import Step
from bot.domain.views import View
from bot.domain.writes import AddNotice, NoticeSubject
from bot.outbox.digests import DigestSlot
from tests.runtime.side_by_side import SideBySide, side_by_side
from tests.waits.world import DAY, HOUR, MINUTE

ANA_THERE = "A-17"
MEMBERS = {"ana": {"local": "ana", "bay": ANA_THERE}, "ben": {"local": "ben"}, "mia": {"bay": "mia"}}
AT_NOON = DigestSlot(days=frozenset(range(7)), minute=12 * 60)
WEEKLY = DigestSlot(days=frozenset({0}), minute=12 * 60, weekly=True)
ONE_STEP = (Step(after=10 * MINUTE, to="owner"),)


def a_house(
    path: Path,
    *,
    lead: str = "mia",
    digests: tuple[DigestSlot, ...] = (AT_NOON,),
    channels: Mapping[str, str | None] = {},
) -> AbstractAsyncContextManager[SideBySide]:
    members = MEMBERS
    return side_by_side(
        path / "a.db", members, lead=lead, duty="ana", budget=3, digests=digests, steps=ONE_STEP, channels=channels
    )


async def asked(house: SideBySide, platform: str, customer: str, text: str) -> None:
    town = house.towns[platform]
    await town.customer(customer).says(town.channel("help"), text)


def digests(house: SideBySide, platform: str, channel: str = "team") -> list[View]:
    def is_digest(post: BotPost) -> bool:
        return post.keys[0].startswith("digest")

    return [post.view for post in house.towns[platform].channel(channel).posts if is_digest(post) and post.view is not None]


def words(view: View) -> str:
    return str(view.nodes)


async def test_each_platforms_digest_tells_of_who_waits_there(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await asked(house, "local", "omar", "Ana, where is my anchor?")
        await asked(house, "bay", "dana", "Ana, where is my crate?")
        await house.pass_time(4 * HOUR)
        (here,), (there,) = digests(house, "local"), digests(house, "bay")
        assert "anchor" in words(here) and "crate" not in words(here) and "dana" not in words(here)
        assert "crate" in words(there) and "anchor" not in words(there) and "omar" not in words(there)
        assert here.fallback.startswith("1 customer is waiting") and there.fallback.startswith("1 customer is waiting")


async def test_a_platform_where_nobody_waits_hears_nothing(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await asked(house, "bay", "dana", "Ana, where is my crate?")
        await house.pass_time(4 * HOUR)
        assert digests(house, "local") == [] and len(digests(house, "bay")) == 1


async def test_who_is_on_both_is_mentioned_on_one_of_them_a_day_and_about_all_in_turn(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await asked(house, "local", "omar", "Ana, where is my anchor?")
        await asked(house, "bay", "dana", "Ana, where is my crate?")
        for day in range(4):
            await house.pass_time(4 * HOUR if day == 0 else DAY)
        pairs = zip(digests(house, "local"), digests(house, "bay"), strict=True)
        found = [(len(here.addressed), len(there.addressed)) for here, there in pairs]
        assert found == [(1, 0), (0, 1), (1, 0), (0, 1)]


async def test_whoever_isnt_there_is_reached_by_their_own_platforms_digest_without_what_was_written(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await asked(house, "local", "omar", "Ana, where is my anchor?")
        await house.pass_time(HOUR)
        await house.asks("local", "ana", "not-me w1")
        await house.asks("local", "ben", "not-me w1")
        await house.pass_time(3 * HOUR)
        (here,), (there,) = digests(house, "local"), digests(house, "bay")
        assert here.addressed == () and "anchor" in words(here)
        assert there.addressed == ("mia",) and "Omar" in words(there) and "anchor" not in words(there)
        assert "To be decided" in words(there) and "Hand over" in words(there)


async def test_a_lead_who_is_there_decides_before_one_who_isnt(tmp_path: Path) -> None:
    async with a_house(tmp_path, lead="ana") as house:
        await asked(house, "bay", "dana", "Mia, where is my crate?")
        await house.pass_time(HOUR)
        await house.asks("bay", "mia", "not-me w1")
        await house.asks("bay", ANA_THERE, "not-me w1")
        await house.pass_time(3 * HOUR)
        assert digests(house, "bay")[0].addressed == (ANA_THERE,) and digests(house, "local") == []


async def test_a_platform_without_a_channel_is_told_of_where_its_reminders_go(tmp_path: Path) -> None:
    async with a_house(tmp_path, channels={"bay": None}) as house:
        await asked(house, "local", "omar", "Ana, where is my anchor?")
        await asked(house, "bay", "dana", "Ana, where is my crate?")
        await house.pass_time(4 * HOUR)
        (here,) = digests(house, "local")
        assert "anchor" in words(here) and "crate" in words(here)


async def test_a_week_is_told_by_platform(tmp_path: Path) -> None:
    async with a_house(tmp_path, digests=(WEEKLY,)) as house:
        for number in range(2):
            await asked(house, "local", f"omar{number}", "Ana, where is my anchor?")
        await asked(house, "bay", "dana", "Ana, where is my crate?")
        await house.pass_time(7 * DAY + 4 * HOUR)
        assert "2 questions" in digests(house, "local")[-1].fallback and "1 question," in digests(house, "bay")[-1].fallback


async def test_what_was_planned_for_one_platform_isnt_told_besides(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        noon = house.clock.now() + 3 * HOUR
        old = AddNotice(kind="digest", key=digest_key(noon, "day"), due_at=noon, subject=NoticeSubject.DAY)
        await house.store.transact(lambda tx: tx.save([old]))
        await house.pass_time(1)  # it plans anew
        await asked(house, "bay", "dana", "Ana, where is my crate?")
        await house.pass_time(4 * HOUR)
        assert digests(house, "local") == [] and len(digests(house, "bay")) == 1
