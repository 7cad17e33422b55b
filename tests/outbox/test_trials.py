"""A trial of first reminders: whom the lot is drawn for, what it puts off, and what it never does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.delay_trial import DELAY, ONE_IN, DelayTrial, is_drawn
from bot.domain.hours import ALWAYS, Hours
from bot.domain.rules import ChannelRules, Step
from bot.outbox import trial_draws
from bot.waits.availability import QuietRules
from tests.outbox.test_budget import OFFICE
from tests.runtime.simulated import House, a_house, posted, wait_id
from tests.waits.world import DAY, HOUR, MINUTE, NINE

TRIAL = DelayTrial(since=NINE, until=NINE + 30 * DAY, by="mia")
STEPS = (Step(after=30 * MINUTE, to="owner"), Step(after=2 * HOUR, to="lead"))
TEN = NINE + HOUR


@asynccontextmanager
async def trying(
    path: Path, monkeypatch: pytest.MonkeyPatch, *, drawn: bool = True, hours: Hours = ALWAYS, steps: tuple[Step, ...] = STEPS
) -> AsyncIterator[House]:
    """A house in which a trial runs, whose lot falls on everybody, or on nobody. Dana isn't new."""
    monkeypatch.setattr(trial_draws, "is_drawn", lambda _key, _wait: drawn)
    quiet = QuietRules(hours_of=lambda _: hours)
    async with a_house(path / "a.db", quiet=quiet, rules=ChannelRules(steps=steps)) as house:
        house.quiet = replace(house.quiet, trial=lambda now: TRIAL if TRIAL.runs_at(now) else None)
        house.replace_loop(house.sender)
        await house.happen(posted("dana", "Ana, where is it?", NINE - 3 * DAY))
        await house.happen(posted("ana", "answer", NINE - 3 * DAY + MINUTE))
        yield house


async def left(house: House) -> list[float]:
    """When reminders left, in minutes after ten."""
    return [round((post.at - TEN) / MINUTE) for post in house.courier.posts.values()]


async def asks(house: House, text: str = "Ana, and mine?", at: float = TEN, who: str = "dana") -> None:
    await house.happen(posted(who, text, at))


@pytest.mark.parametrize(("drawn", "first"), [(True, 45), (False, 30)])
async def test_a_first_reminder_leaves_a_quarter_later_and_the_next_at_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn: bool, first: int
) -> None:
    async with trying(tmp_path, monkeypatch, drawn=drawn) as house:
        await asks(house)
        await house.drain(TEN + 3 * HOUR)
        assert await left(house) == [first, 120]
        (entry,) = await house.store.read(lambda tx: tx.trial_entries(NINE))
        assert (entry.wait, entry.at, entry.delayed) == (wait_id(TEN), TEN + 30 * MINUTE, drawn)


async def test_what_the_lot_said_outlives_a_restart_and_the_end_of_the_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with trying(tmp_path, monkeypatch) as house:
        await asks(house)
        await house.drain(TEN + 31 * MINUTE)
        monkeypatch.setattr(trial_draws, "is_drawn", lambda _key, _wait: False)
        house.replace_loop(house.sender)
        await house.drain(TEN + 44 * MINUTE)
        assert await left(house) == [], "it is drawn once"
        await house.drain(TEN + 46 * MINUTE)
        assert await left(house) == [45]


async def test_a_newcomers_and_one_that_somebody_touched_leave_at_their_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with trying(tmp_path, monkeypatch) as house:
        await asks(house, who="kim")
        await asks(house, at=TEN + 1)
        await house.happen(posted("ana", "perhaps", TEN + MINUTE))  # she is asked whether that was the answer
        await house.drain(TEN + 32 * MINUTE)
        assert await house.store.read(lambda tx: tx.trial_entries(NINE)) == ()
        assert len(await left(house)) >= 1


async def test_nothing_is_put_off_beyond_somebodys_day_or_the_next_rung(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    late = NINE + 7 * HOUR + 20 * MINUTE  # 16:20; the reminder is due ten minutes before the day ends
    async with trying(tmp_path, monkeypatch, hours=OFFICE) as house:
        await asks(house, at=late)
        await house.drain(late + 31 * MINUTE)
        assert len(await left(house)) == 1
        assert await house.store.read(lambda tx: tx.trial_entries(NINE)) == ()


@pytest.mark.parametrize("after", [(10, 120), (30, 50)])
async def test_ladders_in_a_hurry_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: tuple[int, int]) -> None:
    steps = (Step(after=after[0] * MINUTE, to="owner"), Step(after=after[1] * MINUTE, to="lead"))
    async with trying(tmp_path, monkeypatch, steps=steps) as house:
        await asks(house)
        await house.drain(TEN + after[0] * MINUTE + 1)
        assert await left(house) == [after[0]]


async def test_after_the_trial_nobody_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with trying(tmp_path, monkeypatch) as house:
        await asks(house, at=TRIAL.until)
        await house.drain(TRIAL.until + 31 * MINUTE)
        assert len(await left(house)) == 1


def test_the_lot_falls_on_one_in_ten_by_the_key_and_the_wait_alone() -> None:
    waits = [wait_id(TEN + number) for number in range(2000)]
    drawn = {wait for wait in waits if is_drawn(b"a key", wait)}
    assert drawn == {wait for wait in waits if is_drawn(b"a key", wait)}
    assert abs(len(drawn) - len(waits) / ONE_IN) < 60
    assert drawn != {wait for wait in waits if is_drawn(b"another", wait)}
    assert DELAY == 15 * MINUTE
