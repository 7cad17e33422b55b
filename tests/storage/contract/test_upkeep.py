"""What a store keeps, forgets, gives back and copies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.events import Deleted
from bot.domain.outgoing import Address, DeadLetter, SentReminder
from bot.domain.preferences import SetAway
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.waits import WaitState
from bot.domain.writes import AddNotice, KeepEarly, KeepText, NoticeSubject, SaveMessage, SaveWait, SetReminder
from bot.errors import StorageError
from bot.ports import Mark, Store, Transaction
from tests.storage.contract.conftest import Opener
from tests.storage.samples import CHANNEL, OTHER, seen, wait

TEAM = Address("local", "channel", "team")


async def save(store: Store, *writes: object) -> None:
    await store.transact(lambda tx: tx.save(writes))  # type: ignore[arg-type]


# -- forgetting


async def test_pruning_leaves_the_windows_and_what_is_young(store: Store) -> None:
    await save(
        store,
        *(SaveMessage(channel=CHANNEL, seen=seen(f"{n}.0", n)) for n in range(10)),
        SaveMessage(channel=OTHER, seen=seen("0.0", 0)),
        KeepEarly(event=Deleted(channel=CHANNEL, id="x", at=1.0)),
        KeepEarly(event=Deleted(channel=CHANNEL, id="y", at=8.0)),
    )
    assert await store.transact(lambda tx: tx.prune(10.0, keep=6.0, window=3)) == 5  # messages 0 to 3 and one early event
    record = await store.transact(lambda tx: tx.channel(CHANNEL, 100))
    assert [s.at for s in record.messages] == [4, 5, 6, 7, 8, 9]
    assert [e.at for e in record.early] == [8.0]
    assert await store.transact(lambda tx: tx.prune(10.0, keep=0.0, window=3)) == 4
    assert [s.at for s in (await store.transact(lambda tx: tx.channel(CHANNEL, 100))).messages] == [7, 8, 9]
    assert len((await store.transact(lambda tx: tx.channel(OTHER, 100))).messages) == 1


async def test_old_absences_are_forgotten(store: Store) -> None:
    old = SetAway(member="ana", since=1.0, until=50.0, by="ana", at=1.0)
    await store.transact(lambda tx: tx.choose((old, replace(old, since=60.0, until=99.0))))
    assert await store.transact(lambda tx: tx.prune(200.0, keep=120.0, window=5)) == 1
    assert (await store.read(lambda tx: tx.choices())).away == {"ana": ((60.0, 99.0),)}


async def test_waits_that_ended_long_ago_go_with_all_that_belongs_to_them(store: Store) -> None:
    old, young, waiting = wait(1), wait(2), wait(3)

    def work(tx: Transaction) -> None:
        for one in (old, young, waiting):
            tx.save([SaveWait(wait=one), SetReminder(wait=one.id, step=0, to="owner", due_at=10.0)])
        for number, due in enumerate(tx.claim_due(10.0, limit=9, lease=9.0)):
            tx.mark_sent(due, at=10.0, to=("ana",), ref=f"m{number}", address=TEAM)
        for one, ended in ((old, 20.0), (young, 80.0)):
            tx.save([SaveWait(wait=replace(one, state=WaitState.ANSWERED, ended_at=ended))])
        for due in tx.claim_due(99.0, limit=9, lease=9.0):
            tx.mark_sent(due, at=99.0, to=())

    await store.transact(work)
    assert await store.transact(lambda tx: tx.prune_waits(100.0, keep=50.0)) == 1
    assert await store.transact(lambda tx: tx.prune_waits(100.0, keep=50.0)) == 0
    assert await store.read(lambda tx: [each.id for each in tx.all_waits()]) == [young.id, waiting.id]
    assert await store.read(lambda tx: [len(tx.sent_reminders(each.id)) for each in (old, young, waiting)]) == [0, 1, 1]
    assert await store.read(lambda tx: tx.waits_of(CHANNEL, "1.0")) == ()
    assert await store.read(lambda tx: tx.sent_since("ana", 0.0)) == 2
    found = await store.transact(lambda tx: [tx.post(number) is not None for number in (1, 2, 3)])
    assert found == [False, True, True]
    await store.check()


# -- what only was noted, what couldn't be delivered, what was left out


async def test_what_was_only_noted_is_told_apart_from_what_left_and_can_be_forgotten(store: Store) -> None:
    def work(tx: Transaction) -> None:
        for number in (1, 2):
            tx.save([SaveWait(wait=wait(number)), SetReminder(wait=wait(number).id, step=0, to="owner", due_at=10.0 * number)])
        noted, sent = tx.claim_due(20.0, limit=9, lease=9.0)
        tx.mark_sent(noted, at=20.0, to=("ana",))
        tx.mark_sent(sent, at=21.0, to=("ana",), ref="m1", address=TEAM)
        assert tx.noted_since(20.0) == (SentReminder(wait=wait(1).id, step=0, at=20.0, to=("ana",)),)
        assert tx.noted_since(20.5) == ()
        assert tx.sent_since("ana", 0.0) == 2
        assert tx.forget_noted() == 1
        assert tx.noted_since(0.0) == () and tx.sent_reminders(wait(1).id) == ()
        assert len(tx.sent_reminders(wait(2).id)) == 1
        assert tx.sent_since("ana", 0.0) == 1
        tx.save([SetReminder(wait=wait(1).id, step=0, to="owner", due_at=30.0)])
        (again,) = tx.claim_due(30.0, limit=9, lease=9.0)
        assert again.key != noted.key, "what was noted once must not be taken for it"  # type: ignore[union-attr]

    await store.transact(work)


async def test_what_could_not_be_delivered_is_listed_latest_first(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.save([SaveWait(wait=wait(1)), SetReminder(wait=wait(1).id, step=0, to="owner", due_at=10.0)])
        tx.save([AddNotice(kind="digest", key="d", due_at=20.0, subject=NoticeSubject.DAY)])
        reminder, digest = tx.claim_due(20.0, limit=9, lease=9.0)
        nowhere, refused = Reason(code=ReasonCode.NOWHERE), Reason(code=ReasonCode.REFUSED, about=("refused",))
        assert tx.mark_dead(reminder, reason=nowhere)
        assert tx.mark_dead(digest, reason=refused, refused=True)
        listed = tx.dead(9)
        assert listed == (
            DeadLetter(
                id=digest.id, what="digest", wait=None, due_at=20.0, reason=refused, address=None, subject=NoticeSubject.DAY
            ),
            DeadLetter(id=reminder.id, what="reminder", wait=wait(1).id, due_at=10.0, reason=nowhere, address=None),
        )
        assert tx.dead(1) == listed[:1]
        assert tx.next_due() is None

    await store.transact(work)


# -- marks, keys, copies


async def test_marks_outlive_a_restart(open_store: Opener) -> None:
    store = await open_store()
    assert await store.read(lambda tx: tx.mark("started")) is None
    await store.transact(lambda tx: tx.put_mark("started", 1.5, by="mia"))
    await store.transact(lambda tx: tx.put_mark("gap", 2.0))
    await store.transact(lambda tx: tx.put_mark("gap", 3.0))
    await store.close()
    store = await open_store()
    marks = await store.read(lambda tx: (tx.mark("started"), tx.mark("gap")))
    assert marks == (Mark(at=1.5, by="mia"), Mark(at=3.0, by=None))
    await store.transact(lambda tx: tx.put_mark("gap", None))
    await store.transact(lambda tx: tx.put_mark("gap", None))
    assert await store.read(lambda tx: tx.mark("gap")) is None


async def test_each_database_has_keys_of_its_own_for_good(open_store: Opener) -> None:
    keys = []
    for name in ("one", "one", "other"):
        store = await open_store(name)
        keys.append(await store.key("fingerprints"))
        assert await store.key("fingerprints") == keys[-1] != await store.key("something else")
        await store.close()
    assert keys[0] == keys[1] != keys[2] and len(keys[0]) == 32


async def test_a_copy_is_made_once(store: Store, tmp_path: Path) -> None:
    await save(store, SaveWait(wait=wait()), KeepText(wait=wait().id, message="1.0", text="words"))
    copy = tmp_path / "copy"
    await store.backup(copy)
    assert copy.stat().st_size
    with pytest.raises(StorageError, match="already"):
        await store.backup(copy)
    with pytest.raises(StorageError, match="folder"):
        await store.backup(tmp_path / "missing" / "copy")


async def test_it_says_that_it_is_in_order_and_what_keeps_it(store: Store) -> None:
    await save(store, SaveWait(wait=wait()), KeepText(wait=wait().id, message="1.0", text="words"))
    await store.checkpoint()
    assert (await store.check()).product
    assert len(await store.read(lambda tx: tx.texts(wait().id))) == 1
