"""Who counts as having come in, and what settles it: each on the embedded platform, by the events alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from adapters.local.platform import LocalPlatform
from bot.domain.arrivals import ArrivalEnd
from bot.domain.hours import ALWAYS, Hours, WorkingSpan, weekly
from bot.domain.people import Role, Team
from bot.domain.rules import ChannelRules, Step
from bot.runtime.simulation import Simulation
from bot.wiring.local import LocalBot, Plan, stage

NOON = 1_772_452_800.0
"""Monday, 2 March 2026, 12:00 UTC."""

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0

PLAN = Plan(
    start=NOON,
    team=Team(members=frozenset({"ana", "ben"}), leads=("ben",), duty=("ana",)),
    team_hours=ALWAYS,
    rules=ChannelRules(steps=(Step(after=HOUR, to="owner"),), greeted_after=30 * MINUTE),
    reminders_channel="team",
)


class House:
    def __init__(self, on: LocalBot) -> None:
        self.on, self.town = on, on.town
        self.town.channel("help")
        self.town.channel("team", internal=True)
        for member in ("ana", "ben"):
            self.town.member(member)

    @property
    def simulation(self) -> Simulation:
        return self.on.simulation

    async def comes(self, name: str, *, channel: str = "help", ago: float = 0.0, left: bool = False) -> None:
        self.town.channel(channel)
        await self.town.customer(name).joins(channel, at=self.town.clock.now() - ago, left=left)

    async def ends(self, person: str) -> list[ArrivalEnd | None]:
        return [one.end for one in await self.simulation.store.read(lambda tx: tx.arrivals_of(person))]

    async def passes(self, seconds: float) -> None:
        await self.simulation.advance(self.town.clock.now() + seconds)

    def posts(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(post.gist, post.view.addressed) for post in self.town.posts if post.view is not None]


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with stage(PLAN, tmp_path / "local.db") as on:
        yield House(on)


async def test_told_twice_it_counts_once_and_no_longer_than_a_day_ago(house: House) -> None:
    await house.comes("kira")
    await house.comes("kira")
    await house.comes("rosa", ago=DAY + 1)
    await house.comes("tom", ago=DAY - 1)
    assert await house.ends("kira") == [None] == await house.ends("tom") and await house.ends("rosa") == []
    await house.passes(HOUR)
    assert [gist for gist, _ in house.posts()] == ["2 people joined #help. Will you say hello?"]


async def test_members_apps_and_who_was_here_before_are_not_greeted(house: House) -> None:
    town = house.town
    await town.person("ana").joins("help")
    await town.app("zap").joins("help")
    dana = town.customer("dana")
    await dana.says("help", "hi all")
    await house.passes(MINUTE)
    await dana.joins("help")
    await house.comes("kira", left=True)
    await house.passes(20 * DAY)
    await house.comes("kira")
    await house.passes(DAY)
    assert house.posts() == []
    await house.passes(31 * DAY)
    await house.comes("kira")
    await house.passes(HOUR)
    assert len(house.posts()) == 1, "after a month they are as good as new"


async def test_the_turn_goes_round_and_counts_in_the_day(house: House) -> None:
    for name in ("kira", "rosa", "tom", "lou"):
        await house.comes(name)
        await house.passes(DAY)
    assert [to for _, to in house.posts()] == [("ana",), ("ben",), ("ana",), ("ben",)]
    notified = await house.simulation.store.read(lambda tx: tx.notified("ana", NOON))
    assert len(notified) == 2


async def test_nobody_is_asked_twice_at_once(house: House) -> None:
    for name, channel in (("kira", "help"), ("rosa", "care"), ("tom", "talk")):
        await house.comes(name, channel=channel)
    await house.passes(31 * MINUTE)
    assert [to for _, to in house.posts()] == [("ana",), ("ben",)]
    await house.passes(15 * MINUTE)
    assert len(house.posts()) == 3 and house.town.posts[2].at >= NOON + 40 * MINUTE


async def test_a_full_day_passes_it_on_and_then_to_the_next_day(tmp_path: Path) -> None:
    async with stage(replace(PLAN, budget=1), tmp_path / "local.db") as on:
        house = House(on)
        for name, channel in (("kira", "help"), ("rosa", "care"), ("tom", "talk")):
            await house.comes(name, channel=channel)
            await house.passes(HOUR)
        assert [to for _, to in house.posts()] == [("ana",), ("ben",)]
        await house.passes(DAY)
        assert len(house.posts()) == 3


async def test_who_greets_by_themselves_has_had_their_turn(house: House) -> None:
    await house.comes("kira")
    await house.town.person("ana").says("help", "Hello Kira, welcome!")
    assert await house.ends("kira") == [ArrivalEnd.GREETED]
    await house.comes("rosa")
    await house.passes(HOUR)
    assert [to for _, to in house.posts()] == [("ben",)]


async def test_a_word_to_the_bot_or_from_before_greets_nobody(house: House) -> None:
    ana = house.town.person("ana")
    await house.comes("kira")
    kira = house.town.person("kira")
    await ana.says("help", "@realreply who is Kira", mentions=(kira,))
    await ana.says("help", "Kira will join us", mentions=(kira,), at=NOON - HOUR)
    await house.town.app("zap").says("help", "Welcome Kira!", mentions=(kira,))
    assert await house.ends("kira") == [None]


async def test_nobody_is_asked_outside_their_hours_and_never_after_a_week(tmp_path: Path) -> None:
    hours = Hours(zone=ALWAYS.zone, week=weekly(range(1), [WorkingSpan(opens=9 * 60, closes=13 * 60)]))
    async with stage(replace(PLAN, team_hours=hours), tmp_path / "local.db") as on:
        house = House(on)
        await house.passes(2 * HOUR)
        await house.comes("kira")
        await house.passes(4 * DAY)
        assert house.posts() == []
        await house.passes(3 * DAY)
        assert len(house.posts()) == 1, "on Monday morning"
        assert [post.at for post in house.town.posts] == [NOON + 7 * DAY - 3 * HOUR]


async def test_where_nobody_greets_nothing_is_kept(tmp_path: Path) -> None:
    rules = replace(PLAN.rules, greeted_after=None)
    async with stage(replace(PLAN, rules=rules), tmp_path / "local.db") as on:
        house = House(on)
        await house.comes("kira")
        await house.comes("kira", left=True)
        await house.passes(DAY)
        assert house.posts() == [] and await house.ends("kira") == []


async def test_the_names_of_who_left_go_with_the_post(house: House) -> None:
    await house.comes("kira")
    await house.passes(HOUR)
    await house.comes("kira", left=True)
    await house.passes(MINUTE)
    assert [gist for gist, _ in house.posts()] == ["Nobody is left to greet in #help"]
    assert isinstance(house.town, LocalPlatform) and house.town.person("kira").role is Role.CUSTOMER
