"""Who is on the team and who reads what, asked anew: after a gap, and once a day."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.outgoing import Readers
from bot.domain.people import Team
from bot.domain.views import Plain, Text, View
from bot.errors import Forbidden, RetryLater
from bot.wiring.build import Bot
from storage.sqlite.database import Database
from tests.runtime.simulated import TEAM, TEAM_CHANNEL, Courier, HandClock, PlainViews, assembled
from tests.waits.world import Said

VIEW = View(nodes=(Text((Plain("x"),)),), fallback="x")


class Town:
    """Two platforms with a bot on both; what each is asked anew is noted."""

    def __init__(self) -> None:
        clock = HandClock()
        self.here, self.there = Courier(clock), Courier(clock, name="bay")
        self.asked: list[str] = []
        self.team = TEAM
        self.failing: set[str] = set()
        for courier in (self.here, self.there):
            courier.workspace.refresh = lambda name=courier.name: self._refresh(name)  # type: ignore[method-assign,misc]
        self.here.workspace.team = lambda: self.team  # type: ignore[method-assign]
        self.there.workspace.team = Team  # type: ignore[method-assign]

    async def _refresh(self, name: str) -> None:
        self.asked.append(name)
        if name in self.failing:
            raise RetryLater(f"{name} can't be asked", after=5)

    def bot(self, store: Database) -> Bot:
        return assembled(self.here, store, PlainViews(), beside=[self.there], activates=False)


@pytest.mark.parametrize(("platform", "asked"), [(None, ["local", "bay"]), ("bay", ["bay"]), ("local", ["local"])])
async def test_asking_anew_regroups_and_forgets_what_was_known_of_readers(
    tmp_path: Path, platform: str | None, asked: list[str]
) -> None:
    town = Town()
    async with await Database.open(tmp_path / "a.db", unpack=Said.unpack, synchronous="OFF") as store:  # type: ignore[arg-type]
        bot = town.bot(store)
        await bot.guard.send(TEAM_CHANNEL, VIEW, ("1",))
        town.here.readers["team"] = Readers(shared=True, outsiders=None)
        town.team = replace(TEAM, members=TEAM.members - {"ana"})
        await bot.membership.refresh(platform)
        assert town.asked == asked
        assert "ana" not in bot.engine.team.members
        with pytest.raises(Forbidden):
            await bot.guard.send(TEAM_CHANNEL, VIEW, ("2",))


async def test_what_could_be_learnt_holds_though_a_platform_could_not_be_asked(tmp_path: Path) -> None:
    town = Town()
    town.failing = {"local"}
    async with await Database.open(tmp_path / "a.db", unpack=Said.unpack, synchronous="OFF") as store:  # type: ignore[arg-type]
        bot = town.bot(store)
        town.team = replace(TEAM, members=TEAM.members - {"ana"})
        with pytest.raises(RetryLater, match="local can't be asked"):
            await bot.membership.refresh()
        assert town.asked == ["local", "bay"] and "ana" not in bot.engine.team.members
