"""What recurs: copies that can be opened and don't pile up, old things forgotten, one job's trouble kept to itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.domain.events import EarlyEdit
from bot.domain.hours import ALWAYS
from bot.domain.writes import KeepEarly
from bot.errors import Forbidden
from bot.outbox.digests import Digests, DigestSlot
from bot.runtime.jobs import COPY, Jobs, Recurring, Retention
from storage.sqlite.database import Database
from tests.runtime.simulated import CHANNEL, House, a_house, posted, wait_id
from tests.storage.sqlite.rows import rows_of
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


async def test_copies_go_by_age_too_but_the_latest_stays_and_parts_of_killed_ones_are_swept(tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    async with a_house(tmp_path / "a.db") as house:
        keeping = keeper(house, Retention(messages=DAY, waits=DAY, copies=folder, copies_kept=7, copy_every=DAY))
        await keeping.copy()
        house.clock.time += 20 * DAY
        await keeping.copy()
        first, second = sorted(folder.glob(COPY))
        mine = folder / "realreply-before-the-move.db"
        parts = [folder / f"realreply-20260101T000000Z.db{ending}" for ending in (".part", ".part-journal")]
        for file in (mine, *parts, folder / "holiday.part"):
            file.write_text("zanzibar")
        house.clock.time += 11 * DAY
        await keeping.forget_copies()
        assert sorted(folder.glob("*")) == sorted([second, mine, folder / "holiday.part"]), "31 days and 11 days old"
        house.clock.time += 100 * DAY
        await keeping.forget_copies()
        assert second.exists(), "better an old one than none"
        await keeping.copy()
        assert not second.exists()
        reaching = keeper(house, Retention(messages=DAY, waits=DAY, copies=folder, copies_kept=12, copy_every=30 * DAY))
        (latest,) = set(folder.glob("realreply-2*.db"))
        house.clock.time += 100 * DAY
        await reaching.copy()
        assert latest.exists(), "twelve copies, one a month, reach back a year"
    assert first not in folder.iterdir()


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


async def test_housekeeping_forgets_early_edits_keys_and_deliveries_in_time(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await house.happen(posted("dana", "where is it?"), posted("ana", "Dana here", NINE + MINUTE))
        edit = EarlyEdit(channel=CHANNEL, id="later", at=NINE, reading=Said(text="zanzibar"))  # type: ignore[arg-type]
        await house.store.transact(lambda tx: tx.save([KeepEarly(event=edit)]))
        keeping = keeper(house, Retention(messages=30 * DAY, waits=99 * DAY, keys=37 * DAY))

        def rows(table: str) -> int:
            return int(rows_of(tmp_path / "a.db", f"SELECT count(*) FROM {table}")[0][0])

        for age, early, keys in ((HOUR - 1, 1, 2), (HOUR + 1, 0, 2), (37 * DAY, 0, 2), (39 * DAY, 0, 0)):
            house.clock.time = NINE + age
            await keeping.checkpoint()
            await keeping.forget_old()
            assert (rows("early"), rows("event_keys")) == (early, keys), age
        again = posted("dana", "where is it?")
        new = await house.engine.transact(house.store, lambda tx: house.engine.process(tx, again).new)
        assert not new, "what is kept of it tells that it was dealt with"


async def test_a_jobs_next_turn_can_come_at_once(tmp_path: Path) -> None:
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    async with a_house(tmp_path / "a.db") as house:
        keeping = keeper(house, Retention(messages=DAY, waits=DAY), Recurring(name="words", every=HOUR, work=work))
        keeping.soon("words")  # not begun yet: nothing to do
        await keeping.start()
        assert not done.is_set()
        keeping.soon("words")
        async with asyncio.timeout(10):
            await done.wait()
        keeping.stop()
