"""What recurs: copies that can be opened and don't pile up, old things forgotten, one job's trouble kept to itself."""

from __future__ import annotations

from pathlib import Path

from bot.domain.hours import ALWAYS
from bot.errors import Forbidden
from bot.outbox.digests import Digests, DigestSlot
from bot.runtime.jobs import COPY, Jobs, Recurring, Retention
from storage.sqlite.database import Database
from tests.runtime.simulated import House, a_house, posted, wait_id
from tests.waits.world import DAY, HOUR, MINUTE, NINE, Said


def keeper(house: House, keeping: Retention, *also: Recurring, slots: tuple[DigestSlot, ...] = ()) -> Jobs:
    return Jobs(house.engine, house.store, house.due, Digests(slots, ALWAYS.zone), keeping, clock=house.clock, also=also)


async def test_copies_are_whole_databases_and_only_the_latest_stay(tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "where is it?"))
        keeping = keeper(house, Retention(messages=DAY, waits=DAY, copies=folder, copies_kept=2))
        for _ in range(4):
            await keeping.copy()
            house.clock.time += HOUR
    copies = sorted(folder.glob(COPY))
    assert len(copies) == 2
    async with await Database.open(copies[-1], unpack=Said.unpack) as copy:  # type: ignore[arg-type]
        assert await copy.read(lambda tx: tx.wait(wait_id())) is not None


async def test_a_start_makes_a_copy_only_when_one_is_due_and_leaves_other_files_alone(tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    async with a_house(tmp_path / "a.db") as house:
        keeping = Retention(messages=DAY, waits=DAY, copies=folder, copy_every=DAY)
        for hours, count in ((0, 1), (23, 1), (1, 2)):
            house.clock.time += hours * HOUR
            keeper_now = keeper(house, keeping)
            await keeper_now.start()
            keeper_now.stop()
            assert len(list(folder.glob(COPY))) == count
    assert (folder / "notes.txt").read_text() == "mine"


async def test_ended_waits_are_forgotten_when_they_are_old_enough_and_open_ones_never(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "where is it?"), posted("ana", "Dana here", NINE + MINUTE))
        await house.happen(posted("omar", "and mine?", NINE + 2 * MINUTE))
        house.clock.time = NINE + 100 * DAY
        keeping = keeper(house, Retention(messages=30 * DAY, waits=99 * DAY))
        await keeping.forget_old()
        assert await house.wait(wait_id()) is None
        assert (await house.wait(wait_id(NINE + 2 * MINUTE))) is not None


async def test_digests_are_put_down_ahead(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        keeping = keeper(house, Retention(messages=DAY, waits=DAY), slots=(DigestSlot(days=frozenset(range(7)), minute=10 * 60),))
        await keeping.start()
        keeping.stop()
        assert await house.next_due() == NINE + HOUR


async def test_one_jobs_trouble_stops_neither_the_house_nor_the_other_jobs(tmp_path: Path) -> None:
    async def fails() -> None:
        raise Forbidden("no scope")

    async with a_house(tmp_path / "a.db") as house:
        blocked = tmp_path / "file"
        blocked.write_text("")
        keeping = keeper(
            house,
            Retention(messages=DAY, waits=DAY, copies=blocked / "copies"),
            Recurring(name="people", every=HOUR, work=fails, at_start=True),
        )
        await keeping.start()
        keeping.stop()
