"""What members chose, and short names of waits, in a real database."""

from __future__ import annotations

import pytest

from bot.domain.hours import Span, weekly
from bot.domain.preferences import Choices, ChoiceWrite, EndAway, OwnHours, SetAway, SetDm, SetHours, SetWatch
from bot.domain.rules import Watch
from bot.domain.waits import WaitState
from bot.domain.writes import SaveWait
from bot.errors import StorageError
from storage.sqlite.database import Database
from tests.storage.sqlite.conftest import Open
from tests.storage.sqlite.samples import full_wait, wait

OWN = OwnHours(zone="Europe/Berlin", week=weekly(range(4), [Span(opens=540, closes=720), Span(opens=780, closes=1620)]))


async def chosen(db: Database, *writes: ChoiceWrite) -> Choices:
    await db.transact(lambda tx: tx.choose(writes))
    return await db.read(lambda tx: tx.choices())


async def test_every_choice_comes_back_after_a_restart(opened: Open) -> None:
    db = await opened()
    before = await chosen(
        db,
        SetAway(member="ana", since=20.0, until=30.5, by="mia", at=1.0),
        SetAway(member="ana", since=1.5, until=5.0, by="ana", at=1.0),
        SetDm(member="ana", on=True, by="ana", at=1.0),
        SetDm(member="ben", on=False, by="ben", at=1.0),
        SetHours(member="ana", hours=OWN, by="ana", at=1.0),
        SetHours(member="ben", hours=OwnHours(zone="UTC"), by="ben", at=1.0),
        SetWatch(channel="slack:T1:C1", watch=Watch.MENTIONS, by="mia", at=1.0),
        SetWatch(channel="slack:T1:C2", watch="nothing", by="mia", at=1.0),
    )
    assert before == Choices(
        away={"ana": ((1.5, 5.0), (20.0, 30.5))},
        dm={"ana": True, "ben": False},
        hours={"ana": OWN, "ben": OwnHours(zone="UTC")},
        watch={"slack:T1:C1": Watch.MENTIONS, "slack:T1:C2": "nothing"},
    )
    await db.close()
    again = await opened()
    assert await again.read(lambda tx: tx.choices()) == before


async def test_the_last_choice_counts_and_none_reverts(db: Database) -> None:
    await chosen(db, SetDm(member="ana", on=True, by="ana", at=1.0), SetDm(member="ana", on=False, by="ana", at=2.0))
    assert (await db.read(lambda tx: tx.choices())).dm == {"ana": False}
    reverted = await chosen(
        db,
        SetDm(member="ana", on=None, by="ana", at=3.0),
        SetHours(member="ana", hours=None, by="ana", at=3.0),
        SetWatch(channel="slack:T1:C1", watch=None, by="mia", at=3.0),
    )
    assert reverted == Choices()


async def test_coming_back_keeps_what_has_passed_and_drops_what_was_planned(db: Database) -> None:
    spans = (
        SetAway(member="ana", since=10.0, until=50.0, by="ana", at=9.0),
        SetAway(member="ana", since=70.0, until=90.0, by="ana", at=9.0),
    )
    found = await chosen(db, *spans, EndAway(member="ana", since=10.0, at=20.0), EndAway(member="ana", since=70.0, at=20.0))
    assert found.away == {"ana": ((10.0, 20.0),)}
    later = await chosen(db, EndAway(member="ana", since=10.0, at=40.0), EndAway(member="ben", since=1.0, at=2.0))
    assert later.away == {"ana": ((10.0, 20.0),)}, "what is over can't get longer"


async def test_an_impossible_span_is_refused_whole(db: Database) -> None:
    writes = (SetDm(member="ana", on=True, by="ana", at=1.0), SetAway(member="ana", since=5.0, until=5.0, by="ana", at=1.0))
    with pytest.raises(StorageError):
        await chosen(db, *writes)
    assert await db.read(lambda tx: tx.choices()) == Choices()


async def test_old_absences_are_forgotten(db: Database) -> None:
    old, recent = (
        SetAway(member="ana", since=1.0, until=50.0, by="ana", at=1.0),
        SetAway(member="ana", since=60.0, until=99.0, by="ana", at=1.0),
    )
    await chosen(db, old, recent)
    assert await db.transact(lambda tx: tx.prune(200.0, keep=120.0, window=5)) == 1
    assert (await db.read(lambda tx: tx.choices())).away == {"ana": ((60.0, 99.0),)}


async def test_a_wait_keeps_its_short_name(opened: Open) -> None:
    db = await opened()
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(1)), SaveWait(wait=full_wait())]))
    handles = await db.read(lambda tx: (tx.handle(wait(1).id), tx.handle(full_wait().id)))
    assert handles == ("w1", "w2")
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(1, state=WaitState.DISMISSED, ended_at=9.0))]))
    await db.close()
    again = await opened()
    assert await again.read(lambda tx: tx.wait_by_handle("w2")) == full_wait()
    ended = await again.read(lambda tx: tx.wait_by_handle("w1"))
    assert ended is not None and ended.state is WaitState.DISMISSED
    with pytest.raises(StorageError, match="never saved"):
        await again.read(lambda tx: tx.handle("nowhere"))


@pytest.mark.parametrize("handle", ["w3", "w", "", "x1", "w-1", "w1.0", "w١", "w1 ", "w" + "9" * 18, "w" + "9" * 30])
async def test_no_wait_has_another_name(db: Database, handle: str) -> None:
    await db.transact(lambda tx: tx.save([SaveWait(wait=wait(1))]))
    assert await db.read(lambda tx: tx.wait_by_handle(handle)) is None


async def test_open_waits_of_all_channels(db: Database) -> None:
    other = wait(2, channel="slack:T1:C2")
    await db.transact(lambda tx: tx.save([SaveWait(wait=one) for one in (wait(3), other, wait(1), full_wait())]))
    assert await db.read(lambda tx: tx.open_waits(9)) == (wait(1), other, wait(3))
    assert await db.read(lambda tx: tx.open_waits(2)) == (other, wait(3)), "the latest, oldest first"
    assert await db.read(lambda tx: list(tx.opened_since(3.0))) == [wait(3), full_wait()]
